//! The log: the only storage contract of a server node.
//!
//! It holds what was accepted (batches of canonical entries with their signatures, register edits),
//! and what cannot be derived from it (devices, sessions, invitations, users, acts, what was set
//! aside). Everything else a node shows is a projection. A backend implements [`Log`] and passes
//! the suite of [`conformance`].

pub mod blob;
mod card;
pub mod conformance;
mod people;
mod records;
mod schema;
pub mod sqlite;

pub use card::Card;
pub use people::{
    Act, Invitation, NumberKind, NumberOf, PageSession, PageUser, SealedNumber, Session, User,
};
pub use records::{
    Batch, County, Device, DeviceState, EditBatch, NewBatch, NewEditBatch, SetAside,
};

use courtyard_core::document::{BookId, BookTip, RegisterId};
use courtyard_core::domain::{DeviceNo, GrowerId, Month, VillageNo};

/// Why the log could not answer. None of these texts reaches a client.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The database refused.
    #[error("the log's database: {0}")]
    Database(#[from] rusqlite::Error),
    /// Its schema could not be brought up to date.
    #[error("the log's schema: {0}")]
    Schema(#[from] rusqlite_migration::Error),
    /// What is stored cannot be read back.
    #[error("the log holds what it cannot read: {0}")]
    Corrupt(String),
    /// A condition of an append did not hold; nothing was written.
    #[error("the log moved: {0}")]
    Moved(&'static str),
}

/// Whose entries a reader asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// The county's own books, which everybody reads.
    County,
    /// The books of one village: its phones and its office device.
    Village(VillageNo),
}

/// A consistent view of the log.
pub trait Reads {
    /// Who the county is and where its counters stand; `None` before its first start.
    fn county(&self) -> Result<Option<County>, LogError>;

    /// The device with this number.
    fn device(&self, device: DeviceNo) -> Result<Option<Device>, LogError>;

    /// Every device, by number.
    fn devices(&self) -> Result<Vec<Device>, LogError>;

    /// When this device last spoke to the server, to the hour; `None` if it never has.
    fn heard_ms(&self, device: DeviceNo) -> Result<Option<i64>, LogError>;

    /// The office's own device in use for a village, or for the county.
    fn office_device(&self, village: Option<VillageNo>) -> Result<Option<Device>, LogError>;

    /// Count and head of a book; `None` if it has no entry yet.
    fn tip(&self, book: BookId) -> Result<Option<BookTip>, LogError>;

    /// The newest book of a device; `None` if it has written nothing.
    fn last_book(&self, device: DeviceNo) -> Result<Option<BookId>, LogError>;

    /// Every book with its tip, by device and number.
    fn tips(&self) -> Result<Vec<(BookId, BookTip)>, LogError>;

    /// The batches of a book that hold entries at or beyond this position, in order.
    fn book_batches(&self, book: BookId, from: u32) -> Result<Vec<Batch>, LogError>;

    /// Accepted batches after this number, in commit order, until their entries exceed `max_bytes`
    /// (at least one comes, if there is one). Those of `except` are left out.
    fn batches_after(
        &self,
        audience: Audience,
        after: u64,
        except: Option<DeviceNo>,
        max_bytes: usize,
    ) -> Result<Vec<Batch>, LogError>;

    /// Accepted batches of every audience after this number, in commit order, until `max_bytes`.
    fn all_batches_after(&self, after: u64, max_bytes: usize) -> Result<Vec<Batch>, LogError>;

    /// The editions of a village's register that are kept, the newest last.
    fn editions(&self, village: VillageNo) -> Result<Vec<RegisterId>, LogError>;

    /// Every register edition that is kept.
    fn registers(&self) -> Result<Vec<RegisterId>, LogError>;

    /// How many edits of this device this edition has.
    fn edit_count(&self, register: RegisterId, device: DeviceNo) -> Result<u32, LogError>;

    /// Every (edition, device) with its number of edits.
    fn edit_counts(&self) -> Result<Vec<(RegisterId, DeviceNo, u32)>, LogError>;

    /// Accepted edits of one edition after this number, in commit order.
    fn register_edits_after(
        &self,
        register: RegisterId,
        after: u64,
    ) -> Result<Vec<EditBatch>, LogError>;

    /// Accepted edits for a village after this number, in commit order, until `max_bytes`.
    fn edits_after(
        &self,
        village: VillageNo,
        after: u64,
        except: Option<DeviceNo>,
        max_bytes: usize,
    ) -> Result<Vec<EditBatch>, LogError>;

    /// Accepted edits of every village after this number, in commit order, until `max_bytes`.
    fn all_edits_after(&self, after: u64, max_bytes: usize) -> Result<Vec<EditBatch>, LogError>;

    /// Edits that wait for others, oldest first.
    fn parked(&self, register: RegisterId) -> Result<Vec<EditBatch>, LogError>;

    /// What was set aside, oldest first.
    fn set_aside(&self) -> Result<Vec<SetAside>, LogError>;

    /// The session behind this token's hash.
    fn session(&self, token_hash: &[u8; 32]) -> Result<Option<Session>, LogError>;

    /// The session of a reader of pages behind this token's hash.
    fn page_session(&self, token_hash: &[u8; 32]) -> Result<Option<PageSession>, LogError>;

    /// The invitation behind this code's hash.
    fn invitation(&self, code_hash: &[u8; 32]) -> Result<Option<Invitation>, LogError>;

    /// The user with this name.
    fn user(&self, name: &str) -> Result<Option<User>, LogError>;

    /// Every user, by name.
    fn users(&self) -> Result<Vec<User>, LogError>;

    /// The household's card behind this token's hash, revoked or not.
    fn card(&self, token_hash: &[u8; 32]) -> Result<Option<Card>, LogError>;

    /// Every card of a household, or of all, by household and the time of issue.
    fn cards(&self, grower: Option<GrowerId>) -> Result<Vec<Card>, LogError>;

    /// What people did, the newest first, at most `limit`.
    ///
    /// # Errors
    /// The storage's own.
    fn acts(&self, limit: u32) -> Result<Vec<Act>, LogError> {
        Ok(self.acts_before(None, None, limit)?.into_iter().map(|(_, act)| act).collect())
    }

    /// The same with their numbers: those before this number, or the newest; of one actor, or of all.
    fn acts_before(
        &self,
        before: Option<u64>,
        actor: Option<&str>,
        limit: u32,
    ) -> Result<Vec<(u64, Act)>, LogError>;

    /// The public part of the key that ID and bank numbers are sealed to; `None` before the first.
    fn sealing_key(&self) -> Result<Option<[u8; 32]>, LogError>;

    /// The sealed numbers of a household, or of all, in the order of [`NumberOf`].
    fn sealed_numbers(&self, grower: Option<GrowerId>) -> Result<Vec<SealedNumber>, LogError>;

    /// The county's last number when a sealed number was last written or removed; `None` if none
    /// ever was.
    fn sealed_changed(&self) -> Result<Option<u64>, LogError>;

    /// The canonical statements that a village's close of a month kept, by grower; none if the
    /// month is not closed.
    fn closed_statements(
        &self,
        village: VillageNo,
        month: Month,
    ) -> Result<Vec<(GrowerId, Vec<u8>)>, LogError>;
}

/// One write transaction: it sees its own writes, and nobody else writes while it is open.
pub trait Transaction: Reads {
    /// Writes the county's record; the first time it creates it.
    fn put_county(&mut self, county: &County) -> Result<(), LogError>;

    /// Writes a device's record.
    fn put_device(&mut self, device: &Device) -> Result<(), LogError>;

    /// Notes that a device spoke; an earlier time changes nothing.
    fn hear(&mut self, device: DeviceNo, now_ms: i64) -> Result<(), LogError>;

    /// Notes the highest Lamport number that a device has written, and so the county's.
    fn raise_lamport(&mut self, device: DeviceNo, lamport: u64) -> Result<(), LogError>;

    /// Appends a batch at the end of its book and returns the number it was given.
    ///
    /// # Errors
    /// [`LogError::Moved`] if the book's count is not `batch.start`.
    fn append(&mut self, batch: &NewBatch<'_>) -> Result<u64, LogError>;

    /// Opens a register edition.
    fn open_edition(&mut self, register: RegisterId, now_ms: i64) -> Result<(), LogError>;

    /// Appends accepted edits of one device and returns the number they were given.
    ///
    /// # Errors
    /// [`LogError::Moved`] if they do not follow this device's last edit of the edition.
    fn append_edits(&mut self, edits: &NewEditBatch<'_>) -> Result<u64, LogError>;

    /// Removes an edition with all its edits, parked ones too: they are really gone.
    fn erase_edition(&mut self, register: RegisterId) -> Result<(), LogError>;

    /// Keeps edits that wait for others, in place of those of the same device that waited before:
    /// a phone sends again all that was not accepted.
    fn park(&mut self, edits: &NewEditBatch<'_>) -> Result<(), LogError>;

    /// Removes parked edits, now accepted or refused.
    fn unpark(&mut self, number: u64) -> Result<(), LogError>;

    /// Keeps evidence of what was not accepted; the same evidence twice is kept once.
    fn put_aside(&mut self, set_aside: &SetAside) -> Result<(), LogError>;

    /// Writes a session.
    fn put_session(&mut self, session: &Session) -> Result<(), LogError>;

    /// Removes sessions that expired before this time.
    fn prune_sessions(&mut self, now_ms: i64) -> Result<(), LogError>;

    /// Removes every session, or those of one device.
    fn end_sessions(&mut self, device: Option<DeviceNo>) -> Result<(), LogError>;

    /// Writes a session of a reader of pages, and removes those that ended before this time.
    fn put_page_session(&mut self, session: &PageSession, now_ms: i64) -> Result<(), LogError>;

    /// Removes one session of a reader of pages.
    fn end_page_session(&mut self, token_hash: &[u8; 32]) -> Result<(), LogError>;

    /// Removes every session of readers of pages, or those of one.
    fn end_page_sessions(&mut self, of: Option<&PageUser>) -> Result<(), LogError>;

    /// Writes an invitation.
    fn put_invitation(&mut self, invitation: &Invitation) -> Result<(), LogError>;

    /// Writes a user.
    fn put_user(&mut self, user: &User) -> Result<(), LogError>;

    /// Writes a household's card, in place of what was written under its token.
    ///
    /// # Errors
    /// The database's, if the household has another card that is not revoked.
    fn put_card(&mut self, card: &Card) -> Result<(), LogError>;

    /// Removes every card of a household; how many there were.
    fn erase_cards(&mut self, grower: GrowerId) -> Result<usize, LogError>;

    /// Adds to the list of what people did.
    fn put_act(&mut self, act: &Act) -> Result<(), LogError>;

    /// Writes the public part of the sealing key, in place of the one before.
    fn put_sealing_key(&mut self, public: &[u8; 32]) -> Result<(), LogError>;

    /// Writes a sealed number, in place of the one before, which is then really gone.
    fn put_sealed(&mut self, number: &SealedNumber) -> Result<(), LogError>;

    /// Removes one sealed number of a household, or all of them; how many there were.
    fn erase_sealed(&mut self, grower: GrowerId, only: Option<NumberOf>)
    -> Result<usize, LogError>;

    /// Keeps a grower's canonical statement of a closed month.
    ///
    /// # Errors
    /// [`LogError::Moved`] if one is kept already: a closed statement never changes.
    fn put_closed_statement(
        &mut self,
        village: VillageNo,
        month: Month,
        grower: GrowerId,
        bytes: &[u8],
    ) -> Result<(), LogError>;

    /// Marks a point to which [`undo`](Self::undo) returns; marks do not nest.
    fn mark(&mut self) -> Result<(), LogError>;

    /// Keeps what was done since the mark.
    fn keep(&mut self) -> Result<(), LogError>;

    /// Takes back what was done since the mark.
    fn undo(&mut self) -> Result<(), LogError>;

    /// The same transaction as a reader.
    fn reads(&self) -> &dyn Reads;

    /// Makes everything durable; dropping the transaction instead takes everything back.
    fn commit(self: Box<Self>) -> Result<(), LogError>;
}

/// A county's log.
pub trait Log: Send {
    /// Begins the one write transaction; waits for another process that is writing.
    fn begin(&mut self) -> Result<Box<dyn Transaction + '_>, LogError>;

    /// A consistent view for reading; it stays at one state until dropped.
    fn read(&mut self) -> Result<Box<dyn Reads + '_>, LogError>;
}
