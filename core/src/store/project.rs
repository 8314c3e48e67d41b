//! Brings the projections up to an entry: applied to what stands where it sorts after everything of
//! its partition; otherwise that partition alone is folded again.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rusqlite::Transaction;

use crate::domain::{Body, DeviceNo, EntryId};
use crate::ledger::district::Reach;
use crate::ledger::{
    self, District, MemoryRecords, Outcome, Partition, ReadRecords as _, Records as _, Status,
};

use super::entries::{self, Place, Standings, Stored};
use super::error::StoreError;
use super::identities;
use super::placing::{self, is_ruling};
use super::published;
use super::records::{self, SqlRecords, Sums};
use super::recovered;
use super::words;

/// Takes new entries within one transaction; [`Projector::finish`] must be called before its end.
#[derive(Debug)]
pub(crate) struct Projector {
    district: Arc<District>,
    /// What rulings that were taken may have moved.
    reaches: Vec<Reach>,
    behind: BTreeSet<Partition>,
    standings: Standings,
    sums: Sums,
}

impl Projector {
    /// Begins by these rulings.
    pub(crate) fn new(district: Arc<District>) -> Self {
        Projector {
            district,
            reaches: Vec::new(),
            behind: BTreeSet::new(),
            standings: Standings::default(),
            sums: Sums::default(),
        }
    }

    /// The rulings, with those that were taken.
    pub(crate) fn district(&self) -> &District {
        &self.district
    }
    /// What a device may write.
    pub(crate) fn standing(
        &mut self,
        transaction: &Transaction<'_>,
        device: DeviceNo,
    ) -> Result<entries::Standing, StoreError> {
        self.standings.of(transaction, device)
    }

    /// Writes a new entry's row and projects it. The outcome is `None` if its partition will be
    /// folded again at the end.
    pub(crate) fn take(
        &mut self,
        transaction: &Transaction<'_>,
        stored: &mut Stored,
    ) -> Result<Option<Outcome>, StoreError> {
        if is_ruling(stored.arrived.entry.body.kind()) {
            // Others may read by the rulings as they were; they are few and seldom change.
            self.reaches.extend(Arc::make_mut(&mut self.district).apply(&stored.arrived));
        }
        self.district.place(&mut stored.arrived);
        let Some(partition) = stored.arrived.partition() else {
            entries::insert(transaction, stored)?;
            return project_alone(transaction, stored).map(Some);
        };
        if self.behind.contains(&partition) {
            entries::insert(transaction, stored)?;
            return Ok(None);
        }
        let last = entries::last_place(transaction, partition)?.max(recovered::last_place(
            transaction,
            partition,
            &self.district,
        )?);
        entries::insert(transaction, stored)?;
        if matches!(stored.arrived.entry.body, Body::RecoveredEntry(_))
            || self.district.recovered(stored.arrived.id).is_some()
        {
            // What was taken over from paper stands where it belongs, not where it came.
            self.behind.insert(partition);
            return Ok(None);
        }
        let place = Place::of(&stored.arrived);
        if place.is_exact() && last.is_none_or(|last| last < place) {
            let mut records = SqlRecords::new(transaction, &mut self.sums);
            return Ok(Some(ledger::apply(&mut records, &stored.arrived)?));
        }
        self.behind.insert(partition);
        Ok(None)
    }

    /// Places again what the rulings moved, and folds again the partitions whose order was broken.
    /// Answers the rulings if there are new ones.
    pub(crate) fn finish(
        mut self,
        transaction: &Transaction<'_>,
    ) -> Result<Option<Arc<District>>, StoreError> {
        let (standings, behind) = (&mut self.standings, &mut self.behind);
        let again = placing::place(transaction, &self.district, standings, behind, &self.reaches)?;
        if let Some(district) = again {
            self.district = Arc::new(district);
        }
        for partition in std::mem::take(&mut self.behind) {
            let (standings, sums) = (&mut self.standings, &mut self.sums);
            refold(transaction, partition, &self.district, standings, sums)?;
        }
        self.sums.write(transaction)?;
        Ok((!self.reaches.is_empty()).then_some(self.district))
    }
}

/// An entry of no partition: what the district publishes, a note, or a newer kind.
pub(crate) fn project_alone(
    transaction: &Transaction<'_>,
    stored: &Stored,
) -> Result<Outcome, StoreError> {
    // A slip has a partition: no sum moves.
    let mut no_sums = Sums::default();
    let mut records = SqlRecords::new(transaction, &mut no_sums);
    let outcome = ledger::apply(&mut records, &stored.arrived)?;
    if outcome.status == Status::Counted {
        published::take(transaction, stored)?;
    }
    words::take(transaction, stored, outcome.status == Status::Counted)?;
    identities::refresh(transaction, &stored.arrived)?;
    Ok(outcome)
}

/// A partition, folded in memory.
pub(crate) struct Folded {
    pub(crate) memory: MemoryRecords,
    /// Of entries that do not simply count.
    outcomes: Vec<Outcome>,
    /// What was taken over from paper, and by which entry.
    recovered: Vec<(EntryId, EntryId)>,
}

/// Folds one partition from all its entries, in memory.
pub(crate) fn fold_partition(
    transaction: &Transaction<'_>,
    partition: Partition,
    district: &District,
    standings: &mut Standings,
) -> Result<Folded, StoreError> {
    let mut memory = MemoryRecords::new();
    let mut outcomes = Vec::new();
    let mut recovered = Vec::new();
    for arrived in entries::arrived_of(transaction, partition, district, standings)? {
        if let Some(original) = district.original_of(&arrived) {
            recovered.push((original.id, arrived.id));
        }
        let outcome = ledger::apply(&mut memory, &arrived)?;
        if outcome.status != Status::Counted {
            outcomes.push(outcome);
        }
    }
    Ok(Folded { memory, outcomes, recovered })
}

/// Folds one partition again and writes the rows that changed. Its history is read again, but only
/// what moved is written.
fn refold(
    transaction: &Transaction<'_>,
    partition: Partition,
    district: &District,
    standings: &mut Standings,
    sums: &mut Sums,
) -> Result<(), StoreError> {
    let folded = fold_partition(transaction, partition, district, standings)?;
    let memory = &folded.memory;
    let mut sql = SqlRecords::new(transaction, sums);
    sql.clear_small(partition)?;
    if let Some(grower) = partition.grower() {
        let stands: BTreeMap<EntryId, records::SlipRow> =
            records::slip_rows(transaction, grower)?.into_iter().collect();
        for slip in memory.slips_of(grower) {
            // A slip's own fields never change, so its row is written again only if its standing
            // did.
            if stands.get(&slip.id) != Some(&records::SlipRow::of(slip)) {
                if !stands.contains_key(&slip.id) && district.recovered(slip.id).is_some() {
                    // Another grower's may have had the number until it was taken over from paper.
                    sql.remove_slip(slip.id, None)?;
                }
                sql.put_slip(slip.clone())?;
            }
        }
        let here: BTreeSet<EntryId> = memory.slips_of(grower).map(|slip| slip.id).collect();
        for gone in stands.keys().filter(|id| !here.contains(id)) {
            sql.remove_slip(*gone, Some(grower))?;
        }
    }
    write_rest(&mut sql, partition, &folded)
}

/// Writes everything of a partition but the slips.
pub(crate) fn write_rest(
    sql: &mut SqlRecords<'_>,
    partition: Partition,
    Folded { memory, outcomes, recovered }: &Folded,
) -> Result<(), StoreError> {
    for &(id, by) in recovered {
        sql.put_recovered(partition, id, by)?;
    }
    if let Some(grower) = partition.grower() {
        for contract in memory.contracts(grower)? {
            sql.put_contract(contract)?;
        }
        for payout in memory.payouts(grower)? {
            sql.put_payout(payout)?;
        }
    }
    for (origin, by) in memory.reissues(partition) {
        sql.put_reissued(partition, origin, by)?;
    }
    for record in memory.records(partition)? {
        sql.put_record(partition, record)?;
    }
    for balance in memory.balances(partition)? {
        sql.add_balance(partition, balance.account, balance.debit, balance.credit)?;
    }
    for outcome in outcomes {
        sql.put_outcome(outcome)?;
    }
    Ok(())
}
