//! Villages and devices: what the office adds, numbers, certifies and revokes.

use courtyard_core::document::RegisterId;
use courtyard_core::domain::device::{DeviceCertificate, DeviceRole};
use courtyard_core::domain::revocation::DeviceRevocation;
use courtyard_core::domain::village::Village;
use courtyard_core::domain::{Body, DeviceNo, EntityNo, Limits, VillageNo};

use super::error::CommandError;
use super::publish::FIRST_EDITION;
use super::published::published;
use super::{Office, OfficeError, county};
use crate::log::{Act, Device, DeviceState, LogError, Reads, Transaction};

impl Office {
    /// Adds a village: its entry in the county's book, its office device, its register.
    ///
    /// # Errors
    /// [`OfficeError`] if the log refuses.
    pub fn add_village(
        &mut self,
        tx: &mut dyn Transaction,
        name: &str,
        entity: Option<EntityNo>,
        now_ms: i64,
    ) -> Result<VillageNo, OfficeError> {
        let last = tx.registers()?.iter().map(|r| r.village.get()).max().unwrap_or(0);
        let number = VillageNo::new(last.saturating_add(1));
        let entity = entity.unwrap_or(EntityNo::new(0));
        let village = Village { number, name: name.to_owned(), entity };
        let office = self.take_office_device(tx, Some(number), now_ms)?;
        let bodies = [Body::Village(village), Body::DeviceCertificate(office)];
        self.publish_now(tx, None, &bodies, now_ms)?;
        tx.open_edition(RegisterId { village: number, edition: FIRST_EDITION }, now_ms)?;
        Ok(number)
    }

    /// Takes the next device number for one of the office's own devices.
    pub(super) fn take_office_device(
        &mut self,
        tx: &mut dyn Transaction,
        village: Option<VillageNo>,
        now_ms: i64,
    ) -> Result<DeviceCertificate, OfficeError> {
        let number = self.take_number(tx)?;
        let role =
            if village.is_some() { DeviceRole::VillageOffice } else { DeviceRole::CountyOffice };
        let public = self.keys.device_key(number).public();
        let certificate = self.keys.certify(number, &public, role, village);
        self.know(tx, certificate.clone(), now_ms)?;
        Ok(certificate)
    }

    /// The next device number; never given twice.
    pub(super) fn take_number(
        &mut self,
        tx: &mut dyn Transaction,
    ) -> Result<DeviceNo, OfficeError> {
        let mut county = county(tx.reads())?;
        let number = u16::try_from(county.next_device)
            .ok()
            .and_then(DeviceNo::new)
            .ok_or(CommandError::NoDeviceNumber)?;
        county.next_device = county.next_device.saturating_add(1);
        tx.put_county(&county)?;
        Ok(number)
    }

    /// Writes the record of a newly certified device.
    pub(super) fn know(
        &mut self,
        tx: &mut dyn Transaction,
        certificate: DeviceCertificate,
        now_ms: i64,
    ) -> Result<Device, OfficeError> {
        let lamport = county(tx.reads())?.lamport;
        let device = Device { certificate, state: DeviceState::Active, lamport, since_ms: now_ms };
        tx.put_device(&device)?;
        Ok(device)
    }

    /// Revokes a phone: it may still upload what it has written, and reads nothing more. The county
    /// publishes up to which number its entries stand as they came: the last that is known here.
    /// Revoking it again answers the same and publishes nothing.
    ///
    /// # Errors
    /// [`CommandError::NoDevice`] if there is no such phone, [`CommandError::Rule`] if the reason
    /// says nothing.
    pub fn revoke(
        &mut self,
        tx: &mut dyn Transaction,
        device: DeviceNo,
        reason: &str,
        now_ms: i64,
    ) -> Result<DeviceRevocation, OfficeError> {
        let known = tx.device(device)?.ok_or_else(|| CommandError::NoDevice(device.to_string()))?;
        if known.certificate.role != DeviceRole::Phone {
            return Err(CommandError::NoDevice(format!("{device} that is a phone")).into());
        }
        if known.state == DeviceState::Revoked
            && let Some(stands) = published(tx.reads())?.revocation(device)
        {
            return Ok(stands.clone());
        }
        let count = last_number(tx.reads(), device)?;
        let revocation = DeviceRevocation { device, count, reason: reason.trim().to_owned() };
        let body = Body::from(revocation.clone());
        if let Some(breach) = body.check(&Limits::LEDGER).first() {
            return Err(CommandError::Rule(breach.rule).into());
        }
        tx.put_device(&Device { state: DeviceState::Revoked, ..known })?;
        self.publish_now(tx, None, &[body], now_ms)?;
        self.note_act(tx, "device.revoke", &device.to_string(), now_ms)?;
        Ok(revocation)
    }

    /// Adds to the list of what people did what a command did; an act of a user stands in their name
    /// ([`user_act`](Self::user_act)).
    pub(crate) fn note_act(
        &self,
        tx: &mut dyn Transaction,
        act: &str,
        subject: &str,
        now_ms: i64,
    ) -> Result<(), OfficeError> {
        tx.put_act(&Act {
            at_ms: now_ms,
            actor: "command line".to_owned(),
            act: act.to_owned(),
            subject: subject.to_owned(),
        })?;
        Ok(())
    }
}

/// The number of a device's last entry in the log; 0 if it has written nothing.
pub fn last_number(reads: &dyn Reads, device: DeviceNo) -> Result<u32, LogError> {
    let Some(book) = reads.last_book(device)? else { return Ok(0) };
    let count = reads.tip(book)?.map_or(0, |tip| tip.count);
    Ok(book.first_sequence().saturating_add(count).saturating_sub(1))
}
