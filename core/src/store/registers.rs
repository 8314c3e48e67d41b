//! The registers of the villages: edits in tables, the documents in memory, replayed when they are
//! first needed.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension as _, Transaction};

use crate::document::register::keys::{GROWER, Key};
use crate::document::{
    Actor, ApplyError, DocumentId, Edit, EditFault, Head, PublicKey, Register, RegisterId,
    Signature, Value,
};
use crate::domain::{DeviceNo, GrowerId, VillageNo};
use crate::wire::EditPart;

use super::certificates;
use super::error::StoreError;
use super::growers::{self, GrowerRow};
use super::ingest::{Checked, FORK, Fate, Ingest, UNREADABLE, small};
use super::parked::{Part, Wait};
use super::set_aside::{self, SetAside};
use super::signer::Signer;

/// Registers in memory, each with the place of the last edit that was replayed into it.
#[derive(Debug, Default)]
pub(crate) struct Registers {
    replayed: BTreeMap<RegisterId, (i64, Register)>,
}

impl Registers {
    /// Forgets everything in memory: a transaction was rolled back.
    pub(crate) fn forget(&mut self) {
        self.replayed.clear();
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
        let begun = newest_place(transaction, id)? == 0;
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
        if begun {
            // A new edition takes the place of the old one's rows.
            return self.project(transaction, id, None);
        }
        let keys = edits.iter().flat_map(|edit| &edit.assignments);
        let touched = keys.filter_map(|(key, _)| grower_of(key)).collect();
        self.project(transaction, id, Some(&touched))
    }

    /// Brings the growers' rows up to the register: those that were touched, or all.
    fn project(
        &mut self,
        transaction: &Transaction<'_>,
        id: RegisterId,
        touched: Option<&BTreeSet<GrowerId>>,
    ) -> Result<(), StoreError> {
        if current(transaction, id.village)? != id || touched.is_some_and(BTreeSet::is_empty) {
            return Ok(());
        }
        if touched.is_none() {
            growers::clear(transaction, id.village)?;
        }
        for (row, fields) in self.at(transaction, id)?.rows(GROWER) {
            let Ok(grower) = row.parse::<GrowerId>() else { continue };
            if touched.is_none_or(|touched| touched.contains(&grower)) {
                growers::put(transaction, &GrowerRow::of(grower, id.village, &fields))?;
            }
        }
        Ok(())
    }

    /// Projects the newest edition of every village, into an empty table.
    pub(crate) fn project_all(&mut self, transaction: &Transaction<'_>) -> Result<(), StoreError> {
        for village in villages(transaction)? {
            let id = current(transaction, village)?;
            self.project(transaction, id, None)?;
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
        self.project(transaction, id, None)?;
        if write_later_again {
            for edit in refused.iter().skip(1) {
                self.commit(transaction, signer, id, edit.assignments.clone())?;
            }
        }
        Ok(small(refused.len()))
    }
}

impl Ingest<'_, '_> {
    /// Takes a part of a register, whole or not at all.
    pub(crate) fn edit_part(&mut self, part: &EditPart) -> Result<Fate, StoreError> {
        let Some(certificate) = certificates::of(self.transaction, part.device)? else {
            return Ok(Fate::Waits(Wait::Certificate));
        };
        let actor = Actor::of(&PublicKey(certificate.public_key));
        let (fate, new, head) = self.apply_edits(part, &actor)?;
        let signed = match (fate, head, new.last()) {
            (Fate::Taken, Some(head), Some(last)) => match self.checked {
                Checked::AtTheDoor => Fate::Taken,
                Checked::Here => {
                    let document = DocumentId::Register(part.register);
                    let checked = self.trust.check_head(
                        &certificate,
                        document,
                        last.number,
                        head,
                        &part.signature,
                    );
                    checked.map_or_else(|distrust| Fate::Aside(distrust.code()), |()| Fate::Taken)
                }
            },
            (Fate::Taken, _, _) => return Ok(Fate::Taken),
            (other, _, _) => other,
        };
        if !matches!(signed, Fate::Taken) {
            // The register in memory may have taken some of it.
            self.registers.replayed.remove(&part.register);
            return Ok(signed);
        }
        self.registers.keep(self.transaction, part.register, &new)?;
        if let (Some(head), Some(last)) = (head, new.last()) {
            let count = last.number;
            let tip = Tip { count, head, signature: part.signature, acknowledged: count };
            put_tip(self.transaction, part.register, part.device, &tip)?;
        }
        self.took_edits(small(new.len()));
        Ok(Fate::Taken)
    }

    /// Applies the edits in memory: what became of the part, what of it is new, and the last head.
    fn apply_edits(
        &mut self,
        part: &EditPart,
        actor: &Actor,
    ) -> Result<(Fate, Vec<Edit>, Option<Head>), StoreError> {
        let register = self.registers.at(self.transaction, part.register)?;
        let (mut new, mut head, mut duplicates) = (Vec::new(), None, 0_usize);
        let mut fate = Fate::Taken;
        for edit in &part.edits {
            if edit.device != part.device {
                fate = Fate::Aside(UNREADABLE);
                break;
            }
            match register.apply(edit, actor) {
                Ok(change) => {
                    head = Some(change);
                    new.push(edit.clone());
                }
                Err(ApplyError::Duplicate { .. }) => duplicates = duplicates.saturating_add(1),
                Err(ApplyError::Fork { .. }) => fate = Fate::Aside(FORK),
                Err(ApplyError::OutOfTurn { .. }) => fate = Fate::Waits(Wait::Before),
                Err(ApplyError::MissingDeps) => fate = Fate::Waits(Wait::Dependencies),
                Err(ApplyError::Malformed(_) | ApplyError::Automerge(_)) => {
                    fate = Fate::Aside(UNREADABLE);
                }
            }
            if !matches!(fate, Fate::Taken) {
                break;
            }
        }
        if matches!(fate, Fate::Taken) {
            self.done.duplicates = self.done.duplicates.saturating_add(small(duplicates));
        }
        Ok((fate, new, head))
    }
}

/// How far a device has written in a register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tip {
    pub(crate) count: u32,
    pub(crate) head: Head,
    pub(crate) signature: Signature,
    pub(crate) acknowledged: u32,
}

fn grower_of(key: &str) -> Option<GrowerId> {
    let key = Key::parse(key)?;
    if key.table == GROWER { key.row.parse().ok() } else { None }
}

fn newest_place(connection: &Connection, id: RegisterId) -> Result<i64, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT coalesce(max(place), 0) FROM edits WHERE village = ?1 AND edition = ?2",
    )?;
    Ok(statement.query_row((id.village.get(), id.edition), |row| row.get(0))?)
}

fn replay(connection: &Connection, id: RegisterId) -> Result<Register, StoreError> {
    let mut register = Register::new(id);
    let mut actors: BTreeMap<DeviceNo, Actor> = BTreeMap::new();
    let mut statement = connection.prepare_cached(
        "SELECT bytes FROM edits WHERE village = ?1 AND edition = ?2 ORDER BY place",
    )?;
    let mut rows = statement.query((id.village.get(), id.edition))?;
    while let Some(row) = rows.next()? {
        let edit: Edit =
            minicbor::decode(&row.get::<_, Vec<u8>>(0)?).map_err(StoreError::inconsistent)?;
        let actor = match actors.get(&edit.device) {
            Some(actor) => *actor,
            None => {
                let certificate = certificates::of(connection, edit.device)?.ok_or_else(|| {
                    let device = edit.device;
                    StoreError::inconsistent(format!("edits of {device} without a certificate"))
                })?;
                let actor = Actor::of(&PublicKey(certificate.public_key));
                actors.insert(edit.device, actor);
                actor
            }
        };
        register.apply(&edit, &actor).map_err(StoreError::inconsistent)?;
    }
    Ok(register)
}

/// The change of a device's edit, from a register replayed for it alone.
pub(crate) fn head_of(
    connection: &Connection,
    id: RegisterId,
    actor: &Actor,
    number: u32,
) -> Result<Head, StoreError> {
    replay(connection, id)?
        .head_of(actor, number)
        .ok_or_else(|| StoreError::inconsistent(format!("edit {number} of {id}")))
}

/// The newest edition of a village's register that is here; the first if there is none yet.
pub(crate) fn current(
    connection: &Connection,
    village: VillageNo,
) -> Result<RegisterId, StoreError> {
    let mut statement = connection
        .prepare_cached("SELECT coalesce(max(edition), 0) FROM edits WHERE village = ?1")?;
    let edition = statement.query_row([village.get()], |row| row.get(0))?;
    Ok(RegisterId { village, edition })
}

fn villages(connection: &Connection) -> Result<Vec<VillageNo>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT DISTINCT village FROM edits ORDER BY village")?;
    let rows = statement.query_map([], |row| row.get(0).map(VillageNo::new))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The edits of a device from a number on, in order.
pub(crate) fn of_device(
    connection: &Connection,
    id: RegisterId,
    device: DeviceNo,
    first: u32,
) -> Result<Vec<Edit>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT bytes FROM edits
         WHERE village = ?1 AND edition = ?2 AND device = ?3 AND number >= ?4 ORDER BY number",
    )?;
    let mut rows = statement.query((id.village.get(), id.edition, device.get(), first))?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let bytes: Vec<u8> = row.get(0)?;
        all.push(minicbor::decode(&bytes).map_err(StoreError::inconsistent)?);
    }
    Ok(all)
}

fn read_tip(row: &rusqlite::Row<'_>, first: usize) -> rusqlite::Result<Tip> {
    Ok(Tip {
        count: row.get(first)?,
        head: Head(row.get(first.saturating_add(1))?),
        signature: Signature(row.get(first.saturating_add(2))?),
        acknowledged: row.get(first.saturating_add(3))?,
    })
}

/// How far a device has written in a register.
pub(crate) fn tip(
    connection: &Connection,
    id: RegisterId,
    device: DeviceNo,
) -> Result<Option<Tip>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT count, head, signature, acknowledged FROM edit_tips
         WHERE village = ?1 AND edition = ?2 AND device = ?3",
    )?;
    let key = (id.village.get(), id.edition, device.get());
    Ok(statement.query_row(key, |row| read_tip(row, 0)).optional()?)
}

/// How far every device has written in every register, in order.
pub(crate) fn tips(
    connection: &Connection,
) -> Result<Vec<(RegisterId, DeviceNo, Tip)>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT village, edition, device, count, head, signature, acknowledged FROM edit_tips
         ORDER BY village, edition, device",
    )?;
    let mut rows = statement.query([])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let id = RegisterId { village: VillageNo::new(row.get(0)?), edition: row.get(1)? };
        let device =
            DeviceNo::new(row.get(2)?).ok_or_else(|| StoreError::inconsistent("device number"))?;
        all.push((id, device, read_tip(row, 3)?));
    }
    Ok(all)
}

fn put_tip(
    transaction: &Transaction<'_>,
    id: RegisterId,
    device: DeviceNo,
    tip: &Tip,
) -> Result<(), StoreError> {
    let mut statement = transaction.prepare_cached(
        "INSERT INTO edit_tips (village, edition, device, count, head, signature, acknowledged)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT DO UPDATE SET count = excluded.count, head = excluded.head,
             signature = excluded.signature,
             acknowledged = max(acknowledged, excluded.acknowledged)",
    )?;
    statement.execute((
        id.village.get(),
        id.edition,
        device.get(),
        tip.count,
        tip.head.0,
        tip.signature.0,
        tip.acknowledged,
    ))?;
    Ok(())
}

fn remove_tip(
    transaction: &Transaction<'_>,
    id: RegisterId,
    device: DeviceNo,
) -> Result<(), StoreError> {
    transaction
        .prepare_cached(
            "DELETE FROM edit_tips WHERE village = ?1 AND edition = ?2 AND device = ?3",
        )?
        .execute((id.village.get(), id.edition, device.get()))?;
    Ok(())
}

/// The server has exactly this many edits of a device: more than before, or, after a restore, less.
pub(crate) fn set_acknowledged(
    transaction: &Transaction<'_>,
    id: RegisterId,
    device: DeviceNo,
    count: u32,
) -> Result<(), StoreError> {
    let mut statement = transaction.prepare_cached(
        "UPDATE edit_tips SET acknowledged = min(count, ?4)
         WHERE village = ?1 AND edition = ?2 AND device = ?3",
    )?;
    statement.execute((id.village.get(), id.edition, device.get(), count))?;
    Ok(())
}
