//! How much of what was kept back from a payout repays its debts, and what that leaves paid of its
//! slips.

use crate::domain::payout::Repayment;
use crate::domain::{Fen, Rule, UnitError};
use crate::ledger::record::DebtRecord;
use crate::ledger::records::{PayoutRecord, SlipRecord};

use super::RepaymentRecord;

/// So much of one slip, as far as it is to be paid.
pub(super) struct Part {
    pub(super) slip: SlipRecord,
    pub(super) amount: Fen,
}

/// What was kept back for one debt.
pub(super) struct Claim {
    pub(super) debt: Option<DebtRecord>,
    repayment: Repayment,
    left: Fen,
    bars: Option<Rule>,
}

/// Rounds after which a share is no longer looked for; a payout of the desk needs one.
const ROUNDS: usize = 64;

impl Part {
    /// What of it is a payment of the slip; the rest is too much.
    pub(super) fn payable(&self) -> Fen {
        self.amount.min(self.slip.payable_in_cash())
    }
}

impl Claim {
    pub(super) fn new(
        repayment: &Repayment,
        debt: Option<DebtRecord>,
        payout: &PayoutRecord,
    ) -> Result<Claim, UnitError> {
        let (left, bars) = match &debt {
            None => (Fen::ZERO, Some(Rule::DEBT_UNKNOWN)),
            Some(debt) => {
                let bars = debt.bars_repayment(payout.entity, payout.date);
                (debt.left()?.max(Fen::ZERO), bars)
            }
        };
        Ok(Claim { debt, repayment: *repayment, left, bars })
    }
}

/// What each claim repays: at most what was kept back, what is left of the debt, and its share of
/// what is paid for lines from which something may be kept back.
///
/// What does not repay stays unpaid, which makes the paid less and so the share; hence the rounds.
pub(super) fn effective(
    claims: &[Claim],
    parts: &[Part],
) -> Result<Vec<RepaymentRecord>, UnitError> {
    let claimed = Fen::sum(claims.iter().map(|claim| claim.repayment.claimed))?;
    let mut unpaid = Fen::ZERO;
    for _ in 0..ROUNDS {
        let repaid = shares(claims, parts, unpaid)?;
        let rest = claimed.minus(Fen::sum(repaid.iter().map(|r| r.effective))?)?;
        if rest == unpaid {
            return Ok(repaid);
        }
        unpaid = rest;
    }
    // What the share of the cash alone allows is allowed of more, too.
    shares(claims, parts, claimed)
}

/// What each claim repays if so much of the slips stays unpaid.
fn shares(
    claims: &[Claim],
    parts: &[Part],
    unpaid: Fen,
) -> Result<Vec<RepaymentRecord>, UnitError> {
    let (mut paid, mut base) = (Fen::ZERO, Fen::ZERO);
    for (part, amount) in parts.iter().zip(after_cut(parts, unpaid)?) {
        let payable = amount.min(part.slip.payable_in_cash());
        paid = paid.plus(payable)?;
        base = base.plus(part.slip.withholdable(payable)?)?;
    }
    let barred = base == Fen::ZERO && paid > Fen::ZERO;
    let mut room = base;
    let mut all = Vec::with_capacity(claims.len());
    for claim in claims {
        let Repayment { debt, claimed } = claim.repayment;
        let share = match &claim.debt {
            Some(debt) => debt.share_of(base)?.min(room),
            None => Fen::ZERO,
        };
        let most = if claim.bars.is_some() { Fen::ZERO } else { claim.left.min(share) };
        let effective = claimed.min(most);
        let limit = if claim.left <= share {
            Rule::REPAYMENT_BEYOND_DEBT
        } else if barred {
            Rule::REPAYMENT_FROM_GRAIN
        } else {
            Rule::REPAYMENT_BEYOND_SHARE
        };
        let why = (effective < claimed).then(|| claim.bars.unwrap_or(limit));
        room = room.minus(effective)?;
        all.push(RepaymentRecord { debt, claimed, effective, why });
    }
    Ok(all)
}

/// The parts with so much less paid, from the last backwards.
pub(super) fn cut(parts: Vec<Part>, unpaid: Fen) -> Result<Vec<Part>, UnitError> {
    let amounts = after_cut(&parts, unpaid)?;
    Ok(parts.into_iter().zip(amounts).map(|(part, amount)| Part { amount, ..part }).collect())
}

fn after_cut(parts: &[Part], unpaid: Fen) -> Result<Vec<Fen>, UnitError> {
    let mut left = unpaid;
    let mut amounts = Vec::with_capacity(parts.len());
    for part in parts.iter().rev() {
        let off = part.amount.min(left);
        left = left.minus(off)?;
        amounts.push(part.amount.minus(off)?);
    }
    amounts.reverse();
    Ok(amounts)
}
