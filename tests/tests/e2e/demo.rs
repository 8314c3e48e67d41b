//! The demo, small: a file of purchases, an interruption, a corrected file, a damaged phone.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use courtyard_tests::{Said, binary, courtyard, courtyard_json};
use serde_json::{Value, json};

/// 240 purchases over six days in the shape of the real file.
pub(super) fn file(folder: &Path) -> PathBuf {
    let mut text = String::from(
        "date,time,village,household,item_code,item_name,grade,gross_kg,tare_kg,yuan_per_kg\n",
    );
    for n in 0..240_u32 {
        let village = n % 8 + 1;
        text += &format!(
            "2021-07-{:02},06:{:02}:{:02},V{village},V{village}-{:02},9{:03},品{},{},{}.{:03},1.500,{}.{:02}\n",
            1 + n / 40,
            n % 40,
            n % 60,
            n % 5 + 1,
            n % 17,
            n % 17,
            ["A", "B", "C"][n as usize % 3],
            3 + n % 20,
            n * 37 % 1000,
            1 + n % 9,
            n * 7 % 100,
        );
    }
    let path = folder.join("pickups.csv");
    std::fs::write(&path, text).unwrap();
    path
}

fn demo(data: &Path, file: &Path) -> Said {
    let words = [
        "demo",
        "--once",
        "--json",
        "--data",
        data.to_str().unwrap(),
        "--pickups",
        file.to_str().unwrap(),
    ];
    courtyard(&words)
}

fn without_run(mut summary: Value) -> Value {
    // A card is issued anew by every run.
    for key in ["requests", "wire_bytes", "seconds", "logins"] {
        summary.as_object_mut().unwrap().remove(key);
    }
    summary
}

#[test]
fn a_file_of_purchases_is_recorded_synced_and_agreed_and_a_second_run_adds_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = file(folder.path());
    let data = folder.path().join("data");
    let first = demo(&data, &file);
    assert_eq!(first.code(), 0, "{}", first.err);
    let summary = first.json();
    assert_eq!((summary["villages"].clone(), summary["growers"].clone()), (json!(8), json!(40)));
    assert_eq!((summary["purchases"].clone(), summary["phones"].clone()), (json!(240), json!(16)));
    for key in ["controls_agree", "replicas_agree"] {
        assert_eq!(summary[key], json!(true), "{key}");
    }
    for key in ["trial_balance_fen", "held", "set_aside", "paid_fen"] {
        assert_eq!(summary[key], json!(0), "{key}");
    }
    let second = demo(&data, &file);
    assert_eq!(without_run(second.json()), without_run(summary));
}

#[test]
fn correcting_one_line_adds_one_purchase_and_doubles_none() {
    let folder = tempfile::tempdir().unwrap();
    let file = file(folder.path());
    let data = folder.path().join("data");
    demo(&data, &file).json();
    let text =
        std::fs::read_to_string(&file).unwrap().replacen(",3.000,1.500,", ",3.100,1.500,", 1);
    std::fs::write(&file, text).unwrap();
    assert_eq!(demo(&data, &file).json()["purchases"], json!(241));
}

#[test]
fn a_row_that_breaks_a_rule_is_listed_with_its_line_and_ends_with_1() {
    let folder = tempfile::tempdir().unwrap();
    let file = file(folder.path());
    let text = std::fs::read_to_string(&file).unwrap()
        + "2021-07-06,07:00:00,V1,V1-01,9001,品1,A,1.500,1.500,2.00\n2021-07-06,broken\n";
    std::fs::write(&file, text).unwrap();
    let said = demo(&folder.path().join("data"), &file);
    assert_eq!(said.code(), 1, "{}", said.err);
    assert_eq!(said.json()["purchases"], json!(240));
    assert!(said.err.contains("242") && said.err.contains("243"), "{}", said.err);
}

#[test]
fn a_demo_killed_at_any_moment_continues_without_loss_or_double() {
    let folder = tempfile::tempdir().unwrap();
    let file = file(folder.path());
    let whole = without_run(demo(&folder.path().join("whole"), &file).json());
    let data = folder.path().join("killed");
    for recorded in [1, 40, 100, 180, 230] {
        let mut child = Command::new(binary())
            .args(["demo", "--once", "--json", "--data"])
            .arg(&data)
            .arg("--pickups")
            .arg(&file)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        while slips(&data.join("phones")) < recorded && child.try_wait().unwrap().is_none() {
            std::thread::yield_now();
        }
        let _ = child.kill();
        child.wait().unwrap();
    }
    let said = demo(&data, &file);
    assert_eq!(said.code(), 0, "{}", said.err);
    assert_eq!(without_run(said.json()), whole);
}

#[test]
fn a_damaged_phone_is_seen_as_not_agreeing() {
    let folder = tempfile::tempdir().unwrap();
    let file = file(folder.path());
    let data = folder.path().join("data");
    assert_eq!(demo(&data, &file).json()["replicas_agree"], json!(true));
    let phone = phone_file(&data.join("phones"));
    let changed = rusqlite::Connection::open(&phone)
        .unwrap()
        .execute(
            "UPDATE books SET head = zeroblob(32) WHERE rowid IN (SELECT rowid FROM books LIMIT 1)",
            [],
        )
        .unwrap();
    assert_eq!(changed, 1);
    let said = demo(&data, &file);
    assert_eq!(said.json()["replicas_agree"], json!(false));
    assert_eq!(said.code(), 1);
}

fn phone_file(phones: &Path) -> PathBuf {
    let mut found: Vec<PathBuf> = std::fs::read_dir(phones)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| if path.is_dir() { path.join("courtyard.db") } else { path })
        .filter(|path| path.extension().is_some_and(|e| e == "db"))
        .collect();
    found.sort();
    found.remove(0)
}

#[test]
fn the_seeded_season_is_the_same_for_a_seed() {
    let folder = tempfile::tempdir().unwrap();
    let run = |name: &str| {
        let data = folder.path().join(name);
        without_run(courtyard_json(&[
            "demo",
            "--once",
            "--json",
            "--seed",
            "7",
            "--data",
            data.to_str().unwrap(),
        ]))
    };
    let one = run("one");
    assert_eq!(one, run("two"));
    assert_eq!((one["villages"].clone(), one["growers"].clone()), (json!(8), json!(111)));
    assert_eq!(one["replicas_agree"], json!(true));
    assert!(one["paid_fen"].as_i64().unwrap() > 0);
    assert_eq!(one["trial_balance_fen"], json!(0));
    let books = &one["books"];
    for key in ["debts_open", "debts_left_fen", "bank_paid_fen", "bank_returned", "closes", "late"]
    {
        assert!(books[key].as_i64().unwrap() > 0, "{key}: {books}");
    }
    for kind in [
        "own_household",
        "steward_advanced",
        "list_changed",
        "float_difference",
        "register_conflict",
        "likely_same_grower",
        "open_objection",
        "open_question",
        "review_reopened",
        "price_unfixed",
        "overdue_payable",
    ] {
        let code = format!("exception.{kind}");
        assert!(books["exceptions"][&code].as_i64().unwrap() > 0, "{kind}: {books}");
    }
}

#[test]
fn a_season_that_was_killed_comes_to_the_same_figures() {
    let folder = tempfile::tempdir().unwrap();
    let words = |name: &str| {
        let data = folder.path().join(name).to_str().unwrap().to_owned();
        ["demo", "--once", "--json", "--seed", "3", "--data"]
            .map(str::to_owned)
            .into_iter()
            .chain([data])
    };
    let run = |name: &str| {
        let words: Vec<String> = words(name).collect();
        courtyard_json(&words.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let whole = without_run(run("whole"));
    for recorded in [60, 900] {
        let mut child = Command::new(binary())
            .args(words("killed"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let phones = folder.path().join("killed").join("phones");
        while slips(&phones) < recorded && child.try_wait().unwrap().is_none() {
            std::thread::yield_now();
        }
        let _ = child.kill();
        child.wait().unwrap();
    }
    assert_eq!(without_run(run("killed")), whole);
}

/// How many imported rows lie in the phones' files by now.
fn slips(phones: &Path) -> u32 {
    let Ok(folders) = std::fs::read_dir(phones) else { return 0 };
    let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
    folders
        .filter_map(|folder| {
            let file = folder.ok()?.path().join("courtyard.db");
            let connection = rusqlite::Connection::open_with_flags(file, flags).ok()?;
            let count = "SELECT count(*) FROM import_keys";
            connection.query_row(count, [], |row| row.get::<_, u32>(0)).ok()
        })
        .sum()
}
