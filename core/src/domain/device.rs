//! A device's certificate: which key writes which book, in which village, as what.
//!
//! The same bytes stand in the county's book, go to the phone at enrolment and stand in a slip's QR.

use minicbor::{Decode, Encode};

use super::check::{Breach, Check, Limits};
use super::ids::{DeviceNo, VillageNo};

/// The district's word that this key is this device.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct DeviceCertificate {
    /// Its number, never given twice.
    #[n(0)]
    pub device: DeviceNo,
    /// Its Ed25519 public key.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub public_key: [u8; 32],
    /// What it may write.
    #[n(2)]
    pub role: DeviceRole,
    /// The village it serves; none for the county's own.
    #[n(3)]
    pub village: Option<VillageNo>,
    /// The office key's signature over (purpose, district, device, key, role, village).
    #[cbor(n(4), with = "minicbor::bytes")]
    pub signature: [u8; 64],
}

/// What a device is, and so which kinds of entry count when it writes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum DeviceRole {
    /// A steward's phone or a collection point's PC.
    #[n(0)]
    Phone,
    /// The office's own device for one village.
    #[n(1)]
    VillageOffice,
    /// The office's own device for the county.
    #[n(2)]
    CountyOffice,
}

impl Check for DeviceCertificate {
    /// Nothing: a certificate stands or falls by its signature, which `document` checks.
    fn check(&self, _: &Limits) -> Vec<Breach> {
        Vec::new()
    }
}
