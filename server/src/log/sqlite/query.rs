//! Running a query and reading its rows until there are enough of them.

use courtyard_core::document::RegisterId;
use courtyard_core::domain::{DeviceNo, OperatorNo, VillageNo};
use rusqlite::{Params, Row};

use super::SqliteTransaction;
use super::rows::{corrupt, number};
use crate::log::{Batch, EditBatch, LogError, User};

impl SqliteTransaction<'_> {
    pub(super) fn one<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnOnce(&Row<'_>) -> Result<T, LogError>,
    ) -> Result<Option<T>, LogError> {
        let mut statement = self.tx.prepare_cached(sql)?;
        let mut rows = statement.query(params)?;
        rows.next()?.map(read).transpose()
    }

    pub(super) fn all<T>(
        &self,
        sql: &str,
        params: impl Params,
        mut read: impl FnMut(&Row<'_>) -> Result<T, LogError>,
    ) -> Result<Vec<T>, LogError> {
        self.until(sql, params, usize::MAX, |row| Ok((read(row)?, 0)))
    }

    /// Rows until their sizes reach `max_bytes`; at least one, if there is one.
    pub(super) fn until<T>(
        &self,
        sql: &str,
        params: impl Params,
        max_bytes: usize,
        mut read: impl FnMut(&Row<'_>) -> Result<(T, usize), LogError>,
    ) -> Result<Vec<T>, LogError> {
        let mut statement = self.tx.prepare_cached(sql)?;
        let mut rows = statement.query(params)?;
        let mut found = Vec::new();
        let mut size = 0_usize;
        while let Some(row) = rows.next()? {
            let (item, bytes) = read(row)?;
            size = size.saturating_add(bytes);
            if size > max_bytes && !found.is_empty() {
                break;
            }
            found.push(item);
        }
        Ok(found)
    }
}

pub(super) fn sized_batch(row: &Row<'_>) -> Result<(Batch, usize), LogError> {
    let batch = super::rows::batch(row)?;
    let size = 64 + batch.entries.iter().map(Vec::len).sum::<usize>();
    Ok((batch, size))
}

pub(super) fn sized_edits(row: &Row<'_>) -> Result<(EditBatch, usize), LogError> {
    let size = row.get_ref(6)?.as_blob().map_err(|_| corrupt("edits are no blob"))?.len();
    Ok((super::rows::edit_batch(row)?, 64 + size))
}

/// A device number that no device has, for "leave out nobody".
pub(super) fn left_out(except: Option<DeviceNo>) -> i64 {
    except.map_or(-1, |d| i64::from(d.get()))
}

pub(super) fn register(row: &Row<'_>) -> Result<RegisterId, LogError> {
    Ok(RegisterId { village: VillageNo::new(number(row, 0)?), edition: number(row, 1)? })
}

pub(super) fn user(row: &Row<'_>) -> rusqlite::Result<User> {
    Ok(User {
        name: row.get(0)?,
        role: row.get(1)?,
        password_hash: row.get(2)?,
        since_ms: row.get(3)?,
        operator: OperatorNo::new(row.get(4)?),
    })
}
