//! What is new for a phone: the county's books, its village's register, the other books of its
//! village; in answers that end where a signature stands.

use courtyard_core::domain::VillageNo;
use courtyard_core::domain::device::DeviceCertificate;
use courtyard_core::wire::{BookPart, Cursor, EditPart, SyncResponse, limits};

use super::cursor::Position;
use super::session::upload_only;
use super::{Office, OfficeError, county};
use crate::log::{Audience, Batch, Device, EditBatch, LogError, Reads};

/// Bytes of entries and edits before compression in one answer: below the limit of what a message
/// gives, and rows of purchases shrink to a tenth.
const ANSWER_BYTES: usize = 3 << 18;
/// Below this an answer is not made smaller: one batch is at most a book.
const LEAST_ANSWER_BYTES: usize = 1 << 10;

/// The receiving half of a sync.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pulled {
    /// The office's devices, if the phone's cursor is not of this epoch.
    pub certificates: Vec<DeviceCertificate>,
    /// New entries, in the order to apply them.
    pub books: Vec<BookPart>,
    /// New register edits, in the order to apply them.
    pub edits: Vec<EditPart>,
    /// Where the phone stands with them.
    pub cursor: Cursor,
    /// There is more.
    pub more: bool,
}

impl Office {
    /// What is new for this device.
    ///
    /// # Errors
    /// The log's error.
    pub fn pull(
        reads: &dyn Reads,
        device: &Device,
        cursor: &Cursor,
    ) -> Result<Pulled, OfficeError> {
        Self::pull_within(reads, device, cursor, ANSWER_BYTES)
    }

    /// Adds what is new for the device to an answer, made smaller until its bytes fit a body.
    ///
    /// # Errors
    /// The log's error.
    pub fn fill(
        reads: &dyn Reads,
        device: &Device,
        cursor: &Cursor,
        answer: &mut SyncResponse,
    ) -> Result<Vec<u8>, OfficeError> {
        let mut budget = ANSWER_BYTES;
        answer.tails = Self::tails_changed(reads, device, cursor)?;
        loop {
            let pulled = Self::pull_within(reads, device, cursor, budget)?;
            answer.certificates = pulled.certificates;
            answer.books = pulled.books;
            answer.edits = pulled.edits;
            answer.cursor = pulled.cursor;
            answer.more = pulled.more;
            let bytes = answer.encode();
            if bytes.len() <= limits::BODY_BYTES.len() || budget <= LEAST_ANSWER_BYTES {
                return Ok(bytes);
            }
            budget /= 2;
        }
    }

    /// Whether sealed numbers changed since this cursor. Before anything else is accepted after such
    /// a change, a device is told more than once; that costs it a question.
    fn tails_changed(
        reads: &dyn Reads,
        device: &Device,
        cursor: &Cursor,
    ) -> Result<bool, OfficeError> {
        let Some(changed) = reads.sealed_changed()? else { return Ok(false) };
        let position = Position::of(cursor, county(reads)?.epoch);
        Ok(!upload_only(device) && position.county <= changed)
    }

    fn pull_within(
        reads: &dyn Reads,
        device: &Device,
        cursor: &Cursor,
        budget: usize,
    ) -> Result<Pulled, OfficeError> {
        let county = county(reads)?;
        if upload_only(device) {
            return Ok(Pulled { cursor: cursor.clone(), ..Pulled::default() });
        }
        let mut pulled = Pulled::default();
        let village = device.certificate.village;
        let anew = cursor.epoch != county.epoch || cursor.position.is_empty();
        if anew {
            for office in [None, village] {
                if let Some(device) = reads.office_device(office)?
                    && !pulled.certificates.contains(&device.certificate)
                {
                    pulled.certificates.push(device.certificate);
                }
            }
        }
        if cursor.epoch != 0 && cursor.epoch != county.epoch {
            // The log was restored: the phone first compares what it holds (an audit), sends what
            // is missing here, and then takes everything from the beginning.
            pulled.cursor = Cursor { epoch: county.epoch, position: Vec::new() };
            return Ok(pulled);
        }
        let mut position = Position::of(cursor, county.epoch);
        if position.county.max(position.register).max(position.village) > county.last_number {
            position = Position::default();
        }
        let mut left = Room { bytes: budget };
        let mut whole = left.books(reads, device, Audience::County, &mut position, &mut pulled)?;
        if let Some(village) = village {
            whole = whole && left.edits(reads, device, village, &mut position, &mut pulled)?;
            let audience = Audience::Village(village);
            whole = whole && left.books(reads, device, audience, &mut position, &mut pulled)?;
        }
        if whole {
            let all = county.last_number;
            position = Position { county: all, register: all, village: all };
        }
        pulled.more = !whole;
        pulled.cursor = position.cursor(county.epoch);
        Ok(pulled)
    }
}

/// What may still be added to an answer.
struct Room {
    bytes: usize,
}

impl Room {
    /// Whether a batch of this size still goes in; the first always does, for it came in as one
    /// message too.
    fn takes(&mut self, pulled: &Pulled, size: usize) -> bool {
        let first = pulled.books.is_empty() && pulled.edits.is_empty();
        let parts = pulled.books.len() < limits::BOOK_PARTS.len()
            && pulled.edits.len() < limits::EDIT_PARTS.len();
        let fits = first || (parts && size <= self.bytes);
        self.bytes = if fits { self.bytes.saturating_sub(size) } else { 0 };
        fits
    }

    /// Adds a stream of books; whether it came to its end.
    fn books(
        &mut self,
        reads: &dyn Reads,
        device: &Device,
        audience: Audience,
        position: &mut Position,
        pulled: &mut Pulled,
    ) -> Result<bool, LogError> {
        let taken = match audience {
            Audience::County => &mut position.county,
            Audience::Village(_) => &mut position.village,
        };
        loop {
            if self.bytes == 0 {
                return Ok(false);
            }
            let batches =
                reads.batches_after(audience, *taken, Some(device.number()), self.bytes)?;
            if batches.is_empty() {
                return Ok(true);
            }
            for batch in batches {
                let size = batch.entries.iter().map(Vec::len).sum::<usize>();
                if !self.takes(pulled, size) {
                    return Ok(false);
                }
                *taken = batch.number;
                add_batch(&mut pulled.books, batch);
            }
        }
    }

    /// Adds the register's edits; whether they came to their end.
    fn edits(
        &mut self,
        reads: &dyn Reads,
        device: &Device,
        village: VillageNo,
        position: &mut Position,
        pulled: &mut Pulled,
    ) -> Result<bool, LogError> {
        loop {
            if self.bytes == 0 {
                return Ok(false);
            }
            let batches =
                reads.edits_after(village, position.register, Some(device.number()), self.bytes)?;
            if batches.is_empty() {
                return Ok(true);
            }
            for batch in batches {
                let size = batch.edits.iter().map(edit_size).sum::<usize>();
                if !self.takes(pulled, size) {
                    return Ok(false);
                }
                position.register = batch.number;
                add_edits(&mut pulled.edits, batch);
            }
        }
    }
}

fn edit_size(edit: &courtyard_core::document::Edit) -> usize {
    16 + 32 * edit.deps.len()
        + edit.assignments.iter().map(|(key, _)| key.len() + 24).sum::<usize>()
}

/// Adds a batch; it goes on in the part that its book already has, so that one signature is enough.
fn add_batch(parts: &mut Vec<BookPart>, batch: Batch) {
    let same = parts.iter_mut().rev().find(|part| part.book == batch.book);
    match same {
        Some(part) if part.end() == batch.start => {
            part.entries.extend(batch.entries);
            part.signature = batch.signature;
        }
        _ => parts.push(BookPart {
            book: batch.book,
            start: batch.start,
            entries: batch.entries,
            signature: batch.signature,
        }),
    }
}

/// Adds edits; only the last part may go on, because edits build on those of others.
fn add_edits(parts: &mut Vec<EditPart>, batch: EditBatch) {
    match parts.last_mut() {
        Some(part)
            if part.register == batch.register
                && part.device == batch.device
                && part.edits.len() + batch.edits.len() <= limits::EDITS_PER_PART.len() =>
        {
            part.edits.extend(batch.edits);
            part.signature = batch.signature;
        }
        _ => parts.push(EditPart {
            register: batch.register,
            device: batch.device,
            edits: batch.edits,
            signature: batch.signature,
        }),
    }
}
