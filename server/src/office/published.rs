//! What the district has published, read from the log itself: the office decides by it inside the
//! transaction in which it publishes more.

use courtyard_core::domain::{Body, Clock, Entry, EntryHash, EntryId, Envelope, OperatorNo};
use courtyard_core::ledger::{Arrived, Published};
use courtyard_core::wire::limits::ENTRY_BYTES;

use super::publish::Stamp;
use super::{Office, OfficeError};
use crate::log::{Audience, LogError, Reads, Transaction};

/// A batch is sent whole, in one body; so one batch is kept far below what a body may hold.
const BATCH_BYTES: usize = 96 << 10;

/// Bytes of entries taken at a time.
const STEP_BYTES: usize = 1 << 20;

/// Folds the county's books.
///
/// # Errors
/// The log's error; [`LogError::Corrupt`] if it holds what is no entry.
pub fn published(reads: &dyn Reads) -> Result<Published, LogError> {
    let mut published = Published::default();
    let mut after = 0;
    loop {
        let batches = reads.batches_after(Audience::County, after, None, STEP_BYTES)?;
        let Some(last) = batches.last() else { return Ok(published) };
        after = last.number;
        for batch in &batches {
            let writer = reads.device(batch.book.device)?.ok_or_else(|| {
                LogError::Corrupt(format!("entries of the unknown device {}", batch.book.device))
            })?;
            for (bytes, position) in batch.entries.iter().zip(batch.start..) {
                let id = batch.book.entry_at(position);
                let entry = Entry::decode(bytes)
                    .map_err(|error| LogError::Corrupt(format!("{id}: {error}")))?;
                let (role, village) = (writer.certificate.role, writer.certificate.village);
                // The office numbers its own entries after the highest that did not jump.
                let hash = EntryHash::of(bytes);
                published.apply(&Arrived::new(id, hash, role, village, entry));
            }
        }
    }
}

/// Whether this body, as the county would write it, stays within the limit of an entry.
pub fn fits_an_entry(body: &Body, stamp: Stamp) -> bool {
    entry_bytes(body, stamp) <= ENTRY_BYTES.len()
}

fn entry_bytes(body: &Body, stamp: Stamp) -> usize {
    let envelope = Envelope {
        // As long as a Lamport number can be.
        lamport: u64::MAX,
        date: stamp.date,
        clock: Clock { wall_s: stamp.now_ms.div_euclid(1_000), uptime_s: 0 },
        entity: stamp.entity,
        operator: OperatorNo::new(0),
        reissue_of: None,
    };
    Entry { envelope, body: body.clone() }.encode().len()
}

impl Office {
    /// Writes many entries into the county's book, in batches that each fit one body.
    ///
    /// # Errors
    /// The log's error.
    pub fn publish_many(
        &mut self,
        tx: &mut dyn Transaction,
        bodies: &[Body],
        stamp: Stamp,
    ) -> Result<Vec<EntryId>, OfficeError> {
        let mut ids = Vec::with_capacity(bodies.len());
        let (mut batch, mut bytes) = (Vec::new(), 0_usize);
        for body in bodies {
            let more = entry_bytes(body, stamp);
            if !batch.is_empty() && bytes.saturating_add(more) > BATCH_BYTES {
                ids.extend(self.publish(tx, None, &batch, stamp)?);
                batch.clear();
                bytes = 0;
            }
            batch.push(body.clone());
            bytes = bytes.saturating_add(more);
        }
        ids.extend(self.publish(tx, None, &batch, stamp)?);
        Ok(ids)
    }
}
