//! The first start of a data folder, and finding its keys again at every later one.

use std::path::Path;

use courtyard_core::document::{DeviceKey, OfficeCertificate};

use crate::clock::ServerClock;
use crate::folder::{self, DataFolder};
use crate::log::sqlite::SqliteLog;
use crate::log::{County, Log as _};
use crate::node::NodeError;
use crate::office::{Office, OfficeKeys};
use crate::rng::ServerRng;

/// The office of a county whose key lies in the folder.
pub(crate) fn office_of(folder: &DataFolder, county: &County) -> Result<Office, NodeError> {
    let key = folder::read_key(&folder.office_key())
        .map_err(NodeError::file("office.key"))?
        .ok_or(NodeError::Key("office.key is missing; put it back from its copy"))?;
    if key.public() != county.office.public_key {
        return Err(NodeError::Key("office.key is not this log's"));
    }
    Ok(Office::new(OfficeKeys::new(county.district, key, county.office.clone())))
}

/// Founds the county of an empty log, with the keys that lie in the folder or with new ones.
pub(crate) fn found(
    folder: &DataFolder,
    log: &mut SqliteLog,
    clock: &dyn ServerClock,
    rng: &mut ServerRng,
) -> Result<Office, NodeError> {
    // Two first starts at once: the second waits here and then finds a county.
    let mut tx = log.begin()?;
    let root = key(&folder.root_key(), rng).map_err(NodeError::file("root.key"))?;
    let key = key(&folder.office_key(), rng).map_err(NodeError::file("office.key"))?;
    let certificate = OfficeCertificate::issue(&root, &key.public());
    let mut office = Office::new(OfficeKeys::new(certificate.district, key, certificate.clone()));
    if tx.county()?.is_none() {
        office.found(tx.as_mut(), root.public(), certificate, clock.now_ms(), rng.as_mut())?;
        tx.commit()?;
    }
    Ok(office)
}

/// The key in this file, made if there is none.
fn key(path: &Path, rng: &mut ServerRng) -> std::io::Result<DeviceKey> {
    if let Some(key) = folder::read_key(path)? {
        return Ok(key);
    }
    let mut seed = [0; 32];
    rng.fill_bytes(&mut seed);
    let key = DeviceKey::from_seed(seed);
    folder::write_key(path, &key)?;
    Ok(key)
}
