//! The audit: what a phone holds against what the log holds, by count and head.

use std::collections::BTreeMap;

use courtyard_core::domain::DeviceNo;
use courtyard_core::wire::{AuditRequest, AuditResponse, AuditedBook, AuditedEdits, HeldBook};

use super::{Office, OfficeError, county};
use crate::log::{Device, LogError, Reads};

impl Office {
    /// Compares. Where the log has less, the phone sends again what is missing; where heads differ
    /// at the smaller count, one of the two holds a fork.
    ///
    /// # Errors
    /// [`OfficeError`] as for a session, or the log's error.
    pub fn audit(
        &self,
        reads: &dyn Reads,
        request: &AuditRequest,
        now_ms: i64,
    ) -> Result<AuditResponse, OfficeError> {
        let who = self.authenticate(reads, &request.auth, now_ms)?;
        let mut known: BTreeMap<DeviceNo, Option<Device>> = BTreeMap::new();
        let mut books = Vec::with_capacity(request.books.len());
        for held in &request.books {
            let writer = match known.entry(held.book.device) {
                std::collections::btree_map::Entry::Occupied(found) => found.into_mut(),
                std::collections::btree_map::Entry::Vacant(gap) => {
                    gap.insert(reads.device(held.book.device)?)
                }
            };
            books.push(self.audit_book(reads, writer.as_ref(), &who.device, held)?);
        }
        let mut edits = Vec::with_capacity(request.edits.len());
        for held in &request.edits {
            let count = reads.edit_count(held.register, held.device)?;
            edits.push(AuditedEdits { register: held.register, device: held.device, count });
        }
        Ok(AuditResponse { epoch: county(reads)?.epoch, books, edits })
    }

    fn audit_book(
        &self,
        reads: &dyn Reads,
        writer: Option<&Device>,
        asks: &Device,
        held: &HeldBook,
    ) -> Result<AuditedBook, LogError> {
        let nothing = AuditedBook { book: held.book, count: 0, agrees: true };
        let Some(writer) = writer else { return Ok(nothing) };
        // A phone learns nothing about other villages, not even counts.
        let theirs = writer.certificate.village;
        if theirs.is_some() && theirs != asks.certificate.village {
            return Ok(nothing);
        }
        let Some(tip) = reads.tip(held.book)? else { return Ok(nothing) };
        let agrees = if held.count == tip.count {
            held.head == tip.head
        } else if held.count > tip.count {
            // Only the phone can derive its head at the smaller count; it compares what it sends.
            true
        } else {
            self.tip_at(reads, writer, held.book, held.count)?.head == held.head
        };
        Ok(AuditedBook { book: held.book, count: tip.count, agrees })
    }
}
