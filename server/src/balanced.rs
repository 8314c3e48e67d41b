//! An act of the office that rests on balances: it reads the view as it stands at the village's last
//! entry, and is done only if nothing of the village came since; so two clerks cannot reserve one
//! payable twice.

use courtyard_core::domain::VillageNo;
use courtyard_core::store::Store;

use crate::deed::Deed;
use crate::log::{Audience, LogError};
use crate::node::{Node, NodeError};
use crate::office::OfficeError;
use crate::office::acting::Role;

/// How often an act is begun anew because phones sent something meanwhile.
const TRIES: usize = 20;

impl Node {
    /// One act of a user in one transaction, on what the view shows of a village's last entry; begun
    /// anew if the village's books moved meanwhile. Nothing is kept of what was begun anew.
    ///
    /// # Errors
    /// As [`act_as`](Node::act_as); [`LogError::Moved`] if the village's books never stood still.
    pub fn act_on_balances<T>(
        &mut self,
        village: VillageNo,
        by: &str,
        may: &[Role],
        mut act: impl FnMut(&Store, &mut Deed<'_>) -> Result<T, OfficeError>,
    ) -> Result<T, NodeError> {
        for _ in 0..TRIES {
            let (view, number) = self.view_at()?;
            let done = self.act_as(by, may, |deed| {
                let audience = Audience::Village(village);
                let newer = deed.reads().batches_after(audience, number, None, 1)?;
                if newer.is_empty() { act(view.store(), deed).map(Some) } else { Ok(None) }
            })?;
            if let Some(done) = done {
                return Ok(done);
            }
        }
        Err(LogError::Moved("the village's books").into())
    }
}
