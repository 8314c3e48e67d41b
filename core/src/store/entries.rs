//! The rows of the entries: their canonical bytes, and beside them what the fold sorts by.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension as _, Row, Transaction};

use crate::domain::device::DeviceRole;
use crate::domain::{Body, DeviceNo, Entry, EntryHash, EntryId, GrowerId, Kind, VillageNo};
use crate::ledger::{Arrived, CloseIndex, District, LamportChain, Partition};

use super::certificates;
use super::error::StoreError;
use super::recovered;

/// Where an entry stands in its partition's order, as the database compares it.
///
/// Lamport numbers beyond 63 bits are cut to the largest; such an entry is a held jump, and the fold
/// sorts it by its own number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) close: i64,
    pub(crate) lamport: i64,
    pub(crate) id: i64,
}

impl Place {
    pub(crate) fn of(arrived: &Arrived) -> Self {
        Place {
            close: close_column(arrived.close),
            lamport: cut(arrived.entry.envelope.lamport),
            id: arrived.id.key(),
        }
    }

    /// Whether the database's order is the ledger's for this entry.
    pub(crate) const fn is_exact(self) -> bool {
        self.lamport < i64::MAX
    }
}

fn cut(lamport: u64) -> i64 {
    i64::try_from(lamport).unwrap_or(i64::MAX)
}

/// The column of a close; the largest number is none.
pub(crate) fn close_column(close: CloseIndex) -> i64 {
    cut(close.get())
}

/// The close behind a column.
fn close_of(column: i64) -> CloseIndex {
    match u64::try_from(column) {
        Ok(lamport) if column < i64::MAX => CloseIndex::new(lamport),
        _ => CloseIndex::OPEN,
    }
}

/// An entry with its bytes, on its way into the store or out of it.
#[derive(Debug, Clone)]
pub(crate) struct Stored {
    pub(crate) arrived: Arrived,
    pub(crate) bytes: Vec<u8>,
}

/// What this entry's Lamport number is measured against, by what the district's rulings say of its
/// device and by its device's last number that was no jump.
pub(crate) fn chain_before(
    connection: &Connection,
    district: &District,
    id: EntryId,
    (role, _): Standing,
) -> Result<LamportChain, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT lamport FROM entries WHERE id < ?1 AND id >= ?2 AND lamport_jump = 0
         ORDER BY id DESC LIMIT 1",
    )?;
    let first = EntryId::new(id.device, 0).key();
    let found: Option<i64> = statement.query_row((id.key(), first), |row| row.get(0)).optional()?;
    let chain = district.chain(id.device, role);
    let last = found.and_then(|lamport| u64::try_from(lamport).ok());
    Ok(last.map_or(chain, |last| chain.after(last)))
}

/// Makes of an entry's bytes what the fold takes; the rulings have not given it its place yet.
pub(crate) fn arrive(
    id: EntryId,
    bytes: Vec<u8>,
    standing: Standing,
    chain: &mut LamportChain,
) -> Result<Stored, StoreError> {
    let mut arrived = arrived(id, &bytes, standing)?;
    arrived.lamport_jump = chain.take(arrived.entry.envelope.lamport);
    Ok(Stored { arrived, bytes })
}

/// An entry of which it is not yet said how its Lamport number lies, nor which close covers it.
fn arrived(id: EntryId, bytes: &[u8], (role, village): Standing) -> Result<Arrived, StoreError> {
    let entry = Entry::decode(bytes).map_err(StoreError::inconsistent)?;
    Ok(Arrived::new(id, EntryHash::of(bytes), role, village, entry))
}

/// Writes the row of a new entry.
pub(crate) fn insert(transaction: &Transaction<'_>, stored: &Stored) -> Result<(), StoreError> {
    let mut statement = transaction.prepare_cached(
        "INSERT INTO entries (id, partition, close_index, lamport, kind, lamport_jump, bytes)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    let arrived = &stored.arrived;
    let place = Place::of(arrived);
    statement.execute((
        place.id,
        arrived.partition().map(Partition::key),
        place.close,
        place.lamport,
        kind_number(&arrived.entry.body),
        arrived.lamport_jump,
        &stored.bytes,
    ))?;
    Ok(())
}

/// The number of an entry's kind.
pub(crate) fn kind_number(body: &Body) -> u16 {
    match body {
        Body::Unknown { kind, .. } => *kind,
        known => known.kind().map_or(0, Kind::number),
    }
}

/// The bytes of one entry.
pub(crate) fn bytes(connection: &Connection, id: EntryId) -> Result<Option<Vec<u8>>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT bytes FROM entries WHERE id = ?1")?;
    Ok(statement.query_row([id.key()], |row| row.get(0)).optional()?)
}

/// The bytes of consecutive entries of one device, as many as are there.
pub(crate) fn bytes_from(
    connection: &Connection,
    first: EntryId,
    count: u32,
) -> Result<Vec<Vec<u8>>, StoreError> {
    let mut statement = connection
        .prepare_cached("SELECT bytes FROM entries WHERE id >= ?1 AND id < ?2 ORDER BY id")?;
    let rows = statement
        .query_map((first.key(), first.key().saturating_add(i64::from(count))), |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// What a device may write, and the village that it serves.
pub(crate) type Standing = (DeviceRole, Option<VillageNo>);

/// What devices may write, looked up once each.
#[derive(Debug, Default)]
pub(crate) struct Standings(HashMap<DeviceNo, Standing>);

impl Standings {
    pub(crate) fn of(
        &mut self,
        connection: &Connection,
        device: DeviceNo,
    ) -> Result<Standing, StoreError> {
        if let Some(standing) = self.0.get(&device) {
            return Ok(*standing);
        }
        let standing = certificates::standing(connection, device)?.ok_or_else(|| {
            StoreError::inconsistent(format!("entries of {device} without a certificate"))
        })?;
        self.0.insert(device, standing);
        Ok(standing)
    }
}

/// One entry as the fold takes it.
pub(crate) fn get(connection: &Connection, id: EntryId) -> Result<Option<Stored>, StoreError> {
    let mut statement = connection
        .prepare_cached("SELECT id, close_index, lamport_jump, bytes FROM entries WHERE id = ?1")?;
    let mut rows = statement.query([id.key()])?;
    match rows.next()? {
        None => Ok(None),
        Some(row) => read(connection, row, &mut Standings::default()).map(Some),
    }
}

/// Reads `id, close_index, lamport_jump, bytes` in the first four columns.
pub(crate) fn read(
    connection: &Connection,
    row: &Row<'_>,
    standings: &mut Standings,
) -> Result<Stored, StoreError> {
    Ok(Stored { arrived: read_arrived(connection, row, standings)?, bytes: row.get(3)? })
}

/// The same without keeping the bytes.
pub(crate) fn read_arrived(
    connection: &Connection,
    row: &Row<'_>,
    standings: &mut Standings,
) -> Result<Arrived, StoreError> {
    let key: i64 = row.get(0)?;
    let id = EntryId::from_key(key)
        .ok_or_else(|| StoreError::inconsistent(format!("entry key {key}")))?;
    let bytes = row.get_ref(3)?.as_blob().map_err(StoreError::inconsistent)?;
    let standing = standings.of(connection, id.device)?;
    let mut arrived = arrived(id, bytes, standing)?;
    arrived.close = close_of(row.get(1)?);
    arrived.lamport_jump = row.get(2)?;
    Ok(arrived)
}

/// The last place in the order of this partition's entries.
pub(crate) fn last_place(
    connection: &Connection,
    partition: Partition,
) -> Result<Option<Place>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT close_index, lamport, id FROM entries WHERE partition = ?1
         ORDER BY close_index DESC, lamport DESC, id DESC LIMIT 1",
    )?;
    let place = statement
        .query_row([partition.key()], |row| {
            Ok(Place { close: row.get(0)?, lamport: row.get(1)?, id: row.get(2)? })
        })
        .optional()?;
    Ok(place)
}

const OF_PARTITION: &str = "SELECT id, close_index, lamport_jump, bytes FROM entries
     WHERE partition IS ?1 ORDER BY close_index, lamport, id";

/// Every entry of this partition, or of none, in its place and in the order of the ledger.
pub(crate) fn of_partition(
    connection: &Connection,
    partition: Option<Partition>,
    district: &District,
    standings: &mut Standings,
) -> Result<Vec<Stored>, StoreError> {
    let mut statement = connection.prepare_cached(OF_PARTITION)?;
    let mut rows = statement.query([partition.map(Partition::key)])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let mut stored = read(connection, row, standings)?;
        district.place(&mut stored.arrived);
        all.push(stored);
    }
    recovered::restore(&mut all, district);
    // Only numbers beyond 63 bits are out of order here.
    all.sort_by_key(|stored: &Stored| stored.arrived.order());
    Ok(all)
}

/// The same for a fold, without the bytes.
pub(crate) fn arrived_of(
    connection: &Connection,
    partition: Partition,
    district: &District,
    standings: &mut Standings,
) -> Result<Vec<Arrived>, StoreError> {
    let mut statement = connection.prepare_cached(OF_PARTITION)?;
    let mut rows = statement.query([partition.key()])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let mut arrived = read_arrived(connection, row, standings)?;
        district.place(&mut arrived);
        all.push(arrived);
    }
    district.restore(&mut all);
    all.sort_by_key(Arrived::order);
    Ok(all)
}

/// Every partition of which there is an entry, in order of their keys.
pub(crate) fn partitions(connection: &Connection) -> Result<Vec<Partition>, StoreError> {
    partitions_from(connection, i64::MIN)
}

/// Every grower of whom there is an entry, in order of their numbers.
pub(crate) fn growers(connection: &Connection) -> Result<Vec<GrowerId>, StoreError> {
    let all = partitions_from(connection, 0)?;
    Ok(all.into_iter().filter_map(Partition::grower).collect())
}

fn partitions_from(connection: &Connection, least: i64) -> Result<Vec<Partition>, StoreError> {
    // Steps from one partition to the next along the index instead of reading every entry.
    let mut statement = connection.prepare_cached(
        "WITH RECURSIVE step (partition) AS (
             SELECT min(partition) FROM entries WHERE partition >= ?1
             UNION ALL
             SELECT (SELECT min(partition) FROM entries WHERE partition > step.partition) FROM step
             WHERE step.partition IS NOT NULL
         )
         SELECT partition FROM step WHERE partition IS NOT NULL",
    )?;
    let rows = statement.query_map([least], |row| row.get::<_, i64>(0))?;
    let mut partitions = Vec::new();
    for row in rows {
        partitions.extend(Partition::from_key(row?));
    }
    Ok(partitions)
}
