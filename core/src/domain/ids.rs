//! Numbers that name things: devices, entries, growers, contracts, villages.
//!
//! A device number is given once by the district and never reused, so ids made offline never clash.

use std::fmt;
use std::str::FromStr;

use minicbor::{Decode, Encode};

/// Crockford's base-32 alphabet: no I, L, O or U, so a number read aloud or copied by hand survives.
const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Why a text is not an id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not {expected}")]
pub struct IdError {
    text: String,
    expected: &'static str,
}

impl IdError {
    fn new(text: &str, expected: &'static str) -> Self {
        IdError { text: text.chars().take(40).collect(), expected }
    }
}

macro_rules! number {
    ($(#[$doc:meta])* $name:ident($inner:ty)) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Default)]
        #[cbor(transparent)]
        pub struct $name(#[n(0)] $inner);

        impl $name {
            /// The id with this number.
            pub const fn new(number: $inner) -> Self {
                Self(number)
            }

            /// The bare number.
            pub const fn get(self) -> $inner {
                self.0
            }
        }
    };
}

macro_rules! number_text {
    ($name:ident) => {
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}", self.0)
            }
        }
    };
}

number! {
    /// A village of the county, numbered by the district from 1.
    VillageNo(u16)
}
number! {
    /// A legal body on whose account something is bought (核算主体); 0 is the county co-op.
    EntityNo(u16)
}
number! {
    /// A person of the district's roster, who works at a phone by PIN or in the office; 0 is the
    /// phone's own steward, not named.
    OperatorNo(u16)
}
number! {
    /// A person of a household; 0 is its head (户主). The name stands in the register.
    PersonNo(u16)
}
number! {
    /// A product of the district's catalogue; the catalogue's own code is a text beside it.
    ProductNo(u32)
}
number! {
    /// The position of an entry in its device's life, from 1; it counts every kind.
    Sequence(u32)
}
number_text!(VillageNo);
number_text!(EntityNo);
number_text!(OperatorNo);
number_text!(PersonNo);
number_text!(ProductNo);
number_text!(Sequence);

/// A certified device: a phone, or one of the office's own (one per village, one for the county).
///
/// Shown as its book code, three Crockford base-32 characters; so at most 32,768 in a county.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Encode)]
#[cbor(transparent)]
pub struct DeviceNo(#[n(0)] u16);

impl DeviceNo {
    /// The largest number that three characters can show.
    pub const MAX: DeviceNo = DeviceNo(32_767);

    /// The device with this number, or `None` beyond [`DeviceNo::MAX`].
    pub const fn new(number: u16) -> Option<Self> {
        if number <= Self::MAX.0 { Some(Self(number)) } else { None }
    }

    /// The bare number.
    pub const fn get(self) -> u16 {
        self.0
    }
}

impl<'b, C> Decode<'b, C> for DeviceNo {
    fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        DeviceNo::new(d.u16()?)
            .ok_or_else(|| minicbor::decode::Error::message("device number beyond 32767"))
    }
}

impl fmt::Display for DeviceNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for shift in [10_u32, 5, 0] {
            let index = usize::from((self.0 >> shift) & 31);
            let symbol = CROCKFORD.get(index).copied().unwrap_or(b'0');
            write!(f, "{}", char::from(symbol))?;
        }
        Ok(())
    }
}

impl FromStr for DeviceNo {
    type Err = IdError;

    /// Reads a book code; `O` counts as 0, `I` and `L` as 1, as Crockford's base 32 asks.
    fn from_str(text: &str) -> Result<Self, IdError> {
        let error = || IdError::new(text, "a book code such as A7K");
        if text.chars().count() != 3 {
            return Err(error());
        }
        let mut number = 0_u16;
        for c in text.chars() {
            let symbol = match c.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            };
            let digit = CROCKFORD
                .iter()
                .position(|&s| char::from(s) == symbol)
                .and_then(|p| u16::try_from(p).ok())
                .ok_or_else(error)?;
            number = (number << 5) | digit;
        }
        DeviceNo::new(number).ok_or_else(error)
    }
}

/// One entry of the ledger: the device that wrote it and its place in that device's life.
///
/// People see it as `A7K-000127`, on the slip and on every screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(array)]
pub struct EntryId {
    /// The device that wrote it.
    #[n(0)]
    pub device: DeviceNo,
    /// Its place in that device's life.
    #[n(1)]
    pub sequence: Sequence,
}

impl EntryId {
    /// The id of this device's entry at this sequence.
    pub const fn new(device: DeviceNo, sequence: u32) -> Self {
        Self { device, sequence: Sequence::new(sequence) }
    }

    /// One integer for a database key: device in the high bits, sequence in the low 32.
    pub fn key(self) -> i64 {
        (i64::from(self.device.0) << 32) | i64::from(self.sequence.0)
    }

    /// The id behind a [`EntryId::key`], or `None` if it is none.
    pub fn from_key(key: i64) -> Option<Self> {
        let device = DeviceNo::new(u16::try_from(key >> 32).ok()?)?;
        let sequence = u32::try_from(key & 0xFFFF_FFFF).ok()?;
        Some(Self::new(device, sequence))
    }
}

impl fmt::Display for EntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{:06}", self.device, self.sequence.0)
    }
}

impl FromStr for EntryId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let error = || IdError::new(text, "a slip number such as A7K-000127");
        let (device, sequence) = text.trim().split_once('-').ok_or_else(error)?;
        if sequence.is_empty() || !sequence.bytes().all(|b| b.is_ascii_digit()) {
            return Err(error());
        }
        let sequence: u32 = sequence.parse().map_err(|_| error())?;
        if sequence == 0 {
            return Err(error());
        }
        Ok(Self::new(device.parse().map_err(|_| error())?, sequence))
    }
}

macro_rules! made_on_device {
    ($(#[$doc:meta])* $name:ident, $letter:literal, $expected:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
        #[cbor(array)]
        pub struct $name {
            /// The device that registered it.
            #[n(0)]
            pub device: DeviceNo,
            /// That device's own counter, from 1.
            #[n(1)]
            pub counter: u32,
        }

        impl $name {
            /// The id that this device gave with this counter.
            pub const fn new(device: DeviceNo, counter: u32) -> Self {
                Self { device, counter }
            }

            /// One integer for a database key: device in the high bits, counter in the low 32.
            pub fn key(self) -> i64 {
                (i64::from(self.device.get()) << 32) | i64::from(self.counter)
            }

            /// The id behind a [`key`](Self::key), or `None` if it is none.
            pub fn from_key(key: i64) -> Option<Self> {
                let device = DeviceNo::new(u16::try_from(key >> 32).ok()?)?;
                Some(Self::new(device, u32::try_from(key & 0xFFFF_FFFF).ok()?))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($letter, "-{}-{}"), self.device, self.counter)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                let error = || IdError::new(text, $expected);
                let rest = text.trim().strip_prefix(concat!($letter, "-")).ok_or_else(error)?;
                let (device, counter) = rest.split_once('-').ok_or_else(error)?;
                if !counter.bytes().all(|b| b.is_ascii_digit()) {
                    return Err(error());
                }
                let counter = counter.parse().map_err(|_| error())?;
                Ok(Self::new(device.parse().map_err(|_| error())?, counter))
            }
        }
    };
}

made_on_device! {
    /// A grower's household (农户), registered by any phone, offline; shown as `H-A7K-12`.
    GrowerId, "H", "a grower's number such as H-A7K-12"
}
made_on_device! {
    /// A courtyard contract, numbered by the phone that drew it up; shown as `C-A7K-3`.
    ContractId, "C", "a contract's number such as C-A7K-3"
}

made_on_device! {
    /// A bank batch (批量付款), numbered by the office device that prepared it; shown as `B-A7K-3`.
    BatchId, "B", "a batch number such as B-A7K-3"
}

/// SHA-256 of an entry's CBOR bytes: what a review, a void or a reissue is bound to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct EntryHash(#[cbor(n(0), with = "minicbor::bytes")] pub [u8; 32]);

impl EntryHash {
    /// The hash of these entry bytes.
    pub fn of(entry_cbor: &[u8]) -> Self {
        use sha2::Digest as _;
        EntryHash(sha2::Sha256::digest(entry_cbor).into())
    }
}

impl fmt::Display for EntryHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_id_reads_back_as_printed() {
        let device: DeviceNo = "A7K".parse().unwrap();
        let id = EntryId::new(device, 127);
        assert_eq!(id.to_string(), "A7K-000127");
        assert_eq!("A7K-000127".parse::<EntryId>().unwrap(), id);
        assert_eq!("a7k-127".parse::<EntryId>().unwrap(), id);
        assert_eq!(EntryId::from_key(id.key()), Some(id));
    }

    #[test]
    fn nonsense_is_not_an_id() {
        for text in
            ["", "A7K", "A7K-", "A7K-0", "A7K--1", "A7K-+1", "A7-1", "AUK-1", "A7K-9999999999"]
        {
            assert!(text.parse::<EntryId>().is_err(), "{text}");
        }
        assert!("G-A7K-1".parse::<GrowerId>().is_err());
        assert!("H-A7K-1".parse::<ContractId>().is_err());
    }

    #[test]
    fn every_device_number_has_a_code_of_its_own() {
        for number in 0..=DeviceNo::MAX.get() {
            let device = DeviceNo::new(number).unwrap();
            assert_eq!(device.to_string().parse::<DeviceNo>().unwrap(), device);
        }
        assert_eq!(DeviceNo::new(32_768), None);
    }
}
