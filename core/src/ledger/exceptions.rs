//! Exceptions: what the office should look at, each with its evidence, an owner, and the acts that
//! settle it. Derived anew from what stands; nothing is stored, and nothing here moves a fen.

use crate::domain::{BusinessDate, Clock, EntryId, GrowerId, Kind, Rule, VillageNo};

use super::arrived::Arrived;
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

pub use around::Around;
pub use float::Till;
pub use kind::{Act, ExceptionKind, Owner};

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
    /// The day of looking, if anything is to be overdue.
    pub today: Option<BusinessDate>,
    /// What stands around the entries.
    pub around: Around<'a>,
}

/// Every exception in these facts, by kind and then by the first entry that shows it.
pub fn exceptions(facts: &Facts<'_>) -> Vec<Exception> {
    let mut found = Vec::new();
    entry::held(facts, &mut found);
    entry::newer(facts, &mut found);
    entry::unregistered(facts, &mut found);
    entry::clock_doubt(facts, &mut found);
    entry::late_voids(facts, &mut found);
    price::of_slips(facts, &mut found);
    repeat::of_slips(facts, &mut found);
    contract::of_contracts(facts, &mut found);
    contract::of_slips(facts, &mut found);
    weight::outliers(facts, &mut found);
    owed::overdue(facts, &mut found);
    owed::refunds(facts, &mut found);
    payouts::overpaid(facts, &mut found);
    payouts::idle_repayments(facts, &mut found);
    around::own_household(facts, &mut found);
    around::of_around(facts, &mut found);
    float::of_floats(facts, &mut found);
    found.sort_by(|a, b| (a.kind, &a.evidence, &a.subject).cmp(&(b.kind, &b.evidence, &b.subject)));
    found
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
        }
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_around;
