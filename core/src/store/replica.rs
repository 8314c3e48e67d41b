//! The store's half of a sync: what there is to send, and how an answer is taken, in one
//! transaction with its cursor.

use rusqlite::{Connection, Transaction};

use crate::document::{self, BookTip, DocumentId, RegisterId, Signature};
use crate::domain::{Clock, DeviceNo};
use crate::sync::{Applied, Held, Outgoing, Replica, Session};
use crate::wire::{
    AuditResponse, BookPart, Challenge, Cursor, Door, EditPart, HeldBook, HeldEdits, Refusal,
    Refused, SyncResponse, Token,
};

use super::Store;
use super::books::{self, BookRow};
use super::certificates;
use super::entries;
use super::error::StoreError;
use super::ingest::{Checked, FORK, Incoming, Ingest};
use super::meta;
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
        let mut parcel =
            Parcel { signer: self.signer, left: budget_bytes, out: Outgoing::default() };
        parcel.fill(self.store.reader())?;
        Ok(parcel.out)
    }

    fn apply(&mut self, answer: &SyncResponse) -> Result<Applied, StoreError> {
        let trust = self.store.trusted()?.ok_or(StoreError::NotEnrolled)?;
        let (signer, now) = (self.signer, self.now);
        self.store.write(|transaction, registers| {
            let applied = apply(transaction, registers, signer, &trust, answer)?;
            meta::set(transaction, meta::name::LAST_SYNC_S, now.wall_s)?;
            Ok(applied)
        })
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
    let done = Ingest::new(transaction, trust, Checked::Here, registers).run(incoming)?;
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

/// What is to be sent, as far as it fits.
struct Parcel<'p> {
    signer: &'p Signer,
    left: usize,
    out: Outgoing,
}

impl Parcel<'_> {
    /// Own books and edits first; then what is kept of others and the server has lost.
    fn fill(&mut self, connection: &Connection) -> Result<(), StoreError> {
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
        let mut edits = registers::of_device(connection, register, device, first)?;
        let mut fit = 0_usize;
        for edit in &edits {
            let size = size_of(edit);
            let first_of_all = fit == 0 && self.out.is_empty();
            if size > self.left && !first_of_all {
                self.out.more = true;
                break;
            }
            self.left = self.left.saturating_sub(size);
            fit = fit.saturating_add(1);
        }
        let whole = fit == edits.len();
        edits.truncate(fit);
        let Some(last) = edits.last() else { return Ok(()) };
        let signature = if whole {
            tip.signature
        } else {
            let head = registers::head_of(connection, register, self.signer.actor(), last.number)?;
            self.signer.sign_head(DocumentId::Register(register), last.number, head)
        };
        self.out.edits.push(EditPart { register, device, edits, signature });
        Ok(())
    }

    fn certificate(&mut self, connection: &Connection, device: DeviceNo) -> Result<(), StoreError> {
        if self.out.certificates.iter().any(|certificate| certificate.device == device) {
            return Ok(());
        }
        self.out.certificates.extend(certificates::of(connection, device)?);
        Ok(())
    }
}

fn size_of(edit: &document::Edit) -> usize {
    minicbor::to_vec(edit).map_or(0, |bytes| bytes.len())
}
