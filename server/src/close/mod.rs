//! A month close (结账) of a village: drawn up from the view, approved by a second person, written
//! on condition that nothing came in between.

mod draft;

use courtyard_core::domain::close::MonthClose;
use courtyard_core::domain::{EntryId, Month, VillageNo};

pub use draft::CloseDraft;

use crate::deed::On;
use crate::node::{Node, NodeError};
use crate::office::acting::Role;
use crate::office::error::CommandError;
use crate::office::published::published;

/// How often a close is drawn up again because something came in between.
const TRIES: usize = 5;

/// A close that was written.
#[derive(Debug, Clone)]
pub struct Closed {
    /// Its entry.
    pub id: EntryId,
    /// What it says.
    pub close: MonthClose,
    /// How many statements it keeps.
    pub statements: usize,
    /// Entries of earlier months that it takes in (跨月补记).
    pub late: u32,
}

impl Node {
    /// Draws up the close of a village's month, without writing anything.
    ///
    /// # Errors
    /// [`CommandError`] if the month cannot be closed, or the log's or the view's error.
    pub fn draft_close(
        &mut self,
        village: VillageNo,
        month: Month,
    ) -> Result<CloseDraft, NodeError> {
        // Read before the view follows: if the number is still this one at the act, nothing came in
        // at all, and the view and the log said the same.
        let as_of = self.read()?.county()?.map_or(0, |county| county.last_number);
        let view = self.view()?;
        let now_ms = self.now_ms();
        let reads = self.read()?;
        let draft = CloseDraft::of(view.store(), reads.as_ref(), village, month, now_ms)?;
        Ok(CloseDraft { as_of, ..draft })
    }

    /// Closes a month: what it covers never changes status again. Who approves is a reviewer or a
    /// manager, and another person.
    ///
    /// # Errors
    /// [`CommandError`] if the month cannot be closed or the persons may not; the log's or the
    /// view's error.
    pub fn close_month(
        &mut self,
        village: VillageNo,
        month: Month,
        by: &str,
        approved_by: &str,
    ) -> Result<Closed, NodeError> {
        for _ in 0..TRIES {
            let draft = self.draft_close(village, month)?;
            let done = self.act_as(by, Role::CLERKS, |deed| {
                let second = deed.second(approved_by, Role::REVIEWERS)?;
                let last = deed.reads().county()?.map(|county| county.last_number);
                if last != Some(draft.as_of) {
                    return Ok(None);
                }
                let entity = published(deed.reads())?
                    .village(village)
                    .map(|village| village.entity)
                    .unwrap_or_default();
                let mut close = draft.close.clone();
                close.approved_by = second.operator;
                let on = On { village: Some(village), entity, date: None };
                let ids = deed.write(on, &[close.clone().into()])?;
                for (grower, bytes) in &draft.statements {
                    deed.tx.put_closed_statement(village, month, *grower, bytes)?;
                }
                let id = ids.first().copied();
                let (statements, late) = (draft.statements.len(), draft.late);
                Ok(id.map(|id| Closed { id, close, statements, late }))
            })?;
            if let Some(closed) = done {
                return Ok(closed);
            }
        }
        let busy = CommandError::said(
            "结账时一直有新单同步进来，没有结账。请稍后再试。",
            "Entries kept coming in while the month was being closed. Nothing was closed. Try \
             again in a moment.",
        );
        Err(NodeError::Office(busy.into()))
    }
}

#[cfg(test)]
mod tests;
