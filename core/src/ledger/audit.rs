//! The auditor: control totals straight from the entries, by code and arithmetic of its own.
//!
//! Debits equal credits by construction, so a balanced trial balance proves little. The real
//! controls are independent: grams, what every grower is owed less what they owe, cash by holder,
//! and the bank, totalled here without the fold, its records or its functions, and without any
//! order. How a repayment, an overpayment or a refund splits a grower's accounts needs an order;
//! their sum does not, and what each account holds must be the sum of its slips and debts
//! ([`Controls::compare`]).

use std::borrow::Borrow;
use std::collections::{BTreeMap, BTreeSet};

use crate::domain::{Body, EntityNo, EntryId, VillageNo};

use super::arrived::Arrived;
use super::partition::Partition;

mod compare;
mod flows;
mod sold;

pub use compare::{Difference, trial_balance_fen};

/// What a control is about: one figure of one partition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    /// Which control, as a word for reports.
    pub(super) control: &'static str,
    pub(super) partition: Partition,
    pub(super) entity: Option<EntityNo>,
    pub(super) village: Option<VillageNo>,
    /// The holder of cash, the contract and product, or 0.
    pub(super) owner: (i64, u32),
}

/// The control totals of a set of entries, in 128 bits, so that no sum of 64-bit amounts overflows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Controls {
    totals: BTreeMap<Place, i128>,
}

impl Controls {
    /// Totals these entries, given in any order and each once, with whether each counts.
    pub fn of<A: Borrow<Arrived>>(entries: impl IntoIterator<Item = (A, bool)>) -> Controls {
        let counted: Vec<A> =
            entries.into_iter().filter_map(|(arrived, counts)| counts.then_some(arrived)).collect();
        let voided: BTreeSet<EntryId> = counted
            .iter()
            .filter_map(|arrived| match &arrived.borrow().entry.body {
                Body::Void(void) => Some(void.target),
                _ => None,
            })
            .collect();
        let answered: BTreeMap<EntryId, &Body> = counted
            .iter()
            .map(Borrow::borrow)
            .filter(|a| matches!(a.entry.body, Body::FloatIssue(_) | Body::BankReserve(_)))
            .map(|arrived| (arrived.id, &arrived.entry.body))
            .collect();
        let mut controls = Controls::default();
        let mut slips = BTreeMap::new();
        for arrived in counted.iter().map(Borrow::borrow) {
            if voided.contains(&arrived.id) {
                continue;
            }
            if let Body::Slip(slip) = &arrived.entry.body {
                slips.insert(arrived.id, sold::Sold::of(arrived, slip));
            }
            flows::add(&mut controls, arrived);
            for id in arrived.entry.body.named() {
                if let Some(named) = answered.get(&id) {
                    flows::linked(&mut controls, arrived, named);
                }
            }
        }
        for arrived in counted.iter().map(Borrow::borrow) {
            if !voided.contains(&arrived.id) {
                sold::correct(&mut slips, &arrived.entry.body);
            }
        }
        for slip in slips.values() {
            slip.add(&mut controls);
        }
        controls
    }

    /// Adds to one figure.
    fn add(&mut self, place: Place, amount: i128) {
        let sum = self.totals.entry(place).or_default();
        *sum = sum.saturating_add(amount);
    }
}

impl Place {
    /// A figure of one entity.
    fn entity(control: &'static str, partition: Partition, entity: EntityNo) -> Place {
        Place { control, partition, entity: Some(entity), village: None, owner: (0, 0) }
    }
}
