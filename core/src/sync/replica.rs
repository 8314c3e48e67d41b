//! What a store does for the sync engine.

use crate::document::{BookId, Signature};
use crate::domain::DeviceNo;
use crate::domain::device::DeviceCertificate;
use crate::wire::{
    AuditResponse, BookPart, Challenge, Cursor, EditPart, HeldBook, HeldEdits, SyncResponse, Token,
};

/// A device's half of a sync: what it has to send, and how it takes what comes.
pub trait Replica {
    /// Why the store cannot do it.
    type Error: std::error::Error + Send + Sync + 'static;

    /// This device's number.
    fn device(&self) -> DeviceNo;

    /// Its signature over a challenge, by its own key ([`crate::document::sign_challenge`]).
    ///
    /// # Errors
    /// The store's own.
    fn sign_challenge(&self, challenge: &Challenge) -> Result<Signature, Self::Error>;

    /// What is kept of the session.
    ///
    /// # Errors
    /// The store's own.
    fn session(&self) -> Result<Session, Self::Error>;

    /// Keeps the session; apart from an answer only after `/v1/session` or a refusal with a new
    /// challenge.
    ///
    /// # Errors
    /// The store's own.
    fn keep_session(&mut self, session: &Session) -> Result<(), Self::Error>;

    /// Up to where this device has taken what the server numbered.
    ///
    /// # Errors
    /// The store's own.
    fn cursor(&self) -> Result<Cursor, Self::Error>;

    /// What the server has not acknowledged, in order: for each book that is not covered, entries
    /// from the acknowledged count onward; so for each register and device. A part ends where its
    /// device signed. Own first, then what is kept of other devices and the server has lost, with
    /// their certificates.
    ///
    /// The CBOR of all entries and edits stays within `budget_bytes`, except that one entry or edit
    /// is always given if there is any: otherwise it could never be sent.
    ///
    /// # Errors
    /// The store's own.
    fn outgoing(&self, budget_bytes: usize) -> Result<Outgoing, Self::Error>;

    /// Takes an answer, in **one** transaction: what it acknowledges and refuses, the parts that it
    /// brings (each verified by its device's signature over the head that is derived here), the
    /// session and the cursor. Taking the same answer twice changes nothing more.
    ///
    /// `have` is what the server holds: it moves the acknowledged count, also back (a restored
    /// server lacks what it had). What is refused is set aside with its reason and not sent again.
    /// Parts that are already here are skipped as far as they are.
    ///
    /// # Errors
    /// The store's own; then nothing was taken.
    fn apply(&mut self, answer: &SyncResponse) -> Result<Applied, Self::Error>;

    /// What this device holds, for an audit: books and register edits, own and others', after the
    /// last one of `after`, at most `limit` rows together.
    ///
    /// # Errors
    /// The store's own.
    fn held(&self, after: Option<&Held>, limit: usize) -> Result<Held, Self::Error>;

    /// Takes what the server has of what this device holds, in one transaction: it moves the
    /// acknowledged counts of all books and registers of the answer; a book that disagrees is
    /// marked as a fork and not sent. With the last answer of an audit, `finished` is the cursor
    /// from which to go on: kept in the same transaction.
    ///
    /// # Errors
    /// The store's own; then nothing was taken.
    fn apply_audit(
        &mut self,
        answer: &AuditResponse,
        finished: Option<&Cursor>,
    ) -> Result<(), Self::Error>;
}

/// What a device keeps of its session.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Session {
    /// The open session, if any.
    pub token: Option<Token>,
    /// What to sign when it has ended.
    pub challenge: Option<Challenge>,
    /// The newest generation of row columns that the server has announced; 0 before it has.
    pub columns: u16,
}

/// What there is to send.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outgoing {
    /// Entries, by book and in order.
    pub books: Vec<BookPart>,
    /// Register edits, by register and device, in order.
    pub edits: Vec<EditPart>,
    /// Certificates of the other devices among them.
    pub certificates: Vec<DeviceCertificate>,
    /// There is more than fitted.
    pub more: bool,
}

impl Outgoing {
    /// Whether there is nothing to send.
    pub fn is_empty(&self) -> bool {
        self.books.is_empty() && self.edits.is_empty()
    }

    /// The books that are sent, with the count that each reaches.
    pub fn reach(&self) -> impl Iterator<Item = (BookId, u32)> {
        self.books.iter().map(|part| (part.book, part.end()))
    }
}

/// What an answer brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Applied {
    /// Entries that are newly acknowledged.
    pub acknowledged: u32,
    /// Entries of other devices that are new here.
    pub entries: u32,
    /// Register edits of other devices that are new here.
    pub edits: u32,
    /// Own entries or edits that the server refused and that are now set aside.
    pub set_aside: u32,
}

/// What a device holds: a page of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Held {
    /// Books, sorted.
    pub books: Vec<HeldBook>,
    /// Register edits, sorted by register and device; they follow all the books.
    pub edits: Vec<HeldEdits>,
    /// There are more pages.
    pub more: bool,
}
