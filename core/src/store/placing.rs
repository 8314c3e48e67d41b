//! Gives entries their place again after a ruling: the columns that follow from it, and which
//! partitions must be folded again.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, Transaction};

use crate::domain::{DeviceNo, EntryId, Kind, VillageNo};
use crate::ledger::district::{RULINGS, Reach};
use crate::ledger::{District, Partition};

use super::certificates;
use super::entries::{self, Standings, Stored};
use super::error::StoreError;
use super::{project, published, rulings};

/// The work of one transaction after its rulings.
pub(crate) struct Placing<'t, 'd> {
    transaction: &'t Transaction<'t>,
    district: &'d District,
    standings: &'d mut Standings,
    /// Partitions that must be folded again.
    behind: &'d mut BTreeSet<Partition>,
    /// What the district publishes may no longer be what counts.
    republish: bool,
    /// A ruling itself became sound or ceased to be: everything is judged again.
    unsettled: bool,
}

/// Brings every row within these reaches to its place. Answers the rulings anew if they themselves
/// changed; then everything has been placed by those.
pub(crate) fn place(
    transaction: &Transaction<'_>,
    district: &District,
    standings: &mut Standings,
    behind: &mut BTreeSet<Partition>,
    reaches: &[Reach],
) -> Result<Option<District>, StoreError> {
    let mut placing =
        Placing { transaction, district, standings, behind, republish: false, unsettled: false };
    for reach in reaches {
        match *reach {
            Reach::Entry(id) => placing.entry(id)?,
            Reach::Beyond(device, count) => placing.beyond(device, count)?,
            Reach::Village(village) => placing.village(village)?,
            Reach::Lamports(device) => placing.lamports(device)?,
            Reach::Everything => placing.everything()?,
        }
    }
    let (republish, unsettled) = (placing.republish, placing.unsettled);
    if unsettled {
        let district = rulings::load(transaction)?;
        let mut placing = Placing {
            transaction,
            district: &district,
            standings,
            behind,
            republish: false,
            unsettled: false,
        };
        placing.everything()?;
        published::publish_again(transaction, standings)?;
        return Ok(Some(district));
    }
    if republish {
        published::publish_again(transaction, standings)?;
    }
    Ok(None)
}

impl Placing<'_, '_> {
    fn entry(&mut self, id: EntryId) -> Result<(), StoreError> {
        if let Some(recovered) = self.district.recovered(id)
            && let Some(stored) = entries::get(self.transaction, recovered.by)?
        {
            // It stands in the partition of the entry that took it over.
            self.again(stored)?;
        }
        match entries::get(self.transaction, id)? {
            Some(stored) => self.again(stored),
            None => Ok(()),
        }
    }

    fn beyond(&mut self, device: DeviceNo, count: u32) -> Result<(), StoreError> {
        for id in ids_of(self.transaction, device, count)? {
            self.entry(id)?;
        }
        Ok(())
    }

    /// Places an entry whose ruling may have changed, and projects it again.
    fn again(&mut self, mut stored: Stored) -> Result<(), StoreError> {
        let before = stored.arrived.close;
        self.district.place(&mut stored.arrived);
        if stored.arrived.close != before {
            let close = entries::Place::of(&stored.arrived).close;
            set_close(self.transaction, stored.arrived.id.key(), close)?;
        }
        match stored.arrived.partition() {
            Some(partition) => {
                self.behind.insert(partition);
            }
            None => {
                self.transaction
                    .prepare_cached("DELETE FROM holds WHERE entry = ?1")?
                    .execute([stored.arrived.id.key()])?;
                project::project_alone(self.transaction, &stored)?;
                self.republish |= published::is_published(&stored.arrived.entry.body);
            }
        }
        Ok(())
    }

    /// A close most often only moves what it covers before what it does not: a partition is folded
    /// again only if that changed its order, or one of its entries is decided on or cut off.
    fn village(&mut self, village: VillageNo) -> Result<(), StoreError> {
        let mut moved = Vec::new();
        for device in certificates::of_village(self.transaction, village)? {
            moved.extend(self.moved(device, Some(village))?);
        }
        self.move_rows(&moved)?;
        let ruled = self.district.ruled_in(village);
        for id in ruled.entries {
            self.entry(id)?;
        }
        for (device, count) in ruled.cut_off {
            if self.standing(device)?.is_some_and(|(_, serves)| serves == Some(village)) {
                self.beyond(device, count)?;
            }
        }
        Ok(())
    }

    fn standing(&self, device: DeviceNo) -> Result<Option<entries::Standing>, StoreError> {
        certificates::standing(self.transaction, device)
    }

    /// The rows of a device whose close is another now.
    fn moved(
        &self,
        device: DeviceNo,
        village: Option<VillageNo>,
    ) -> Result<Vec<Moved>, StoreError> {
        let mut statement = self.transaction.prepare_cached(
            "SELECT id, partition, close_index FROM entries WHERE id BETWEEN ?1 AND ?2",
        )?;
        let mut rows = statement.query(range(device, 0))?;
        let mut moved = Vec::new();
        while let Some(row) = rows.next()? {
            let id: i64 = row.get(0)?;
            let Some(entry) = EntryId::from_key(id) else { continue };
            let close = entries::close_column(self.district.close_of(village, entry));
            if row.get::<_, i64>(2)? != close {
                moved.push(Moved { id, partition: row.get(1)?, close });
            }
        }
        Ok(moved)
    }

    fn move_rows(&mut self, moved: &[Moved]) -> Result<(), StoreError> {
        let mut orders: BTreeMap<i64, Option<Vec<i64>>> = BTreeMap::new();
        for partition in moved.iter().filter_map(|row| row.partition) {
            if let std::collections::btree_map::Entry::Vacant(place) = orders.entry(partition) {
                place.insert(order(self.transaction, partition)?);
            }
        }
        for row in moved {
            set_close(self.transaction, row.id, row.close)?;
        }
        for (key, before) in orders {
            if before.is_none() || order(self.transaction, key)? != before {
                self.behind.extend(Partition::from_key(key));
            }
        }
        Ok(())
    }

    /// Judges a device's Lamport numbers again.
    fn lamports(&mut self, device: DeviceNo) -> Result<(), StoreError> {
        let Some((role, _)) = self.standing(device)? else { return Ok(()) };
        for (id, kind) in judge(self.transaction, self.district, device, role)? {
            if RULINGS.iter().map(|ruling| ruling.number()).any(|number| number == kind) {
                self.unsettled = true;
            }
            self.entry(id)?;
        }
        Ok(())
    }

    fn everything(&mut self) -> Result<(), StoreError> {
        place_all(self.transaction, self.district)?;
        self.behind.extend(entries::partitions(self.transaction)?);
        for stored in entries::of_partition(self.transaction, None, self.district, self.standings)?
        {
            self.again(stored)?;
        }
        self.republish = true;
        Ok(())
    }
}

/// A row whose close is another now.
struct Moved {
    id: i64,
    partition: Option<i64>,
    close: i64,
}

/// Brings every row's close to what the rulings say, without folding anything.
pub(crate) fn place_all(
    transaction: &Transaction<'_>,
    district: &District,
) -> Result<(), StoreError> {
    let mut behind = BTreeSet::new();
    let mut standings = Standings::default();
    let placing = Placing {
        transaction,
        district,
        standings: &mut standings,
        behind: &mut behind,
        republish: false,
        unsettled: false,
    };
    for device in certificates::in_scope(transaction, None)? {
        let Some((_, village)) = placing.standing(device)? else { continue };
        for row in placing.moved(device, village)? {
            set_close(transaction, row.id, row.close)?;
        }
    }
    Ok(())
}

/// Judges the Lamport numbers of every device again; whether that touched a ruling.
pub(crate) fn judge_all(
    transaction: &Transaction<'_>,
    district: &District,
) -> Result<bool, StoreError> {
    let mut rulings = false;
    for device in certificates::in_scope(transaction, None)? {
        let Some((role, _)) = certificates::standing(transaction, device)? else { continue };
        let changed = judge(transaction, district, device, role)?;
        rulings |= changed.iter().any(|&(_, kind)| RULINGS.iter().any(|r| r.number() == kind));
    }
    Ok(rulings)
}

/// Judges a device's Lamport numbers again; the entries of which the answer is another now, with
/// the numbers of their kinds.
fn judge(
    transaction: &Transaction<'_>,
    district: &District,
    device: DeviceNo,
    role: crate::domain::device::DeviceRole,
) -> Result<Vec<(EntryId, u16)>, StoreError> {
    let mut chain = district.chain(device, role);
    let mut changed = Vec::new();
    let mut statement = transaction.prepare_cached(
        "SELECT id, lamport, lamport_jump, kind FROM entries WHERE id BETWEEN ?1 AND ?2 ORDER BY id",
    )?;
    let mut rows = statement.query(range(device, 0))?;
    while let Some(row) = rows.next()? {
        let lamport = u64::try_from(row.get::<_, i64>(1)?).unwrap_or(0);
        let jumps = chain.take(lamport);
        if jumps != row.get::<_, bool>(2)? {
            let id = EntryId::from_key(row.get(0)?);
            let kind: u16 = row.get(3)?;
            changed.extend(id.map(|id| (id, kind, jumps)));
        }
    }
    let mut statement =
        transaction.prepare_cached("UPDATE entries SET lamport_jump = ?2 WHERE id = ?1")?;
    for (id, _, jumps) in &changed {
        statement.execute((id.key(), jumps))?;
    }
    Ok(changed.into_iter().map(|(id, kind, _)| (id, kind)).collect())
}

/// The keys of a device's entries after this number.
fn range(device: DeviceNo, after: u32) -> (i64, i64) {
    let first = EntryId::new(device, after).key().saturating_add(1);
    (first, EntryId::new(device, u32::MAX).key())
}

fn ids_of(
    connection: &Connection,
    device: DeviceNo,
    after: u32,
) -> Result<Vec<EntryId>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT id FROM entries WHERE id BETWEEN ?1 AND ?2")?;
    let rows = statement.query_map(range(device, after), |row| row.get::<_, i64>(0))?;
    let mut ids = Vec::new();
    for row in rows {
        ids.extend(EntryId::from_key(row?));
    }
    Ok(ids)
}

fn set_close(transaction: &Transaction<'_>, id: i64, close: i64) -> Result<(), StoreError> {
    let mut statement =
        transaction.prepare_cached("UPDATE entries SET close_index = ?2 WHERE id = ?1")?;
    statement.execute((id, close))?;
    Ok(())
}

/// A partition's entries in the database's order; `None` where that is not the ledger's.
fn order(connection: &Connection, partition: i64) -> Result<Option<Vec<i64>>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT id, lamport FROM entries WHERE partition = ?1 ORDER BY close_index, lamport, id",
    )?;
    let mut rows = statement.query([partition])?;
    let mut ids = Vec::new();
    while let Some(row) = rows.next()? {
        if row.get::<_, i64>(1)? == i64::MAX {
            return Ok(None);
        }
        ids.push(row.get(0)?);
    }
    Ok(Some(ids))
}

/// Whether entries of this kind are rulings.
pub(crate) fn is_ruling(kind: Option<Kind>) -> bool {
    kind.is_some_and(|kind| RULINGS.contains(&kind))
}
