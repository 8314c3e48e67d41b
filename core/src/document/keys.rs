//! Keys: the Ed25519 key of a device, the district's number made from its root key, and the
//! Automerge actor made from a device's key.

use std::fmt;
use std::str::FromStr;

use ed25519_dalek::{Signer as _, SigningKey, VerifyingKey};
use minicbor::{Decode, Encode};
use sha2::{Digest as _, Sha256};

/// A signature that does not hold: another key, another statement, or no valid key at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the signature does not hold")]
pub struct SignatureError;

/// A text that is not so many bytes in hexadecimal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not {bytes} bytes in hexadecimal")]
pub struct HexError {
    pub(super) bytes: usize,
}

macro_rules! bytes {
    ($(#[$doc:meta])* $name:ident[$length:literal]) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
        #[cbor(transparent)]
        pub struct $name(#[cbor(n(0), with = "minicbor::bytes")] pub [u8; $length]);

        impl $name {
            /// The bytes.
            pub const fn as_bytes(&self) -> &[u8; $length] {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&hex::encode(self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl FromStr for $name {
            type Err = HexError;

            fn from_str(text: &str) -> Result<Self, HexError> {
                let mut bytes = [0; $length];
                match hex::decode_to_slice(text, &mut bytes) {
                    Ok(()) => Ok($name(bytes)),
                    Err(_) => Err(HexError { bytes: $length }),
                }
            }
        }
    };
}
pub(super) use bytes;

bytes! {
    /// A district: the first 16 bytes of SHA-256 of its root public key. It stands in every signed
    /// statement and every book's header, so nothing signed for one district holds in another.
    DistrictId[16]
}
bytes! {
    /// An Ed25519 public key.
    PublicKey[32]
}
bytes! {
    /// An Ed25519 signature.
    Signature[64]
}
bytes! {
    /// The Automerge actor of a device: the first 16 bytes of SHA-256 of its public key.
    Actor[16]
}

/// The first 16 bytes of SHA-256 of a public key.
fn fingerprint(key: &PublicKey) -> [u8; 16] {
    let digest: [u8; 32] = Sha256::digest(key.0).into();
    let mut first = [0; 16];
    first.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
    first
}

impl DistrictId {
    /// The district whose root key this is.
    pub fn of(root: &PublicKey) -> Self {
        DistrictId(fingerprint(root))
    }
}

impl Actor {
    /// The actor of the device with this key.
    pub fn of(key: &PublicKey) -> Self {
        Actor(fingerprint(key))
    }
}

impl PublicKey {
    /// Checks a signature over these bytes, by the strict rules: neither a key of small order nor
    /// a second form of the same signature passes.
    ///
    /// # Errors
    /// [`SignatureError`] if it does not hold.
    pub(super) fn verify(
        &self,
        statement: &[u8],
        signature: &Signature,
    ) -> Result<(), SignatureError> {
        VerifyingKey::from_bytes(&self.0)
            .and_then(|key| key.verify_strict(statement, &signature.0.into()))
            .map_err(|_| SignatureError)
    }
}

/// A secret Ed25519 key: a device's, the office's, or the district's root. Wiped when dropped.
#[derive(Clone)]
pub struct DeviceKey(SigningKey);

impl DeviceKey {
    /// The key that grows from these 32 random bytes.
    pub fn from_seed(seed: [u8; 32]) -> Self {
        DeviceKey(SigningKey::from_bytes(&seed))
    }

    /// The 32 bytes to keep: whoever has them can sign as this device.
    pub fn seed(&self) -> [u8; 32] {
        self.0.to_bytes()
    }

    /// The public half.
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key().to_bytes())
    }

    /// Signs bytes that only `document` lays out, so that every statement has its purpose in it.
    pub(super) fn sign(&self, statement: &[u8]) -> Signature {
        Signature(self.0.sign(statement).to_bytes())
    }
}

impl fmt::Debug for DeviceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DeviceKey(of {})", self.public())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_gives_the_public_key_of_rfc_8032_test_1() {
        let seed = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
        let mut bytes = [0; 32];
        hex::decode_to_slice(seed, &mut bytes).unwrap();
        let key = DeviceKey::from_seed(bytes);
        assert_eq!(
            key.public().to_string(),
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
        );
        assert_eq!(key.seed(), bytes);
        assert_eq!(
            key.sign(b"").to_string(),
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        );
    }

    #[test]
    fn an_actor_and_a_district_follow_from_the_key() {
        let key = DeviceKey::from_seed([7; 32]).public();
        let digest: [u8; 32] = Sha256::digest(key.0).into();
        assert_eq!(Actor::of(&key).0, digest[..16]);
        assert_eq!(DistrictId::of(&key).0, digest[..16]);
        assert_eq!(Actor::of(&key).to_string().parse::<Actor>().unwrap(), Actor::of(&key));
    }

    #[test]
    fn a_key_of_small_order_signs_nothing() {
        // The neutral point: with it, the looser rules accept this signature for any message.
        let mut neutral = [0; 32];
        neutral[0] = 1;
        let mut signature = [0; 64];
        signature[0] = 1;
        assert_eq!(
            PublicKey(neutral).verify(b"anything", &Signature(signature)),
            Err(SignatureError)
        );
    }

    #[test]
    fn a_secret_key_never_shows_in_debug() {
        let key = DeviceKey::from_seed([7; 32]);
        assert!(!format!("{key:?}").contains(&hex::encode([7; 32])));
    }
}
