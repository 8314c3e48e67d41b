//! Records that the fold keeps beside slips, contracts and payouts, by partition.

use crate::ledger::record::Kept;
use crate::ledger::{Partition, ReadRecords as _};
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
}
