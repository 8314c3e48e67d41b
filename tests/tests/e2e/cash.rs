//! Cash in stewards' hands and payment through the bank, by commands: set out, accepted, counted,
//! reserved, approved by a second person, filed, paid and returned.

use std::io::Write as _;
use std::process::{Command, Stdio};

use courtyard_tests::{County, Server, binary, courtyard};
use serde_json::{Value, json};

/// A village with a price list, one phone, a clerk and a reviewer.
fn village() -> (County, Server) {
    let county = County::selling("102,菠菜,叶菜\n", "2026-07-01,102,A,10/kg\n");
    for (name, role) in [("王经办", "clerk"), ("李审核", "reviewer")] {
        county.office(&["admin", "user", "add", "--name", name, "--role", role]);
    }
    let server = Server::start(&county.server_data());
    county.enrol("p1", "石桥村", &server);
    county.phone("p1", &["sync"]);
    (county, server)
}

/// A household that delivered so many kilograms at 10 yuan.
fn bought(county: &County, name: &str, weight: &str) -> (String, String) {
    let added = county.phone("p1", &["grower", "add", "--name", name]);
    let grower = text(&added["grower"]);
    let words = ["buy", "--grower", &grower, "--product", "菠菜", "--weigh", weight];
    let slip = county.phone("p1", &[&words[..], &["--date", "2026-07-02"]].concat());
    (grower, text(&slip["slip"]))
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// Seals an account, whose number comes on standard input.
fn seal(county: &County, grower: &str, account: &str) {
    let data = county.server_data();
    let mut child = Command::new(binary())
        .args(["admin", "sealed", "put", "--grower", grower, "--kind", "bank"])
        .args(["--by", "王经办", "--approved-by", "李审核", "--data"])
        .arg(&data)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    writeln!(child.stdin.take().unwrap(), "{account}").unwrap();
    assert!(child.wait().unwrap().success());
}

/// Runs a command of the office that is refused; what it said.
fn refused(county: &County, words: &[&str]) -> String {
    let data = county.server_data();
    let said = courtyard(&[words, &["--data", data.to_str().unwrap()]].concat());
    assert_eq!(said.code(), 1, "{words:?}: {}", said.out);
    said.err
}

fn slip(county: &County, slip: &str) -> (i64, i64) {
    let slips = county.office(&["report", "slips"]);
    let rows = slips["slips"].as_array().unwrap();
    let row = rows.iter().find(|row| row["slip"] == json!(slip)).unwrap();
    (row["paid_fen"].as_i64().unwrap(), row["unpaid_fen"].as_i64().unwrap())
}

/// What was measured of every exception of this kind.
fn listed(county: &County, kind: &str) -> Vec<Value> {
    let report = county.office(&["report", "exceptions"]);
    let rows = report["exceptions"].as_array().unwrap().iter();
    rows.filter(|row| row["kind"] == json!(kind))
        .map(|row| row["measure"]["found"].clone())
        .collect()
}

#[test]
fn cash_is_set_out_accepted_paid_out_and_counted() {
    let (county, _server) = village();
    let device = text(&county.phone("p1", &["status"])["device"]);
    let (grower, _) = bought(&county, "王秀英", "6-1");
    // Before there is a float the steward pays out of their own pocket.
    county.phone("p1", &["pay", "--grower", &grower, "--amount", "30"]);
    let view = county.phone("p1", &["float", "show"]);
    assert_eq!((&view["balance_fen"], &view["advanced_fen"]), (&json!(-3_000), &json!(3_000)));
    county.phone("p1", &["sync"]);
    assert_eq!(listed(&county, "exception.steward_advanced"), [json!(-3_000)]);

    let words = ["admin", "float", "issue", "--village", "石桥村", "--to", &device];
    let issue = county.office(&[&words[..], &["--amount", "100", "--by", "王经办"]].concat());
    let issue = text(&issue["entry"]);
    county.phone("p1", &["sync"]);
    assert_eq!(county.phone("p1", &["float", "show"])["to_accept"][0]["entry"], json!(issue));
    assert_eq!(county.phone("p1", &["float", "accept", &issue])["balance_fen"], json!(7_000));
    let again = county.try_phone("p1", &["float", "accept", &issue]);
    assert_eq!(again.code(), 1, "{}", again.out);

    let count = county.phone("p1", &["float", "count", "--counted", "68.50"]);
    assert_eq!(count["difference_fen"], json!(-150));
    county.phone("p1", &["float", "return", "--amount", "20"]);
    county.phone("p1", &["sync"]);

    assert!(listed(&county, "exception.steward_advanced").is_empty());
    assert_eq!(listed(&county, "exception.float_difference"), [json!(6_850)]);
    let list = county.office(&["admin", "float", "list"]);
    assert_eq!(list["floats"][0]["balance_fen"], json!(7_000));
    let count = text(&list["differences"][0]["count"]);
    let back = text(&list["to_accept"][0]["entry"]);
    let words = ["admin", "float", "difference", &count, "--reason", "找零", "--by"];
    let alone = refused(&county, &[&words[..], &["李审核", "--approved-by", "李审核"]].concat());
    assert!(alone.contains("entry.same_person"), "{alone}");
    county.office(&[&words[..], &["王经办", "--approved-by", "李审核"]].concat());
    county.office(&["admin", "float", "accept", &back, "--by", "王经办"]);
    let list = county.office(&["admin", "float", "list"]);
    assert_eq!(list["floats"][0]["balance_fen"], json!(4_850));
    assert_eq!((&list["differences"], &list["to_accept"]), (&json!([]), &json!([])));
    assert!(listed(&county, "exception.float_difference").is_empty());
    let report = county.office(&["report", "float"]);
    let row = &report["floats"][0];
    assert_eq!(row["issued_fen"], json!(8_000));
    assert_eq!(row["paid_fen"], json!(-3_000));
    assert_eq!(row["difference_fen"], json!(-150));
    assert_eq!(row["closing_fen"], json!(4_850));
}

#[test]
fn a_batch_is_paid_line_by_line_and_what_returns_is_payable_again() {
    let (county, _server) = village();
    let (first, paid) = bought(&county, "王秀英", "6-1");
    let (second, returned) = bought(&county, "李国华", "4-1");
    let (third, unknown) = bought(&county, "赵桂兰", "2-1");
    county.phone("p1", &["sync"]);
    seal(&county, &first, "6222000000000001111");
    seal(&county, &second, "6222000000000002222");

    let prepare = ["admin", "bank", "prepare", "--village", "石桥村", "--by", "王经办"];
    let prepared = county.office(&prepare);
    let batch = text(&prepared["batch"]);
    assert_eq!(prepared["total_fen"], json!(8_000));
    assert_eq!(prepared["missing"], json!([{"grower": third, "amount_fen": 1_000}]));
    let reserve = |place: usize| text(&prepared["lines"][place]["reserve"]);
    // What is reserved is not reserved again, and not paid in cash.
    assert!(refused(&county, &prepare).contains(&third));
    county.phone("p1", &["sync"]);
    let pay = ["pay", "--grower", &first, "--amount", "50"];
    let said = county.try_phone("p1", &pay);
    assert_eq!(said.code(), 1, "{}", said.out);
    assert!(said.err.contains("reserved this payable for the bank"), "{}", said.err);

    let out = county.path("batch.csv");
    let out = out.to_str().unwrap();
    let file = ["admin", "bank", "file", &batch, "--by", "王经办", "--out", out];
    assert!(refused(&county, &file).contains("bank.not_approved"));
    let approve = ["admin", "bank", "approve", &batch, "--by"];
    let said = refused(&county, &[&approve[..], &["王经办"]].concat());
    assert!(said.contains("reviewer"), "{said}");
    county.office(&[&approve[..], &["李审核"]].concat());
    let filed = county.office(&file);
    assert_eq!((&filed["lines"], &filed["total_fen"]), (&json!(2), &json!(8_000)));
    let sent = std::fs::read_to_string(out).unwrap();
    assert!(sent.contains("王秀英,6222000000000001111,50.00"), "{sent}");
    assert!(sent.contains(&reserve(1)), "{sent}");
    // Asked again, the same bytes; nothing is paid twice.
    let copy = county.path("copy.csv");
    let words = ["admin", "bank", "file", &batch, "--by", "王经办", "--out"];
    let again = county.office(&[&words[..], &[copy.to_str().unwrap()]].concat());
    assert_eq!((&again["sha256"], &again["entry"]), (&filed["sha256"], &json!(null)));
    // Paid only when the bank said so.
    assert_eq!(slip(&county, &paid), (0, 5_000));

    let answer = county.path("answer.csv");
    let rows = format!(
        "预留号,结果,说明\n{0},成功,工行0001\n{1},退票,户名不符\n{0},退票,两次\n002-009999,成功,\n",
        reserve(0),
        reserve(1)
    );
    std::fs::write(&answer, rows).unwrap();
    let result = ["admin", "bank", "result", answer.to_str().unwrap(), "--by", "王经办"];
    let said = refused(&county, &result);
    assert!(said.contains("第 4 行") && said.contains("bank.already_settled"), "{said}");
    assert!(said.contains("第 5 行") && said.contains("bank.reserve_unknown"), "{said}");
    assert_eq!(slip(&county, &paid), (5_000, 0));
    assert_eq!(slip(&county, &returned), (0, 3_000));
    assert_eq!(slip(&county, &unknown), (0, 1_000));

    // The same answer again changes nothing.
    let rows = format!("预留号,结果,说明\n{},成功,工行0001\n", reserve(0));
    std::fs::write(&answer, rows).unwrap();
    let same = county.office(&result);
    assert_eq!((&same["paid"], &same["unchanged"]), (&json!(0), &json!(1)));
    let shown = county.office(&["admin", "bank", "show", &batch]);
    assert_eq!(shown["state"], json!("settled"));
    assert_eq!(shown["lines"][1]["note"], json!("户名不符"));
    let report = county.office(&["report", "bank"]);
    assert_eq!(report["batches"][0]["returned_fen"], json!(3_000));
    county.office(&["report", "trial-balance"]);

    // What came back is payable: in cash, at the counter.
    county.phone("p1", &["sync"]);
    county.phone("p1", &["pay", "--grower", &second, "--amount", "30"]);
    county.phone("p1", &["sync"]);
    assert_eq!(slip(&county, &returned), (3_000, 0));
}

#[test]
fn a_batch_that_is_given_up_is_payable_again() {
    let (county, _server) = village();
    let (grower, slip_id) = bought(&county, "王秀英", "6-1");
    county.phone("p1", &["sync"]);
    seal(&county, &grower, "6222000000000001111");
    let prepare = ["admin", "bank", "prepare", "--village", "石桥村", "--by", "王经办"];
    let batch = text(&county.office(&prepare)["batch"]);
    let release = ["admin", "bank", "release", &batch, "--by", "王经办", "--reason", "改付现金"];
    assert_eq!(county.office(&release)["released"], json!(1));
    assert!(refused(&county, &release).contains("bank.batch_empty"));
    let next = county.office(&prepare);
    assert_ne!(next["batch"], json!(batch));
    assert_eq!(next["total_fen"], json!(5_000));
    assert_eq!(slip(&county, &slip_id), (0, 5_000));
    let list = county.office(&["admin", "bank", "list"]);
    let states: Vec<_> = list["batches"].as_array().unwrap().iter().map(|b| &b["state"]).collect();
    assert_eq!(states, [&json!("settled"), &json!("prepared")]);
}
