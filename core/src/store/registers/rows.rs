//! The rows of registers: edits in order, and how far each device has written.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension as _, Row, Transaction};

use crate::document::{Actor, Edit, Head, PublicKey, Register, RegisterId, Signature};
use crate::domain::{DeviceNo, VillageNo};
use crate::store::certificates;
use crate::store::error::StoreError;

/// How far a device has written in a register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tip {
    pub(crate) count: u32,
    pub(crate) head: Head,
    pub(crate) signature: Signature,
    pub(crate) acknowledged: u32,
}

pub(super) fn newest_place(connection: &Connection, id: RegisterId) -> Result<i64, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT coalesce(max(place), 0) FROM edits WHERE village = ?1 AND edition = ?2",
    )?;
    Ok(statement.query_row((id.village.get(), id.edition), |row| row.get(0))?)
}

pub(super) fn replay(connection: &Connection, id: RegisterId) -> Result<Register, StoreError> {
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

/// The editions of a village's register that are here, the newest first.
pub(super) fn editions(
    connection: &Connection,
    village: VillageNo,
) -> Result<Vec<RegisterId>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT DISTINCT edition FROM edits WHERE village = ?1 ORDER BY edition DESC",
    )?;
    let rows = statement.query_map([village.get()], |row| row.get(0))?;
    rows.map(|edition| Ok(RegisterId { village, edition: edition? })).collect()
}

pub(super) fn villages(connection: &Connection) -> Result<Vec<VillageNo>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT DISTINCT village FROM edits ORDER BY village")?;
    let rows = statement.query_map([], |row| row.get(0).map(VillageNo::new))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Every edit of an edition, in an order in which each comes after what it depends on.
pub(super) fn edits_of(connection: &Connection, id: RegisterId) -> Result<Vec<Edit>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT bytes FROM edits WHERE village = ?1 AND edition = ?2 ORDER BY place",
    )?;
    let mut rows = statement.query((id.village.get(), id.edition))?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let bytes: Vec<u8> = row.get(0)?;
        all.push(minicbor::decode(&bytes).map_err(StoreError::inconsistent)?);
    }
    Ok(all)
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

fn read_tip(row: &Row<'_>, first: usize) -> rusqlite::Result<Tip> {
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

pub(super) fn put_tip(
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
             acknowledged = max(acknowledged, excluded.acknowledged)
         WHERE excluded.count >= count",
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

pub(super) fn remove_tip(
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
