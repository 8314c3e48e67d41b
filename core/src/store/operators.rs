//! Who may work at this phone by PIN: kept in this phone's store only, never in a document.

use rusqlite::{Connection, OptionalExtension as _, Row, Transaction};

use crate::domain::{Clock, OperatorNo};

use super::Store;
use super::error::StoreError;
use super::meta;

/// A person who may work at this phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperatorRow {
    /// Their number in the district's roster; 0 is the phone's own steward.
    pub number: OperatorNo,
    /// Their name.
    pub name: String,
    /// The PIN's hash, as a PHC string.
    pub(crate) pin_hash: String,
    /// Wrong tries in a row.
    pub wrong: u32,
    /// What the clocks said at the last of them.
    pub(crate) wrong_at: Clock,
}

/// Who has entered their PIN, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shift {
    pub(crate) operator: OperatorNo,
    pub(crate) since_uptime_s: i64,
}

fn read(row: &Row<'_>) -> rusqlite::Result<OperatorRow> {
    Ok(OperatorRow {
        number: OperatorNo::new(row.get(0)?),
        name: row.get(1)?,
        pin_hash: row.get(2)?,
        wrong: row.get(3)?,
        wrong_at: Clock { uptime_s: row.get(4)?, wall_s: row.get(5)? },
    })
}

const COLUMNS: &str =
    "SELECT number, name, pin_hash, wrong, wrong_uptime_s, wrong_wall_s FROM operators";

fn get(connection: &Connection, number: OperatorNo) -> Result<Option<OperatorRow>, StoreError> {
    let mut statement = connection.prepare_cached(&format!("{COLUMNS} WHERE number = ?1"))?;
    Ok(statement.query_row([number.get()], read).optional()?)
}

fn put(transaction: &Transaction<'_>, row: &OperatorRow) -> Result<(), StoreError> {
    transaction
        .prepare_cached(
            "INSERT OR REPLACE INTO operators
                 (number, name, pin_hash, wrong, wrong_uptime_s, wrong_wall_s)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute((
            row.number.get(),
            &row.name,
            &row.pin_hash,
            row.wrong,
            row.wrong_at.uptime_s,
            row.wrong_at.wall_s,
        ))?;
    Ok(())
}

impl Store {
    /// Who may work at this phone by PIN, in order of their numbers.
    ///
    /// # Errors
    /// The store's own. So for every method here.
    pub fn operators(&self) -> Result<Vec<OperatorRow>, StoreError> {
        let mut statement = self.reader().prepare_cached(&format!("{COLUMNS} ORDER BY number"))?;
        let rows = statement.query_map([], read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    pub(crate) fn operator(&self, number: OperatorNo) -> Result<Option<OperatorRow>, StoreError> {
        get(self.reader(), number)
    }

    pub(crate) fn put_operator(&mut self, row: &OperatorRow) -> Result<(), StoreError> {
        self.write(|transaction, _| put(transaction, row))
    }

    /// Removes an operator, and ends their shift.
    pub(crate) fn remove_operator(&mut self, number: OperatorNo) -> Result<bool, StoreError> {
        let ends = self.shift()?.is_some_and(|shift| shift.operator == number);
        self.write(|transaction, _| {
            let removed = transaction
                .prepare_cached("DELETE FROM operators WHERE number = ?1")?
                .execute([number.get()])?;
            if ends {
                meta::clear(transaction, meta::name::OPERATOR)?;
            }
            Ok(removed > 0)
        })
    }

    /// Who has entered their PIN last and not locked since.
    pub(crate) fn shift(&self) -> Result<Option<Shift>, StoreError> {
        let operator: Option<u16> = meta::get(self.reader(), meta::name::OPERATOR)?;
        let since: Option<i64> = meta::get(self.reader(), meta::name::OPERATOR_SINCE_S)?;
        Ok(operator.map(|number| Shift {
            operator: OperatorNo::new(number),
            since_uptime_s: since.unwrap_or(0),
        }))
    }

    /// Begins the shift of an operator whose PIN was right, or ends the one that is open.
    pub(crate) fn set_shift(&mut self, shift: Option<Shift>) -> Result<(), StoreError> {
        self.write(|transaction, _| {
            let Some(shift) = shift else {
                return meta::clear(transaction, meta::name::OPERATOR);
            };
            if let Some(row) = get(transaction, shift.operator)? {
                put(transaction, &OperatorRow { wrong: 0, ..row })?;
            }
            meta::set(transaction, meta::name::OPERATOR, shift.operator.get())?;
            meta::set(transaction, meta::name::OPERATOR_SINCE_S, shift.since_uptime_s)
        })
    }
}
