//! The plug is pulled: SIGKILL on the server and on a phone's process.

use courtyard_tests::{County, Server};
use serde_json::json;

#[test]
fn a_server_killed_after_an_acknowledgement_still_has_what_it_acknowledged() {
    let county = County::new();
    county.office(&["admin", "village", "add", "--name", "V"]);
    let server = Server::start(&county.server_data());
    let listen = server.listen();
    county.enrol("p", "V", &server);
    let h = county.phone("p", &["grower", "add", "--name", "王秀英"])["grower"]
        .as_str()
        .unwrap()
        .to_owned();
    let buy = |gross: u32| {
        let weigh = format!("{gross}-1.5");
        let product =
            ["--product", "9", "--grade", "A", "--price", "3.19/kg", "--date", "2026-07-02"];
        let mut words = vec!["buy", "--grower", &h, "--weigh", &weigh];
        words.extend(product);
        county.phone("p", &words)
    };
    import_product(&county);
    county.phone("p", &["sync"]);
    let mut server = Some(server);
    for round in 1..=4_u32 {
        buy(3 + round);
        county.phone("p", &["sync"]);
        server.take().unwrap().kill();
        buy(30 + round);
        let offline = county.try_phone("p", &["sync"]);
        assert_eq!(offline.code(), 1, "no server, and said so");
        server = Some(Server::start_on(&county.server_data(), &listen));
    }
    county.phone("p", &["sync"]);
    let total = county.office(&["report", "income", "--month", "2026-07"])["total"].clone();
    assert_eq!(total["slips"], json!(8));
    drop(server);
    assert_eq!(county.office(&["report", "income", "--month", "2026-07"])["total"], total);
}

#[test]
fn a_deleted_view_comes_back_as_it_was() {
    let county = County::new();
    county.office(&["admin", "village", "add", "--name", "V"]);
    import_product(&county);
    let server = Server::start(&county.server_data());
    county.enrol("p", "V", &server);
    county.phone("p", &["sync"]);
    let h = county.phone("p", &["grower", "add", "--name", "李国华"])["grower"]
        .as_str()
        .unwrap()
        .to_owned();
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
            "9-1",
            "--price",
            "2/kg",
        ],
    );
    county.phone("p", &["sync"]);
    let before = county.office(&["report", "slips"]);
    assert_eq!(before["slips"].as_array().unwrap().len(), 1);
    drop(server);
    for name in ["view.db", "view.db-wal", "view.db-shm"] {
        let _ = std::fs::remove_file(county.server_data().join(name));
    }
    assert_eq!(county.office(&["report", "slips"]), before);
}

#[test]
fn a_damaged_file_is_set_aside_with_what_could_be_read_and_never_deleted() {
    let county = County::new();
    county.office(&["admin", "village", "add", "--name", "V"]);
    let server = Server::start(&county.server_data());
    county.enrol("p", "V", &server);
    let file = county.path("p").join("courtyard.db");
    for end in ["courtyard.db-wal", "courtyard.db-shm"] {
        let _ = std::fs::remove_file(county.path("p").join(end));
    }
    let whole = std::fs::metadata(&file).unwrap().len();
    std::fs::write(&file, vec![7; usize::try_from(whole).unwrap()]).unwrap();
    let said = county.try_phone("p", &["status"]);
    assert_eq!(said.code(), 1, "{}", said.out);
    assert!(said.err.contains("set aside"), "{}", said.err);
    let kept: Vec<_> = std::fs::read_dir(county.path("p")).unwrap().flatten().collect();
    assert!(
        kept.iter().any(|f| f.metadata().unwrap().len() == whole && f.path() != file),
        "the damaged file is kept: {kept:?}"
    );
    // A new invitation makes it a device again.
    county.enrol("p", "V", &server);
}

#[test]
fn of_a_file_that_was_cut_the_entries_that_are_left_are_exported() {
    let county = County::new();
    county.office(&["admin", "village", "add", "--name", "V"]);
    import_product(&county);
    let server = Server::start(&county.server_data());
    county.enrol("p", "V", &server);
    county.phone("p", &["sync"]);
    let h = county.phone("p", &["grower", "add", "--name", "李国华"])["grower"].clone();
    let h = h.as_str().unwrap();
    for _ in 0..3 {
        let product = ["--product", "9", "--grade", "A", "--price", "2/kg"];
        let mut words = vec!["buy", "--grower", h, "--weigh", "9-1"];
        words.extend(product);
        county.phone("p", &words);
    }
    let path = county.path("p").join("courtyard.db");
    let whole = std::fs::metadata(&path).unwrap().len();
    let file = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
    file.set_len(whole - 4096).unwrap();
    let said = county.try_phone("p", &["status"]);
    assert_eq!(said.code(), 1, "{}", said.out);
    assert!(!said.err.contains(" 0 entries"), "{}", said.err);
}

fn import_product(county: &County) {
    let file = county.path("products.csv");
    std::fs::write(&file, "code,name,category\n9,菠菜,叶菜\n").unwrap();
    county.office(&["import", "products", file.to_str().unwrap()]);
}
