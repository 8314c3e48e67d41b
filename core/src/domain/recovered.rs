//! An entry that the office takes over from the paper: the slip's QR holds it with its signature,
//! so it is the same entry, under its own number, also if its phone comes back.

use minicbor::{Decode, Encode};

use super::check::{Breach, Breaches, Check, Limits, Place};
use super::device::DeviceCertificate;
use super::entry::{Body, Entry, EntryError};
use super::ids::{EntryHash, EntryId, GrowerId, Sequence};
use super::rule::Rule;

/// One entry with everything that proves it to whoever holds the district's root key.
///
/// The same bytes stand in the slip's QR. Whether the signatures hold is for `wire::proof` to say.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct RecoveredEntry {
    /// The certificate of the device that wrote it.
    #[n(0)]
    pub certificate: DeviceCertificate,
    /// Its place in that device's life; the book and the count in it follow.
    #[n(1)]
    pub sequence: Sequence,
    /// The head of the book before it.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub previous: [u8; 32],
    /// Its canonical bytes.
    #[cbor(n(3), with = "minicbor::bytes")]
    pub entry: Vec<u8>,
    /// The device's signature over the book's head with it.
    #[cbor(n(4), with = "minicbor::bytes")]
    pub signature: [u8; 64],
    /// The office key that signed the certificate.
    #[cbor(n(5), with = "minicbor::bytes")]
    pub office_key: [u8; 32],
    /// The root's word for that key.
    #[cbor(n(6), with = "minicbor::bytes")]
    pub office_signature: [u8; 64],
}

impl RecoveredEntry {
    /// The number of the entry.
    pub const fn id(&self) -> EntryId {
        EntryId { device: self.certificate.device, sequence: self.sequence }
    }

    /// The hash of its bytes.
    pub fn hash(&self) -> EntryHash {
        EntryHash::of(&self.entry)
    }

    /// The entry itself.
    ///
    /// # Errors
    /// [`EntryError`] if the bytes are none.
    pub fn original(&self) -> Result<Entry, EntryError> {
        Entry::decode(&self.entry)
    }
}

impl RecoveredEntry {
    /// The grower whom it is about; `None` if it is no entry of a grower, or itself a recovered one.
    pub fn grower(&self) -> Option<GrowerId> {
        match self.original().ok()?.body {
            // One inside another could nest without end, and no paper holds one.
            Body::RecoveredEntry(_) => None,
            body => body.grower(),
        }
    }
}

impl Check for RecoveredEntry {
    fn check(&self, _: &Limits) -> Vec<Breach> {
        let mut found = Breaches::new();
        found.demand(self.grower().is_some(), Rule::RECOVERED_UNREADABLE, Place::Entry);
        found.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::check::rules_of;
    use crate::domain::device::DeviceRole;
    use crate::domain::ids::{DeviceNo, VillageNo};

    #[test]
    fn it_names_the_entry_and_reads_back() {
        let device: DeviceNo = "A7K".parse().unwrap();
        let recovered = RecoveredEntry {
            certificate: DeviceCertificate {
                device,
                public_key: [1; 32],
                role: DeviceRole::Phone,
                village: Some(VillageNo::new(3)),
                signature: [2; 64],
            },
            sequence: Sequence::new(127),
            previous: [3; 32],
            entry: vec![0x80],
            signature: [4; 64],
            office_key: [5; 32],
            office_signature: [6; 64],
        };
        assert_eq!(recovered.id().to_string(), "A7K-000127");
        assert_eq!(recovered.hash(), EntryHash::of(&[0x80]));
        assert!(recovered.original().is_err());
        assert_eq!(rules_of(&recovered.check(&Limits::LEDGER)), [Rule::RECOVERED_UNREADABLE]);
        let bytes = minicbor::to_vec(&recovered).unwrap();
        assert_eq!(minicbor::decode::<RecoveredEntry>(&bytes).unwrap(), recovered);
    }
}
