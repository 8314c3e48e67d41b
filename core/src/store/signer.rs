//! A device that writes: its key, its certificate, and the next place in its books.

use rusqlite::{Connection, Transaction};

use crate::document::{
    self, Actor, BOOK_ENTRIES, BookId, BookTip, DeviceKey, DistrictId, DocumentId, Head,
    HeadStatement, Signature,
};
use crate::domain::device::DeviceCertificate;
use crate::domain::entry::Origin;
use crate::domain::{
    Body, BusinessDate, Clock, DeviceNo, EntityNo, Entry, EntryHash, EntryId, Envelope, OperatorNo,
};
use crate::ledger::Outcome;

use super::books;
use super::entries;
use super::error::StoreError;
use super::meta;
use super::project::Projector;

/// A device's secret key with what it is certified for.
#[derive(Debug, Clone)]
pub struct Signer {
    key: DeviceKey,
    actor: Actor,
    district: DistrictId,
    certificate: DeviceCertificate,
}

impl Signer {
    /// The signer of this key and certificate; `None` if the certificate is of another key.
    pub fn new(
        key: DeviceKey,
        district: DistrictId,
        certificate: DeviceCertificate,
    ) -> Option<Self> {
        let public = key.public();
        let actor = Actor::of(&public);
        (public.0 == certificate.public_key).then_some(Signer { key, actor, district, certificate })
    }

    /// The device's number.
    pub const fn device(&self) -> DeviceNo {
        self.certificate.device
    }

    /// Its certificate.
    pub const fn certificate(&self) -> &DeviceCertificate {
        &self.certificate
    }

    /// Its actor.
    pub const fn actor(&self) -> &Actor {
        &self.actor
    }

    /// The district that it writes for.
    pub const fn district(&self) -> &DistrictId {
        &self.district
    }

    /// Signs the head of a document at a count.
    pub fn sign_head(&self, document: DocumentId, count: u32, head: Head) -> Signature {
        let statement =
            HeadStatement { district: self.district, device: self.device(), document, count, head };
        statement.sign(&self.key)
    }

    /// Answers a server's challenge.
    pub fn sign_challenge(&self, challenge: &[u8]) -> Signature {
        document::sign_challenge(&self.key, &self.district, self.device(), challenge)
    }

    /// The book that the next entry goes into, open or still to be opened, and its tip before it.
    ///
    /// This knows no store: `newest` is the device's newest book as it stands, `None` before its
    /// first entry.
    ///
    /// # Errors
    /// [`BooksFull`] after the last book of a device's life.
    pub fn next_place(
        &self,
        newest: Option<(BookId, BookTip)>,
    ) -> Result<(BookId, BookTip), BooksFull> {
        let (book, previous) = match newest {
            None => (BookId { device: self.device(), number: 0 }, None),
            Some((book, tip)) if tip.count < BOOK_ENTRIES => return Ok((book, tip)),
            Some((book, tip)) => (book.next().ok_or(BooksFull)?, Some(tip.head)),
        };
        Ok((book, document::open_book(&self.district, &self.actor, book, previous)))
    }
}

/// A device has written all the entries that its number allows; it needs a new number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the device's last book is full")]
pub struct BooksFull;

/// An entry to be written; the Lamport number is the store's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEntry {
    /// The business date in Asia/Shanghai.
    pub date: BusinessDate,
    /// What the clocks say.
    pub clock: Clock,
    /// On whose account.
    pub entity: EntityNo,
    /// Who works at the device.
    pub operator: OperatorNo,
    /// The kind's own fields.
    pub body: Body,
    /// The entry of a former key that this one issues again.
    pub reissue_of: Option<Origin>,
}

/// An entry that is saved, and what the ledger made of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    /// Its number.
    pub id: EntryId,
    /// The hash of its bytes.
    pub hash: EntryHash,
    /// What it came to; an own entry sorts after everything seen, so it is known at once.
    pub outcome: Option<Outcome>,
}

/// The highest Lamport number seen.
pub(crate) fn lamport(connection: &Connection) -> Result<u64, StoreError> {
    let seen: Option<i64> = meta::get(connection, meta::name::LAMPORT)?;
    Ok(u64::try_from(seen.unwrap_or(0)).unwrap_or(0))
}

/// Raises the highest Lamport number seen.
pub(crate) fn raise_lamport(transaction: &Transaction<'_>, seen: u64) -> Result<(), StoreError> {
    if seen > lamport(transaction)? {
        meta::set(transaction, meta::name::LAMPORT, i64::try_from(seen).unwrap_or(i64::MAX))?;
    }
    Ok(())
}

/// Writes an own entry: its row, the book's new head and signature, and the projections.
pub(crate) fn save(
    transaction: &Transaction<'_>,
    signer: &Signer,
    projector: &mut Projector,
    new: NewEntry,
) -> Result<Saved, StoreError> {
    let newest = books::newest(transaction, signer.device())?.map(|row| (row.book, row.tip));
    let (book, tip) = signer.next_place(newest).map_err(StoreError::inconsistent)?;
    let id = book.entry_at(tip.count);
    let certificate = signer.certificate();
    let standing = (certificate.role, certificate.village);
    let mut chain = entries::chain_before(transaction, projector.district(), id, standing)?;
    let lamport = chain.next(lamport(transaction)?);
    let envelope = Envelope {
        lamport,
        date: new.date,
        clock: new.clock,
        entity: new.entity,
        operator: new.operator,
        reissue_of: new.reissue_of,
    };
    let bytes = Entry { envelope, body: new.body }.encode();
    let tip = document::append(&tip, signer.actor(), &bytes).map_err(StoreError::inconsistent)?;
    let signature = signer.sign_head(DocumentId::Book(book), tip.count, tip.head);
    books::put(transaction, book, &tip, &signature, 0)?;
    raise_lamport(transaction, lamport)?;
    let mut stored = entries::arrive(id, bytes, standing, &mut chain)?;
    let outcome = projector.take(transaction, &mut stored)?;
    Ok(Saved { id, hash: stored.arrived.hash, outcome })
}
