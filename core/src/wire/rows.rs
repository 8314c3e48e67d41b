//! Entries and edits of one message, written together at its end.

use crate::document::Edit;
use crate::domain::DeviceNo;
use crate::wire::bytes::{Reader, Writer};
use crate::wire::error::WireError;
use crate::wire::limits;

/// The newest generation of row columns that this build reads and writes.
pub const COLUMNS: u16 = 1;

/// The rows of these entries and edits.
pub fn encode<'a>(
    entries: impl Iterator<Item = &'a [u8]>,
    edits: impl Iterator<Item = &'a Edit>,
) -> Vec<u8> {
    let mut w = Writer::new();
    for entry in entries {
        w.sized(entry);
    }
    for edit in edits {
        w.sized(&minicbor::to_vec(edit).unwrap_or_default());
    }
    w.finish()
}

/// Reads rows in the order in which they were written.
#[derive(Debug)]
pub struct RowReader<'a> {
    rest: Reader<'a>,
}

impl<'a> RowReader<'a> {
    /// Reads these rows.
    pub fn new(bytes: &'a [u8]) -> Self {
        RowReader { rest: Reader::new(bytes) }
    }

    /// The next entries.
    ///
    /// # Errors
    /// [`WireError`].
    pub fn entries(&mut self, count: usize) -> Result<Vec<Vec<u8>>, WireError> {
        (0..count).map(|_| Ok(self.rest.sized(&limits::ENTRY_BYTES)?.to_vec())).collect()
    }

    /// The next edits of a device, numbered from `first`.
    ///
    /// # Errors
    /// [`WireError`].
    pub fn edits(
        &mut self,
        device: DeviceNo,
        first: u32,
        count: usize,
    ) -> Result<Vec<Edit>, WireError> {
        let mut edits = Vec::new();
        for number in (first..).take(count) {
            let bytes = self.rest.sized(&limits::EDIT_BYTES)?;
            let edit: Edit = minicbor::decode(bytes)
                .map_err(|_| WireError::undecodable("an edit cannot be read"))?;
            if edit.device != device || edit.number != number {
                return Err(WireError::undecodable("an edit is out of turn"));
            }
            edits.push(edit);
        }
        Ok(edits)
    }

    /// Nothing may be left.
    ///
    /// # Errors
    /// [`WireError::Undecodable`] if something is.
    pub fn end(self) -> Result<(), WireError> {
        self.rest.end()
    }
}
