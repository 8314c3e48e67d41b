//! `Steward`: the one entry point of the apps and of the command line.
//!
//! It opens a store, holds the device's key, asks the desk what a purchase comes to, saves, and
//! syncs. Time and randomness are arguments; what cannot be done says what was kept and what to do.

mod corrections;
mod counter;
mod day;
mod debts;
mod enrol;
mod error;
mod float;
mod lists;
mod offers;
mod open_slip;
mod operators;
mod people;
mod reading;
mod renew;
mod syncing;
mod words;

use std::sync::Arc;

use rand_core::CryptoRng;

pub use corrections::{GivenBack, TakeBack};
pub use counter::{Bought, ContractTerms, Paid};
pub use enrol::Enrolled;
pub use error::{Said, StewardError};
pub use float::{FloatView, InHand};
pub use lists::Unpaid;
pub use offers::{Offer, Offered};
pub use operators::{Operator, OperatorError};
pub use people::{GrowerDetails, PersonDetails};
pub use reading::{EntryView, Status};

use crate::domain::{BusinessDate, Clock, DeviceNo, EntityNo, VillageNo};
use crate::store::{KeySeal, OpenOptions, Signer, Store};

/// Reads the device's two clocks.
pub trait DeviceClock: Send {
    /// What they say now; the wall clock may be wrong by years.
    fn read(&self) -> Clock;
}

/// A steward's ledger, open.
pub struct Steward {
    store: Store,
    signer: Option<Signer>,
    clock: Box<dyn DeviceClock>,
    rng: Box<dyn CryptoRng + Send>,
}

impl std::fmt::Debug for Steward {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Steward").field("store", &self.store).finish_non_exhaustive()
    }
}

impl Steward {
    /// Opens the store at this place, or makes it.
    ///
    /// # Errors
    /// The store's own. A damaged file is left as it is: see [`crate::store::set_aside_damaged`].
    pub fn open(
        options: OpenOptions,
        clock: Box<dyn DeviceClock>,
        rng: Box<dyn CryptoRng + Send>,
    ) -> Result<Steward, StewardError> {
        Steward::over(Store::open(options)?, clock, rng)
    }

    /// Opens the store as [`open`](Self::open) does, its keys sealed by the platform's key store.
    ///
    /// # Errors
    /// The store's own; [`StoreError::KeySealed`](crate::store::StoreError::KeySealed) if the key
    /// store does not open them.
    pub fn open_sealed(
        options: OpenOptions,
        clock: Box<dyn DeviceClock>,
        rng: Box<dyn CryptoRng + Send>,
        seal: Arc<dyn KeySeal>,
    ) -> Result<Steward, StewardError> {
        let mut store = Store::open(options)?;
        store.seal_with(seal)?;
        Steward::over(store, clock, rng)
    }

    fn over(
        store: Store,
        clock: Box<dyn DeviceClock>,
        rng: Box<dyn CryptoRng + Send>,
    ) -> Result<Steward, StewardError> {
        let signer = enrol::signer(&store)?;
        Ok(Steward { store, signer, clock, rng })
    }

    /// What the store holds, to read.
    pub const fn store(&self) -> &Store {
        &self.store
    }

    /// Today in Asia/Shanghai: the day that a person confirmed, else by this device's clock.
    pub fn today(&self) -> BusinessDate {
        let confirmed = self.confirmed_today().ok().flatten();
        confirmed.unwrap_or_else(|| BusinessDate::at(self.clock.read().wall_s))
    }

    /// This device's number.
    ///
    /// # Errors
    /// [`StewardError::NotEnrolled`].
    pub fn device(&self) -> Result<DeviceNo, StewardError> {
        Ok(self.signer()?.device())
    }

    /// The village that this device serves.
    ///
    /// # Errors
    /// [`StewardError::NotEnrolled`].
    pub fn village(&self) -> Result<VillageNo, StewardError> {
        self.signer()?.certificate().village.ok_or(StewardError::NotEnrolled)
    }

    /// Drops every table that can be computed and computes it again.
    ///
    /// # Errors
    /// The store's own; then the tables are as they were.
    pub fn rebuild(&mut self) -> Result<(), StewardError> {
        Ok(self.store.rebuild()?)
    }

    fn signer(&self) -> Result<&Signer, StewardError> {
        self.signer.as_ref().ok_or(StewardError::NotEnrolled)
    }

    /// On whose account this village buys.
    fn entity(&self) -> Result<EntityNo, StewardError> {
        let village = self.village()?;
        Ok(self.store.entity_of(village)?)
    }
}

#[cfg(test)]
mod tests;
