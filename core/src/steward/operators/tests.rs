use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use super::*;
use crate::domain::roster::Duty;
use crate::domain::{EntryId, VillageNo};
use crate::steward::DeviceClock;
use crate::store::tests::world::*;

/// Time since start-up, set by the test.
#[derive(Clone, Default)]
struct Uptime(Arc<AtomicI64>);

impl DeviceClock for Uptime {
    fn read(&self) -> Clock {
        Clock { wall_s: 1_593_554_630, uptime_s: self.0.load(Ordering::SeqCst) }
    }
}

fn steward(district: &District) -> (Steward, Uptime) {
    let uptime = Uptime::default();
    uptime.0.store(1_000, Ordering::SeqCst);
    let steward = Steward {
        store: district.store("phone", &[5]),
        signer: Some(district.signer(5)),
        clock: Box::new(uptime.clone()),
        rng: Box::new(Counter(0)),
    };
    (steward, uptime)
}

fn operator_of(steward: &Steward, id: EntryId) -> u16 {
    let entry = steward.store().entry(id).unwrap().unwrap();
    entry.arrived.entry.envelope.operator.get()
}

fn no(number: u16) -> OperatorNo {
    OperatorNo::new(number)
}

fn failed<T: std::fmt::Debug>(done: Result<T, StewardError>) -> OperatorError {
    match done.unwrap_err() {
        StewardError::Operator(error) => error,
        other => panic!("{other}"),
    }
}

#[test]
fn what_is_written_carries_the_number_of_who_entered_their_pin() {
    let district = District::new();
    let (mut steward, uptime) = steward(&district);
    let own = steward.note(None, "by the steward").unwrap();
    steward.add_operator(no(12), Some("李娟"), "4826").unwrap();
    steward.login(no(12), "4826").unwrap();
    let hers = steward.note(None, "by the helper").unwrap();
    assert_eq!((operator_of(&steward, own), operator_of(&steward, hers)), (0, 12));
    // She may not say who works here.
    let refused = failed(steward.add_operator(no(13), Some("赵强"), "4826"));
    assert_eq!(refused, OperatorError::NotTheSteward);
    steward.lock().unwrap();
    let own = steward.note(None, "by the steward again").unwrap();
    assert_eq!(operator_of(&steward, own), 0);
    // A phone that was started anew has forgotten who worked.
    steward.login(no(12), "4826").unwrap();
    uptime.0.store(5, Ordering::SeqCst);
    assert_eq!(steward.operator().unwrap(), no(0));
}

#[test]
fn once_the_steward_has_a_pin_nobody_writes_on_a_locked_phone() {
    let district = District::new();
    let (mut steward, _) = steward(&district);
    steward.add_operator(no(0), None, "9173").unwrap();
    assert_eq!(failed(steward.note(None, "locked")), OperatorError::Locked);
    assert_eq!(failed(steward.add_operator(no(3), Some("李娟"), "4826")), OperatorError::Locked);
    steward.login(no(0), "9173").unwrap();
    steward.note(None, "open").unwrap();
    steward.add_operator(no(3), Some("李娟"), "4826").unwrap();
    let listed = steward.operators().unwrap();
    let seen: Vec<_> = listed.iter().map(|o| (o.number.get(), o.works)).collect();
    assert_eq!(seen, [(0, true), (3, false)]);
    steward.remove_operator(no(0)).unwrap();
    assert_eq!(steward.operator().unwrap(), no(0), "without a PIN it is the steward's phone");
    assert!(matches!(steward.remove_operator(no(9)), Err(StewardError::Unknown { .. })));
}

#[test]
fn wrong_pins_make_one_wait_longer_and_longer_by_the_time_since_start_up() {
    let district = District::new();
    let (mut steward, uptime) = steward(&district);
    steward.add_operator(no(12), Some("李娟"), "4826").unwrap();
    for wait_s in [0, 0, 30] {
        let failed = failed(steward.login(no(12), "0000"));
        assert_eq!(failed, OperatorError::WrongPin { wait_s });
    }
    // The right PIN has to wait too, and trying does not make it longer.
    for _ in 0..3 {
        assert_eq!(failed(steward.login(no(12), "4826")), OperatorError::Waits { wait_s: 30 });
    }
    uptime.0.store(1_029, Ordering::SeqCst);
    assert_eq!(failed(steward.login(no(12), "4826")), OperatorError::Waits { wait_s: 1 });
    // Starting the phone anew begins the wait anew.
    uptime.0.store(10, Ordering::SeqCst);
    assert_eq!(failed(steward.login(no(12), "4826")), OperatorError::Waits { wait_s: 20 });
    uptime.0.store(30, Ordering::SeqCst);
    assert_eq!(failed(steward.login(no(12), "0000")), OperatorError::WrongPin { wait_s: 60 });
    uptime.0.store(90, Ordering::SeqCst);
    steward.login(no(12), "4826").unwrap();
    // And a right one sets the count back.
    assert_eq!(failed(steward.login(no(12), "0000")), OperatorError::WrongPin { wait_s: 0 });
}

#[test]
fn plain_pins_are_refused_and_no_pin_stands_in_the_file() {
    let district = District::new();
    let (mut steward, _) = steward(&district);
    for pin in ["", "123", "1234", "4321", "0000", "12a4", "123456789", "１２４９"] {
        let refused = failed(steward.add_operator(no(12), Some("李娟"), pin));
        assert_eq!(refused, OperatorError::PlainPin, "{pin:?}");
    }
    assert_eq!(failed(steward.add_operator(no(12), Some(" "), "4826")), OperatorError::NoName);
    steward.add_operator(no(12), Some("李娟"), "48264826").unwrap();
    let row = steward.store().operator(no(12)).unwrap().unwrap();
    assert!(row.pin_hash.starts_with("$argon2id$v=19$m=7168,t=5,p=1$"));
    let said = failed(steward.login(no(12), "1111")).said();
    assert!(!said.zh.is_empty() && said.en.contains("Try again"));
}

#[test]
fn with_a_roster_only_its_people_of_this_village_may_work() {
    let district = District::new();
    let (mut steward, _) = steward(&district);
    steward.add_operator(no(9), Some("临时工"), "4826").unwrap();
    let county = district.signer(0);
    let member = |number: u16, village: u16, active: bool| Member {
        number: no(number),
        name: format!("人{number}"),
        village: Some(VillageNo::new(village)),
        duty: Duty::Weigher,
        active,
        household: None,
        device: None,
    };
    let mut office = district.store("office", &[0]);
    for member in
        [member(12, VILLAGE.get(), true), member(13, 77, true), member(14, VILLAGE.get(), false)]
    {
        save(&mut office, &county, member);
    }
    let (books, _) = parts(&mut office, &county);
    let certificates = [county.certificate().clone()];
    let incoming =
        crate::store::Incoming { certificates: &certificates, books: &books, edits: &[] };
    steward.store.ingest(incoming, crate::store::Checked::Here).unwrap();
    let added = steward.add_operator(no(12), None, "4826").unwrap();
    assert_eq!(added.name, "人12");
    for stranger in [13, 14, 15] {
        let refused = failed(steward.add_operator(no(stranger), Some("谁"), "4826"));
        assert_eq!(refused, OperatorError::NotInRoster(no(stranger)));
    }
    // Somebody added before, whom the roster does not have, cannot work any more.
    assert_eq!(failed(steward.login(no(9), "4826")), OperatorError::NotInRoster(no(9)));
    steward.login(no(12), "4826").unwrap();
}
