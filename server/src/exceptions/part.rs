//! What one partition shows by itself, and what of it the whole is made of.

use std::collections::BTreeMap;
use std::sync::Arc;

use courtyard_core::domain::{BusinessDate, DeviceNo, Kind, Sequence};
use courtyard_core::ledger::exceptions::{
    Around, Exception, Facts, Folded, Weighed, of_partitions, weights,
};
use courtyard_core::ledger::{ContractRecord, CountRecord, Partition, Published};
use courtyard_core::store::{LastMoves, Spoken, Store, StoreError, moves_of};

/// What was derived of a partition.
#[derive(Debug)]
pub(super) struct Part {
    /// Whether its household stands in a register; true where there is none.
    pub(super) registered: bool,
    pub(super) found: Vec<Arc<Exception>>,
    /// What its lines weigh.
    pub(super) weights: Vec<Weighed>,
    /// What moved each till last.
    pub(super) last_moves: LastMoves,
    /// Counts that wait for the office.
    pub(super) counts: Vec<CountRecord>,
    /// Entries that speak of numbers that were not here.
    pub(super) spoken: Vec<Spoken>,
}

/// What it is derived by, beside its entries.
pub(super) struct By<'a> {
    pub(super) published: &'a Published,
    pub(super) today: BusinessDate,
    pub(super) positions: &'a BTreeMap<DeviceNo, Sequence>,
}

impl Part {
    /// Derives it from all its entries; `None` is what lies in no partition.
    pub(super) fn derive(
        store: &Store,
        partition: Option<Partition>,
        registered: bool,
        by: &By<'_>,
    ) -> Result<Part, StoreError> {
        let stored = store.entries_of(partition)?;
        let entries: Vec<Folded> =
            stored.iter().map(|s| Folded::new(&s.arrived, s.status.clone())).collect();
        let (mut slips, mut contracts, mut debts) = (Vec::new(), Vec::new(), Vec::new());
        let (mut payouts, mut excesses) = (Vec::new(), Vec::new());
        let mut counts = Vec::new();
        if let Some(partition) = partition {
            slips = store.slips_among(partition, &stored)?;
            match partition.grower() {
                Some(grower) => {
                    contracts = store.contracts(grower)?;
                    payouts = store.payouts_of(grower)?;
                    debts = store.all_kept(partition)?;
                    excesses = store.all_kept(partition)?;
                }
                None => counts = store.all_kept(partition)?,
            }
        }
        counts.retain(CountRecord::is_open);
        let found = of_partitions(&Facts {
            published: by.published,
            is_registered: &|_| registered,
            slips: &slips,
            contracts: &contracts as &[ContractRecord],
            entries: &entries,
            debts: &debts,
            payouts: &payouts,
            excesses: &excesses,
            today: Some(by.today),
            around: Around::default(),
        });
        let mut last_moves = LastMoves::default();
        if partition.is_some() {
            last_moves.take(&moves_of(&stored)?);
        }
        // Slips are most of all entries and speak of no other.
        let speak = stored.iter().map(|s| &s.arrived.entry.body);
        let speak = speak.filter(|body| body.kind() != Some(Kind::Slip)).map(Spoken::of);
        Ok(Part {
            registered,
            found: found.into_iter().map(Arc::new).collect(),
            weights: weights(&slips),
            last_moves,
            counts,
            spoken: speak.filter(|spoken| spoken.is_beyond(by.positions)).collect(),
        })
    }
}
