//! Keeps what was derived of each partition and each device, and derives again only what moved.
//!
//! What a partition shows follows from its entries, the district's rulings and lists, the day of
//! looking, and whether its household is registered. Entries are never changed and come to a device
//! in order, so the partitions that moved are those of the entries after each device's last known
//! number; whatever else changes makes all of them anew.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use courtyard_core::domain::{BusinessDate, DeviceNo, GrowerId, Sequence};
use courtyard_core::ledger::exceptions::{
    Exception, Folded, Weighed, in_order, of_devices, of_weights,
};
use courtyard_core::ledger::{CountRecord, District, Partition, Published};
use courtyard_core::store::{LastMoves, Store, StoreError};

use super::around::{self, Known};
use super::part::{By, Part};
use super::phones::Phone;
use super::words;

/// What was derived, by partition and by device.
#[derive(Debug, Default)]
pub struct Parts {
    basis: Option<Basis>,
    positions: BTreeMap<DeviceNo, Sequence>,
    partitions: BTreeMap<Option<Partition>, Part>,
    devices: BTreeMap<DeviceNo, Vec<Arc<Exception>>>,
}

/// What every part was derived by.
#[derive(Debug, PartialEq)]
struct Basis {
    /// A view that was made anew from a restored log may hold other entries under the same numbers.
    epoch: u32,
    today: BusinessDate,
    published: Arc<Published>,
    district: Arc<District>,
}

impl Parts {
    /// Derives again what moved, and answers everything there is, in the order in which it is shown.
    ///
    /// # Errors
    /// The store's own; the next call derives what this one did not.
    pub fn update(
        &mut self,
        store: &Store,
        phones: &[Phone],
        today: BusinessDate,
    ) -> Result<Vec<Arc<Exception>>, StoreError> {
        let epoch = store.followed()?.epoch;
        let positions: BTreeMap<DeviceNo, Sequence> = store.positions()?.into_iter().collect();
        let goes_on = |(device, known): (&DeviceNo, &Sequence)| {
            positions.get(device).is_some_and(|now| known <= now)
        };
        let same = self.basis.as_ref().is_none_or(|basis| basis.epoch == epoch);
        if !same || !self.positions.iter().all(goes_on) {
            // Another view than the one before.
            *self = Parts::default();
        }
        let grown: Vec<DeviceNo> = positions
            .iter()
            .filter(|(device, last)| self.positions.get(*device) != Some(*last))
            .map(|(device, _)| *device)
            .collect();
        let mut moved: BTreeSet<Option<Partition>> = BTreeSet::new();
        if self.basis.is_some() {
            for &device in &grown {
                let known = self.positions.get(&device).copied().unwrap_or_default();
                moved.extend(store.partitions_after(device, known)?);
            }
        }
        let district = store.district()?;
        let published = self.published(store, &district, &moved)?;
        let basis = Basis { epoch, today, published: Arc::clone(&published), district };
        let anew = self.basis.as_ref() != Some(&basis);
        if anew {
            // Not before everything is derived by the new one does it stand.
            self.basis = None;
            moved.extend(store.partitions()?.into_iter().map(Some));
            moved.insert(None);
        }
        let mut growers = store.growers(None)?;
        growers.sort_by_key(|row| row.id);
        let is_registered =
            |grower: GrowerId| growers.binary_search_by_key(&grower, |row| row.id).is_ok();
        let is_known = |partition: Option<Partition>| {
            partition.and_then(Partition::grower).is_none_or(is_registered)
        };
        let renamed = self.partitions.iter().filter(|(p, part)| part.registered != is_known(**p));
        moved.extend(renamed.map(|(partition, _)| *partition));

        let by = By { published: &published, today, positions: &positions };
        for partition in moved {
            let part = Part::derive(store, partition, is_known(partition), &by)?;
            self.partitions.insert(partition, part);
        }
        let devices = if anew { positions.keys().copied().collect() } else { grown };
        for device in devices {
            let all = store.entries_by(device)?;
            let entries: Vec<Folded> =
                all.into_iter().map(|stored| Folded::new(&stored.arrived, stored.status)).collect();
            let found = of_devices(&entries).into_iter().map(Arc::new).collect();
            self.devices.insert(device, found);
        }
        self.positions = positions;
        self.basis = Some(basis);

        let threads = store.threads()?;
        let mut last_moves = LastMoves::default();
        let mut counts: Vec<CountRecord> = Vec::new();
        for part in self.partitions.values() {
            last_moves.merge(&part.last_moves);
            counts.extend(part.counts.iter().cloned());
        }
        let known = Known {
            rules: published.rules(),
            today,
            phones,
            growers: &growers,
            threads: &threads,
            counts: &counts,
            last_moves: &last_moves,
        };
        let spoken = self.partitions.values().flat_map(|part| &part.spoken);
        let around = around::derive(store, &known, spoken)?;

        let accepted = words::accepted(&threads);
        let mut all = self.all();
        all.extend(around.into_iter().map(Arc::new));
        all.retain(|exception| !words::is_reviewed(exception, &accepted));
        in_order(&mut all);
        Ok(all)
    }

    /// What the entries show.
    fn all(&self) -> Vec<Arc<Exception>> {
        let parts = self.partitions.values().flat_map(|part| &part.found);
        let mut all: Vec<Arc<Exception>> =
            parts.chain(self.devices.values().flatten()).map(Arc::clone).collect();
        let weights: Vec<&[Weighed]> =
            self.partitions.values().map(|part| part.weights.as_slice()).collect();
        all.extend(of_weights(weights.iter().copied().flatten()).into_iter().map(Arc::new));
        all
    }

    /// The district's lists and rules: as they were, unless something came that lies in no
    /// partition.
    fn published(
        &self,
        store: &Store,
        district: &Arc<District>,
        moved: &BTreeSet<Option<Partition>>,
    ) -> Result<Arc<Published>, StoreError> {
        if let Some(basis) = &self.basis
            && basis.district == *district
            && !moved.contains(&None)
        {
            return Ok(Arc::clone(&basis.published));
        }
        let entries = store.entries_of(None)?;
        Ok(Arc::new(Published::fold(entries.iter().map(|stored| &stored.arrived))))
    }
}
