//! The store: one SQLite file with the truth of a device and what follows from it.
//!
//! Truth (entries, edits, certificates, what the server has) and projections (slips, balances,
//! growers) lie in tables apart; projections can be dropped and rebuilt to identical rows. A save is
//! one transaction. Phones keep their own entries here; a server node keeps its view of the log in
//! the same tables, by the same functions.

mod books;
mod catalogue;
mod certificates;
mod counts;
mod digest;
mod drafts;
mod entries;
mod error;
mod fork;
mod growers;
mod holds;
mod identities;
mod identity;
mod import_keys;
mod ingest;
mod meta;
mod numbers;
mod office;
mod open;
mod operators;
mod outgoing;
mod parked;
mod pinyin;
mod placing;
mod project;
mod proof;
mod published;
pub mod queries;
mod read;
mod rebuild;
mod records;
mod recovered;
mod registers;
mod renew;
mod replica;
mod reserve;
mod roster;
mod rulings;
mod salvage;
mod schema;
mod seal;
mod set_aside;
mod signer;
mod tails;
mod trial;
mod verify;
mod words;
mod work;

#[cfg(test)]
pub(crate) mod tests;

use std::cell::RefCell;

use rusqlite::{Connection, Transaction, TransactionBehavior};

pub use catalogue::StoreCatalogue;
pub use counts::Counts;
pub use digest::Digests;
pub use error::{StoreError, Words};
pub use growers::GrowerRow;
pub use identity::{Identity, Waiting};
pub use import_keys::ImportKey;
pub use ingest::{Checked, Incoming, Ingested};
pub use numbers::{DeviceNumbers, Spoken};
pub use open::{Durability, OpenOptions};
pub use operators::OperatorRow;
pub(crate) use operators::Shift;
pub(crate) use pinyin::search_keys;
pub use proof::SignedEntry;
pub use queries::PriceDifference;
pub use queries::{Batch, BatchState, BatchSum, FloatMove, Flow, LastMoves, moves_of};
pub use queries::{Held, Income, IncomeRow, PayoutRow, SlipFilter, SlipRow, Totals};
pub use queries::{Place, SelectionTotals, SlipPage, SlipSelection, SlipSums, Standing, Turn};
pub use read::{BookProof, StoredEntry};
pub use registers::{
    Conflict, CrateTypeRow, DraftRow, Household, NameSpan, NoteRow, PersonRow, PointRow,
};
pub use renew::{Renewal, Renewed};
pub use replica::StoreReplica;
pub use reserve::RESERVED_SLIPS;
pub use salvage::{Salvage, set_aside_damaged};
pub use seal::{KeySeal, SealError};
pub use set_aside::SetAside;
pub use signer::{BooksFull, NewEntry, Saved, Signer};
pub use verify::{Distrust, Trust};
pub use work::{Work, WorkError};

use crate::wire::Cursor;

use registers::Registers;

/// An open store: one connection, one writer.
#[derive(Debug)]
pub struct Store {
    connection: Connection,
    options: OpenOptions,
    registers: RefCell<Registers>,
    /// The journal mode was read again after this connection's first commit.
    mode_checked: bool,
    /// Room for more slips is held back on the disk.
    reserved: bool,
    /// How the secret seeds lie in the file.
    seeds: seal::Seeds,
}

impl Store {
    /// Opens the file, or makes it; brings its tables to the newest version.
    ///
    /// # Errors
    /// [`StoreError::Newer`] and [`StoreError::Foreign`] leave the file untouched; after
    /// [`StoreError::Corrupt`] call [`set_aside_damaged`].
    pub fn open(options: OpenOptions) -> Result<Store, StoreError> {
        let connection = options.connect()?;
        let reserved = match options.durability {
            Durability::Durable => reserve::take(&options),
            Durability::Rebuildable => false,
        };
        let mut store = Store {
            connection,
            options,
            registers: RefCell::default(),
            mode_checked: false,
            reserved,
            seeds: seal::Seeds::default(),
        };
        if !schema::projections_are_current(&store.connection)? {
            store.rebuild()?;
        }
        Ok(store)
    }

    /// Whether room for [`RESERVED_SLIPS`] more slips is held back on the disk.
    pub const fn is_reserved(&self) -> bool {
        self.reserved
    }

    /// Does a piece of work in one transaction: all of it is on disk when this returns, or nothing.
    ///
    /// When the disk is full the reserve is given up and the work is done once more.
    pub(crate) fn write<T>(
        &mut self,
        mut work: impl FnMut(&Transaction<'_>, &mut Registers) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let done = self.try_write(&mut work);
        if matches!(done, Err(StoreError::Full)) && self.reserved {
            reserve::release(&self.options)?;
            self.reserved = false;
            return self.try_write(&mut work);
        }
        done
    }

    fn try_write<T>(
        &mut self,
        work: &mut impl FnMut(&Transaction<'_>, &mut Registers) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let done = self.transact(work);
        if done.is_err() {
            // They may hold edits that were rolled back.
            self.registers.get_mut().forget();
        }
        let done = done?;
        if !self.mode_checked {
            let mode: String =
                self.connection.pragma_query_value(None, "journal_mode", |row| row.get(0))?;
            open::check_journal_mode(&mode)?;
            self.mode_checked = true;
        }
        Ok(done)
    }

    fn transact<T>(
        &mut self,
        work: &mut impl FnMut(&Transaction<'_>, &mut Registers) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        // Taken at once: a writer that began by reading could not become one while another writes.
        let transaction =
            self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let done = work(&transaction, self.registers.get_mut())?;
        transaction.commit()?;
        Ok(done)
    }

    /// The connection, to read.
    pub(crate) const fn reader(&self) -> &Connection {
        &self.connection
    }

    /// Makes every projection anew from the truth; rows come out identical.
    ///
    /// # Errors
    /// The store's own; then the projections are as they were.
    pub fn rebuild(&mut self) -> Result<(), StoreError> {
        // Every page is read once in the order of the growers: worth more memory for a moment.
        self.connection.pragma_update(None, "cache_size", -32_768)?;
        let done = self.write(|transaction, registers| {
            let district = rebuild::entries(transaction)?;
            registers.rulings.keep(district);
            registers.project_all(transaction)
        });
        self.connection.pragma_update(None, "cache_size", open::CACHE_SIZE)?;
        done
    }

    /// Reads several things at one state, while another connection writes.
    ///
    /// # Errors
    /// The store's own; what `read` itself finds is its answer.
    pub fn at_one_state<T>(&self, read: impl FnOnce() -> T) -> Result<T, StoreError> {
        let state = self.connection.unchecked_transaction()?;
        let found = read();
        state.rollback()?;
        Ok(found)
    }

    /// Looks through the whole file for damage.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] with what was found, or the store's own.
    pub fn check(&self) -> Result<(), StoreError> {
        let found: String =
            self.connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
        if found == "ok" { Ok(()) } else { Err(StoreError::Corrupt { reason: found }) }
    }

    /// Believes this district from now on: its certificates and signatures are checked against it.
    ///
    /// # Errors
    /// The store's own, or [`StoreError::Inconsistent`] if the store already belongs to another
    /// district.
    pub fn trust(&mut self, trust: &Trust) -> Result<(), StoreError> {
        if let Some(stands) = self.trusted()? {
            if stands == *trust {
                return Ok(());
            }
            if stands.district() != trust.district() {
                return Err(StoreError::inconsistent("the store belongs to another district"));
            }
        }
        self.write(|transaction, _| trust.keep(transaction))
    }

    /// Whom this store believes; `None` before it is told.
    ///
    /// # Errors
    /// The store's own.
    pub fn trusted(&self) -> Result<Option<Trust>, StoreError> {
        Trust::kept(&self.connection)
    }

    /// Takes what other devices wrote, in one transaction.
    ///
    /// # Errors
    /// The store's own; then nothing was taken. A part that cannot be believed is no error: it is
    /// set aside, and counted.
    pub fn ingest(
        &mut self,
        incoming: Incoming<'_>,
        checked: Checked,
    ) -> Result<Ingested, StoreError> {
        let trust = self.trusted()?.ok_or(StoreError::NotEnrolled)?;
        self.write(|transaction, registers| {
            ingest::Ingest::new(transaction, &trust, checked, registers)?.run(incoming)
        })
    }

    /// Takes what this node's own door let in, together with how far in the log that reaches, in one
    /// transaction.
    ///
    /// # Errors
    /// The store's own; then nothing was taken.
    pub fn follow(
        &mut self,
        incoming: Incoming<'_>,
        cursor: &Cursor,
    ) -> Result<Ingested, StoreError> {
        let trust = self.trusted()?.ok_or(StoreError::NotEnrolled)?;
        let done = self.write(|transaction, registers| {
            let checked = Checked::AtTheDoor;
            let done =
                ingest::Ingest::new(transaction, &trust, checked, registers)?.run(incoming)?;
            if done.edits > 0 {
                registers.purge(transaction, None)?;
            }
            meta::set_cursor(transaction, cursor)?;
            Ok(done)
        })?;
        self.shred_if_due()?;
        Ok(done)
    }

    /// Whether bytes of what was erased may still lie in the file; they go as soon as nobody else
    /// reads it.
    ///
    /// # Errors
    /// The store's own.
    pub fn is_shredding_due(&self) -> Result<bool, StoreError> {
        registers::is_shredding_due(&self.connection)
    }

    /// Makes the file anew if something was erased from it. Not now is no error: it is tried again.
    ///
    /// # Errors
    /// The store's own.
    pub fn shred_if_due(&mut self) -> Result<(), StoreError> {
        if self.is_shredding_due()? {
            registers::shred(&self.connection)?;
        }
        Ok(())
    }

    /// How far in the log this store reaches; the beginning before anything was taken.
    ///
    /// # Errors
    /// The store's own.
    pub fn followed(&self) -> Result<Cursor, StoreError> {
        meta::cursor(&self.connection)
    }

    /// Everything that was set aside, oldest first.
    ///
    /// # Errors
    /// The store's own.
    pub fn set_aside(&self) -> Result<Vec<SetAside>, StoreError> {
        set_aside::list(&self.connection)
    }
}
