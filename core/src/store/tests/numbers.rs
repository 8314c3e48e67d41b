//! Which numbers of a phone that is gone are known, and which are missing.

use super::world::*;
use crate::domain::{EntryId, Fen};
use crate::store::{Checked, DeviceNumbers, Incoming};

#[test]
fn a_gap_shows_by_what_speaks_of_a_number_behind_it() {
    let district = District::new();
    let (lost, other) = (district.signer(2), district.signer(3));
    let grower = grower(2, 1);
    let mut phone = district.store("lost", &[2, 3]);
    let mut seen = district.store("office", &[2, 3]);
    let numbers = |store: &crate::store::Store| store.numbers_of(device(2)).unwrap();
    assert_eq!(numbers(&seen), DeviceNumbers::default());

    save(&mut phone, &lost, slip(grower, 1_000));
    let (books, _) = parts(&mut phone, &lost);
    let incoming = Incoming { books: &books, ..Incoming::default() };
    seen.ingest(incoming, Checked::Here).unwrap();
    assert_eq!(numbers(&seen), DeviceNumbers { last: 1, known_to: 1, ..DeviceNumbers::default() });

    // Another phone paid the lost one's fourth entry: the second to the fourth exist.
    let fourth = EntryId::new(device(2), 4);
    save(&mut seen, &other, payout(grower, fourth, Fen::new(100)));
    let missing = vec![(2, 4)];
    assert_eq!(
        numbers(&seen),
        DeviceNumbers { last: 1, known_to: 4, missing, ..DeviceNumbers::default() }
    );
}
