//! A phone's store as a container: its own entries and those it was given.

use std::collections::BTreeSet;

use courtyard_core::document::{
    BOOK_ENTRIES, BookId, BookTip, Head, OfficeCertificate, PublicKey, RegisterId, Signature,
};
use courtyard_core::domain::{DeviceNo, EntryId, VillageNo};
use courtyard_core::verify::{Boundary, EditAt, EditBoundary, EntryAt, SignedBook, SignedRegister};
use rusqlite::OptionalExtension as _;

use super::read_only::{ReadOnly, blob, fixed, number};
use super::{Container, ContainerError, Kind, Source, Take};

/// "CYRD" in the file's header.
const APPLICATION_ID: i32 = 0x4359_5244;

/// Whether the file is a store.
pub(super) fn is_store(file: &ReadOnly) -> Result<bool, ContainerError> {
    let id: i32 = file.connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    Ok(id == APPLICATION_ID)
}

pub(super) fn open(file: ReadOnly) -> Result<Container, ContainerError> {
    let trust = file
        .connection
        .query_row("SELECT value FROM meta WHERE name = 'trust'", [], |row| {
            Ok(minicbor::decode::<(PublicKey, OfficeCertificate)>(blob(row, 0)).ok())
        })
        .optional()?
        .ok_or(ContainerError::Empty("the phone is not enrolled"))?;
    let (root, office) = trust.ok_or_else(|| {
        ContainerError::Damaged("the office's certificate cannot be read".to_owned())
    })?;
    let mut certificates = Vec::new();
    let mut damaged = Vec::new();
    file.each("SELECT device, bytes FROM certificates ORDER BY device", [], |row| {
        match minicbor::decode(blob(row, 1)) {
            Ok(certificate) => certificates.push(certificate),
            Err(_) => {
                let device: u16 = number(row, 0);
                damaged.push(format!("the certificate of device {device} cannot be read"));
            }
        }
        Ok(())
    })?;
    Ok(Container {
        kind: Kind::Phone,
        root,
        office,
        certificates,
        known: Vec::new(),
        known_edits: Vec::new(),
        damaged,
        source: Source::Store(file),
    })
}

/// Every book that has a row of its own or an entry.
pub(super) fn books(file: &ReadOnly) -> Result<BTreeSet<BookId>, ContainerError> {
    let mut books = BTreeSet::new();
    let sql = "SELECT book >> 32, book & 0xffffffff FROM books
               UNION SELECT id >> 32, ((id & 0xffffffff) - 1) / ?1 FROM entries";
    file.each(sql, [BOOK_ENTRIES], |row| {
        let device = DeviceNo::new(number(row, 0));
        let book = device.and_then(|device| BookId::new(device, number(row, 1)));
        books.insert(book.ok_or_else(|| {
            ContainerError::Damaged("a book with a number that no device has".to_owned())
        })?);
        Ok(())
    })?;
    Ok(books)
}

pub(super) fn each_book(file: &ReadOnly, take: Take<'_, SignedBook>) -> Result<(), ContainerError> {
    for book in books(file)? {
        let mut signed = SignedBook {
            book,
            entries: Vec::new(),
            numbered: true,
            boundaries: Vec::new(),
            recorded: None,
            marks: Vec::new(),
        };
        let key = EntryId::new(book.device, book.number).key();
        let sql = "SELECT count, head, signature FROM books WHERE book = ?1";
        file.each(sql, [key], |row| {
            let (count, head) = (number(row, 0), Head(fixed(row, 1)));
            signed.recorded = Some(BookTip { count, head });
            signed.boundaries.push(Boundary { count, signature: Signature(fixed(row, 2)) });
            Ok(())
        })?;
        let (first, last) = (book.entry_at(0), book.entry_at(BOOK_ENTRIES - 1));
        let sql = "SELECT id & 0xffffffff, bytes FROM entries
                   WHERE id BETWEEN ?1 AND ?2 ORDER BY id";
        file.each(sql, (first.key(), last.key()), |row| {
            let sequence: u32 = number(row, 0);
            let position = sequence.saturating_sub(book.first_sequence());
            signed.entries.push(EntryAt { position, bytes: blob(row, 1).to_vec() });
            Ok(())
        })?;
        take(signed)?;
    }
    Ok(())
}

pub(super) fn each_register(
    file: &ReadOnly,
    take: Take<'_, SignedRegister>,
) -> Result<(), ContainerError> {
    let mut registers = BTreeSet::new();
    let sql = "SELECT village, edition FROM edits UNION SELECT village, edition FROM edit_tips";
    file.each(sql, [], |row| {
        let village = VillageNo::new(number(row, 0));
        registers.insert(RegisterId { village, edition: number(row, 1) });
        Ok(())
    })?;
    for register in registers {
        let mut signed = SignedRegister { register, edits: Vec::new(), boundaries: Vec::new() };
        let place = (register.village.get(), register.edition);
        let sql = "SELECT device, number, bytes FROM edits
                   WHERE village = ?1 AND edition = ?2 ORDER BY place";
        file.each(sql, place, |row| {
            signed.edits.push(EditAt {
                device: DeviceNo::new(number(row, 0)).unwrap_or(DeviceNo::MAX),
                number: number(row, 1),
                edit: minicbor::decode(blob(row, 2)).ok(),
            });
            Ok(())
        })?;
        let sql = "SELECT device, count, signature FROM edit_tips
                   WHERE village = ?1 AND edition = ?2";
        file.each(sql, place, |row| {
            signed.boundaries.push(EditBoundary {
                device: DeviceNo::new(number(row, 0)).unwrap_or(DeviceNo::MAX),
                count: number(row, 1),
                signature: Signature(fixed(row, 2)),
            });
            Ok(())
        })?;
        take(signed)?;
    }
    Ok(())
}
