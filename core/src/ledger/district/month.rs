//! To which month an entry posts: its own, or, if that is closed without it, the month after
//! (跨月补记).

use crate::domain::{EntryId, Month, VillageNo};
use crate::ledger::Arrived;

use super::District;

impl District {
    /// The month that an entry posts to: its own, unless closes of its village up to or beyond that
    /// month were made before one covers it; then the month after the last of those.
    pub fn posting_month(&self, arrived: &Arrived) -> Month {
        self.month_of(arrived.village, arrived.id, arrived.entry.envelope.date.month())
    }

    /// The same of an entry of which only this is at hand: its device's village, its number and the
    /// month of its business date.
    pub fn month_of(&self, village: Option<VillageNo>, id: EntryId, own: Month) -> Month {
        let Some(village) = village else { return own };
        // Months of counted closes ascend.
        let passed_over = self
            .counted(village)
            .take_while(|(_, close)| !close.body.covers(id))
            .filter(|(_, close)| close.body.month >= own)
            .last();
        passed_over.map_or(own, |(_, close)| close.body.month.next())
    }

    /// Whether an entry posts to a later month than its own.
    pub fn is_late(&self, arrived: &Arrived) -> bool {
        self.posting_month(arrived) != arrived.entry.envelope.date.month()
    }

    /// The last month that a village closed.
    pub fn last_closed(&self, village: VillageNo) -> Option<Month> {
        self.counted(village).last().map(|(_, close)| close.body.month)
    }

    /// The counted closes of a village, in order: each with the month that it closes.
    pub fn closes(&self, village: VillageNo) -> impl Iterator<Item = (EntryId, Month)> + '_ {
        self.counted(village).map(|(_, close)| (close.id, close.body.month))
    }
}
