//! A grower's months as statements: what the closes of the village kept, and for an open month what
//! the entries come to now. Reports and pages say the same because both read it here.

use std::collections::BTreeMap;
use std::sync::Arc;

use courtyard_core::domain::{Body, EntryId, Grams, GrowerId, Month, UnitError, VillageNo};
use courtyard_core::ledger::{
    Arrived, District, StatedSum, Statement, delivered, merkle, moved_by_month,
};
use courtyard_core::store::{Store, StoreError};

use crate::office::OfficeError;

/// Why a grower's statements cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum StatementsError {
    /// The view could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The log could not be read.
    #[error(transparent)]
    Office(#[from] OfficeError),
    /// A newer build kept this month's statement.
    #[error("the statement of {0} was kept by a newer build")]
    Newer(Month),
    /// A sum does not fit.
    #[error(transparent)]
    Unit(#[from] UnitError),
}

/// Reads the statements that a village's close of a month kept.
pub type Closed<'r> =
    dyn FnMut(VillageNo, Month) -> Result<Vec<(GrowerId, Vec<u8>)>, OfficeError> + 'r;

/// What a close kept.
#[derive(Debug)]
pub struct Kept {
    /// The grower's statement.
    pub statement: Statement,
    /// The root over all statements of the close.
    pub root: [u8; 32],
}

/// The statements of one number of a household.
#[derive(Debug)]
pub struct Statements {
    /// The number.
    pub grower: GrowerId,
    /// The village in whose books it stands, if it is known.
    pub village: Option<VillageNo>,
    /// Every entry of the grower.
    pub entries: Vec<Arrived>,
    district: Arc<District>,
    kept: BTreeMap<Month, Kept>,
}

impl Statements {
    /// Reads everything that a grower's statements are made of; `None` if nobody knows the number.
    ///
    /// # Errors
    /// [`StatementsError`].
    pub fn read(
        store: &Store,
        grower: GrowerId,
        closed: &mut Closed<'_>,
    ) -> Result<Option<Statements>, StatementsError> {
        let district = store.district()?;
        let own = store.entries_of(Some(grower.into()))?;
        let entries: Vec<Arrived> = own.into_iter().map(|stored| stored.arrived).collect();
        let registered = store.grower(grower)?.map(|row| row.village);
        if registered.is_none() && entries.is_empty() {
            return Ok(None);
        }
        let village = registered.or_else(|| entries.iter().find_map(|arrived| arrived.village));
        let kept = BTreeMap::new();
        let mut statements = Statements { grower, village, entries, district, kept };
        statements.keep(store, closed)?;
        Ok(Some(statements))
    }

    /// Reads what the closes of the village kept of this grower. A close that kept nothing of them
    /// said that there was nothing.
    fn keep(&mut self, store: &Store, closed: &mut Closed<'_>) -> Result<(), StatementsError> {
        let Some(village) = self.village else { return Ok(()) };
        let closes: Vec<(EntryId, Month)> = self.district.closes(village).collect();
        for (id, month) in closes {
            let Some(stored) = store.entry(id)? else { continue };
            let Body::MonthClose(close) = &stored.arrived.entry.body else { continue };
            let all = closed(village, month)?;
            if all.is_empty() && close.root != merkle::root::<&[u8]>(&[]) {
                continue;
            }
            let own = all.into_iter().find(|(grower, _)| *grower == self.grower);
            let statement = match own {
                Some((_, bytes)) => {
                    Statement::decode(&bytes).map_err(|_| StatementsError::Newer(month))?
                }
                None => Statement::none(village, month, self.grower),
            };
            self.kept.insert(month, Kept { statement, root: close.root });
        }
        Ok(())
    }

    /// What the close of a month kept, if it is closed.
    pub fn kept(&self, month: Month) -> Option<&Kept> {
        self.kept.get(&month)
    }

    /// The month's canonical data: as it was kept, or as it stands now.
    ///
    /// # Errors
    /// [`UnitError::Overflow`] if a sum does not fit.
    pub fn statement(&self, month: Month) -> Result<Statement, UnitError> {
        if let Some(kept) = self.kept.get(&month) {
            return Ok(kept.statement.clone());
        }
        let month_of = |arrived: &Arrived| self.district.posting_month(arrived);
        let village = self.village.unwrap_or_default();
        Statement::of(village, month, self.grower, &self.entries, &month_of)
    }

    /// What moved in each month in which something did, by entity: the sums of its statement, without
    /// what was open at its end.
    ///
    /// # Errors
    /// [`UnitError::Overflow`] if a sum does not fit.
    pub fn moved(&self) -> Result<BTreeMap<Month, Vec<StatedSum>>, UnitError> {
        let month_of = |arrived: &Arrived| self.district.posting_month(arrived);
        let mut months = moved_by_month(&self.entries, &month_of)?;
        for (month, kept) in &self.kept {
            months.insert(*month, kept.statement.sums.clone());
        }
        Ok(months)
    }

    /// What was delivered in each month, in settlement weight.
    ///
    /// # Errors
    /// [`UnitError::Overflow`] if a sum does not fit.
    pub fn delivered(&self) -> Result<BTreeMap<Month, Grams>, UnitError> {
        delivered(&self.entries, &|arrived| self.district.posting_month(arrived))
    }
}
