//! Editions: what an opening keeps, and what becomes of edits that come late for an old edition.

use super::*;

#[test]
fn the_next_edition_opens_with_the_current_values_only() {
    let (mut register, _) = conflict();
    let keep_all = |_: &str| true;
    let refused = register.open_next_edition(device(8), &actor(8), keep_all).unwrap_err();
    assert_eq!(refused, EditionError::Unsettled(vec![PHONE.to_owned()]));
    let mut settle: Vec<_> =
        (0..250).map(|i| (format!("grower/H-002-{i}/name/1"), "甲".into())).collect();
    settle.extend([(PHONE.to_owned(), "7".into()), ("note/1/text".to_owned(), Value::Null)]);
    register.commit(device(1), &actor(1), settle).unwrap();
    let erased = |key: &str| !key.starts_with("grower/H-002-7/");
    let (next, edits) = register.open_next_edition(device(8), &actor(8), erased).unwrap();
    assert_eq!(next.id(), RegisterId { edition: 1, ..ID });
    assert_eq!(next.reading("grower/H-002-7/name/1"), None);
    assert_eq!(next.reading("note/1/text"), None);
    let expected: Vec<_> = readings(&register)
        .into_iter()
        .filter(|(key, reading)| erased(key) && !reading.value.is_null())
        .collect();
    assert_eq!(readings(&next), expected);
    let mut replayed = Register::new(next.id());
    for (edit, head) in &edits {
        assert_eq!(replayed.apply(edit, &actor(8)), Ok(*head));
    }
    assert_eq!(replayed.heads(), next.heads());
}

/// An old edition where phone 2 was away, and the next one, opened without its edits.
fn two_editions() -> (Register, Register, Register) {
    let mut old = Register::new(ID);
    let mut away = Register::new(ID);
    let start = vec![(PHONE.into(), "1".into()), (KEYS[1].into(), "王".into())];
    let (edit, _) = old.commit(device(1), &actor(1), start).unwrap();
    away.apply(&edit, &actor(1)).unwrap();
    old.commit(device(1), &actor(1), vec![(PHONE.into(), "11".into())]).unwrap();
    let (next, _) = old.open_next_edition(device(8), &actor(8), |_| true).unwrap();
    (old, away, next)
}

#[test]
fn a_late_edit_is_carried_forward_and_conflicts_where_the_value_changed() {
    let (mut old, mut away, mut next) = two_editions();
    let late = vec![
        (PHONE.into(), "22".into()),
        (KEYS[1].into(), "王二".into()),
        (KEYS[2].into(), "5".into()),
    ];
    let (late, _) = away.commit(device(2), &actor(2), late).unwrap();
    old.apply(&late, &actor(2)).unwrap();
    let (office, village) = ((device(9), &actor(9)), (device(8), &actor(8)));
    let mut replica = next.clone();
    let carried = next.carry_forward(office, village, &late, Some(&old)).unwrap();
    // The phone number had changed meanwhile; the name had not.
    assert_eq!(values(&next, PHONE), ["11".into(), "22".into()]);
    let alone = |text: &str| Some(Reading { value: text.into(), others: vec![] });
    assert_eq!(next.reading(KEYS[1]), alone("王二"));
    assert_eq!(next.reading(KEYS[2]), alone("5"));
    assert_eq!((carried.edits.len(), carried.replaced.len()), (2, 0));
    for (edit, head) in &carried.edits {
        let writer = if edit.device == device(9) { actor(9) } else { actor(8) };
        assert_eq!(replica.apply(edit, &writer), Ok(*head));
    }
    assert_eq!(replica.heads(), next.heads());
    // The same phone goes on in the old edition.
    let (later, _) = away.commit(device(2), &actor(2), vec![(KEYS[2].into(), "6".into())]).unwrap();
    old.apply(&later, &actor(2)).unwrap();
    let carried = next.carry_forward(office, village, &later, Some(&old)).unwrap();
    assert_eq!(next.reading(KEYS[2]), alone("6"));
    assert_eq!(carried.replaced, []);
}

#[test]
fn late_edits_of_two_phones_lose_no_value_unsaid() {
    let (mut old, mut away, mut next) = two_editions();
    let mut third = away.clone();
    let (late, _) = away.commit(device(2), &actor(2), vec![(PHONE.into(), "22".into())]).unwrap();
    let (later, _) = third.commit(device(3), &actor(3), vec![(PHONE.into(), "33".into())]).unwrap();
    old.apply(&late, &actor(2)).unwrap();
    old.apply(&later, &actor(3)).unwrap();
    let (office, village) = ((device(9), &actor(9)), (device(8), &actor(8)));
    next.carry_forward(office, village, &late, Some(&old)).unwrap();
    let carried = next.carry_forward(office, village, &later, Some(&old)).unwrap();
    assert_eq!(carried.replaced, [(PHONE.to_owned(), "22".into())]);
    assert_eq!(values(&next, PHONE), ["11".into(), "33".into()]);
}

#[test]
fn without_the_erased_edition_every_difference_is_a_conflict() {
    let (_, mut away, mut next) = two_editions();
    let late = vec![(KEYS[1].into(), "王二".into()), (PHONE.into(), "11".into())];
    let (late, _) = away.commit(device(2), &actor(2), late).unwrap();
    let (office, village) = ((device(9), &actor(9)), (device(8), &actor(8)));
    next.carry_forward(office, village, &late, None).unwrap();
    assert_eq!(values(&next, KEYS[1]), ["王".into(), "王二".into()]);
    assert!(!next.reading(PHONE).unwrap().is_conflict(), "the same value twice");
}

#[test]
fn an_edition_opened_unsettled_keeps_every_conflict_and_leaves_out_what_is_erased() {
    let (register, _) = conflict();
    let (office, village) = ((device(9), &actor(9)), (device(8), &actor(8)));
    let opened = edition_mark();
    let keep = |key: &str| !key.starts_with("grower/H-001-1/name");
    let next = register.open_next_edition_unsettled(village, office, keep, opened.clone()).unwrap();
    assert_eq!(values(&next.register, PHONE), values(&register, PHONE));
    assert!(next.register.reading(PHONE).unwrap().is_conflict());
    assert_eq!(next.register.reading("grower/H-001-1/name/1"), None);
    assert_eq!(next.register.reading(&opened[0].0).unwrap().value, opened[0].1);
    assert_eq!(next.dropped, []);
    let mut replayed = Register::new(next.register.id());
    for (edit, head) in &next.edits {
        let writer = if edit.device == device(9) { actor(9) } else { actor(8) };
        assert_eq!(replayed.apply(edit, &writer), Ok(*head));
    }
    assert_eq!(replayed.heads(), next.register.heads());
}

fn edition_mark() -> Vec<(String, Value)> {
    vec![("edition/1/opened".to_owned(), Value::Int(2027))]
}
