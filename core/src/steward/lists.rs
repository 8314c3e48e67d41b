//! The lists that a screen opens with: growers to choose from, growers who wait for cash.

use crate::domain::{EntryId, Fen, GrowerId};
use crate::store::{GrowerRow, SlipFilter, search_keys};

use super::{Steward, StewardError};

/// So many of the newest slips say who sold last.
const LATEST_SLIPS: u32 = 500;

/// A grower of whose slips something may be paid in cash here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unpaid {
    /// The grower.
    pub grower: GrowerId,
    /// What may be paid.
    pub owed: Fen,
    /// Of how many slips.
    pub slips: u32,
}

impl Steward {
    /// The village's growers as a list opens with them: who sold last first, the others by pinyin.
    ///
    /// # Errors
    /// [`StewardError::NotEnrolled`] or the store's own.
    pub fn growers_at_hand(&self, limit: usize) -> Result<Vec<GrowerRow>, StewardError> {
        let village = Some(self.village()?);
        let latest = SlipFilter { village, limit: LATEST_SLIPS, ..SlipFilter::default() };
        let mut sold: Vec<GrowerId> = Vec::new();
        for slip in self.store.slips(latest)? {
            let shown = self.store.shown(slip.grower)?;
            if !sold.contains(&shown) {
                sold.push(shown);
            }
        }
        let mut growers = self.store.growers(village)?;
        growers.retain(|row| !row.retired && !row.erased);
        growers.sort_by_cached_key(|row| {
            let last = sold.iter().position(|grower| *grower == row.id).unwrap_or(usize::MAX);
            (last, search_keys(&row.name).pinyin, row.id)
        });
        growers.truncate(limit);
        Ok(growers)
    }

    /// Growers of whose slips something may be paid in cash by who works here, the longest waiting
    /// first.
    ///
    /// # Errors
    /// [`StewardError::NotEnrolled`], the phone being locked, or the store's own.
    pub fn unpaid_growers(&self) -> Result<Vec<Unpaid>, StewardError> {
        let (holder, here) = (self.holder()?, EntryId::new(self.device()?, 0));
        let mut all: Vec<Unpaid> = Vec::new();
        for id in self.store.unpaid(Some(self.village()?))? {
            let Some(slip) = self.store.slip(id)? else { continue };
            let payable = slip.payable_in_cash();
            if payable <= Fen::ZERO || !slip.may_be_paid_by(here, holder) {
                continue;
            }
            let grower = self.store.shown(slip.grower)?;
            match all.iter_mut().find(|unpaid| unpaid.grower == grower) {
                Some(unpaid) => {
                    unpaid.owed =
                        unpaid.owed.plus(payable).map_err(crate::store::StoreError::from)?;
                    unpaid.slips = unpaid.slips.saturating_add(1);
                }
                None => all.push(Unpaid { grower, owed: payable, slips: 1 }),
            }
        }
        Ok(all)
    }
}
