//! Linked numbers: one household in sums and lists, each with its own postings.

use super::world::*;
use crate::domain::identity::{IdentityLink, IdentityUnlink};
use crate::domain::{Fen, Month};
use crate::store::*;

fn july() -> Month {
    "2020-07".parse().unwrap()
}

fn income(store: &Store) -> Vec<(String, i64, i64)> {
    let rows = store.income(july(), None, None).unwrap().growers;
    rows.into_iter().map(|row| (row.grower, row.slips, row.amount_fen.get())).collect()
}

#[test]
fn a_link_combines_sums_and_an_unlink_restores_them() {
    let district = District::new();
    let (office, one, two) = (district.signer(1), district.signer(5), district.signer(6));
    let mut store = district.store("view", &[0, 1, 5, 6]);
    let (kept, other) = (grower(5, 1), grower(6, 1));
    save(&mut store, &one, slip(kept, 1_000));
    save(&mut store, &two, slip(other, 2_000));
    let apart = income(&store);
    assert_eq!(apart, [(kept.to_string(), 1, 319), (other.to_string(), 1, 638)]);
    let trial = store.trial_balance().unwrap();
    let link = IdentityLink { kept, other, reason: "同一身份证".into() };
    let linked = save(&mut store, &office, link);
    assert_eq!(income(&store), [(kept.to_string(), 2, 957)]);
    assert_eq!(store.income(july(), Some(other), None).unwrap().total.amount_fen, Fen::new(957));
    let of = |store: &Store, grower| {
        store.slips(SlipFilter { grower: Some(grower), ..SlipFilter::default() }).unwrap().len()
    };
    assert_eq!((of(&store, kept), of(&store, other), of(&store, grower(5, 2))), (2, 2, 0));
    assert_eq!(store.household_numbers(other).unwrap(), [kept, other]);
    // Nothing was posted: each number keeps its own account.
    assert_eq!(store.trial_balance().unwrap(), trial);
    let before = projections(&store);
    store.rebuild().unwrap();
    assert_eq!(projections(&store), before);
    save(&mut store, &office, IdentityUnlink { link: linked.id, reason: "是两户".into() });
    assert_eq!(income(&store), apart);
    assert_eq!(store.household_numbers(other).unwrap(), [other]);
    let before = projections(&store);
    store.rebuild().unwrap();
    assert_eq!(projections(&store), before);
}

#[test]
fn a_phone_does_not_link_households() {
    let district = District::new();
    let phone = district.signer(5);
    let mut store = district.store("phone", &[0, 1, 5]);
    let (kept, other) = (grower(5, 1), grower(5, 2));
    save(&mut store, &phone, IdentityLink { kept, other, reason: "一户".into() });
    assert_eq!(store.household_numbers(other).unwrap(), [other]);
    assert!(store.identities().unwrap().links().is_empty());
}
