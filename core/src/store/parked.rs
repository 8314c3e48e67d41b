//! Parts that cannot be taken yet: they wait for a certificate, for the entries before them, or for
//! the edits they depend on. Nothing that a certified device signed is dropped.

use minicbor::{Decoder, Encoder};
use rusqlite::{Connection, Transaction};

use crate::document::{BookId, Edit, RegisterId, Signature};
use crate::domain::DeviceNo;
use crate::wire::{BookPart, EditPart};

use super::error::StoreError;

/// A part of either sort.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part {
    Book(BookPart),
    Edits(EditPart),
}

impl Part {
    /// The document, the device and the first number, for the lists of what waits.
    pub(crate) fn place(&self) -> (String, DeviceNo, u32) {
        match self {
            Part::Book(part) => (part.book.to_string(), part.book.device, part.start),
            Part::Edits(part) => {
                let first = part.edits.first().map_or(0, |edit| edit.number);
                (part.register.to_string(), part.device, first)
            }
        }
    }

    /// The part as CBOR: `[0, book, start, signature, [entry…]]` or
    /// `[1, register, device, signature, [edit…]]`.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut e = Encoder::new(Vec::new());
        let written: Result<(), minicbor::encode::Error<std::convert::Infallible>> = (|| {
            match self {
                Part::Book(part) => {
                    e.array(5)?.u8(0)?.encode(part.book)?.u32(part.start)?;
                    e.encode(part.signature)?.array(length(part.entries.len()))?;
                    for entry in &part.entries {
                        e.bytes(entry)?;
                    }
                }
                Part::Edits(part) => {
                    e.array(5)?.u8(1)?.encode(part.register)?.encode(part.device)?;
                    e.encode(part.signature)?.array(length(part.edits.len()))?;
                    for edit in &part.edits {
                        e.encode(edit)?;
                    }
                }
            }
            Ok(())
        })();
        debug_assert!(written.is_ok(), "encoding to memory");
        e.into_writer()
    }

    /// Reads what [`Part::encode`] wrote.
    pub(crate) fn decode(bytes: &[u8]) -> Result<Part, StoreError> {
        read(bytes).map_err(StoreError::inconsistent)
    }
}

fn length(items: usize) -> u64 {
    u64::try_from(items).unwrap_or(u64::MAX)
}

fn read(bytes: &[u8]) -> Result<Part, minicbor::decode::Error> {
    let wrong = || minicbor::decode::Error::message("not a part");
    let mut d = Decoder::new(bytes);
    if d.array()? != Some(5) {
        return Err(wrong());
    }
    match d.u8()? {
        0 => {
            let (book, start): (BookId, u32) = (d.decode()?, d.u32()?);
            let signature: Signature = d.decode()?;
            let count = d.array()?.ok_or_else(wrong)?;
            let entries =
                (0..count).map(|_| d.bytes().map(<[u8]>::to_vec)).collect::<Result<_, _>>()?;
            Ok(Part::Book(BookPart { book, start, entries, signature }))
        }
        1 => {
            let (register, device): (RegisterId, DeviceNo) = (d.decode()?, d.decode()?);
            let signature: Signature = d.decode()?;
            let count = d.array()?.ok_or_else(wrong)?;
            let edits = (0..count).map(|_| d.decode::<Edit>()).collect::<Result<_, _>>()?;
            Ok(Part::Edits(EditPart { register, device, edits, signature }))
        }
        _ => Err(wrong()),
    }
}

/// Why a part waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wait {
    /// No certificate of its device is here.
    Certificate,
    /// Entries or edits of the same device before it are missing.
    Before,
    /// Edits that it builds on are missing.
    Dependencies,
}

impl Wait {
    const fn name(self) -> &'static str {
        match self {
            Wait::Certificate => "certificate",
            Wait::Before => "before",
            Wait::Dependencies => "dependencies",
        }
    }
}

/// Keeps a part until it can be taken; the same part is kept once.
pub(crate) fn keep(
    transaction: &Transaction<'_>,
    part: &Part,
    wait: Wait,
) -> Result<(), StoreError> {
    let (document, device, first) = part.place();
    let mut statement = transaction.prepare_cached(
        "INSERT INTO parked (document, device, first, reason, bytes)
         SELECT ?1, ?2, ?3, ?4, ?5 WHERE NOT EXISTS (
             SELECT 1 FROM parked WHERE document = ?1 AND device = ?2 AND first = ?3
                 AND bytes = ?5)",
    )?;
    statement.execute((document, device.get(), first, wait.name(), part.encode()))?;
    Ok(())
}

/// Every part that waits, oldest first.
pub(crate) fn list(connection: &Connection) -> Result<Vec<(i64, Part)>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT place, bytes FROM parked ORDER BY place")?;
    let mut rows = statement.query([])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push((row.get(0)?, Part::decode(&row.get::<_, Vec<u8>>(1)?)?));
    }
    Ok(all)
}

/// How many parts wait.
pub(crate) fn count(connection: &Connection) -> Result<u32, StoreError> {
    let mut statement = connection.prepare_cached("SELECT count(*) FROM parked")?;
    Ok(statement.query_row([], |row| row.get(0))?)
}

/// A part waits no longer.
pub(crate) fn remove(transaction: &Transaction<'_>, place: i64) -> Result<(), StoreError> {
    transaction.prepare_cached("DELETE FROM parked WHERE place = ?1")?.execute([place])?;
    Ok(())
}
