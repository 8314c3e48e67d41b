//! The office's keys: one secret on the node; the root key can stay offline.
//!
//! The keys of the office's own devices are derived from the office key and the device's number, so
//! taking a new device needs no second file beside the log.

use courtyard_core::document::{
    DeviceKey, DistrictId, OfficeCertificate, PublicKey, issue_device_certificate,
    verify_device_certificate,
};
use courtyard_core::domain::device::{DeviceCertificate, DeviceRole};
use courtyard_core::domain::{DeviceNo, VillageNo};
use sha2::{Digest as _, Sha256};

const PURPOSE: &[u8] = b"courtyard office device key v1";

/// The office key, and whom it speaks for.
#[derive(Debug)]
pub struct OfficeKeys {
    district: DistrictId,
    office: DeviceKey,
    certificate: OfficeCertificate,
}

impl OfficeKeys {
    /// The office of a district, with the root's word for its key.
    pub fn new(district: DistrictId, office: DeviceKey, certificate: OfficeCertificate) -> Self {
        OfficeKeys { district, office, certificate }
    }

    /// The district.
    pub fn district(&self) -> &DistrictId {
        &self.district
    }

    /// The office's public key.
    pub fn public(&self) -> PublicKey {
        self.office.public()
    }

    /// The root's word for the office key.
    pub fn certificate(&self) -> &OfficeCertificate {
        &self.certificate
    }

    /// The key of one of the office's own devices.
    pub fn device_key(&self, device: DeviceNo) -> DeviceKey {
        let mut hash = Sha256::new();
        hash.update(PURPOSE);
        hash.update(self.district.0);
        hash.update(device.get().to_be_bytes());
        hash.update(self.office.seed());
        DeviceKey::from_seed(hash.finalize().into())
    }

    /// A certificate for a device.
    pub fn certify(
        &self,
        device: DeviceNo,
        public_key: &PublicKey,
        role: DeviceRole,
        village: Option<VillageNo>,
    ) -> DeviceCertificate {
        issue_device_certificate(&self.office, &self.district, device, public_key, role, village)
    }

    /// Whether this office issued the certificate.
    pub fn issued(&self, certificate: &DeviceCertificate) -> bool {
        verify_device_certificate(certificate, &self.district, &self.office.public()).is_ok()
    }
}
