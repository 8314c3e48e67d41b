//! Closes, decisions and revocations in tables: whenever they arrive, and whatever they move.

use proptest::prelude::*;

use super::exchange::{Phone, cut, shuffle, take};
use super::world::*;
use crate::domain::close::{MonthClose, Position};
use crate::domain::hold::{Evidence, HoldDecision};
use crate::domain::revocation::DeviceRevocation;
use crate::domain::rules::Rules;
use crate::domain::{Body, EntryHash, EntryId, Fen, Grams, OperatorNo, Rule};
use crate::ledger::lamport::LAMPORT_JUMP;
use crate::ledger::{CloseIndex, State, Status};
use crate::store::*;

const PHONE: u16 = 5;
const OFFICE: u16 = 1;
const COUNTY: u16 = 0;

fn close(month: u8, positions: &[(u16, u32)], held: &[EntryId]) -> MonthClose {
    let position = |&(number, count)| Position { device: device(number), count };
    MonthClose {
        village: VILLAGE,
        month: format!("2020-{month:02}").parse().unwrap(),
        positions: positions.iter().map(position).collect(),
        held: held.to_vec(),
        missing: Vec::new(),
        entries: 0,
        estimates: Vec::new(),
        root: [0; 32],
        approved_by: OperatorNo::new(2),
    }
}

fn decision(target: EntryId, target_hash: EntryHash, admits: bool, rule: Rule) -> HoldDecision {
    HoldDecision {
        target,
        target_hash,
        admits,
        settles: vec![rule.code.to_owned()],
        evidence: Evidence::Paper,
        reason: "纸单核对无误".into(),
        grower: None,
    }
}

fn revocation(number: u16, count: u32) -> DeviceRevocation {
    DeviceRevocation { device: device(number), count, reason: "手机丢失".into() }
}

/// A store with one writer on it.
fn writer(district: &District, name: &str, number: u16) -> Phone {
    let store = district.store(name, &[PHONE, 6, OFFICE, COUNTY]);
    Phone { signer: district.signer(number), store }
}

fn write(phone: &mut Phone, body: impl Into<Body>) -> Saved {
    save(&mut phone.store, &phone.signer, body)
}

/// Takes everything that another has written itself.
fn hear(phone: &mut Phone, other: &mut Phone) {
    let (books, _) = parts(&mut other.store, &other.signer);
    phone.store.ingest(Incoming { books: &books, ..Default::default() }, Checked::Here).unwrap();
}

fn status(store: &Store, id: EntryId) -> Status {
    store.entry(id).unwrap().unwrap().status
}

/// What one of four does.
#[derive(Debug, Clone, Copy)]
enum Deed {
    Buy(i64),
    Pay(usize),
    Void(usize),
    Close { back: u32, held: usize, skip: bool },
    Decide { target: usize, admits: bool },
    Revoke { number: u16, back: u32 },
    Hear(usize),
}

fn deed() -> impl Strategy<Value = (usize, u32, Deed)> {
    let any_of = any::<usize>;
    let back = 0..4_u32;
    let phones = 0..2_usize;
    prop_oneof![
        4 => (phones.clone(), (1_000..30_000_i64).prop_map(Deed::Buy)),
        3 => (phones.clone(), any_of().prop_map(Deed::Pay)),
        2 => (phones, any_of().prop_map(Deed::Void)),
        2 => (Just(2), (back.clone(), any_of(), any::<bool>())
            .prop_map(|(back, held, skip)| Deed::Close { back, held, skip })),
        3 => (Just(2), (any_of(), any::<bool>())
            .prop_map(|(target, admits)| Deed::Decide { target, admits })),
        1 => (Just(3), (5..7_u16, back).prop_map(|(number, back)| Deed::Revoke { number, back })),
        5 => (0..4_usize, any_of().prop_map(Deed::Hear)),
    ]
    .prop_flat_map(|(who, deed)| (Just(who), 1..3_u32, Just(deed)))
}

fn act(all: &mut [Phone], who: usize, counter: u32, deed: Deed) {
    if let Deed::Hear(n) = deed {
        let other = (who + 1 + n % 3) % 4;
        let (books, _) = parts(&mut all[other].store, &all[other].signer);
        let incoming = Incoming { books: &books, ..Default::default() };
        all[who].store.ingest(incoming, Checked::Here).unwrap();
        return;
    }
    let phone = &mut all[who];
    let store = &phone.store;
    let household = grower(5, counter);
    let mut entries = store.entries_of(Some(household.into())).unwrap();
    entries.sort_by_key(|e| e.arrived.id);
    let slips: Vec<EntryId> = entries
        .iter()
        .filter(|e| matches!(e.arrived.entry.body, Body::Slip(_)))
        .map(|e| e.arrived.id)
        .collect();
    let last = |number| store.last_of(device(number)).unwrap().map_or(0, |id| id.sequence.get());
    let body: Body = match deed {
        Deed::Buy(net_g) => slip(household, net_g).into(),
        Deed::Pay(n) => {
            let Some(&id) = slips.get(n % slips.len().max(1)) else { return };
            let owed = store.slip(id).unwrap().unwrap().remaining;
            payout(household, id, owed.max(Fen::new(100))).into()
        }
        Deed::Void(n) => {
            let Some(&id) = slips.get(n % slips.len().max(1)) else { return };
            void(household, id, store.slip(id).unwrap().unwrap().hash).into()
        }
        Deed::Close { back, held, skip } => {
            let named = entries.get(held % entries.len().max(1)).map(|e| e.arrived.id);
            let month = u8::try_from(last(OFFICE) % 11 + 1).unwrap();
            let positions =
                [PHONE, 6, OFFICE].map(|number| (number, last(number).saturating_sub(back)));
            let month = if skip { 3 } else { month };
            close(month, &positions, &named.into_iter().collect::<Vec<_>>()).into()
        }
        Deed::Decide { target, admits } => {
            let Some(of) = entries.get(target % entries.len().max(1)) else { return };
            let rule = Rule::ENTRY_AFTER_REVOCATION;
            decision(of.arrived.id, of.arrived.hash, admits, rule).into()
        }
        Deed::Revoke { number, back } => {
            revocation(number, last(number).saturating_sub(back)).into()
        }
        Deed::Hear(_) => return,
    };
    write(phone, body);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn rulings_in_any_order_give_equal_rows_and_a_rebuild_changes_none(
        deeds in prop::collection::vec(deed(), 1..70),
        size in 1..9_usize,
        order in any::<u64>(),
    ) {
        let district = District::new();
        let mut all = [PHONE, 6, OFFICE, COUNTY]
            .map(|number| writer(&district, &format!("of-{number}"), number));
        for (who, counter, deed) in deeds {
            act(&mut all, who, counter, deed);
        }
        let mut pieces = Vec::new();
        for phone in &mut all {
            pieces.extend(cut(&district, phone, size));
        }
        let mut third = district.store("third", &[PHONE, 6, OFFICE, COUNTY]);
        shuffle(&mut pieces, order);
        for piece in &pieces {
            take(&mut third, piece);
        }
        for piece in pieces.iter().rev() {
            take(&mut all[0].store, piece);
        }
        let (want, truth) = (projections(&third), rows(&third, "entries"));
        let [first, ..] = all;
        for mut store in [first.store, third] {
            prop_assert_eq!(&projections(&store), &want);
            prop_assert_eq!(&rows(&store, "entries"), &truth);
            let read = crate::store::rulings::load(store.reader()).unwrap();
            prop_assert_eq!(&*store.district().unwrap(), &read);
            store.rebuild().unwrap();
            prop_assert_eq!(&projections(&store), &want);
            prop_assert_eq!(&rows(&store, "entries"), &truth);
            prop_assert_eq!(store.trial_balance().unwrap().difference, Fen::ZERO);
        }
    }
}

#[test]
fn a_late_entry_with_a_low_number_does_not_move_a_closed_allocation() {
    let district = District::new();
    let mut office = writer(&district, "office", OFFICE);
    let mut phone = writer(&district, "phone", PHONE);
    let bought = write(&mut phone, slip(grower(5, 1), 11_352));
    // It was voided on a phone that did not sync before the close.
    let mut lost = writer(&district, "lost", 6);
    hear(&mut lost, &mut phone);
    let late = write(&mut lost, void(grower(5, 1), bought.id, bought.hash));
    write(&mut phone, slip(grower(5, 1), 2_000));
    write(&mut phone, payout(grower(5, 1), bought.id, Fen::new(3_621)));
    hear(&mut office, &mut phone);
    let closed = write(&mut office, close(7, &[(PHONE, 3), (6, 0), (OFFICE, 0)], &[]));
    assert_eq!(closed.outcome.unwrap().status, Status::Counted);
    hear(&mut office, &mut lost);
    let slip_of = |phone: &Phone| phone.store.slip(bought.id).unwrap().unwrap();
    assert_eq!((slip_of(&office).state, slip_of(&office).paid), (State::Counted, Fen::new(3_621)));
    assert_eq!(status(&office.store, late.id), Status::Held(vec![Rule::VOID_NEEDS_SECOND_PERSON]));
    // Where nobody closed the month, the void comes first by its number.
    hear(&mut phone, &mut lost);
    assert_eq!(slip_of(&phone).state, State::Voided { by: late.id });
    hear(&mut phone, &mut office);
    assert_eq!(projections(&phone.store), projections(&office.store));
    let entry = office.store.entry(late.id).unwrap().unwrap().arrived;
    let posting = office.store.district().unwrap();
    assert_eq!((entry.close, posting.is_late(&entry)), (CloseIndex::OPEN, true));
    assert_eq!(posting.posting_month(&entry).to_string(), "2020-08");
    assert_eq!(posting.last_closed(VILLAGE).unwrap().to_string(), "2020-07");
}

#[test]
fn what_a_revoked_phone_wrote_is_held_until_the_office_admits_or_refuses_it() {
    let district = District::new();
    let mut phone = writer(&district, "phone", PHONE);
    let mut office = writer(&district, "office", OFFICE);
    let mut county = writer(&district, "county", COUNTY);
    let saved: Vec<Saved> =
        (1..=3).map(|n| write(&mut phone, slip(grower(5, 1), n * 1_000))).collect();
    write(&mut county, revocation(PHONE, 1));
    hear(&mut office, &mut county);
    hear(&mut office, &mut phone);
    let held = Status::Held(vec![Rule::ENTRY_AFTER_REVOCATION]);
    let now = |office: &Phone| [0, 1, 2].map(|n: usize| status(&office.store, saved[n].id));
    assert_eq!(now(&office), [Status::Counted, held.clone(), held]);
    for (n, admits) in [(1, true), (2, false)] {
        let rule = Rule::ENTRY_AFTER_REVOCATION;
        write(&mut office, decision(saved[n].id, saved[n].hash, admits, rule));
    }
    let refused = Status::Refused(vec![Rule::ENTRY_AFTER_REVOCATION]);
    assert_eq!(now(&office), [Status::Counted, Status::Counted, refused]);
    assert_eq!(office.store.slip(saved[2].id).unwrap().unwrap().state, State::Refused);
    // After a close that covers it, a decision has no effect.
    write(&mut office, close(7, &[(PHONE, 3), (OFFICE, 2)], &[]));
    let rule = Rule::ENTRY_AFTER_REVOCATION;
    let vain = write(&mut office, decision(saved[1].id, saved[1].hash, false, rule));
    assert_eq!(status(&office.store, vain.id), Status::Held(vec![Rule::HOLD_TARGET_CLOSED]));
    assert_eq!(now(&office)[1], Status::Counted);
    // Opened again, the store reads the same rulings.
    let Phone { store, .. } = office;
    drop(store);
    let again = Store::open(OpenOptions::rebuildable(district.path("office"))).unwrap();
    assert_eq!(status(&again, saved[2].id).name(), "refused");
    assert!(again.entry(saved[1].id).unwrap().unwrap().arrived.ruling.unwrap().admits);
}

#[test]
fn a_second_close_of_a_month_is_held_and_covers_nothing() {
    let district = District::new();
    let mut phone = writer(&district, "phone", PHONE);
    let mut office = writer(&district, "office", OFFICE);
    write(&mut phone, slip(grower(5, 1), 1_000));
    let second = write(&mut phone, slip(grower(5, 1), 2_000));
    hear(&mut office, &mut phone);
    write(&mut office, close(7, &[(PHONE, 1)], &[]));
    let again = write(&mut office, close(7, &[(PHONE, 2)], &[]));
    assert_eq!(status(&office.store, again.id), Status::Held(vec![Rule::CLOSE_MONTH_NOT_NEXT]));
    let place = |store: &Store| store.entry(second.id).unwrap().unwrap().arrived.close;
    assert_eq!(place(&office.store), CloseIndex::OPEN);
    let next = write(&mut office, close(8, &[(PHONE, 2)], &[]));
    assert_eq!(status(&office.store, next.id), Status::Counted);
    assert_ne!(place(&office.store), CloseIndex::OPEN);
}

#[test]
fn work_that_is_rolled_back_leaves_no_ruling_in_memory() {
    let district = District::new();
    let mut phone = writer(&district, "phone", PHONE);
    let mut office = writer(&district, "office", OFFICE);
    let bought = write(&mut phone, slip(grower(5, 1), 1_000));
    hear(&mut office, &mut phone);
    let before = office.store.district().unwrap();
    let failed = office.store.work(&office.signer, |work| {
        work.save(new_entry(close(7, &[(PHONE, 1)], &[])))?;
        Err::<(), _>(StoreError::inconsistent("given up"))
    });
    assert!(failed.is_err());
    assert_eq!(office.store.district().unwrap(), before);
    let close = office.store.entry(bought.id).unwrap().unwrap().arrived.close;
    assert_eq!(close, CloseIndex::OPEN);
}

#[test]
fn rulings_that_another_connection_wrote_are_read_again() {
    let district = District::new();
    let mut office = writer(&district, "office", OFFICE);
    let other = Store::open(OpenOptions::rebuildable(district.path("office"))).unwrap();
    assert_eq!(other.district().unwrap().last_closed(VILLAGE), None);
    write(&mut office, close(7, &[(PHONE, 0)], &[]));
    assert!(other.district().unwrap().last_closed(VILLAGE).is_some());
}

#[test]
fn a_new_phones_first_entry_is_measured_from_its_certificate_in_the_countys_book() {
    let district = District::new();
    let mut county = writer(&district, "county", COUNTY);
    let mut phone = writer(&district, "phone", PHONE);
    // An old county: many entries were written before this phone's time.
    let far = i64::try_from(5 * LAMPORT_JUMP).unwrap();
    county.store.write(|transaction, _| meta::set(transaction, meta::name::LAMPORT, far)).unwrap();
    write(&mut county, phone.signer.certificate().clone());
    hear(&mut phone, &mut county);
    let saved = write(&mut phone, slip(grower(5, 1), 1_000));
    assert_eq!(status(&phone.store, saved.id), Status::Counted);
    let lamport = phone.store.entry(saved.id).unwrap().unwrap().arrived.entry.envelope.lamport;
    assert_eq!(lamport, 5 * LAMPORT_JUMP + 2);
    // Where the county's book comes later, the slip waits for it.
    let mut third = writer(&district, "third", 6);
    hear(&mut third, &mut phone);
    assert_eq!(status(&third.store, saved.id), Status::Held(vec![Rule::ENTRY_LAMPORT_JUMP]));
    hear(&mut third, &mut county);
    assert_eq!(status(&third.store, saved.id), Status::Counted);
    assert_eq!(projections(&third.store), projections(&phone.store));
    let truth = rows(&third.store, "entries");
    third.store.rebuild().unwrap();
    assert_eq!(rows(&third.store, "entries"), truth);
}

#[test]
fn what_a_cut_off_device_published_is_taken_back_and_what_stood_before_it_holds() {
    let district = District::new();
    let mut county = writer(&district, "county", COUNTY);
    let capacity = |kg: i64| Rules { scale_capacity: Grams::new(kg * 1_000), ..Rules::default() };
    write(&mut county, capacity(100));
    write(&mut county, capacity(200));
    let now = |county: &Phone| county.store.rules().unwrap().scale_capacity.get();
    assert_eq!(now(&county), 200_000);
    // The number was copied: only its first entry is the district's own.
    write(&mut county, revocation(COUNTY, 1));
    assert_eq!(now(&county), 100_000);
    let before = projections(&county.store);
    county.store.rebuild().unwrap();
    assert_eq!(projections(&county.store), before);
}
