//! A morning at the collection point, by commands: register, sign, weigh, buy, pay, void, sync.

use courtyard_tests::{County, Server, courtyard};
use serde_json::{Value, json};

/// A county with one village, a product on the list, and two enrolled phones.
pub(super) fn village() -> (County, Server) {
    let county = County::selling(
        "102,菠菜,叶菜\n103,黄瓜,瓜果\n104,番茄,瓜果\n",
        "2026-07-01,102,A,3.19/kg\n2026-07-01,103,A,1.60/jin\n",
    );
    let server = Server::start(&county.server_data());
    county.enrol("p1", "石桥村", &server);
    county.enrol("p2", "石桥村", &server);
    for phone in ["p1", "p2"] {
        county.phone(phone, &["sync"]);
    }
    (county, server)
}

pub(super) fn grower(county: &County, phone: &str, name: &str) -> String {
    let added = county.phone(phone, &["grower", "add", "--name", name, "--group", "2组"]);
    added["grower"].as_str().unwrap().to_owned()
}

pub(super) fn buy(county: &County, phone: &str, words: &[&str]) -> Value {
    let mut all = vec!["buy"];
    all.extend(words);
    all.extend(["--date", "2026-07-02"]);
    county.phone(phone, &all)
}

#[test]
fn a_purchase_made_offline_reaches_the_report_to_the_fen() {
    let (county, server) = village();
    let h = grower(&county, "p1", "王秀英");
    // 12.852 - 1.5 = 11.352 kg at 3.19 = 36.21288 yuan
    let slip = buy(
        &county,
        "p1",
        &["--grower", &h, "--product", "菠菜", "--grade", "A", "--weigh", "12.852-1.5"],
    );
    assert_eq!((slip["net_g"].clone(), slip["amount_fen"].clone()), (json!(11_352), json!(3_621)));
    // The day was typed: it is far from the clock, and nothing else is to be said.
    let warnings = slip["warnings"].as_array().unwrap();
    assert!(warnings.iter().all(|w| w["code"] == "warn.date_far"), "{warnings:?}");
    county.phone("p1", &["sync"]);
    let report = county.office(&["report", "income", "--month", "2026-07"]);
    let row = &report["growers"][0];
    assert_eq!(row["grower"], json!(h));
    assert_eq!((row["name"].clone(), row["village"].clone()), (json!("王秀英"), json!("石桥村")));
    assert_eq!(row["amount_fen"], json!(3_621));
    assert_eq!((row["paid_fen"].clone(), row["unpaid_fen"].clone()), (json!(0), json!(3_621)));
    assert_eq!(report["total"]["net_g"], json!(11_352));
    // The other phone of the village has it too, with the grower's name.
    county.phone("p2", &["sync"]);
    let shown = county.phone("p2", &["show", slip["slip"].as_str().unwrap()]);
    assert_eq!(shown["amount_fen"], json!(3_621));
    drop(server);
}

#[test]
fn deductions_several_weighings_and_jin_come_out_exactly() {
    let (county, _server) = village();
    let h = grower(&county, "p1", "李国华");
    // 10.000 kg and 8.000 kg net; 0.3 kg soil, 2 % water of 18 kg = 0.360 kg; 17.340 kg at 3.20
    let slip = buy(
        &county,
        "p1",
        &[
            "--grower",
            &h,
            "--product",
            "103",
            "--grade",
            "A",
            "--weigh",
            "11.5-1.5",
            "--weigh",
            "19jin-3jin",
            "--deduct",
            "0.3:soil",
            "--deduct",
            "2%:water",
        ],
    );
    assert_eq!((slip["net_g"].clone(), slip["amount_fen"].clone()), (json!(18_000), json!(5_549)));
}

#[test]
fn the_contract_floor_lifts_the_price_and_only_up_to_its_quantity() {
    let (county, _server) = village();
    let h = grower(&county, "p1", "赵桂兰");
    county.phone(
        "p1",
        &[
            "contract",
            "sign",
            "--grower",
            &h,
            "--product",
            "菠菜",
            "--area",
            "0.3mu",
            "--quantity",
            "20jin",
            "--floor",
            "2.50/jin",
            "--from",
            "2026-06-01",
            "--to",
            "2026-10-31",
        ],
    );
    let slip = buy(
        &county,
        "p1",
        &["--grower", &h, "--product", "菠菜", "--grade", "A", "--weigh", "9.5-1.5"],
    );
    assert_eq!(slip["amount_fen"], json!(4_000)); // 8 kg at 5.00
    // 2 kg left at the floor, the other 6 kg at the list price: 10.00 + 19.14
    let slip = buy(
        &county,
        "p1",
        &["--grower", &h, "--product", "菠菜", "--grade", "A", "--weigh", "9.5-1.5"],
    );
    assert_eq!(slip["amount_fen"], json!(2_914));
}

#[test]
fn cash_pays_a_slip_once_and_a_void_takes_back_only_what_is_unpaid() {
    let (county, _server) = village();
    let h = grower(&county, "p1", "周玉珍");
    let words =
        ["--grower", h.as_str(), "--product", "菠菜", "--grade", "A", "--weigh", "12.852-1.5"];
    let first = buy(&county, "p1", &words);
    let slip = first["slip"].as_str().unwrap();
    county.phone("p1", &["pay", "--grower", &h, "--amount", "36.21", "--slip", slip]);
    let again =
        county.try_phone("p1", &["pay", "--grower", &h, "--amount", "36.21", "--slip", slip]);
    assert_eq!(again.code(), 1, "{}", again.err);
    let second = buy(
        &county,
        "p1",
        &["--grower", &h, "--product", "黄瓜", "--grade", "A", "--weigh", "5-1"],
    );
    county.phone(
        "p1",
        &[
            "void",
            "--slip",
            second["slip"].as_str().unwrap(),
            "--reason",
            "品种选错",
            "--date",
            "2026-07-02",
        ],
    );
    county.phone("p1", &["sync"]);
    let total = county.office(&["report", "income", "--month", "2026-07"])["total"].clone();
    assert_eq!(
        (total["amount_fen"].clone(), total["paid_fen"].clone(), total["unpaid_fen"].clone()),
        (json!(3_621), json!(3_621), json!(0))
    );
    let balance = county.office(&["report", "trial-balance"]);
    assert_eq!(balance["total_fen"], json!(0));
}

#[test]
fn a_load_that_cannot_be_is_refused_in_plain_words_and_nothing_is_saved() {
    let (county, _server) = village();
    let h = grower(&county, "p1", "孙德胜");
    for weigh in ["1.5-1.5", "1.0-1.5", "0-0", "100000-1", "x", "-3-1", "1e3-1"] {
        let said = county.try_phone(
            "p1",
            &[
                "buy",
                "--grower",
                &h,
                "--product",
                "菠菜",
                "--grade",
                "A",
                &format!("--weigh={weigh}"),
            ],
        );
        assert_ne!(said.code(), 0, "{weigh}");
        assert!(
            !said.err.trim().is_empty() && !said.err.contains("panicked"),
            "{weigh}: {}",
            said.err
        );
    }
    assert_eq!(county.phone("p1", &["list"])["slips"], json!([]));
}

#[test]
fn two_phones_that_register_the_same_grower_offline_keep_both_rows() {
    let (county, _server) = village();
    let one = grower(&county, "p1", "王国华");
    let two = grower(&county, "p2", "王国华");
    assert_ne!(one, two);
    for phone in ["p1", "p2", "p1"] {
        county.phone(phone, &["sync"]);
    }
    for phone in ["p1", "p2"] {
        let found = county.phone(phone, &["search", "wgh"]);
        let mut ids: Vec<_> = found["growers"]
            .as_array()
            .unwrap()
            .iter()
            .map(|g| g["grower"].as_str().unwrap())
            .collect();
        ids.sort_unstable();
        let mut both = [one.as_str(), two.as_str()];
        both.sort_unstable();
        assert_eq!(ids, both);
    }
}

#[test]
fn syncing_again_changes_nothing() {
    let (county, _server) = village();
    let h = grower(&county, "p1", "胡长根");
    buy(&county, "p1", &["--grower", &h, "--product", "菠菜", "--grade", "A", "--weigh", "3-1"]);
    county.phone("p1", &["sync"]);
    let before = county.office(&["report", "income", "--month", "2026-07"]);
    county.phone("p1", &["sync"]);
    county.phone("p2", &["sync"]);
    assert_eq!(county.office(&["report", "income", "--month", "2026-07"]), before);
    let status = county.phone("p1", &["status"]);
    assert_eq!(status["waiting"], json!(0));
}

#[test]
fn an_invitation_opens_one_door_once() {
    let (county, server) = village();
    let text =
        county.office(&["admin", "invite", "--village", "石桥村", "--address", &server.address]);
    let text = text["invitation"].as_str().unwrap();
    county.phone("p3", &["enrol", "--invitation", text]);
    let again = county.try_phone("p4", &["enrol", "--invitation", text]);
    assert_eq!(again.code(), 1, "{}", again.err);
    let nonsense = county.try_phone("p5", &["enrol", "--invitation", "hello"]);
    assert_ne!(nonsense.code(), 0);
}

#[test]
fn words_that_are_no_command_end_with_2_and_help_ends_with_0() {
    assert_eq!(courtyard(&["fly"]).code(), 2);
    assert_eq!(courtyard(&["steward"]).code(), 2);
    assert_eq!(courtyard(&["--help"]).code(), 0);
}
