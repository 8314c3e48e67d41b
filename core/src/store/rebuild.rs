//! Makes every projection anew from the truth.

use rusqlite::Transaction;

use crate::ledger::ReadRecords as _;

use super::entries::{self, Standings};
use super::error::StoreError;
use super::project;
use super::records::{SqlRecords, line_columns, slip_columns};
use super::schema;

/// Indexes that are cheaper to make after the rows than along with them.
const LATE_INDEXES: &[(&str, &str)] = &[
    ("slips_by_grower", "CREATE INDEX slips_by_grower ON slips (grower, wall_s)"),
    ("slips_by_day", "CREATE INDEX slips_by_day ON slips (day)"),
];

/// Drops the projections of the entries and folds them again, grower by grower in memory.
pub(crate) fn entries(transaction: &Transaction<'_>) -> Result<(), StoreError> {
    schema::make_projections(transaction)?;
    for (name, _) in LATE_INDEXES {
        transaction.execute_batch(&format!("DROP INDEX {name}"))?;
    }
    let mut standings = Standings::default();
    for stored in entries::of_grower(transaction, None, &mut standings)? {
        project::project_alone(transaction, &stored)?;
    }
    let mut sql = SqlRecords::new(transaction);
    let (mut slips, mut lines) = (Vec::new(), Vec::new());
    for grower in entries::growers(transaction)? {
        let (memory, outcomes) = project::fold_grower(transaction, grower, &mut standings)?;
        for slip in memory.slips(grower)? {
            slips.push(slip_columns(&slip));
            lines.extend(line_columns(&slip));
        }
        project::write_rest(&mut sql, grower, &memory, &outcomes)?;
    }
    // In the order of their keys each row goes to the end of its table.
    slips.sort_unstable_by_key(|row| row.0);
    lines.sort_unstable_by_key(|row| (row.0, row.1));
    slips.into_iter().try_for_each(|row| sql.insert_slip_row(row))?;
    lines.into_iter().try_for_each(|row| sql.insert_line_row(row))?;
    for (_, create) in LATE_INDEXES {
        transaction.execute_batch(create)?;
    }
    Ok(())
}
