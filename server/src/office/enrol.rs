//! Enrolment: an invitation and a public key in, a device number and certificates out.

use courtyard_core::document::verify_enrolment;
use courtyard_core::domain::Body;
use courtyard_core::domain::device::DeviceRole;
use courtyard_core::wire::{Door, EnrolRequest, EnrolResponse};

use super::{Office, OfficeError, county, session};
use crate::log::{Device, Invitation, LogError, Transaction};

impl Office {
    /// Enrols a phone. The same key with the same invitation gets the same answer again.
    ///
    /// # Errors
    /// [`Door::InvitationUnknown`], [`Door::InvitationUsed`], [`Door::BadSignature`].
    pub fn enrol(
        &mut self,
        tx: &mut dyn Transaction,
        request: &EnrolRequest,
        now_ms: i64,
    ) -> Result<EnrolResponse, OfficeError> {
        let district = *self.keys.district();
        let EnrolRequest { invitation: code, public_key, signature } = request;
        if verify_enrolment(public_key, &district, code, signature).is_err() {
            return Err(Door::BadSignature.into());
        }
        let invitation = tx.invitation(&session::hash(code))?.ok_or(Door::InvitationUnknown)?;
        let device = match invitation.used_by {
            Some(number) => {
                let device = tx.device(number)?.ok_or(Door::InvitationUsed)?;
                if device.public_key() != *public_key {
                    return Err(Door::InvitationUsed.into());
                }
                device
            }
            None if invitation.expires_ms < now_ms => {
                return Err(Door::InvitationUnknown.into());
            }
            None => self.take_in(tx, &invitation, request, now_ms)?,
        };
        let county_record = county(tx.reads())?;
        let missing = || LogError::Corrupt("an office device is missing".to_owned());
        let county_office = tx.office_device(None)?.ok_or_else(missing)?;
        let village_office = tx.office_device(Some(invitation.village))?.ok_or_else(missing)?;
        let challenge = session::challenge(&county_record, now_ms);
        let (open, token) =
            session::session_of(&county_record, device.number(), &challenge, now_ms);
        session::open(tx, &open, now_ms)?;
        Ok(EnrolResponse {
            certificate: device.certificate,
            root: county_record.root,
            office: county_record.office,
            county: county_office.certificate,
            village_office: village_office.certificate,
            village: invitation.village,
            token,
            challenge,
        })
    }

    /// Certifies a new phone and publishes its certificate in the county's book.
    fn take_in(
        &mut self,
        tx: &mut dyn Transaction,
        invitation: &Invitation,
        request: &EnrolRequest,
        now_ms: i64,
    ) -> Result<Device, OfficeError> {
        let number = self.take_number(tx)?;
        let village = Some(invitation.village);
        let certificate =
            self.keys.certify(number, &request.public_key, DeviceRole::Phone, village);
        let device = self.know(tx, certificate.clone(), now_ms)?;
        self.publish_now(tx, None, &[Body::DeviceCertificate(certificate)], now_ms)?;
        tx.put_invitation(&Invitation { used_by: Some(number), ..invitation.clone() })?;
        tx.hear(number, now_ms)?;
        Ok(device)
    }
}
