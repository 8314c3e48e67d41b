//! Own entries: whole or not at all, signed, and the same after a rebuild.

use super::world::*;
use crate::domain::{ContractId, EntryId, Fen};
use crate::ledger::Status;
use crate::store::*;

#[test]
fn a_slip_is_saved_with_its_head_and_signature_and_counts_at_once() {
    let district = District::new();
    let phone = district.signer(5);
    let mut store = district.store("phone", &[5]);
    let saved = save(&mut store, &phone, slip(grower(5, 1), 11_352));
    assert_eq!(saved.id.to_string(), "005-000001");
    assert_eq!(saved.outcome.unwrap().status, Status::Counted);
    let record = store.slip(saved.id).unwrap().unwrap();
    assert_eq!((record.amount, record.remaining), (Fen::new(3_621), Fen::new(3_621)));
    let (books, _) = parts(&mut store, &phone);
    assert_eq!(books.len(), 1);
    let tip = district.trust.check_part(phone.certificate(), None, None, &books[0]).unwrap();
    assert_eq!(tip.head, store.proof(saved.id).unwrap().unwrap().head);
}

#[test]
fn books_follow_one_another_and_chain() {
    let district = District::new();
    let phone = district.signer(5);
    let mut store = district.store("phone", &[5]);
    for n in 0..450 {
        save(&mut store, &phone, slip(grower(5, 1), 1_000 + n));
    }
    let (books, _) = parts(&mut store, &phone);
    let counts: Vec<_> = books.iter().map(|p| (p.book.number, p.entries.len())).collect();
    assert_eq!(counts, [(0, 200), (1, 200), (2, 50)]);
    let mut other = district.store("other", &[5]);
    let incoming = Incoming { books: &books, ..Incoming::default() };
    let done = other.ingest(incoming, Checked::Here).unwrap();
    assert_eq!((done.entries, done.parked, done.set_aside), (450, 0, 0));
    assert_eq!(other.digests(VILLAGE).unwrap(), store.digests(VILLAGE).unwrap());
    let again = other.ingest(incoming, Checked::Here).unwrap();
    assert_eq!((again.entries, again.duplicates), (0, 450));
}

#[test]
fn a_rebuild_gives_identical_rows() {
    let district = District::new();
    let (county, phone) = (district.signer(0), district.signer(5));
    let mut store = district.store("phone", &[0, 5]);
    for body in catalogue() {
        save(&mut store, &county, body);
    }
    let contract_id = ContractId::new(device(5), 1);
    for counter in 1..=3 {
        let grower = grower(5, counter);
        save(&mut store, &phone, contract(grower, contract_id));
        let first = save(&mut store, &phone, on_contract(slip(grower, 11_352), contract_id));
        let second = save(&mut store, &phone, slip(grower, 5_000));
        save(&mut store, &phone, payout(grower, first.id, Fen::new(3_621)));
        save(&mut store, &phone, void(grower, second.id, second.hash));
        // Paid once more, which is too much; held: a slip that nobody knows.
        save(&mut store, &phone, payout(grower, first.id, Fen::new(3_621)));
        save(&mut store, &phone, payout(grower, EntryId::new(device(5), 999), Fen::new(1)));
        save(&mut store, &phone, prepayment(grower, Fen::new(10_000)));
        let name = crate::document::register::keys::grower_name_key(grower, 1);
        store.work(&phone, |work| work.edit(VILLAGE, vec![(name.clone(), "王芳".into())])).unwrap();
    }
    let before = projections(&store);
    // Nothing here is issued again, taken over from paper, ruled, or asked about.
    let empty: Vec<&str> = before
        .iter()
        .filter(|(_, rows)| rows.is_empty())
        .map(|(table, _)| table.as_str())
        .collect();
    assert_eq!(empty, ["identities", "recovered", "reissues", "rules", "words"]);
    store.rebuild().unwrap();
    assert_eq!(projections(&store), before);
    assert_eq!(store.counts().unwrap().held, 3);
    assert_eq!(store.trial_balance().unwrap().difference, Fen::ZERO);
    assert!(store.control_differences().unwrap().is_empty());
}

#[test]
fn work_that_fails_leaves_nothing_behind() {
    let district = District::new();
    let phone = district.signer(5);
    let mut store = district.store("phone", &[5]);
    save(&mut store, &phone, slip(grower(5, 1), 4_000));
    let before = (projections(&store), rows(&store, "entries"), rows(&store, "books"));
    let key = ImportKey::of(b"row", 0);
    let failed: Result<(), StoreError> = store.work(&phone, |work| {
        let saved = work.save(new_entry(slip(grower(5, 1), 5_000)))?;
        work.keep_import(&key, saved.id)?;
        let name = crate::document::register::keys::grower_name_key(grower(5, 1), 1);
        work.edit(VILLAGE, vec![(name, "王芳".into())])?;
        Err(StoreError::NotEnrolled)
    });
    assert!(matches!(failed, Err(StoreError::NotEnrolled)));
    assert_eq!((projections(&store), rows(&store, "entries"), rows(&store, "books")), before);
    assert_eq!(store.imported(&key).unwrap(), None);
    // The register in memory forgot the edit too: the next one is the first.
    let name = crate::document::register::keys::grower_name_key(grower(5, 1), 1);
    let edit = store.work(&phone, |work| work.edit(VILLAGE, vec![(name.clone(), "李强".into())]));
    assert_eq!(edit.unwrap(), Some(1));
    assert_eq!(store.search("liq", 10).unwrap()[0].name, "李强");
}

#[test]
fn digests_tell_a_damaged_entry_and_a_changed_balance() {
    let district = District::new();
    let phone = district.signer(5);
    let mut store = district.store("phone", &[5]);
    // One of them registered by the county, and known by the village's register.
    for number in [5, 0] {
        save(&mut store, &phone, slip(grower(number, 1), 4_000));
        let name = crate::document::register::keys::grower_name_key(grower(number, 1), 1);
        store.edit_register(&phone, VILLAGE, vec![(name, "王芳".into())]).unwrap();
    }
    let whole = store.digests(VILLAGE).unwrap();
    let with = |sql: &str| {
        let transaction = store.reader().unchecked_transaction().unwrap();
        transaction.execute_batch(sql).unwrap();
        store.digests(VILLAGE)
    };
    for (sql, heads, ledger) in [
        ("UPDATE slips SET paid_fen = 1 WHERE grower & 4294967295 = 1", true, false),
        ("UPDATE balances SET credit_fen = 1 WHERE partition >> 32 = 0", true, false),
        (
            "UPDATE entries SET bytes = (SELECT bytes FROM entries ORDER BY id LIMIT 1)",
            false,
            false,
        ),
        ("DELETE FROM entries WHERE id & 4294967295 = 2", false, false),
        ("UPDATE books SET head = zeroblob(32)", false, true),
    ] {
        let damaged = with(sql).unwrap();
        assert_eq!(
            (damaged.heads == whole.heads, damaged.ledger == whole.ledger),
            (heads, ledger),
            "{sql}"
        );
    }
    // What cannot even be read is an error, and so no agreement.
    assert!(with("UPDATE entries SET bytes = x'00'").is_err());
}
