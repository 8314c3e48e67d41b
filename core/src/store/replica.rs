//! The store's half of a sync: what there is to send, and how an answer is taken, in one
//! transaction with its cursor.

use rusqlite::Transaction;

use crate::document::Signature;
use crate::domain::{Clock, DeviceNo};
use crate::sync::{Applied, Held, Outgoing, Replica, Session};
use crate::wire::{
    AuditResponse, BookPart, Challenge, Cursor, Door, HeldBook, HeldEdits, Refusal, Refused,
    SyncResponse, Token,
};

use super::Store;
use super::books::{self, BookRow};
use super::entries;
use super::error::StoreError;
use super::ingest::{Checked, FORK, Incoming, Ingest};
use super::meta;
use super::outgoing;
use super::parked::Part;
use super::registers::{self, Registers};
use super::set_aside::{self, SetAside};
use super::signer::Signer;
use super::verify::Trust;

/// A store together with the device that writes in it: what the sync engine speaks for.
#[derive(Debug)]
pub struct StoreReplica<'s> {
    store: &'s mut Store,
    signer: &'s Signer,
    now: Clock,
}

impl<'s> StoreReplica<'s> {
    /// The store of this device; the clock only dates "last sync".
    pub const fn new(store: &'s mut Store, signer: &'s Signer, now: Clock) -> Self {
        StoreReplica { store, signer, now }
    }
}

impl Replica for StoreReplica<'_> {
    type Error = StoreError;

    fn device(&self) -> DeviceNo {
        self.signer.device()
    }

    fn sign_challenge(&self, challenge: &Challenge) -> Result<Signature, StoreError> {
        Ok(self.signer.sign_challenge(&challenge.0))
    }

    fn session(&self) -> Result<Session, StoreError> {
        let connection = self.store.reader();
        let token: Option<[u8; 16]> = meta::get(connection, meta::name::TOKEN)?;
        let challenge: Option<Vec<u8>> = meta::get(connection, meta::name::CHALLENGE)?;
        Ok(Session {
            token: token.map(Token),
            challenge: challenge.map(Challenge),
            columns: meta::get(connection, meta::name::COLUMNS)?.unwrap_or(0),
        })
    }

    fn keep_session(&mut self, session: &Session) -> Result<(), StoreError> {
        self.store.write(|transaction, _| keep_session(transaction, session))
    }

    fn cursor(&self) -> Result<Cursor, StoreError> {
        meta::cursor(self.store.reader())
    }

    fn outgoing(&self, budget_bytes: usize) -> Result<Outgoing, StoreError> {
        let mut parcel = outgoing::Parcel::new(self.signer, &self.store.registers, budget_bytes);
        parcel.fill(self.store.reader())?;
        Ok(parcel.finish())
    }

    fn apply(&mut self, answer: &SyncResponse) -> Result<Applied, StoreError> {
        let trust = self.store.trusted()?.ok_or(StoreError::NotEnrolled)?;
        let (signer, now) = (self.signer, self.now);
        let applied = self.store.write(|transaction, registers| {
            let applied = apply(transaction, registers, signer, &trust, answer)?;
            if !answer.edits.is_empty() {
                registers.purge(transaction, Some(signer))?;
            }
            meta::set(transaction, meta::name::LAST_SYNC_S, now.wall_s)?;
            Ok(applied)
        })?;
        self.store.shred_if_due()?;
        Ok(applied)
    }

    fn held(&self, after: Option<&Held>, limit: usize) -> Result<Held, StoreError> {
        let connection = self.store.reader();
        let last_book = after.and_then(|held| held.books.last()).map(|held| held.book);
        let last_edits = after.and_then(|held| held.edits.last()).map(|h| (h.register, h.device));
        let mut page = Held::default();
        if last_edits.is_none() {
            let rest = books::all(connection)?.into_iter();
            page.books = rest
                .filter(|row| last_book.is_none_or(|last| row.book > last))
                .map(|row| HeldBook { book: row.book, count: row.tip.count, head: row.tip.head })
                .collect();
        }
        page.edits = registers::tips(connection)?
            .into_iter()
            .filter(|(id, device, _)| last_edits.is_none_or(|last| (*id, *device) > last))
            .map(|(register, device, tip)| HeldEdits { register, device, count: tip.count })
            .collect();
        page.more = page.books.len().saturating_add(page.edits.len()) > limit;
        page.edits.truncate(limit.saturating_sub(page.books.len()));
        page.books.truncate(limit);
        Ok(page)
    }

    fn apply_audit(
        &mut self,
        answer: &AuditResponse,
        finished: Option<&Cursor>,
    ) -> Result<(), StoreError> {
        self.store.write(|transaction, _| {
            for audited in &answer.books {
                if audited.agrees {
                    books::set_acknowledged(transaction, audited.book, audited.count)?;
                } else if let Some(row) = books::get(transaction, audited.book)? {
                    set_book_aside(transaction, &row, 0, FORK)?;
                }
            }
            for audited in &answer.edits {
                let (id, device) = (audited.register, audited.device);
                registers::set_acknowledged(transaction, id, device, audited.count)?;
            }
            finished.map_or(Ok(()), |cursor| meta::set_cursor(transaction, cursor))
        })
    }
}

pub(crate) fn keep_session(
    transaction: &Transaction<'_>,
    session: &Session,
) -> Result<(), StoreError> {
    match &session.token {
        Some(token) => meta::set(transaction, meta::name::TOKEN, token.0)?,
        None => meta::clear(transaction, meta::name::TOKEN)?,
    }
    match &session.challenge {
        Some(challenge) => meta::set(transaction, meta::name::CHALLENGE, &challenge.0)?,
        None => meta::clear(transaction, meta::name::CHALLENGE)?,
    }
    meta::set(transaction, meta::name::COLUMNS, session.columns)
}

fn apply(
    transaction: &Transaction<'_>,
    registers: &mut Registers,
    signer: &Signer,
    trust: &Trust,
    answer: &SyncResponse,
) -> Result<Applied, StoreError> {
    let mut applied = Applied::default();
    for &(book, count) in &answer.have {
        let Some(row) = books::get(transaction, book)? else { continue };
        if count > row.tip.count && book.device == signer.device() {
            // The server holds more of this phone's own book than the phone: its file was put back
            // to an older state. What it writes here now would be a fork.
            set_book_aside(transaction, &row, row.tip.count, RESTORED)?;
        }
        let newly = count.min(row.tip.count).saturating_sub(row.acknowledged);
        applied.acknowledged = applied.acknowledged.saturating_add(newly);
        books::set_acknowledged(transaction, book, count)?;
    }
    for &(id, device, count) in &answer.have_edits {
        registers::set_acknowledged(transaction, id, device, count)?;
    }
    for refusal in &answer.refused {
        let aside = refuse(transaction, registers, signer, refusal)?;
        applied.set_aside = applied.set_aside.saturating_add(aside);
    }
    let incoming =
        Incoming { certificates: &answer.certificates, books: &answer.books, edits: &answer.edits };
    let done = Ingest::new(transaction, trust, Checked::Here, registers)?.run(incoming)?;
    applied.entries = done.entries;
    applied.edits = done.edits;
    if let Some(token) = &answer.token {
        meta::set(transaction, meta::name::TOKEN, token.0)?;
    }
    if let Some(challenge) = &answer.challenge {
        meta::set(transaction, meta::name::CHALLENGE, &challenge.0)?;
    }
    meta::set(transaction, meta::name::COLUMNS, answer.columns)?;
    meta::set(transaction, meta::name::REVOKED, answer.upload_only)?;
    if answer.tails {
        meta::set(transaction, meta::name::TAILS_WANTED, true)?;
    }
    meta::set_cursor(transaction, &answer.cursor)?;
    Ok(applied)
}

/// The code of an own book of which the server holds more than the phone.
const RESTORED: &str = "sync.restored_phone";
/// The code of a refusal by a newer server, whose reason this build does not know.
const NEWER_REASON: &str = "sync.newer_reason";

/// Sets aside what the server refused: the number of own entries or edits.
fn refuse(
    transaction: &Transaction<'_>,
    registers: &mut Registers,
    signer: &Signer,
    refusal: &Refusal,
) -> Result<u32, StoreError> {
    let code = refusal.door().map_or(NEWER_REASON, Door::code);
    match refusal.what {
        Refused::Part { book, start } => {
            let Some(row) = books::get(transaction, book)? else { return Ok(0) };
            set_book_aside(transaction, &row, start, code)?;
            if refusal.door() == Some(Door::Fork) {
                // Up to here both hold the same; what follows is issued again under a new key.
                books::set_acknowledged(transaction, book, start)?;
            }
            Ok(row.tip.count.saturating_sub(start))
        }
        // Only its turn had not come: the acknowledged count says what to send.
        Refused::Edit { .. } if refusal.door() == Some(Door::EditOutOfTurn) => Ok(0),
        Refused::Edit { register, device, number } if device == signer.device() => {
            let item = matches!(
                refusal.door(),
                Some(Door::UndecodableItem | Door::ItemOverLimit | Door::BadSignature)
            );
            registers.refuse(transaction, signer, (register, number), code, item)
        }
        Refused::Edit { register, device, .. } => {
            // Another device's edit, sent again after a restore: kept, and not sent any more.
            registers::set_acknowledged(transaction, register, device, u32::MAX)?;
            Ok(0)
        }
    }
}

/// Keeps a book from being sent, with what is held of it as evidence.
fn set_book_aside(
    transaction: &Transaction<'_>,
    row: &BookRow,
    start: u32,
    code: &str,
) -> Result<(), StoreError> {
    books::block(transaction, row.book)?;
    let rest = row.tip.count.saturating_sub(start);
    let part = Part::Book(BookPart {
        book: row.book,
        start,
        entries: entries::bytes_from(transaction, row.book.entry_at(start), rest)?,
        signature: row.signature,
    });
    let (document, device, first) = part.place();
    let evidence = part.encode();
    set_aside::keep(
        transaction,
        &SetAside { document, device, first, code: code.to_owned(), evidence },
    )
}
