//! A partition or a device read by itself, and which of them moved: what is derived from everything
//! is derived again only where something changed.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::{Body, DeviceNo, EntryId, Rule, Sequence};
use crate::ledger::{Partition, SlipRecord, Status};
use crate::store::entries::{self, Standings};
use crate::store::{Store, StoreError, StoredEntry, records, recovered};

impl Store {
    /// The slips of a grower as they stand, of these entries of its partition.
    ///
    /// # Errors
    /// The store's own. So for every method here.
    pub fn slips_among(
        &self,
        partition: Partition,
        entries: &[StoredEntry],
    ) -> Result<Vec<SlipRecord>, StoreError> {
        let Some(grower) = partition.grower() else { return Ok(Vec::new()) };
        let mut rows: BTreeMap<_, _> =
            records::slip_rows(self.reader(), grower)?.into_iter().collect();
        let mut slips = Vec::with_capacity(rows.len());
        for arrived in entries.iter().map(|stored| &stored.arrived) {
            // Of two under one number, what was taken over from paper stands.
            if arrived.overruled == Some(Rule::ENTRY_DIFFERS_FROM_RECOVERED) {
                continue;
            }
            if let Body::Slip(slip) = &arrived.entry.body
                && let Some(row) = rows.remove(&arrived.id)
            {
                slips.push(row.record(arrived, slip)?);
            }
        }
        Ok(slips)
    }

    /// Every entry of a device, also those taken over from paper under its numbers, in order of
    /// their numbers.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `slips_among`")]
    pub fn entries_by(&self, device: DeviceNo) -> Result<Vec<StoredEntry>, StoreError> {
        let district = self.district()?;
        let range = (EntryId::new(device, 0).key(), EntryId::new(device, u32::MAX).key());
        let mut statement = self.reader().prepare_cached(
            "SELECT id, close_index, lamport_jump, bytes FROM entries WHERE id BETWEEN ?1 AND ?2
             UNION ALL
             SELECT id, close_index, lamport_jump, bytes FROM entries
             WHERE id IN (SELECT entry FROM recovered WHERE id BETWEEN ?1 AND ?2)
                 AND id NOT BETWEEN ?1 AND ?2",
        )?;
        let (mut rows, mut standings) = (statement.query(range)?, Standings::default());
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            let mut stored = entries::read(self.reader(), row, &mut standings)?;
            district.place(&mut stored.arrived);
            all.push(stored);
        }
        recovered::restore(&mut all, &district);
        all.retain(|stored| stored.arrived.id.device == device);
        all.sort_by_key(|stored| stored.arrived.id);
        let uncounted = self.uncounted_among(range)?;
        Ok(all.into_iter().map(|stored| StoredEntry::standing(stored, &uncounted)).collect())
    }

    /// The entries within this range of keys that do not simply count.
    fn uncounted_among(&self, range: (i64, i64)) -> Result<BTreeMap<EntryId, Status>, StoreError> {
        let mut statement = self.reader().prepare_cached(
            "SELECT entry, status, reasons FROM holds WHERE entry BETWEEN ?1 AND ?2",
        )?;
        crate::store::read::uncounted(statement.query(range)?)
    }

    /// The partitions in which a device's entries after this one lie, or what was taken over from
    /// paper under their numbers; `None` for those of none.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `slips_among`")]
    pub fn partitions_after(
        &self,
        device: DeviceNo,
        after: Sequence,
    ) -> Result<BTreeSet<Option<Partition>>, StoreError> {
        let after = EntryId { device, sequence: after };
        let mut statement = self
            .reader()
            .prepare_cached("SELECT DISTINCT partition FROM entries WHERE id > ?1 AND id <= ?2")?;
        let last = EntryId::new(device, u32::MAX);
        let keys = statement.query_map((after.key(), last.key()), |row| row.get(0))?;
        let mut all = BTreeSet::new();
        for key in keys {
            let key: Option<i64> = key?;
            all.insert(key.and_then(Partition::from_key));
        }
        Ok(all)
    }
}
