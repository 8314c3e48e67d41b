//! One row a book: its head, the device's signature over it, and what the server is known to have.

use rusqlite::{Connection, Row, Transaction};

use crate::document::{BOOK_ENTRIES, BookId, BookTip, Head, Signature};
use crate::domain::{DeviceNo, EntryId};

use super::error::StoreError;

/// A book as it stands here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BookRow {
    pub(crate) book: BookId,
    pub(crate) tip: BookTip,
    pub(crate) acknowledged: u32,
    pub(crate) signature: Signature,
}

/// One integer for a database key: device in the high bits, number in the low 32.
pub(crate) fn key(book: BookId) -> i64 {
    EntryId::new(book.device, book.number).key()
}

fn read(row: &Row<'_>) -> Result<BookRow, StoreError> {
    let key: i64 = row.get(0)?;
    let id = EntryId::from_key(key)
        .ok_or_else(|| StoreError::inconsistent(format!("book key {key}")))?;
    Ok(BookRow {
        book: BookId { device: id.device, number: id.sequence.get() },
        tip: BookTip { count: row.get(1)?, head: Head(row.get(2)?) },
        acknowledged: row.get(3)?,
        signature: Signature(row.get(4)?),
    })
}

const COLUMNS: &str = "SELECT book, count, head, acknowledged, signature FROM books";

/// One book.
pub(crate) fn get(connection: &Connection, book: BookId) -> Result<Option<BookRow>, StoreError> {
    let mut statement = connection.prepare_cached(&format!("{COLUMNS} WHERE book = ?1"))?;
    let mut rows = statement.query([key(book)])?;
    rows.next()?.map(read).transpose()
}

/// The newest book of a device.
pub(crate) fn newest(
    connection: &Connection,
    device: DeviceNo,
) -> Result<Option<BookRow>, StoreError> {
    let mut statement = connection.prepare_cached(&format!(
        "{COLUMNS} WHERE book BETWEEN ?1 AND ?2 ORDER BY book DESC LIMIT 1"
    ))?;
    let mut rows =
        statement.query((EntryId::new(device, 0).key(), EntryId::new(device, u32::MAX).key()))?;
    rows.next()?.map(read).transpose()
}

/// Every book of a device, oldest first.
pub(crate) fn of_device(
    connection: &Connection,
    device: DeviceNo,
) -> Result<Vec<BookRow>, StoreError> {
    let mut statement = connection
        .prepare_cached(&format!("{COLUMNS} WHERE book BETWEEN ?1 AND ?2 ORDER BY book"))?;
    let rows =
        statement.query((EntryId::new(device, 0).key(), EntryId::new(device, u32::MAX).key()))?;
    collect(rows)
}

/// Every book, in order of device and number.
pub(crate) fn all(connection: &Connection) -> Result<Vec<BookRow>, StoreError> {
    let mut statement = connection.prepare_cached(&format!("{COLUMNS} ORDER BY book"))?;
    let rows = statement.query([])?;
    collect(rows)
}

/// Every book of which the server is not known to have all: the outbox.
pub(crate) fn waiting(connection: &Connection) -> Result<Vec<BookRow>, StoreError> {
    let mut statement = connection.prepare_cached(&format!(
        "{COLUMNS} WHERE acknowledged < count AND blocked = 0 ORDER BY book"
    ))?;
    let rows = statement.query([])?;
    collect(rows)
}

fn collect(mut rows: rusqlite::Rows<'_>) -> Result<Vec<BookRow>, StoreError> {
    let mut books = Vec::new();
    while let Some(row) = rows.next()? {
        books.push(read(row)?);
    }
    Ok(books)
}

/// The head of the full book before this one; `None` for a device's first book.
///
/// # Errors
/// The inner `Err` says that the book before is not here in full.
pub(crate) fn previous_head(
    connection: &Connection,
    book: BookId,
) -> Result<Result<Option<Head>, Gap>, StoreError> {
    let Some(number) = book.number.checked_sub(1) else { return Ok(Ok(None)) };
    let before = get(connection, BookId { device: book.device, number })?;
    Ok(match before {
        Some(row) if row.tip.count == BOOK_ENTRIES => Ok(Some(row.tip.head)),
        _ => Err(Gap),
    })
}

/// Entries before these are missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Gap;

/// Writes a book's new tip and signature. What the server has is raised to `acknowledged` if that is
/// more.
pub(crate) fn put(
    transaction: &Transaction<'_>,
    book: BookId,
    tip: &BookTip,
    signature: &Signature,
    acknowledged: u32,
) -> Result<(), StoreError> {
    let mut statement = transaction.prepare_cached(
        "INSERT INTO books (book, count, head, signature, acknowledged)
         VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (book) DO UPDATE SET count = excluded.count, head = excluded.head,
             signature = excluded.signature,
             acknowledged = max(acknowledged, excluded.acknowledged)",
    )?;
    statement.execute((key(book), tip.count, tip.head.0, signature.0, acknowledged))?;
    Ok(())
}

/// Takes a book's row away; it is written again, shorter.
pub(crate) fn remove(transaction: &Transaction<'_>, book: BookId) -> Result<(), StoreError> {
    transaction.prepare_cached("DELETE FROM books WHERE book = ?1")?.execute([key(book)])?;
    Ok(())
}

/// The server does not take this book as it is here: it is kept and not sent.
pub(crate) fn block(transaction: &Transaction<'_>, book: BookId) -> Result<(), StoreError> {
    let mut statement =
        transaction.prepare_cached("UPDATE books SET blocked = 1 WHERE book = ?1")?;
    statement.execute([key(book)])?;
    Ok(())
}

/// The server has exactly this many entries of a book: more than before, or, after a restore, less.
pub(crate) fn set_acknowledged(
    transaction: &Transaction<'_>,
    book: BookId,
    count: u32,
) -> Result<(), StoreError> {
    let mut statement = transaction
        .prepare_cached("UPDATE books SET acknowledged = min(count, ?2) WHERE book = ?1")?;
    statement.execute((key(book), count))?;
    Ok(())
}
