//! Which numbers of a device are known, and which are missing: the last that came, those that were
//! taken over from paper, and those that other entries speak of.

use std::collections::BTreeSet;

use crate::domain::{Body, DeviceNo, Entry, EntryId, Kind};

use super::Store;
use super::error::StoreError;

/// The numbers of a device, as far as anything here knows of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DeviceNumbers {
    /// The last entry that came from the device itself; 0 if none did.
    pub last: u32,
    /// The highest number that anything speaks of.
    pub known_to: u32,
    /// Numbers beyond the last that were taken over from paper.
    pub recovered: Vec<u32>,
    /// Numbers up to the highest known that are not here, as ranges with both ends.
    pub missing: Vec<(u32, u32)>,
    /// How many of its entries are held.
    pub held: u32,
}

impl Store {
    /// The numbers of a device: what came, what is missing. A gap shows only by what stands behind
    /// it: a slip taken over from paper, a payout, a void, an answer, or an entry issued again.
    ///
    /// # Errors
    /// The store's own.
    pub fn numbers_of(&self, device: DeviceNo) -> Result<DeviceNumbers, StoreError> {
        let last = self.last_of(device)?.map_or(0, |id| id.sequence.get());
        let beyond = |id: EntryId| {
            (id.device == device && id.sequence.get() > last).then(|| id.sequence.get())
        };
        let (mut recovered, mut named) = (BTreeSet::new(), BTreeSet::new());
        // Slips are most of all entries and speak of no other; those that were issued again stand
        // in a table of their own.
        let mut statement =
            self.reader().prepare_cached("SELECT bytes FROM entries WHERE kind <> ?1")?;
        let mut rows = statement.query([Kind::Slip.number()])?;
        while let Some(row) = rows.next()? {
            let bytes = row.get_ref(0)?.as_blob().map_err(StoreError::inconsistent)?;
            let entry = Entry::decode(bytes).map_err(StoreError::inconsistent)?;
            named.extend(entry.body.named().into_iter().filter_map(beyond));
            if let Body::RecoveredEntry(body) = &entry.body {
                recovered.extend(beyond(body.id()));
            }
        }
        let range = (EntryId::new(device, 0).key(), EntryId::new(device, u32::MAX).key());
        let mut statement = self
            .reader()
            .prepare_cached("SELECT origin FROM reissues WHERE origin BETWEEN ?1 AND ?2")?;
        for key in statement.query_map(range, |row| row.get::<_, i64>(0))? {
            named.extend(EntryId::from_key(key?).and_then(beyond));
        }
        let held = self.held_of(device)?;
        let known_to = named.last().copied().unwrap_or(last).max(last);
        let mut missing = Vec::new();
        let mut next = last.saturating_add(1);
        for &number in recovered.iter().chain([&known_to.saturating_add(1)]) {
            if number > next {
                missing.push((next, number.saturating_sub(1)));
            }
            next = next.max(number.saturating_add(1));
        }
        Ok(DeviceNumbers {
            last,
            known_to,
            recovered: recovered.into_iter().collect(),
            missing,
            held,
        })
    }

    /// How many entries of a device are held.
    ///
    /// # Errors
    /// The store's own.
    pub fn held_of(&self, device: DeviceNo) -> Result<u32, StoreError> {
        let range = (EntryId::new(device, 0).key(), EntryId::new(device, u32::MAX).key());
        let mut statement = self.reader().prepare_cached(
            "SELECT count(*) FROM holds WHERE entry BETWEEN ?1 AND ?2 AND status = 'held'",
        )?;
        Ok(statement.query_row(range, |row| row.get(0))?)
    }
}
