//! An adjustment: a slip's amount goes up or down, never below nothing, on the word of two people
//! where the district's rules say so. What was already paid beyond it becomes a refund due.

use crate::domain::adjustment::Adjustment;
use crate::domain::{Fen, Grams, Rule};

use super::arrived::Arrived;
use super::correction::{self, Change, CorrectionKind, Named};
use super::fold::Verdict;
use super::keep::Records;

pub(super) fn apply<R: Records>(
    records: &mut R,
    arrived: &Arrived,
    adjustment: &Adjustment,
    mut reasons: Vec<Rule>,
) -> Result<Verdict, R::Error> {
    let named = Named {
        grower: adjustment.grower,
        slip: adjustment.slip,
        hash: adjustment.slip_hash,
        line: adjustment.line,
    };
    let (before, against) = correction::target(records, arrived, &named)?;
    reasons.extend(against);
    if adjustment.approved_by == Some(arrived.entry.envelope.operator) {
        reasons.push(Rule::SAME_PERSON);
    }
    let Some(before) = before else { return Ok(Verdict::of(reasons)) };
    let mut after = before.clone();
    // What is beyond every sum is held already for its own size.
    if !reasons.contains(&Rule::AMOUNT_TOO_LARGE) {
        after.changes.adjusted = before.changes.adjusted.plus(adjustment.amount)?;
    }
    if after.due()? < Fen::ZERO {
        reasons.push(Rule::ADJUSTMENT_BELOW_ZERO);
    }
    let reasons = arrived.unsettled(reasons);
    if !reasons.is_empty() {
        return Ok(Verdict::of(reasons));
    }
    let change = Change {
        kind: CorrectionKind::Adjustment,
        line: adjustment.line,
        weight: Grams::ZERO,
        bulk: adjustment.bulk,
        reason: adjustment.reason.clone(),
    };
    correction::correct(records, arrived, &before, after, change)
}
