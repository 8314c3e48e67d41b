//! What the cases of prices, money, closes and people begin with: a village in the summer of 2024,
//! whose months can be closed whatever day it is, with its office and two phones that have synced.

use courtyard_tests::{County, Said, Server, courtyard};
use serde_json::{Value, json};

use crate::field::text;

/// The village with products, prices from 2024-07-01, two phones, and its office.
pub(crate) fn season() -> (County, Server) {
    let county = County::selling(
        "102,菠菜,叶菜\n103,黄瓜,瓜果\n",
        "2024-07-01,102,A,3.00/kg\n2024-07-01,103,A,1.60/jin\n",
    );
    for (name, role) in [("王经办", "clerk"), ("李审核", "reviewer"), ("周主管", "manager")]
    {
        county.office(&["admin", "user", "add", "--name", name, "--role", role]);
    }
    let server = Server::start(&county.server_data());
    for phone in ["p1", "p2"] {
        county.enrol(phone, "石桥村", &server);
        county.phone(phone, &["sync"]);
    }
    (county, server)
}

/// Publishes price lists.
pub(crate) fn prices(county: &County, rows: &str) {
    let file = county.path("prices.csv");
    std::fs::write(&file, format!("date,code,grade,price\n{rows}")).unwrap();
    county.office(&["import", "prices", file.to_str().unwrap()]);
}

/// Both phones know what the office and the other phone know.
pub(crate) fn sync(county: &County) {
    for phone in ["p1", "p2", "p1"] {
        county.phone(phone, &["sync"]);
    }
}

/// Buys spinach of grade A on this day; what the phone said.
pub(crate) fn buy(county: &County, phone: &str, grower: &str, weigh: &str, date: &str) -> Value {
    let words = ["buy", "--grower", grower, "--product", "菠菜", "--grade", "A"];
    county.phone(phone, &[&words[..], &["--weigh", weigh, "--date", date]].concat())
}

/// The number of a slip that the phone has just said.
pub(crate) fn number(bought: &Value) -> String {
    text(&bought["slip"])
}

/// The codes of the phone's warnings, the one about the typed date aside.
pub(crate) fn warnings(bought: &Value) -> Vec<&str> {
    let codes = bought["warnings"].as_array().unwrap().iter().map(|w| w["code"].as_str().unwrap());
    codes.filter(|code| *code != "warn.date_far").collect()
}

/// The slip's row in the office's report, of whatever month.
pub(crate) fn slip(county: &County, id: &str) -> Value {
    let report = county.office(&["report", "slips"]);
    let rows = report["slips"].as_array().unwrap();
    rows.iter().find(|row| row["slip"] == id).cloned().unwrap()
}

/// What is paid of a slip and what is not, in fen.
pub(crate) fn paid(county: &County, id: &str) -> (i64, i64) {
    let row = slip(county, id);
    (row["paid_fen"].as_i64().unwrap(), row["unpaid_fen"].as_i64().unwrap())
}

/// The exceptions of a kind.
pub(crate) fn exceptions(county: &County, kind: &str) -> Vec<Value> {
    let report = county.office(&["report", "exceptions"]);
    let rows = report["exceptions"].as_array().unwrap().iter();
    rows.filter(|row| row["kind"] == kind).cloned().collect()
}

/// Whether one of them rests on this entry.
pub(crate) fn rests_on(exceptions: &[Value], entry: &str) -> bool {
    let evidence = |row: &Value| row["evidence"].as_array().unwrap().contains(&json!(entry));
    exceptions.iter().any(evidence)
}

/// The ledger is whole: the controls agree and debits are credits.
pub(crate) fn agrees(county: &County) {
    let balance = county.office(&["report", "trial-balance"]);
    assert_eq!(balance["controls_agree"], json!(true), "{balance}");
    assert_eq!(balance["total_fen"], json!(0), "{balance}");
}

/// A grower's statement of a month.
pub(crate) fn statement(county: &County, grower: &str, month: &str) -> Value {
    county.office(&["report", "statement", "--grower", grower, "--month", month])
}

/// Closes a month of the village.
pub(crate) fn close(county: &County, month: &str) -> Value {
    let words = ["admin", "close", "--village", "石桥村", "--month", month];
    county.office(&[&words[..], &["--by", "王经办", "--approved-by", "李审核"]].concat())
}

/// Runs a command of the office, whatever its end.
pub(crate) fn try_office(county: &County, words: &[&str]) -> Said {
    let data = county.server_data();
    courtyard(&[words, &["--data", data.to_str().unwrap()]].concat())
}
