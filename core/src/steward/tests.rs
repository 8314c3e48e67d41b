//! Case 2: a clock in the year 2000, or a year ahead. Everything is saved, the order comes from
//! causality, the clock's doubt is said, and amounts do not change.

use std::sync::{Arc, Mutex};

use super::*;
use crate::desk::SlipDraft;
use crate::domain::slip::Weighing;
use crate::domain::{EntryId, Fen, Grade, Grams, Rule};
use crate::ledger::{State, Status as EntryStatus};
use crate::store::tests::world::*;
use crate::store::{Checked, Incoming};

/// 2020-07-01, 2000-01-01 and 2021-07-01 in Shanghai.
const RIGHT_S: i64 = 1_593_554_630;
const YEAR_2000_S: i64 = 946_684_800;
const YEAR_AHEAD_S: i64 = RIGHT_S + 365 * 86_400;

/// A clock that the test sets.
#[derive(Clone)]
struct Wrong(Arc<Mutex<Clock>>);

impl Wrong {
    fn set(&self, wall_s: i64, uptime_s: i64) {
        *self.0.lock().unwrap() = Clock { wall_s, uptime_s };
    }
}

impl DeviceClock for Wrong {
    fn read(&self) -> Clock {
        *self.0.lock().unwrap()
    }
}

/// Buys 10 kg at the list's 3.19 yuan; the day is the one that was confirmed.
fn buy(steward: &mut Steward) -> Bought {
    let day = "2020-07-01".parse().unwrap();
    let mut draft = SlipDraft::new(steward.visit(grower(5, 7), Some(day)).unwrap());
    let line = draft.add_line(LEAVES, Grade::default());
    let weighing = Weighing { gross: Grams::new(11_500), tare: Grams::new(1_500) };
    draft.weigh(line, weighing).unwrap();
    steward.save_slip(&draft, None).unwrap().unwrap()
}

/// A steward of phone 5 at this clock, with what the county published.
fn steward(clock: &Wrong) -> (District, Store, Steward) {
    let district = District::new();
    let mut county = district.store("county", &[0, 1, 5]);
    for body in catalogue() {
        save(&mut county, &district.signer(0), body);
    }
    let mut store = district.store("phone", &[0, 1, 5]);
    let (books, _) = parts(&mut county, &district.signer(0));
    store.ingest(Incoming { books: &books, ..Default::default() }, Checked::Here).unwrap();
    let (signer, rng) = (Some(district.signer(5)), Box::new(Counter(0)));
    let steward = Steward { store, signer, clock: Box::new(clock.clone()), rng };
    (district, county, steward)
}

#[test]
fn a_day_is_asked_for_once_and_holds_until_the_clock_shows_another_day() {
    let clock = Wrong(Arc::new(Mutex::new(Clock { wall_s: RIGHT_S, uptime_s: 1_000 })));
    let (_district, _county, mut steward) = steward(&clock);
    let warned = |steward: &Steward| {
        let draft = SlipDraft::new(steward.visit(grower(5, 7), None).unwrap());
        let review = steward.review_slip(&draft).unwrap();
        review.warnings.iter().any(|w| w.rule == Rule::WARN_CLOCK_DOUBT)
    };
    assert!(!steward.asks_for_day().unwrap());
    clock.set(YEAR_2000_S, 1_100);
    assert!(steward.asks_for_day().unwrap());
    assert!(warned(&steward));
    assert_eq!(steward.today().to_string(), "2000-01-01");
    steward.confirm_day("2020-07-02".parse().unwrap()).unwrap();
    clock.set(YEAR_2000_S + 3_600, 4_700);
    assert!(!steward.asks_for_day().unwrap());
    assert!(!warned(&steward));
    assert_eq!(steward.visit(grower(5, 7), None).unwrap().date.to_string(), "2020-07-02");
    // The phone's own day turns: nobody knows whether the real one did.
    clock.set(YEAR_2000_S + 86_400, 87_500);
    assert!(steward.asks_for_day().unwrap());
    assert!(warned(&steward));
    // The network set the clock right.
    clock.set(RIGHT_S + 90_000, 91_000);
    assert!(!steward.asks_for_day().unwrap());
}

#[test]
fn case_02_clock_in_the_year_2000_or_a_year_ahead() {
    let clock = Wrong(Arc::new(Mutex::new(Clock { wall_s: RIGHT_S, uptime_s: 1_000 })));
    let (district, mut county, mut steward) = steward(&clock);

    let mut bought = vec![buy(&mut steward)];
    for (wall_s, uptime_s) in [(YEAR_2000_S, 1_100), (YEAR_AHEAD_S, 1_200), (YEAR_2000_S, 1_300)] {
        clock.set(wall_s, uptime_s);
        bought.push(buy(&mut steward));
    }
    // Saved every time, at the same amount; the doubt is said wherever there is one.
    let doubts: Vec<bool> = bought.iter().map(|bought| bought.clock_in_doubt).collect();
    assert_eq!(doubts, [false, true, true, true]);
    for bought in &bought {
        assert_eq!(bought.amount, Fen::new(3_190));
        let warned = bought.warnings.iter().any(|w| w.rule == Rule::WARN_CLOCK_DOUBT);
        assert_eq!(warned, bought.clock_in_doubt);
        let entry = steward.store().entry(bought.id).unwrap().unwrap();
        assert_eq!(entry.status, EntryStatus::Counted);
        assert_eq!(entry.arrived.entry.envelope.date.to_string(), "2020-07-01");
    }
    // A void from the year 2000 of a slip of 2021 comes after it all the same.
    let target = bought[2].id;
    let back = TakeBack { target, reason: "记错户", replacement: None, ask: false };
    let void = steward.void(back, "2020-07-01".parse().unwrap(), None).unwrap();
    assert_eq!(steward.store().slip(target).unwrap().unwrap().state, State::Voided { by: void });

    // Whoever gets it computes the same order: by the numbers, not by the clocks.
    let (books, _) = parts(&mut steward.store, &district.signer(5));
    county.ingest(Incoming { books: &books, ..Default::default() }, Checked::Here).unwrap();
    assert_eq!(county.slip(target).unwrap().unwrap().state, State::Voided { by: void });
    let lamport = |id: EntryId| county.entry(id).unwrap().unwrap().arrived.entry.envelope.lamport;
    let order: Vec<u64> = bought.iter().map(|b| lamport(b.id)).chain([lamport(void)]).collect();
    assert!(order.is_sorted_by(|a, b| a < b), "{order:?}");
    let day = "2020-07-01".parse().unwrap();
    let totals = county.totals(day, day).unwrap();
    assert_eq!((totals.purchases, totals.amount_fen), (3, Fen::new(9_570)));
    assert!(county.control_differences().unwrap().is_empty());
}
