//! The roster: the latest entry of a number holds, and a phone writes in its person's name.

use super::world::*;
use crate::domain::roster::{Duty, Member};
use crate::domain::{GrowerId, OperatorNo};
use crate::store::*;

fn member(number: u16, name: &str, at: Option<u16>, household: Option<GrowerId>) -> Member {
    Member {
        number: OperatorNo::new(number),
        name: name.into(),
        village: Some(VILLAGE),
        duty: Duty::Buyer,
        active: true,
        household,
        device: at.map(device),
    }
}

#[test]
fn the_latest_entry_of_a_number_holds_and_names_the_phones_person() {
    let district = District::new();
    let county = district.signer(0);
    let mut store = district.store("phone", &[0, 5]);
    let operator = |store: &Store| store.operator_of(device(5)).unwrap().get();
    assert_eq!(operator(&store), 0);
    save(&mut store, &county, member(1, "王", Some(5), Some(grower(5, 1))));
    assert_eq!(operator(&store), 1);
    assert!(store.is_own_household(OperatorNo::new(1), grower(5, 1)).unwrap());
    assert!(!store.is_own_household(OperatorNo::new(1), grower(5, 2)).unwrap());
    assert!(!store.is_own_household(OperatorNo::new(0), grower(5, 1)).unwrap());
    // Another person is named for the phone: who was named last writes.
    save(&mut store, &county, member(2, "李", Some(5), None));
    assert_eq!(operator(&store), 2);
    save(&mut store, &county, Member { active: false, ..member(2, "李", Some(5), None) });
    assert_eq!(operator(&store), 1);
    save(&mut store, &county, member(1, "王芳", None, None));
    assert_eq!(operator(&store), 0);
    let names: Vec<_> = store.roster().unwrap().into_iter().map(|m| (m.name, m.active)).collect();
    assert_eq!(names, [("王芳".to_owned(), true), ("李".to_owned(), false)]);
    assert_eq!(store.member(OperatorNo::new(1)).unwrap().unwrap().name, "王芳");
    assert_eq!(store.member(OperatorNo::new(7)).unwrap(), None);
    let before = projections(&store);
    store.rebuild().unwrap();
    assert_eq!(projections(&store), before);
}

#[test]
fn a_phone_does_not_write_the_roster() {
    let district = District::new();
    let phone = district.signer(5);
    let mut store = district.store("phone", &[0, 5]);
    save(&mut store, &phone, member(1, "王", Some(5), None));
    assert_eq!(store.roster().unwrap(), []);
    assert_eq!(store.operator_of(device(5)).unwrap().get(), 0);
}
