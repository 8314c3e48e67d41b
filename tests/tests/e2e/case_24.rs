//! Case 24: a reviewer accepted a slip that is then voided: the review opens again. And the words
//! between office, steward and grower that lead there.

use courtyard_tests::{County, Server, courtyard};
use serde_json::{Value, json};

/// Adds a user of the office with a password that is made there.
fn user(county: &County, name: &str, role: &str) -> Value {
    county.office(&["admin", "user", "add", "--name", name, "--role", role])
}

/// A village with a phone that has synced one slip of today, and the office's people.
fn bought() -> (County, Server, String) {
    let county = County::selling("102,菠菜,叶菜\n", "2026-01-01,102,A,3.19/kg\n");
    assert_eq!(user(&county, "李审核", "reviewer")["operator"], json!(1));
    user(&county, "王经办", "clerk");
    let server = Server::start(&county.server_data());
    county.enrol("p1", "石桥村", &server);
    county.phone("p1", &["sync"]);
    let grower = county.phone("p1", &["grower", "add", "--name", "王秀英"]);
    let grower = grower["grower"].as_str().unwrap();
    let words =
        ["buy", "--grower", grower, "--product", "菠菜", "--grade", "A", "--weigh", "12.852-1.5"];
    let slip = county.phone("p1", &words);
    county.phone("p1", &["sync"]);
    (county, server, slip["slip"].as_str().unwrap().to_owned())
}

fn office_says(county: &County, words: &[&str]) -> String {
    let data = county.server_data();
    let mut all = words.to_vec();
    all.extend(["--data", data.to_str().unwrap()]);
    let said = courtyard(&all);
    assert_eq!(said.code(), 1, "{words:?}: {}", said.out);
    said.err
}

/// The kinds of exceptions that the office is shown.
fn exceptions(county: &County) -> Vec<String> {
    let report = county.office(&["report", "exceptions"]);
    let rows = report["exceptions"].as_array().unwrap().iter();
    rows.map(|row| row["kind"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn case_24_review_reopens() {
    let (county, _server, slip) = bought();
    // Who may not review is told, and nothing is written.
    let said = office_says(&county, &["admin", "review", &slip, "--accept", "--by", "王经办"]);
    assert!(said.contains("reviewer"), "{said}");
    let review = county.office(&["admin", "review", &slip, "--accept", "--by", "李审核"]);
    assert_eq!((&review["state"], &review["topic"]), (&json!("settled"), &json!("review")));
    let shown = county.office(&["admin", "entry", "show", &slip]);
    assert_eq!(shown["hash"], review["target_hash"]);
    assert_eq!(county.office(&["admin", "threads"])["threads"], json!([]));

    // The phone takes the slip back the same day; the acceptance was of the slip that stood.
    let void = county.phone("p1", &["void", "--slip", &slip, "--reason", "重复"]);
    county.phone("p1", &["sync"]);
    let waiting = county.office(&["admin", "threads"]);
    assert_eq!(waiting["threads"][0]["thread"], review["thread"]);
    assert_eq!(waiting["threads"][0]["state"], "reopened");
    assert_eq!(waiting["threads"][0]["changed_by"], json!([void["void"]]));
    assert!(exceptions(&county).contains(&"exception.review_reopened".to_owned()));
    let shown = county.office(&["admin", "entry", "show", &slip]);
    assert_eq!(
        (&shown["state"], &shown["threads"][0]["state"]),
        (&json!("voided"), &json!("reopened"))
    );
    // The phone sees it too.
    county.phone("p1", &["sync"]);
    assert_eq!(county.phone("p1", &["questions"])["threads"][0]["state"], "reopened");

    // The voided slip is not accepted again; the void is looked at.
    let void = void["void"].as_str().unwrap();
    let said = office_says(&county, &["admin", "review", &slip, "--accept", "--by", "李审核"]);
    assert!(said.contains(void), "{said}");
    county.office(&["admin", "review", void, "--accept", "--by", "李审核"]);
    assert_eq!(county.office(&["admin", "threads"])["threads"], json!([]));
    assert!(!exceptions(&county).contains(&"exception.review_reopened".to_owned()));
}

#[test]
fn questions_are_answered_at_the_phone_and_objections_by_the_office() {
    let (county, _server, slip) = bought();
    let ask = ["admin", "ask", &slip, "--text", "为何 A 级按 3.19 元", "--by", "王经办"];
    let asked = county.office(&ask);
    let question = asked["thread"].as_str().unwrap();
    assert!(exceptions(&county).contains(&"exception.open_question".to_owned()));
    county.phone("p1", &["sync"]);
    let waiting = county.phone("p1", &["questions"]);
    assert_eq!(waiting["threads"][0]["words"][0]["text"], "为何 A 级按 3.19 元");
    county.phone("p1", &["answer", question, "--text", "价目表如此", "--settles"]);
    let objected = county.phone("p1", &["object", &slip, "--text", "少记一筐", "--person", "1"]);
    let objection = objected["objection"].as_str().unwrap();
    county.phone("p1", &["sync"]);
    let threads = county.office(&["admin", "threads", "--state", "all"]);
    let states: Vec<(&Value, &Value)> = threads["threads"]
        .as_array()
        .unwrap()
        .iter()
        .map(|thread| (&thread["topic"], &thread["state"]))
        .collect();
    let (question, open) = (json!("question"), json!("open"));
    assert!(states.contains(&(&question, &json!("settled"))), "{states:?}");
    assert!(states.contains(&(&json!("objection"), &open)), "{states:?}");
    assert!(exceptions(&county).contains(&"exception.open_objection".to_owned()));
    let answer =
        ["admin", "answer", objection, "--text", "已补磅单", "--settles", "--by", "王经办"];
    assert_eq!(county.office(&answer)["state"], "settled");
    assert_eq!(county.office(&["admin", "threads"])["threads"], json!([]));
    // The whole history of the slip, the same at the phone once it has synced.
    county.phone("p1", &["sync"]);
    let office = county.office(&["admin", "entry", "show", &slip]);
    let phone = county.phone("p1", &["show", &slip]);
    assert_eq!(office["threads"], phone["threads"]);
    assert_eq!(office["signed"]["head"], phone["signed"]["head"]);
    let said = office_says(&county, &["admin", "answer", &slip, "--text", "x", "--by", "王经办"]);
    assert!(said.contains(&slip), "{said}");
}
