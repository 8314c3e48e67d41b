//! What the office writes itself: county and village entries, register edits.
//!
//! Every act reads counts and heads inside the log's transaction, so a second process may write to
//! the same log meanwhile.

use courtyard_core::document::{
    BOOK_ENTRIES, BookId, DeviceKey, DocumentId, HeadStatement, Register, Value, append,
};
use courtyard_core::domain::{
    Body, BusinessDate, Clock, EntityNo, Entry, EntryId, Envelope, OperatorNo, VillageNo,
};

use courtyard_core::wire::item;

use super::error::CommandError;
use super::{Office, OfficeError, actor, county};
use crate::log::{Device, LogError, NewBatch, NewEditBatch, Reads, Transaction};

/// Bytes of entries in one batch of the office: an answer must hold a whole one.
const BATCH_BYTES: usize = 96 * 1024;
/// Edits in one batch of the office, for the same reason.
const EDITS_PER_BATCH: usize = 100;

/// How many of these entries make a batch: at least one.
fn batch_length(entries: &[Vec<u8>]) -> usize {
    let mut size = 0_usize;
    let fitting = entries
        .iter()
        .take_while(|entry| {
            size = size.saturating_add(entry.len());
            size <= BATCH_BYTES
        })
        .count();
    fitting.max(1)
}

/// The first edition of a village's register.
pub const FIRST_EDITION: u32 = 0;

/// What stands on an entry of the office besides its body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// The business date.
    pub date: BusinessDate,
    /// On whose account.
    pub entity: EntityNo,
    /// The server's clock, in milliseconds since 1970-01-01 UTC.
    pub now_ms: i64,
    /// Who at the office; 0 is nobody by name: the server itself, or its administrator.
    pub operator: OperatorNo,
}

impl Stamp {
    /// Today by the server's clock, on the county's account.
    pub fn today(now_ms: i64) -> Self {
        let date = BusinessDate::at(now_ms.div_euclid(1_000));
        Stamp { date, entity: EntityNo::new(0), now_ms, operator: OperatorNo::new(0) }
    }
}

impl Office {
    /// Writes entries into the county's book, or into a village office's, and signs them.
    ///
    /// # Errors
    /// [`CommandError::NoVillage`] without such an office, or the log's error.
    pub fn publish(
        &mut self,
        tx: &mut dyn Transaction,
        village: Option<VillageNo>,
        bodies: &[Body],
        stamp: Stamp,
    ) -> Result<Vec<EntryId>, OfficeError> {
        let writer = tx
            .office_device(village)?
            .ok_or_else(|| CommandError::NoVillage(village.map_or(0, VillageNo::get)))?;
        let mut lamport = county(tx.reads())?.lamport;
        let mut entries = Vec::with_capacity(bodies.len());
        for body in bodies {
            lamport = lamport.saturating_add(1);
            let envelope = Envelope {
                lamport,
                date: stamp.date,
                clock: Clock { wall_s: stamp.now_ms.div_euclid(1_000), uptime_s: 0 },
                entity: stamp.entity,
                operator: stamp.operator,
                reissue_of: None,
            };
            let entry = Entry { envelope, body: body.clone() }.encode();
            // What no phone would take must not be signed.
            item::check(&entry)?;
            entries.push(entry);
        }
        let ids = self.write_entries(tx, &writer, entries, stamp.now_ms)?;
        tx.raise_lamport(writer.number(), lamport)?;
        Ok(ids)
    }

    /// The same with today's stamp.
    pub(super) fn publish_now(
        &mut self,
        tx: &mut dyn Transaction,
        village: Option<VillageNo>,
        bodies: &[Body],
        now_ms: i64,
    ) -> Result<Vec<EntryId>, OfficeError> {
        self.publish(tx, village, bodies, Stamp::today(now_ms))
    }

    /// Appends entries to the writer's books, a batch for each book that they touch.
    fn write_entries(
        &mut self,
        tx: &mut dyn Transaction,
        writer: &Device,
        mut entries: Vec<Vec<u8>>,
        now_ms: i64,
    ) -> Result<Vec<EntryId>, OfficeError> {
        let key = self.keys.device_key(writer.number());
        if key.public() != writer.public_key() {
            return Err(OfficeError::Document("the office key is another one's".to_owned()));
        }
        let mut ids = Vec::with_capacity(entries.len());
        let mut book = self.open_end(tx.reads(), writer)?;
        while !entries.is_empty() {
            let opening = self
                .opening(tx.reads(), writer, book)?
                .ok_or_else(|| OfficeError::Document(format!("{book} has no book before it")))?;
            let before = tx.tip(book)?.unwrap_or(opening);
            let room = usize::try_from(BOOK_ENTRIES.saturating_sub(before.count)).unwrap_or(0);
            let rest = entries.split_off(room.min(batch_length(&entries)));
            let mut tip = before;
            for entry in &entries {
                ids.push(book.entry_at(tip.count));
                tip = append(&tip, &actor(writer), entry)
                    .map_err(|e| OfficeError::Document(e.to_string()))?;
            }
            if !entries.is_empty() {
                let statement = HeadStatement {
                    district: *self.keys.district(),
                    device: writer.number(),
                    document: DocumentId::Book(book),
                    count: tip.count,
                    head: tip.head,
                };
                tx.append(&NewBatch {
                    book,
                    start: before.count,
                    entries: &entries,
                    signature: statement.sign(&key),
                    tip,
                    village: writer.certificate.village,
                    now_ms,
                })?;
            }
            entries = rest;
            if tip.count == BOOK_ENTRIES && !entries.is_empty() {
                book = book
                    .next()
                    .ok_or_else(|| OfficeError::Document("the device's books are full".into()))?;
            }
        }
        Ok(ids)
    }

    /// The book in which the device's next entry goes.
    fn open_end(&self, reads: &dyn Reads, writer: &Device) -> Result<BookId, LogError> {
        let mut book = BookId { device: writer.number(), number: 0 };
        if let Some(last) = reads.last_book(writer.number())? {
            book = last;
        }
        Ok(book)
    }

    /// Edits a village's register as the office, in its newest edition: one edit for each set of
    /// assignments, signed together.
    ///
    /// # Errors
    /// [`CommandError::NoVillage`] without such a village, or the log's error.
    pub fn edit_register(
        &mut self,
        tx: &mut dyn Transaction,
        village: VillageNo,
        edits: Vec<Vec<(String, Value)>>,
        now_ms: i64,
    ) -> Result<(), OfficeError> {
        let no_village = || CommandError::NoVillage(village.get());
        let writer = tx.office_device(Some(village))?.ok_or_else(no_village)?;
        let id = *tx.editions(village)?.last().ok_or_else(no_village)?;
        if edits.is_empty() {
            return Ok(());
        }
        let key = self.keys.device_key(writer.number());
        let (mut register, mut number) = self.registers.take(tx.reads(), id)?;
        let mut edits = edits.into_iter().peekable();
        while edits.peek().is_some() {
            let some = edits.by_ref().take(EDITS_PER_BATCH).collect();
            number = self.write_edits(tx, &writer, &key, &mut register, some, now_ms)?;
        }
        self.registers.keep(id, register, number);
        Ok(())
    }

    /// Appends edits as one batch, with the signature over the newest.
    fn write_edits(
        &self,
        tx: &mut dyn Transaction,
        writer: &Device,
        key: &DeviceKey,
        register: &mut Register,
        edits: Vec<Vec<(String, Value)>>,
        now_ms: i64,
    ) -> Result<u64, OfficeError> {
        let id = register.id();
        let mut written = Vec::with_capacity(edits.len());
        let mut newest = None;
        for assignments in edits {
            let (edit, head) = register
                .commit(writer.number(), &actor(writer), assignments)
                .map_err(|e| OfficeError::Document(e.to_string()))?;
            newest = Some((edit.number, head));
            written.push(edit);
        }
        let (count, head) =
            newest.ok_or_else(|| OfficeError::Document("an empty edit".to_owned()))?;
        let statement = HeadStatement {
            district: *self.keys.district(),
            device: writer.number(),
            document: DocumentId::Register(id),
            count,
            head,
        };
        let number = tx.append_edits(&NewEditBatch {
            register: id,
            device: writer.number(),
            edits: &written,
            head: Some(head),
            signature: statement.sign(key),
            now_ms,
        })?;
        Ok(number)
    }
}
