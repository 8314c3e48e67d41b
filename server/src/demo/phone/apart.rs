//! What phones do on the last evening, each by itself and without signal. What was done before is not
//! done again.

use courtyard_core::domain::{BusinessDate, Fen, GrowerId, PersonNo};
use courtyard_core::steward::{GrowerDetails, StewardError};
use courtyard_core::store::SlipFilter;

use super::Phone;

impl Phone {
    /// Writes down a household's phone number, unless the phone knows one.
    ///
    /// # Errors
    /// The steward's own.
    pub fn write_number(&mut self, grower: GrowerId, number: &str) -> Result<(), StewardError> {
        let known = self.steward.store().grower(grower)?;
        if known.is_none_or(|known| !known.phone.is_empty()) {
            return Ok(());
        }
        let details = GrowerDetails { phone: Some(number.to_owned()), ..GrowerDetails::default() };
        self.steward.change_grower(grower, &details)
    }

    /// Counts the till, and finds so much more or less than there should be.
    ///
    /// # Errors
    /// The steward's own.
    pub fn count(&mut self, date: BusinessDate, more: Fen) -> Result<(), StewardError> {
        let float = self.steward.float()?;
        if !float.counts.is_empty() {
            return Ok(());
        }
        self.is_now(date, 19 * 3_600);
        let counted = float.balance.plus(more).unwrap_or(float.balance).max(Fen::ZERO);
        self.steward.count_float(counted).map(|_| ())
    }

    /// The household says that its latest slip is wrong.
    ///
    /// # Errors
    /// The steward's own.
    pub fn object(&mut self, date: BusinessDate, grower: GrowerId) -> Result<(), StewardError> {
        if !self.steward.store().threads()?.is_empty() {
            return Ok(());
        }
        let filter = SlipFilter { grower: Some(grower), limit: 1, ..SlipFilter::default() };
        let newest = self.steward.store().slips(filter)?.into_iter().next();
        let Some(slip) = newest else { return Ok(()) };
        self.is_now(date, 19 * 3_600);
        self.steward.object(slip.id, PersonNo::new(0), "少记了一筐").map(|_| ())
    }
}
