//! A slip that was taken over from paper is the same row, whichever comes first.

use super::world::*;
use crate::domain::{EntryId, Fen, Rule};
use crate::ledger::Status;
use crate::store::{Checked, Incoming, Store};
use crate::wire::BookPart;

/// What a phone wrote: a slip that the office got, one that it never saw, one that is on paper.
fn lost(district: &District) -> (Store, Vec<BookPart>) {
    let mut phone = district.store("lost", &[1, 2, 3]);
    let signer = district.signer(2);
    for net in [1_000, 2_000, 3_000] {
        save(&mut phone, &signer, slip(grower(2, 1), net));
    }
    let (books, _) = parts(&mut phone, &signer);
    (phone, books)
}

fn third() -> EntryId {
    EntryId::new(device(2), 3)
}

/// The office's part that takes the third slip over, as its QR shows it.
fn taken_over(district: &District, phone: &Store) -> Vec<BookPart> {
    let mut office = district.store("writes", &[1, 2]);
    let proof = phone.slip_proof(&district.signer(2), third()).unwrap().unwrap();
    assert!(proof.verify(district.trust.root()).is_ok());
    save(&mut office, &district.signer(1), proof.into_recovered());
    parts(&mut office, &district.signer(1)).0
}

fn take(store: &mut Store, books: &[BookPart]) {
    store.ingest(Incoming { books, ..Incoming::default() }, Checked::Here).unwrap();
}

fn is_as_rebuilt(store: &mut Store) {
    let before = projections(store);
    store.rebuild().unwrap();
    assert_eq!(projections(store), before);
}

#[test]
fn the_slip_stands_under_its_own_number_and_its_neighbours_stay_missing() {
    let district = District::new();
    let (phone, _) = lost(&district);
    let office = taken_over(&district, &phone);
    let mut seen = district.store("seen", &[1, 2, 3]);
    take(&mut seen, &office);
    assert_eq!(seen.slip(third()).unwrap().unwrap().net.get(), 3_000);
    let entry = seen.entry(third()).unwrap().unwrap();
    assert_eq!((entry.status, entry.bytes.len() > 20), (Status::Counted, true));
    let numbers = seen.numbers_of(device(2)).unwrap();
    assert_eq!((numbers.last, numbers.known_to), (0, 3));
    assert_eq!((numbers.recovered, numbers.missing), (vec![3], vec![(1, 2)]));
    assert_eq!(seen.control_differences().unwrap(), []);
    // What speaks of it finds it.
    save(&mut seen, &district.signer(3), payout(grower(2, 1), third(), Fen::new(957)));
    assert_eq!(seen.about(third()).unwrap().len(), 2, "the payout, and what took it over");
    is_as_rebuilt(&mut seen);
}

#[test]
fn it_is_the_same_ledger_whether_the_phone_comes_before_or_after_or_never() {
    let district = District::new();
    let (phone, books) = lost(&district);
    let office = taken_over(&district, &phone);
    let mut after = district.store("after", &[1, 2, 3]);
    take(&mut after, &office);
    take(&mut after, &books);
    let mut before = district.store("before", &[1, 2, 3]);
    take(&mut before, &books);
    take(&mut before, &office);
    assert_eq!(projections(&before), projections(&after));
    for store in [&mut before, &mut after] {
        is_as_rebuilt(store);
        assert_eq!(store.control_differences().unwrap(), []);
        let held = store.counts().unwrap().held;
        assert_eq!((store.slip(third()).unwrap().unwrap().net.get(), held), (3_000, 0));
        assert_eq!(store.numbers_of(device(2)).unwrap().missing, []);
    }
}

#[test]
fn an_original_that_differs_is_chained_and_held_and_the_paper_counts() {
    let district = District::new();
    let (phone, _) = lost(&district);
    let office = taken_over(&district, &phone);
    // A copy of the phone wrote something else under the same number, for another grower.
    let mut copy = district.store("copy", &[1, 2, 3]);
    for (counter, net) in [(1, 1_000), (1, 2_000), (7, 9_000)] {
        save(&mut copy, &district.signer(2), slip(grower(2, counter), net));
    }
    let (books, _) = parts(&mut copy, &district.signer(2));
    let mut after = district.store("after", &[1, 2, 3]);
    take(&mut after, &office);
    take(&mut after, &books);
    let mut before = district.store("before", &[1, 2, 3]);
    take(&mut before, &books);
    take(&mut before, &office);
    assert_eq!(projections(&before), projections(&after));
    for store in [&mut before, &mut after] {
        is_as_rebuilt(store);
        let came = store.entry(third()).unwrap().unwrap();
        let differs = Status::Held(vec![Rule::ENTRY_DIFFERS_FROM_RECOVERED]);
        assert_eq!(came.status, differs);
        assert_eq!(came.arrived.entry.body.grower(), Some(grower(2, 7)));
        assert_eq!(store.slip(third()).unwrap().unwrap().net.get(), 3_000);
        assert_eq!(store.control_differences().unwrap(), []);
    }
}
