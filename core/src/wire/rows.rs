//! The rows of a message: all its entries and edits, written together at its end.
//!
//! An entry's fields are guessed from those before it, and an adaptive arithmetic coder writes how
//! the guesses missed; what follows from other fields costs almost nothing. Nothing is guessed from
//! outside the message, so any receiver can read it. What the columns do not hold exactly, byte for
//! byte, travels as its bytes: an unknown kind, a field added by a newer build, another spelling.

mod cbor;
mod coder;
mod edit;
mod entry;
mod kinds;
mod models;
mod prior;
mod side;
mod walk;

use crate::document::Edit;
use crate::domain::DeviceNo;
use crate::wire::error::WireError;
use crate::wire::limits;

use cbor::{Items, Unfit};
use coder::{BitReader, BitWriter, Bits};
use entry::{State, What};
use side::{Reading, Trying, Writing};

/// The newest generation of row columns that this build reads and writes.
pub const COLUMNS: u16 = 1;

/// The rows of these entries and edits.
pub fn encode<'a>(
    entries: impl Iterator<Item = &'a [u8]>,
    edits: impl Iterator<Item = &'a Edit>,
) -> Vec<u8> {
    let mut w = RowWriter::new();
    for entry in entries {
        w.item(What::Entry, entry);
    }
    for edit in edits {
        // Writing to memory cannot fail; an empty string would not read back as an edit.
        let bytes = minicbor::to_vec(edit).unwrap_or_default();
        w.item(What::Edit, &bytes);
    }
    w.bits.finish()
}

struct RowWriter {
    state: State,
    /// Learns nothing that counts: it only shows whether the columns fit.
    trial: State,
    bits: BitWriter,
}

impl RowWriter {
    fn new() -> Self {
        RowWriter { state: State::begin(), trial: State::begin(), bits: BitWriter::new() }
    }

    /// Writes one item by its columns if they give back exactly its bytes, else as its bytes.
    fn item(&mut self, what: What, bytes: &[u8]) {
        let items = Items::new(bytes);
        let trying = Trying { items: items.clone(), out: Vec::with_capacity(bytes.len()) };
        let fits = bytes.len() <= limits::ENTRY_BYTES.len()
            && self
                .trial
                .walk(what, trying)
                .is_ok_and(|tried| tried.items.is_at_end() && tried.out == bytes);
        if !self.bits.bit(!fits, &mut self.state.as_bytes.0) {
            // The trial took the same steps, so this one ends as well.
            let written = self.state.walk(what, Writing { items, bits: &mut self.bits });
            debug_assert!(written.is_ok(), "columns fit in trial only");
            return;
        }
        let length = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
        self.state.bytes_length.code(&mut self.bits, length);
        self.state.letters.code(&mut self.bits, Some(bytes), bytes.len());
    }
}

/// Reads rows in the order in which they were written.
#[derive(Debug)]
pub struct RowReader<'a> {
    state: Box<State>,
    bits: BitReader<'a>,
    inflated: usize,
}

impl<'a> RowReader<'a> {
    /// Reads these rows.
    pub fn new(bytes: &'a [u8]) -> Self {
        RowReader { state: Box::new(State::begin()), bits: BitReader::new(bytes), inflated: 0 }
    }

    /// The next entries.
    ///
    /// # Errors
    /// [`WireError::Undecodable`] if the rows hold no such entries; [`WireError::OverLimit`] if one
    /// is too long, or all together.
    pub fn entries(&mut self, count: usize) -> Result<Vec<Vec<u8>>, WireError> {
        let mut entries = Vec::with_capacity(count.min(limits::ENTRIES_PER_PART.len()));
        for _ in 0..count {
            entries.push(self.item(What::Entry)?);
        }
        Ok(entries)
    }

    /// The next edits of a device, numbered from `first`.
    ///
    /// # Errors
    /// As [`RowReader::entries`], [`WireError::Undecodable`] if an edit is another device's or out
    /// of turn, and [`WireError::OverLimit`] if it holds too much.
    pub fn edits(
        &mut self,
        device: DeviceNo,
        first: u32,
        count: usize,
    ) -> Result<Vec<Edit>, WireError> {
        let mut edits = Vec::with_capacity(count.min(limits::EDITS_PER_PART.len()));
        for number in (first..).take(count) {
            let bytes = self.item(What::Edit)?;
            let edit: Edit = minicbor::decode(&bytes)
                .map_err(|_| WireError::undecodable("an edit cannot be read"))?;
            if edit.device != device || edit.number != number {
                return Err(WireError::undecodable("an edit is out of turn"));
            }
            limits::DEPS_PER_EDIT.check_len(edit.deps.len())?;
            limits::ASSIGNMENTS_PER_EDIT.check_len(edit.assignments.len())?;
            edits.push(edit);
        }
        Ok(edits)
    }

    /// Nothing may be left.
    ///
    /// # Errors
    /// [`WireError::Undecodable`] if something is, or if the rows were cut.
    pub fn end(self) -> Result<(), WireError> {
        self.bits.end()
    }

    fn item(&mut self, what: What) -> Result<Vec<u8>, WireError> {
        let limit = match what {
            What::Entry => &limits::ENTRY_BYTES,
            What::Edit => &limits::EDIT_BYTES,
        };
        let bytes = if self.bits.bit(false, &mut self.state.as_bytes.0) {
            let length = self.state.bytes_length.code(&mut self.bits, 0);
            let length = usize::try_from(length)
                .map_err(|_| WireError::undecodable("an item has no length"))?;
            limit.check_len(length)?;
            self.state.letters.code(&mut self.bits, None, length)
        } else {
            let out = Vec::with_capacity(64);
            match self.state.walk(what, Reading { out, bits: &mut self.bits }) {
                Ok(reading) => reading.out,
                Err(Unfit) => {
                    return Err(WireError::undecodable("the rows hold what no item is"));
                }
            }
        };
        if self.bits.overrun() {
            return Err(WireError::undecodable("the rows are cut short"));
        }
        limit.check_len(bytes.len())?;
        self.inflated = self.inflated.saturating_add(bytes.len());
        limits::INFLATED_BYTES.check_len(self.inflated)?;
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod train;
