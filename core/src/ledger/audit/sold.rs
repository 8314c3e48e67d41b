//! What slips come to: weights and amounts by arithmetic of the auditor's own, less what was
//! returned, with fixed prices and adjustments.

use std::collections::BTreeMap;

use crate::domain::slip::{DeductionAmount, Line, Segment, Slip};
use crate::domain::{Body, ContractId, EntityNo, EntryId, GrowerId, ProductNo, Rule, VillageNo};
use crate::ledger::arrived::{Arrived, Ruling};

use super::{Controls, Place};

/// A slip that counts and was not voided, with its corrections.
pub(super) struct Sold {
    grower: GrowerId,
    entity: EntityNo,
    village: Option<VillageNo>,
    lines: Vec<SoldLine>,
    adjusted_fen: i128,
}

struct SoldLine {
    product: ProductNo,
    contract: Option<ContractId>,
    net_g: i128,
    settlement_g: i128,
    segments: Vec<Segment>,
    returned_g: i128,
    fixed: bool,
    /// The amount as printed, where the district admitted a slip that disagrees with itself.
    admitted_fen: Option<i128>,
}

impl Sold {
    pub(super) fn of(arrived: &Arrived, slip: &Slip) -> Sold {
        let disagrees = |ruling: &Ruling| {
            ruling.admits && ruling.settles.contains(&Rule::PURCHASE_AMOUNT_DISAGREES)
        };
        let admitted = arrived.ruling.as_ref().is_some_and(disagrees);
        let lines = slip.lines.iter().map(|line| {
            let (net_g, settlement_g) = weights_g(line);
            SoldLine {
                product: line.product,
                contract: line.contract,
                net_g,
                settlement_g,
                segments: line.segments.clone(),
                returned_g: 0,
                fixed: false,
                admitted_fen: admitted.then(|| i128::from(line.amount.get())),
            }
        });
        Sold {
            grower: slip.grower,
            entity: arrived.entry.envelope.entity,
            village: arrived.village,
            lines: lines.collect(),
            adjusted_fen: 0,
        }
    }

    /// Adds what it comes to.
    pub(super) fn add(&self, controls: &mut Controls) {
        let partition = self.grower.into();
        let whole = |control| Place::entity(control, partition, self.entity);
        let here = |control| Place { village: self.village, ..whole(control) };
        let (mut owed, mut estimate) = (self.adjusted_fen, 0_i128);
        controls.add(here("slips"), 1);
        for line in &self.lines {
            let amount = line.amount_fen();
            if line.is_pending() {
                estimate = estimate.saturating_add(amount);
            } else {
                owed = owed.saturating_add(amount);
            }
            controls.add(here("slip_net_g"), line.net_g);
            controls.add(here("slip_settlement_g"), line.settlement_g);
            if let Some(contract) = line.contract {
                let owner = (contract.key(), line.product.get());
                let place = Place { entity: None, owner, ..whole("contract_delivered_g") };
                controls.add(place, line.settlement_g.saturating_sub(line.returned_g));
            }
        }
        controls.add(whole("slip_owed"), owed);
        controls.add(whole("stock"), owed.saturating_add(estimate));
        controls.add(whole("price_estimate"), estimate);
        controls.add(whole("grower_net"), owed);
    }
}

impl SoldLine {
    fn is_pending(&self) -> bool {
        !self.fixed && self.segments.iter().any(Segment::is_pending)
    }

    /// What the line comes to: by its weights and prices, or as it was admitted.
    fn amount_fen(&self) -> i128 {
        let untouched = self.returned_g == 0 && !self.fixed;
        self.admitted_fen.filter(|_| untouched).unwrap_or_else(|| amount_fen(&self.left()))
    }

    /// The segments' weights and prices without what was returned: the last goes first.
    fn left(&self) -> Vec<(i128, i128)> {
        let mut back = self.returned_g;
        let mut left: Vec<(i128, i128)> = self
            .segments
            .iter()
            .map(|s| (i128::from(s.weight.get()), i128::from(s.price.get())))
            .collect();
        for (weight, _) in left.iter_mut().rev() {
            let off = back.min(*weight);
            *weight = weight.saturating_sub(off);
            back = back.saturating_sub(off);
        }
        left
    }
}

/// Takes a correction, whichever of them comes first: a return, a fixed price, an adjustment.
pub(super) fn correct(slips: &mut BTreeMap<EntryId, Sold>, body: &Body) {
    match body {
        Body::Return(back) => {
            if let Some(line) = line(slips, back.slip, back.line) {
                line.returned_g = line.returned_g.saturating_add(i128::from(back.weight.get()));
            }
        }
        Body::PriceFix(fix) => {
            if let Some(line) = line(slips, fix.slip, fix.line) {
                line.segments.clone_from(&fix.segments);
                line.fixed = true;
            }
        }
        Body::Adjustment(adjustment) => {
            if let Some(slip) = slips.get_mut(&adjustment.slip) {
                let amount = i128::from(adjustment.amount.get());
                slip.adjusted_fen = slip.adjusted_fen.saturating_add(amount);
            }
        }
        _ => {}
    }
}

fn line(slips: &mut BTreeMap<EntryId, Sold>, slip: EntryId, line: u16) -> Option<&mut SoldLine> {
    slips.get_mut(&slip)?.lines.get_mut(usize::from(line))
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

/// What weights at prices come to, in fen: grams × li per kg / 10,000.
fn amount_fen(parts: &[(i128, i128)]) -> i128 {
    let exact = parts
        .iter()
        .fold(0_i128, |sum, (weight, price)| sum.saturating_add(weight.saturating_mul(*price)));
    half_up_10_000(exact)
}

/// A ten-thousandth, halves upward: the quotient, and one more if at least half is left.
const fn half_up_10_000(value: i128) -> i128 {
    let whole = value.div_euclid(10_000);
    if value.rem_euclid(10_000) >= 5_000 { whole.saturating_add(1) } else { whole }
}
