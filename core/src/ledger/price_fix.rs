//! A price fix: the estimate of a pending line goes back on the side where it stood, and the final
//! amount is owed. The floor of the contract in force holds.

use crate::domain::contract::Beyond;
use crate::domain::price_fix::PriceFix;
use crate::domain::pricing::Terms;
use crate::domain::slip::PriceReason;
use crate::domain::{Grams, Rule};

use super::arrived::Arrived;
use super::correction::{self, Change, CorrectionKind, Named};
use super::fold::Verdict;
use super::keep::Records;
use super::records::{LineRecord, SlipRecord};

pub(super) fn apply<R: Records>(
    records: &mut R,
    arrived: &Arrived,
    fix: &PriceFix,
    mut reasons: Vec<Rule>,
) -> Result<Verdict, R::Error> {
    let named =
        Named { grower: fix.grower, slip: fix.slip, hash: fix.slip_hash, line: Some(fix.line) };
    let (before, against) = correction::target(records, arrived, &named)?;
    reasons.extend(against);
    let Some(before) = before else { return Ok(Verdict::of(reasons)) };
    let Some(line) = before.line(fix.line) else { return Ok(Verdict::of(reasons)) };
    if !line.is_pending() {
        reasons.push(Rule::PRICE_FIX_NOT_PENDING);
    } else if !before.is_open(fix.line) {
        reasons.push(Rule::PRICE_FIX_TWICE);
    }
    let weight = Grams::sum(fix.segments.iter().map(|s| s.weight));
    if weight != before.left_of(fix.line) {
        reasons.push(Rule::PRICE_FIX_WEIGHT_DISAGREES);
    }
    if is_below_floor(records, &before, line, fix)? {
        reasons.push(Rule::PRICE_FIX_BELOW_FLOOR);
    }
    let reasons = arrived.unsettled(reasons);
    if !reasons.is_empty() {
        return Ok(Verdict::of(reasons));
    }
    let mut after = before.clone();
    after.changes.change_line(fix.line, |change| {
        change.fixed = Some(fix.amount);
        change.fixed_segments.clone_from(&fix.segments);
        Ok(())
    })?;
    let change = Change {
        kind: CorrectionKind::PriceFix,
        line: Some(fix.line),
        weight: Grams::ZERO,
        bulk: None,
        reason: String::new(),
    };
    correction::correct(records, arrived, &before, after, change)
}

/// Whether a segment is priced below the floor of the line's contract. What lies beyond the
/// contract's quantity and tolerance may be, where that goes at the list price.
fn is_below_floor<R: Records>(
    records: &R,
    slip: &SlipRecord,
    line: &LineRecord,
    fix: &PriceFix,
) -> Result<bool, R::Error> {
    let Some(contract) = line.contract else { return Ok(false) };
    let Some(record) = records.contract(slip.grower, contract)? else { return Ok(false) };
    let Some(agreed) = record.terms().filter(|terms| terms.product == line.product) else {
        return Ok(false);
    };
    // The line itself is among what was delivered.
    let excess = match (Terms::of(agreed, record.delivered()), agreed.beyond) {
        (Ok(terms), Beyond::ListPrice) => terms.delivered.minus(terms.line)?.max(Grams::ZERO),
        _ => Grams::ZERO,
    };
    let below = fix.segments.iter().filter(|segment| segment.price < agreed.floor);
    let exempt = below.clone().all(|segment| segment.reason == PriceReason::Excess);
    let weight = Grams::sum(below.map(|segment| segment.weight)).unwrap_or(Grams::new(i64::MAX));
    Ok(weight > Grams::ZERO && !(exempt && weight <= excess))
}
