//! Exceptions of payouts: too much was paid, in cash or by the bank, or what was kept back did not
//! repay.

use crate::domain::{EntryId, Fen, Rule};
use crate::ledger::records::PayoutRecord;

use super::{Exception, ExceptionKind, Facts, Measure};

/// What was paid too much and neither confirmed nor voided: it stands under who paid it.
pub(super) fn overpaid(facts: &Facts<'_>, found: &mut Vec<Exception>) {
    for payout in facts.payouts.iter().filter(|payout| payout.state.stands()) {
        let refund = facts.debts.iter().find(|debt| debt.id == payout.id);
        let owned = refund.map_or(Fen::ZERO, |debt| debt.amount);
        let open = payout.effect.excess.minus(owned).unwrap_or_default().get();
        if open > 0 {
            let marks = payout.effect.marks.clone();
            found.push(of(ExceptionKind::Overpaid, payout, vec![payout.id], marks, open));
        }
    }
}

/// What the bank paid too much and the grower has not confirmed: it stands under the office.
pub(super) fn bank_excesses(facts: &Facts<'_>, found: &mut Vec<Exception>) {
    for excess in facts.excesses {
        let refund = facts.debts.iter().find(|debt| debt.id == excess.id);
        let owned = refund.map_or(Fen::ZERO, |debt| debt.amount);
        let open = excess.amount.minus(owned).unwrap_or_default().get();
        if open > 0 {
            found.push(Exception {
                kind: ExceptionKind::BankExcess,
                grower: Some(excess.grower),
                village: excess.village,
                evidence: vec![excess.id],
                subject: None,
                rules: Vec::new(),
                measure: Some(Measure { found: open, expected: Some(0) }),
                since: Some(excess.date),
            });
        }
    }
}

/// What was kept back for debts and repaid nothing, while the grower is still owed something of the
/// slips that the payout was for.
pub(super) fn idle_repayments(facts: &Facts<'_>, found: &mut Vec<Exception>) {
    for payout in facts.payouts.iter().filter(|payout| payout.state.stands()) {
        let is_owed = |id: EntryId| {
            let slip = facts.slips.iter().find(|slip| slip.id == id);
            slip.is_some_and(|slip| slip.state.stands() && slip.remaining > Fen::ZERO)
        };
        let idle: Vec<_> =
            payout.effect.repayments.iter().filter(|r| r.effective < r.claimed).collect();
        if idle.is_empty() || !payout.allocations.iter().any(|part| is_owed(part.slip)) {
            continue;
        }
        let mut evidence: Vec<EntryId> = idle.iter().map(|r| r.debt).collect();
        evidence.push(payout.id);
        evidence.sort_unstable();
        let mut rules: Vec<Rule> = idle.iter().filter_map(|r| r.why).collect();
        rules.dedup();
        let kept = idle.iter().map(|r| r.claimed.minus(r.effective).unwrap_or_default());
        let kept = Fen::sum(kept).unwrap_or_default().get();
        found.push(of(ExceptionKind::RepaymentIdle, payout, evidence, rules, kept));
    }
}

fn of(
    kind: ExceptionKind,
    payout: &PayoutRecord,
    evidence: Vec<EntryId>,
    rules: Vec<Rule>,
    fen: i64,
) -> Exception {
    Exception {
        kind,
        grower: Some(payout.grower),
        village: payout.village,
        evidence,
        subject: None,
        rules,
        measure: Some(Measure { found: fen, expected: Some(0) }),
        since: Some(payout.date),
    }
}
