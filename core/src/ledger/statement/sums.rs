//! What a month came to, by entity: from the rows what moved, from the records how it ended.

use std::borrow::Borrow;
use std::collections::BTreeMap;

use crate::domain::{EntityNo, GrowerId, Kind, Month, UnitError};
use crate::ledger::account::Account;
use crate::ledger::arrived::Arrived;
use crate::ledger::keep::ReadRecords as _;
use crate::ledger::memory::MemoryRecords;
use crate::ledger::posted::{Posted, posted};

use super::StatedSum;

/// What moved in each month, by entity, without what is open at its end: the sums that statements of
/// these months would have, from one fold of one grower's entries.
///
/// # Errors
/// [`UnitError::Overflow`] if a sum does not fit.
pub fn moved_by_month<A: Borrow<Arrived>>(
    entries: impl IntoIterator<Item = A>,
    month_of: &dyn Fn(&Arrived) -> Month,
) -> Result<BTreeMap<Month, Vec<StatedSum>>, UnitError> {
    let (rows, _) = posted(entries, month_of)?;
    let mut months: BTreeMap<Month, BTreeMap<EntityNo, StatedSum>> = BTreeMap::new();
    for row in &rows {
        add_moved(months.entry(row.month).or_default(), row)?;
    }
    Ok(months.into_iter().map(|(month, sums)| (month, sums.into_values().collect())).collect())
}

/// Adds what a row moved to its entity's sum.
fn add_moved(sums: &mut BTreeMap<EntityNo, StatedSum>, row: &Posted) -> Result<(), UnitError> {
    for posting in &row.postings {
        let entity = posting.debit.entity();
        let sum = sums.entry(entity).or_insert(StatedSum { entity, ..StatedSum::default() });
        let bought = row.kind == Kind::Slip.number();
        let field = match (posting.debit, posting.credit) {
            (Account::Stock { .. }, Account::Payable { .. }) if bought => &mut sum.bought,
            (_, Account::Payable { .. }) => &mut sum.corrected,
            (
                Account::Payable { .. },
                Account::Prepaid { .. }
                | Account::InputCredit { .. }
                | Account::Deposit { .. }
                | Account::RefundDue { .. },
            ) => &mut sum.repaid,
            (Account::Payable { .. }, _) => &mut sum.paid,
            _ => continue,
        };
        *field = field.plus(posting.amount)?;
    }
    Ok(())
}

/// What each entity's month came to: from the rows what moved, from the records how it ended.
pub(super) fn sums(
    rows: &[Posted],
    records: &MemoryRecords,
    grower: GrowerId,
) -> Result<Vec<StatedSum>, UnitError> {
    let mut sums: BTreeMap<EntityNo, StatedSum> = BTreeMap::new();
    for row in rows {
        add_moved(&mut sums, row)?;
    }
    for slip in records.slips(grower)?.iter().filter(|slip| slip.state.stands()) {
        let entity = slip.entity;
        let sum = sums.entry(entity).or_insert(StatedSum { entity, ..StatedSum::default() });
        sum.unpaid = sum.unpaid.plus(slip.remaining)?;
        sum.estimated = sum.estimated.plus(slip.unfixed()?)?;
    }
    Ok(sums
        .into_values()
        .filter(|sum| *sum != StatedSum { entity: sum.entity, ..StatedSum::default() })
        .collect())
}
