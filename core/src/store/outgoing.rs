//! What there is to send: entries and edits that the server is not known to have, in parts that end
//! where their device signed.

use std::cell::RefCell;

use rusqlite::Connection;

use crate::document::{self, BookTip, DocumentId, Edit, Register, RegisterId, Signature};
use crate::domain::DeviceNo;
use crate::sync::Outgoing;
use crate::wire::{BookPart, EditPart};

use super::books::{self, BookRow};
use super::certificates;
use super::entries;
use super::error::StoreError;
use super::registers::{self, Registers};
use super::signer::Signer;

/// What is to be sent, as far as it fits.
pub(crate) struct Parcel<'p> {
    signer: &'p Signer,
    registers: &'p RefCell<Registers>,
    left: usize,
    out: Outgoing,
}

impl<'p> Parcel<'p> {
    /// An empty one, for at most so many bytes.
    pub(crate) fn new(
        signer: &'p Signer,
        registers: &'p RefCell<Registers>,
        budget_bytes: usize,
    ) -> Self {
        Parcel { signer, registers, left: budget_bytes, out: Outgoing::default() }
    }

    /// What was put in.
    pub(crate) fn finish(self) -> Outgoing {
        self.out
    }

    /// Own books and edits first; then what is kept of others and the server has lost.
    pub(crate) fn fill(&mut self, connection: &Connection) -> Result<(), StoreError> {
        let own = self.signer.device();
        let (mine, others): (Vec<_>, Vec<_>) =
            books::waiting(connection)?.into_iter().partition(|row| row.book.device == own);
        let (my_edits, other_edits): (Vec<_>, Vec<_>) = registers::tips(connection)?
            .into_iter()
            .filter(|(_, _, tip)| tip.acknowledged < tip.count)
            .partition(|(_, device, _)| *device == own);
        for row in mine {
            if self.out.more {
                return Ok(());
            }
            self.own_book(connection, &row)?;
        }
        for (id, _, tip) in my_edits {
            if self.out.more {
                return Ok(());
            }
            self.own_edits(connection, id, &tip)?;
        }
        for row in others {
            if self.out.more {
                return Ok(());
            }
            let count = row.tip.count.saturating_sub(row.acknowledged);
            let first = row.book.entry_at(row.acknowledged);
            let entries = entries::bytes_from(connection, first, count)?;
            if self.takes(entries.iter().map(Vec::len).sum()) {
                self.certificate(connection, row.book.device)?;
                let (book, start, signature) = (row.book, row.acknowledged, row.signature);
                self.out.books.push(BookPart { book, start, entries, signature });
            }
        }
        for (register, device, tip) in other_edits {
            if self.out.more {
                return Ok(());
            }
            let first = tip.acknowledged.saturating_add(1);
            let edits = registers::of_device(connection, register, device, first)?;
            let size = edits.iter().map(size_of).sum();
            if self.takes(size) {
                self.certificate(connection, device)?;
                let signature = tip.signature;
                self.out.edits.push(EditPart { register, device, edits, signature });
            }
        }
        Ok(())
    }

    /// Whether so many bytes go along. The first thing always does: otherwise it never could.
    fn takes(&mut self, bytes: usize) -> bool {
        let fits = bytes <= self.left || self.out.is_empty();
        self.out.more |= !fits;
        if fits {
            self.left = self.left.saturating_sub(bytes);
        }
        fits
    }

    fn own_book(&mut self, connection: &Connection, row: &BookRow) -> Result<(), StoreError> {
        let first = row.book.entry_at(row.acknowledged);
        let waiting = row.tip.count.saturating_sub(row.acknowledged);
        let mut entries = entries::bytes_from(connection, first, waiting)?;
        let mut fit = 0_usize;
        for entry in &entries {
            if fit == 0 && !self.out.is_empty() && entry.len() > self.left {
                self.out.more = true;
                return Ok(());
            }
            if fit > 0 && entry.len() > self.left {
                self.out.more = true;
                break;
            }
            self.left = self.left.saturating_sub(entry.len());
            fit = fit.saturating_add(1);
        }
        if fit == 0 {
            return Ok(());
        }
        let whole = fit == entries.len();
        entries.truncate(fit);
        let part =
            BookPart { book: row.book, start: row.acknowledged, entries, signature: row.signature };
        let signature = if whole { row.signature } else { self.sign_at(connection, &part)? };
        self.out.books.push(BookPart { signature, ..part });
        Ok(())
    }

    /// Signs an own book where a part was cut.
    fn sign_at(&self, connection: &Connection, part: &BookPart) -> Result<Signature, StoreError> {
        let previous = books::previous_head(connection, part.book)?
            .map_err(|_| StoreError::inconsistent("the book before is not full"))?;
        let before = entries::bytes_from(connection, part.book.entry_at(0), part.start)?;
        let all = before.iter().chain(&part.entries).map(Vec::as_slice);
        let district = self.signer.district();
        let actor = self.signer.actor();
        let tip: BookTip = document::extend(district, actor, part.book, previous, None, all)
            .map_err(StoreError::inconsistent)?;
        Ok(self.signer.sign_head(DocumentId::Book(part.book), tip.count, tip.head))
    }

    fn own_edits(
        &mut self,
        connection: &Connection,
        register: RegisterId,
        tip: &registers::Tip,
    ) -> Result<(), StoreError> {
        let device = self.signer.device();
        let first = tip.acknowledged.saturating_add(1);
        let mut run: Vec<Edit> = Vec::new();
        let mut registers = self.registers.borrow_mut();
        let document = registers.at(connection, register)?;
        let actor = self.signer.actor();
        for edit in registers::of_device(connection, register, device, first)? {
            let size = size_of(&edit);
            let first_of_all = run.is_empty() && self.out.is_empty();
            if size > self.left && !first_of_all {
                self.out.more = true;
                break;
            }
            self.left = self.left.saturating_sub(size);
            // A part ends before an edit that stands on another device's: a server that lost both
            // could take neither of two parts that stand on one another.
            let before = document.head_of(actor, edit.number.saturating_sub(1));
            if edit.deps.iter().any(|dep| Some(*dep) != before) {
                push_edits(
                    &mut self.out,
                    self.signer,
                    register,
                    document,
                    std::mem::take(&mut run),
                )?;
            }
            run.push(edit);
        }
        push_edits(&mut self.out, self.signer, register, document, run)
    }

    fn certificate(&mut self, connection: &Connection, device: DeviceNo) -> Result<(), StoreError> {
        if self.out.certificates.iter().any(|certificate| certificate.device == device) {
            return Ok(());
        }
        self.out.certificates.extend(certificates::of(connection, device)?);
        Ok(())
    }
}

/// Adds own edits as a part, signed at the last of them.
fn push_edits(
    out: &mut Outgoing,
    signer: &Signer,
    register: RegisterId,
    document: &Register,
    edits: Vec<Edit>,
) -> Result<(), StoreError> {
    let Some(last) = edits.last() else { return Ok(()) };
    let head = document
        .head_of(signer.actor(), last.number)
        .ok_or_else(|| StoreError::inconsistent(format!("edit {} of {register}", last.number)))?;
    let signature = signer.sign_head(DocumentId::Register(register), last.number, head);
    out.edits.push(EditPart { register, device: signer.device(), edits, signature });
    Ok(())
}

fn size_of(edit: &Edit) -> usize {
    minicbor::to_vec(edit).map_or(0, |bytes| bytes.len())
}
