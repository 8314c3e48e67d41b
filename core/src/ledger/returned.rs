//! A return: what is left of a line goes down at the line's price, the last segment first, and so
//! do the deliveries on its contract. What was already paid of it becomes a refund due.

use crate::domain::contract::USUAL_RETURN_HOURS;
use crate::domain::returned::Return;
use crate::domain::{BusinessDate, Fen, Grams, Rule};

use super::arrived::Arrived;
use super::correction::{self, Change, CorrectionKind, Named};
use super::fold::Verdict;
use super::keep::Records;
use super::records::{ContractRecord, LineRecord, SlipRecord};
use super::slip;

const HOURS_OF_A_DAY: u16 = 24;

pub(super) fn apply<R: Records>(
    records: &mut R,
    arrived: &Arrived,
    back: &Return,
    mut reasons: Vec<Rule>,
) -> Result<Verdict, R::Error> {
    let named =
        Named { grower: back.grower, slip: back.slip, hash: back.slip_hash, line: Some(back.line) };
    let (before, against) = correction::target(records, arrived, &named)?;
    reasons.extend(against);
    let Some(before) = before else { return Ok(Verdict::of(reasons)) };
    let Some(line) = before.line(back.line) else { return Ok(Verdict::of(reasons)) };
    let mut after = before.clone();
    if before.is_open(back.line) {
        reasons.push(Rule::RETURN_OF_PENDING);
    } else if back.weight > before.left_of(back.line)? {
        reasons.push(Rule::RETURN_BEYOND_LINE);
    } else if back.weight > Grams::ZERO {
        after.set_returned(back.line, before.returned_of(back.line).plus(back.weight)?)?;
    }
    if is_late(records, &before, line, arrived.entry.envelope.date)? {
        reasons.push(Rule::RETURN_TOO_LATE);
    }
    if after.due()? < Fen::ZERO {
        reasons.push(Rule::ADJUSTMENT_BELOW_ZERO);
    }
    let reasons = arrived.unsettled(reasons);
    if !reasons.is_empty() {
        return Ok(Verdict::of(reasons));
    }
    if let Some(contract) = line.contract {
        let off = back.weight.negated()?;
        slip::deliver(records, before.grower, contract, line.product, off)?;
    }
    let change = Change {
        kind: CorrectionKind::Return,
        line: Some(back.line),
        weight: back.weight,
        bulk: None,
        reason: back.reason.clone(),
    };
    correction::correct(records, arrived, &before, after, change)
}

/// Whether the contract's hours are over, by business dates: no clock decides it, and a part of a
/// day counts as a whole one.
fn is_late<R: Records>(
    records: &R,
    slip: &SlipRecord,
    line: &LineRecord,
    date: BusinessDate,
) -> Result<bool, R::Error> {
    let contract = match line.contract {
        Some(contract) => records.contract(slip.grower, contract)?,
        None => None,
    };
    let agreed = contract.as_ref().and_then(ContractRecord::terms).map(|terms| terms.agreed);
    let hours = agreed.and_then(|agreed| agreed.return_hours).unwrap_or(USUAL_RETURN_HOURS);
    let last = slip.date.days().saturating_add(i32::from(hours.div_ceil(HOURS_OF_A_DAY)));
    Ok(date.days() > last)
}
