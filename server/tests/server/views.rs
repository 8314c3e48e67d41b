//! The view follows the log, whatever happened to it.

use std::path::Path;

use courtyard_core::wire::message::path;
use courtyard_server::view::View;
use rusqlite::types::ValueRef;

use crate::support::{Phone, Yard, open_node};

/// Every row of every table, in a fixed order.
fn rows(view: &Path) -> Vec<String> {
    let connection = rusqlite::Connection::open(view).unwrap();
    let tables: Vec<String> = connection
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let mut all = Vec::new();
    for table in tables {
        let mut statement = connection.prepare(&format!("SELECT * FROM \"{table}\"")).unwrap();
        let columns = statement.column_count();
        let mut found = statement.query([]).unwrap();
        while let Some(row) = found.next().unwrap() {
            let mut line = table.clone();
            for column in 0..columns {
                line.push('|');
                line.push_str(&match row.get_ref(column).unwrap() {
                    ValueRef::Null => "-".to_owned(),
                    ValueRef::Integer(i) => i.to_string(),
                    ValueRef::Real(r) => r.to_string(),
                    ValueRef::Text(t) => String::from_utf8_lossy(t).into_owned(),
                    ValueRef::Blob(b) => hex::encode(b),
                });
            }
            all.push(line);
        }
    }
    all.sort();
    all
}

fn some_work(yard: &Yard, phone: &mut Phone, from: u32, to: u32) {
    while u32::try_from(phone.entries.len()).unwrap() < to {
        phone.note("again");
    }
    let edit = phone.edit(&format!("grower/H-003-{to}/name/1"), "王");
    let request = phone.request(vec![phone.part(0, from, to)], vec![edit]);
    assert!(yard.call("POST", path::SYNC, request.encode()).sync().refused.is_empty());
}

#[test]
fn a_view_that_is_deleted_damaged_or_left_behind_shows_the_same_rows_again() {
    let yard = Yard::new();
    let mut phone = yard.enrol(1);
    let file = yard.place.path().join("view.db");
    some_work(&yard, &mut phone, 0, 3);
    yard.node().view().unwrap();
    // The server died between the append and the view.
    some_work(&yard, &mut phone, 3, 7);
    let other = yard.place.path().join("from-nothing.db");
    let mut log =
        courtyard_server::log::sqlite::SqliteLog::open(&yard.place.path().join("log.db")).unwrap();
    View::open(&other).unwrap().catch_up(&mut log).unwrap();
    let expected = rows(&other);
    assert!(expected.len() > 20);
    assert_ne!(rows(&file), expected);
    yard.node().view().unwrap();
    assert_eq!(rows(&file), expected, "caught up");

    for suffix in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(yard.place.path().join(format!("view.db{suffix}")));
    }
    yard.node().view().unwrap();
    assert_eq!(rows(&file), expected, "deleted");

    std::fs::write(&file, "this is no database, whatever it once was".repeat(200)).unwrap();
    yard.node().view().unwrap();
    assert_eq!(rows(&file), expected, "damaged");
    // Nothing new: the same number, and nothing is done.
    let number = View::open(&file).unwrap().catch_up(&mut log).unwrap();
    let county = yard.node().read().unwrap().county().unwrap().unwrap();
    assert_eq!(number, county.last_number);
    assert_eq!(rows(&file), expected);
}

#[test]
fn a_view_of_another_log_is_made_anew() {
    let yard = Yard::new();
    let mut phone = yard.enrol(1);
    some_work(&yard, &mut phone, 0, 3);
    yard.node().view().unwrap();
    let place = tempfile::tempdir().unwrap();
    std::fs::copy(yard.place.path().join("view.db"), place.path().join("view.db")).unwrap();
    let mut other = open_node(place.path(), &yard.clock, 50);
    other.add_village("后庄", None).unwrap();
    other.view().unwrap();
    let found = rows(&place.path().join("view.db"));
    std::fs::remove_file(place.path().join("view.db")).unwrap();
    other.view().unwrap();
    assert_eq!(rows(&place.path().join("view.db")), found);
}
