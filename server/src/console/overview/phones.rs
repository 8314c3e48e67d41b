//! The phones with when they were last heard, the longest silent first.

use courtyard_core::domain::device::DeviceRole;
use courtyard_core::domain::{BusinessDate, DeviceNo, VillageNo};

use crate::log::{DeviceState, LogError, Reads};

/// So many are listed; the others stand on the page of villages.
const LISTED: usize = 16;

/// The phones in use.
#[derive(Debug, Default)]
pub(super) struct Phones {
    /// How many there are.
    pub(super) all: usize,
    /// How many of them are silent.
    pub(super) silent: usize,
    /// The first of them: silent ones, then the last heard first.
    pub(super) listed: Vec<Phone>,
}

/// A phone in use.
#[derive(Debug)]
pub(super) struct Phone {
    pub(super) device: DeviceNo,
    pub(super) village: Option<VillageNo>,
    /// When it last spoke to the server.
    pub(super) heard_ms: Option<i64>,
    /// The days of its silence, if they are more than the district allows.
    pub(super) silent_days: Option<i32>,
}

/// Reads them from the log; one that never spoke is waited for since it was known.
pub(super) fn read(reads: &dyn Reads, now_ms: i64, most: u16) -> Result<Phones, LogError> {
    let today = day(now_ms);
    let mut listed = Vec::new();
    for device in reads.devices()? {
        let certificate = &device.certificate;
        if certificate.role != DeviceRole::Phone || device.state != DeviceState::Active {
            continue;
        }
        let heard_ms = reads.heard_ms(certificate.device)?;
        let days = today.days().saturating_sub(day(heard_ms.unwrap_or(device.since_ms)).days());
        listed.push(Phone {
            device: certificate.device,
            village: certificate.village,
            heard_ms,
            silent_days: (days > i32::from(most)).then_some(days),
        });
    }
    listed.sort_by_key(|phone| {
        let silent = phone.silent_days.map(std::cmp::Reverse);
        (silent.is_none(), silent, std::cmp::Reverse(phone.heard_ms), phone.device)
    });
    let silent = listed.iter().filter(|phone| phone.silent_days.is_some()).count();
    let all = listed.len();
    listed.truncate(LISTED.max(silent.min(2 * LISTED)));
    Ok(Phones { all, silent, listed })
}

fn day(at_ms: i64) -> BusinessDate {
    BusinessDate::at(at_ms.div_euclid(1_000))
}
