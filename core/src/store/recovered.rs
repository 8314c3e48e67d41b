//! Entries that were taken over from paper: found under their own number, whether they came by
//! themselves or not.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension as _};

use crate::domain::{Body, EntryHash, EntryId};
use crate::ledger::{Arrived, District, Partition};
use crate::wire::limits::LAMPORT_JUMP;

use super::entries::{self, Place, Stored};
use super::error::StoreError;

/// What was taken over from paper under this number; no ruling has given it its place yet.
fn taken_over(connection: &Connection, id: EntryId) -> Result<Option<Stored>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT entry FROM recovered WHERE id = ?1")?;
    let by: Option<i64> = statement.query_row([id.key()], |row| row.get(0)).optional()?;
    let Some(by) = by.and_then(EntryId::from_key) else { return Ok(None) };
    let Some(stored) = entries::get(connection, by)? else { return Ok(None) };
    let Body::RecoveredEntry(body) = stored.arrived.entry.body else { return Ok(None) };
    let entry = body.original().map_err(StoreError::inconsistent)?;
    let certificate = &body.certificate;
    let (role, village) = (certificate.role, certificate.village);
    let arrived = Arrived::new(id, body.hash(), role, village, entry);
    Ok(Some(Stored { arrived, bytes: body.entry }))
}

/// The entry that stands under a number: what was taken over from paper before what came.
pub(crate) fn standing(connection: &Connection, id: EntryId) -> Result<Option<Stored>, StoreError> {
    match taken_over(connection, id)? {
        Some(stored) => Ok(Some(stored)),
        None => entries::get(connection, id),
    }
}

/// The entry of a number: what came, or else what was taken over from paper.
pub(crate) fn any(connection: &Connection, id: EntryId) -> Result<Option<Stored>, StoreError> {
    match entries::get(connection, id)? {
        Some(stored) => Ok(Some(stored)),
        None => taken_over(connection, id),
    }
}

/// The hash of what was taken over from paper, if it counts and lies here.
pub(crate) fn counted(
    connection: &Connection,
    partition: Partition,
    id: EntryId,
) -> Result<Option<EntryHash>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT 1 FROM recovered WHERE id = ?1 AND partition = ?2
         AND NOT EXISTS (SELECT 1 FROM holds WHERE entry = ?1)",
    )?;
    if !statement.exists((id.key(), partition.key()))? {
        return Ok(None);
    }
    Ok(taken_over(connection, id)?.map(|stored| stored.arrived.hash))
}

/// The last place in the order of what was taken over from paper in this partition.
pub(crate) fn last_place(
    connection: &Connection,
    partition: Partition,
    district: &District,
) -> Result<Option<Place>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT id FROM recovered WHERE partition = ?1")?;
    let mut rows = statement.query([partition.key()])?;
    let mut last = None;
    while let Some(row) = rows.next()? {
        let Some(id) = EntryId::from_key(row.get(0)?) else { continue };
        if let Some(mut stored) = taken_over(connection, id)? {
            district.place(&mut stored.arrived);
            last = last.max(Some(Place::of(&stored.arrived)));
        }
    }
    Ok(last)
}

/// The highest Lamport number that an entry speaks of: what it takes over from paper comes before
/// whatever is written next.
pub(crate) fn lamport_of(arrived: &Arrived) -> u64 {
    let own = arrived.entry.envelope.lamport;
    let Body::RecoveredEntry(body) = &arrived.entry.body else { return own };
    let original = body.original().map_or(0, |entry| entry.envelope.lamport);
    if original <= own.saturating_add(LAMPORT_JUMP.value) { own.max(original) } else { own }
}

/// Adds what was taken over from paper and did not come by itself, each in its place.
pub(crate) fn restore(all: &mut Vec<Stored>, district: &District) {
    let originals: Vec<Stored> = all
        .iter()
        .filter_map(|stored| {
            let arrived = district.original_of(&stored.arrived)?;
            let Body::RecoveredEntry(body) = &stored.arrived.entry.body else { return None };
            Some(Stored { arrived, bytes: body.entry.clone() })
        })
        .collect();
    if originals.is_empty() {
        return;
    }
    let here: BTreeSet<(EntryId, EntryHash)> =
        all.iter().map(|stored| (stored.arrived.id, stored.arrived.hash)).collect();
    all.extend(originals.into_iter().filter(|o| !here.contains(&(o.arrived.id, o.arrived.hash))));
}
