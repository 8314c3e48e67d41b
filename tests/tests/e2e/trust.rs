//! What a stranger can check: a folder, a backup, an export, against a root key kept elsewhere.

use std::path::Path;

use courtyard_tests::{County, Said, Server, courtyard, courtyard_json};
use serde_json::json;

/// A county with a few entries, stopped; its root key as text; and where its server listened.
fn county() -> (County, String, String) {
    let county = County::new();
    county.office(&["admin", "village", "add", "--name", "V"]);
    let file = county.path("products.csv");
    std::fs::write(&file, "code,name,category\n9,菠菜,叶菜\n").unwrap();
    county.office(&["import", "products", file.to_str().unwrap()]);
    let server = Server::start(&county.server_data());
    county.enrol("p", "V", &server);
    county.phone("p", &["sync"]);
    let h = county.phone("p", &["grower", "add", "--name", "李国华"])["grower"]
        .as_str()
        .unwrap()
        .to_owned();
    for n in 2..8 {
        let weigh = format!("{n}-1");
        county.phone(
            "p",
            &[
                "buy",
                "--grower",
                &h,
                "--product",
                "9",
                "--grade",
                "A",
                "--weigh",
                &weigh,
                "--price",
                "2/kg",
            ],
        );
        county.phone("p", &["sync"]);
    }
    let listen = server.listen();
    drop(server);
    let root = county.office(&["admin", "root"])["root"].as_str().unwrap().to_owned();
    (county, root, listen)
}

fn verify(path: &Path, root: &str) -> Said {
    courtyard(&["verify", path.to_str().unwrap(), "--root", root, "--json"])
}

#[test]
fn a_sound_folder_a_phone_a_backup_and_an_export_all_verify() {
    let (county, root, _) = county();
    let backup = county.path("backup");
    let data = county.server_data();
    let (data, to) = (data.to_str().unwrap(), backup.to_str().unwrap());
    courtyard_json(&["backup", "--data", data, "--out", to, "--json"]);
    let export = county.path("export.json");
    courtyard_json(&[
        "export",
        "json",
        "--data",
        data,
        "--out",
        export.to_str().unwrap(),
        "--json",
    ]);
    for path in [county.server_data(), backup, export, county.path("p")] {
        let said = verify(&path, &root);
        assert_eq!(said.code(), 0, "{}: {}{}", path.display(), said.out, said.err);
        assert_eq!(said.json()["sound"], json!(true));
    }
}

#[test]
fn another_root_key_verifies_nothing() {
    let (county, _, _) = county();
    let said = verify(&county.server_data(), &"0".repeat(64));
    assert_eq!(said.code(), 1, "{}", said.out);
}

#[test]
fn a_flipped_bit_in_any_entry_and_a_removed_entry_are_found_in_an_export() {
    let (county, root, _) = county();
    let export = county.path("export.json");
    let data = county.server_data();
    let words = [
        "export",
        "json",
        "--data",
        data.to_str().unwrap(),
        "--out",
        export.to_str().unwrap(),
        "--json",
    ];
    courtyard_json(&words);
    let whole: serde_json::Value =
        serde_json::from_slice(&std::fs::read(&export).unwrap()).unwrap();
    let mut tried = 0;
    for (b, book) in whole["books"].as_array().unwrap().iter().enumerate() {
        for e in 0..book["entries"].as_array().unwrap().len() {
            let mut flipped = whole.clone();
            let hex = flipped["books"][b]["entries"][e].as_str().unwrap().to_owned();
            let last = u8::from_str_radix(&hex[hex.len() - 2..], 16).unwrap() ^ 1;
            flipped["books"][b]["entries"][e] =
                json!(format!("{}{last:02x}", &hex[..hex.len() - 2]));
            let mut removed = whole.clone();
            removed["books"][b]["entries"].as_array_mut().unwrap().remove(e);
            for damaged in [flipped, removed] {
                std::fs::write(&export, damaged.to_string()).unwrap();
                let said = verify(&export, &root);
                assert_eq!(said.code(), 1, "book {b} entry {e}: {}", said.out);
                tried += 1;
            }
        }
    }
    assert!(tried > 16, "{tried}");
}

#[test]
fn a_restored_backup_has_a_new_epoch_and_phones_bring_back_what_it_lacks() {
    let (county, root, listen) = county();
    let data = county.server_data();
    let backup = county.path("backup");
    let (from, to) = (data.to_str().unwrap(), backup.to_str().unwrap());
    courtyard_json(&["backup", "--data", from, "--out", to, "--json"]);
    let server = Server::start_on(&data, &listen);
    let h =
        county.phone("p", &["search", "李"])["growers"][0]["grower"].as_str().unwrap().to_owned();
    county.phone(
        "p",
        &[
            "buy",
            "--grower",
            &h,
            "--product",
            "9",
            "--grade",
            "A",
            "--weigh",
            "50-1",
            "--price",
            "2/kg",
        ],
    );
    county.phone("p", &["sync"]);
    let before = county.office(&["report", "slips"]);
    drop(server);
    std::fs::remove_dir_all(&data).unwrap();
    courtyard_json(&["restore", "--data", from, "--from", to, "--json"]);
    assert_eq!(county.office(&["report", "slips"])["slips"].as_array().unwrap().len(), 6);
    let server = Server::start_on(&data, &listen);
    county.phone("p", &["sync"]);
    assert_eq!(county.office(&["report", "slips"])["slips"], before["slips"]);
    drop(server);
    assert_eq!(verify(&data, &root).code(), 0);
}
