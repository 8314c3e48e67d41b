//! Sync: everything that waits goes, everything that is new comes, until both sides are still.

use crate::store::StoreReplica;
use crate::sync::{self, Progress, Replica as _, SyncReport, Transport};
use crate::wire::Auth;
use crate::wire::invitation::Invitation;
use crate::wire::message::{TailsRequest, TailsResponse, path};

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
    /// [`StewardError::Transport`] if the network failed, [`StewardError::Refused`] if the office
    /// refused, [`StewardError::Sync`] for anything else: what was acknowledged until then is kept,
    /// the rest waits.
    pub fn sync(
        &mut self,
        transport: &mut dyn Transport,
        progress: &mut dyn FnMut(&Progress),
    ) -> Result<SyncReport, StewardError> {
        let now = self.clock.read();
        let signer = self.signer.as_ref().ok_or(StewardError::NotEnrolled)?;
        let mut replica = StoreReplica::new(&mut self.store, signer, now);
        let report = sync::run(&mut replica, transport, &mut *self.rng, progress)?;
        self.fetch_tails(transport)?;
        Ok(report)
    }

    /// Fetches the ends of sealed numbers, if they changed. They are a help to the eye: an older
    /// server, a cut or a refusal leaves what is held.
    fn fetch_tails(&mut self, transport: &mut dyn Transport) -> Result<(), StewardError> {
        let Some(signer) = &self.signer else { return Ok(()) };
        if !self.store.wants_tails()? {
            return Ok(());
        }
        let now = self.clock.read();
        let session = StoreReplica::new(&mut self.store, signer, now).session()?;
        let Some(token) = session.token else { return Ok(()) };
        let request = TailsRequest { auth: Auth::Token(token), held: self.store.tails_version()? };
        let Ok(answer) = transport.post(path::TAILS, request.encode()) else { return Ok(()) };
        if answer.status != 200 {
            return Ok(());
        }
        match TailsResponse::decode(&answer.body) {
            Ok(TailsResponse::Table { version, tails }) => {
                self.store.put_tails(&version, &tails)?
            }
            Ok(TailsResponse::Held) => self.store.has_tails()?,
            Err(_) => {}
        }
        Ok(())
    }
}
