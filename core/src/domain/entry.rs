//! An entry: one fact, written once by one device, as a deterministic CBOR array.
//!
//! `[kind, version, lamport, date, wall_s, uptime_s, entity, operator, body, reissue_of?]`, where
//! the body is the kind's own array (RFC 8949 §4.2.1: shortest integers, definite lengths). Arrays
//! grow only at the end; what a newer version added is skipped here and kept in the stored bytes.

use minicbor::{Decode, Decoder, Encode, Encoder};

use super::calendar::{BusinessDate, Clock};
use super::check::{Breach, Check as _, Limits};
use super::contract::ContractVersion;
use super::device::DeviceCertificate;
use super::ids::{EntityNo, EntryHash, EntryId, GrowerId, OperatorNo};
use super::note::Note;
use super::payout::Payout;
use super::price_list::PriceList;
use super::product::Products;
use super::rules::Rules;
use super::slip::Slip;
use super::village::Village;
use super::void::Void;

/// Why bytes are not an entry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an entry: {reason}")]
pub struct EntryError {
    reason: String,
}

impl From<minicbor::decode::Error> for EntryError {
    fn from(error: minicbor::decode::Error) -> Self {
        EntryError { reason: error.to_string() }
    }
}

/// What stands on every entry, whatever its kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// One more than any Lamport number seen in any book; order comes from it, never from a clock.
    pub lamport: u64,
    /// The business date in Asia/Shanghai, as printed.
    pub date: BusinessDate,
    /// What the clocks said: evidence, never an order.
    pub clock: Clock,
    /// On whose account.
    pub entity: EntityNo,
    /// Who worked at the device.
    pub operator: OperatorNo,
    /// The entry of the device's former key that this one issues again.
    pub reissue_of: Option<Origin>,
}

/// The entry that was issued again under a new key; one origin counts once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Encode, Decode)]
#[cbor(array)]
pub struct Origin {
    /// Its id under the old key.
    #[n(0)]
    pub id: EntryId,
    /// The hash of its bytes.
    #[n(1)]
    pub hash: EntryHash,
}

/// One fact of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What stands on every entry.
    pub envelope: Envelope,
    /// The kind's own fields.
    pub body: Body,
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident($body:ty) = $number:literal, $version:literal, $name:literal;)*) => {
        /// A kind of entry that this build understands.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind {
            $($(#[$doc])* $variant,)*
        }

        impl Kind {
            /// Every kind that this build understands.
            pub const ALL: &[Kind] = &[$(Kind::$variant,)*];

            /// The number that stands in the entry's bytes.
            pub const fn number(self) -> u16 {
                match self { $(Kind::$variant => $number,)* }
            }

            /// The version of its fields that this build writes and understands.
            pub const fn version(self) -> u16 {
                match self { $(Kind::$variant => $version,)* }
            }

            /// The word in code, tables and reports.
            pub const fn name(self) -> &'static str {
                match self { $(Kind::$variant => $name,)* }
            }

            /// The kind with this number.
            pub const fn from_number(number: u16) -> Option<Kind> {
                match number { $($number => Some(Kind::$variant),)* _ => None }
            }
        }

        /// An entry's own fields, by kind.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum Body {
            $($(#[$doc])* $variant($body),)*
            /// A kind or version of a newer build: kept, passed on, counted as "of a newer kind".
            Unknown {
                /// The kind's number.
                kind: u16,
                /// The version of its fields.
                version: u16,
            },
        }

        impl Body {
            /// Its kind, or `None` if this build does not know it.
            pub const fn kind(&self) -> Option<Kind> {
                match self {
                    $(Body::$variant(_) => Some(Kind::$variant),)*
                    Body::Unknown { .. } => None,
                }
            }

            /// What it breaks from its own fields alone; nothing for a kind that is not known.
            pub fn check(&self, limits: &Limits) -> Vec<Breach> {
                match self {
                    $(Body::$variant(body) => body.check(limits),)*
                    Body::Unknown { .. } => Vec::new(),
                }
            }

            fn decode(kind: u16, version: u16, d: &mut Decoder<'_>) -> Result<Body, EntryError> {
                match (kind, version) {
                    $(($number, $version) => Ok(Body::$variant(d.decode()?)),)*
                    _ => {
                        d.skip()?;
                        Ok(Body::Unknown { kind, version })
                    }
                }
            }

            fn encode(&self, e: &mut Encoder<Vec<u8>>) {
                let written = match self {
                    $(Body::$variant(body) => e.encode(body).map(|_| ()),)*
                    // Never written anew: an unknown entry travels as the bytes that came.
                    Body::Unknown { .. } => e.null().map(|_| ()),
                };
                infallible(written);
            }
        }

        $(impl From<$body> for Body {
            fn from(body: $body) -> Body {
                Body::$variant(body)
            }
        })*
    };
}

kinds! {
    /// Products of the district's catalogue (county).
    Products(Products) = 1, 1, "products";
    /// A price list version (county).
    PriceList(PriceList) = 2, 1, "price_list";
    /// The district's rules (county).
    Rules(Rules) = 3, 1, "rules";
    /// A village and the entity that buys there (county).
    Village(Village) = 4, 1, "village";
    /// A device's certificate (county).
    DeviceCertificate(DeviceCertificate) = 5, 1, "device_certificate";
    /// A purchase slip (收购单).
    Slip(Slip) = 16, 1, "slip";
    /// A void (作废).
    Void(Void) = 17, 1, "void";
    /// A version of a courtyard contract.
    ContractVersion(ContractVersion) = 24, 1, "contract_version";
    /// A payout (付款).
    Payout(Payout) = 40, 1, "payout";
    /// A note beside an entry or a day.
    Note(Note) = 64, 1, "note";
}

impl Entry {
    /// The canonical bytes: what is hashed, chained, signed and stored.
    pub fn encode(&self) -> Vec<u8> {
        let mut e = Encoder::new(Vec::with_capacity(96));
        let (kind, version) = match (&self.body, self.body.kind()) {
            (_, Some(kind)) => (kind.number(), kind.version()),
            (Body::Unknown { kind, version }, None) => (*kind, *version),
            (_, None) => (0, 0),
        };
        let v = &self.envelope;
        infallible((|| {
            e.array(if v.reissue_of.is_some() { 10 } else { 9 })?;
            e.u16(kind)?.u16(version)?.u64(v.lamport)?.encode(v.date)?;
            e.i64(v.clock.wall_s)?.i64(v.clock.uptime_s)?;
            e.encode(v.entity)?.encode(v.operator)?;
            Ok(())
        })());
        self.body.encode(&mut e);
        if let Some(origin) = &v.reissue_of {
            infallible(e.encode(origin).map(|_| ()));
        }
        e.into_writer()
    }

    /// Reads an entry; items that a newer build added at the end are skipped.
    ///
    /// # Errors
    /// [`EntryError`] if the bytes are not one whole CBOR array of an entry. A kind or version that
    /// this build does not know is no error: it reads as [`Body::Unknown`].
    pub fn decode(bytes: &[u8]) -> Result<Entry, EntryError> {
        let mut d = Decoder::new(bytes);
        let items = d.array()?.ok_or_else(|| EntryError { reason: "indefinite length".into() })?;
        if items < 9 {
            return Err(EntryError { reason: format!("{items} items, at least 9 wanted") });
        }
        let kind = d.u16()?;
        let version = d.u16()?;
        let lamport = d.u64()?;
        let date = d.decode()?;
        let clock = Clock { wall_s: d.i64()?, uptime_s: d.i64()? };
        let entity = d.decode()?;
        let operator = d.decode()?;
        let body = Body::decode(kind, version, &mut d)?;
        let reissue_of = if items > 9 { d.decode()? } else { None };
        for _ in 10..items {
            d.skip()?;
        }
        if d.position() != bytes.len() {
            return Err(EntryError { reason: "bytes after the entry".into() });
        }
        let envelope = Envelope { lamport, date, clock, entity, operator, reissue_of };
        Ok(Entry { envelope, body })
    }
}

impl Body {
    /// The grower whose account this entry moves: the ledger folds by it. `None` for what the
    /// district publishes and for notes.
    pub fn grower(&self) -> Option<GrowerId> {
        match self {
            Body::Slip(slip) => Some(slip.grower),
            Body::Void(void) => Some(void.grower),
            Body::ContractVersion(contract) => Some(contract.grower),
            Body::Payout(payout) => Some(payout.grower),
            Body::Products(_)
            | Body::PriceList(_)
            | Body::Rules(_)
            | Body::Village(_)
            | Body::DeviceCertificate(_)
            | Body::Note(_)
            | Body::Unknown { .. } => None,
        }
    }
}

impl Body {
    /// Whether it speaks of this entry: takes it back, pays it, or notes something about it.
    pub fn names(&self, id: EntryId) -> bool {
        match self {
            Body::Void(void) => void.target == id || void.replacement == Some(id),
            Body::Payout(payout) => payout.allocations.iter().any(|a| a.slip == id),
            Body::Note(note) => note.about == Some(id),
            Body::Slip(_)
            | Body::ContractVersion(_)
            | Body::Products(_)
            | Body::PriceList(_)
            | Body::Rules(_)
            | Body::Village(_)
            | Body::DeviceCertificate(_)
            | Body::Unknown { .. } => false,
        }
    }
}

/// Writing to memory cannot fail; the type of minicbor's result cannot say so.
fn infallible(written: Result<(), minicbor::encode::Error<std::convert::Infallible>>) {
    debug_assert!(written.is_ok(), "encoding to memory");
}
