//! Tables and indexes for the office's pages, in a view of a whole county: sums of the slips by day,
//! village and product, and ways into them that a phone's save should not pay for.

use rusqlite::{Connection, Transaction};

use super::Store;
use super::error::StoreError;

impl Store {
    /// Makes the tables for the office's pages if they are not here, and keeps them up from then on.
    /// Lists and totals are the same without them, only slower.
    ///
    /// # Errors
    /// The store's own.
    pub fn keep_office_tables(&mut self) -> Result<(), StoreError> {
        if are_kept(self.reader())? {
            return Ok(());
        }
        self.write(|transaction, _| {
            // Another process may have made them in the meantime.
            if are_kept(transaction)? { Ok(()) } else { make(transaction) }
        })
    }
}

/// Whether the tables are here.
pub(crate) fn are_kept(connection: &Connection) -> Result<bool, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'slip_sums'",
    )?;
    Ok(statement.exists([])?)
}

/// Makes the tables from the slips that are here.
pub(crate) fn make(transaction: &Transaction<'_>) -> Result<(), StoreError> {
    // It outlives the projections that it reads, which may just have been made again.
    transaction.execute_batch("DROP VIEW IF EXISTS slip_figures")?;
    transaction.execute_batch(include_str!("schema/office.sql"))?;
    Ok(())
}
