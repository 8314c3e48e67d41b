//! The district's rulings in memory: read from their entries when they are first needed, and again
//! when another connection has written to the file.

use std::sync::Arc;

use rusqlite::Connection;

use crate::ledger::District;

use super::Store;
use super::entries::{self, Standings};
use super::error::StoreError;

/// The rulings as of a version of the file.
#[derive(Debug, Default)]
pub(crate) struct Rulings(Option<(i64, Arc<District>)>);

impl Rulings {
    /// Forgets them: a transaction was rolled back.
    pub(crate) fn forget(&mut self) {
        self.0 = None;
    }

    /// The rulings that the file holds.
    pub(crate) fn current(&mut self, connection: &Connection) -> Result<Arc<District>, StoreError> {
        // It changes with what others commit, not with what this connection does.
        let version: i64 =
            connection.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get(0))?;
        match &self.0 {
            Some((read, district)) if *read == version => Ok(Arc::clone(district)),
            _ => {
                let district = Arc::new(load(connection)?);
                self.0 = Some((version, Arc::clone(&district)));
                Ok(district)
            }
        }
    }

    /// Keeps the rulings with those that the open transaction wrote.
    pub(crate) fn keep(&mut self, district: Arc<District>) {
        if let Some((_, kept)) = &mut self.0 {
            *kept = district;
        }
    }
}

/// Folds the rulings from their entries.
pub(crate) fn load(connection: &Connection) -> Result<District, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT id, close_index, lamport_jump, bytes FROM entries INDEXED BY entries_rulings
         WHERE kind IN (5, 7, 21, 69, 80)",
    )?;
    let mut standings = Standings::default();
    let mut rows = statement.query([])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(entries::read_arrived(connection, row, &mut standings)?);
    }
    Ok(District::fold(&all))
}

impl Store {
    /// The district's month closes, decisions and revocations, and what follows from them: to which
    /// month an entry posts, what a village has closed.
    ///
    /// # Errors
    /// The store's own.
    pub fn district(&self) -> Result<Arc<District>, StoreError> {
        self.registers.borrow_mut().rulings.current(&self.connection)
    }
}

#[cfg(test)]
mod tests {
    use crate::ledger::district::RULINGS;
    use crate::store::tests::world::District;

    #[test]
    fn the_index_holds_exactly_the_kinds_that_the_district_takes() {
        let store = District::new().store("phone", &[]);
        let numbers: Vec<String> = RULINGS.iter().map(|kind| kind.number().to_string()).collect();
        let wanted = format!("WHERE kind IN ({})", numbers.join(", "));
        let sql: String = store
            .reader()
            .query_row("SELECT sql FROM sqlite_schema WHERE name = 'entries_rulings'", [], |row| {
                row.get(0)
            })
            .unwrap();
        assert!(sql.ends_with(&wanted), "{sql}");
    }
}
