//! Case 23: an old app meets a new server, and the reverse. What this build does not know is kept as
//! it is, counted as "of a newer kind", and passed on.

use super::exchange::{Phone, Piece, cut, take};
use super::world::*;
use crate::document::{BookId, DocumentId, extend};
use crate::domain::{Body, Clock, Entry, EntryHash, EntryId};
use crate::ledger::Status;
use crate::store::StoreReplica;
use crate::sync::Replica as _;
use crate::wire::{AuditResponse, AuditedBook, BookPart};

/// The entry as a newer build would write it: under a kind that this build does not know.
fn of_a_newer_kind(bytes: &[u8]) -> Vec<u8> {
    let (head, rest) = bytes.split_at(2);
    assert_eq!(head, [0x89, 0x10], "nine items, the first of them a slip's kind");
    [&[0x89, 0x19, 0x03, 0xe7], rest].concat()
}

/// The entry with one more item at its end: a field that this build does not know.
fn with_a_newer_field(bytes: &[u8]) -> Vec<u8> {
    let mut more = bytes.to_vec();
    assert_eq!(more[0], 0x89);
    more[0] = 0x8b;
    // No reissue, and then a text of the newer build.
    more.extend([0xf6, 0x63, b'n', b'e', b'w']);
    more
}

/// A newer phone's book: a slip, one of a newer kind, a slip with a newer field.
fn newer_book(district: &District) -> (Vec<Vec<u8>>, Piece) {
    let store = district.store("newer phone", &[6]);
    let mut phone = Phone { signer: district.signer(6), store };
    for net in [1_000, 2_000, 3_000] {
        save(&mut phone.store, &phone.signer, slip(grower(6, 1), net));
    }
    let Some(Piece::Book(part)) = cut(district, &mut phone, usize::MAX).into_iter().next() else {
        panic!("a book")
    };
    let [first, second, third] = part.entries.try_into().unwrap();
    let entries = vec![first, of_a_newer_kind(&second), with_a_newer_field(&third)];
    let book: BookId = part.book;
    let bytes = entries.iter().map(Vec::as_slice);
    let tip = extend(district.trust.district(), phone.signer.actor(), book, None, None, bytes);
    let tip = tip.unwrap();
    let signature = phone.signer.sign_head(DocumentId::Book(book), tip.count, tip.head);
    (entries.clone(), Piece::Book(BookPart { book, start: 0, entries, signature }))
}

#[test]
fn case_23_what_a_newer_build_wrote_is_kept_counted_and_passed_on() {
    let district = District::new();
    let (entries, piece) = newer_book(&district);
    let mut old = district.store("old", &[5, 6]);
    take(&mut old, &piece);

    // "1 entry of a newer kind"; what is known counts, the newer field aside.
    let counts = old.counts().unwrap();
    assert_eq!((counts.newer, counts.held, counts.set_aside, counts.parked), (1, 0, 0, 0));
    let unknown = EntryId::new(device(6), 2);
    let newer = old.newer().unwrap();
    assert_eq!(newer.iter().map(|held| held.entry).collect::<Vec<_>>(), [unknown]);
    assert_eq!(old.entry(unknown).unwrap().unwrap().status, Status::Newer);
    let day = "2020-07-01".parse().unwrap();
    let totals = old.totals(day, day).unwrap();
    // 1 kg and 3 kg at 3.19 yuan.
    assert_eq!((totals.purchases, totals.net_g.get(), totals.amount_fen.get()), (2, 4_000, 1_276));
    assert!(old.control_differences().unwrap().is_empty());
    let third = old.entry(EntryId::new(device(6), 3)).unwrap().unwrap();
    assert!(matches!(Entry::decode(&third.bytes).unwrap().body, Body::Slip(_)));

    // Kept to the byte, under the hash that the newer build gave it.
    for (number, bytes) in (1..).zip(&entries) {
        let stored = old.entry(EntryId::new(device(6), number)).unwrap().unwrap();
        assert_eq!(&stored.bytes, bytes);
        assert_eq!(stored.arrived.hash, EntryHash::of(bytes));
    }
    // Passed on as it came: a server that has lost it gets the same bytes under the same signature.
    let (reader, now) = (district.signer(5), Clock::default());
    let mut replica = StoreReplica::new(&mut old, &reader, now);
    let book = BookId { device: device(6), number: 0 };
    let books = vec![AuditedBook { book, count: 0, agrees: true }];
    let answer = AuditResponse { epoch: 2, books, edits: Vec::new() };
    replica.apply_audit(&answer, None).unwrap();
    let passed = replica.outgoing(usize::MAX).unwrap().books.remove(0);
    let Piece::Book(sent) = &piece else { panic!("a book") };
    assert_eq!(&passed, sent);
    let mut next = district.store("next", &[5, 6]);
    take(&mut next, &Piece::Book(passed));
    for (number, bytes) in (1..).zip(&entries) {
        let stored = next.entry(EntryId::new(device(6), number)).unwrap().unwrap();
        assert_eq!(&stored.bytes, bytes);
    }
    assert_eq!(next.counts().unwrap().newer, 1);
    // Computed again from nothing, it is the same.
    let before = projections(&next);
    next.rebuild().unwrap();
    assert_eq!(projections(&next), before);
}
