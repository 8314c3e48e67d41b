//! An entry: one fact, written once by one device, as a deterministic CBOR array.
//!
//! `[kind, version, lamport, date, wall_s, uptime_s, entity, operator, body, reissue_of?]`, where
//! the body is the kind's own array (RFC 8949 §4.2.1: shortest integers, definite lengths). Arrays
//! grow only at the end; what a newer version added is skipped here and kept in the stored bytes.

use minicbor::{Decode, Decoder, Encode, Encoder};

use super::adjustment::Adjustment;
use super::bank::{BankApprove, BankFile, BankReserve, BankResult};
use super::calendar::{BusinessDate, Clock};
use super::check::{Breach, Check as _, Limits};
use super::close::MonthClose;
use super::confirmation::Confirmation;
use super::contract::ContractVersion;
use super::debt::{Deposit, InputCredit, Prepayment};
use super::device::DeviceCertificate;
use super::float::{FloatAccept, FloatCount, FloatDifference, FloatIssue};
use super::hold::HoldDecision;
use super::identity::{IdentityLink, IdentityUnlink};
use super::ids::{EntityNo, EntryHash, EntryId, GrowerId, OperatorNo};
use super::note::Note;
use super::payout::Payout;
use super::price_fix::PriceFix;
use super::price_list::PriceList;
use super::product::Products;
use super::question::{Answer, Objection, Question, Review};
use super::receipt::Receipt;
use super::recovered::RecoveredEntry;
use super::returned::Return;
use super::revocation::DeviceRevocation;
use super::roster::Member;
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
    /// A person of the roster (county).
    Steward(Member) = 6, 1, "steward";
    /// The end of a device (county).
    DeviceRevocation(DeviceRevocation) = 7, 1, "device_revocation";
    /// A purchase slip (收购单).
    Slip(Slip) = 16, 1, "slip";
    /// A void (作废).
    Void(Void) = 17, 1, "void";
    /// A return (退货).
    Return(Return) = 18, 1, "return";
    /// A price fix (定价).
    PriceFix(PriceFix) = 19, 1, "price_fix";
    /// An adjustment (调整).
    Adjustment(Adjustment) = 20, 1, "adjustment";
    /// An entry that the office takes over from the paper.
    RecoveredEntry(RecoveredEntry) = 21, 1, "recovered_entry";
    /// A version of a courtyard contract.
    ContractVersion(ContractVersion) = 24, 1, "contract_version";
    /// A prepayment (预付货款).
    Prepayment(Prepayment) = 25, 1, "prepayment";
    /// An input credit (农资赊销).
    InputCredit(InputCredit) = 26, 1, "input_credit";
    /// A deposit (定金).
    Deposit(Deposit) = 27, 1, "deposit";
    /// A grower's word on an entry (确认).
    Confirmation(Confirmation) = 28, 1, "confirmation";
    /// A payout (付款).
    Payout(Payout) = 40, 1, "payout";
    /// A receipt (收款).
    Receipt(Receipt) = 41, 1, "receipt";
    /// What one grower gets in a bank batch.
    BankReserve(BankReserve) = 48, 1, "bank_reserve";
    /// A second person's approval of a bank batch.
    BankApprove(BankApprove) = 49, 1, "bank_approve";
    /// The file of a bank batch.
    BankFile(BankFile) = 50, 1, "bank_file";
    /// What became of a line of a bank batch.
    BankResult(BankResult) = 51, 1, "bank_result";
    /// Cash set out for somebody (备用金).
    FloatIssue(FloatIssue) = 52, 1, "float_issue";
    /// Its acceptance.
    FloatAccept(FloatAccept) = 53, 1, "float_accept";
    /// A count (盘点).
    FloatCount(FloatCount) = 54, 1, "float_count";
    /// An approved difference of a count.
    FloatDifference(FloatDifference) = 55, 1, "float_difference";
    /// A note beside an entry or a day.
    Note(Note) = 64, 1, "note";
    /// A question of the office (核实).
    Question(Question) = 65, 1, "question";
    /// An answer (回复).
    Answer(Answer) = 66, 1, "answer";
    /// A grower's objection (异议).
    Objection(Objection) = 67, 1, "objection";
    /// A reviewer's word (审核).
    Review(Review) = 68, 1, "review";
    /// The district's decision on a held entry.
    HoldDecision(HoldDecision) = 69, 1, "hold_decision";
    /// Two numbers are one household.
    IdentityLink(IdentityLink) = 72, 1, "identity_link";
    /// They are not.
    IdentityUnlink(IdentityUnlink) = 73, 1, "identity_unlink";
    /// A month close (结账).
    MonthClose(MonthClose) = 80, 1, "month_close";
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
    /// district publishes, decides or closes, for floats and for words about an entry.
    pub fn grower(&self) -> Option<GrowerId> {
        match self {
            Body::Slip(slip) => Some(slip.grower),
            Body::Void(void) => Some(void.grower),
            Body::Return(back) => Some(back.grower),
            Body::PriceFix(fix) => Some(fix.grower),
            Body::Adjustment(adjustment) => Some(adjustment.grower),
            Body::ContractVersion(contract) => Some(contract.grower),
            Body::Prepayment(debt) => Some(debt.grower),
            Body::InputCredit(debt) => Some(debt.grower),
            Body::Deposit(debt) => Some(debt.grower),
            Body::Confirmation(word) => Some(word.grower),
            Body::Payout(payout) => Some(payout.grower),
            Body::Receipt(receipt) => Some(receipt.grower),
            Body::BankReserve(reserve) => Some(reserve.grower),
            Body::BankResult(result) => Some(result.grower),
            Body::RecoveredEntry(recovered) => recovered.grower(),
            Body::Products(_)
            | Body::PriceList(_)
            | Body::Rules(_)
            | Body::Village(_)
            | Body::DeviceCertificate(_)
            | Body::Steward(_)
            | Body::DeviceRevocation(_)
            | Body::BankApprove(_)
            | Body::BankFile(_)
            | Body::FloatIssue(_)
            | Body::FloatAccept(_)
            | Body::FloatCount(_)
            | Body::FloatDifference(_)
            | Body::Note(_)
            | Body::Question(_)
            | Body::Answer(_)
            | Body::Objection(_)
            | Body::Review(_)
            | Body::HoldDecision(_)
            | Body::IdentityLink(_)
            | Body::IdentityUnlink(_)
            | Body::MonthClose(_)
            | Body::Unknown { .. } => None,
        }
    }

    /// Every entry that it speaks of: takes back, pays, changes, asks about or decides on.
    pub fn named(&self) -> Vec<EntryId> {
        match self {
            Body::Void(void) => {
                [Some(void.target), void.replacement].into_iter().flatten().collect()
            }
            Body::Return(back) => vec![back.slip],
            Body::PriceFix(fix) => vec![fix.slip],
            Body::Adjustment(adjustment) => {
                [Some(adjustment.slip), adjustment.bulk].into_iter().flatten().collect()
            }
            Body::Confirmation(word) => vec![word.target],
            Body::Payout(payout) => {
                let slips = payout.allocations.iter().map(|a| a.slip);
                slips.chain(payout.repayments.iter().map(|r| r.debt)).collect()
            }
            Body::Receipt(receipt) => vec![receipt.debt],
            Body::BankReserve(reserve) => reserve.allocations.iter().map(|a| a.slip).collect(),
            Body::BankFile(file) => vec![file.approval],
            Body::BankResult(result) => vec![result.reserve],
            Body::FloatAccept(accept) => vec![accept.issue],
            Body::FloatDifference(difference) => vec![difference.count],
            Body::Note(note) => note.about.into_iter().collect(),
            Body::Question(question) => vec![question.target],
            Body::Answer(answer) => vec![answer.question],
            Body::Objection(objection) => vec![objection.target],
            Body::Review(review) => vec![review.target],
            Body::HoldDecision(decision) => vec![decision.target],
            Body::IdentityUnlink(unlink) => vec![unlink.link],
            Body::RecoveredEntry(recovered) => vec![recovered.id()],
            Body::Slip(_)
            | Body::ContractVersion(_)
            | Body::Prepayment(_)
            | Body::InputCredit(_)
            | Body::Deposit(_)
            | Body::BankApprove(_)
            | Body::FloatIssue(_)
            | Body::FloatCount(_)
            | Body::IdentityLink(_)
            | Body::MonthClose(_)
            | Body::Products(_)
            | Body::PriceList(_)
            | Body::Rules(_)
            | Body::Village(_)
            | Body::DeviceCertificate(_)
            | Body::Steward(_)
            | Body::DeviceRevocation(_)
            | Body::Unknown { .. } => Vec::new(),
        }
    }

    /// Whether it speaks of this entry.
    pub fn names(&self, id: EntryId) -> bool {
        self.named().contains(&id)
    }
}

/// Writing to memory cannot fail; the type of minicbor's result cannot say so.
fn infallible(written: Result<(), minicbor::encode::Error<std::convert::Infallible>>) {
    debug_assert!(written.is_ok(), "encoding to memory");
}
