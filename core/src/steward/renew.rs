//! A new key and a new number for a phone that was copied or put back from a backup.

use crate::document::DeviceKey;
use crate::domain::DeviceNo;
use crate::store::{Renewal, Renewed, Signer};
use crate::sync::Transport;
use crate::wire::invitation::Invitation;

use super::enrol::{self, Enrolled};
use super::{Steward, StewardError};

impl Steward {
    /// Takes a new key and number by a new invitation of the same village, and issues again what the
    /// office does not have. Call it after a sync: what the office took until then stays as it is.
    ///
    /// The new key is kept before it is sent, so that an answer that was lost can be asked for again.
    ///
    /// # Errors
    /// [`StewardError::NotEnrolled`], [`StewardError::OtherVillage`], those of
    /// [`enrol`](Self::enrol), or the store's own; then everything is as it was.
    pub fn renew(
        &mut self,
        invitation: &Invitation,
        transport: &mut dyn Transport,
    ) -> Result<(Enrolled, Renewed), StewardError> {
        let old = self.signer()?.clone();
        if self.store.trusted()?.is_some_and(|trust| *trust.root() != invitation.root) {
            return Err(StewardError::NotTheDistrict);
        }
        let seed = match self.store.next_seed()? {
            Some(seed) => seed,
            None => {
                let mut seed = [0; 32];
                self.rng.fill_bytes(&mut seed);
                self.store.keep_next_seed(&seed)?;
                seed
            }
        };
        let welcome = enrol::ask(invitation, &seed, transport)?;
        let certificate = welcome.response.certificate;
        if certificate.village != old.certificate().village {
            return Err(StewardError::OtherVillage);
        }
        let (device, village) = (certificate.device, welcome.response.village);
        let key = DeviceKey::from_seed(seed);
        let signer = Signer::new(key, *welcome.trust.district(), certificate)
            .ok_or(StewardError::NotTheDistrict)?;
        let renewed = self.store.renew(
            &old,
            &Renewal {
                trust: &welcome.trust,
                seed: &seed,
                signer: &signer,
                others: &welcome.others,
                server: &invitation.to_string(),
                session: &welcome.session,
            },
        )?;
        self.signer = Some(signer);
        Ok((Enrolled { device, village }, renewed))
    }

    /// The signer of a number that this phone had before.
    pub(super) fn former(&self, device: DeviceNo) -> Result<Option<Signer>, StewardError> {
        let seeds = self.store.former_seeds()?;
        let Some((_, seed)) = seeds.into_iter().find(|(number, _)| *number == device) else {
            return Ok(None);
        };
        let Some(certificate) = self.store.certificate(device)? else { return Ok(None) };
        let Some(trust) = self.store.trusted()? else { return Ok(None) };
        Ok(Signer::new(DeviceKey::from_seed(seed), *trust.district(), certificate))
    }
}
