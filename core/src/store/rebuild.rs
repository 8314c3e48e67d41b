//! Makes every projection anew from the truth.

use std::sync::Arc;

use rusqlite::Transaction;

use crate::ledger::District;

use super::entries::{self, Standings};
use super::error::StoreError;
use super::office;
use super::placing;
use super::project;
use super::records::{Share, SqlRecords, Sums, line_columns, slip_columns};
use super::rulings;
use super::schema;

/// Indexes that are cheaper to make after the rows than along with them.
const LATE_INDEXES: &[(&str, &str)] = &[
    ("slips_by_grower", "CREATE INDEX slips_by_grower ON slips (grower, wall_s)"),
    ("slips_by_day", "CREATE INDEX slips_by_day ON slips (day)"),
];

/// Drops the projections of the entries and folds them again, partition by partition in memory. Places
/// and Lamport numbers are judged anew too. Answers the district's rulings.
pub(crate) fn entries(transaction: &Transaction<'_>) -> Result<Arc<District>, StoreError> {
    let for_office = office::are_kept(transaction)?;
    schema::make_projections(transaction)?;
    for (name, _) in LATE_INDEXES {
        transaction.execute_batch(&format!("DROP INDEX {name}"))?;
    }
    let mut district = rulings::load(transaction)?;
    if placing::judge_all(transaction, &district)? {
        district = rulings::load(transaction)?;
    }
    placing::place_all(transaction, &district)?;
    let mut standings = Standings::default();
    for stored in entries::of_partition(transaction, None, &district, &mut standings)? {
        project::project_alone(transaction, &stored)?;
    }
    let (mut sums, mut no_sums) = (Sums::default(), Sums::default());
    let mut sql = SqlRecords::new(transaction, &mut no_sums);
    let (mut slips, mut lines) = (Vec::new(), Vec::new());
    for partition in entries::partitions(transaction)? {
        let folded = project::fold_partition(transaction, partition, &district, &mut standings)?;
        let slips_of = |grower| folded.memory.slips_of(grower);
        for slip in partition.grower().into_iter().flat_map(slips_of) {
            slips.push(slip_columns(slip));
            lines.extend(line_columns(slip));
            Share::of(slip)?.map_or(Ok(()), |share| sums.add(&share))?;
        }
        project::write_rest(&mut sql, partition, &folded)?;
    }
    slips.sort_unstable_by_key(|row| row.0);
    lines.sort_unstable_by_key(|row| (row.0, row.1));
    sql.insert_rows(slips, lines)?;
    sums.write(transaction)?;
    for (_, create) in LATE_INDEXES {
        transaction.execute_batch(create)?;
    }
    if for_office {
        office::make(transaction)?;
    }
    Ok(Arc::new(district))
}
