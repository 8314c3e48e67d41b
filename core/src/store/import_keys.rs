//! Which row of an imported file became which entry.
//!
//! The key is saved in the same transaction as the entry, so an import that was interrupted goes on
//! without doubling, and correcting one line of a file leaves the others as they are.

use rusqlite::{Connection, OptionalExtension as _, Transaction};

use crate::domain::EntryId;

use super::error::StoreError;

/// A row of an imported file: the hash of its text, and how many equal rows stood before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ImportKey {
    /// SHA-256 of the row.
    pub row_hash: [u8; 32],
    /// 0 for the first row with this hash in the file.
    pub occurrence: u32,
}

impl ImportKey {
    /// The key of this row of text, the `occurrence`-th of its kind, counted from 0.
    pub fn of(row: &[u8], occurrence: u32) -> Self {
        use sha2::Digest as _;
        ImportKey { row_hash: sha2::Sha256::digest(row).into(), occurrence }
    }
}

/// The entry that this row became, if it was imported before.
pub(crate) fn entry_of(
    connection: &Connection,
    key: &ImportKey,
) -> Result<Option<EntryId>, StoreError> {
    let mut statement = connection
        .prepare_cached("SELECT entry FROM import_keys WHERE row_hash = ?1 AND occurrence = ?2")?;
    let found: Option<i64> =
        statement.query_row((key.row_hash, key.occurrence), |row| row.get(0)).optional()?;
    Ok(found.and_then(EntryId::from_key))
}

/// Keeps which entry this row became.
pub(crate) fn keep(
    transaction: &Transaction<'_>,
    key: &ImportKey,
    entry: EntryId,
) -> Result<(), StoreError> {
    let mut statement = transaction.prepare_cached(
        "INSERT INTO import_keys (row_hash, occurrence, entry) VALUES (?1, ?2, ?3)",
    )?;
    statement.execute((key.row_hash, key.occurrence, entry.key()))?;
    Ok(())
}
