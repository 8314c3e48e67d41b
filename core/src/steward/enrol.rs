//! Enrolment: an invitation in, a certificate and a village out.

use crate::document::{self, DeviceKey, DistrictId};
use crate::domain::device::DeviceCertificate;
use crate::domain::{DeviceNo, VillageNo};
use crate::store::{Signer, Store, Trust};
use crate::sync::{Session, Transport};
use crate::wire::invitation::Invitation;
use crate::wire::{EnrolRequest, EnrolResponse, ErrorBody};

use super::{Steward, StewardError};

/// What a device has become.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Enrolled {
    /// Its number; its slips begin with it.
    pub device: DeviceNo,
    /// The village that it serves.
    pub village: VillageNo,
}

/// The signer of an enrolled store.
pub(super) fn signer(store: &Store) -> Result<Option<Signer>, StewardError> {
    let Some(identity) = store.identity()? else { return Ok(None) };
    let Some(trust) = store.trusted()? else { return Ok(None) };
    let key = DeviceKey::from_seed(identity.seed);
    Ok(Signer::new(key, *trust.district(), identity.certificate))
}

impl Steward {
    /// Enrols this device with a one-time invitation.
    ///
    /// The key is kept before it is sent, so that an answer that was lost can be asked for again.
    ///
    /// # Errors
    /// [`StewardError::AlreadyEnrolled`], [`StewardError::NotTheDistrict`] if the answer does not
    /// lead to the invitation's root key, what the office refused, or the network's error.
    pub fn enrol(
        &mut self,
        invitation: &Invitation,
        transport: &mut dyn Transport,
    ) -> Result<Enrolled, StewardError> {
        if let Some(signer) = &self.signer {
            return Err(StewardError::AlreadyEnrolled(signer.device()));
        }
        let seed = match self.store.seed()? {
            Some(seed) => seed,
            None => {
                let mut seed = [0; 32];
                self.rng.fill_bytes(&mut seed);
                self.store.keep_seed(&seed)?;
                seed
            }
        };
        let welcome = ask(invitation, &seed, transport)?;
        let server = invitation.to_string();
        let certificate = &welcome.response.certificate;
        self.store.enrol(
            &welcome.trust,
            certificate,
            &welcome.others,
            &server,
            &welcome.session,
        )?;
        self.signer = signer(&self.store)?;
        Ok(Enrolled { device: certificate.device, village: welcome.response.village })
    }
}

/// What the office answered, checked down to the root key that the invitation names.
pub(super) struct Welcome {
    pub(super) response: EnrolResponse,
    pub(super) trust: Trust,
    pub(super) others: [DeviceCertificate; 2],
    pub(super) session: Session,
}

/// Asks the office to certify the key of this seed.
pub(super) fn ask(
    invitation: &Invitation,
    seed: &[u8; 32],
    transport: &mut dyn Transport,
) -> Result<Welcome, StewardError> {
    let key = DeviceKey::from_seed(*seed);
    let district = DistrictId::of(&invitation.root);
    let request = EnrolRequest {
        invitation: invitation.code.clone(),
        public_key: key.public(),
        signature: document::sign_enrolment(&key, &district, &invitation.code),
    };
    let answer = transport.post("/v1/enrol", request.encode())?;
    if answer.status != 200 {
        let body: Result<ErrorBody, _> = serde_json::from_slice(&answer.body);
        return Err(
            body.map_or(StewardError::NotTheDistrict, |body| StewardError::Refused(Box::new(body)))
        );
    }
    let response = EnrolResponse::decode(&answer.body).map_err(|_| StewardError::NotTheDistrict)?;
    let not = |_| StewardError::NotTheDistrict;
    if response.root != invitation.root || response.certificate.public_key != key.public().0 {
        return Err(StewardError::NotTheDistrict);
    }
    let trust = Trust::new(response.root, response.office.clone()).map_err(not)?;
    let others = [response.county.clone(), response.village_office.clone()];
    for certificate in others.iter().chain([&response.certificate]) {
        trust.check_certificate(certificate).map_err(not)?;
    }
    let session = Session {
        token: Some(response.token),
        challenge: Some(response.challenge.clone()),
        columns: 0,
    };
    Ok(Welcome { response, trust, others, session })
}
