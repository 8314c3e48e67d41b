//! Sync: everything that waits goes, everything that is new comes, until both sides are still.

use crate::store::StoreReplica;
use crate::sync::{self, Progress, SyncReport, Transport};
use crate::wire::invitation::Invitation;

use super::{Steward, StewardError};

impl Steward {
    /// The invitation that this device was enrolled with: it names the server and its pins.
    ///
    /// # Errors
    /// [`StewardError::NotEnrolled`] or the store's own.
    pub fn server(&self) -> Result<Invitation, StewardError> {
        let identity = self.store.identity()?.ok_or(StewardError::NotEnrolled)?;
        Ok(identity.server.parse()?)
    }

    /// Exchanges with the office until there is nothing left to send or to fetch.
    ///
    /// # Errors
    /// [`StewardError::Sync`] if the network failed or the office refused: what was acknowledged
    /// until then is kept, the rest waits.
    pub fn sync(
        &mut self,
        transport: &mut dyn Transport,
        progress: &mut dyn FnMut(&Progress),
    ) -> Result<SyncReport, StewardError> {
        let now = self.clock.read();
        let signer = self.signer.as_ref().ok_or(StewardError::NotEnrolled)?;
        let mut replica = StoreReplica::new(&mut self.store, signer, now);
        Ok(sync::run(&mut replica, transport, &mut *self.rng, progress)?)
    }
}
