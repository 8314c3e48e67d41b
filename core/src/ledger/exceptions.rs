//! Exceptions: what the office should look at, each with its evidence, an owner, and the acts that
//! settle it. Derived anew from what stands; nothing is stored, and nothing here moves a fen.
//!
//! They fall into four parts, so that only what changed has to be derived again: what whole
//! partitions show, what whole devices show, what all lines together show, and what stands around
//! the entries.

use std::borrow::Borrow;

use crate::domain::{BusinessDate, Clock, EntryId, GrowerId, Kind, Rule, VillageNo};

use super::arrived::Arrived;
use super::bank::ExcessRecord;
use super::outcome::Status;
use super::published::Published;
use super::record::DebtRecord;
use super::records::{ContractRecord, PayoutRecord, SlipRecord};

mod around;
mod contract;
mod entry;
mod float;
mod kind;
mod owed;
mod payouts;
mod price;
mod repeat;
mod weight;
mod words;

pub use around::{Around, WordWaiting, of_around};
pub use float::Till;
pub use kind::{Act, ExceptionKind, Owner};
pub use weight::{Weighed, of_weights, weights};

/// Something to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exception {
    /// What it is; its words, its owner and the acts that settle it follow from it.
    pub kind: ExceptionKind,
    /// Whose household, if it is about one.
    pub grower: Option<GrowerId>,
    /// Where, if it is known.
    pub village: Option<VillageNo>,
    /// The entries that show it, in the order of their numbers; empty only where no entry can show
    /// it, and then there is a subject.
    pub evidence: Vec<EntryId>,
    /// What it is about, if that is no entry: a book code, a field of a register.
    pub subject: Option<String>,
    /// The rules that it is about, in order of precedence: why an entry is held, how a price lies.
    pub rules: Vec<Rule>,
    /// What was measured, if it is a matter of measure.
    pub measure: Option<Measure>,
    /// The business date since which it stands, if entries tell it.
    pub since: Option<BusinessDate>,
}

/// A number that stands out, in the unit of its kind ([`ExceptionKind::unit`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measure {
    /// What is there.
    pub found: i64,
    /// What it is measured against, if there is anything.
    pub expected: Option<i64>,
}

/// An entry with what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folded {
    /// Its number.
    pub id: EntryId,
    /// Its kind, if this build knows it.
    pub kind: Option<Kind>,
    /// Whose household, if it is about one.
    pub grower: Option<GrowerId>,
    /// The village that its device serves.
    pub village: Option<VillageNo>,
    /// The business date as printed.
    pub date: BusinessDate,
    /// What the clocks said.
    pub clock: Clock,
    /// What became of it.
    pub status: Status,
}

impl Folded {
    /// This entry with this status.
    pub fn new(arrived: &Arrived, status: Status) -> Folded {
        let envelope = &arrived.entry.envelope;
        Folded {
            id: arrived.id,
            kind: arrived.entry.body.kind(),
            grower: arrived.entry.body.grower(),
            village: arrived.village,
            date: envelope.date,
            clock: envelope.clock,
            status,
        }
    }
}

/// Everything that exceptions are derived from.
///
/// `slips` and `contracts` must be whole for each grower they speak of, `entries` for each device.
pub struct Facts<'a> {
    /// The district's lists and rules.
    pub published: &'a Published,
    /// Whether a grower stands in a village's register.
    pub is_registered: &'a dyn Fn(GrowerId) -> bool,
    /// Slips, in any order.
    pub slips: &'a [SlipRecord],
    /// Contracts, in any order.
    pub contracts: &'a [ContractRecord],
    /// Entries of every kind, in any order.
    pub entries: &'a [Folded],
    /// What growers owe, in any order.
    pub debts: &'a [DebtRecord],
    /// What was paid, in any order.
    pub payouts: &'a [PayoutRecord],
    /// What the bank paid beyond the unpaid, in any order.
    pub excesses: &'a [ExcessRecord],
    /// The day of looking, if anything is to be overdue.
    pub today: Option<BusinessDate>,
    /// What stands around the entries.
    pub around: Around<'a>,
}

/// Every exception in these facts, by kind and then by the first entry that shows it.
pub fn exceptions(facts: &Facts<'_>) -> Vec<Exception> {
    let mut found = of_partitions(facts);
    found.extend(of_devices(facts.entries));
    found.extend(of_weights(&weights(facts.slips)));
    found.extend(of_around(&facts.published.rules(), &facts.around));
    in_order(&mut found);
    found
}

/// What these partitions show by themselves: facts of one partition give those of that partition,
/// whatever else there is.
pub fn of_partitions(facts: &Facts<'_>) -> Vec<Exception> {
    let mut found = Vec::new();
    entry::held(facts, &mut found);
    entry::unregistered(facts, &mut found);
    entry::late_voids(facts, &mut found);
    price::of_slips(facts, &mut found);
    repeat::of_slips(facts, &mut found);
    contract::of_contracts(facts, &mut found);
    contract::of_slips(facts, &mut found);
    owed::overdue(facts, &mut found);
    owed::refunds(facts, &mut found);
    payouts::overpaid(facts, &mut found);
    payouts::bank_excesses(facts, &mut found);
    payouts::idle_repayments(facts, &mut found);
    around::own_household(facts, &mut found);
    found
}

/// What these devices show by themselves: all entries of one device give those of that device.
pub fn of_devices(entries: &[Folded]) -> Vec<Exception> {
    let mut found = Vec::new();
    entry::newer(entries, &mut found);
    entry::clock_doubt(entries, &mut found);
    found
}

/// The order in which they are shown: by kind, then by what shows them.
pub fn in_order<T: Borrow<Exception>>(found: &mut [T]) {
    found.sort_by(|a, b| {
        let (a, b) = (a.borrow(), b.borrow());
        (a.kind, &a.evidence, &a.subject).cmp(&(b.kind, &b.evidence, &b.subject))
    });
}

impl Exception {
    /// About a slip alone.
    fn of_slip(kind: ExceptionKind, slip: &SlipRecord) -> Exception {
        Exception {
            kind,
            grower: Some(slip.grower),
            village: slip.village,
            evidence: vec![slip.id],
            subject: None,
            rules: Vec::new(),
            measure: None,
            since: Some(slip.date),
        }
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_around;
