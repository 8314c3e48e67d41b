//! A payout in cash: what is owed on its slips goes down, the float pays, and what rounding adds
//! for the grower is a purchase difference.
//!
//! Only the device that bought may pay, until stewards are entries of their own and the office can
//! reserve a payable for the bank: two phones that pay one slip offline cannot both be right.

use crate::domain::payout::{Allocation, Payout};
use crate::domain::{EntityNo, EntryId, Fen, Holder, Rule, UnitError};

use super::account::{Account, Posting};
use super::arrived::Arrived;
use super::fold::Verdict;
use super::keep::Records;
use super::records::{PayoutRecord, SlipRecord, State};

pub(super) fn apply<R: Records>(
    records: &mut R,
    arrived: &Arrived,
    payout: &Payout,
    mut reasons: Vec<Rule>,
) -> Result<Verdict, R::Error> {
    let entity = arrived.entry.envelope.entity;
    let mut paid = Vec::with_capacity(payout.allocations.len());
    for allocation in &payout.allocations {
        let slip = records.slip(payout.grower, allocation.slip)?;
        for reason in against(slip.as_ref(), allocation, entity, arrived.id) {
            if !reasons.contains(&reason) {
                reasons.push(reason);
            }
        }
        paid.extend(slip.map(|slip| (slip, allocation.amount)));
    }
    let mut record = PayoutRecord::from_entry(arrived, payout);
    let reasons = arrived.unsettled(reasons);
    if !reasons.is_empty() {
        records.put_payout(record)?;
        return Ok(Verdict::of(reasons));
    }
    record.state = State::Counted;
    for (slip, amount) in paid {
        records.put_slip(pay(slip, amount)?)?;
    }
    let postings = postings(&record)?;
    records.put_payout(record)?;
    Ok(Verdict { reasons, postings })
}

/// What speaks against paying so much of this slip, in order of precedence.
fn against(
    slip: Option<&SlipRecord>,
    allocation: &Allocation,
    entity: EntityNo,
    payout: EntryId,
) -> Vec<Rule> {
    let Some(slip) = slip else { return vec![Rule::PAYOUT_SLIP_UNKNOWN] };
    if !slip.state.stands() {
        return vec![Rule::PAYOUT_SLIP_NOT_COUNTED];
    }
    let mut reasons = Vec::new();
    if slip.entity != entity {
        reasons.push(Rule::PAYOUT_WRONG_ENTITY);
    }
    if slip.id.device != payout.device {
        reasons.push(Rule::PAYOUT_NOT_THE_BUYER);
    }
    if allocation.amount > slip.remaining {
        reasons.push(Rule::PAYOUT_BEYOND_UNPAID);
    }
    reasons
}

/// The slip with so much more of it paid; a voided payout gives a negative amount.
pub(super) fn pay(slip: SlipRecord, amount: Fen) -> Result<SlipRecord, UnitError> {
    let (paid, remaining) = (slip.paid.plus(amount)?, slip.remaining.minus(amount)?);
    Ok(SlipRecord { paid, remaining, ..slip })
}

/// What a counted payout moves.
pub(super) fn postings(payout: &PayoutRecord) -> Result<Vec<Posting>, UnitError> {
    let entity = payout.entity;
    let credit = Account::Float { entity, holder: payout.holder() };
    let owed = Posting {
        debit: Account::Payable { entity, grower: payout.grower },
        credit,
        amount: Fen::sum(payout.allocations.iter().map(|a| a.amount))?,
    };
    let rounded =
        Posting { debit: Account::PurchaseDifference { entity }, credit, amount: payout.rounding };
    Ok([owed, rounded].into_iter().filter(|p| p.amount != Fen::ZERO).collect())
}

impl PayoutRecord {
    /// Whose cash it was.
    pub const fn holder(&self) -> Holder {
        Holder::of_operator(self.id.device, self.operator)
    }

    /// The payout as its entry says, held. A store that keeps how a payout stands makes the rest of
    /// its record again with this.
    pub fn from_entry(arrived: &Arrived, payout: &Payout) -> PayoutRecord {
        let envelope = &arrived.entry.envelope;
        PayoutRecord {
            id: arrived.id,
            hash: arrived.hash,
            grower: payout.grower,
            entity: envelope.entity,
            village: arrived.village,
            date: envelope.date,
            operator: envelope.operator,
            cash: payout.cash,
            rounding: payout.rounding,
            allocations: payout.allocations.clone(),
            state: arrived.uncounted(),
        }
    }
}
