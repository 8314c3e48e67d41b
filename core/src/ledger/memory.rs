//! Records in memory: for tests, for the auditor, and to fold a whole history at once before it is
//! written to tables.

use std::collections::{BTreeMap, HashMap};

use crate::domain::entry::Origin;
use crate::domain::{ContractId, EntryHash, EntryId, Fen, GrowerId, UnitError};

use super::account::Account;
use super::keep::{ReadRecords, Records};
use super::outcome::{Outcome, Status};
use super::partition::Partition;
use super::record::{Record, RecordKey};
use super::records::{Balance, ContractRecord, PayoutRecord, SlipRecord};

/// All records of any number of partitions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MemoryRecords {
    partitions: HashMap<Partition, PartitionRecords>,
    /// What became of the entries that lie in no partition.
    district: HashMap<EntryId, Decided>,
}

/// The records of one partition. Kept apart, so that none of another is ever found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct PartitionRecords {
    slips: BTreeMap<EntryId, SlipRecord>,
    contracts: BTreeMap<ContractId, ContractRecord>,
    versions: BTreeMap<EntryId, ContractId>,
    payouts: BTreeMap<EntryId, PayoutRecord>,
    records: BTreeMap<RecordKey, Record>,
    reissued: HashMap<Origin, EntryId>,
    outcomes: BTreeMap<EntryId, Decided>,
    balances: BTreeMap<Account, (Fen, Fen)>,
}

/// What became of one entry.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Decided {
    hash: EntryHash,
    status: Status,
}

impl MemoryRecords {
    /// Nothing folded yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Every partition of which an entry arrived, in their order.
    pub fn partitions(&self) -> Vec<Partition> {
        let mut partitions: Vec<Partition> = self.partitions.keys().copied().collect();
        partitions.sort_unstable();
        partitions
    }

    /// Every grower of whom an entry arrived, in order of their numbers.
    pub fn growers(&self) -> Vec<GrowerId> {
        self.partitions().into_iter().filter_map(Partition::grower).collect()
    }

    /// Every slip of this grower, in order of their numbers, without a copy.
    pub fn slips_of(&self, grower: GrowerId) -> impl Iterator<Item = &SlipRecord> {
        self.grower(grower).into_iter().flat_map(|records| records.slips.values())
    }

    /// What counted entries of this partition issued again, and by which, in order of the origins.
    pub fn reissues(&self, partition: Partition) -> Vec<(Origin, EntryId)> {
        let records = self.partitions.get(&partition);
        let mut all: Vec<(Origin, EntryId)> = records
            .map(|p| p.reissued.iter().map(|(&origin, &by)| (origin, by)).collect())
            .unwrap_or_default();
        all.sort_unstable_by_key(|(origin, _)| (origin.id, origin.hash));
        all
    }

    /// What became of this entry, if it was folded.
    pub fn status(&self, partition: Option<Partition>, id: EntryId) -> Option<&Status> {
        let decided = match partition {
            Some(partition) => self.partitions.get(&partition)?.outcomes.get(&id),
            None => self.district.get(&id),
        };
        decided.map(|d| &d.status)
    }

    /// Every entry that was folded and what became of it, in order of their numbers.
    pub fn statuses(&self) -> Vec<(EntryId, Option<Partition>, &Status)> {
        let in_partitions = self.partitions.iter().flat_map(|(&partition, records)| {
            records.outcomes.iter().map(move |(&id, d)| (id, Some(partition), &d.status))
        });
        let of_district = self.district.iter().map(|(&id, d)| (id, None, &d.status));
        let mut all: Vec<_> = in_partitions.chain(of_district).collect();
        all.sort_unstable_by_key(|&(id, partition, _)| (id, partition));
        all
    }

    fn grower(&self, grower: GrowerId) -> Option<&PartitionRecords> {
        self.partitions.get(&Partition::Grower(grower))
    }

    fn of(&mut self, partition: impl Into<Partition>) -> &mut PartitionRecords {
        self.partitions.entry(partition.into()).or_default()
    }
}

impl Records for MemoryRecords {
    type Error = UnitError;

    fn slip(&self, grower: GrowerId, id: EntryId) -> Result<Option<SlipRecord>, UnitError> {
        Ok(self.grower(grower).and_then(|g| g.slips.get(&id)).cloned())
    }

    fn contract(
        &self,
        grower: GrowerId,
        contract: ContractId,
    ) -> Result<Option<ContractRecord>, UnitError> {
        Ok(self.grower(grower).and_then(|g| g.contracts.get(&contract)).cloned())
    }

    fn contract_with_version(
        &self,
        grower: GrowerId,
        version: EntryId,
    ) -> Result<Option<ContractRecord>, UnitError> {
        let records = self.grower(grower);
        Ok(records.and_then(|g| g.contracts.get(g.versions.get(&version)?)).cloned())
    }

    fn payout(&self, grower: GrowerId, id: EntryId) -> Result<Option<PayoutRecord>, UnitError> {
        Ok(self.grower(grower).and_then(|g| g.payouts.get(&id)).cloned())
    }

    fn record(&self, partition: Partition, key: RecordKey) -> Result<Option<Record>, UnitError> {
        Ok(self.partitions.get(&partition).and_then(|p| p.records.get(&key)).cloned())
    }

    fn counted(&self, partition: Partition, id: EntryId) -> Result<Option<EntryHash>, UnitError> {
        let decided = self.partitions.get(&partition).and_then(|p| p.outcomes.get(&id));
        Ok(decided.filter(|d| d.status == Status::Counted).map(|d| d.hash))
    }

    fn reissued(&self, partition: Partition, origin: Origin) -> Result<Option<EntryId>, UnitError> {
        Ok(self.partitions.get(&partition).and_then(|p| p.reissued.get(&origin)).copied())
    }

    fn put_slip(&mut self, slip: SlipRecord) -> Result<(), UnitError> {
        self.of(slip.grower).slips.insert(slip.id, slip);
        Ok(())
    }

    fn put_contract(&mut self, contract: ContractRecord) -> Result<(), UnitError> {
        let records = self.of(contract.grower);
        for version in &contract.versions {
            records.versions.insert(version.id, contract.contract);
        }
        records.contracts.insert(contract.contract, contract);
        Ok(())
    }

    fn put_payout(&mut self, payout: PayoutRecord) -> Result<(), UnitError> {
        self.of(payout.grower).payouts.insert(payout.id, payout);
        Ok(())
    }

    fn put_record(&mut self, partition: Partition, record: Record) -> Result<(), UnitError> {
        self.of(partition).records.insert(record.key(), record);
        Ok(())
    }

    fn put_reissued(
        &mut self,
        partition: Partition,
        origin: Origin,
        by: EntryId,
    ) -> Result<(), UnitError> {
        self.of(partition).reissued.insert(origin, by);
        Ok(())
    }

    fn put_outcome(&mut self, outcome: &Outcome) -> Result<(), UnitError> {
        let decided = Decided { hash: outcome.hash, status: outcome.status.clone() };
        match outcome.partition {
            Some(partition) => self.of(partition).outcomes.insert(outcome.id, decided),
            None => self.district.insert(outcome.id, decided),
        };
        Ok(())
    }

    fn add_balance(
        &mut self,
        partition: Partition,
        account: Account,
        debit: Fen,
        credit: Fen,
    ) -> Result<(), UnitError> {
        let (debits, credits) = self.of(partition).balances.entry(account).or_default();
        *debits = debits.plus(debit)?;
        *credits = credits.plus(credit)?;
        Ok(())
    }

    fn clear(&mut self, partition: Partition) -> Result<(), UnitError> {
        self.partitions.remove(&partition);
        Ok(())
    }
}

impl ReadRecords for MemoryRecords {
    fn slips(&self, grower: GrowerId) -> Result<Vec<SlipRecord>, UnitError> {
        Ok(self.slips_of(grower).cloned().collect())
    }

    fn contracts(&self, grower: GrowerId) -> Result<Vec<ContractRecord>, UnitError> {
        let records = self.grower(grower);
        Ok(records.map(|g| g.contracts.values().cloned().collect()).unwrap_or_default())
    }

    fn payouts(&self, grower: GrowerId) -> Result<Vec<PayoutRecord>, UnitError> {
        let records = self.grower(grower);
        Ok(records.map(|g| g.payouts.values().cloned().collect()).unwrap_or_default())
    }

    fn records(&self, partition: Partition) -> Result<Vec<Record>, UnitError> {
        let records = self.partitions.get(&partition);
        Ok(records.map(|p| p.records.values().cloned().collect()).unwrap_or_default())
    }

    fn balances(&self, partition: Partition) -> Result<Vec<Balance>, UnitError> {
        let Some(records) = self.partitions.get(&partition) else { return Ok(Vec::new()) };
        let balance = |(&account, &(debit, credit))| Balance { partition, account, debit, credit };
        Ok(records.balances.iter().map(balance).collect())
    }
}
