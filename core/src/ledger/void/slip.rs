//! The void of a slip: a phone alone may take back what is of today and unpaid; anything else is for
//! two people. What was paid of it moves to the slip in its place, and what does not fit there is a
//! refund due.

use crate::domain::device::DeviceRole;
use crate::domain::void::Void;
use crate::domain::{EntryId, Fen, Grams, Rule};
use crate::ledger::account::{Account, Posting};
use crate::ledger::arrived::Arrived;
use crate::ledger::correction;
use crate::ledger::debt;
use crate::ledger::keep::Records;
use crate::ledger::records::{SlipRecord, State};
use crate::ledger::slip;

/// What speaks against voiding this standing slip, in order of precedence.
pub(super) fn against(slip: &SlipRecord, arrived: &Arrived) -> Vec<Rule> {
    let mut reasons = Vec::new();
    if slip.reserved != Fen::ZERO {
        reasons.push(Rule::VOID_RESERVED);
    }
    let fresh = slip.date == arrived.entry.envelope.date && slip.paid == Fen::ZERO;
    if !fresh && !is_second_person(slip, arrived) {
        reasons.push(Rule::VOID_NEEDS_SECOND_PERSON);
    }
    reasons
}

/// Whether the office writes this, by somebody who is known and did not write the slip.
fn is_second_person(slip: &SlipRecord, arrived: &Arrived) -> bool {
    let operator = arrived.entry.envelope.operator;
    arrived.role == DeviceRole::VillageOffice && operator.get() != 0 && operator != slip.operator
}

/// Marks a slip as voided, takes its deliveries off its contracts and moves what was paid of it;
/// what all of that moves.
pub(super) fn take_back<R: Records>(
    records: &mut R,
    arrived: &Arrived,
    slip: SlipRecord,
    void: &Void,
) -> Result<Vec<Posting>, R::Error> {
    for (contract, product, weight) in slip::deliveries(&slip)? {
        let back: Grams = weight.negated()?;
        slip::deliver(records, slip.grower, contract, product, back)?;
    }
    let mut postings = correction::moved(&slip, Fen::ZERO, Fen::ZERO)?;
    let left = match void.replacement {
        Some(replacement) => slip.paid.minus(give_to(records, &slip, replacement)?)?,
        None => slip.paid,
    };
    if left > Fen::ZERO {
        let debit = debt::refund(records, arrived, slip.grower, left)?;
        let credit = Account::Payable { entity: slip.entity, grower: slip.grower };
        postings.push(Posting { debit, credit, amount: left });
    }
    let state = State::Voided { by: arrived.id };
    records.put_slip(SlipRecord { state, paid: Fen::ZERO, remaining: Fen::ZERO, ..slip })?;
    Ok(postings)
}

/// Pays the replacement with what was paid of the voided slip, as far as it fits; how much did. Both
/// are the same entity's, so it moves on no account.
fn give_to<R: Records>(
    records: &mut R,
    voided: &SlipRecord,
    replacement: EntryId,
) -> Result<Fen, R::Error> {
    let found = records.slip(voided.grower, replacement)?;
    let stands = |slip: &SlipRecord| slip.state.stands() && slip.entity == voided.entity;
    let Some(slip) = found.filter(stands) else { return Ok(Fen::ZERO) };
    let free = slip.remaining.minus(slip.reserved)?.max(Fen::ZERO);
    let moved = voided.paid.min(free);
    let (paid, remaining) = (slip.paid.plus(moved)?, slip.remaining.minus(moved)?);
    records.put_slip(SlipRecord { paid, remaining, ..slip })?;
    Ok(moved)
}
