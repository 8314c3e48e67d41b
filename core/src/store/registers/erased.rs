//! Editions that the office erased: nobody keeps a byte of them. What this device wrote there and
//! the office never had is written again in the newest edition, beside what stands there.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension as _, Transaction};

use crate::document::register::keys::{EDITION, ERASED, GROWER, Key, PERSON, person_of_row};
use crate::document::{DocumentId, Edit, Register, RegisterId, Value};
use crate::domain::GrowerId;
use crate::domain::device::DeviceRole;
use crate::store::error::StoreError;
use crate::store::meta;
use crate::store::parked::Part;
use crate::store::signer::Signer;
use crate::store::{certificates, set_aside};

use super::rows::{Tip, edits_of, of_device, put_tip, tip, villages};
use super::{Registers, fields};

impl Registers {
    /// The older editions of this village that the office says are erased: its marks in the edition
    /// that stands. A mark that a phone wrote says nothing.
    pub(super) fn erased(
        &mut self,
        connection: &Connection,
        current: RegisterId,
    ) -> Result<BTreeSet<RegisterId>, StoreError> {
        let register = self.at(connection, current)?;
        let marked = register.rows(EDITION).into_iter().any(|(_, fields)| {
            fields.iter().any(|(field, reading)| field == ERASED && !reading.value.is_null())
        });
        let mut erased = BTreeSet::new();
        if !marked {
            return Ok(erased);
        }
        for edit in edits_of(connection, current)? {
            let by_office = certificates::of(connection, edit.device)?
                .is_some_and(|certificate| certificate.role != DeviceRole::Phone);
            for (key, value) in edit.assignments.iter().filter(|_| by_office) {
                let Some(key) = Key::parse(key) else { continue };
                let edition = key.row.parse().ok().filter(|edition| *edition < current.edition);
                if let (EDITION, ERASED, Value::Bool(true), Some(edition)) =
                    (key.table, key.field, value, edition)
                {
                    erased.insert(RegisterId { edition, ..current });
                }
            }
        }
        Ok(erased)
    }

    /// Whether an edition is one that the office erased.
    pub(super) fn is_erased(
        &mut self,
        connection: &Connection,
        id: RegisterId,
    ) -> Result<bool, StoreError> {
        let current = self.current(connection, id.village)?;
        Ok(id.edition < current.edition && self.erased(connection, current)?.contains(&id))
    }

    /// Removes every erased edition that is still here, with what waits for it and what was set
    /// aside of it. The file then still has to be made anew: see [`meta::name::SHRED`].
    pub(crate) fn purge(
        &mut self,
        transaction: &Transaction<'_>,
        signer: Option<&Signer>,
    ) -> Result<(), StoreError> {
        for village in villages(transaction)? {
            let current = self.current(transaction, village)?;
            for id in self.erased(transaction, current)? {
                if !is_here(transaction, id)? {
                    continue;
                }
                let unsent = match signer {
                    Some(signer) => unsent(transaction, id, signer)?,
                    None => Vec::new(),
                };
                let old = self.at(transaction, id)?.clone();
                remove(transaction, id)?;
                self.forget_one(id);
                if let Some(signer) = signer {
                    self.write_again(transaction, signer, current, &unsent, &old)?;
                }
                transaction
                    .prepare_cached(
                        "DELETE FROM number_tails
                         WHERE grower IN (SELECT id FROM growers WHERE erased)",
                    )?
                    .execute([])?;
                meta::set(transaction, meta::name::SHRED, true)?;
            }
        }
        Ok(())
    }

    /// Writes what the office never had in the edition that stands, as a conflict where the value
    /// there is another than its writer saw. Households that were erased stay so.
    fn write_again(
        &mut self,
        transaction: &Transaction<'_>,
        signer: &Signer,
        current: RegisterId,
        unsent: &[Edit],
        old: &Register,
    ) -> Result<(), StoreError> {
        let writer = (signer.device(), signer.actor());
        for edit in unsent {
            let register = self.at(transaction, current)?;
            let mut late = edit.clone();
            late.assignments.retain(|(key, _)| stays(register, key));
            if late.assignments.is_empty() {
                continue;
            }
            let carried = register
                .carry_forward(writer, writer, &late, Some(old))
                .map_err(StoreError::inconsistent)?;
            for (edit, head) in carried.edits {
                self.keep(transaction, current, std::slice::from_ref(&edit))?;
                let document = DocumentId::Register(current);
                let signature = signer.sign_head(document, edit.number, head);
                let tip = Tip { count: edit.number, head, signature, acknowledged: 0 };
                put_tip(transaction, current, signer.device(), &tip)?;
            }
        }
        Ok(())
    }
}

/// Whether a field may be written again: not of an erased household, and nothing of editions.
fn stays(register: &Register, key: &str) -> bool {
    let Some(key) = Key::parse(key) else { return false };
    let grower: Option<GrowerId> = match key.table {
        GROWER => key.row.parse().ok(),
        PERSON => person_of_row(key.row).map(|(grower, _)| grower),
        _ => None,
    };
    let erased = |grower: GrowerId| {
        let row = register.row(GROWER, &grower.to_string());
        fields::is_set(&row, ERASED)
    };
    key.table != EDITION && !grower.is_some_and(erased)
}

/// Whether anything of an edition is still in the file.
fn is_here(connection: &Connection, id: RegisterId) -> Result<bool, StoreError> {
    let document = id.to_string();
    let mut statement = connection.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM edits WHERE village = ?1 AND edition = ?2)
             OR EXISTS (SELECT 1 FROM edit_tips WHERE village = ?1 AND edition = ?2)
             OR EXISTS (SELECT 1 FROM parked WHERE document = ?3)
             OR EXISTS (SELECT 1 FROM set_aside WHERE document = ?3)",
    )?;
    Ok(statement.query_row((id.village.get(), id.edition, document), |row| row.get(0))?)
}

/// What this device wrote in an edition and the office has not: still to be sent, or refused.
fn unsent(
    connection: &Connection,
    id: RegisterId,
    signer: &Signer,
) -> Result<Vec<Edit>, StoreError> {
    let acknowledged = tip(connection, id, signer.device())?.map_or(0, |tip| tip.acknowledged);
    let mut all = of_device(connection, id, signer.device(), acknowledged.saturating_add(1))?;
    let document = id.to_string();
    for aside in set_aside::list(connection)? {
        if aside.document != document || aside.device != signer.device() {
            continue;
        }
        if let Ok(Part::Edits(part)) = Part::decode(&aside.evidence) {
            all.extend(part.edits);
        }
    }
    all.sort_by_key(|edit| edit.number);
    all.dedup();
    Ok(all)
}

fn remove(transaction: &Transaction<'_>, id: RegisterId) -> Result<(), StoreError> {
    let edition = (id.village.get(), id.edition);
    transaction
        .prepare_cached("DELETE FROM edits WHERE village = ?1 AND edition = ?2")?
        .execute(edition)?;
    transaction
        .prepare_cached("DELETE FROM edit_tips WHERE village = ?1 AND edition = ?2")?
        .execute(edition)?;
    for table in ["parked", "set_aside"] {
        transaction
            .prepare_cached(&format!("DELETE FROM {table} WHERE document = ?1"))?
            .execute([id.to_string()])?;
    }
    Ok(())
}

/// Whether the file still holds bytes of what was removed.
pub(crate) fn is_shredding_due(connection: &Connection) -> Result<bool, StoreError> {
    Ok(meta::get(connection, meta::name::SHRED)? == Some(true))
}

/// Makes the file anew, so that no free page and no write-ahead log holds what was removed. While
/// another process reads or the disk is full it is not done, and tried again at the next sync.
pub(crate) fn shred(connection: &Connection) -> Result<bool, StoreError> {
    if connection.execute_batch("VACUUM").is_err() {
        return Ok(false);
    }
    connection.prepare_cached("DELETE FROM meta WHERE name = ?1")?.execute([meta::name::SHRED])?;
    let busy: Option<i64> =
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0)).optional()?;
    if busy == Some(0) {
        return Ok(true);
    }
    connection
        .prepare_cached(
            "INSERT INTO meta (name, value) VALUES (?1, 1)
             ON CONFLICT (name) DO UPDATE SET value = 1",
        )?
        .execute([meta::name::SHRED])?;
    Ok(false)
}
