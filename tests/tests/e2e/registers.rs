//! People and points by commands: names with their days, two values of one field, the second person
//! for an account, a shared phone.

use std::io::Write as _;
use std::process::{Command, Stdio};

use courtyard_tests::{County, Server, binary};
use serde_json::{Value, json};

use crate::season::exceptions;

fn village() -> (County, Server) {
    let county = County::new();
    county.office(&["admin", "village", "add", "--name", "石桥村"]);
    let server = Server::start(&county.server_data());
    for phone in ["p1", "p2"] {
        county.enrol(phone, "石桥村", &server);
        county.phone(phone, &["sync"]);
    }
    (county, server)
}

/// Runs an office command with a line on its standard input.
fn told(county: &County, words: &[&str], line: &str) -> (i32, String, Value) {
    let mut child = Command::new(binary())
        .args(words)
        .args(["--json", "--data"])
        .arg(county.server_data())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(line.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    let value = serde_json::from_slice(&output.stdout).unwrap_or(Value::Null);
    (output.status.code().unwrap_or(-1), error, value)
}

fn user(county: &County, name: &str, role: &str) {
    county.office(&["admin", "user", "add", "--name", name, "--role", role]);
}

#[test]
fn case_13_a_renamed_grower_keeps_the_history_and_an_account_needs_a_second_person() {
    let (county, _server) = village();
    let added = county.phone("p1", &["grower", "add", "--name", "王桂花", "--group", "2组"]);
    let h = added["grower"].as_str().unwrap().to_owned();
    county.phone("p1", &["grower", "set", &h, "--name", "王贵花", "--since", "2026-07-10"]);
    county.phone("p1", &["person", "add", &h, "--name", "王小明", "--relation", "儿子"]);
    county.phone("p1", &["sync"]);
    let shown = county.office(&["admin", "register", "show", &h]);
    assert_eq!(shown["name"], json!("王贵花"));
    let names =
        json!([{"name": "王桂花", "since": null}, {"name": "王贵花", "since": "2026-07-10"}]);
    assert_eq!(shown["names"], names);
    assert_eq!(shown["persons"][0]["name"], json!("王小明"));

    user(&county, "lin", "clerk");
    user(&county, "zhao", "reviewer");
    let put = ["admin", "sealed", "put", "--grower", &h, "--kind", "bank", "--by", "lin"];
    let alone = told(&county, &put, "6222000012345678\n");
    assert_eq!(alone.0, 1, "{}", alone.1);
    let twice =
        told(&county, &[&put[..], &["--approved-by", "lin"]].concat(), "6222000012345678\n");
    assert_eq!(twice.0, 1, "{}", twice.1);
    let both =
        told(&county, &[&put[..], &["--approved-by", "zhao"]].concat(), "6222000012345678\n");
    assert_eq!(both.0, 0, "{}", both.1);
    assert_eq!((&both.2["last_four"], &both.2["approved_by"]), (&json!("5678"), &json!("zhao")));
    // The phone of the village shows the end of it, and never more.
    county.phone("p2", &["sync"]);
    let shown = county.phone("p2", &["grower", "show", &h]);
    assert_eq!(shown["numbers"], json!([{"person": 0, "kind": "bank", "last_four": "5678"}]));
    let reveal = ["admin", "sealed", "reveal", "--grower", &h, "--kind", "bank", "--by", "lin"];
    assert_eq!(county.office(&reveal)["number"], json!("6222000012345678"));

    // Erased, the number and the history stay without the name.
    let erased = county.office(&["admin", "erase", &h, "--by", "lin", "--approved-by", "zhao"]);
    assert_eq!(erased["erased_numbers"], json!(1));
    for phone in ["p1", "p2"] {
        county.phone(phone, &["sync"]);
        let shown = county.phone(phone, &["grower", "show", &h]);
        assert_eq!((&shown["erased"], &shown["name"]), (&json!(true), &json!("")));
        assert_eq!((&shown["names"], &shown["numbers"]), (&json!([]), &json!([])));
    }
}

#[test]
fn case_22_two_people_edit_one_phone_number_offline() {
    let (county, _server) = village();
    let added = county.phone("p1", &["grower", "add", "--name", "李国华", "--phone", "1"]);
    let h = added["grower"].as_str().unwrap().to_owned();
    for phone in ["p1", "p2"] {
        county.phone(phone, &["sync"]);
    }
    county.phone("p1", &["grower", "set", &h, "--phone", "13800000001"]);
    county.phone("p2", &["grower", "set", &h, "--phone", "13900000002"]);
    for phone in ["p1", "p2", "p1"] {
        county.phone(phone, &["sync"]);
    }
    let key = format!("grower/{h}/phone");
    let all = county.office(&["admin", "register", "conflicts"])["conflicts"].clone();
    assert_eq!(all.as_array().unwrap().len(), 1);
    assert_eq!((&all[0]["key"], &all[0]["grower"]), (&json!(key), &json!(h)));
    let mut values = vec![all[0]["shown"].clone(), all[0]["others"][0].clone()];
    values.sort_by_key(Value::to_string);
    assert_eq!(values, [json!("13800000001"), json!("13900000002")]);
    for phone in ["p1", "p2"] {
        assert_eq!(county.phone(phone, &["conflicts"])["conflicts"], all, "both show the same");
    }
    let listed = exceptions(&county, "exception.register_conflict");
    assert_eq!((listed.len(), &listed[0]["grower"]), (1, &json!(h)));
    assert_eq!(county.try_phone("p1", &["conflicts", "settle", "grower/x/phone", "1"]).code(), 1);
    county.phone("p2", &["conflicts", "settle", &key, "13800000001"]);
    county.phone("p2", &["sync"]);
    county.phone("p1", &["sync"]);
    assert_eq!(county.phone("p1", &["conflicts"])["conflicts"], json!([]));
    let shown = county.phone("p1", &["grower", "show", &h]);
    assert_eq!(shown["phone"], json!("13800000001"));
    assert!(exceptions(&county, "exception.register_conflict").is_empty());
}

#[test]
fn a_year_is_opened_points_are_kept_and_helpers_sign_in() {
    let (county, _server) = village();
    county.office(&["admin", "point", "add", "--village", "石桥村", "--name", "村委会前"]);
    county.office(&[
        "admin",
        "crate",
        "add",
        "--village",
        "1",
        "--name",
        "蓝筐",
        "--tare",
        "1.5kg",
    ]);
    let opened =
        county.office(&["admin", "register", "open", "--village", "石桥村", "--year", "2027"]);
    assert_eq!((&opened["edition"], &opened["opened"]), (&json!(1), &json!(true)));
    county.phone("p1", &["sync"]);
    assert_eq!(county.phone("p1", &["points"])["points"][0]["name"], json!("村委会前"));
    assert_eq!(county.phone("p1", &["crates"])["crates"][0]["tare_g"], json!(1_500));
    // The same household again, by the other phone.
    for phone in ["p1", "p2"] {
        county.phone(phone, &["grower", "add", "--name", "赵桂兰", "--phone", "138000"]);
    }
    for phone in ["p1", "p2"] {
        county.phone(phone, &["sync"]);
    }
    let found = county.office(&["admin", "register", "candidates"]);
    assert_eq!(found["candidates"].as_array().unwrap().len(), 1, "{found}");

    county.phone("p1", &["operator", "add", "12", "--name", "李娟", "--pin", "4826"]);
    assert_eq!(county.try_phone("p1", &["operator", "login", "12", "--pin", "1111"]).code(), 1);
    county.phone("p1", &["operator", "login", "12", "--pin", "4826"]);
    county.phone("p1", &["note", "李娟记的"]);
    let listed = county.phone("p1", &["operator", "list"]);
    assert_eq!(listed["operators"][0]["works"], json!(true));
    county.phone("p1", &["operator", "lock"]);
    assert_eq!(county.phone("p1", &["operator", "list"])["operators"][0]["works"], json!(false));
}
