//! Parts of books and of registers: what carries entries and edits, either way.

use crate::document::{BookId, Edit, RegisterId, Signature};
use crate::domain::{DeviceNo, VillageNo};
use crate::wire::bytes::{Reader, Writer};
use crate::wire::error::WireError;
use crate::wire::limits;
use crate::wire::message::auth::read_device;
use crate::wire::rows;

/// Consecutive entries of one book, with the signature made at the last of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookPart {
    /// Which book.
    pub book: BookId,
    /// How many entries of the book come before these.
    pub start: u32,
    /// The canonical CBOR of each entry; at least one.
    pub entries: Vec<Vec<u8>>,
    /// The device's signature over the book's count and head after the last entry.
    pub signature: Signature,
}

/// Consecutive edits of one device in one register, with the signature made at the last of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EditPart {
    /// Which edition of which village's register.
    pub register: RegisterId,
    /// Whose edits.
    pub device: DeviceNo,
    /// The edits, in this device's order; at least one.
    pub edits: Vec<Edit>,
    /// The device's signature over the number and the head of the last edit.
    pub signature: Signature,
}

impl BookPart {
    /// How many entries the book has after this part.
    pub fn end(&self) -> u32 {
        self.start.saturating_add(u32::try_from(self.entries.len()).unwrap_or(u32::MAX))
    }
}

/// What is known of a part before its rows are read.
struct BookHeader {
    book: BookId,
    start: u32,
    count: usize,
    signature: Signature,
}

struct EditHeader {
    register: RegisterId,
    device: DeviceNo,
    first: u32,
    count: usize,
    signature: Signature,
}

/// Least bytes of a part's header: device, number, start, count and 64 of signature.
const LEAST_BOOK_HEADER: usize = 68;
/// Least bytes of a part's header: village, edition, device, first, count and 64 of signature.
const LEAST_EDIT_HEADER: usize = 69;

/// Writes all parts at the end of a message: their headers, then the rows of all of them together.
pub(super) fn write(w: &mut Writer, books: &[BookPart], edits: &[EditPart]) {
    w.length(books.len());
    for part in books {
        w.number(part.book.device.get());
        w.number(part.book.number);
        w.number(part.start);
        w.length(part.entries.len());
        w.fixed(&part.signature.0);
    }
    w.length(edits.len());
    for part in edits {
        w.number(part.register.village.get());
        w.number(part.register.edition);
        w.number(part.device.get());
        w.number(part.edits.first().map_or(0, |edit| edit.number));
        w.length(part.edits.len());
        w.fixed(&part.signature.0);
    }
    w.fixed(&rows::encode(
        books.iter().flat_map(|part| part.entries.iter().map(Vec::as_slice)),
        edits.iter().flat_map(|part| part.edits.iter()),
    ));
}

/// Reads all parts, to the end of the message.
pub(super) fn read(mut r: Reader<'_>) -> Result<(Vec<BookPart>, Vec<EditPart>), WireError> {
    let count = r.count(&limits::BOOK_PARTS, LEAST_BOOK_HEADER)?;
    let mut book_headers = Vec::with_capacity(count);
    for _ in 0..count {
        book_headers.push(read_book_header(&mut r)?);
    }
    let count = r.count(&limits::EDIT_PARTS, LEAST_EDIT_HEADER)?;
    let mut edit_headers = Vec::with_capacity(count);
    for _ in 0..count {
        edit_headers.push(read_edit_header(&mut r)?);
    }

    let mut rows = rows::RowReader::new(r.rest());
    let mut books = Vec::with_capacity(book_headers.len());
    for header in book_headers {
        books.push(BookPart {
            book: header.book,
            start: header.start,
            entries: rows.entries(header.count)?,
            signature: header.signature,
        });
    }
    let mut edits = Vec::with_capacity(edit_headers.len());
    for header in edit_headers {
        edits.push(EditPart {
            register: header.register,
            device: header.device,
            edits: rows.edits(header.device, header.first, header.count)?,
            signature: header.signature,
        });
    }
    rows.end()?;
    Ok((books, edits))
}

fn read_book_header(r: &mut Reader<'_>) -> Result<BookHeader, WireError> {
    let book = read_book(r)?;
    let start: u32 = r.narrow()?;
    let count = r.count(&limits::ENTRIES_PER_PART, 0)?;
    let end = u64::from(start).saturating_add(u64::try_from(count).unwrap_or(u64::MAX));
    limits::ENTRIES_PER_PART.check(end)?;
    if count == 0 {
        return Err(WireError::undecodable("a part holds nothing"));
    }
    Ok(BookHeader { book, start, count, signature: Signature(r.array()?) })
}

fn read_edit_header(r: &mut Reader<'_>) -> Result<EditHeader, WireError> {
    let register = read_register(r)?;
    let device = read_device(r)?;
    let first: u32 = r.narrow()?;
    let count = r.count(&limits::EDITS_PER_PART, 0)?;
    if count == 0 || first == 0 {
        return Err(WireError::undecodable("a part holds nothing"));
    }
    if u64::from(first) + u64::try_from(count).unwrap_or(u64::MAX) > u64::from(u32::MAX) {
        return Err(WireError::undecodable("edits are numbered beyond 32 bits"));
    }
    Ok(EditHeader { register, device, first, count, signature: Signature(r.array()?) })
}

/// A book's name.
pub(super) fn read_book(r: &mut Reader<'_>) -> Result<BookId, WireError> {
    BookId::new(read_device(r)?, r.narrow()?)
        .ok_or(WireError::undecodable("book number beyond the last"))
}

/// A register's name.
pub(super) fn read_register(r: &mut Reader<'_>) -> Result<RegisterId, WireError> {
    Ok(RegisterId { village: VillageNo::new(r.narrow()?), edition: r.narrow()? })
}
