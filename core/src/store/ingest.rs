//! Takes what other devices wrote: the same function on phones and for a server's view.
//!
//! A part is taken whole or not at all. What is here already is skipped; other content under the
//! same number is a fork and set aside; what cannot be checked yet waits.

use rusqlite::Transaction;

use crate::document::{BookTip, PublicKey};
use crate::domain::Body;
use crate::domain::device::DeviceCertificate;
use crate::ledger::Status;
use crate::wire::{BookPart, EditPart};

use super::books::{self, BookRow};
use super::certificates;
use super::entries::{self, Stored};
use super::error::StoreError;
use super::parked::{self, Part, Wait};
use super::project::Projector;
use super::recovered;
use super::registers::Registers;
use super::set_aside::{self, SetAside};
use super::signer;
use super::verify::{Distrust, Trust};

/// What came from elsewhere.
#[derive(Debug, Clone, Copy, Default)]
pub struct Incoming<'a> {
    /// Certificates that are not entries of the county's books.
    pub certificates: &'a [DeviceCertificate],
    /// Entries, by book and in order.
    pub books: &'a [BookPart],
    /// Register edits, by device and in order.
    pub edits: &'a [EditPart],
}

/// Where signatures are checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Checked {
    /// Here, before anything is taken.
    Here,
    /// They were checked before: a server's view takes what its own door let in. Heads are derived
    /// all the same.
    AtTheDoor,
}

/// What was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Ingested {
    /// Entries that are new here.
    pub entries: u32,
    /// Register edits that are new here.
    pub edits: u32,
    /// Entries and edits that were here already.
    pub duplicates: u32,
    /// Parts that were set aside with their evidence.
    pub set_aside: u32,
    /// Parts that wait.
    pub parked: u32,
}

/// What became of one part.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Fate {
    Taken,
    Waits(Wait),
    Aside(&'static str),
}

/// The code of a fork in what was set aside.
pub(crate) const FORK: &str = "sync.fork";
/// The code of an entry or edit that cannot be read.
pub(crate) const UNREADABLE: &str = "sync.unreadable";

/// One ingest within one transaction.
pub(crate) struct Ingest<'t, 's> {
    pub(crate) transaction: &'t Transaction<'t>,
    pub(crate) trust: &'s Trust,
    pub(crate) checked: Checked,
    pub(crate) registers: &'s mut Registers,
    pub(crate) projector: Projector,
    pub(crate) done: Ingested,
    /// Something came that a waiting part may wait for.
    moved: bool,
}

impl<'t, 's> Ingest<'t, 's> {
    pub(crate) fn new(
        transaction: &'t Transaction<'t>,
        trust: &'s Trust,
        checked: Checked,
        registers: &'s mut Registers,
    ) -> Result<Self, StoreError> {
        let projector = Projector::new(registers.rulings.current(transaction)?);
        Ok(Ingest {
            transaction,
            trust,
            checked,
            registers,
            projector,
            done: Ingested::default(),
            moved: false,
        })
    }

    /// Takes everything, then what waited for it.
    pub(crate) fn run(mut self, incoming: Incoming<'_>) -> Result<Ingested, StoreError> {
        for certificate in incoming.certificates {
            self.certificate(certificate)?;
        }
        for part in incoming.books {
            let fate = self.book_part(part)?;
            self.settle(fate, || Part::Book(part.clone()))?;
        }
        for part in incoming.edits {
            let fate = self.edit_part(part)?;
            self.settle(fate, || Part::Edits(part.clone()))?;
        }
        self.try_parked()?;
        if let Some(district) = self.projector.finish(self.transaction)? {
            self.registers.rulings.keep(district);
        }
        Ok(self.done)
    }

    fn settle(&mut self, fate: Fate, part: impl FnOnce() -> Part) -> Result<(), StoreError> {
        match fate {
            Fate::Taken => Ok(()),
            Fate::Waits(wait) => {
                // It may be the one that another waits for.
                self.moved = true;
                self.done.parked = self.done.parked.saturating_add(1);
                parked::keep(self.transaction, &part(), wait)
            }
            Fate::Aside(code) => {
                self.done.set_aside = self.done.set_aside.saturating_add(1);
                self.aside(&part(), code)
            }
        }
    }

    fn aside(&self, part: &Part, code: &str) -> Result<(), StoreError> {
        let (document, device, first) = part.place();
        let evidence = part.encode();
        let aside = SetAside { document, device, first, code: code.to_owned(), evidence };
        set_aside::keep(self.transaction, &aside)
    }

    /// Counts edits that were taken; something may have waited for them.
    pub(crate) fn took_edits(&mut self, count: u32) {
        self.done.edits = self.done.edits.saturating_add(count);
        self.moved = self.moved || count > 0;
    }

    /// Tries what waits again, as long as that brings anything.
    fn try_parked(&mut self) -> Result<(), StoreError> {
        while std::mem::take(&mut self.moved) {
            let waiting = parked::list(self.transaction)?;
            for (place, part) in &waiting {
                if let Part::Book(book) = part {
                    let fate = self.book_part(book)?;
                    self.unpark(*place, part, fate)?;
                }
            }
            let edits: Vec<&EditPart> = waiting
                .iter()
                .filter_map(|(_, part)| match part {
                    Part::Edits(edits) => Some(edits),
                    Part::Book(_) => None,
                })
                .collect();
            let fates = self.edit_parts(&edits)?;
            let places = waiting.iter().filter(|(_, part)| matches!(part, Part::Edits(_)));
            for ((place, part), fate) in places.zip(fates) {
                self.unpark(*place, part, fate)?;
            }
        }
        Ok(())
    }

    fn unpark(&mut self, place: i64, part: &Part, fate: Fate) -> Result<(), StoreError> {
        match fate {
            Fate::Waits(_) => Ok(()),
            Fate::Taken => parked::remove(self.transaction, place),
            Fate::Aside(code) => {
                parked::remove(self.transaction, place)?;
                self.done.set_aside = self.done.set_aside.saturating_add(1);
                self.aside(part, code)
            }
        }
    }

    /// Keeps a certificate that the office signed; any other is passed over, since without it the
    /// parts of its device only wait.
    fn certificate(&mut self, certificate: &DeviceCertificate) -> Result<(), StoreError> {
        let holds = match self.checked {
            Checked::Here => self.trust.check_certificate(certificate).is_ok(),
            Checked::AtTheDoor => true,
        };
        if holds && certificates::keep(self.transaction, certificate)? {
            self.moved = true;
        }
        Ok(())
    }

    fn book_part(&mut self, part: &BookPart) -> Result<Fate, StoreError> {
        let Some(certificate) = certificates::of(self.transaction, part.book.device)? else {
            return Ok(Fate::Waits(Wait::Certificate));
        };
        let row = books::get(self.transaction, part.book)?;
        let count = row.as_ref().map_or(0, |row| row.tip.count);
        let Ok(previous) = books::previous_head(self.transaction, part.book)? else {
            return Ok(Fate::Waits(Wait::Before));
        };
        if part.start > count {
            return Ok(Fate::Waits(Wait::Before));
        }
        let first = part.book.entry_at(part.start);
        let here = entries::bytes_from(
            self.transaction,
            first,
            count.saturating_sub(part.start).min(part.end().saturating_sub(part.start)),
        )?;
        if here.iter().zip(&part.entries).any(|(mine, theirs)| mine != theirs) {
            return self.fork(&certificate, part);
        }
        self.done.duplicates = self.done.duplicates.saturating_add(small(here.len()));
        let Some(rest) = part.entries.get(here.len()..).filter(|rest| !rest.is_empty()) else {
            return Ok(Fate::Taken);
        };
        let start = count.max(part.start);
        let rest = BookPart { start, entries: rest.to_vec(), ..*part };
        let tip = match self.check(&certificate, previous, row.as_ref(), &rest) {
            Ok(tip) => tip,
            Err(distrust) => return Ok(Fate::Aside(distrust.code())),
        };
        let Ok(stored) = self.arrive(&rest)? else { return Ok(Fate::Aside(UNREADABLE)) };
        self.take(&rest, &tip, stored)?;
        Ok(Fate::Taken)
    }

    fn check(
        &self,
        certificate: &DeviceCertificate,
        previous: Option<crate::document::Head>,
        row: Option<&BookRow>,
        part: &BookPart,
    ) -> Result<BookTip, Distrust> {
        let tip = row.map(|row| row.tip);
        match self.checked {
            Checked::Here => self.trust.check_part(certificate, previous, tip, part),
            Checked::AtTheDoor => {
                let key = PublicKey(certificate.public_key);
                self.trust.derive(&key, previous, tip, part)
            }
        }
    }

    /// Reads every entry before any is written.
    fn arrive(&mut self, part: &BookPart) -> Result<Result<Vec<Stored>, ()>, StoreError> {
        let standing = self.projector.standing(self.transaction, part.book.device)?;
        let first = part.book.entry_at(part.start);
        let district = self.projector.district();
        let mut chain = entries::chain_before(self.transaction, district, first, standing)?;
        let mut all = Vec::with_capacity(part.entries.len());
        for (place, bytes) in (part.start..).zip(&part.entries) {
            let id = part.book.entry_at(place);
            let Ok(stored) = entries::arrive(id, bytes.clone(), standing, &mut chain) else {
                return Ok(Err(()));
            };
            all.push(stored);
        }
        Ok(Ok(all))
    }

    fn take(
        &mut self,
        part: &BookPart,
        tip: &BookTip,
        mut stored: Vec<Stored>,
    ) -> Result<(), StoreError> {
        let mut seen = 0;
        self.done.entries = self.done.entries.saturating_add(small(stored.len()));
        for stored in &mut stored {
            if !stored.arrived.lamport_jump {
                seen = seen.max(recovered::lamport_of(&stored.arrived));
            }
            let outcome = self.projector.take(self.transaction, stored)?;
            if let Body::DeviceCertificate(certificate) = &stored.arrived.entry.body
                && outcome.is_some_and(|outcome| outcome.status == Status::Counted)
            {
                self.certificate(certificate)?;
            }
        }
        // What came from the server is known there.
        books::put(self.transaction, part.book, tip, &part.signature, tip.count)?;
        signer::raise_lamport(self.transaction, seen)?;
        self.moved = true;
        Ok(())
    }
}

pub(crate) fn small(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
