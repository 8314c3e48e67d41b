//! Debts by commands: given, confirmed, kept back from a slip, given back, reported.

use courtyard_tests::County;
use serde_json::json;

use super::morning::{buy, grower, village};

fn pay(county: &County, words: &[&str]) -> serde_json::Value {
    let mut all = vec!["pay", "--date", "2026-07-02"];
    all.extend(words);
    county.phone("p1", &all)
}

#[test]
fn inputs_on_credit_are_repaid_from_a_slip_once_the_grower_confirms_them() {
    let (county, _server) = village();
    let h = grower(&county, "p1", "王秀英");
    let terms = ["--grower", h.as_str(), "--due", "2026-07-01", "--date", "2026-07-01"];
    let credit = [&["credit", "--item", "复合肥:2:袋:13"][..], &terms].concat();
    let credit = county.phone("p1", &credit);
    assert_eq!(credit["amount_fen"], json!(2_600));
    let debt = credit["debt"].as_str().unwrap();
    // A deposit needs a contract.
    let deposit = [&["deposit", "--amount", "5"][..], &terms].concat();
    let refused = county.try_phone("p1", &deposit);
    assert_eq!(refused.code(), 1, "{}", refused.err);
    let words = ["--grower", &h, "--product", "菠菜", "--grade", "A", "--weigh", "12.852-1.5"];
    buy(&county, "p1", &words);
    let early = ["pay", "--grower", &h, "--repay", debt, "--date", "2026-07-02"];
    let refused = county.try_phone("p1", &early);
    assert_eq!(refused.code(), 1, "{}", refused.err);
    county.phone("p1", &["confirm", debt, "--date", "2026-07-01"]);
    // Half of 36.21 at most, and what is left of it in cash, rounded up to a yuan.
    let paid = pay(&county, &["--grower", &h, "--repay", debt]);
    assert_eq!(paid["repayments"][0]["claimed_fen"], json!(1_810));
    assert_eq!((paid["cash_fen"].clone(), paid["owed_fen"].clone()), (json!(1_900), json!(0)));
    assert!(paid["notices"][0]["zh"].as_str().unwrap().contains("抵销"));
    let receipt = ["receipt", "--debt", debt, "--amount", "2.90", "--date", "2026-07-03"];
    assert_eq!(county.phone("p1", &receipt)["left_fen"], json!(500));
    let debts = county.phone("p1", &["debts", "--grower", &h]);
    assert_eq!(debts["debts"][0]["left_fen"], json!(500));
    county.phone("p1", &["sync"]);
    let report = county.office(&["report", "debts", "--on", "2026-07-21"]);
    assert_eq!(report["debts"][0]["age"], json!("to_30"));
    assert_eq!(report["total"]["left_fen"], json!(500));
    let year = county.office(&["report", "debts", "--year", "2026"]);
    let row = &year["debts"][0];
    assert_eq!(
        (row["taken_fen"].clone(), row["repaid_fen"].clone(), row["closing_fen"].clone()),
        (json!(2_600), json!(2_100), json!(500))
    );
    let next = county.office(&["report", "debts", "--year", "2027"]);
    assert_eq!(next["debts"][0]["opening_fen"], json!(500));
    assert_eq!(county.office(&["report", "trial-balance"])["total_fen"], json!(0));
}
