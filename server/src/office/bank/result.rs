//! What the bank says of each line: matched by the reserve's number, written once, and every line
//! that cannot be matched is named.

use std::collections::BTreeSet;

use courtyard_core::domain::bank::BankOutcome;
use courtyard_core::domain::{BatchId, Body, EntryId, Fen, Rule};
use courtyard_core::ledger::ReserveRecord;
use courtyard_core::store::Store;

use super::{ended, is_filed, known, on, rule};
use crate::deed::Deed;
use crate::office::OfficeError;

/// One line of the bank's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Its line in the file, from 1.
    pub line: u64,
    /// The reserve that it names.
    pub reserve: EntryId,
    /// What the bank says.
    pub outcome: BankOutcome,
    /// The amount, if the answer says one.
    pub amount: Option<Fen>,
}

/// What became of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Results {
    /// Lines that the bank paid, and what they come to.
    pub paid: (usize, Fen),
    /// Lines that it returned.
    pub returned: (usize, Fen),
    /// Lines that say what was known already.
    pub unchanged: usize,
    /// Lines that were not taken, with the rule and the line's number.
    pub bad: Vec<(u64, EntryId, Rule)>,
    /// Reserves of the batch that still wait for an answer.
    pub open: usize,
}

/// Writes down what the bank says of the lines of one batch.
///
/// # Errors
/// Words or a rule: no such batch, no file was made of it, or the log's error. A line that cannot
/// be matched is no error: it is named, and the others are written.
pub fn answer(
    store: &Store,
    deed: &mut Deed<'_>,
    number: BatchId,
    answers: &[Answer],
) -> Result<Results, OfficeError> {
    let batch = known(store, number)?;
    if !is_filed(&batch) {
        return Err(rule(Rule::BANK_NOT_APPROVED));
    }
    let mut results = Results::default();
    let mut seen = BTreeSet::new();
    let mut bodies: Vec<Body> = Vec::new();
    for answer in answers {
        let line = batch.reserves.iter().find(|reserve| reserve.id == answer.reserve);
        match judge(line, answer, &mut seen) {
            Err(broken) => results.bad.push((answer.line, answer.reserve, broken)),
            Ok(None) => results.unchanged = results.unchanged.saturating_add(1),
            Ok(Some(line)) => {
                let sum = match &answer.outcome {
                    BankOutcome::Paid(_) => &mut results.paid,
                    BankOutcome::Returned(_) | BankOutcome::Released(_) => &mut results.returned,
                };
                sum.0 = sum.0.saturating_add(1);
                sum.1 = sum.1.plus(line.amount).map_err(super::too_large)?;
                bodies.push(ended(line, answer.outcome.clone()));
            }
        }
    }
    if !bodies.is_empty() {
        deed.write(on(&batch), &bodies)?;
    }
    let waiting = usize::try_from(batch.open.lines).unwrap_or(usize::MAX);
    results.open = waiting.saturating_sub(bodies.len());
    Ok(results)
}

/// The reserve that this answer ends; none if it ended so before.
fn judge<'a>(
    line: Option<&'a ReserveRecord>,
    answer: &Answer,
    seen: &mut BTreeSet<EntryId>,
) -> Result<Option<&'a ReserveRecord>, Rule> {
    let line = line.ok_or(Rule::BANK_RESERVE_UNKNOWN)?;
    if !seen.insert(line.id) {
        return Err(Rule::BANK_ALREADY_SETTLED);
    }
    if answer.amount.is_some_and(|amount| amount != line.amount) {
        return Err(Rule::BANK_TOTAL_DISAGREES);
    }
    if let BankOutcome::Returned(reason) = &answer.outcome
        && reason.trim().is_empty()
    {
        return Err(Rule::REASON_EMPTY);
    }
    match &line.settled {
        None => Ok(Some(line)),
        Some(settled) if settled.outcome == answer.outcome => Ok(None),
        Some(_) => Err(Rule::BANK_ALREADY_SETTLED),
    }
}
