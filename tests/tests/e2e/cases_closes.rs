//! Cases 8, 11 and 12: what comes after a month is closed, and which day it is.

use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use courtyard_tests::{County, binary};
use serde_json::{Value, json};

use crate::field::{grower, text};
use crate::season::{agrees, buy, close, number, paid, season, slip, statement, sync, try_office};

/// A grower's statement of July as it is printed, to the byte.
fn printed(county: &County, grower: &str) -> String {
    let words = ["report", "statement", "--grower", grower, "--month", "2024-07"];
    let said = try_office(county, &words);
    assert_eq!(said.code(), 0, "{}", said.err);
    said.out
}

#[test]
fn case_08_void_after_the_month_is_closed() {
    let (county, _server) = season();
    let h = grower(&county, "p1", "王秀英");
    let wrong = number(&buy(&county, "p1", &h, "11.5-1.5", "2024-07-02"));
    let other = number(&buy(&county, "p1", &h, "21.5-1.5", "2024-07-03"));
    county.phone("p1", &["sync"]);
    let closed = close(&county, "2024-07");
    let (paper, data) = (printed(&county, &h), statement(&county, &h, "2024-07"));
    assert_eq!(data["closed"], json!(true));
    county.phone("p1", &["sync"]);

    // The steward alone cannot; with --ask it is written and waits.
    let words = ["void", "--slip", &wrong, "--reason", "记错户", "--date", "2024-08-01"];
    assert_eq!(county.try_phone("p1", &words).code(), 1);
    let asked = county.phone("p1", &[&words[..], &["--ask"]].concat());
    assert_eq!(asked["waits_for"], json!(["void.needs_second_person"]));
    county.phone("p1", &["sync"]);
    assert_eq!(slip(&county, &wrong)["state"], "counted");
    let void = text(&asked["void"]);
    let admit = ["admin", "hold", "admit", &void, "--reason", "已核实", "--evidence", "paper"];
    assert_eq!(try_office(&county, &[&admit[..], &["--by", "王经办"]].concat()).code(), 1);
    county.office(&[&admit[..], &["--by", "李审核"]].concat());

    // A negative entry in the open month with its reason; July is byte for byte as it was.
    assert_eq!(slip(&county, &wrong)["state"], "voided");
    assert_eq!(slip(&county, &wrong)["voided_by"], json!(void));
    assert_eq!(paid(&county, &other), (0, 6_000));
    let shown = county.office(&["admin", "entry", "show", &void]);
    assert!(shown.to_string().contains("记错户"), "{shown}");
    assert_eq!(printed(&county, &h), paper);
    assert_eq!(statement(&county, &h, "2024-07"), data);
    let august = statement(&county, &h, "2024-08");
    let rows = august["movements"].as_array().unwrap();
    let row = rows.iter().find(|row| row["entry"] == json!(void)).unwrap();
    assert_eq!(row["payable_change_fen"], json!(-3_000), "{august}");
    let closes = county.office(&["admin", "closes"]);
    assert_eq!(closes[0]["root"], closed["root"], "{closes}");
    agrees(&county);
}

#[test]
fn a_decision_on_a_closed_entry_is_refused_before_it_is_written() {
    let (county, _server) = season();
    let h = grower(&county, "p1", "王秀英");
    let wrong = number(&buy(&county, "p1", &h, "11.5-1.5", "2024-07-02"));
    let words = ["void", "--slip", &wrong, "--reason", "记错户", "--date", "2024-07-05", "--ask"];
    let void = text(&county.phone("p1", &words)["void"]);
    county.phone("p1", &["sync"]);
    let decide = |word: &str| {
        let words = ["admin", "hold", word, &void, "--reason", "已核实", "--evidence", "paper"];
        try_office(&county, &[&words[..], &["--by", "李审核"]].concat())
    };
    assert_eq!(decide("refuse").code(), 0);
    close(&county, "2024-07");
    let late = decide("admit");
    assert_eq!(late.code(), 1);
    assert!(late.err.contains("hold.target_closed"), "{}", late.err);
    assert_eq!(slip(&county, &wrong)["state"], "counted");
    let listed = county.office(&["admin", "hold", "list", "--refused"]);
    let listed = listed["holds"].as_array().unwrap();
    assert_eq!(listed.len(), 1, "{listed:?}");
    assert_eq!(listed.first().unwrap()["entry"], json!(void));
}

#[test]
fn case_11_a_phone_comes_back_after_the_close() {
    let (county, _server) = season();
    let h = grower(&county, "p1", "王秀英");
    let known = number(&buy(&county, "p1", &h, "11.5-1.5", "2024-07-02"));
    county.phone("p1", &["pay", "--grower", &h, "--amount", "30", "--date", "2024-07-02"]);
    county.phone("p1", &["sync"]);
    county.phone("p2", &["sync"]);
    let late = number(&buy(&county, "p2", &h, "21.5-1.5", "2024-07-20"));
    // (That a close names the phones that have not spoken since: server/src/close/tests.rs, where the
    // clock can be set.)
    close(&county, "2024-07");
    let (paper, data) = (printed(&county, &h), statement(&county, &h, "2024-07"));
    assert!(!paper.contains(&late), "{paper}");

    // It comes back: what it bought is payable, in the open month; July does not move.
    sync(&county);
    assert_eq!(paid(&county, &late), (0, 6_000));
    assert_eq!(paid(&county, &known), (3_000, 0));
    assert_eq!(printed(&county, &h), paper);
    assert_eq!(statement(&county, &h, "2024-07"), data);
    let august = statement(&county, &h, "2024-08");
    let line = august["lines"].as_array().unwrap().iter().find(|line| line["slip"] == json!(late));
    assert_ne!(line.unwrap()["late"], json!(""), "{august}");
    // The grower's income is of the month of delivery.
    let income = county.office(&["report", "income", "--month", "2024-07", "--grower", &h]);
    assert_eq!(income["total"]["amount_fen"], json!(9_000));
    // It is paid like any other; what July had paid stays where it was.
    county.phone("p2", &["pay", "--grower", &h, "--amount", "60", "--date", "2024-08-02"]);
    sync(&county);
    assert_eq!((paid(&county, &late), paid(&county, &known)), ((6_000, 0), (3_000, 0)));
    assert_eq!(statement(&county, &h, "2024-07"), data);
    agrees(&county);
    close(&county, "2024-08");
    assert_eq!(statement(&county, &h, "2024-07"), data);
    assert_eq!(printed(&county, &h), paper);
    agrees(&county);
}

/// The calendar day in Asia/Shanghai, reckoned here.
#[expect(clippy::disallowed_methods, reason = "what the phone says is held against the real clock")]
fn shanghai() -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let days = i64::try_from((now + 8 * 3_600) / 86_400).unwrap();
    // Howard Hinnant's civil_from_days.
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1_460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let (day, month) = (doy - (153 * mp + 2) / 5 + 1, if mp < 10 { mp + 3 } else { mp - 9 });
    let year = yoe + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[test]
fn case_12_the_day_is_asia_shanghais_wherever_the_phone_thinks_it_is() {
    let (county, _server) = season();
    let h = grower(&county, "p1", "王秀英");
    let phone = county.path("p1");
    // West of it, east of it, and where clocks change twice a year (with the rule spelt out too).
    let zones =
        ["Pacific/Pago_Pago", "Pacific/Kiritimati", "America/New_York", "EST5EDT,M3.2.0,M11.1.0"];
    for zone in zones {
        let before = shanghai();
        let output = Command::new(binary())
            .args(["steward", "--json", "--data", phone.to_str().unwrap(), "buy", "--grower", &h])
            .args(["--product", "菠菜", "--weigh", "3-1"])
            .env("TZ", zone)
            .output()
            .unwrap();
        let after = shanghai();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let bought: Value = serde_json::from_slice(&output.stdout).unwrap();
        let slip = text(&bought["slip"]);
        let slips = county.phone("p1", &["list"])["slips"].clone();
        let row = slips.as_array().unwrap().iter().find(|row| row["slip"] == json!(slip)).unwrap();
        let date = text(&row["date"]);
        assert!(date == before || date == after, "{zone}: {date}, in Shanghai {before}");
    }
    county.phone("p1", &["sync"]);
    agrees(&county);
}
