//! What a payout may keep back for debts, and what the grower is told of it (抵销通知).

use crate::desk::catalogue::Visit;
use crate::desk::message::{Finding, Message};
use crate::domain::check::Place;
use crate::domain::payout::{Recipient, Repayment};
use crate::domain::units::text::Language::{En, Zh};
use crate::domain::{BasisPoints, BusinessDate, EntryId, Fen, Rule, UnitError};
use crate::ledger::{DebtKind, DebtRecord, SlipRecord};

/// A debt for which something may be kept back today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RepaymentOffer {
    /// The debt.
    pub debt: EntryId,
    /// What it is.
    pub kind: DebtKind,
    /// Since when it is due.
    pub due: BusinessDate,
    /// What is left of it.
    pub left: Fen,
    /// At most so much may be kept back, if all that is owed is paid.
    pub most: Fen,
}

/// What of a debt is to be kept back: so much, or as much as may be.
pub(super) type Wish = (EntryId, Option<Fen>);

/// What may be kept back at most out of these payments of slips.
pub(super) fn base<'s>(
    parts: impl IntoIterator<Item = (&'s SlipRecord, Fen)>,
) -> Result<Fen, UnitError> {
    parts.into_iter().try_fold(Fen::ZERO, |sum, (slip, paid)| sum.plus(slip.withholdable(paid)?))
}

/// Every debt for which something may be kept back, each as if it were the only one.
///
/// Where nothing was agreed, as for a refund, the district's share is offered.
pub(super) fn offers(
    debts: &[DebtRecord],
    visit: &Visit,
    base: Fen,
    usual: BasisPoints,
) -> Result<Vec<RepaymentOffer>, UnitError> {
    let mut offers = Vec::new();
    for debt in debts {
        let left = debt.left()?;
        let share = if debt.kind == DebtKind::Refund { debt.share.min(usual) } else { debt.share };
        let most = left.min(base.part(share)?);
        if most > Fen::ZERO && debt.bars_repayment(visit.entity, visit.date).is_none() {
            let DebtRecord { id, kind, due, .. } = *debt;
            offers.push(RepaymentOffer { debt: id, kind, due, left, most });
        }
    }
    Ok(offers)
}

/// What the wishes come to out of so much owed.
pub(super) fn claims(wishes: &[Wish], offers: &[RepaymentOffer], owed: Fen) -> Vec<Repayment> {
    let mut room = owed;
    let mut claims = Vec::with_capacity(wishes.len());
    for &(debt, wish) in wishes {
        let offered = offers.iter().find(|offer| offer.debt == debt).map(|offer| offer.most);
        let claimed = wish.unwrap_or(offered.unwrap_or_default().min(room));
        room = room.minus(claimed).unwrap_or_default().max(Fen::ZERO);
        // As much as may be of nothing is nothing; what speaks against it is said beside.
        if wish.is_some() || claimed > Fen::ZERO {
            claims.push(Repayment { debt, claimed });
        }
    }
    claims
}

/// What speaks against these wishes, where so much may be kept back in all.
pub(super) fn against(
    wishes: &[Wish],
    claims: &[Repayment],
    debts: &[DebtRecord],
    visit: &Visit,
    base: Fen,
) -> Result<Vec<Finding>, UnitError> {
    let mut room = base;
    let mut found = Vec::new();
    for &(id, _) in wishes {
        let claimed = claims.iter().find(|claim| claim.debt == id).map(|claim| claim.claimed);
        let Some(debt) = debts.iter().find(|debt| debt.id == id) else {
            found.push(finding(Rule::DEBT_UNKNOWN, id, None));
            continue;
        };
        let left = debt.left()?;
        let share = debt.share_of(base)?.min(room);
        let claimed = claimed.unwrap_or_default();
        let against = debt.bars_repayment(visit.entity, visit.date).or_else(|| {
            [
                (claimed > left || left == Fen::ZERO, Rule::REPAYMENT_BEYOND_DEBT),
                (base == Fen::ZERO, Rule::REPAYMENT_FROM_GRAIN),
                (claimed > share, Rule::REPAYMENT_BEYOND_SHARE),
            ]
            .into_iter()
            .find_map(|(is, rule)| is.then_some(rule))
        });
        match against {
            Some(rule) => found.push(finding(rule, id, Some(left.min(share)))),
            None => room = room.minus(claimed)?,
        }
    }
    Ok(found)
}

fn finding(rule: Rule, debt: EntryId, most: Option<Fen>) -> Finding {
    let message = Message::about(rule, |language| match (language, most) {
        (_, None) => debt.to_string(),
        (Zh, Some(most)) => format!("{debt} 最多可扣 {}", most.text()),
        (En, Some(most)) => format!("{debt}: {} at most", most.text()),
    });
    Finding { rule, place: Place::Entry, message }
}

/// What the grower is to be told: one notice for each debt that is set off, and that a proxy's
/// signature is none of theirs.
pub(super) fn notices(
    claims: &[Repayment],
    debts: &[DebtRecord],
    recipient: Recipient,
) -> Result<Vec<Message>, UnitError> {
    let mut notices = Vec::new();
    for claim in claims {
        let Some(debt) = debts.iter().find(|debt| debt.id == claim.debt) else { continue };
        let after = debt.left()?.minus(claim.claimed)?.max(Fen::ZERO).text();
        let (id, off) = (debt.id, claim.claimed.text());
        let (zh, en) = words(debt.kind);
        notices.push(Message {
            code: "payout.set_off",
            zh: format!("抵销通知：本次货款抵销{zh} {id} {off}，抵销后还欠 {after}。"),
            en: format!("Notice of set-off: {off} of this payment goes to the {en} {id}; {after} is left of it."),
        });
    }
    if recipient.proxy.is_some() {
        notices.push(Message {
            code: "payout.by_proxy",
            zh: "款由代领人领取：出售人签字确认之前，这笔付款不能开收购发票。".into(),
            en: "A proxy took the money: no invoice can be made of it until the seller signs."
                .into(),
        });
    }
    Ok(notices)
}

/// What a kind of debt is called.
pub const fn words(kind: DebtKind) -> (&'static str, &'static str) {
    match kind {
        DebtKind::Prepayment => ("预付货款", "prepayment"),
        DebtKind::InputCredit => ("农资赊销", "input credit"),
        DebtKind::Deposit => ("定金", "deposit"),
        DebtKind::Refund => ("应收退款", "refund due"),
    }
}
