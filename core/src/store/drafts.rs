//! Work that is open on the screen: kept as the desk's bytes, so that an app that is killed opens
//! where it was.

use rusqlite::{Connection, OptionalExtension as _, Transaction};

use super::error::StoreError;

/// The draft of this name.
pub(crate) fn get(connection: &Connection, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT bytes FROM drafts WHERE name = ?1")?;
    Ok(statement.query_row([name], |row| row.get(0)).optional()?)
}

/// Every draft whose name begins with this, in order of their names.
pub(crate) fn list(
    connection: &Connection,
    prefix: &str,
) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT name, bytes FROM drafts WHERE substr(name, 1, length(?1)) = ?1 ORDER BY name",
    )?;
    let found = statement.query_map([prefix], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// Keeps a draft under this name.
pub(crate) fn put(
    transaction: &Transaction<'_>,
    name: &str,
    bytes: &[u8],
) -> Result<(), StoreError> {
    let mut statement = transaction.prepare_cached(
        "INSERT INTO drafts (name, bytes) VALUES (?1, ?2)
         ON CONFLICT (name) DO UPDATE SET bytes = excluded.bytes",
    )?;
    statement.execute((name, bytes))?;
    Ok(())
}

/// Removes a draft, because its slip is saved or given up.
pub(crate) fn remove(transaction: &Transaction<'_>, name: &str) -> Result<(), StoreError> {
    transaction.prepare_cached("DELETE FROM drafts WHERE name = ?1")?.execute([name])?;
    Ok(())
}
