//! Exceptions of what is owed for too long: payables, pending prices, refunds.

use std::collections::BTreeMap;

use crate::domain::{BusinessDate, EntryId, GrowerId};
use crate::ledger::record::{DebtKind, DebtRecord};
use crate::ledger::records::SlipRecord;

use super::{Exception, ExceptionKind, Facts, Measure};

/// One exception a grower: slips that are unpaid, or at a pending price, for longer than the
/// district allows. Without a date of today nothing is overdue.
pub(super) fn overdue(facts: &Facts<'_>, found: &mut Vec<Exception>) {
    let Some(today) = facts.today else { return };
    let allowed = i64::from(facts.published.rules().bookkeeping.overdue_days);
    let mut waiting: BTreeMap<(ExceptionKind, GrowerId), Vec<(i64, &SlipRecord)>> = BTreeMap::new();
    for slip in facts.slips.iter().filter(|s| s.state.stands()) {
        let days = i64::from(today.days()).saturating_sub(i64::from(slip.date.days()));
        if days <= allowed {
            continue;
        }
        let unfixed = slip.has_unfixed_line();
        for (waits, kind) in [
            (slip.remaining.get() > 0, ExceptionKind::OverduePayable),
            (unfixed, ExceptionKind::PriceUnfixed),
        ] {
            if waits {
                waiting.entry((kind, slip.grower)).or_default().push((days, slip));
            }
        }
    }
    for ((kind, grower), slips) in waiting {
        let mut evidence: Vec<EntryId> = slips.iter().map(|(_, slip)| slip.id).collect();
        evidence.sort_unstable();
        let longest = slips.iter().map(|(days, _)| *days).max().unwrap_or(0);
        // The day after the last one that the district allows.
        let since = i64::from(today.days())
            .saturating_sub(longest)
            .saturating_add(allowed)
            .saturating_add(1);
        let since = i32::try_from(since).ok().and_then(BusinessDate::from_days);
        found.push(Exception {
            kind,
            grower: Some(grower),
            village: slips.first().and_then(|(_, slip)| slip.village),
            evidence,
            subject: None,
            rules: Vec::new(),
            measure: Some(Measure { found: longest, expected: Some(allowed) }),
            since,
        });
    }
}

/// Refunds that are not given back yet.
pub(super) fn refunds(facts: &Facts<'_>, found: &mut Vec<Exception>) {
    for debt in facts.debts.iter().filter(|debt| debt.kind == DebtKind::Refund) {
        let left = debt.left().unwrap_or_default().get();
        if left > 0 {
            found.push(of_debt(ExceptionKind::RefundDue, debt, left));
        }
    }
}

fn of_debt(kind: ExceptionKind, debt: &DebtRecord, left: i64) -> Exception {
    Exception {
        kind,
        grower: Some(debt.grower),
        village: debt.village,
        evidence: vec![debt.id],
        subject: None,
        rules: Vec::new(),
        measure: Some(Measure { found: left, expected: Some(0) }),
        since: Some(debt.date),
    }
}
