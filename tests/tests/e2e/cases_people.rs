//! Cases 13, 20 and 22: names, accounts and phone numbers that change, and the steward's own house.

use std::io::Write as _;
use std::process::{Command, Stdio};

use courtyard_tests::{County, Said, binary};
use serde_json::json;

use crate::field::{grower, text};
use crate::season::{agrees, buy, exceptions, number, rests_on, season, slip, sync, warnings};

/// Puts a bank account, which comes on standard input.
fn account(county: &County, grower: &str, people: &[&str]) -> Said {
    let data = county.server_data();
    let mut child = Command::new(binary())
        .args(["admin", "sealed", "put", "--grower", grower, "--kind", "bank", "--json"])
        .args(people)
        .arg("--data")
        .arg(&data)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    writeln!(child.stdin.take().unwrap(), "6222000000000007788").unwrap();
    let output = child.wait_with_output().unwrap();
    Said {
        status: output.status,
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

#[test]
fn case_13_the_head_of_the_household_dies() {
    let (county, _server) = season();
    let h = grower(&county, "p1", "王德福");
    let words = ["person", "add", &h, "--name", "王秀英", "--relation", "妻子"];
    county.phone("p1", &words);
    let before = number(&buy(&county, "p1", &h, "11.5-1.5", "2024-07-02"));
    sync(&county);
    // His wife is the head from the tenth on.
    let renamed = ["grower", "set", &h, "--name", "王秀英", "--since", "2024-07-10"];
    county.phone("p1", &renamed);
    let after = number(&buy(&county, "p1", &h, "21.5-1.5", "2024-07-12"));
    sync(&county);

    // Old slips show the old name, new ones the new; the household is one.
    assert_eq!(slip(&county, &before)["name"], "王德福");
    assert_eq!(slip(&county, &after)["name"], "王秀英");
    let shown = county.office(&["admin", "register", "show", &h]);
    assert_eq!(shown["name"], "王秀英");
    let names = shown["names"].to_string();
    assert!(names.contains("王德福") && names.contains("2024-07-10"), "{names}");
    let found = county.phone("p2", &["search", "王秀英"]);
    assert_eq!(found["growers"][0]["grower"], json!(h), "{found}");
    let income = county.office(&["report", "income", "--month", "2024-07"]);
    assert_eq!(income["growers"].as_array().unwrap().len(), 1);
    assert_eq!(income["total"]["amount_fen"], json!(9_000));

    // The account is another one now: two people.
    for people in [&["--by", "王经办"][..], &["--by", "李审核", "--approved-by", "李审核"]]
    {
        let said = account(&county, &h, people);
        assert_ne!(said.code(), 0, "{people:?}: {}", said.out);
    }
    let said = account(&county, &h, &["--by", "王经办", "--approved-by", "李审核"]);
    assert_eq!(said.code(), 0, "{}", said.err);
    assert!(!said.out.contains("6222000000000007788"), "{}", said.out);
    let shown = county.office(&["admin", "register", "show", &h]);
    assert_eq!(shown["numbers"][0]["last_four"], "7788", "{shown}");
    agrees(&county);
}

#[test]
fn case_20_the_steward_buys_from_their_own_household() {
    let (county, _server) = season();
    let own = grower(&county, "p1", "陈管家");
    let neighbour = grower(&county, "p1", "李国华");
    let device = text(&county.phone("p1", &["status"])["device"]);
    county.phone("p1", &["sync"]);
    let add = ["admin", "steward", "add", "--name", "陈管家", "--village", "石桥村"];
    let known = ["--duty", "steward", "--household", &own, "--device", &device, "--by", "周主管"];
    county.office(&[&add[..], &known].concat());
    county.phone("p1", &["sync"]);

    // Allowed and marked; the neighbour's is not.
    let bought = buy(&county, "p1", &own, "11.5-1.5", "2024-07-02");
    assert_eq!(warnings(&bought), ["warn.own_household"]);
    assert_eq!(bought["amount_fen"], json!(3_000));
    let theirs = buy(&county, "p1", &neighbour, "25-1.5", "2024-07-02");
    assert!(warnings(&theirs).is_empty(), "{theirs}");
    sync(&county);
    let bought = number(&bought);
    assert_eq!(slip(&county, &bought)["state"], "counted");

    // In the reviewer's list until the reviewer has looked at it.
    let listed = exceptions(&county, "exception.own_household");
    assert_eq!(listed.len(), 1, "{listed:?}");
    assert_eq!(listed[0]["owner"], "reviewer");
    assert!(rests_on(&listed, &bought), "{listed:?}");
    county.office(&["admin", "review", &bought, "--accept", "--by", "李审核"]);
    assert!(exceptions(&county, "exception.own_household").is_empty());
    agrees(&county);
}

#[test]
fn case_22_two_people_edit_one_phone_number() {
    let (county, _server) = season();
    let h = grower(&county, "p1", "王秀英");
    sync(&county);
    let (one, two) = ("13800000001", "13800000002");
    county.phone("p1", &["grower", "set", &h, "--phone", one]);
    county.phone("p2", &["grower", "set", &h, "--phone", two]);
    sync(&county);

    // Everybody shows the same one, and both are kept.
    let shown = text(&county.office(&["admin", "register", "show", &h])["phone"]);
    assert!(shown == one || shown == two, "{shown}");
    for phone in ["p1", "p2"] {
        assert_eq!(county.phone(phone, &["grower", "show", &h])["phone"], json!(shown), "{phone}");
        let conflicts = county.phone(phone, &["conflicts"]).to_string();
        assert!(conflicts.contains(one) && conflicts.contains(two), "{conflicts}");
        assert_eq!(county.phone(phone, &["status"])["conflicts"], json!(1));
    }
    let listed = exceptions(&county, "exception.register_conflict");
    assert_eq!(listed.len(), 1, "{listed:?}");
    assert_eq!(listed[0]["grower"], json!(h));
    // Buying goes on meanwhile.
    buy(&county, "p1", &h, "11.5-1.5", "2024-07-02");

    // Settled once, for all.
    let conflicts = county.phone("p2", &["conflicts"]);
    let key = text(&conflicts["conflicts"][0]["key"]);
    let right = if shown == one { two } else { one };
    county.phone("p2", &["conflicts", "settle", &key, right]);
    county.phone("p2", &["sync"]);
    sync(&county);
    assert!(exceptions(&county, "exception.register_conflict").is_empty());
    assert_eq!(county.office(&["admin", "register", "show", &h])["phone"], json!(right));
    for phone in ["p1", "p2"] {
        assert_eq!(county.phone(phone, &["grower", "show", &h])["phone"], json!(right), "{phone}");
        assert_eq!(county.phone(phone, &["status"])["conflicts"], json!(0));
    }
    agrees(&county);
}
