//! Phones that have not been heard for long, for `report exceptions`.

use courtyard_core::domain::device::DeviceRole;
use courtyard_core::domain::{BusinessDate, DeviceNo, VillageNo};

use crate::command::Failure;
use crate::command::place::failure;
use crate::log::{DeviceState, LogError};
use crate::node::Node;

/// A phone in use, and when it was last heard.
#[derive(Debug)]
pub(super) struct Phone {
    device: DeviceNo,
    village: Option<VillageNo>,
    heard: BusinessDate,
}

/// The phones in use; one that never spoke is waited for since it was known.
pub(super) fn phones(node: &mut Node) -> Result<Vec<Phone>, Failure> {
    let reads = node.read().map_err(failure)?;
    let unread = |error: LogError| failure(error.into());
    let mut phones = Vec::new();
    for device in reads.devices().map_err(unread)? {
        let certificate = &device.certificate;
        if certificate.role == DeviceRole::Phone && device.state == DeviceState::Active {
            let heard = reads.heard_ms(certificate.device).map_err(unread)?;
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
