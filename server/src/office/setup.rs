//! Founding a county on an empty log, and taking it up again after a restore.

use courtyard_core::document::{DistrictId, OfficeCertificate, PublicKey};
use courtyard_core::domain::{Body, VillageNo};
use rand_core::CryptoRng;

use super::error::CommandError;
use super::{Office, OfficeError, county};
use crate::log::{County, Device, DeviceState, Transaction};

/// Device numbers that a restore skips: more phones than a county enrols between two backups.
pub const SKIPPED_BY_RESTORE: u32 = 1_024;

impl Office {
    /// Founds the county: its record, its own device, and the first entry of its book.
    ///
    /// # Errors
    /// [`CommandError::Founding`] if there is a county already.
    pub fn found(
        &mut self,
        tx: &mut dyn Transaction,
        root: PublicKey,
        office: OfficeCertificate,
        now_ms: i64,
        rng: &mut dyn CryptoRng,
    ) -> Result<DistrictId, OfficeError> {
        if tx.county()?.is_some() {
            return Err(CommandError::Founding("there is a county in this log already").into());
        }
        let district = DistrictId::of(&root);
        tx.put_county(&County {
            district,
            root,
            office,
            epoch: 1,
            last_number: 0,
            next_device: 1,
            lamport: 0,
            secret: secret(rng),
        })?;
        let own = self.take_office_device(tx, None, now_ms)?;
        self.publish_now(tx, None, &[Body::DeviceCertificate(own)], now_ms)?;
        self.note_act(tx, "county.found", &district.to_string(), now_ms)?;
        Ok(district)
    }

    /// Takes the county up again from a backup: another epoch, so that phones send again what they
    /// hold; device numbers skipped, because some may have been given since; fresh devices for the
    /// office, because its old books may have gone on. No session outlives it.
    ///
    /// # Errors
    /// The log's error.
    pub fn take_up(
        &mut self,
        tx: &mut dyn Transaction,
        now_ms: i64,
        rng: &mut dyn CryptoRng,
    ) -> Result<u32, OfficeError> {
        let mut county = county(tx.reads())?;
        // Seconds, so that two restores of one backup do not give the same epoch.
        let now_s = u32::try_from(now_ms.div_euclid(1_000)).unwrap_or(0);
        county.epoch = county.epoch.saturating_add(1).max(now_s);
        county.next_device = county.next_device.saturating_add(SKIPPED_BY_RESTORE);
        county.secret = secret(rng);
        tx.put_county(&county)?;
        tx.end_sessions(None)?;
        tx.end_page_sessions(None)?;
        let villages: Vec<VillageNo> = {
            let mut villages: Vec<_> = tx.registers()?.iter().map(|r| r.village).collect();
            villages.dedup();
            villages
        };
        let mut fresh = Vec::new();
        for village in std::iter::once(None).chain(villages.into_iter().map(Some)) {
            if let Some(old) = tx.office_device(village)? {
                tx.put_device(&Device { state: DeviceState::Retired, ..old })?;
            }
            let certificate = self.take_office_device(tx, village, now_ms)?;
            fresh.push(Body::DeviceCertificate(certificate));
        }
        self.publish_now(tx, None, &fresh, now_ms)?;
        self.note_act(tx, "county.restore", &county.epoch.to_string(), now_ms)?;
        Ok(county.epoch)
    }
}

fn secret(rng: &mut dyn CryptoRng) -> [u8; 32] {
    let mut secret = [0; 32];
    rng.fill_bytes(&mut secret);
    secret
}
