//! Named single values of the store: one row each.

use rusqlite::types::{FromSql, ToSql};
use rusqlite::{Connection, OptionalExtension as _, Transaction};

use crate::wire::Cursor;

use super::error::StoreError;

/// The names in use, in one place, so that no two parts share one.
pub(crate) mod name {
    /// The device's secret seed.
    pub(crate) const SEED: &str = "seed";
    /// This device's own number; its certificate is among the others.
    pub(crate) const DEVICE: &str = "device";
    /// Where the server is: the invitation's text.
    pub(crate) const SERVER: &str = "server";
    /// The business date that a person confirmed while the clock was in doubt.
    pub(crate) const CONFIRMED_DAY: &str = "confirmed_day";
    /// What the wall clock said when they did.
    pub(crate) const CONFIRMED_AT_S: &str = "confirmed_at_s";
    /// When a sync last went through, by the wall clock.
    pub(crate) const LAST_SYNC_S: &str = "last_sync_s";
    /// Whom this store believes: the root key and the office's certificate, as CBOR.
    pub(crate) const TRUST: &str = "trust";
    /// The session's token.
    pub(crate) const TOKEN: &str = "token";
    /// The challenge that the next session is opened with.
    pub(crate) const CHALLENGE: &str = "challenge";
    /// The newest row columns that the server reads.
    pub(crate) const COLUMNS: &str = "columns";
    /// Whether the server said that this device is revoked: it may only send what it has.
    pub(crate) const REVOKED: &str = "revoked";
    /// The seed of a key that the office was asked to certify in this one's place.
    pub(crate) const NEXT_SEED: &str = "next_seed";
    /// The seeds of the keys that the phone had before, with their numbers.
    pub(crate) const FORMER: &str = "former";
    /// The epoch of the cursor.
    pub(crate) const EPOCH: &str = "epoch";
    /// Where in the server's log the last answer ended.
    pub(crate) const POSITION: &str = "position";
    /// Who has entered their PIN, by number.
    pub(crate) const OPERATOR: &str = "operator";
    /// When they did, in seconds since the phone was started.
    pub(crate) const OPERATOR_SINCE_S: &str = "operator_since_s";
    /// The version of the table of sealed numbers' ends.
    pub(crate) const TAILS_VERSION: &str = "tails_version";
    /// The server said that the table changed, and it was not fetched yet.
    pub(crate) const TAILS_WANTED: &str = "tails_wanted";
    /// Something was erased, and the file still has to be made anew without its bytes.
    pub(crate) const SHRED: &str = "shred";
    /// The highest Lamport number seen.
    pub(crate) const LAMPORT: &str = "lamport";
}

/// The value of this name.
pub(crate) fn get<T: FromSql>(
    connection: &Connection,
    name: &str,
) -> Result<Option<T>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT value FROM meta WHERE name = ?1")?;
    Ok(statement.query_row([name], |row| row.get(0)).optional()?)
}

/// Sets the value of this name.
pub(crate) fn set(
    transaction: &Transaction<'_>,
    name: &str,
    value: impl ToSql,
) -> Result<(), StoreError> {
    let mut statement = transaction.prepare_cached(
        "INSERT INTO meta (name, value) VALUES (?1, ?2)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    )?;
    statement.execute((name, value))?;
    Ok(())
}

/// Forgets the value of this name.
pub(crate) fn clear(transaction: &Transaction<'_>, name: &str) -> Result<(), StoreError> {
    transaction.prepare_cached("DELETE FROM meta WHERE name = ?1")?.execute([name])?;
    Ok(())
}

/// Up to where the server's log was taken.
pub(crate) fn cursor(connection: &Connection) -> Result<Cursor, StoreError> {
    Ok(Cursor {
        epoch: get(connection, name::EPOCH)?.unwrap_or(0),
        position: get(connection, name::POSITION)?.unwrap_or_default(),
    })
}

/// Keeps up to where the server's log was taken.
pub(crate) fn set_cursor(transaction: &Transaction<'_>, cursor: &Cursor) -> Result<(), StoreError> {
    set(transaction, name::EPOCH, cursor.epoch)?;
    set(transaction, name::POSITION, &cursor.position)
}
