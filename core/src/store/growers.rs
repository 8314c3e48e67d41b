//! Growers as the registers name them: a row each, found by name, pinyin, initials, number or the
//! last digits of a phone.

use rusqlite::{Connection, OptionalExtension as _, Row, Transaction};

use crate::document::register::keys::{ADDRESS, ERASED, FLAG, GROUP, NAME, PHONE, RETIRED};
use crate::document::{Reading, Value};
use crate::domain::{GrowerId, VillageNo};

use super::Store;
use super::error::StoreError;
use super::pinyin::search_keys;
use super::queries::grower_id;

/// A household of the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrowerRow {
    /// Its number.
    pub id: GrowerId,
    /// Its village.
    pub village: VillageNo,
    /// The name of today; empty if none was written.
    pub name: String,
    /// The number of that name, from 1; the next name gets the next one.
    pub name_number: u32,
    /// The phone number; empty if none.
    pub phone: String,
    /// The villagers' group (村民小组); empty if none.
    pub group: String,
    /// Where it lives; empty if not written.
    pub address: String,
    /// Marks such as 脱贫户, in order.
    pub flags: Vec<String>,
    /// Whether the row is no longer used.
    pub retired: bool,
    /// The office removed what the register said of it; its number and its entries stay.
    pub erased: bool,
    /// How many of its fields hold several values.
    pub conflicts: u32,
}

impl GrowerRow {
    /// The row that these fields of a register give.
    pub(crate) fn of(id: GrowerId, village: VillageNo, fields: &[(String, Reading)]) -> Self {
        let mut row = GrowerRow {
            id,
            village,
            name: String::new(),
            name_number: 0,
            phone: String::new(),
            group: String::new(),
            address: String::new(),
            flags: Vec::new(),
            retired: false,
            erased: false,
            conflicts: 0,
        };
        for (field, reading) in fields {
            if reading.is_conflict() {
                row.conflicts = row.conflicts.saturating_add(1);
            }
            let text = || reading.value.as_text().unwrap_or_default().to_owned();
            if field == PHONE {
                row.phone = text();
            } else if field == GROUP {
                row.group = text();
            } else if field == ADDRESS {
                row.address = text();
            } else if field == ERASED {
                row.erased = reading.value == Value::Bool(true);
            } else if field == RETIRED {
                row.retired = reading.value == Value::Bool(true);
            } else if let Some(flag) = under(field, FLAG) {
                if reading.value == Value::Bool(true) {
                    row.flags.push(flag.to_owned());
                }
            } else if let Some(number) = under(field, NAME).and_then(|n| n.parse::<u32>().ok())
                && number > row.name_number
                && !reading.value.is_null()
            {
                row.name_number = number;
                row.name = text();
            }
        }
        row
    }
}

fn under<'f>(field: &'f str, name: &str) -> Option<&'f str> {
    field.strip_prefix(name)?.strip_prefix('/')
}

/// Writes a grower's row. Of two registers that name the same grower the lower village stands.
pub(crate) fn put(transaction: &Transaction<'_>, row: &GrowerRow) -> Result<(), StoreError> {
    let keys = search_keys(&row.name);
    let mut statement = transaction.prepare_cached(
        "INSERT INTO growers (id, village, name, name_number, phone, team, flags, retired, conflicts,
                              pinyin, initials, address, erased)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
         ON CONFLICT (id) DO UPDATE SET village = excluded.village, name = excluded.name,
             name_number = excluded.name_number,
             phone = excluded.phone, team = excluded.team, flags = excluded.flags,
             address = excluded.address, erased = excluded.erased,
             retired = excluded.retired, conflicts = excluded.conflicts,
             pinyin = excluded.pinyin, initials = excluded.initials
         WHERE excluded.village <= village",
    )?;
    statement.execute((
        row.id.key(),
        row.village.get(),
        &row.name,
        row.name_number,
        &row.phone,
        &row.group,
        row.flags.join(" "),
        row.retired,
        row.conflicts,
        keys.pinyin,
        keys.initials,
        &row.address,
        row.erased,
    ))?;
    Ok(())
}

/// Forgets the rows of a village, before its register is projected again.
pub(crate) fn clear(transaction: &Transaction<'_>, village: VillageNo) -> Result<(), StoreError> {
    transaction
        .prepare_cached("DELETE FROM growers WHERE village = ?1")?
        .execute([village.get()])?;
    Ok(())
}

/// The village in whose register a grower stands.
pub(crate) fn village(
    connection: &Connection,
    id: GrowerId,
) -> Result<Option<VillageNo>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT village FROM growers WHERE id = ?1")?;
    let village: Option<u16> = statement.query_row([id.key()], |row| row.get(0)).optional()?;
    Ok(village.map(VillageNo::new))
}

const COLUMNS: &str =
    "SELECT id, village, name, phone, team, flags, retired, conflicts, name_number,
                              address, erased FROM growers";

fn read(row: &Row<'_>) -> Result<GrowerRow, StoreError> {
    let flags: String = row.get(5)?;
    Ok(GrowerRow {
        id: grower_id(row.get(0)?)?,
        village: VillageNo::new(row.get(1)?),
        name: row.get(2)?,
        name_number: row.get(8)?,
        phone: row.get(3)?,
        group: row.get(4)?,
        address: row.get(9)?,
        erased: row.get(10)?,
        flags: flags.split_whitespace().map(str::to_owned).collect(),
        retired: row.get(6)?,
        conflicts: row.get(7)?,
    })
}

fn collect(mut rows: rusqlite::Rows<'_>) -> Result<Vec<GrowerRow>, StoreError> {
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(read(row)?);
    }
    Ok(all)
}

/// What a search's text may be, as the parameters ?1 to ?5 of [`MATCHES`]: a part of a name, letters
/// of its pinyin, a number, a phone's own counter, the end of a phone number.
type Meant = (String, String, Option<i64>, Option<u32>, bool);

fn meant(text: &str) -> Option<Meant> {
    let text: String = text.trim().to_lowercase();
    if text.is_empty() {
        return None;
    }
    let letters: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let id: Option<GrowerId> = text.to_uppercase().parse().ok();
    let counter: Option<u32> = text.parse().ok();
    let tail = text.len() >= 3 && text.bytes().all(|b| b.is_ascii_digit());
    Some((text, letters, id.map(GrowerId::key), counter, tail))
}

const MATCHES: &str = "(id = ?3 OR (id & 4294967295) = ?4
     OR instr(lower(name), ?1) > 0
     OR substr(pinyin, 1, length(?2)) = ?2
     OR substr(initials, 1, length(?2)) = ?2
     OR (?5 AND substr(phone, -length(?1)) = ?1))";

/// The keys of every grower that a search would find, also of those that are no longer used: their
/// slips stay.
pub(crate) fn named(connection: &Connection, text: &str) -> Result<Vec<i64>, StoreError> {
    let Some(meant) = meant(text) else { return Ok(Vec::new()) };
    let mut statement = connection
        .prepare_cached(&format!("SELECT id FROM growers WHERE NOT erased AND {MATCHES}"))?;
    let keys = statement.query_map(meant, |row| row.get(0))?;
    Ok(keys.collect::<Result<_, _>>()?)
}

/// These growers under every number of their households, sorted.
pub(crate) fn linked(connection: &Connection, mut keys: Vec<i64>) -> Result<Vec<i64>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT other.grower FROM identities asked
         JOIN identities other ON other.shown = asked.shown WHERE asked.grower = ?1",
    )?;
    let mut others: Vec<i64> = Vec::new();
    for key in &keys {
        let found = statement.query_map([key], |row| row.get(0))?;
        others.extend(found.collect::<Result<Vec<i64>, _>>()?);
    }
    keys.extend(others);
    keys.sort_unstable();
    keys.dedup();
    Ok(keys)
}

impl Store {
    /// The grower with this number, as the register names them.
    ///
    /// # Errors
    /// The store's own.
    pub fn grower(&self, id: GrowerId) -> Result<Option<GrowerRow>, StoreError> {
        let mut statement = self.reader().prepare_cached(&format!("{COLUMNS} WHERE id = ?1"))?;
        let mut rows = statement.query([id.key()])?;
        rows.next()?.map(read).transpose()
    }

    /// The growers of a village, or of all, in order of their numbers.
    ///
    /// # Errors
    /// The store's own.
    pub fn growers(&self, village: Option<VillageNo>) -> Result<Vec<GrowerRow>, StoreError> {
        let mut statement = self
            .reader()
            .prepare_cached(&format!("{COLUMNS} WHERE ?1 IS NULL OR village = ?1 ORDER BY id"))?;
        collect(statement.query([village.map(VillageNo::get)])?)
    }

    /// Growers whose name holds this text, whose pinyin or initials begin with it, whose number it
    /// is, or whose phone number ends with it (three digits or more). The closest come first.
    ///
    /// # Errors
    /// The store's own.
    pub fn search(&self, text: &str, limit: u32) -> Result<Vec<GrowerRow>, StoreError> {
        let Some((text, letters, id, counter, tail)) = meant(text) else { return Ok(Vec::new()) };
        let mut statement = self.reader().prepare_cached(&format!(
            "{COLUMNS} WHERE NOT retired AND NOT erased AND {MATCHES}
             ORDER BY CASE
                 WHEN id = ?3 THEN 0
                 WHEN lower(name) = ?1 OR pinyin = ?2 OR initials = ?2 THEN 1
                 WHEN (id & 4294967295) = ?4 THEN 2
                 ELSE 3 END, pinyin, id
             LIMIT ?6"
        ))?;
        collect(statement.query((text, letters, id, counter, tail, limit))?)
    }
}
