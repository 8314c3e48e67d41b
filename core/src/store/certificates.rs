//! Certificates of devices: which key writes which books, vouched for by the district.

use rusqlite::{Connection, OptionalExtension as _, Transaction};

use crate::domain::device::{DeviceCertificate, DeviceRole};
use crate::domain::{DeviceNo, VillageNo};

use super::error::StoreError;

/// The certificate of this device.
pub(crate) fn of(
    connection: &Connection,
    device: DeviceNo,
) -> Result<Option<DeviceCertificate>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT bytes FROM certificates WHERE device = ?1")?;
    let bytes: Option<Vec<u8>> =
        statement.query_row([device.get()], |row| row.get(0)).optional()?;
    bytes.map(|bytes| minicbor::decode(&bytes).map_err(StoreError::inconsistent)).transpose()
}

/// What this device may write and which village it serves, without its key.
pub(crate) fn standing(
    connection: &Connection,
    device: DeviceNo,
) -> Result<Option<(DeviceRole, Option<VillageNo>)>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT role, village FROM certificates WHERE device = ?1")?;
    let found: Option<(u8, Option<u16>)> =
        statement.query_row([device.get()], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    match found {
        None => Ok(None),
        Some((role, village)) => Ok(Some((role_of(role)?, village.map(VillageNo::new)))),
    }
}

/// The devices that serve this village.
pub(crate) fn of_village(
    connection: &Connection,
    village: VillageNo,
) -> Result<Vec<DeviceNo>, StoreError> {
    let mut statement = connection
        .prepare_cached("SELECT device FROM certificates WHERE village = ?1 ORDER BY device")?;
    let rows = statement.query_map([village.get()], |row| row.get::<_, u16>(0))?;
    let mut devices = Vec::new();
    for row in rows {
        devices.extend(DeviceNo::new(row?));
    }
    Ok(devices)
}

/// Every certificate of the devices of this village, and those of the county's own devices.
pub(crate) fn in_scope(
    connection: &Connection,
    village: Option<VillageNo>,
) -> Result<Vec<DeviceNo>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT device FROM certificates
         WHERE ?1 IS NULL OR village = ?1 OR village IS NULL ORDER BY device",
    )?;
    let rows = statement.query_map([village.map(VillageNo::get)], |row| row.get::<_, u16>(0))?;
    let mut devices = Vec::new();
    for row in rows {
        devices.extend(DeviceNo::new(row?));
    }
    Ok(devices)
}

/// Keeps a certificate that was verified. A device's first certificate stays: a number is never
/// given twice. Answers whether it is new.
pub(crate) fn keep(
    transaction: &Transaction<'_>,
    certificate: &DeviceCertificate,
) -> Result<bool, StoreError> {
    let bytes = minicbor::to_vec(certificate).map_err(StoreError::inconsistent)?;
    let mut statement = transaction.prepare_cached(
        "INSERT OR IGNORE INTO certificates (device, role, village, bytes)
         VALUES (?1, ?2, ?3, ?4)",
    )?;
    let kept = statement.execute((
        certificate.device.get(),
        role_number(certificate.role),
        certificate.village.map(VillageNo::get),
        bytes,
    ))?;
    Ok(kept == 1)
}

const fn role_number(role: DeviceRole) -> u8 {
    match role {
        DeviceRole::Phone => 0,
        DeviceRole::VillageOffice => 1,
        DeviceRole::CountyOffice => 2,
    }
}

fn role_of(number: u8) -> Result<DeviceRole, StoreError> {
    match number {
        0 => Ok(DeviceRole::Phone),
        1 => Ok(DeviceRole::VillageOffice),
        2 => Ok(DeviceRole::CountyOffice),
        _ => Err(StoreError::inconsistent(format!("device role {number}"))),
    }
}
