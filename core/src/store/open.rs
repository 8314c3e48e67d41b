//! Opening the file: flags, pragmas with their reasons, and the schema's version.

use std::path::PathBuf;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::error::StoreError;
use super::schema;

/// Where a store lies and how it is kept.
#[derive(Debug, Clone)]
pub struct OpenOptions {
    /// The file.
    pub path: PathBuf,
    /// The SQLite VFS by name; `None` for the system's disk.
    pub vfs: Option<String>,
    /// What a power cut may cost.
    pub durability: Durability,
}

/// Pages in memory, in KiB with a minus sign: a cheap phone has none to spare.
pub(crate) const CACHE_SIZE: i32 = -4_096;

/// What a power cut may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// Nothing: a save that returned is on disk. For phones.
    Durable,
    /// The whole file: it is made again from the log. For a server's view.
    Rebuildable,
}

impl OpenOptions {
    /// A durable store at this path, on the system's disk.
    pub fn durable(path: impl Into<PathBuf>) -> Self {
        OpenOptions { path: path.into(), vfs: None, durability: Durability::Durable }
    }

    /// A store at this path that can be made again from a log.
    pub fn rebuildable(path: impl Into<PathBuf>) -> Self {
        OpenOptions { path: path.into(), vfs: None, durability: Durability::Rebuildable }
    }

    /// Opens a connection with the pragmas and the newest schema.
    pub(crate) fn connect(&self) -> Result<Connection, StoreError> {
        let mut connection = self.connect_raw()?;
        // Read before any pragma that writes: a file of a newer build stays as it is.
        schema::check_version(&connection)?;
        self.set_pragmas(&connection)?;
        schema::migrate(&mut connection)?;
        Ok(connection)
    }

    /// Opens the file without changing anything in it.
    pub(crate) fn connect_raw(&self) -> Result<Connection, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let opened = match &self.vfs {
            Some(vfs) => Connection::open_with_flags_and_vfs(&self.path, flags, vfs.as_str()),
            None => Connection::open_with_flags(&self.path, flags),
        };
        let connection = opened.map_err(|error| self.cannot_open(&error))?;
        // The app and a background sync may hold the file at once; a writer waits for the other.
        connection.busy_timeout(Duration::from_secs(10))?;
        Ok(connection)
    }

    fn cannot_open(&self, error: &rusqlite::Error) -> StoreError {
        StoreError::CannotOpen { path: self.path.clone(), reason: error.to_string() }
    }

    fn set_pragmas(&self, connection: &Connection) -> Result<(), StoreError> {
        connection.set_prepared_statement_cache_capacity(128);
        // Readers never block the save, and a commit is one sequential write.
        let mode: String =
            connection.pragma_update_and_check(None, "journal_mode", "wal", |row| row.get(0))?;
        check_journal_mode(&mode)?;
        match self.durability {
            // The log's bytes and its directory entry are synced before a commit returns; in WAL
            // this costs no more than FULL.
            Durability::Durable => connection.pragma_update(None, "synchronous", "EXTRA")?,
            // A lost file is projected again from the log.
            Durability::Rebuildable => connection.pragma_update(None, "synchronous", "OFF")?,
        }
        // On Apple's disks a plain fsync is only a barrier; elsewhere these do nothing.
        connection.pragma_update(None, "fullfsync", true)?;
        connection.pragma_update(None, "checkpoint_fullfsync", true)?;
        // A damaged cell is an error at once instead of a wrong answer.
        connection.pragma_update(None, "cell_size_check", true)?;
        // The file may come from outside (a backup): its schema must not run code.
        connection.pragma_update(None, "trusted_schema", false)?;
        connection.pragma_update(None, "cache_size", CACHE_SIZE)?;
        // Sorting never needs a second file on a full disk.
        connection.pragma_update(None, "temp_store", "MEMORY")?;
        Ok(())
    }
}

/// After an I/O error during the switch SQLite answers `wal` while it runs in another mode; so this
/// is asked again after a connection's first commit.
pub(crate) fn check_journal_mode(mode: &str) -> Result<(), StoreError> {
    // A database in memory has no journal file and nothing to lose.
    if mode == "wal" || mode == "memory" {
        Ok(())
    } else {
        Err(StoreError::JournalMode { found: mode.to_owned() })
    }
}
