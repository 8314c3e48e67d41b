//! The log in one SQLite file: WAL, `synchronous=EXTRA`, one writer at a time.

mod query;
mod reads;
mod rows;
mod writes;

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::{Log, LogError, Reads, Transaction, schema};

/// How long a writer waits for another process that is writing.
const BUSY_WAIT: Duration = Duration::from_secs(20);

/// One connection to a county's log.
#[derive(Debug)]
pub struct SqliteLog {
    connection: Connection,
}

impl SqliteLog {
    /// Opens the file, creating it if there is none, and brings its schema up to date.
    ///
    /// # Errors
    /// [`LogError`] if the file cannot be opened or is no log.
    pub fn open(path: &Path) -> Result<Self, LogError> {
        let mut connection = Connection::open_with_flags(
            path,
            OpenFlags::SQLITE_OPEN_READ_WRITE
                | OpenFlags::SQLITE_OPEN_CREATE
                | OpenFlags::SQLITE_OPEN_NO_MUTEX,
        )?;
        connection.busy_timeout(BUSY_WAIT)?;
        // WAL: readers never wait for the writer. Kept in the file.
        connection.pragma_update(None, "journal_mode", "WAL")?;
        // EXTRA: the commit is on the disk before the acknowledgement; in WAL it costs what FULL
        // costs (measured), and it stays safe if the file ever falls back to a rollback journal.
        connection.pragma_update(None, "synchronous", "EXTRA")?;
        // On Apple a plain sync is only a barrier.
        connection.pragma_update(None, "fullfsync", true)?;
        connection.pragma_update(None, "checkpoint_fullfsync", true)?;
        // An erased register edition must not survive in free pages.
        connection.pragma_update(None, "secure_delete", true)?;
        // Checkpoints at 16 MiB of WAL instead of 4: fewer double writes under load.
        connection.pragma_update(None, "wal_autocheckpoint", 4_096)?;
        connection.pragma_update(None, "temp_store", "MEMORY")?;
        connection.set_prepared_statement_cache_capacity(64);
        schema::migrations().to_latest(&mut connection)?;
        let log = SqliteLog { connection };
        log.ask_journal_mode()?;
        Ok(log)
    }

    /// After an I/O error during the switch the pragma still answers "wal" while the connection
    /// runs with a rollback journal; asked again after the first write it tells the truth.
    fn ask_journal_mode(&self) -> Result<(), LogError> {
        let mode: String =
            self.connection.query_row("PRAGMA journal_mode", [], |row| row.get(0))?;
        if mode.eq_ignore_ascii_case("wal") {
            Ok(())
        } else {
            Err(LogError::Corrupt(format!("journal mode {mode} instead of wal")))
        }
    }

    /// The connection, for a running backup.
    pub(crate) fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Rewrites the write-ahead log into the file, so that nothing erased stays behind in it; false
    /// if another process that reads kept it from being emptied.
    ///
    /// # Errors
    /// [`LogError::Database`] if the database refuses.
    pub fn checkpoint(&self) -> Result<bool, LogError> {
        let busy: i64 =
            self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
        Ok(busy == 0)
    }

    /// Closes the log as one file, without a write-ahead log beside it.
    ///
    /// # Errors
    /// [`LogError::Database`] if the database refuses.
    pub fn close_as_one_file(self) -> Result<(), LogError> {
        self.connection.pragma_update(None, "journal_mode", "DELETE")?;
        self.connection.close().map_err(|(_, error)| error)?;
        Ok(())
    }

    /// A line for each row of each table, in a fixed order: equal texts mean equal logs.
    ///
    /// # Errors
    /// [`LogError::Database`] if the database refuses.
    pub fn dump(&self) -> Result<String, LogError> {
        let tables: Vec<String> = self
            .connection
            .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")?
            .query_map([], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        let mut out = String::new();
        for table in tables {
            let mut statement =
                self.connection.prepare(&format!("SELECT * FROM \"{table}\" ORDER BY 1, 2"))?;
            let columns = statement.column_count();
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                out.push_str(&table);
                for column in 0..columns {
                    out.push('|');
                    out.push_str(&rows::text(row.get_ref(column)?));
                }
                out.push('\n');
            }
        }
        Ok(out)
    }
}

impl Log for SqliteLog {
    fn begin(&mut self) -> Result<Box<dyn Transaction + '_>, LogError> {
        // IMMEDIATE: a transaction that read before it writes could otherwise fail half way.
        let tx = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        Ok(Box::new(SqliteTransaction { tx }))
    }

    fn read(&mut self) -> Result<Box<dyn Reads + '_>, LogError> {
        let tx = self.connection.transaction_with_behavior(TransactionBehavior::Deferred)?;
        Ok(Box::new(SqliteTransaction { tx }))
    }
}

/// A transaction, for writing or only for reading.
struct SqliteTransaction<'a> {
    tx: rusqlite::Transaction<'a>,
}

#[cfg(test)]
mod tests {
    use super::*;

    crate::log_conformance!(sqlite, {
        let folder = tempfile::tempdir().unwrap();
        (SqliteLog::open(&folder.path().join("log.db")).unwrap(), folder)
    });
}
