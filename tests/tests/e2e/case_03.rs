//! Case 3: the same grower registered by two phones offline. Both rows survive and are usable; the
//! district links them; statements combine; an unlink restores.

use courtyard_tests::{County, Server, courtyard};
use serde_json::{Value, json};

/// Two phones of one village that registered one household each, offline, and bought from it today.
fn twice() -> (County, Server, [String; 2]) {
    let county = County::selling("102,菠菜,叶菜\n", "2026-01-01,102,A,3.00/kg\n");
    for (name, role) in [("王经办", "clerk"), ("李审核", "reviewer")] {
        county.office(&["admin", "user", "add", "--name", name, "--role", role]);
    }
    let server = Server::start(&county.server_data());
    let growers = [("p1", "11.5-1.5"), ("p2", "6.5-1.5")].map(|(phone, weigh)| {
        county.enrol(phone, "石桥村", &server);
        county.phone(phone, &["sync"]);
        let added = county.phone(phone, &["grower", "add", "--name", "王秀英"]);
        let grower = added["grower"].as_str().unwrap().to_owned();
        let buy =
            ["buy", "--grower", &grower, "--product", "菠菜", "--grade", "A", "--weigh", weigh];
        county.phone(phone, &[&buy[..], &["--date", "2026-07-02"]].concat());
        grower
    });
    for phone in ["p1", "p2", "p1"] {
        county.phone(phone, &["sync"]);
    }
    (county, server, growers)
}

fn income(county: &County, grower: &str) -> Value {
    let report = county.office(&["report", "income", "--month", "2026-07", "--grower", grower]);
    json!([report["growers"][0]["grower"], report["total"]["amount_fen"]])
}

fn statement(county: &County, grower: &str) -> Value {
    county.office(&["report", "statement", "--month", "2026-07", "--grower", grower])
}

#[test]
fn case_03_same_grower_twice() {
    let (county, _server, [one, two]) = twice();
    // Both rows are there and usable, at the office and at either phone.
    assert_eq!(income(&county, &one), json!([one, 3_000]));
    assert_eq!(income(&county, &two), json!([two, 1_500]));
    let found = county.phone("p1", &["search", "王秀英"]);
    assert_eq!(found["growers"].as_array().unwrap().len(), 2);
    let apart = [statement(&county, &one), statement(&county, &two)];
    let trial = county.office(&["report", "trial-balance"]);

    // It takes two persons.
    let link = ["admin", "identity", "link", "--kept", &one, "--other", &two, "--reason", "同一户"];
    let data = county.server_data();
    let said = courtyard(
        &[
            &link[..],
            &["--by", "李审核", "--approved-by", "李审核", "--data", data.to_str().unwrap()],
        ]
        .concat(),
    );
    assert_eq!(said.code(), 1);
    assert!(said.err.contains("entry.same_person"), "{}", said.err);
    assert_eq!(income(&county, &two), json!([two, 1_500]));
    let two_persons = ["--by", "王经办", "--approved-by", "李审核"];
    let linked = county.office(&[&link[..], &two_persons].concat());
    assert_eq!(linked["numbers"], json!([one, two]));

    // Either number shows the household under the kept one; nothing was posted.
    for grower in [&one, &two] {
        assert_eq!(income(&county, grower), json!([one, 4_500]));
        let combined = statement(&county, grower);
        assert_eq!(combined["lines"].as_array().unwrap().len(), 2);
        assert_eq!(combined["sums"][0]["unpaid_fen"], 4_500);
        assert_eq!(combined["numbers"], json!([one, two]));
    }
    assert_eq!(county.office(&["report", "trial-balance"]), trial);
    // The phones of the village know it, and both numbers stay usable there.
    county.phone("p2", &["sync"]);
    let found = county.phone("p2", &["search", "王秀英"]);
    let shown: Vec<&Value> =
        found["growers"].as_array().unwrap().iter().map(|row| &row["shown"]).collect();
    assert_eq!(shown, [&json!(one), &json!(one)]);
    let buy = ["buy", "--grower", &two, "--product", "菠菜", "--grade", "A", "--weigh", "2.5-1.5"];
    county.phone("p2", &[&buy[..], &["--date", "2026-07-03"]].concat());
    county.phone("p2", &["sync"]);
    assert_eq!(income(&county, &one), json!([one, 4_800]));

    // The link was wrong: each number has what was its own, with what came meanwhile.
    let links = county.office(&["admin", "identity", "list"]);
    assert_eq!(links["links"][0]["link"], linked["entry"]);
    let link = linked["entry"].as_str().unwrap();
    let unlink = ["admin", "identity", "unlink", link, "--reason", "是两户"];
    county.office(&[&unlink[..], &two_persons].concat());
    assert_eq!(statement(&county, &one), apart[0]);
    assert_eq!(income(&county, &one), json!([one, 3_000]));
    assert_eq!(income(&county, &two), json!([two, 1_800]));
    let links = county.office(&["admin", "identity", "list"]);
    assert_eq!(links["links"][0]["state"], "unlinked");
}
