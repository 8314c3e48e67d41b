//! Phones that have not been heard for long.

use courtyard_core::domain::device::DeviceRole;
use courtyard_core::domain::{BusinessDate, DeviceNo, VillageNo};

use crate::log::{DeviceState, LogError, Reads};

/// A phone in use, and when it was last heard.
#[derive(Debug)]
pub struct Phone {
    device: DeviceNo,
    village: Option<VillageNo>,
    heard: BusinessDate,
}

/// The phones in use; one that never spoke is waited for since it was known.
///
/// # Errors
/// The log's error.
pub fn phones(reads: &dyn Reads) -> Result<Vec<Phone>, LogError> {
    let mut phones = Vec::new();
    for device in reads.devices()? {
        let certificate = &device.certificate;
        if certificate.role == DeviceRole::Phone && device.state == DeviceState::Active {
            let heard = reads.heard_ms(certificate.device)?;
            let heard = BusinessDate::at(heard.unwrap_or(device.since_ms).div_euclid(1_000));
            let (device, village) = (certificate.device, certificate.village);
            phones.push(Phone { device, village, heard });
        }
    }
    Ok(phones)
}

/// Those that have been silent for longer than the district allows, with the days.
pub(super) fn silent(
    phones: &[Phone],
    today: BusinessDate,
    most_days: u16,
) -> Vec<(DeviceNo, Option<VillageNo>, u32)> {
    phones
        .iter()
        .filter_map(|phone| {
            let days = u32::try_from(today.days().saturating_sub(phone.heard.days())).ok()?;
            (days > u32::from(most_days)).then_some((phone.device, phone.village, days))
        })
        .collect()
}
