//! What a device writes, in one transaction: entries, register edits, import keys, drafts.

use rusqlite::{Connection, Transaction};

use crate::document::{RegisterId, Value};
use crate::domain::{Clock, DeviceNo, EntryId, VillageNo};

use super::Store;
use super::books;
use super::catalogue::StoreCatalogue;
use super::drafts;
use super::entries;
use super::error::StoreError;
use super::import_keys::{self, ImportKey};
use super::project::Projector;
use super::registers::Registers;
use super::signer::{self, NewEntry, Saved, Signer};

/// An error of a piece of work that may come from a full disk: the reserve is then given up and the
/// work done once more.
pub trait WorkError: From<StoreError> {
    /// Whether no room was left.
    fn is_full(&self) -> bool;
}

impl WorkError for StoreError {
    fn is_full(&self) -> bool {
        matches!(self, StoreError::Full)
    }
}

/// Writing of one device within one transaction.
pub struct Work<'w> {
    transaction: &'w Transaction<'w>,
    registers: &'w mut Registers,
    signer: &'w Signer,
    projector: Projector,
}

impl Store {
    /// Does a piece of writing: every entry, edit and key of it is on disk when this returns, or
    /// none. When the disk is full, the reserve is given up and `work` is called once more.
    ///
    /// # Errors
    /// What `work` gives, or the store's own; then nothing was saved.
    pub fn work<T, E: WorkError>(
        &mut self,
        signer: &Signer,
        mut work: impl FnMut(&mut Work<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut failed: Option<E> = None;
        let done = self.write(|transaction, registers| {
            let projector = Projector::new(registers.rulings.current(transaction)?);
            let mut open = Work { transaction, registers, signer, projector };
            match work(&mut open) {
                Ok(value) => {
                    if let Some(district) = open.projector.finish(transaction)? {
                        open.registers.rulings.keep(district);
                    }
                    Ok(value)
                }
                Err(error) => {
                    let full = error.is_full();
                    failed = Some(error);
                    Err(if full { StoreError::Full } else { StoreError::inconsistent("given up") })
                }
            }
        });
        match (done, failed) {
            (Ok(value), _) => Ok(value),
            (Err(StoreError::Inconsistent { .. } | StoreError::Full), Some(error)) => Err(error),
            (Err(error), _) => Err(error.into()),
        }
    }
}

impl Work<'_> {
    /// Saves an entry: its row, the book's new head and signature, and what follows from it.
    ///
    /// # Errors
    /// The store's own. So for every method.
    pub fn save(&mut self, new: NewEntry) -> Result<Saved, StoreError> {
        signer::save(self.transaction, self.signer, &mut self.projector, new)
    }

    /// The entry that this row of an imported file became, if it was imported before.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `save`")]
    pub fn imported(&self, key: &ImportKey) -> Result<Option<EntryId>, StoreError> {
        import_keys::entry_of(self.transaction, key)
    }

    /// Keeps which entry a row of an imported file became.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `save`")]
    pub fn keep_import(&mut self, key: &ImportKey, entry: EntryId) -> Result<(), StoreError> {
        import_keys::keep(self.transaction, key, entry)
    }

    /// Edits the newest edition of a village's register. Answers the edit's number; `None` if it
    /// changes nothing.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `save`")]
    pub fn edit(
        &mut self,
        village: VillageNo,
        assignments: Vec<(String, Value)>,
    ) -> Result<Option<u32>, StoreError> {
        let id = self.registers.current(self.transaction, village)?;
        self.registers.commit(self.transaction, self.signer, id, assignments)
    }

    /// The newest edition of a village's register, to read.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `save`")]
    pub fn register(
        &mut self,
        village: VillageNo,
    ) -> Result<&crate::document::Register, StoreError> {
        let id: RegisterId = self.registers.current(self.transaction, village)?;
        Ok(self.registers.at(self.transaction, id)?)
    }

    /// The store as the desk sees it, with what this work has written so far.
    pub fn catalogue(&self) -> StoreCatalogue<'_> {
        StoreCatalogue::new(self.transaction)
    }

    /// What the clocks said at this device's last entry.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `save`")]
    pub fn last_clock(&self) -> Result<Option<Clock>, StoreError> {
        last_clock(self.transaction, self.signer.device())
    }

    /// Keeps a draft under this name.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `save`")]
    pub fn keep_draft(&mut self, name: &str, bytes: &[u8]) -> Result<(), StoreError> {
        drafts::put(self.transaction, name, bytes)
    }

    /// Removes a draft: its slip is saved, or given up.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `save`")]
    pub fn remove_draft(&mut self, name: &str) -> Result<(), StoreError> {
        drafts::remove(self.transaction, name)
    }
}

/// What the clocks said at a device's last entry.
pub(crate) fn last_clock(
    connection: &Connection,
    device: DeviceNo,
) -> Result<Option<Clock>, StoreError> {
    let Some(newest) = books::newest(connection, device)? else { return Ok(None) };
    let Some(last) = newest.tip.count.checked_sub(1) else { return Ok(None) };
    let stored = entries::get(connection, newest.book.entry_at(last))?;
    Ok(stored.map(|stored| stored.arrived.entry.envelope.clock))
}
