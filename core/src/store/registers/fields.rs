//! Every field of the registers' newest editions as a row: what people, points and conflicts are
//! read from, without replaying a register.

use rusqlite::{Connection, OptionalExtension as _, Row, Transaction};

use crate::document::register::keys::{GROWER, Key, PERSON, person_of_row};
use crate::document::{Reading, RegisterId, Value};
use crate::domain::{GrowerId, VillageNo};
use crate::store::Store;
use crate::store::error::StoreError;

/// A field that several people wrote at the same time, until someone settles it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// Whose register.
    pub village: VillageNo,
    /// The field's key, such as `grower/H-A7K-12/phone`.
    pub key: String,
    /// The household that it is about, if it is about one.
    pub grower: Option<GrowerId>,
    /// The value that is shown meanwhile.
    pub shown: Value,
    /// The other values.
    pub others: Vec<Value>,
}

/// Which edition of a village's register the rows show.
pub(super) fn projected(
    connection: &Connection,
    village: VillageNo,
) -> Result<Option<u32>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT edition FROM register_editions WHERE village = ?1")?;
    Ok(statement.query_row([village.get()], |row| row.get(0)).optional()?)
}

/// Forgets the rows of a village; those of this edition come now.
pub(super) fn clear(transaction: &Transaction<'_>, id: RegisterId) -> Result<(), StoreError> {
    transaction
        .prepare_cached("DELETE FROM register_fields WHERE village = ?1")?
        .execute([id.village.get()])?;
    transaction
        .prepare_cached(
            "INSERT INTO register_editions (village, edition) VALUES (?1, ?2)
             ON CONFLICT (village) DO UPDATE SET edition = excluded.edition",
        )?
        .execute((id.village.get(), id.edition))?;
    Ok(())
}

/// Writes what a field holds.
pub(super) fn put(
    transaction: &Transaction<'_>,
    village: VillageNo,
    key: &Key<'_>,
    reading: &Reading,
) -> Result<(), StoreError> {
    let value = minicbor::to_vec(&reading.value).map_err(StoreError::inconsistent)?;
    let others = match reading.is_conflict() {
        true => Some(minicbor::to_vec(&reading.others).map_err(StoreError::inconsistent)?),
        false => None,
    };
    transaction
        .prepare_cached(
            "INSERT INTO register_fields (village, list, row, field, value, others)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT DO UPDATE SET value = excluded.value, others = excluded.others",
        )?
        .execute((village.get(), key.table, key.row, key.field, value, others))?;
    Ok(())
}

/// The columns value and others, beginning with this one.
fn reading(row: &Row<'_>, first: usize) -> Result<Reading, StoreError> {
    let value: Vec<u8> = row.get(first)?;
    let others: Option<Vec<u8>> = row.get(first.saturating_add(1))?;
    Ok(Reading {
        value: minicbor::decode(&value).map_err(StoreError::inconsistent)?,
        others: match others {
            Some(bytes) => minicbor::decode(&bytes).map_err(StoreError::inconsistent)?,
            None => Vec::new(),
        },
    })
}

/// The fields of one row of a register.
pub(super) type Fields = Vec<(String, Reading)>;

/// The fields of one row.
pub(super) fn of_row(
    connection: &Connection,
    village: VillageNo,
    list: &str,
    name: &str,
) -> Result<Fields, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT field, value, others FROM register_fields
         WHERE village = ?1 AND list = ?2 AND row = ?3 ORDER BY field",
    )?;
    let mut rows = statement.query((village.get(), list, name))?;
    let mut fields = Fields::new();
    while let Some(row) = rows.next()? {
        fields.push((row.get(0)?, reading(row, 1)?));
    }
    Ok(fields)
}

/// A row of a list, with its village.
pub(super) struct Listed {
    pub(super) village: VillageNo,
    pub(super) row: String,
    pub(super) fields: Fields,
}

/// The rows of a list whose name begins so, of one village or of all.
pub(super) fn of_list(
    connection: &Connection,
    village: Option<VillageNo>,
    list: &str,
    begins: &str,
) -> Result<Vec<Listed>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT village, row, field, value, others FROM register_fields
         WHERE (?1 IS NULL OR village = ?1) AND list = ?2 AND substr(row, 1, length(?3)) = ?3
         ORDER BY village, row, field",
    )?;
    let mut rows = statement.query((village.map(VillageNo::get), list, begins))?;
    let mut all: Vec<Listed> = Vec::new();
    while let Some(row) = rows.next()? {
        let (village, name) = (VillageNo::new(row.get(0)?), row.get::<_, String>(1)?);
        let field = (row.get(2)?, reading(row, 3)?);
        match all.last_mut() {
            Some(last) if last.village == village && last.row == name => last.fields.push(field),
            _ => all.push(Listed { village, row: name, fields: vec![field] }),
        }
    }
    Ok(all)
}

/// The text of a field of this row; empty if it has none.
pub(super) fn text(fields: &Fields, field: &str) -> String {
    let found = fields.iter().find(|(name, _)| name == field);
    found.and_then(|(_, reading)| reading.value.as_text()).unwrap_or_default().to_owned()
}

/// Whether a field of this row is set to true.
pub(super) fn is_set(fields: &Fields, field: &str) -> bool {
    fields.iter().any(|(name, reading)| name == field && reading.value == Value::Bool(true))
}

/// The grower that a key is about.
pub(super) fn grower_of(key: &Key<'_>) -> Option<GrowerId> {
    match key.table {
        GROWER => key.row.parse().ok(),
        PERSON => person_of_row(key.row).map(|(grower, _)| grower),
        _ => None,
    }
}

impl Store {
    /// The fields of a village's register, or of all registers, that hold several values until
    /// someone settles them.
    ///
    /// # Errors
    /// The store's own.
    pub fn conflicts(&self, village: Option<VillageNo>) -> Result<Vec<Conflict>, StoreError> {
        let mut statement = self.reader().prepare_cached(
            "SELECT village, list, row, field, value, others FROM register_fields
             WHERE others IS NOT NULL AND (?1 IS NULL OR village = ?1)
             ORDER BY village, list, row, field",
        )?;
        let mut rows = statement.query([village.map(VillageNo::get)])?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            let (list, name, field): (String, String, String) =
                (row.get(1)?, row.get(2)?, row.get(3)?);
            let key = Key::new(&list, &name, &field);
            let reading = reading(row, 4)?;
            all.push(Conflict {
                village: VillageNo::new(row.get(0)?),
                key: key.to_string(),
                grower: grower_of(&key),
                shown: reading.value,
                others: reading.others,
            });
        }
        Ok(all)
    }
}
