//! The void of a correction, by the office: the slip stands as if the correction had not been made.

use crate::domain::device::DeviceRole;
use crate::domain::{Fen, Rule, UnitError};
use crate::ledger::account::{Account, Posting};
use crate::ledger::arrived::Arrived;
use crate::ledger::correction::{self, CorrectionKind, CorrectionRecord};
use crate::ledger::keep::Records;
use crate::ledger::record::{DebtKind, DebtRecord};
use crate::ledger::records::{SlipRecord, State};
use crate::ledger::slip;

/// What speaks against voiding this counted correction, in order of precedence.
pub(super) fn against<R: Records>(
    records: &R,
    record: &CorrectionRecord,
    arrived: &Arrived,
) -> Result<Vec<Rule>, R::Error> {
    let mut reasons = Vec::new();
    if arrived.role == DeviceRole::Phone {
        reasons.push(Rule::VOID_NEEDS_SECOND_PERSON);
    }
    let slip = records.slip(record.grower, record.slip)?;
    let Some(slip) = slip.filter(|slip| slip.state.stands()) else {
        reasons.push(Rule::TARGET_NOT_COUNTED);
        return Ok(reasons);
    };
    let line = record.line.unwrap_or_default();
    if record.kind == CorrectionKind::PriceFix && slip.returned_of(line) != Default::default() {
        // It was returned at the fixed price.
        reasons.push(Rule::VOID_RETURNED_SINCE);
    } else if without(&slip, record)?.due()? < Fen::ZERO {
        reasons.push(Rule::ADJUSTMENT_BELOW_ZERO);
    }
    Ok(reasons)
}

/// Takes the correction off its slip and off what was told by it; what that moves.
pub(super) fn take_back<R: Records>(
    records: &mut R,
    arrived: &Arrived,
    record: CorrectionRecord,
) -> Result<Vec<Posting>, R::Error> {
    let Some(before) = records.slip(record.grower, record.slip)? else { return Ok(Vec::new()) };
    let mut after = without(&before, &record)?;
    let line = record.line.and_then(|line| before.line(line));
    if record.kind == CorrectionKind::Return
        && let Some((product, contract)) = line.and_then(|l| Some((l.product, l.contract?)))
    {
        slip::deliver(records, before.grower, contract, product, record.weight)?;
    }
    let more = after.due()?.minus(before.due()?)?;
    let unrefunded = take_refund_back(records, arrived, &record, more)?;
    after.paid = after.paid.plus(unrefunded)?;
    let mut postings = correction::settle(records, arrived, &before, after)?;
    if unrefunded > Fen::ZERO {
        let (entity, grower) = (before.entity, before.grower);
        postings.push(Posting {
            debit: Account::RefundDue { entity, grower },
            credit: Account::Payable { entity, grower },
            amount: unrefunded.negated()?,
        });
    }
    let state = State::Voided { by: arrived.id };
    records.put_record(record.grower.into(), CorrectionRecord { state, ..record }.into())?;
    Ok(postings)
}

/// The slip without this correction.
fn without(slip: &SlipRecord, record: &CorrectionRecord) -> Result<SlipRecord, UnitError> {
    let mut after = slip.clone();
    let line = record.line.unwrap_or_default();
    match record.kind {
        CorrectionKind::Return => {
            after.set_returned(line, slip.returned_of(line).minus(record.weight)?)?;
        }
        CorrectionKind::PriceFix => after.changes.change_line(line, |change| {
            change.fixed = None;
            change.fixed_segments.clear();
            Ok(())
        })?,
        CorrectionKind::Adjustment => {
            after.changes.adjusted = slip.changes.adjusted.minus(record.amount)?;
        }
    }
    Ok(after)
}

/// Takes back what the grower has not given back yet of the refund that the correction made, at most
/// this; how much it was. It is paid of the slip again.
fn take_refund_back<R: Records>(
    records: &mut R,
    arrived: &Arrived,
    record: &CorrectionRecord,
    most: Fen,
) -> Result<Fen, R::Error> {
    let kept: Option<DebtRecord> = records.kept(record.grower.into(), record.id.key())?;
    let Some(mut debt) = kept.filter(|debt| debt.kind == DebtKind::Refund) else {
        return Ok(Fen::ZERO);
    };
    let back = debt.left()?.min(most).max(Fen::ZERO);
    debt.amount = debt.amount.minus(back)?;
    if debt.amount == Fen::ZERO {
        debt.state = State::Voided { by: arrived.id };
    }
    records.put_record(record.grower.into(), debt.into())?;
    Ok(back)
}
