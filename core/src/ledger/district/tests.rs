//! The rulings case by case. That no order of arrival matters is shown in `ledger/tests`.

use super::*;
use crate::domain::close::Position;
use crate::domain::device::DeviceCertificate;
use crate::domain::hold::Evidence;
use crate::domain::note::Note;
use crate::domain::revocation::DeviceRevocation;
use crate::domain::{Clock, EntityNo, Entry, EntryHash, Envelope, Month, OperatorNo};
use crate::ledger::lamport::LAMPORT_JUMP;

const VILLAGE: VillageNo = VillageNo::new(1);
const PHONE: u16 = 5;
const OFFICE: u16 = 1;
const COUNTY: u16 = 0;

fn device(number: u16) -> DeviceNo {
    DeviceNo::new(number).unwrap()
}

fn id(number: u16, sequence: u32) -> EntryId {
    EntryId::new(device(number), sequence)
}

/// The entry of this device with this number; its Lamport number may be another.
fn at(number: u16, sequence: u32, lamport: u64, date: &str, body: impl Into<Body>) -> Arrived {
    let envelope = Envelope {
        lamport,
        date: date.parse().unwrap(),
        clock: Clock::default(),
        entity: EntityNo::new(1),
        operator: OperatorNo::new(0),
        reissue_of: None,
    };
    let entry = Entry { envelope, body: body.into() };
    let (role, village) = match number {
        COUNTY => (DeviceRole::CountyOffice, None),
        1..=4 => (DeviceRole::VillageOffice, Some(VILLAGE)),
        _ => (DeviceRole::Phone, Some(VILLAGE)),
    };
    Arrived::new(id(number, sequence), EntryHash::of(&entry.encode()), role, village, entry)
}

fn note(sequence: u32, lamport: u64, date: &str) -> Arrived {
    at(PHONE, sequence, lamport, date, Note { about: None, text: "雨".into() })
}

fn close(month: &str, positions: &[(u16, u32)], held: &[EntryId]) -> MonthClose {
    let position = |&(number, count)| Position { device: device(number), count };
    MonthClose {
        village: VILLAGE,
        month: month.parse().unwrap(),
        positions: positions.iter().map(position).collect(),
        held: held.to_vec(),
        missing: Vec::new(),
        entries: 0,
        estimates: Vec::new(),
        root: [0; 32],
        approved_by: OperatorNo::new(2),
    }
}

fn decision(of: &Arrived, admits: bool) -> HoldDecision {
    HoldDecision {
        target: of.id,
        target_hash: of.hash,
        admits,
        settles: vec![Rule::ENTRY_AFTER_REVOCATION.code.to_owned()],
        evidence: Evidence::Witness,
        reason: "邻居作证".into(),
        grower: None,
    }
}

fn revocation(number: u16, count: u32) -> DeviceRevocation {
    DeviceRevocation { device: device(number), count, reason: "手机丢失".into() }
}

fn placed(district: &District, arrived: &Arrived) -> Arrived {
    let mut arrived = arrived.clone();
    district.place(&mut arrived);
    arrived
}

fn month(text: &str) -> Month {
    text.parse().unwrap()
}

#[test]
fn an_entry_posts_to_its_own_month_or_to_the_one_after_the_last_close_that_passed_it_over() {
    let entries = [
        at(OFFICE, 1, 100, "2020-08-01", close("2020-07", &[(PHONE, 2)], &[id(PHONE, 1)])),
        at(OFFICE, 2, 200, "2020-09-01", close("2020-08", &[(PHONE, 3)], &[id(PHONE, 1)])),
        at(OFFICE, 3, 300, "2020-10-01", close("2020-09", &[(PHONE, 5)], &[])),
    ];
    let district = District::fold(&entries);
    for (sequence, date, posts) in [
        // Covered by its own month's close.
        (2, "2020-07-15", "2020-07"),
        // Written in August, before July was closed.
        (2, "2020-08-01", "2020-08"),
        // Two closes named it as held.
        (1, "2020-07-15", "2020-09"),
        // July's close did not know it.
        (3, "2020-07-15", "2020-08"),
        (4, "2020-07-15", "2020-09"),
        (4, "2020-09-15", "2020-09"),
        // None knows it.
        (6, "2020-07-15", "2020-10"),
        (6, "2020-10-15", "2020-10"),
        (6, "2021-02-15", "2021-02"),
    ] {
        let entry = note(sequence, 1, date);
        assert_eq!(district.posting_month(&entry), month(posts), "{sequence} of {date}");
        assert_eq!(district.is_late(&entry), !date.starts_with(posts), "{sequence} of {date}");
    }
    assert_eq!(district.last_closed(VILLAGE), Some(month("2020-09")));
    assert_eq!(district.last_closed(VillageNo::new(2)), None);
    // The county's own devices are in no village's close.
    let county = at(COUNTY, 1, 1, "2020-07-15", Note { about: None, text: "雨".into() });
    assert!(!district.is_late(&county));
}

#[test]
fn the_first_close_that_covers_an_entry_and_does_not_name_it_as_held_is_its_place() {
    let entries = [
        at(OFFICE, 1, 100, "2020-08-01", close("2020-07", &[(PHONE, 2)], &[id(PHONE, 1)])),
        at(OFFICE, 2, 200, "2020-09-01", close("2020-08", &[(PHONE, 3)], &[])),
    ];
    let district = District::fold(&entries);
    let place = |sequence| placed(&district, &note(sequence, 1, "2020-07-01")).close;
    let wanted =
        [CloseIndex::new(200), CloseIndex::new(100), CloseIndex::new(200), CloseIndex::OPEN];
    assert_eq!([place(1), place(2), place(3), place(4)], wanted);
}

#[test]
fn a_close_counts_only_for_a_later_month_than_those_before_it_whichever_arrives_first() {
    let july = at(OFFICE, 1, 100, "2020-08-01", close("2020-07", &[(PHONE, 1)], &[]));
    let again = at(OFFICE, 2, 200, "2020-08-01", close("2020-07", &[(PHONE, 2)], &[]));
    let june = at(OFFICE, 3, 300, "2020-08-01", close("2020-06", &[(PHONE, 3)], &[]));
    let september = at(OFFICE, 4, 400, "2020-10-01", close("2020-09", &[(PHONE, 4)], &[]));
    let mut district = District::default();
    for late in [&june, &september, &again] {
        assert_eq!(district.apply(late), Some(Reach::Village(VILLAGE)));
    }
    // Without July's first, its second counts; with it, no more.
    assert_eq!(placed(&district, &again).overruled, None);
    district.apply(&july);
    let overruled = |entry: &Arrived| placed(&district, entry).overruled;
    let not_next = Some(Rule::CLOSE_MONTH_NOT_NEXT);
    assert_eq!([&july, &again, &june, &september].map(overruled), [None, not_next, not_next, None]);
    assert_eq!(district, District::fold([&july, &again, &june, &september]));
    let closes: Vec<_> = district.closes(VILLAGE).map(|(id, _)| id).collect();
    assert_eq!(closes, [july.id, september.id]);
}

#[test]
fn a_close_of_another_village_by_a_phone_or_with_a_jump_is_no_ruling() {
    let body = || close("2020-07", &[(PHONE, 1)], &[]);
    let by_phone = at(PHONE, 1, 100, "2020-08-01", body());
    let elsewhere = MonthClose { village: VillageNo::new(2), ..body() };
    let elsewhere = at(OFFICE, 1, 100, "2020-08-01", elsewhere);
    let jump = Arrived { lamport_jump: true, ..at(OFFICE, 1, 100, "2020-08-01", body()) };
    for entry in [by_phone, elsewhere, jump] {
        let mut district = District::default();
        assert_eq!(district.apply(&entry), None);
        assert_eq!(district, District::default());
    }
}

#[test]
fn a_revocation_holds_what_lies_beyond_its_number_unless_an_older_close_covers_it() {
    let older = at(OFFICE, 1, 100, "2020-08-01", close("2020-07", &[(PHONE, 3)], &[]));
    let revoked = at(COUNTY, 1, 200, "2020-08-02", revocation(PHONE, 2));
    let newer = at(OFFICE, 2, 300, "2020-09-01", close("2020-08", &[(PHONE, 4)], &[]));
    let district = District::fold([&older, &revoked, &newer]);
    let after = |sequence| placed(&district, &note(sequence, 1, "2020-07-01")).after_revocation;
    assert_eq!([1, 2, 3, 4, 5].map(after), [false, false, false, true, true]);
}

#[test]
fn the_last_decision_before_a_close_covers_its_entry_holds() {
    let held = note(1, 1, "2020-07-01");
    let admitted = at(OFFICE, 1, 100, "2020-07-02", decision(&held, true));
    let refused = at(OFFICE, 2, 200, "2020-07-03", decision(&held, false));
    let closed = at(OFFICE, 3, 300, "2020-08-01", close("2020-07", &[(PHONE, 1)], &[]));
    let vain = at(OFFICE, 4, 400, "2020-08-02", decision(&held, true));
    let ruling = |entries: &[&Arrived]| {
        let district = District::fold(entries.iter().copied());
        placed(&district, &held).ruling.map(|ruling| ruling.by)
    };
    assert_eq!(ruling(&[&admitted]), Some(admitted.id));
    assert_eq!(ruling(&[&refused, &admitted]), Some(refused.id));
    assert_eq!(ruling(&[&refused, &admitted, &closed, &vain]), Some(refused.id));
    assert_eq!(ruling(&[&closed, &vain]), None);
    let district = District::fold([&closed, &vain, &admitted]);
    assert_eq!(placed(&district, &vain).overruled, Some(Rule::HOLD_TARGET_CLOSED));
    assert_eq!(placed(&district, &admitted).overruled, None);
}

#[test]
fn a_decision_is_bound_to_the_exact_entry_and_to_its_own_village() {
    let held = note(1, 1, "2020-07-01");
    let other = note(1, 2, "2020-07-01");
    let by_hash = at(OFFICE, 1, 100, "2020-07-02", decision(&other, true));
    let mut elsewhere = at(OFFICE, 1, 100, "2020-07-02", decision(&held, true));
    elsewhere.village = Some(VillageNo::new(2));
    for entry in [by_hash, elsewhere] {
        assert_eq!(placed(&District::fold([&entry]), &held).ruling, None);
    }
}

#[test]
fn an_entry_that_a_close_named_as_held_and_that_is_admitted_later_lands_in_the_open_month() {
    let held = note(1, 1, "2020-07-01");
    let closed = at(OFFICE, 1, 100, "2020-08-01", close("2020-07", &[(PHONE, 1)], &[held.id]));
    let admitted = at(OFFICE, 2, 200, "2020-08-03", decision(&held, true));
    let district = District::fold([&closed, &admitted]);
    let now = placed(&district, &held);
    assert_eq!((now.close, now.ruling.map(|r| r.by)), (CloseIndex::OPEN, Some(admitted.id)));
    assert_eq!(district.posting_month(&held), month("2020-08"));
    assert_eq!(placed(&district, &admitted).overruled, None);
}

#[test]
fn the_rulings_of_a_cut_off_office_have_no_effect_and_do_not_come_back_by_a_close() {
    let held = note(1, 1, "2020-07-01");
    let kept = at(OFFICE, 1, 100, "2020-07-02", decision(&held, true));
    let beyond = at(OFFICE, 2, 200, "2020-07-03", decision(&held, false));
    let closed = at(OFFICE, 3, 300, "2020-08-01", close("2020-07", &[(PHONE, 9)], &[]));
    let mut district = District::fold([&kept, &beyond, &closed]);
    let revoked = at(COUNTY, 1, 400, "2020-08-02", revocation(OFFICE, 1));
    assert_eq!(district.apply(&revoked), Some(Reach::Everything));
    let now = placed(&district, &held);
    assert_eq!((now.close, now.ruling.map(|r| r.by)), (CloseIndex::OPEN, Some(kept.id)));
    assert!(placed(&district, &beyond).after_revocation);
    assert!(placed(&district, &closed).after_revocation);
    // The office's new device closes the month.
    let fresh = at(2, 1, 500, "2020-08-03", close("2020-07", &[(PHONE, 1), (OFFICE, 3)], &[]));
    district.apply(&fresh);
    assert_eq!(placed(&district, &held).close, CloseIndex::new(500));
    assert!(placed(&district, &closed).after_revocation);
}

#[test]
fn a_phones_first_number_is_measured_from_the_countys_entry_that_carries_its_certificate() {
    let certificate = |writer, lamport, of| {
        let certificate = DeviceCertificate {
            device: device(of),
            public_key: [7; 32],
            role: DeviceRole::Phone,
            village: Some(VILLAGE),
            signature: [0; 64],
        };
        at(writer, 1, lamport, "2020-07-01", certificate)
    };
    let far = 9 * LAMPORT_JUMP;
    let jumps =
        |district: &District, role, lamport| district.chain(device(PHONE), role).take(lamport);
    let none = District::default();
    assert!(jumps(&none, DeviceRole::Phone, far));
    assert!(!jumps(&none, DeviceRole::CountyOffice, far));
    let district = District::fold(&[certificate(COUNTY, far, PHONE)]);
    assert!(!jumps(&district, DeviceRole::Phone, far + LAMPORT_JUMP));
    assert!(jumps(&district, DeviceRole::Phone, far + LAMPORT_JUMP + 1));
    // A phone vouches for none, and an office not for itself.
    for vain in [certificate(6, far, PHONE), certificate(COUNTY, far, COUNTY)] {
        assert_eq!(District::fold(&[vain]), none);
    }
}
