//! Cases 4, 19 and 21: cash paid twice, paid to a relative, and owed back after a return.

use courtyard_tests::County;
use serde_json::{Value, json};

use crate::field::{grower, text};
use crate::season::{agrees, buy, exceptions, number, paid, rests_on, season, slip, sync};

/// What an account has by the trial balance: debit less credit, in fen.
fn account(county: &County, name: &str) -> i64 {
    let balance = county.office(&["report", "trial-balance"]);
    let rows = balance["accounts"].as_array().unwrap().iter();
    let of = |row: &Value, side: &str| row[side].as_i64().unwrap();
    rows.filter(|row| row["account"] == name)
        .map(|row| of(row, "debit_fen") - of(row, "credit_fen"))
        .sum()
}

#[test]
fn case_04_two_phones_pay_the_same_slip_offline() {
    let (county, _server) = season();
    // One steward of the roster works at two phones, each with the PIN.
    let add = ["admin", "steward", "add", "--name", "陈管家", "--village", "石桥村"];
    let steward = county.office(&[&add[..], &["--duty", "steward", "--by", "周主管"]].concat());
    let steward = steward["operator"].to_string();
    sync(&county);
    for phone in ["p1", "p2"] {
        county.phone(phone, &["operator", "add", &steward, "--pin", "4826"]);
        county.phone(phone, &["operator", "login", &steward, "--pin", "4826"]);
    }
    let h = grower(&county, "p1", "王秀英");
    let bought = number(&buy(&county, "p1", &h, "11.5-1.5", "2024-07-02"));
    sync(&county);
    // Neither phone has signal, and both pay.
    let pay = ["pay", "--grower", &h, "--slip", &bought, "--amount", "30", "--date", "2024-07-02"];
    let one = text(&county.phone("p1", &pay)["payout"]);
    let two = text(&county.phone("p2", &pay)["payout"]);
    sync(&county);

    // Both facts are kept; the slip is paid once, the rest is suspense under the steward.
    for payout in [&one, &two] {
        let shown = county.office(&["admin", "entry", "show", payout]);
        assert_eq!(shown["status"], "counted", "{shown}");
    }
    assert_eq!(paid(&county, &bought), (3_000, 0));
    assert_eq!(account(&county, "suspense"), 3_000);
    let listed = exceptions(&county, "exception.overpaid");
    assert_eq!(listed.len(), 1, "{listed:?}");
    assert_eq!(listed[0]["owner"], "reviewer");
    assert_eq!(listed[0]["measure"]["found"], json!(3_000));
    let excess = if rests_on(&listed, &two) { &two } else { &one };
    assert!(rests_on(&listed, excess), "{listed:?}");
    agrees(&county);

    // The grower says yes, it came twice: it is owed back, and the task is another one.
    county.phone("p1", &["confirm", excess, "--date", "2024-07-03"]);
    county.phone("p1", &["sync"]);
    assert_eq!((account(&county, "suspense"), account(&county, "refund_due")), (0, 3_000));
    assert!(exceptions(&county, "exception.overpaid").is_empty());
    assert!(!exceptions(&county, "exception.refund_due").is_empty());
    agrees(&county);
    county.phone("p1", &["receipt", "--debt", excess, "--amount", "30", "--date", "2024-07-03"]);
    county.phone("p1", &["sync"]);
    assert_eq!(account(&county, "refund_due"), 0);
    assert!(exceptions(&county, "exception.refund_due").is_empty());
    agrees(&county);
}

#[test]
fn case_04_the_right_to_pay_is_with_who_bought() {
    let (county, _server) = season();
    let h = grower(&county, "p1", "王秀英");
    let bought = number(&buy(&county, "p1", &h, "11.5-1.5", "2024-07-02"));
    sync(&county);
    let pay = ["pay", "--grower", &h, "--slip", &bought, "--amount", "30", "--date", "2024-07-02"];
    let refused = county.try_phone("p2", &pay);
    assert_eq!(refused.code(), 1, "{}", refused.out);
    assert!(refused.err.contains(&bought), "{}", refused.err);
    assert_eq!(county.phone("p2", &["status"])["waiting"], json!(0));
    county.phone("p1", &pay);
    sync(&county);
    assert_eq!(paid(&county, &bought), (3_000, 0));
    assert!(exceptions(&county, "exception.overpaid").is_empty());
    agrees(&county);
}

#[test]
fn case_19_cash_paid_to_a_relative() {
    let (county, _server) = season();
    let h = grower(&county, "p1", "王秀英");
    let words = ["person", "add", &h, "--name", "王小虎", "--relation", "儿子"];
    let son = county.phone("p1", &words)["person"].to_string();
    let bought = number(&buy(&county, "p1", &h, "11.5-1.5", "2024-07-02"));
    // Nobody of that number is in the household: nothing is paid.
    let nobody =
        county.try_phone("p1", &["pay", "--grower", &h, "--amount", "30", "--proxy", "77"]);
    assert_eq!(nobody.code(), 1, "{}", nobody.out);
    let pay = ["pay", "--grower", &h, "--amount", "30", "--proxy", &son, "--date", "2024-07-02"];
    let payout = text(&county.phone("p1", &pay)["payout"]);
    sync(&county);
    assert_eq!(paid(&county, &bought), (3_000, 0));
    let shown = county.office(&["admin", "entry", "show", &payout]);
    let body = shown.to_string();
    assert!(body.contains(&format!("\"proxy\":{son}")), "{body}");
    // Books name no names.
    assert!(!body.contains("王小虎"), "{body}");
    // The seller signs for it.
    county.phone("p1", &["confirm", &payout, "--date", "2024-07-03"]);
    county.phone("p1", &["sync"]);
    agrees(&county);
}

#[test]
fn case_21_returned_after_payment() {
    let (county, _server) = season();
    let h = grower(&county, "p1", "王秀英");
    let bought = number(&buy(&county, "p1", &h, "11.5-1.5", "2024-07-02"));
    county.phone("p1", &["pay", "--grower", &h, "--amount", "30", "--date", "2024-07-02"]);
    let back = ["return", "--slip", &bought, "--reason", "烂叶", "--date", "2024-07-02"];
    // At most what is left of the line.
    let much = county.try_phone("p1", &[&back[..], &["--weight", "10.1"]].concat());
    assert_eq!(much.code(), 1, "{}", much.out);
    let done = county.phone("p1", &[&back[..], &["--weight", "4"]].concat());
    assert_eq!(
        (done["amount_fen"].clone(), done["refund_due_fen"].clone()),
        (json!(1_200), json!(1_200))
    );
    let much = county.try_phone("p1", &[&back[..], &["--weight", "6.1"]].concat());
    assert_eq!(much.code(), 1, "{}", much.out);
    sync(&county);

    // A linked entry; the slip is as printed; what came back is owed by the grower.
    let entry = text(&done["return"]);
    let shown = county.office(&["admin", "entry", "show", &entry]).to_string();
    assert!(shown.contains(&bought) && shown.contains("烂叶"), "{shown}");
    assert_eq!(slip(&county, &bought)["amount_fen"], json!(3_000));
    assert_eq!(account(&county, "refund_due"), 1_200);
    let listed = exceptions(&county, "exception.refund_due");
    assert_eq!(listed.len(), 1, "{listed:?}");
    assert!(rests_on(&listed, &entry), "{listed:?}");
    let debts = county.office(&["report", "debts", "--grower", &h]);
    assert_eq!(debts["total"]["left_fen"], json!(1_200), "{debts}");
    agrees(&county);

    // It is never netted silently: the next slip is payable in full.
    let next = number(&buy(&county, "p1", &h, "21.5-1.5", "2024-07-03"));
    sync(&county);
    assert_eq!(paid(&county, &next), (0, 6_000));
    let receipt = ["receipt", "--debt", &entry, "--amount", "12", "--date", "2024-07-03"];
    county.phone("p1", &receipt);
    county.phone("p1", &["sync"]);
    assert_eq!(account(&county, "refund_due"), 0);
    assert!(exceptions(&county, "exception.refund_due").is_empty());
    agrees(&county);
}
