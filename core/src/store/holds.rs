//! What the district decides about: entries that are held or refused, and what an admission would
//! move.

use crate::domain::hold::HoldDecision;
use crate::domain::{Body, EntryId, Rule};
use crate::ledger::{self, MemoryRecords, Outcome, Ruling};

use super::{Held, Store, StoreError, StoredEntry};

impl Store {
    /// Every entry that the district refused.
    ///
    /// # Errors
    /// The store's own. So for every method here.
    pub fn refused(&self) -> Result<Vec<Held>, StoreError> {
        self.uncounted("refused")
    }

    /// The decisions about an entry, in the order of the ledger.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `refused`")]
    pub fn decisions(&self, id: EntryId) -> Result<Vec<(StoredEntry, HoldDecision)>, StoreError> {
        let mut all = Vec::new();
        for entry in self.entries_of(None)? {
            if let Body::HoldDecision(decision) = &entry.arrived.entry.body
                && decision.target == id
            {
                let decision = decision.clone();
                all.push((entry, decision));
            }
        }
        Ok(all)
    }

    /// What would become of an entry if the district admitted it and settled these rules; `None` if
    /// it is not here. Nothing is kept of the trial.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `refused`")]
    pub fn trial_admission(
        &self,
        id: EntryId,
        settles: &[Rule],
    ) -> Result<Option<Outcome>, StoreError> {
        let Some(entry) = self.entry(id)? else { return Ok(None) };
        let ruling = Ruling { by: id, admits: true, settles: settles.to_vec() };
        let Some(partition) = entry.arrived.partition() else {
            let mut arrived = entry.arrived;
            arrived.ruling = Some(ruling);
            return Ok(Some(ledger::apply(&mut MemoryRecords::new(), &arrived)?));
        };
        let mut memory = MemoryRecords::new();
        for mut other in self.entries_of(Some(partition))? {
            if other.arrived.id != id {
                ledger::apply(&mut memory, &other.arrived)?;
                continue;
            }
            other.arrived.ruling = Some(ruling);
            return Ok(Some(ledger::apply(&mut memory, &other.arrived)?));
        }
        Ok(None)
    }
}
