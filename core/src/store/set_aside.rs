//! Forks and refusals, with their evidence: kept, shown, and in nobody's way.

use rusqlite::{Connection, Transaction};

use crate::domain::DeviceNo;

use super::error::StoreError;

/// Something that was set aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAside {
    /// The book or register, such as `book/A7K/0`.
    pub document: String,
    /// The device that it is signed by.
    pub device: DeviceNo,
    /// The first entry's place in its book, or the first edit's number.
    pub first: u32,
    /// Why, as a stable code such as `sync.fork`.
    pub code: String,
    /// What came, encoded as it would travel.
    pub evidence: Vec<u8>,
}

/// Keeps it; the same evidence is kept once.
pub(crate) fn keep(transaction: &Transaction<'_>, aside: &SetAside) -> Result<(), StoreError> {
    let mut statement = transaction.prepare_cached(
        "INSERT INTO set_aside (document, device, first, code, evidence)
         SELECT ?1, ?2, ?3, ?4, ?5 WHERE NOT EXISTS (
             SELECT 1 FROM set_aside WHERE document = ?1 AND device = ?2 AND first = ?3
                 AND code = ?4 AND evidence = ?5)",
    )?;
    statement.execute((
        &aside.document,
        aside.device.get(),
        aside.first,
        &aside.code,
        &aside.evidence,
    ))?;
    Ok(())
}

/// How many are set aside.
pub(crate) fn count(connection: &Connection) -> Result<u32, StoreError> {
    let mut statement = connection.prepare_cached("SELECT count(*) FROM set_aside")?;
    Ok(statement.query_row([], |row| row.get(0))?)
}

/// Everything that is set aside, oldest first.
pub(crate) fn list(connection: &Connection) -> Result<Vec<SetAside>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT document, device, first, code, evidence FROM set_aside ORDER BY place",
    )?;
    let rows = statement.query_map([], |row| {
        Ok(SetAside {
            document: row.get(0)?,
            device: DeviceNo::new(row.get(1)?).unwrap_or(DeviceNo::MAX),
            first: row.get(2)?,
            code: row.get(3)?,
            evidence: row.get(4)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
