//! Damaged registers.

use super::county::*;
use crate::document::{Actor, BookTip, DocumentId, Edit, Register, RegisterId, Value};
use crate::domain::{DeviceNo, VillageNo};
use crate::verify::*;

fn register() -> RegisterId {
    RegisterId { village: VillageNo::new(1), edition: 0 }
}

fn named(n: u32, name: &str) -> Vec<(String, Value)> {
    vec![(format!("grower/H-A7K-{n}/name/1"), name.into())]
}

/// Two phones write at once, then one after the other: nine edits, each device's newest signed.
fn written(county: &County) -> SignedRegister {
    let mut here = Register::new(register());
    let mut edits = Vec::new();
    let actor = |device| Actor::of(&key(device).public());
    for n in 0..3 {
        let mut there = here.clone();
        let (ours, _) = here.commit(phone(), &actor(phone()), named(n, "李")).unwrap();
        let (theirs, _) =
            there.commit(other_phone(), &actor(other_phone()), named(n, "王")).unwrap();
        here.apply(&theirs, &actor(other_phone())).unwrap();
        let (settled, _) = here.commit(phone(), &actor(phone()), named(n, "张")).unwrap();
        edits.extend([ours, theirs, settled]);
    }
    let boundaries = [(phone(), 2), (phone(), 6), (other_phone(), 3)].map(|(device, count)| {
        let head = here.head_of(&actor(device), count).unwrap();
        let document = DocumentId::Register(register());
        let signature = county.sign(document, device, BookTip { count, head });
        EditBoundary { device, count, signature }
    });
    SignedRegister {
        register: register(),
        edits: edits.into_iter().map(at).collect(),
        boundaries: boundaries.to_vec(),
    }
}

fn at(edit: Edit) -> EditAt {
    EditAt { device: edit.device, number: edit.number, edit: Some(edit) }
}

fn check(county: &County, signed: &SignedRegister, known: &[KnownEdits]) -> Vec<BrokenEdits> {
    let mut verifier = county.verifier();
    verifier.demand([], known.iter().copied());
    verifier.register(signed);
    let report = verifier.finish();
    assert_eq!(report.is_sound(), report.broken_edits.is_empty());
    assert_eq!(report.edits, signed.edits.len() as u64);
    report.broken_edits
}

/// The finding about one device.
fn of(found: &[BrokenEdits], device: DeviceNo) -> (u32, u32, EditsFault) {
    let broken = found.iter().find(|broken| broken.device == device).unwrap();
    (broken.first, broken.last, broken.fault)
}

#[test]
fn a_whole_register_is_sound_in_any_order_of_its_edits() {
    let county = County::new(1);
    let mut signed = written(&county);
    assert_eq!(check(&county, &signed, &[]), []);
    signed.edits.reverse();
    assert_eq!(check(&county, &signed, &[]), []);
}

#[test]
fn every_changed_edit_is_found() {
    let county = County::new(1);
    let signed = written(&county);
    for place in 0..signed.edits.len() {
        let mut changed = signed.clone();
        let edit = changed.edits[place].edit.as_mut().unwrap();
        edit.assignments[0].1 = "赵".into();
        let (device, number) = (edit.device, edit.number);
        let (first, last, _) = of(&check(&county, &changed, &[]), device);
        assert!(first <= number + 1, "edit {number} of {device}: {first} to {last}");
    }
}

#[test]
fn every_removed_edit_is_found() {
    let county = County::new(1);
    let signed = written(&county);
    for place in 0..signed.edits.len() {
        let mut removed = signed.clone();
        let gone = removed.edits.remove(place);
        let found = check(&county, &removed, &[]);
        let (first, _, fault) = of(&found, gone.device);
        assert_eq!((first, fault), (gone.number, EditsFault::Gap), "edit {place}");
    }
}

#[test]
fn damage_is_named_by_what_it_is() {
    let county = County::new(1);
    let signed = written(&county);
    let mut unreadable = signed.clone();
    unreadable.edits[0].edit = None;
    let found = check(&county, &unreadable, &[]);
    assert_eq!(of(&found, phone()), (1, 1, EditsFault::Undecodable));

    let mut moved = signed.clone();
    moved.boundaries[2].signature = moved.boundaries[1].signature;
    let found = check(&county, &moved, &[]);
    assert_eq!(of(&found, other_phone()), (1, 3, EditsFault::Signature));
    assert_eq!(found.len(), 1);

    let mut unsigned = signed.clone();
    unsigned.boundaries.remove(1);
    let found = check(&county, &unsigned, &[]);
    assert_eq!(of(&found, phone()), (3, 6, EditsFault::Unsigned));

    let mut fork = signed.clone();
    let mut twice = fork.edits[8].clone();
    twice.edit.as_mut().unwrap().assignments[0].1 = "赵".into();
    fork.edits.push(twice);
    assert_eq!(of(&check(&county, &fork, &[]), phone()), (6, 6, EditsFault::Fork));

    let other = County::new(2);
    let mut verifier =
        Verifier::new(&county.root(), &county.certificate, other.certificates.clone());
    verifier.register(&signed);
    let found = verifier.finish().broken_edits;
    assert_eq!(of(&found, phone()), (1, 1, EditsFault::CertificateNotUnderOffice));
}

#[test]
fn edits_that_are_known_elsewhere_must_be_here_unless_their_edition_was_erased() {
    let county = County::new(1);
    let mut signed = written(&county);
    let known = KnownEdits { register: register(), device: other_phone(), count: 3 };
    assert_eq!(check(&county, &signed, &[known]), []);
    let one_more = KnownEdits { count: 5, ..known };
    let found = check(&county, &signed, &[one_more]);
    assert_eq!(of(&found, other_phone()), (4, 5, EditsFault::Truncated));

    let newer = RegisterId { edition: 1, ..register() };
    signed = SignedRegister { register: newer, edits: vec![], boundaries: vec![] };
    assert_eq!(check(&county, &signed, &[known]), []);
    signed.register.village = VillageNo::new(2);
    assert_eq!(check(&county, &signed, &[known]).len(), 1);
}
