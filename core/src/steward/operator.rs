//! Who works at the phone: their number stands on what is written.

use crate::domain::{GrowerId, OperatorNo};

use super::{Steward, StewardError};

impl Steward {
    /// Who works at this phone: whom the district's roster names for it; 0 if it names nobody.
    ///
    /// # Errors
    /// [`StewardError::NotEnrolled`] or the store's own.
    pub fn operator(&self) -> Result<OperatorNo, StewardError> {
        Ok(self.store.operator_of(self.device()?)?)
    }

    /// Whether this is the own household of whoever works at the phone.
    pub(super) fn is_own_household(&self, grower: GrowerId) -> Result<bool, StewardError> {
        Ok(self.store.is_own_household(self.operator()?, grower)?)
    }
}
