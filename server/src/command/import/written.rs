//! What a village's office wrote before, read from the log: a file imported again changes nothing.

use courtyard_core::document::BookId;
use courtyard_core::domain::{Entry, EntryId, VillageNo};

use crate::log::{LogError, Reads};

/// Looks at every entry of a village's office, in order.
pub(super) fn each(
    reads: &dyn Reads,
    village: VillageNo,
    mut look: impl FnMut(EntryId, Entry),
) -> Result<(), LogError> {
    let Some(office) = reads.office_device(Some(village))? else { return Ok(()) };
    let Some(last) = reads.last_book(office.number())? else { return Ok(()) };
    for number in 0..=last.number {
        let book = BookId { device: office.number(), number };
        for batch in reads.book_batches(book, 0)? {
            for (bytes, position) in batch.entries.iter().zip(batch.start..) {
                let id = book.entry_at(position);
                let entry = Entry::decode(bytes)
                    .map_err(|error| LogError::Corrupt(format!("{id}: {error}")))?;
                look(id, entry);
            }
        }
    }
    Ok(())
}
