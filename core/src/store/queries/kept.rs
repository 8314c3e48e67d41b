//! Records that the fold keeps beside slips, contracts and payouts, by partition.

use crate::domain::GrowerId;
use crate::ledger::record::Kept;
use crate::ledger::{Partition, PayoutRecord, ReadRecords as _, Record};
use crate::store::Store;
use crate::store::error::StoreError;
use crate::store::records::SqlRecords;

impl Store {
    /// Every record of one kind in a partition, in order of their keys: a grower's debts, the counts
    /// of a till.
    ///
    /// # Errors
    /// The store's own.
    pub fn all_kept<T: Kept>(&self, partition: Partition) -> Result<Vec<T>, StoreError> {
        SqlRecords::reader(self.reader()).all_kept(partition)
    }

    /// Every record of one kind in all partitions, in order of partitions and keys.
    ///
    /// # Errors
    /// The store's own.
    pub fn kept_everywhere<T: Kept>(&self) -> Result<Vec<T>, StoreError> {
        let mut statement = self
            .reader()
            .prepare_cached("SELECT record FROM records WHERE kind = ?1 ORDER BY partition, id")?;
        let mut rows = statement.query([T::KIND.number()])?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            let bytes = row.get_ref(0)?.as_blob().map_err(StoreError::inconsistent)?;
            let record: Record = minicbor::decode(bytes).map_err(StoreError::inconsistent)?;
            all.extend(T::of(record));
        }
        Ok(all)
    }

    /// The payouts of a grower as the ledger sees them, in order of their numbers.
    ///
    /// # Errors
    /// The store's own.
    pub fn payouts_of(&self, grower: GrowerId) -> Result<Vec<PayoutRecord>, StoreError> {
        SqlRecords::reader(self.reader()).payouts(grower)
    }
}
