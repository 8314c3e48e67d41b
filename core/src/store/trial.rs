//! What would become of entries that are not written yet.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::domain::device::DeviceRole;
use crate::domain::{self, Body, DeviceNo, EntryHash, EntryId, Envelope, VillageNo};
use crate::ledger::{self, Arrived, MemoryRecords, Outcome, Partition};

use super::{Store, StoreError};

/// Trial entries lie beyond every number that a device can have given.
const FIRST_TRIAL: u32 = u32::MAX / 2;

impl Store {
    /// What would become of these entries if the office of a village wrote them now, one after the
    /// other. Nothing is kept of the trial.
    ///
    /// # Errors
    /// The store's own.
    pub fn trial(
        &self,
        office: (DeviceNo, VillageNo),
        envelope: &Envelope,
        bodies: &[Body],
    ) -> Result<Vec<Outcome>, StoreError> {
        let mut folded: HashMap<Option<Partition>, MemoryRecords> = HashMap::new();
        let mut outcomes = Vec::with_capacity(bodies.len());
        for (body, number) in bodies.iter().zip(FIRST_TRIAL..) {
            let entry = domain::Entry { envelope: envelope.clone(), body: body.clone() };
            let (id, hash) = (EntryId::new(office.0, number), EntryHash::of(&entry.encode()));
            let arrived = Arrived::new(id, hash, DeviceRole::VillageOffice, Some(office.1), entry);
            let partition = arrived.partition();
            let records = match folded.entry(partition) {
                Entry::Occupied(folded) => folded.into_mut(),
                Entry::Vacant(empty) => empty.insert(self.folded(partition)?),
            };
            outcomes.push(ledger::apply(records, &arrived)?);
        }
        Ok(outcomes)
    }

    /// A partition folded in memory.
    fn folded(&self, partition: Option<Partition>) -> Result<MemoryRecords, StoreError> {
        let mut records = MemoryRecords::new();
        if partition.is_some() {
            for stored in self.entries_of(partition)? {
                ledger::apply(&mut records, &stored.arrived)?;
            }
        }
        Ok(records)
    }
}
