//! The traits that keep and list the fold's records.
//!
//! Memory keeps them in [`MemoryRecords`](super::MemoryRecords); the store keeps them in SQL tables
//! that can be dropped and folded again to identical rows.

use crate::domain::entry::Origin;
use crate::domain::{ContractId, EntryHash, EntryId, Fen, GrowerId, UnitError};

use super::account::Account;
use super::outcome::Outcome;
use super::partition::Partition;
use super::record::{Kept, Record, RecordKey};
use super::records::{Balance, ContractRecord, PayoutRecord, SlipRecord};

/// Keeps the fold's records.
///
/// The fold looks up by (grower, id) or (partition, id) and never finds another's record: an entry's
/// outcome depends on the entries of its own partition alone. Every method fails only if the records cannot
/// be read or written.
pub trait Records {
    /// Why a record cannot be read or kept; an amount that does not fit is one reason.
    type Error: From<UnitError>;

    /// The slip of this grower with this number, held and voided ones too.
    fn slip(&self, grower: GrowerId, id: EntryId) -> Result<Option<SlipRecord>, Self::Error>;

    /// The contract of this grower with this number.
    fn contract(
        &self,
        grower: GrowerId,
        contract: ContractId,
    ) -> Result<Option<ContractRecord>, Self::Error>;

    /// The contract of this grower of which this entry is a version, held and voided ones too.
    fn contract_with_version(
        &self,
        grower: GrowerId,
        version: EntryId,
    ) -> Result<Option<ContractRecord>, Self::Error>;

    /// The payout of this grower with this number, held and voided ones too.
    fn payout(&self, grower: GrowerId, id: EntryId) -> Result<Option<PayoutRecord>, Self::Error>;

    /// The record under this key in this partition.
    fn record(&self, partition: Partition, key: RecordKey) -> Result<Option<Record>, Self::Error>;

    /// The record of this struct's kind and this id in this partition.
    fn kept<T: Kept>(&self, partition: Partition, id: i64) -> Result<Option<T>, Self::Error> {
        let record = self.record(partition, RecordKey { kind: T::KIND, id })?;
        Ok(record.and_then(T::of))
    }

    /// The hash of this entry if it counts and lies in this partition.
    fn counted(&self, partition: Partition, id: EntryId) -> Result<Option<EntryHash>, Self::Error>;

    /// The counted entry of this partition that issued this origin again.
    fn reissued(
        &self,
        partition: Partition,
        origin: Origin,
    ) -> Result<Option<EntryId>, Self::Error>;

    /// Writes a slip, over what stands.
    fn put_slip(&mut self, slip: SlipRecord) -> Result<(), Self::Error>;

    /// Writes a contract with its versions, over what stands.
    fn put_contract(&mut self, contract: ContractRecord) -> Result<(), Self::Error>;

    /// Writes a payout, over what stands.
    fn put_payout(&mut self, payout: PayoutRecord) -> Result<(), Self::Error>;

    /// Writes a record under its key, over what stands.
    fn put_record(&mut self, partition: Partition, record: Record) -> Result<(), Self::Error>;

    /// Writes that this counted entry issued that origin again.
    fn put_reissued(
        &mut self,
        partition: Partition,
        origin: Origin,
        by: EntryId,
    ) -> Result<(), Self::Error>;

    /// Writes what became of an entry.
    fn put_outcome(&mut self, outcome: &Outcome) -> Result<(), Self::Error>;

    /// Adds to what this partition's entries moved on an account; either may be negative.
    fn add_balance(
        &mut self,
        partition: Partition,
        account: Account,
        debit: Fen,
        credit: Fen,
    ) -> Result<(), Self::Error>;

    /// Forgets everything of one partition, outcomes too, before it is folded again.
    fn clear(&mut self, partition: Partition) -> Result<(), Self::Error>;
}

/// Lists what a fold made, partition by partition: for digests, for the auditor and for pages.
///
/// Every list is in the order of its ids or accounts.
pub trait ReadRecords: Records {
    /// Every slip of this grower.
    fn slips(&self, grower: GrowerId) -> Result<Vec<SlipRecord>, Self::Error>;

    /// Every contract of this grower.
    fn contracts(&self, grower: GrowerId) -> Result<Vec<ContractRecord>, Self::Error>;

    /// Every payout of this grower.
    fn payouts(&self, grower: GrowerId) -> Result<Vec<PayoutRecord>, Self::Error>;

    /// Every record of this partition, in order of their keys.
    fn records(&self, partition: Partition) -> Result<Vec<Record>, Self::Error>;

    /// Every record of this struct's kind in this partition, in order of their ids.
    fn all_kept<T: Kept>(&self, partition: Partition) -> Result<Vec<T>, Self::Error> {
        Ok(self.records(partition)?.into_iter().filter_map(T::of).collect())
    }

    /// What this partition's entries moved, account by account.
    fn balances(&self, partition: Partition) -> Result<Vec<Balance>, Self::Error>;
}
