//! A phone of the demo: a real store and a real `Steward`, whose clock the plan sets.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use courtyard_core::desk::Given;
use courtyard_core::domain::{BusinessDate, Clock, DeviceNo, EntryId, GrowerId, VillageNo};
use courtyard_core::steward::{DeviceClock, Steward, StewardError};
use courtyard_core::store::{Digests, ImportKey, OpenOptions};
use courtyard_core::sync::http::HttpTransport;
use courtyard_core::wire::invitation::Invitation;
use courtyard_core::wire::proof::SlipProof;

use super::plan::{Act, Deed};
use crate::command::steward::STORE_FILE;
use crate::rng;

mod apart;
mod deeds;

use deeds::inputs;

/// A clock that the plan sets: the wall by the day's second, the time since start-up with it.
#[derive(Debug, Clone, Default)]
struct PlanClock(Arc<AtomicI64>);

/// When the demo's phones were switched on: before the first day of any plan.
const SWITCHED_ON_S: i64 = 1_577_808_000;

impl DeviceClock for PlanClock {
    fn read(&self) -> Clock {
        let wall_s = self.0.load(Ordering::Relaxed);
        Clock { wall_s, uptime_s: wall_s.saturating_sub(SWITCHED_ON_S) }
    }
}

/// A row that could not be recorded, and why.
#[derive(Debug, Clone)]
pub struct Unrecorded {
    /// Its line in the file; 0 for a seeded season.
    pub line: u64,
    /// Why, in both languages.
    pub reason: String,
}

/// One phone.
#[derive(Debug)]
pub struct Phone {
    steward: Steward,
    clock: PlanClock,
    transport: HttpTransport,
    /// How many of its acts, in the plan's order, lie before the last one that is recorded.
    recorded_before: usize,
    acts_seen: usize,
    /// What could not be recorded.
    pub unrecorded: Vec<Unrecorded>,
}

impl Phone {
    /// Opens the phone's store in this folder and enrols it if it is new.
    ///
    /// # Errors
    /// The steward's own.
    pub fn open(
        folder: &Path,
        invite: impl FnOnce() -> Result<Invitation, StewardError>,
        transport: HttpTransport,
    ) -> Result<Phone, StewardError> {
        let clock = PlanClock::default();
        clock.0.store(SWITCHED_ON_S, Ordering::Relaxed);
        let options = OpenOptions::durable(folder.join(STORE_FILE));
        let steward = Steward::open(options, Box::new(clock.clone()), rng::system())?;
        let mut phone = Phone {
            steward,
            clock,
            transport,
            recorded_before: 0,
            acts_seen: 0,
            unrecorded: Vec::new(),
        };
        if phone.steward.device().is_err() {
            phone.steward.enrol(&invite()?, &mut phone.transport)?;
        }
        Ok(phone)
    }

    /// Tells the phone which acts the plan has for it, so that a demo that was interrupted goes on
    /// where it stopped.
    ///
    /// # Errors
    /// The store's own.
    pub fn expect<'a>(
        &mut self,
        acts: impl DoubleEndedIterator<Item = &'a Act> + ExactSizeIterator,
    ) -> Result<(), StewardError> {
        for (place, act) in acts.enumerate().rev() {
            if self.steward.store().imported(&key(act))?.is_some() {
                self.recorded_before = place;
                return Ok(());
            }
        }
        Ok(())
    }

    /// Exchanges with the server.
    ///
    /// # Errors
    /// The steward's own.
    pub fn sync(&mut self) -> Result<(), StewardError> {
        self.steward.sync(&mut self.transport, &mut |_| {}).map(|_| ())
    }

    /// Whether the next acts of the plan were all done by an earlier run. Such a morning is not
    /// synced again: the phone would fetch price lists that it did not have that day.
    ///
    /// # Errors
    /// The store's own.
    pub fn has_done<'a>(&self, acts: impl Iterator<Item = &'a Act>) -> Result<bool, StewardError> {
        for (place, act) in (self.acts_seen..).zip(acts) {
            if !self.is_done(place, act)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// A payout or a void that found nothing to do left no entry; it must not find something later.
    fn is_done(&self, place: usize, act: &Act) -> Result<bool, StewardError> {
        let passed = place < self.recorded_before
            && matches!(
                act.deed,
                Deed::PayAll | Deed::VoidLast { .. } | Deed::Confirm | Deed::Return(_)
            );
        Ok(passed || self.steward.store().imported(&key(act))?.is_some())
    }

    /// Does one act, unless it is done. What breaks a rule is kept in [`Phone::unrecorded`].
    ///
    /// # Errors
    /// The steward's own, if the store fails.
    pub fn act(
        &mut self,
        date: BusinessDate,
        grower: GrowerId,
        act: &Act,
    ) -> Result<(), StewardError> {
        let place = self.acts_seen;
        self.acts_seen = self.acts_seen.saturating_add(1);
        if self.is_done(place, act)? {
            return Ok(());
        }
        let key = key(act);
        self.is_now(date, act.second_of_day);
        let done = match &act.deed {
            Deed::Buy(purchases) => self.buy(date, grower, purchases, &key),
            Deed::Contract(contract) => self.sign(grower, contract, &key),
            Deed::VoidLast { reason } => self.void_last(date, grower, reason, &key),
            Deed::PayAll => self.pay_all(date, grower, &key),
            Deed::Credit(loan) => self.lend(date, grower, inputs(loan), loan, &key),
            Deed::Advance(loan) => self.lend(date, grower, Given::Money(loan.amount), loan, &key),
            Deed::Return(weight) => self.return_some(date, grower, *weight, &key),
            Deed::Confirm => self.confirm(date, grower, &key),
        };
        match done {
            Err(error @ StewardError::Problems(_)) => {
                let said = error.said();
                let reason = format!("{} / {}", said.zh, said.en).replace('\n', " ");
                self.unrecorded.push(Unrecorded { line: act.source_line, reason });
                Ok(())
            }
            other => other,
        }
    }

    /// The digests of what its own file says of its village.
    ///
    /// # Errors
    /// The store's own.
    pub fn digests(&self) -> Result<(VillageNo, Digests), StewardError> {
        let village = self.steward.village()?;
        Ok((village, self.steward.store().digests(village)?))
    }

    /// Sets the phone's clock.
    fn is_now(&self, date: BusinessDate, second_of_day: u32) {
        let midnight_s = i64::from(date.days()).saturating_mul(86_400).saturating_sub(8 * 3_600);
        self.clock.0.store(midnight_s.saturating_add(i64::from(second_of_day)), Ordering::Relaxed);
    }

    /// Before the season: the steward says that the cash which was set out is there. Done once.
    ///
    /// # Errors
    /// The steward's own.
    pub fn take_float(&mut self, date: BusinessDate) -> Result<(), StewardError> {
        if !self.steward.float()?.moves.is_empty() {
            return Ok(());
        }
        self.is_now(date, 16 * 3_600);
        self.sync()?;
        for issue in self.steward.float()?.to_accept {
            self.steward.accept_float(issue.id)?;
        }
        self.sync()
    }

    /// The phone's number.
    ///
    /// # Errors
    /// [`StewardError::NotEnrolled`].
    pub fn device(&self) -> Result<DeviceNo, StewardError> {
        self.steward.device()
    }

    /// What the QR on an own slip holds.
    ///
    /// # Errors
    /// The steward's own.
    pub fn proof(&self, slip: EntryId) -> Result<SlipProof, StewardError> {
        self.steward.slip_proof(slip)
    }

    /// How many forks and refusals it has set aside.
    ///
    /// # Errors
    /// The store's own.
    pub fn set_aside(&self) -> Result<usize, StewardError> {
        Ok(self.steward.store().set_aside()?.len())
    }

    /// Requests sent and bytes on the wire, both ways, since this run began.
    pub fn traffic(&self) -> (u64, u64) {
        let traffic = self.transport.traffic();
        (traffic.requests, traffic.bytes())
    }
}

fn key(act: &Act) -> ImportKey {
    ImportKey { row_hash: act.key.row, occurrence: act.key.occurrence }
}
