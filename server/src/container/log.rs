//! A server's log as a container: batches and edits as they were accepted.

use std::collections::BTreeSet;

use courtyard_core::document::{
    BOOK_ENTRIES, BookId, BookTip, Edit, Head, OfficeCertificate, PublicKey, RegisterId, Signature,
};
use courtyard_core::domain::{DeviceNo, VillageNo};
use courtyard_core::verify::{Boundary, EditAt, EditBoundary, EntryAt, SignedBook, SignedRegister};
use rusqlite::OptionalExtension as _;

use super::read_only::{ReadOnly, blob, fixed, number};
use super::{Container, ContainerError, Kind, Source, Take};
use crate::log::blob::unpack;

pub(super) fn open(file: ReadOnly) -> Result<Container, ContainerError> {
    let damaged = |what: &str| ContainerError::Damaged(what.to_owned());
    let county = file
        .connection
        .query_row("SELECT root, office FROM county", [], |row| {
            Ok((fixed(row, 0), minicbor::decode::<OfficeCertificate>(blob(row, 1)).ok()))
        })
        .optional()?;
    let Some((root, office)) = county else {
        return Err(ContainerError::Empty("no district was founded here"));
    };
    let office = office.ok_or_else(|| damaged("the office's certificate cannot be read"))?;
    let mut certificates = Vec::new();
    let mut broken = Vec::new();
    file.each("SELECT number, certificate FROM device ORDER BY number", [], |row| {
        match minicbor::decode(blob(row, 1)) {
            Ok(certificate) => certificates.push(certificate),
            Err(_) => {
                let device: u16 = number(row, 0);
                broken.push(format!("the certificate of device {device} cannot be read"));
            }
        }
        Ok(())
    })?;
    Ok(Container {
        kind: Kind::Server,
        root: PublicKey(root),
        office,
        certificates,
        known: Vec::new(),
        known_edits: Vec::new(),
        damaged: broken,
        source: Source::Log(file),
    })
}

/// Every book that has a row of its own or a batch.
pub(super) fn books(file: &ReadOnly) -> Result<BTreeSet<BookId>, ContainerError> {
    let mut books = BTreeSet::new();
    let sql = "SELECT device, number FROM book UNION SELECT device, book FROM batch";
    file.each(sql, [], |row| {
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
        let place = (book.device.get(), book.number);
        let sql = "SELECT count, head FROM book WHERE device = ?1 AND number = ?2";
        file.each(sql, place, |row| {
            signed.recorded = Some(BookTip { count: number(row, 0), head: Head(fixed(row, 1)) });
            Ok(())
        })?;
        let sql = "SELECT start, count, signature, entries FROM batch
                   WHERE device = ?1 AND book = ?2 ORDER BY start, number";
        file.each(sql, place, |row| {
            let (start, count): (u32, u32) = (number(row, 0), number(row, 1));
            // What cannot be taken apart any more is handed on as so many unreadable entries.
            let entries = unpack(blob(row, 3)).unwrap_or_else(|_| {
                let count = count.min(BOOK_ENTRIES);
                std::iter::repeat_n(Vec::new(), usize::try_from(count).unwrap_or(0)).collect()
            });
            for (bytes, position) in entries.into_iter().zip(start..) {
                signed.entries.push(EntryAt { position, bytes });
            }
            let signature = Signature(fixed(row, 2));
            signed.boundaries.push(Boundary { count: start.saturating_add(count), signature });
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
    let sql = "SELECT village, number FROM edition UNION SELECT village, edition FROM edit";
    file.each(sql, [], |row| {
        let village = VillageNo::new(number(row, 0));
        registers.insert(RegisterId { village, edition: number(row, 1) });
        Ok(())
    })?;
    for register in registers {
        let mut signed = SignedRegister { register, edits: Vec::new(), boundaries: Vec::new() };
        let sql = "SELECT device, start, count, signature, edits FROM edit
                   WHERE village = ?1 AND edition = ?2 ORDER BY number";
        file.each(sql, (register.village.get(), register.edition), |row| {
            let device = DeviceNo::new(number(row, 0)).unwrap_or(DeviceNo::MAX);
            let (start, count): (u32, u32) = (number(row, 1), number(row, 2));
            let edits: Vec<Option<Edit>> = match minicbor::decode::<Vec<Edit>>(blob(row, 4)) {
                Ok(edits) => edits.into_iter().map(Some).collect(),
                Err(_) => vec![None],
            };
            for (edit, before) in edits.into_iter().zip(start..) {
                let number = before.saturating_add(1);
                signed.edits.push(EditAt { device, number, edit });
            }
            let signature = Signature(fixed(row, 3));
            let count = start.saturating_add(count);
            signed.boundaries.push(EditBoundary { device, count, signature });
            Ok(())
        })?;
        take(signed)?;
    }
    Ok(())
}
