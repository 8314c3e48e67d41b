//! Records in memory: for tests, for the auditor, and to fold a whole history at once before it is
//! written to tables.

use std::collections::{BTreeMap, HashMap};

use crate::domain::entry::Origin;
use crate::domain::{ContractId, EntryHash, EntryId, Fen, GrowerId, UnitError};

use super::account::Account;
use super::keep::{ReadRecords, Records};
use super::outcome::{Outcome, Status};
use super::records::{Balance, ContractRecord, PayoutRecord, SlipRecord};

/// All records of any number of growers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MemoryRecords {
    growers: HashMap<GrowerId, GrowerRecords>,
    district: HashMap<EntryId, Decided>,
}

/// The records of one grower. Kept apart, so that none of another is ever found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct GrowerRecords {
    slips: BTreeMap<EntryId, SlipRecord>,
    contracts: BTreeMap<ContractId, ContractRecord>,
    versions: BTreeMap<EntryId, ContractId>,
    payouts: BTreeMap<EntryId, PayoutRecord>,
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

    /// Every grower of whom an entry arrived, in order of their numbers.
    pub fn growers(&self) -> Vec<GrowerId> {
        let mut growers: Vec<GrowerId> = self.growers.keys().copied().collect();
        growers.sort_unstable();
        growers
    }

    /// Every slip of this grower, in order of their numbers, without a copy.
    pub fn slips_of(&self, grower: GrowerId) -> impl Iterator<Item = &SlipRecord> {
        self.growers.get(&grower).into_iter().flat_map(|records| records.slips.values())
    }

    /// What counted entries of this grower issued again, and by which, in order of the origins.
    pub fn reissues(&self, grower: GrowerId) -> Vec<(Origin, EntryId)> {
        let records = self.growers.get(&grower);
        let mut all: Vec<(Origin, EntryId)> = records
            .map(|g| g.reissued.iter().map(|(&origin, &by)| (origin, by)).collect())
            .unwrap_or_default();
        all.sort_unstable_by_key(|(origin, _)| (origin.id, origin.hash));
        all
    }

    /// What became of this entry, if it was folded.
    pub fn status(&self, grower: Option<GrowerId>, id: EntryId) -> Option<&Status> {
        let decided = match grower {
            Some(grower) => self.growers.get(&grower)?.outcomes.get(&id),
            None => self.district.get(&id),
        };
        decided.map(|d| &d.status)
    }

    /// Every entry that was folded and what became of it, in order of their numbers.
    pub fn statuses(&self) -> Vec<(EntryId, Option<GrowerId>, &Status)> {
        let of_growers = self.growers.iter().flat_map(|(&grower, records)| {
            records.outcomes.iter().map(move |(&id, d)| (id, Some(grower), &d.status))
        });
        let of_district = self.district.iter().map(|(&id, d)| (id, None, &d.status));
        let mut all: Vec<_> = of_growers.chain(of_district).collect();
        all.sort_unstable_by_key(|&(id, grower, _)| (id, grower));
        all
    }

    fn of(&mut self, grower: GrowerId) -> &mut GrowerRecords {
        self.growers.entry(grower).or_default()
    }
}

impl Records for MemoryRecords {
    type Error = UnitError;

    fn slip(&self, grower: GrowerId, id: EntryId) -> Result<Option<SlipRecord>, UnitError> {
        Ok(self.growers.get(&grower).and_then(|g| g.slips.get(&id)).cloned())
    }

    fn contract(
        &self,
        grower: GrowerId,
        contract: ContractId,
    ) -> Result<Option<ContractRecord>, UnitError> {
        Ok(self.growers.get(&grower).and_then(|g| g.contracts.get(&contract)).cloned())
    }

    fn contract_with_version(
        &self,
        grower: GrowerId,
        version: EntryId,
    ) -> Result<Option<ContractRecord>, UnitError> {
        let records = self.growers.get(&grower);
        Ok(records.and_then(|g| g.contracts.get(g.versions.get(&version)?)).cloned())
    }

    fn payout(&self, grower: GrowerId, id: EntryId) -> Result<Option<PayoutRecord>, UnitError> {
        Ok(self.growers.get(&grower).and_then(|g| g.payouts.get(&id)).cloned())
    }

    fn counted(&self, grower: GrowerId, id: EntryId) -> Result<Option<EntryHash>, UnitError> {
        let decided = self.growers.get(&grower).and_then(|g| g.outcomes.get(&id));
        Ok(decided.filter(|d| d.status == Status::Counted).map(|d| d.hash))
    }

    fn reissued(&self, grower: GrowerId, origin: Origin) -> Result<Option<EntryId>, UnitError> {
        Ok(self.growers.get(&grower).and_then(|g| g.reissued.get(&origin)).copied())
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

    fn put_reissued(
        &mut self,
        grower: GrowerId,
        origin: Origin,
        by: EntryId,
    ) -> Result<(), UnitError> {
        self.of(grower).reissued.insert(origin, by);
        Ok(())
    }

    fn put_outcome(&mut self, outcome: &Outcome) -> Result<(), UnitError> {
        let decided = Decided { hash: outcome.hash, status: outcome.status.clone() };
        match outcome.grower {
            Some(grower) => self.of(grower).outcomes.insert(outcome.id, decided),
            None => self.district.insert(outcome.id, decided),
        };
        Ok(())
    }

    fn add_balance(
        &mut self,
        grower: GrowerId,
        account: Account,
        debit: Fen,
        credit: Fen,
    ) -> Result<(), UnitError> {
        let (debits, credits) = self.of(grower).balances.entry(account).or_default();
        *debits = debits.plus(debit)?;
        *credits = credits.plus(credit)?;
        Ok(())
    }

    fn clear(&mut self, grower: GrowerId) -> Result<(), UnitError> {
        self.growers.remove(&grower);
        Ok(())
    }
}

impl ReadRecords for MemoryRecords {
    fn slips(&self, grower: GrowerId) -> Result<Vec<SlipRecord>, UnitError> {
        Ok(self
            .growers
            .get(&grower)
            .map(|g| g.slips.values().cloned().collect())
            .unwrap_or_default())
    }

    fn contracts(&self, grower: GrowerId) -> Result<Vec<ContractRecord>, UnitError> {
        let records = self.growers.get(&grower);
        Ok(records.map(|g| g.contracts.values().cloned().collect()).unwrap_or_default())
    }

    fn payouts(&self, grower: GrowerId) -> Result<Vec<PayoutRecord>, UnitError> {
        Ok(self
            .growers
            .get(&grower)
            .map(|g| g.payouts.values().cloned().collect())
            .unwrap_or_default())
    }

    fn balances(&self, grower: GrowerId) -> Result<Vec<Balance>, UnitError> {
        let Some(records) = self.growers.get(&grower) else { return Ok(Vec::new()) };
        let balance = |(&account, &(debit, credit))| Balance { grower, account, debit, credit };
        Ok(records.balances.iter().map(balance).collect())
    }
}
