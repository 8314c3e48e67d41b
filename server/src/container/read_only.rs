//! An SQLite file that is read at one state and left exactly as it is, even while a server writes.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags, Row};

use super::ContainerError;

/// An open file; what it shows does not change while it is open.
#[derive(Debug)]
pub(super) struct ReadOnly {
    pub(super) connection: Connection,
    _copy: Option<Copy>,
}

/// A copy that is removed when it is no longer read.
#[derive(Debug)]
struct Copy(PathBuf);

impl Drop for Copy {
    fn drop(&mut self) {
        // Left behind in the system's temporary folder at worst.
        let _ = fs::remove_dir_all(&self.0);
    }
}

static COPIES: AtomicU32 = AtomicU32::new(0);

impl ReadOnly {
    /// Opens a file.
    ///
    /// # Errors
    /// [`ContainerError`] if it cannot be read.
    pub(super) fn open(path: &Path) -> Result<ReadOnly, ContainerError> {
        let beside = |suffix: &str| {
            let mut name = path.as_os_str().to_owned();
            name.push(suffix);
            PathBuf::from(name)
        };
        let (wal, shm) = (beside("-wal"), beside("-shm"));
        match (wal.is_file(), shm.is_file()) {
            // Whoever has it open made both, and a reader joins as any other; or a process was
            // killed, and then a folder that may not be written to keeps a reader out.
            (true, true) => ReadOnly::live(path)
                .and_then(ReadOnly::begin)
                .or_else(|_| ReadOnly::copied(path, &wal)?.begin()),
            // Its latest commits lie beside it and nobody has it open; SQLite would have to write
            // an index of them, so it does that to a copy.
            (true, false) => ReadOnly::copied(path, &wal)?.begin(),
            // One whole file that nobody is writing to: nothing is made beside it.
            (false, _) => ReadOnly::alone(path)?.begin(),
        }
    }

    /// One state for everything that is read.
    fn begin(self) -> Result<ReadOnly, ContainerError> {
        self.connection.pragma_update(None, "trusted_schema", false)?;
        self.connection.pragma_update(None, "cell_size_check", true)?;
        self.connection.execute_batch("BEGIN")?;
        self.connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
        Ok(self)
    }

    fn live(path: &Path) -> Result<ReadOnly, ContainerError> {
        let connection = Connection::open_with_flags(
            path,
            OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
        )?;
        connection.busy_timeout(Duration::from_secs(20))?;
        // The last to close a file usually tidies up beside it; not we.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        Ok(ReadOnly { connection, _copy: None })
    }

    fn alone(path: &Path) -> Result<ReadOnly, ContainerError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
            | OpenFlags::SQLITE_OPEN_NO_MUTEX
            | OpenFlags::SQLITE_OPEN_URI;
        let escaped =
            path.to_string_lossy().replace('%', "%25").replace('?', "%3f").replace('#', "%23");
        let connection = Connection::open_with_flags(format!("file:{escaped}?immutable=1"), flags)?;
        Ok(ReadOnly { connection, _copy: None })
    }

    fn copied(path: &Path, wal: &Path) -> Result<ReadOnly, ContainerError> {
        let number = COPIES.fetch_add(1, Ordering::Relaxed);
        let name = format!("courtyard-verify-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        let io = |error| ContainerError::Io { path: path.to_owned(), error };
        let mut builder = fs::DirBuilder::new();
        // Names and phone numbers lie in it: nobody else on the machine may look.
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&folder).map_err(io)?;
        let copy = Copy(folder);
        let to = copy.0.join("copy.db");
        fs::copy(path, &to).map_err(io)?;
        fs::copy(wal, copy.0.join("copy.db-wal")).map_err(io)?;
        // Opened for writing only in name: SQLite must write the index of the log beside it.
        let connection = Connection::open(&to)?;
        Ok(ReadOnly { connection, _copy: Some(copy) })
    }

    /// Whether there is a table of this name.
    pub(super) fn has_table(&self, name: &str) -> Result<bool, ContainerError> {
        let sql = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = ?1";
        Ok(self.connection.query_row(sql, [name], |row| row.get::<_, i64>(0))? > 0)
    }

    /// Gives every row to `take`, in order.
    pub(super) fn each(
        &self,
        sql: &str,
        params: impl rusqlite::Params,
        mut take: impl FnMut(&Row<'_>) -> Result<(), ContainerError>,
    ) -> Result<(), ContainerError> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query(params)?;
        while let Some(row) = rows.next()? {
            take(row)?;
        }
        Ok(())
    }
}

/// A blob of any content; a column of another kind reads as empty, which no check passes.
pub(super) fn blob<'r>(row: &'r Row<'_>, column: usize) -> &'r [u8] {
    match row.get_ref(column) {
        Ok(ValueRef::Blob(bytes)) => bytes,
        _ => &[],
    }
}

/// A blob of a known length; of another length it reads as zeros, which no check passes.
pub(super) fn fixed<const N: usize>(row: &Row<'_>, column: usize) -> [u8; N] {
    blob(row, column).try_into().unwrap_or([0; N])
}

/// A count; what is none reads as the largest, which no check passes.
pub(super) fn number<T: TryFrom<i64> + Bounded>(row: &Row<'_>, column: usize) -> T {
    let value = match row.get_ref(column) {
        Ok(ValueRef::Integer(value)) => value,
        _ => -1,
    };
    T::try_from(value).unwrap_or(T::LARGEST)
}

/// Numbers with a largest value.
pub(super) trait Bounded {
    /// The largest.
    const LARGEST: Self;
}

impl Bounded for u16 {
    const LARGEST: Self = u16::MAX;
}

impl Bounded for u32 {
    const LARGEST: Self = u32::MAX;
}
