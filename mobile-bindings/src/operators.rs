//! A shared phone: helpers sign in with a PIN, and what they write carries their number.

use courtyard_core::domain::OperatorNo;
use courtyard_core::steward::{Operator as Worker, OperatorError, StewardError};

use crate::courtyard::Courtyard;
use crate::error::CourtyardError;

/// A person who may work at this phone.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Operator {
    /// Their number in the district's roster; 0 is the phone's own steward.
    pub number: u16,
    /// Their name; empty for a steward whom nobody named.
    pub name: String,
    /// How long they have to wait after wrong PINs, in seconds.
    pub wait_s: i64,
    /// Whether it is they who work now.
    pub works: bool,
}

impl From<Worker> for Operator {
    fn from(worker: Worker) -> Operator {
        let Worker { number, name, wait_s, works } = worker;
        Operator { number: number.get(), name, wait_s, works }
    }
}

#[uniffi::export]
impl Courtyard {
    /// Who may work here; empty while nobody has a PIN and the phone is its steward's alone.
    ///
    /// # Errors
    /// [`CourtyardError::Store`].
    pub fn operators(&self) -> Result<Vec<Operator>, CourtyardError> {
        Ok(self.steward().operators()?.into_iter().map(Operator::from).collect())
    }

    /// Whether somebody has to sign in before anything is written.
    ///
    /// # Errors
    /// [`CourtyardError::Enrolment`] if the phone is not enrolled, or [`CourtyardError::Store`].
    pub fn is_locked(&self) -> Result<bool, CourtyardError> {
        match self.steward().operator() {
            Ok(_) => Ok(false),
            Err(StewardError::Operator(OperatorError::Locked)) => Ok(true),
            Err(error) => Err(error.into()),
        }
    }

    /// Gives somebody a PIN of four to eight digits, or a new one; 0 is the phone's own steward. Takes
    /// up to a second: hashing a PIN is meant to be slow.
    ///
    /// # Errors
    /// [`CourtyardError::Problem`] with the codes `operator.*`, or [`CourtyardError::Store`].
    pub fn set_pin(
        &self,
        number: u16,
        name: Option<String>,
        pin: String,
    ) -> Result<Operator, CourtyardError> {
        let number = OperatorNo::new(number);
        Ok(self.steward().add_operator(number, name.as_deref(), &pin)?.into())
    }

    /// Begins a shift. Takes up to a second: checking a PIN is meant to be slow.
    ///
    /// # Errors
    /// [`CourtyardError::Problem`] with `operator.wrong_pin` or `operator.waits`,
    /// [`CourtyardError::Typed`] for nobody of this number, or [`CourtyardError::Store`].
    pub fn sign_in(&self, number: u16, pin: String) -> Result<Operator, CourtyardError> {
        Ok(self.steward().login(OperatorNo::new(number), &pin)?.into())
    }

    /// Ends the shift.
    ///
    /// # Errors
    /// [`CourtyardError::Store`].
    pub fn lock(&self) -> Result<(), CourtyardError> {
        Ok(self.steward().lock()?)
    }
}
