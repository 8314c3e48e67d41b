//! Containers of every kind, whole and damaged, and that reading one leaves it as it was.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use courtyard_core::document::{
    DeviceKey, DistrictId, OfficeCertificate, PublicKey, issue_device_certificate,
};
use courtyard_core::domain::device::DeviceRole;
use courtyard_core::domain::rules::Rules;
use courtyard_core::domain::{
    BusinessDate, Clock, DeviceNo, EntityNo, EntryId, Fen, OperatorNo, VillageNo,
};
use courtyard_core::store::{NewEntry, OpenOptions, Signer, Store, Trust};
use courtyard_core::sync::Session;
use courtyard_core::verify::{BookFault, Report, Verifier};
use rusqlite::Connection;

use super::*;
use crate::node::Node;

fn check(path: &Path, root: &PublicKey) -> (Container, Report) {
    let container = Container::open(path).unwrap();
    let mut verifier =
        Verifier::new(root, &container.office, container.certificates.iter().cloned());
    verifier.demand(container.known.clone(), container.known_edits.clone());
    let books = container.each_book(&mut |book| {
        verifier.book(&book);
        Ok(())
    });
    let registers = container.each_register(&mut |register| {
        verifier.register(&register);
        Ok(())
    });
    books.and(registers).unwrap();
    (container, verifier.finish())
}

/// The content of every file in a folder.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    std::fs::read_dir(folder)
        .unwrap()
        .map(|item| item.unwrap())
        .map(|item| (item.file_name().into_string().unwrap(), std::fs::read(item.path()).unwrap()))
        .collect()
}

/// A server's folder with entries in the county's book and edits in a village's register.
fn server(folder: &Path) -> (Node, PublicKey) {
    let clock = Arc::new(crate::clock::SystemClock);
    let mut node = Node::open(folder, clock, crate::rng::system()).unwrap();
    let village = node.add_village("上庄", None).unwrap();
    for unit in [1, 10, 50] {
        let rules = Rules { cash_unit: Fen::new(unit), ..Rules::default() };
        node.publish(&[rules.into()], None).unwrap();
    }
    let name = |name: &str| vec![("grower/H-001-1/name/1".to_owned(), name.into())];
    node.edit_register(village, vec![name("李"), name("王")]).unwrap();
    let root = node.root().unwrap();
    (node, root)
}

/// A phone's folder with three notes and two register edits of its own.
fn phone(folder: &Path) -> (Store, PublicKey) {
    let (root, office) = (DeviceKey::from_seed([1; 32]), DeviceKey::from_seed([2; 32]));
    let district = DistrictId::of(&root.public());
    let key = DeviceKey::from_seed([3; 32]);
    let (device, village) = (DeviceNo::new(7).unwrap(), VillageNo::new(1));
    let certificate = issue_device_certificate(
        &office,
        &district,
        device,
        &key.public(),
        DeviceRole::Phone,
        Some(village),
    );
    let office = OfficeCertificate::issue(&root, &office.public());
    let trust = Trust::new(root.public(), office).unwrap();
    let mut store = Store::open(OpenOptions::durable(folder.join(PHONE_STORE))).unwrap();
    store.keep_seed(&key.seed()).unwrap();
    let session = Session { token: None, challenge: None, columns: 1 };
    store.enrol(&trust, &certificate, &[], "http://127.0.0.1:1", &session).unwrap();
    let signer = Signer::new(key, district, certificate).unwrap();
    for text in ["一", "二", "三"] {
        let note = courtyard_core::domain::note::Note { about: None, text: text.into() };
        let new = NewEntry {
            date: BusinessDate::from_days(18_444).unwrap(),
            clock: Clock::default(),
            entity: EntityNo::new(0),
            operator: OperatorNo::new(0),
            body: note.into(),
            reissue_of: None,
        };
        store.save(&signer, new, None).unwrap();
    }
    for name in ["李", "王"] {
        let assignments = vec![("grower/H-007-1/name/1".to_owned(), name.into())];
        store.edit_register(&signer, village, assignments).unwrap();
    }
    (store, root.public())
}

#[test]
fn a_server_folder_verifies_while_it_is_open_and_after_and_stays_as_it_was() {
    let place = tempfile::tempdir().unwrap();
    let (node, root) = server(place.path());
    let before = files(place.path());
    let (container, report) = check(place.path(), &root);
    assert_eq!(container.kind, Kind::Server);
    assert!(report.is_sound(), "{report:?}");
    assert!(report.entries >= 6 && report.edits == 2, "{report:?}");
    drop(container);
    let mut after = files(place.path());
    // The index of the write-ahead log also notes who is reading.
    after.insert("log.db-shm".into(), before["log.db-shm"].clone());
    assert_eq!(before, after);
    drop(node);

    let before = files(place.path());
    assert!(!before.contains_key("log.db-wal"));
    assert!(check(place.path(), &root).1.is_sound());
    assert!(check(&place.path().join("log.db"), &root).1.is_sound());
    assert_eq!(before, files(place.path()));
}

#[test]
fn what_a_killed_server_left_behind_is_read_with_its_last_commits() {
    let place = tempfile::tempdir().unwrap();
    let (node, root) = server(place.path());
    let left = tempfile::tempdir().unwrap();
    for with_index in [true, false] {
        for name in ["log.db", "log.db-wal", "log.db-shm"] {
            let to = left.path().join(name);
            if with_index || name != "log.db-shm" {
                std::fs::copy(place.path().join(name), &to).unwrap();
            } else {
                std::fs::remove_file(&to).unwrap();
            }
        }
        let before = files(left.path());
        let (container, report) = check(left.path(), &root);
        assert!(report.is_sound() && report.entries >= 6, "{report:?}");
        drop(container);
        let mut after = files(left.path());
        if with_index {
            after.insert("log.db-shm".into(), before["log.db-shm"].clone());
        }
        assert_eq!(before, after, "with index: {with_index}");
    }
    drop(node);
}

#[test]
fn every_flipped_byte_of_a_batch_is_found() {
    let place = tempfile::tempdir().unwrap();
    let (node, root) = server(place.path());
    drop(node);
    let log = Connection::open(place.path().join("log.db")).unwrap();
    let whole: Vec<(i64, Vec<u8>)> = log
        .prepare("SELECT number, entries FROM batch ORDER BY number")
        .unwrap()
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    let write = |number: i64, entries: &[u8]| {
        log.execute("UPDATE batch SET entries = ?2 WHERE number = ?1", (number, entries)).unwrap();
    };
    for (number, entries) in &whole {
        for place_of_byte in (0..entries.len()).step_by(11) {
            let mut flipped = entries.clone();
            flipped[place_of_byte] ^= 0x10;
            write(*number, &flipped);
            let (_, report) = check(place.path(), &root);
            assert!(!report.broken.is_empty(), "batch {number}, byte {place_of_byte}");
        }
        write(*number, entries);
    }
    log.execute("DELETE FROM batch WHERE number = ?1", [whole[1].0]).unwrap();
    assert_eq!(check(place.path(), &root).1.broken[0].fault, BookFault::Gap);
}

#[test]
fn a_phone_verifies_and_names_the_entry_that_was_changed_or_removed() {
    let place = tempfile::tempdir().unwrap();
    let (store, root) = phone(place.path());
    let (container, report) = check(place.path(), &root);
    assert_eq!(container.kind, Kind::Phone);
    assert!(report.is_sound(), "{report:?}");
    assert_eq!((report.books, report.entries, report.edits), (1, 3, 2));
    drop((container, store));

    let file = place.path().join(PHONE_STORE);
    let phone = Connection::open(&file).unwrap();
    let second = EntryId::new(DeviceNo::new(7).unwrap(), 2);
    let mut bytes: Vec<u8> = phone
        .query_row("SELECT bytes FROM entries WHERE id = ?1", [second.key()], |row| row.get(0))
        .unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    let sql = "UPDATE entries SET bytes = ?2 WHERE id = ?1";
    phone.execute(sql, (second.key(), &bytes)).unwrap();
    let found = check(&file, &root).1.broken[0];
    assert!(found.first <= second && second <= found.last, "{found:?}");

    phone.execute("DELETE FROM entries WHERE id = ?1", [second.key()]).unwrap();
    let found = check(&file, &root).1.broken[0];
    assert_eq!((found.first, found.last, found.fault), (second, second, BookFault::Gap));

    phone.execute("DELETE FROM edits WHERE number = 1", []).unwrap();
    assert_eq!(check(&file, &root).1.broken_edits[0].first, 1);
}

#[test]
fn a_backup_is_held_to_its_own_manifest() {
    let place = tempfile::tempdir().unwrap();
    let (mut node, root) = server(place.path());
    let to = tempfile::tempdir().unwrap();
    crate::backup::backup(&mut node, to.path(), false, 0).unwrap();
    let before = files(to.path());
    let (container, report) = check(to.path(), &root);
    assert_eq!((container.kind, container.damaged.len()), (Kind::Backup, 0));
    assert!(report.is_sound() && !container.known.is_empty());
    drop(container);
    assert_eq!(before, files(to.path()));

    // Whoever takes the last batch away makes everything in the log agree with that.
    let log = Connection::open(to.path().join("log.db")).unwrap();
    log.execute_batch(
        "CREATE TEMP TABLE gone AS SELECT * FROM batch ORDER BY number DESC LIMIT 1;
         DELETE FROM batch WHERE number = (SELECT number FROM gone);
         DELETE FROM book WHERE (device, number) = (SELECT device, book FROM gone);",
    )
    .unwrap();
    drop(log);
    let (container, report) = check(to.path(), &root);
    assert_eq!(report.broken[0].fault, BookFault::Truncated);
    assert_eq!(container.damaged.len(), 1, "{:?}", container.damaged);
}

#[test]
fn what_is_no_container_is_said_to_be_none() {
    let place = tempfile::tempdir().unwrap();
    let open = |name: &str| Container::open(&place.path().join(name));
    assert!(matches!(open("nothing"), Err(ContainerError::Missing(_))));
    assert!(matches!(open(""), Err(ContainerError::Unknown(_))));
    for (name, content) in [("text", "hello"), ("json", "{\"format\":2}"), ("empty", "")] {
        std::fs::write(place.path().join(name), content).unwrap();
        assert!(matches!(open(name), Err(ContainerError::Unknown(_))), "{name}");
    }
    Connection::open(place.path().join("other.db"))
        .unwrap()
        .execute_batch("CREATE TABLE t (a)")
        .unwrap();
    assert!(matches!(open("other.db"), Err(ContainerError::Unknown(_))));
    std::fs::write(place.path().join("cut.json"), "{\"format\":1,\"root\":\"\"}").unwrap();
    assert!(matches!(open("cut.json"), Err(ContainerError::Damaged(_))));
    drop(Store::open(OpenOptions::durable(place.path().join("new.db"))).unwrap());
    assert!(matches!(open("new.db"), Err(ContainerError::Empty(_))));
}
