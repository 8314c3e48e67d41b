//! The day, where the clock cannot be believed: a person says it once, and it holds until the
//! phone's clock turns to another day.

use crate::domain::BusinessDate;
use crate::domain::doubt::clock_in_doubt;

use super::{Steward, StewardError};

impl Steward {
    /// Whether the clock is in doubt and nobody has said yet which day it is.
    ///
    /// # Errors
    /// [`StewardError::NotEnrolled`] or the store's own.
    pub fn asks_for_day(&self) -> Result<bool, StewardError> {
        let last = self.store.last_clock(self.device()?)?;
        Ok(clock_in_doubt(last, self.clock.read()) && self.confirmed_today()?.is_none())
    }

    /// A person says which day it is. Entries show it; their clock readings stay as they are.
    ///
    /// # Errors
    /// The store's own.
    pub fn confirm_day(&mut self, day: BusinessDate) -> Result<(), StewardError> {
        Ok(self.store.confirm_day(day, self.clock.read())?)
    }

    /// The day that was confirmed, as long as the phone's clock shows the day of the confirmation.
    pub(super) fn confirmed_today(&self) -> Result<Option<BusinessDate>, StewardError> {
        let now = BusinessDate::at(self.clock.read().wall_s);
        let confirmed = self.store.confirmed_day()?;
        Ok(confirmed.filter(|(_, at_s)| BusinessDate::at(*at_s) == now).map(|(day, _)| day))
    }
}
