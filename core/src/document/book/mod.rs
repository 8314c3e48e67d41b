//! Books: an Automerge document with one writer, an opening change and one change per entry.
//!
//! A book is kept as its entries and its tip. The changes are a function of (district, actor, book,
//! head of the book before, entries), written by the direct encoder; Automerge is the oracle in tests.

mod encode;
mod export;
#[cfg(test)]
mod oracle;

pub use export::{ExportError, book_to_automerge};

use minicbor::Encoder;

use super::ids::{BookId, Head};
use super::keys::{Actor, DistrictId};
use encode::ChangeWriter;

/// How many entries a book holds.
pub const BOOK_ENTRIES: u32 = 200;

/// The format of the header and of the document around it.
const FORMAT: u8 = 1;

/// How far a book is written: enough to write on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct BookTip {
    /// Its entries.
    pub count: u32,
    /// The hash of its last change.
    pub head: Head,
}

/// Why an entry cannot be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BookError {
    /// It holds all its entries; the next one opens the next book.
    #[error("the book holds its 200 entries")]
    Full,
}

/// The header: `[format, district, device, number, first sequence, head of the book before?]`.
fn header(district: &DistrictId, book: BookId, previous: Option<Head>) -> Vec<u8> {
    let mut e = Encoder::new(Vec::with_capacity(72));
    let written = (|| {
        e.array(6)?.u8(FORMAT)?.encode(district)?.encode(book.device)?;
        e.u32(book.number)?.u32(book.first_sequence())?.encode(previous)?;
        Ok::<_, minicbor::encode::Error<std::convert::Infallible>>(())
    })();
    debug_assert!(written.is_ok(), "encoding to memory");
    e.into_writer()
}

/// Opens a book; its header holds the head of the full book before it, `None` only for book 0.
pub fn open_book(
    district: &DistrictId,
    actor: &Actor,
    book: BookId,
    previous: Option<Head>,
) -> BookTip {
    let head = ChangeWriter::new(actor).opening(&header(district, book, previous));
    BookTip { count: 0, head }
}

/// Writes one entry at the end.
///
/// # Errors
/// [`BookError::Full`] after 200 entries.
pub fn append(tip: &BookTip, actor: &Actor, entry: &[u8]) -> Result<BookTip, BookError> {
    write_on(*tip, actor, std::iter::once(entry))
}

/// Writes entries at the end, and opens the book first if it is not yet (`tip` is `None`).
///
/// # Errors
/// [`BookError::Full`] if they are more than fit.
pub fn extend<'e>(
    district: &DistrictId,
    actor: &Actor,
    book: BookId,
    previous: Option<Head>,
    tip: Option<BookTip>,
    entries: impl Iterator<Item = &'e [u8]>,
) -> Result<BookTip, BookError> {
    let tip = tip.unwrap_or_else(|| open_book(district, actor, book, previous));
    write_on(tip, actor, entries)
}

fn write_on<'e>(
    mut tip: BookTip,
    actor: &Actor,
    entries: impl Iterator<Item = &'e [u8]>,
) -> Result<BookTip, BookError> {
    let mut writer = ChangeWriter::new(actor);
    for entry in entries {
        if tip.count >= BOOK_ENTRIES {
            return Err(BookError::Full);
        }
        tip = BookTip { count: tip.count + 1, head: writer.entry(tip.count, &tip.head, entry) };
    }
    Ok(tip)
}
