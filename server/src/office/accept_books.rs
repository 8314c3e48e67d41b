//! Parts of books at the door: duplicates skipped, forks set aside, the rest derived, checked
//! against the signature and appended.

use courtyard_core::document::{
    BOOK_ENTRIES, BookId, BookTip, DocumentId, HeadStatement, append, open_book,
};
use courtyard_core::domain::Entry;
use courtyard_core::wire::{BookPart, Door, Refusal, Refused, WireError, item, limits};

use super::accept::{Accepted, evidence};
use super::{Office, OfficeError, actor, signed};
use crate::log::{Device, LogError, NewBatch, Reads, Transaction, blob};

impl Office {
    /// Takes a part of a book that `writer` wrote.
    pub(super) fn accept_book(
        &mut self,
        tx: &mut dyn Transaction,
        writer: &Device,
        part: &BookPart,
        now_ms: i64,
        accepted: &mut Accepted,
    ) -> Result<(), OfficeError> {
        let mut refuse = |start: u32, door: Door| {
            let what = Refused::Part { book: part.book, start };
            accepted.refused.push(Refusal::new(what, door));
            Ok(())
        };
        let Some(start) = self.opening(tx.reads(), writer, part.book)? else {
            // The book before it is not full: `have` tells the sender what to send first.
            return Ok(());
        };
        let have = tx.tip(part.book)?.unwrap_or(start);
        if part.start > have.count {
            return Ok(());
        }
        let known = usize::try_from(have.count - part.start).unwrap_or(usize::MAX);
        let (again, new) = part.entries.split_at(known.min(part.entries.len()));
        if let Some(differs) = first_difference(tx.reads(), part, again)? {
            let forked = part.start.saturating_add(differs);
            let tip = self.tip_at(tx.reads(), writer, part.book, forked)?;
            let skip = usize::try_from(differs).unwrap_or(usize::MAX);
            if !self.holds(writer, part, tip, skip) {
                return refuse(part.start, Door::BadSignature);
            }
            tx.put_aside(&evidence(
                writer.number(),
                Door::Fork,
                part.book.to_string(),
                fork_evidence(part, skip)?,
                now_ms,
            ))?;
            return refuse(forked, Door::Fork);
        }
        if new.is_empty() {
            return Ok(());
        }
        let mut lamport = writer.lamport;
        for entry in new {
            match item::check(entry) {
                Ok(()) => {}
                Err(WireError::OverLimit { .. }) => return refuse(part.start, Door::ItemOverLimit),
                Err(_) => return refuse(part.start, Door::UndecodableItem),
            }
            match Entry::decode(entry) {
                Ok(entry) => lamport = highest(lamport, entry.envelope.lamport),
                Err(_) => return refuse(part.start, Door::UndecodableItem),
            }
        }
        let Some(tip) = self.extend(writer, have, new) else {
            return refuse(part.start, Door::UndecodableItem);
        };
        if !signed(writer, &self.statement(writer, part.book, tip), &part.signature) {
            return refuse(part.start, Door::BadSignature);
        }
        tx.append(&NewBatch {
            book: part.book,
            start: have.count,
            entries: new,
            signature: part.signature,
            tip,
            village: writer.certificate.village,
            now_ms,
        })?;
        tx.raise_lamport(writer.number(), lamport)?;
        accepted.entries += new.len();
        Ok(())
    }

    /// The tip of a book before its first entry; `None` if the book before it is not full.
    pub(super) fn opening(
        &self,
        reads: &dyn Reads,
        writer: &Device,
        book: BookId,
    ) -> Result<Option<BookTip>, LogError> {
        let previous = match book.number.checked_sub(1) {
            None => None,
            Some(number) => match reads.tip(BookId { device: book.device, number })? {
                Some(tip) if tip.count == BOOK_ENTRIES => Some(tip.head),
                _ => return Ok(None),
            },
        };
        Ok(Some(open_book(self.keys.district(), &actor(writer), book, previous)))
    }

    /// The tip after so many entries of a book, derived anew from what the log holds.
    pub(super) fn tip_at(
        &self,
        reads: &dyn Reads,
        writer: &Device,
        book: BookId,
        count: u32,
    ) -> Result<BookTip, LogError> {
        let corrupt = || LogError::Corrupt(format!("{book} cannot be derived to {count}"));
        let mut tip = self.opening(reads, writer, book)?.ok_or_else(corrupt)?;
        for batch in reads.book_batches(book, 0)? {
            for entry in &batch.entries {
                if tip.count == count {
                    return Ok(tip);
                }
                tip = append(&tip, &actor(writer), entry).map_err(|_| corrupt())?;
            }
        }
        if tip.count == count { Ok(tip) } else { Err(corrupt()) }
    }

    fn extend(&self, writer: &Device, tip: BookTip, entries: &[Vec<u8>]) -> Option<BookTip> {
        let actor = actor(writer);
        entries.iter().try_fold(tip, |tip, entry| append(&tip, &actor, entry).ok())
    }

    fn statement(&self, writer: &Device, book: BookId, tip: BookTip) -> HeadStatement {
        HeadStatement {
            district: *self.keys.district(),
            device: writer.number(),
            document: DocumentId::Book(book),
            count: tip.count,
            head: tip.head,
        }
    }

    /// Whether the part's signature holds over the chain that goes on from `tip` with the part's
    /// entries after the first `skip`.
    fn holds(&self, writer: &Device, part: &BookPart, tip: BookTip, skip: usize) -> bool {
        part.entries.get(skip..).and_then(|entries| self.extend(writer, tip, entries)).is_some_and(
            |tip| signed(writer, &self.statement(writer, part.book, tip), &part.signature),
        )
    }
}

/// The highest Lamport number that did not jump over the one before it.
pub(super) fn highest(before: u64, lamport: u64) -> u64 {
    if lamport <= before.saturating_add(limits::LAMPORT_JUMP.value) {
        before.max(lamport)
    } else {
        before
    }
}

/// The place, within `again`, of the first entry that differs from what the log holds.
fn first_difference(
    reads: &dyn Reads,
    part: &BookPart,
    again: &[Vec<u8>],
) -> Result<Option<u32>, LogError> {
    if again.is_empty() {
        return Ok(None);
    }
    let mut place = part.start;
    for batch in reads.book_batches(part.book, part.start)? {
        for (stored, number) in batch.entries.iter().zip(batch.start..) {
            if number < place {
                continue;
            }
            let at = place - part.start;
            match usize::try_from(at).ok().and_then(|at| again.get(at)) {
                None => return Ok(None),
                Some(sent) if sent != stored => return Ok(Some(at)),
                Some(_) => place += 1,
            }
        }
    }
    Ok(None)
}

/// What is kept of a fork: where it begins, its signature, its entries.
fn fork_evidence(part: &BookPart, skip: usize) -> Result<Vec<u8>, LogError> {
    let entries = part.entries.get(skip..).unwrap_or_default();
    let start = part.start.saturating_add(u32::try_from(skip).unwrap_or(u32::MAX));
    let mut out = minicbor::Encoder::new(Vec::new());
    out.array(3)
        .and_then(|e| e.u32(start))
        .and_then(|e| e.bytes(&part.signature.0))
        .and_then(|e| e.bytes(&blob::pack(entries)))
        .map_err(|e| LogError::Corrupt(e.to_string()))?;
    Ok(out.into_writer())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lamport_number_that_jumps_is_not_taken_over() {
        let limit = limits::LAMPORT_JUMP.value;
        assert_eq!(highest(5, 3), 5);
        assert_eq!(highest(5, 5 + limit), 5 + limit);
        assert_eq!(highest(5, 6 + limit), 5);
        assert_eq!(highest(u64::MAX, u64::MAX), u64::MAX);
    }
}
