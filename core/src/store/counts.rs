//! How much waits, is set aside, held or in conflict; and the controls over all of it.

use crate::ledger::{Status, audit};

use super::error::StoreError;
use super::records::SqlRecords;
use super::{Store, parked, set_aside};

/// How much waits, is set aside, held or in conflict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct Counts {
    /// Entries that the server is not known to have.
    pub waiting_entries: u32,
    /// Register edits that the server is not known to have.
    pub waiting_edits: u32,
    /// Books that the server does not take as they are here.
    pub blocked_books: u32,
    /// Parts that wait for a certificate or for what comes before them.
    pub parked: u32,
    /// Parts, forks and refusals that were set aside.
    pub set_aside: u32,
    /// Entries that are held.
    pub held: u32,
    /// Entries of a newer kind.
    pub newer: u32,
    /// Growers of whom a field holds several values.
    pub conflicts: u32,
}

impl Store {
    /// Totals grams, payables and cash straight from the entries, by other code than the fold, and
    /// lists where the balances differ. Empty, or something is wrong.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `counts`")]
    pub fn control_differences(&self) -> Result<Vec<audit::Difference>, StoreError> {
        let mut entries = Vec::new();
        let partitions = self.partitions()?;
        for &partition in &partitions {
            for stored in self.entries_of(Some(partition))? {
                let counts = stored.status == Status::Counted;
                entries.push((stored.arrived, counts));
            }
        }
        let controls = audit::Controls::of(entries);
        controls.compare(&SqlRecords::reader(self.reader()), partitions)
    }

    /// How much waits, is set aside, held or in conflict.
    ///
    /// # Errors
    /// The store's own. So for every method here.
    pub fn counts(&self) -> Result<Counts, StoreError> {
        let connection = self.reader();
        let number = |sql: &str| -> Result<u32, StoreError> {
            Ok(connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
        };
        Ok(Counts {
            waiting_entries: number(
                "SELECT coalesce(sum(count - acknowledged), 0) FROM books
                 WHERE acknowledged < count AND blocked = 0",
            )?,
            waiting_edits: number(
                "SELECT coalesce(sum(count - acknowledged), 0) FROM edit_tips
                 WHERE acknowledged < count",
            )?,
            blocked_books: number("SELECT count(*) FROM books WHERE blocked = 1")?,
            parked: parked::count(connection)?,
            set_aside: set_aside::count(connection)?,
            held: number("SELECT count(*) FROM holds WHERE status = 'held'")?,
            newer: number("SELECT count(*) FROM holds WHERE status = 'newer'")?,
            conflicts: number("SELECT count(*) FROM register_fields WHERE others IS NOT NULL")?,
        })
    }
}
