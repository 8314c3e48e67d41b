//! Room kept back for 500 slips, so that a full disk at dawn does not stop the purchases.
//!
//! The reserve is a second file beside the store, on the same VFS, filled with bytes. It is given
//! up when the disk is full and taken again when there is room.

use rusqlite::Connection;

use super::error::StoreError;
use super::open::OpenOptions;

/// Slips that still fit when the disk is full.
pub const RESERVED_SLIPS: u32 = 500;

/// What one slip may take, rows and indexes, generously: eight times what a line with three
/// weighings was measured to take.
const BYTES_PER_SLIP: u32 = 4_096;

/// What the write-ahead log grows to before it is written back: 1,000 pages and their headers.
const LOG_BYTES: u32 = 4_120_000;

/// Bytes held back.
const RESERVE_BYTES: u32 = RESERVED_SLIPS * BYTES_PER_SLIP + LOG_BYTES;

/// Takes the reserve if it is not there yet. Answers whether it is there now; a disk without room
/// for it is no error, since the store itself still works.
pub(crate) fn take(options: &OpenOptions) -> bool {
    fill(options).unwrap_or(false)
}

/// Gives the reserve's room back to the disk.
pub(crate) fn release(options: &OpenOptions) -> Result<(), StoreError> {
    let connection = connect(options)?;
    // With auto_vacuum the freed pages leave the file at this commit.
    connection.execute_batch("DROP TABLE IF EXISTS reserve")?;
    Ok(())
}

fn connect(options: &OpenOptions) -> Result<Connection, StoreError> {
    let mut path = options.path.clone().into_os_string();
    path.push("-reserve");
    let beside = OpenOptions { path: path.into(), ..options.clone() };
    let connection = beside.connect_raw()?;
    // The journal in memory: giving up room must not need room, and a reserve that does not fit
    // must give back what it had taken.
    connection.execute_batch(
        "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA auto_vacuum = FULL;",
    )?;
    Ok(connection)
}

fn fill(options: &OpenOptions) -> Result<bool, StoreError> {
    let connection = connect(options)?;
    if !is_there(&connection)? {
        fill_with(&connection)?;
    }
    Ok(true)
}

fn fill_with(connection: &Connection) -> Result<(), StoreError> {
    let transaction = connection.unchecked_transaction()?;
    // Random bytes, so that a compressing disk holds the room too.
    transaction.execute_batch(&format!(
        "CREATE TABLE reserve (bytes BLOB);
         INSERT INTO reserve VALUES (randomblob({RESERVE_BYTES}));"
    ))?;
    Ok(transaction.commit()?)
}

fn is_there(connection: &Connection) -> Result<bool, StoreError> {
    let found = connection.query_row(
        "SELECT count(*) FROM sqlite_schema WHERE name = 'reserve'",
        [],
        |row| row.get::<_, i64>(0),
    )?;
    Ok(found == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reserve_that_does_not_fit_takes_no_room() {
        let folder = tempfile::tempdir().unwrap();
        let options = OpenOptions::durable(folder.path().join("book.db"));
        let connection = connect(&options).unwrap();
        connection.pragma_update(None, "max_page_count", 300).unwrap();
        assert!(matches!(fill_with(&connection), Err(StoreError::Full)));
        drop(connection);
        let file = folder.path().join("book.db-reserve");
        assert!(std::fs::metadata(&file).unwrap().len() < 16_384);
        assert!(take(&options));
    }

    #[test]
    fn the_reserve_holds_room_and_gives_it_back() {
        let folder = tempfile::tempdir().unwrap();
        let options = OpenOptions::durable(folder.path().join("book.db"));
        let file = folder.path().join("book.db-reserve");
        assert!(take(&options));
        assert!(std::fs::metadata(&file).unwrap().len() >= u64::from(RESERVE_BYTES));
        release(&options).unwrap();
        assert!(std::fs::metadata(&file).unwrap().len() < 16_384);
        assert!(take(&options));
        assert!(take(&options), "a reserve that is there is kept");
        assert!(std::fs::metadata(&file).unwrap().len() >= u64::from(RESERVE_BYTES));
    }
}
