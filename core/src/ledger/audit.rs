//! The auditor: control totals straight from the entries, by code and arithmetic of its own.
//!
//! Debits equal credits by construction, so a balanced trial balance proves little. The real
//! controls are grams, payables and cash, totalled here without the fold, its records or its
//! functions; they must agree with what the fold made.

use std::borrow::Borrow;
use std::collections::{BTreeMap, HashMap};

use crate::domain::slip::{DeductionAmount, Line};
use crate::domain::{Body, ContractId, EntityNo, EntryId, GrowerId, ProductNo, VillageNo};

use super::arrived::Arrived;
use super::partition::Partition;

mod compare;

pub use compare::{Difference, trial_balance_fen};

/// Whose totals: one entity, one partition, and the village of the device that wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ControlKey {
    /// On whose account.
    pub entity: EntityNo,
    /// Whose household, or whose cash.
    pub partition: Partition,
    /// Where.
    pub village: Option<VillageNo>,
}

/// Totals of what counts, less what was voided.
///
/// 128 bits, so that no sum of 64-bit amounts can overflow here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Totals {
    /// Slips.
    pub slips: i128,
    /// Net weight of slips, in grams.
    pub net_g: i128,
    /// Settlement weight of slips, in grams.
    pub settlement_g: i128,
    /// What slips came to, computed from weights and prices, in fen.
    pub amount_fen: i128,
    /// What payouts paid of slips, in fen.
    pub paid_fen: i128,
    /// The cash that left floats, in fen.
    pub cash_fen: i128,
}

impl Totals {
    fn add(&mut self, other: &Totals, sign: i128) {
        for (sum, more) in [
            (&mut self.slips, other.slips),
            (&mut self.net_g, other.net_g),
            (&mut self.settlement_g, other.settlement_g),
            (&mut self.amount_fen, other.amount_fen),
            (&mut self.paid_fen, other.paid_fen),
            (&mut self.cash_fen, other.cash_fen),
        ] {
            *sum = sum.saturating_add(more.saturating_mul(sign));
        }
    }

    /// What is still owed, in fen.
    pub const fn unpaid_fen(&self) -> i128 {
        self.amount_fen.saturating_sub(self.paid_fen)
    }

    /// What rounding cost, in fen.
    pub const fn rounding_fen(&self) -> i128 {
        self.cash_fen.saturating_sub(self.paid_fen)
    }
}

/// The control totals of a set of entries.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Controls {
    totals: BTreeMap<ControlKey, Totals>,
    delivered_g: BTreeMap<(GrowerId, ContractId, ProductNo), i128>,
}

/// What one counted slip or payout adds, kept until it is known whether it was voided.
struct Share {
    key: ControlKey,
    totals: Totals,
    delivered_g: Vec<((GrowerId, ContractId, ProductNo), i128)>,
}

impl Controls {
    /// Totals these entries, given in any order and each once, with whether each counts.
    pub fn of<A: Borrow<Arrived>>(entries: impl IntoIterator<Item = (A, bool)>) -> Controls {
        let mut shares: HashMap<EntryId, Share> = HashMap::new();
        let mut voided = Vec::new();
        for (arrived, counts) in entries {
            let arrived = arrived.borrow();
            if !counts {
                continue;
            }
            if let Body::Void(void) = &arrived.entry.body {
                voided.push(void.target);
            } else if let Some(share) = share(arrived) {
                shares.insert(arrived.id, share);
            }
        }
        let mut controls = Controls::default();
        for share in shares.values() {
            controls.add(share, 1);
        }
        for share in voided.iter().filter_map(|target| shares.get(target)) {
            controls.add(share, -1);
        }
        controls
    }

    fn add(&mut self, share: &Share, sign: i128) {
        self.totals.entry(share.key).or_default().add(&share.totals, sign);
        for (place, weight_g) in &share.delivered_g {
            let sum = self.delivered_g.entry(*place).or_default();
            *sum = sum.saturating_add(weight_g.saturating_mul(sign));
        }
    }

    /// All totals, by entity, partition and village.
    pub fn iter(&self) -> impl Iterator<Item = (&ControlKey, &Totals)> {
        self.totals.iter()
    }

    /// The totals of every key that passes.
    pub fn sum(&self, passes: impl Fn(&ControlKey) -> bool) -> Totals {
        let mut sum = Totals::default();
        for (_, totals) in self.totals.iter().filter(|(key, _)| passes(key)) {
            sum.add(totals, 1);
        }
        sum
    }
}

fn share(arrived: &Arrived) -> Option<Share> {
    let mut totals = Totals::default();
    let mut delivered_g = Vec::new();
    let grower = match &arrived.entry.body {
        Body::Slip(slip) => {
            totals.slips = 1;
            for line in &slip.lines {
                let (net_g, settlement_g) = weights_g(line);
                totals.net_g = totals.net_g.saturating_add(net_g);
                totals.settlement_g = totals.settlement_g.saturating_add(settlement_g);
                totals.amount_fen = totals.amount_fen.saturating_add(amount_fen(line));
                if let Some(contract) = line.contract {
                    delivered_g.push(((slip.grower, contract, line.product), settlement_g));
                }
            }
            slip.grower
        }
        Body::Payout(payout) => {
            totals.cash_fen = i128::from(payout.cash.get());
            for allocation in &payout.allocations {
                let paid = i128::from(allocation.amount.get());
                totals.paid_fen = totals.paid_fen.saturating_add(paid);
            }
            payout.grower
        }
        _ => return None,
    };
    let entity = arrived.entry.envelope.entity;
    let key = ControlKey { entity, partition: grower.into(), village: arrived.village };
    Some(Share { key, totals, delivered_g })
}

/// Net and settlement weight of a line, in grams.
fn weights_g(line: &Line) -> (i128, i128) {
    let mut net_g = 0_i128;
    for w in &line.weighings {
        net_g = net_g.saturating_add(i128::from(w.gross.get()));
        net_g = net_g.saturating_sub(i128::from(w.tare.get()));
    }
    let mut settlement_g = net_g;
    for deduction in &line.deductions {
        let off = match deduction.amount {
            DeductionAmount::Weight(weight) => i128::from(weight.get()),
            DeductionAmount::Share(share) => {
                half_up_10_000(net_g.saturating_mul(i128::from(share.get())))
            }
        };
        settlement_g = settlement_g.saturating_sub(off);
    }
    (net_g, settlement_g)
}

/// What a line comes to by its segments, in fen: grams × li per kg / 10,000.
fn amount_fen(line: &Line) -> i128 {
    let exact = line.segments.iter().fold(0_i128, |sum, s| {
        let part = i128::from(s.weight.get()).saturating_mul(i128::from(s.price.get()));
        sum.saturating_add(part)
    });
    half_up_10_000(exact)
}

/// A ten-thousandth, halves upward: the quotient, and one more if at least half is left.
const fn half_up_10_000(value: i128) -> i128 {
    let whole = value.div_euclid(10_000);
    if value.rem_euclid(10_000) >= 5_000 { whole.saturating_add(1) } else { whole }
}
