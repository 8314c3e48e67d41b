//! The registers that the writer has at hand, kept up with the log.
//!
//! A register is derived from its edits; rebuilding one takes milliseconds, so a few are kept. When
//! a transaction that changed one is taken back, it is forgotten and derived anew.

use std::collections::BTreeMap;

use courtyard_core::document::{Register, RegisterId};

use super::actor;
use crate::log::{LogError, Reads};

/// More registers than a county has villages with a market day at once; each is a few hundred KiB.
const AT_HAND: usize = 48;

/// Registers at hand, with the number of the last batch of edits that each has taken.
#[derive(Default)]
pub(super) struct Registers {
    at_hand: BTreeMap<RegisterId, (Register, u64)>,
    /// Changed since the mark: what an undo has to forget.
    touched: Vec<RegisterId>,
}

impl std::fmt::Debug for Registers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.at_hand.keys()).finish()
    }
}

impl Registers {
    /// The register as the log has it. It is taken out: what is changed must be put back with
    /// [`keep`](Self::keep), so that an error on the way forgets it.
    pub(super) fn take(
        &mut self,
        reads: &dyn Reads,
        id: RegisterId,
    ) -> Result<(Register, u64), LogError> {
        let (mut register, mut number) =
            self.at_hand.remove(&id).unwrap_or_else(|| (Register::new(id), 0));
        for batch in reads.register_edits_after(id, number)? {
            apply(reads, &mut register, &batch)?;
            number = batch.number;
        }
        Ok((register, number))
    }

    /// Puts a register back that agrees with the log up to this number.
    pub(super) fn keep(&mut self, id: RegisterId, register: Register, number: u64) {
        if self.at_hand.len() >= AT_HAND && !self.at_hand.contains_key(&id) {
            self.at_hand.pop_first();
        }
        self.at_hand.insert(id, (register, number));
        self.touched.push(id);
    }

    /// Forgets a register: its edition was erased.
    pub(super) fn forget(&mut self, id: RegisterId) {
        self.at_hand.remove(&id);
    }

    /// What was changed until now stays.
    pub(super) fn mark(&mut self) {
        self.touched.clear();
    }

    /// Forgets what was changed since the mark.
    pub(super) fn undo(&mut self) {
        for id in self.touched.drain(..) {
            self.at_hand.remove(&id);
        }
    }
}

/// Applies accepted edits to a register.
///
/// # Errors
/// [`LogError::Corrupt`] if the log holds an edit that does not apply.
pub fn apply(
    reads: &dyn Reads,
    register: &mut Register,
    batch: &crate::log::EditBatch,
) -> Result<(), LogError> {
    let writer = reads.device(batch.device)?.ok_or_else(|| {
        LogError::Corrupt(format!("edits of the unknown device {}", batch.device))
    })?;
    for edit in &batch.edits {
        register.apply(edit, &actor(&writer)).map_err(|e| LogError::Corrupt(e.to_string()))?;
    }
    Ok(())
}
