//! The registers of the villages: edits in tables, the documents in memory, replayed when they are
//! first needed.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, Transaction};

use crate::document::register::keys::{GROWER, Key, OPENED, edition_key};
use crate::document::{ApplyError, DocumentId, Edit, EditFault, Register, RegisterId, Value};
use crate::domain::{GrowerId, VillageNo};
use crate::wire::EditPart;

use super::error::StoreError;
use super::growers::{self, GrowerRow};
use super::ingest::small;
use super::parked::Part;
use super::rulings::Rulings;
use super::set_aside::{self, SetAside};
use super::signer::Signer;

mod candidates;
mod erased;
mod fields;
mod ingest;
mod people;
mod points;
mod rows;

pub(crate) use erased::{is_shredding_due, shred};
pub use fields::Conflict;
pub use people::{Household, NameSpan, PersonRow};
pub use points::{CrateTypeRow, DraftRow, NoteRow, PointRow};
pub(crate) use rows::{Tip, of_device, set_acknowledged, tip, tips};
use rows::{editions, newest_place, put_tip, remove_tip, replay, villages};

/// Registers in memory, each with the place of the last edit that was replayed into it.
#[derive(Debug, Default)]
pub(crate) struct Registers {
    /// The district's rulings: like the registers, in memory, and forgotten together with them.
    pub(crate) rulings: Rulings,
    replayed: BTreeMap<RegisterId, (i64, Register)>,
}

impl Registers {
    /// Forgets everything in memory: a transaction was rolled back.
    pub(crate) fn forget(&mut self) {
        self.replayed.clear();
        self.rulings.forget();
    }

    /// Forgets one register in memory: it took what will not be kept.
    fn forget_one(&mut self, id: RegisterId) {
        self.replayed.remove(&id);
    }

    /// A register as the table holds it.
    pub(crate) fn at(
        &mut self,
        connection: &Connection,
        id: RegisterId,
    ) -> Result<&mut Register, StoreError> {
        let newest = newest_place(connection, id)?;
        let stale = self.replayed.get(&id).is_none_or(|(place, _)| *place != newest);
        if stale {
            self.replayed.insert(id, (newest, replay(connection, id)?));
        }
        match self.replayed.get_mut(&id) {
            Some((_, register)) => Ok(register),
            None => Err(StoreError::inconsistent(format!("{id} is not in memory"))),
        }
    }

    /// The newest edition of a village's register whose opening is here whole; the first if there is
    /// none yet. An opening comes in several edits: until its last is here, the edition before it
    /// stands.
    pub(crate) fn current(
        &mut self,
        connection: &Connection,
        village: VillageNo,
    ) -> Result<RegisterId, StoreError> {
        let here = editions(connection, village)?;
        for &id in &here {
            let opened = edition_key(id.edition, OPENED);
            if id.edition == 0 || self.at(connection, id)?.reading(&opened).is_some() {
                return Ok(id);
            }
        }
        Ok(here.first().copied().unwrap_or(RegisterId { village, edition: 0 }))
    }

    /// Writes an own edit upon all that is here. Answers its number; `None` if it changes nothing.
    pub(crate) fn commit(
        &mut self,
        transaction: &Transaction<'_>,
        signer: &Signer,
        id: RegisterId,
        assignments: Vec<(String, Value)>,
    ) -> Result<Option<u32>, StoreError> {
        let register = self.at(transaction, id)?;
        let committed = register.commit(signer.device(), signer.actor(), assignments);
        let (edit, head) = match committed {
            Err(ApplyError::Malformed(EditFault::NothingChanges)) => return Ok(None),
            other => other.map_err(StoreError::inconsistent)?,
        };
        let signature = signer.sign_head(DocumentId::Register(id), edit.number, head);
        self.keep(transaction, id, std::slice::from_ref(&edit))?;
        let tip = Tip { count: edit.number, head, signature, acknowledged: 0 };
        put_tip(transaction, id, signer.device(), &tip)?;
        Ok(Some(edit.number))
    }

    /// Writes the rows of edits that the register in memory has taken, and projects what they
    /// touch.
    fn keep(
        &mut self,
        transaction: &Transaction<'_>,
        id: RegisterId,
        edits: &[Edit],
    ) -> Result<(), StoreError> {
        let mut statement = transaction.prepare_cached(
            "INSERT INTO edits (village, edition, device, number, bytes)
             VALUES (?1, ?2, ?3, ?4, ?5)",
        )?;
        for edit in edits {
            let bytes = minicbor::to_vec(edit).map_err(StoreError::inconsistent)?;
            statement.execute((
                id.village.get(),
                id.edition,
                edit.device.get(),
                edit.number,
                bytes,
            ))?;
        }
        let newest = transaction.last_insert_rowid();
        if let Some((place, _)) = self.replayed.get_mut(&id) {
            *place = newest;
        }
        let keys = edits.iter().flat_map(|edit| &edit.assignments);
        let touched: BTreeSet<&str> = keys.map(|(key, _)| key.as_str()).collect();
        if self.current(transaction, id.village)? != id {
            return Ok(());
        }
        if fields::projected(transaction, id.village)? == Some(id.edition) {
            self.project_keys(transaction, id, &touched)
        } else {
            // A new edition takes the place of the old one's rows.
            self.project(transaction, id)
        }
    }

    /// Brings the rows of these keys up to the register.
    fn project_keys(
        &mut self,
        transaction: &Transaction<'_>,
        id: RegisterId,
        keys: &BTreeSet<&str>,
    ) -> Result<(), StoreError> {
        let register = self.at(transaction, id)?;
        let mut growers: BTreeSet<GrowerId> = BTreeSet::new();
        for &key in keys {
            let (Some(parts), Some(reading)) = (Key::parse(key), register.reading(key)) else {
                continue;
            };
            fields::put(transaction, id.village, &parts, &reading)?;
            growers.extend(grower_of(&parts));
        }
        for grower in growers {
            let fields = register.row(GROWER, &grower.to_string());
            growers::put(transaction, &GrowerRow::of(grower, id.village, &fields))?;
        }
        Ok(())
    }

    /// Makes the rows of a village anew from an edition of its register.
    fn project(&mut self, transaction: &Transaction<'_>, id: RegisterId) -> Result<(), StoreError> {
        growers::clear(transaction, id.village)?;
        fields::clear(transaction, id)?;
        let register = self.at(transaction, id)?;
        for (key, reading) in register.readings() {
            if let Some(parts) = Key::parse(&key) {
                fields::put(transaction, id.village, &parts, &reading)?;
            }
        }
        for (row, fields) in register.rows(GROWER) {
            let Ok(grower) = row.parse::<GrowerId>() else { continue };
            growers::put(transaction, &GrowerRow::of(grower, id.village, &fields))?;
        }
        Ok(())
    }

    /// Projects the newest edition of every village, into an empty table.
    pub(crate) fn project_all(&mut self, transaction: &Transaction<'_>) -> Result<(), StoreError> {
        for village in villages(transaction)? {
            let id = self.current(transaction, village)?;
            self.project(transaction, id)?;
        }
        Ok(())
    }

    /// The server refused an own edit: it and what this device wrote after it are set aside, and the
    /// register is made again from what was accepted. What came after it and was not refused for
    /// the same reason is written again upon that, so that nothing is lost.
    pub(crate) fn refuse(
        &mut self,
        transaction: &Transaction<'_>,
        signer: &Signer,
        (id, number): (RegisterId, u32),
        code: &str,
        write_later_again: bool,
    ) -> Result<u32, StoreError> {
        let refused = of_device(transaction, id, signer.device(), number)?;
        let Some(stood) = tip(transaction, id, signer.device())? else { return Ok(0) };
        for edit in &refused {
            let part = Part::Edits(EditPart {
                register: id,
                device: signer.device(),
                edits: vec![edit.clone()],
                signature: stood.signature,
            });
            let (document, device, first) = part.place();
            let evidence = part.encode();
            let aside = SetAside { document, device, first, code: code.to_owned(), evidence };
            set_aside::keep(transaction, &aside)?;
        }
        transaction
            .prepare_cached(
                "DELETE FROM edits
                 WHERE village = ?1 AND edition = ?2 AND device = ?3 AND number >= ?4",
            )?
            .execute((id.village.get(), id.edition, signer.device().get(), number))?;
        self.replayed.remove(&id);
        let kept = number.saturating_sub(1);
        let head = self.at(transaction, id)?.head_of(signer.actor(), kept);
        remove_tip(transaction, id, signer.device())?;
        if let Some(head) = head {
            let signature = signer.sign_head(DocumentId::Register(id), kept, head);
            let acknowledged = stood.acknowledged.min(kept);
            let tip = Tip { count: kept, head, signature, acknowledged };
            put_tip(transaction, id, signer.device(), &tip)?;
        }
        if self.current(transaction, id.village)? == id {
            self.project(transaction, id)?;
        }
        if write_later_again {
            for edit in refused.iter().skip(1) {
                self.commit(transaction, signer, id, edit.assignments.clone())?;
            }
        }
        Ok(small(refused.len()))
    }
}

fn grower_of(key: &Key<'_>) -> Option<GrowerId> {
    if key.table == GROWER { key.row.parse().ok() } else { None }
}
