//! A receipt: money that a grower gives back on a debt, outside any slip.

use crate::domain::Rule;
use crate::domain::receipt::Receipt;

use super::account::Posting;
use super::arrived::Arrived;
use super::debt;
use super::fold::Verdict;
use super::keep::Records;
use super::record::{DebtRecord, ReceiptRecord};
use super::records::State;

pub(super) fn apply<R: Records>(
    records: &mut R,
    arrived: &Arrived,
    receipt: &Receipt,
    mut reasons: Vec<Rule>,
) -> Result<Verdict, R::Error> {
    let entity = arrived.entry.envelope.entity;
    let debt = debt::find(records, receipt.grower, receipt.debt)?;
    reasons.extend(match &debt {
        None => Some(Rule::DEBT_UNKNOWN),
        Some(debt) if !debt.state.stands() => Some(Rule::DEBT_NOT_COUNTED),
        Some(debt) if debt.entity != entity => Some(Rule::WRONG_ENTITY),
        Some(debt) => (receipt.amount > debt.left()?).then_some(Rule::RECEIPT_BEYOND_DEBT),
    });
    let reasons = arrived.unsettled(reasons);
    let mut record = ReceiptRecord {
        id: arrived.id,
        hash: arrived.hash,
        grower: receipt.grower,
        entity,
        date: arrived.entry.envelope.date,
        debt: receipt.debt,
        amount: receipt.amount,
        into: debt::purse_of(arrived, receipt.purse),
        state: arrived.uncounted(),
        operator: arrived.entry.envelope.operator,
    };
    let mut postings = Vec::new();
    if let (true, Some(debt)) = (reasons.is_empty(), debt) {
        record.state = State::Counted;
        postings.push(posting(&record, &debt));
        debt::repay(records, debt, receipt.amount)?;
    }
    records.put_record(receipt.grower.into(), record.into())?;
    Ok(Verdict { reasons, postings })
}

/// Marks a receipt as voided, so that its debt is owed again; what that moves.
pub(super) fn take_back<R: Records>(
    records: &mut R,
    receipt: ReceiptRecord,
    state: State,
) -> Result<Vec<Posting>, R::Error> {
    let mut postings = Vec::new();
    // It counts, so its debt is there; a debt of which something is repaid cannot be voided.
    if let Some(debt) = debt::find(records, receipt.grower, receipt.debt)? {
        let back = posting(&receipt, &debt).taken_back()?;
        debt::repay(records, debt, back.amount)?;
        postings.push(back);
    }
    records.put_record(receipt.grower.into(), ReceiptRecord { state, ..receipt }.into())?;
    Ok(postings)
}

fn posting(receipt: &ReceiptRecord, debt: &DebtRecord) -> Posting {
    Posting { debit: receipt.into, credit: debt.account(), amount: receipt.amount }
}
