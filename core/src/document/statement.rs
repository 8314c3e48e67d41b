//! What a device signs, as fixed bytes. Every statement opens with its purpose, the protocol
//! version and the district, so a signature made for one purpose holds for no other.
//!
//! Integers are big-endian. `0x01` in the second place is the protocol version.
//!
//! | purpose | statement |
//! |---|---|
//! | 1 head | `01 01 district[16] device:u16 document count:u32 head[32]` |
//! | 2 session | `02 01 district[16] device:u16 challenge…` |
//! | 3 enrolment | `03 01 district[16] public_key[32] invitation…` |
//! | 4 office | `04 01 district[16] office_public_key[32]` |
//! | 5 device | `05 01 district[16] device:u16 public_key[32] role:u8 village` |
//!
//! `document` is `01 device:u16 number:u32` for a book and `02 village:u16 edition:u32` for a
//! register; `village` is `00 0000` for none and `01 village:u16` otherwise; role 0 is a phone, 1 a
//! village's office, 2 the county's office. The two that end in bytes of any length have nothing
//! after them.

use super::ids::{DocumentId, Head};
use super::keys::{DeviceKey, DistrictId, PublicKey, Signature, SignatureError};
use crate::domain::DeviceNo;

/// The version of every statement's layout.
const PROTOCOL: u8 = 1;

/// What a signature is for; the first byte of what is signed.
#[derive(Clone, Copy)]
pub(super) enum Purpose {
    Head,
    Session,
    Enrolment,
    Office,
    Device,
}

/// The bytes that open every statement.
pub(super) fn opening(purpose: Purpose, district: &DistrictId) -> Vec<u8> {
    let purpose = match purpose {
        Purpose::Head => 1,
        Purpose::Session => 2,
        Purpose::Enrolment => 3,
        Purpose::Office => 4,
        Purpose::Device => 5,
    };
    let mut bytes = Vec::with_capacity(80);
    bytes.extend([purpose, PROTOCOL]);
    bytes.extend(district.0);
    bytes
}

/// "I, this device, have written so much in this document, and this is the head of it."
///
/// For a book, `count` is its entries and `head` the head after the last. For a register, `count`
/// is the number of the device's newest edit and `head` the hash of that edit's change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeadStatement {
    /// The district it is written for.
    pub district: DistrictId,
    /// Who signs.
    pub device: DeviceNo,
    /// The document.
    pub document: DocumentId,
    /// How much stands in it.
    pub count: u32,
    /// The head over it.
    pub head: Head,
}

impl HeadStatement {
    /// The bytes that are signed.
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = opening(Purpose::Head, &self.district);
        bytes.extend(self.device.get().to_be_bytes());
        let (tag, owner, number) = match self.document {
            DocumentId::Book(book) => (1, book.device.get(), book.number),
            DocumentId::Register(register) => (2, register.village.get(), register.edition),
        };
        bytes.push(tag);
        bytes.extend(owner.to_be_bytes());
        bytes.extend(number.to_be_bytes());
        bytes.extend(self.count.to_be_bytes());
        bytes.extend(self.head.0);
        bytes
    }

    /// Signs it.
    pub fn sign(&self, key: &DeviceKey) -> Signature {
        key.sign(&self.bytes())
    }

    /// Checks the signature of the device with this key.
    ///
    /// # Errors
    /// [`SignatureError`] if it does not hold.
    pub fn verify(&self, key: &PublicKey, signature: &Signature) -> Result<(), SignatureError> {
        key.verify(&self.bytes(), signature)
    }
}

fn challenge_bytes(district: &DistrictId, device: DeviceNo, challenge: &[u8]) -> Vec<u8> {
    let mut bytes = opening(Purpose::Session, district);
    bytes.extend(device.get().to_be_bytes());
    bytes.extend(challenge);
    bytes
}

/// Answers the server's challenge, which opens a session.
pub fn sign_challenge(
    key: &DeviceKey,
    district: &DistrictId,
    device: DeviceNo,
    challenge: &[u8],
) -> Signature {
    key.sign(&challenge_bytes(district, device, challenge))
}

/// Checks a device's answer to a challenge.
///
/// # Errors
/// [`SignatureError`] if it does not hold.
pub fn verify_challenge(
    key: &PublicKey,
    district: &DistrictId,
    device: DeviceNo,
    challenge: &[u8],
    signature: &Signature,
) -> Result<(), SignatureError> {
    key.verify(&challenge_bytes(district, device, challenge), signature)
}

fn enrolment_bytes(district: &DistrictId, key: &PublicKey, invitation: &[u8]) -> Vec<u8> {
    let mut bytes = opening(Purpose::Enrolment, district);
    bytes.extend(key.0);
    bytes.extend(invitation);
    bytes
}

/// Proves, with an invitation's code, that who asks to be enrolled holds the secret key.
pub fn sign_enrolment(key: &DeviceKey, district: &DistrictId, invitation: &[u8]) -> Signature {
    key.sign(&enrolment_bytes(district, &key.public(), invitation))
}

/// Checks the proof of who asks to be enrolled.
///
/// # Errors
/// [`SignatureError`] if it does not hold.
pub fn verify_enrolment(
    key: &PublicKey,
    district: &DistrictId,
    invitation: &[u8],
    signature: &Signature,
) -> Result<(), SignatureError> {
    key.verify(&enrolment_bytes(district, key, invitation), signature)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::ids::{BookId, RegisterId};
    use crate::domain::VillageNo;

    fn key() -> DeviceKey {
        DeviceKey::from_seed([7; 32])
    }

    fn district() -> DistrictId {
        DistrictId([0xD1; 16])
    }

    fn device() -> DeviceNo {
        "A7K".parse().unwrap()
    }

    fn statement() -> HeadStatement {
        HeadStatement {
            district: district(),
            device: device(),
            document: DocumentId::Book(BookId::new(device(), 3).unwrap()),
            count: 7,
            head: Head([0xEE; 32]),
        }
    }

    fn register() -> DocumentId {
        DocumentId::Register(RegisterId { village: VillageNo::new(4), edition: 1 })
    }

    #[test]
    fn statements_have_the_bytes_and_signatures_that_the_protocol_names() {
        let district_hex = "d1".repeat(16);
        let head_hex = "ee".repeat(32);
        assert_eq!(
            hex::encode(statement().bytes()),
            format!("0101{district_hex}28f30128f30000000300000007{head_hex}")
        );
        assert_eq!(
            hex::encode(HeadStatement { document: register(), ..statement() }.bytes()),
            format!("0101{district_hex}28f30200040000000100000007{head_hex}")
        );
        assert_eq!(
            hex::encode(challenge_bytes(&district(), device(), b"abc")),
            format!("0201{district_hex}28f3616263")
        );
        assert_eq!(
            hex::encode(enrolment_bytes(&district(), &key().public(), b"abc")),
            format!("0301{district_hex}{}616263", key().public())
        );
        assert_eq!(
            statement().sign(&key()).to_string(),
            "3631922279a52a4dacef65c847e1c88afd0df221e85b8c740c4b71851815e047a792ccb82ea2a83e13ee4a9bd08b560329fde2baeb94e52e4d8b445bce206203"
        );
        assert_eq!(
            sign_challenge(&key(), &district(), device(), b"abc").to_string(),
            "6759956b1dd77dcd53f49f23a526d8eb9c2324fa9eed822f71431ebbf72e25cc8b9167c21bbfa841e8a60cf4da705ad19ffca240afcff0701590e807c990550e"
        );
        assert_eq!(
            sign_enrolment(&key(), &district(), b"abc").to_string(),
            "c46e1675dc91c51d7c333ae39815972946a5c5efd8217ab9ffae27efa94ad110944711df99c9ddd6cf87d46cdfc11263879bf06048ed87cb463312545d066806"
        );
    }

    #[test]
    fn a_head_holds_for_nothing_but_what_was_signed() {
        let signature = statement().sign(&key());
        let public = key().public();
        assert_eq!(statement().verify(&public, &signature), Ok(()));
        let other = DeviceNo::new(1).unwrap();
        for changed in [
            HeadStatement { district: DistrictId([0xD2; 16]), ..statement() },
            HeadStatement { device: other, ..statement() },
            HeadStatement { document: register(), ..statement() },
            HeadStatement {
                document: DocumentId::Book(BookId { device: device(), number: 4 }),
                ..statement()
            },
            HeadStatement {
                document: DocumentId::Book(BookId { device: other, number: 3 }),
                ..statement()
            },
            HeadStatement { count: 8, ..statement() },
            HeadStatement { head: Head([0xEF; 32]), ..statement() },
        ] {
            assert_eq!(changed.verify(&public, &signature), Err(SignatureError), "{changed:?}");
        }
        let stranger = DeviceKey::from_seed([8; 32]).public();
        assert_eq!(statement().verify(&stranger, &signature), Err(SignatureError));
        for bit in 0..512 {
            let mut damaged = signature;
            damaged.0[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(statement().verify(&public, &damaged), Err(SignatureError), "bit {bit}");
        }
    }

    #[test]
    fn a_challenge_is_answered_for_one_device_in_one_district() {
        let signature = sign_challenge(&key(), &district(), device(), b"once");
        let check = |district: &DistrictId, device, challenge: &[u8]| {
            verify_challenge(&key().public(), district, device, challenge, &signature)
        };
        assert_eq!(check(&district(), device(), b"once"), Ok(()));
        assert_eq!(check(&district(), device(), b"twice"), Err(SignatureError));
        assert_eq!(check(&district(), DeviceNo::new(1).unwrap(), b"once"), Err(SignatureError));
        assert_eq!(check(&DistrictId([0; 16]), device(), b"once"), Err(SignatureError));
    }

    #[test]
    fn an_enrolment_proves_the_key_for_one_invitation() {
        let signature = sign_enrolment(&key(), &district(), b"code");
        let public = key().public();
        assert_eq!(verify_enrolment(&public, &district(), b"code", &signature), Ok(()));
        assert_eq!(
            verify_enrolment(&public, &district(), b"other", &signature),
            Err(SignatureError)
        );
        let stranger = DeviceKey::from_seed([8; 32]).public();
        assert_eq!(
            verify_enrolment(&stranger, &district(), b"code", &signature),
            Err(SignatureError)
        );
    }

    #[test]
    fn a_signature_for_one_purpose_holds_for_no_other() {
        // A challenge that a hostile server chose to look like the rest of a head statement.
        let rest = &statement().bytes()[20..];
        let signature = sign_challenge(&key(), &district(), device(), rest);
        assert_eq!(statement().verify(&key().public(), &signature), Err(SignatureError));
    }
}
