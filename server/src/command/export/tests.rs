//! What is exported is what was written, and a checker finds any damage to it.

use std::path::PathBuf;
use std::sync::Arc;

use courtyard_core::domain::rules::Rules;
use courtyard_core::domain::{EntryId, Fen};
use courtyard_core::verify::{Report, Verifier};

use super::*;
use crate::container::heads::Heads;
use crate::container::json::Export;
use crate::node::Node;

/// A server's folder, stopped.
fn server(folder: &Path) {
    let clock = Arc::new(crate::clock::SystemClock);
    let mut node = Node::open(folder, clock, crate::rng::system()).unwrap();
    let village = node.add_village("上庄", None).unwrap();
    for unit in 1..6 {
        let rules = Rules { cash_unit: Fen::new(unit), ..Rules::default() };
        node.publish(&[rules.into()], None).unwrap();
    }
    let name = vec![("grower/H-001-1/name/1".to_owned(), "李".into())];
    node.edit_register(village, vec![name]).unwrap();
}

fn check(path: &Path, root: &PublicKey, heads: Option<&Heads>) -> Report {
    let container = Container::open(path).unwrap();
    let mut verifier = Verifier::new(root, &container.office, container.certificates.clone());
    if let Some(heads) = heads {
        let (heads, edits) = heads.known().unwrap();
        verifier.demand(heads, edits);
    }
    let books = container.each_book(&mut |book| {
        verifier.book(&book);
        Ok(())
    });
    let registers = container.each_register(&mut |register| {
        verifier.register(&register);
        Ok(())
    });
    books.and(registers).unwrap();
    verifier.finish()
}

#[test]
fn an_export_verifies_and_every_changed_or_removed_entry_of_it_is_named() {
    let place = tempfile::tempdir().unwrap();
    let path = |name: &str| -> PathBuf { place.path().join(name) };
    server(&path("server"));
    let source = Source::open(&path("server")).unwrap();
    let root = source.container.root;
    let written = json::write(&source, &path("all.json")).unwrap();
    assert_eq!((written.books, written.edits), (1, 1));
    heads::write(&source, &path("heads.json")).unwrap();
    let heads = Heads::read(&path("heads.json")).unwrap();
    let report = check(&path("all.json"), &root, Some(&heads));
    assert!(report.is_sound(), "{report:?}");
    assert_eq!(report.entries, written.entries);

    let bytes = std::fs::read(path("all.json")).unwrap();
    let whole: Export = serde_json::from_slice(&bytes).unwrap();
    let device = whole.books[0].device.parse().unwrap();
    let checked = |export: &Export| {
        std::fs::write(path("damaged.json"), serde_json::to_vec(export).unwrap()).unwrap();
        check(&path("damaged.json"), &root, None)
    };
    for (place, number) in (0..whole.books[0].entries.len()).zip(1..) {
        let wanted = EntryId::new(device, number);
        let mut flipped = whole.clone();
        let entry = &mut flipped.books[0].entries[place];
        let last = if entry.ends_with('0') { '1' } else { '0' };
        entry.pop();
        entry.push(last);
        let found = checked(&flipped).broken[0];
        assert_eq!((found.first, found.last), (wanted, wanted));

        let mut removed = whole.clone();
        removed.books[0].entries.remove(place);
        let found = checked(&removed).broken[0];
        assert_eq!((found.first, found.last), (wanted, wanted));
    }

    // An end that was cut off with all that is written of it beside it.
    let mut cut = whole.clone();
    let book = &mut cut.books[0];
    book.entries.pop();
    book.marks.pop();
    book.signatures.pop();
    book.count -= 1;
    book.head.clear();
    assert!(checked(&cut).is_sound(), "nothing signed tells");
    assert!(!check(&path("damaged.json"), &root, Some(&heads)).is_sound());
}

#[test]
fn an_export_of_an_export_is_the_same() {
    let place = tempfile::tempdir().unwrap();
    let path = |name: &str| place.path().join(name);
    server(&path("server"));
    json::write(&Source::open(&path("server")).unwrap(), &path("one.json")).unwrap();
    json::write(&Source::open(&path("one.json")).unwrap(), &path("two.json")).unwrap();
    let read = |name: &str| std::fs::read(path(name)).unwrap();
    assert_eq!(read("one.json"), read("two.json"));
}

#[test]
fn what_stands_at_the_place_of_an_export_is_never_written_over() {
    let place = tempfile::tempdir().unwrap();
    let path = |name: &str| place.path().join(name);
    server(&path("server"));
    let source = Source::open(&path("server")).unwrap();
    std::fs::write(path("file"), "mine").unwrap();
    assert!(json::write(&source, &path("file")).is_err());
    assert!(automerge::write(&source, place.path()).is_err());
    assert_eq!(std::fs::read(path("file")).unwrap(), b"mine");
    automerge::write(&source, &path("new")).unwrap();
    assert!(path("new").join("index.json").is_file());
    assert!(path("new").join("register/1/0.automerge").is_file());
}

#[test]
fn a_book_that_does_not_give_its_head_is_not_given_out() {
    let place = tempfile::tempdir().unwrap();
    server(place.path());
    let log = rusqlite::Connection::open(place.path().join("log.db")).unwrap();
    log.execute("UPDATE book SET head = zeroblob(32)", []).unwrap();
    drop(log);
    let source = Source::open(place.path()).unwrap();
    let said = json::write(&source, &place.path().join("all.json")).unwrap_err();
    assert!(said.text().contains("verify"), "{}", said.text());
    assert!(!place.path().join("all.json").exists());
}

#[test]
fn the_main_tables_are_written_as_files_and_as_sheets_and_nothing_is_overwritten() {
    let place = tempfile::tempdir().unwrap();
    let path = |name: &str| -> PathBuf { place.path().join(name) };
    server(&path("server"));
    let to = |out: &str| To { data: path("server"), out: path(out), json: true };
    sheets::csv(&to("csv")).unwrap();
    let wanted = ["slips", "slip_lines", "payouts", "debts", "income", "contracts"];
    for table in wanted {
        let text = std::fs::read_to_string(path("csv").join(format!("{table}.csv"))).unwrap();
        assert_eq!(text.lines().count(), 1, "{table}: {text}");
    }
    sheets::workbook(&to("all.xlsx")).unwrap();
    let book: calamine::Xlsx<_> = calamine::open_workbook(path("all.xlsx")).unwrap();
    assert_eq!(calamine::Reader::sheet_names(&book), wanted);
    assert!(sheets::csv(&to("csv")).is_err());
    assert!(sheets::workbook(&to("all.xlsx")).is_err());
}
