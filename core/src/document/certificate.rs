//! Certificates: the root signs the office's key, the office's key signs each device's.
//!
//! The root key can stay offline; a new office key needs nothing but a new certificate.

use minicbor::{Decode, Encode};

use super::keys::{DeviceKey, DistrictId, PublicKey, Signature, SignatureError};
use super::statement::{Purpose, opening};
use crate::domain::device::{DeviceCertificate, DeviceRole};
use crate::domain::{DeviceNo, VillageNo};

/// The root's word that this key signs for the district's office.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct OfficeCertificate {
    /// The district.
    #[n(0)]
    pub district: DistrictId,
    /// The office's key.
    #[n(1)]
    pub public_key: PublicKey,
    /// The root's signature.
    #[n(2)]
    pub signature: Signature,
}

impl OfficeCertificate {
    fn bytes(district: &DistrictId, office: &PublicKey) -> Vec<u8> {
        let mut bytes = opening(Purpose::Office, district);
        bytes.extend(office.0);
        bytes
    }

    /// Signs an office's key with the root key, for the root's own district.
    pub fn issue(root: &DeviceKey, office: &PublicKey) -> Self {
        let district = DistrictId::of(&root.public());
        let signature = root.sign(&Self::bytes(&district, office));
        OfficeCertificate { district, public_key: *office, signature }
    }

    /// Checks that this root signed it, and that the district is this root's.
    ///
    /// # Errors
    /// [`SignatureError`] if not.
    pub fn verify(&self, root: &PublicKey) -> Result<(), SignatureError> {
        if self.district != DistrictId::of(root) {
            return Err(SignatureError);
        }
        root.verify(&Self::bytes(&self.district, &self.public_key), &self.signature)
    }
}

fn device_bytes(
    district: &DistrictId,
    device: DeviceNo,
    key: &PublicKey,
    role: DeviceRole,
    village: Option<VillageNo>,
) -> Vec<u8> {
    let mut bytes = opening(Purpose::Device, district);
    bytes.extend(device.get().to_be_bytes());
    bytes.extend(key.0);
    bytes.push(match role {
        DeviceRole::Phone => 0,
        DeviceRole::VillageOffice => 1,
        DeviceRole::CountyOffice => 2,
    });
    bytes.push(u8::from(village.is_some()));
    bytes.extend(village.map_or(0, VillageNo::get).to_be_bytes());
    bytes
}

/// Certifies a device with the office's key.
pub fn issue_device_certificate(
    office: &DeviceKey,
    district: &DistrictId,
    device: DeviceNo,
    public_key: &PublicKey,
    role: DeviceRole,
    village: Option<VillageNo>,
) -> DeviceCertificate {
    let signature = office.sign(&device_bytes(district, device, public_key, role, village));
    DeviceCertificate { device, public_key: public_key.0, role, village, signature: signature.0 }
}

/// Checks that the office's key signed this certificate for this district.
///
/// # Errors
/// [`SignatureError`] if it does not hold.
pub fn verify_device_certificate(
    certificate: &DeviceCertificate,
    district: &DistrictId,
    office: &PublicKey,
) -> Result<(), SignatureError> {
    let statement = device_bytes(
        district,
        certificate.device,
        &PublicKey(certificate.public_key),
        certificate.role,
        certificate.village,
    );
    office.verify(&statement, &Signature(certificate.signature))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root() -> DeviceKey {
        DeviceKey::from_seed([1; 32])
    }

    fn office() -> DeviceKey {
        DeviceKey::from_seed([2; 32])
    }

    fn certificate(role: DeviceRole, village: Option<VillageNo>) -> DeviceCertificate {
        let district = DistrictId::of(&root().public());
        let key = DeviceKey::from_seed([3; 32]).public();
        let device = "A7K".parse().unwrap();
        issue_device_certificate(&office(), &district, device, &key, role, village)
    }

    #[test]
    fn the_root_certifies_the_office_of_its_own_district() {
        let issued = OfficeCertificate::issue(&root(), &office().public());
        let bytes = minicbor::to_vec(&issued).unwrap();
        let read: OfficeCertificate = minicbor::decode(&bytes).unwrap();
        assert_eq!(read, issued);
        assert_eq!(read.verify(&root().public()), Ok(()));
        assert_eq!(read.verify(&office().public()), Err(SignatureError));
        let other = OfficeCertificate { public_key: root().public(), ..read.clone() };
        assert_eq!(other.verify(&root().public()), Err(SignatureError));
        let other = OfficeCertificate { district: DistrictId([0; 16]), ..read };
        assert_eq!(other.verify(&root().public()), Err(SignatureError));
        assert_eq!(
            issued.signature.to_string(),
            "6aa51663f37e1289d706336983ab88bbf7fc0d2b99d242983beb8f7fcbb5f55ecdc43ebf4e255c47789b6b7c7461d802d6ef9991abc2f9f405e3cbd0f950750e"
        );
    }

    #[test]
    fn a_device_certificate_holds_for_nothing_but_what_was_signed() {
        let district = DistrictId::of(&root().public());
        let issued = certificate(DeviceRole::Phone, Some(VillageNo::new(4)));
        let check =
            |c: &DeviceCertificate| verify_device_certificate(c, &district, &office().public());
        assert_eq!(check(&issued), Ok(()));
        let device = DeviceNo::new(1).unwrap();
        for changed in [
            DeviceCertificate { device, ..issued.clone() },
            DeviceCertificate { public_key: [4; 32], ..issued.clone() },
            DeviceCertificate { role: DeviceRole::VillageOffice, ..issued.clone() },
            DeviceCertificate { role: DeviceRole::CountyOffice, ..issued.clone() },
            DeviceCertificate { village: Some(VillageNo::new(5)), ..issued.clone() },
            DeviceCertificate { village: None, ..issued.clone() },
        ] {
            assert_eq!(check(&changed), Err(SignatureError), "{changed:?}");
        }
        let elsewhere = DistrictId([0; 16]);
        assert_eq!(
            verify_device_certificate(&issued, &elsewhere, &office().public()),
            Err(SignatureError)
        );
        assert_eq!(
            hex::encode(issued.signature),
            "fdc6bd58e2b10db63f4f2514f01bd528e43213aa818ab98b6c0115fa75076d97fbb49e71d273d12fc4d1e04343a28c9ff9c2ff02c5c07bd85a3d43aaa97d2507"
        );
    }

    #[test]
    fn no_village_and_village_zero_are_told_apart() {
        let county = certificate(DeviceRole::CountyOffice, None);
        let zero = certificate(DeviceRole::CountyOffice, Some(VillageNo::new(0)));
        assert_ne!(county.signature, zero.signature);
    }
}
