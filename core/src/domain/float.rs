//! The float (备用金): cash in a steward's hands. Issues and hand-overs count when accepted; a count
//! (盘点) is a fact and posts nothing; an approved difference goes to 待处理财产损溢.

use std::fmt;
use std::str::FromStr;

use minicbor::{Decode, Encode};

use super::check::{Breach, Breaches, Check, Limits, MAX_WORDS, Place};
use super::entry::Envelope;
use super::ids::{DeviceNo, EntryHash, EntryId, OperatorNo};
use super::rule::Rule;
use super::units::Fen;

/// In whose hands cash is. A float belongs to a person and an entity, not to a phone; a phone
/// stands for its steward only as long as the district has not named one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub enum Holder {
    /// The district office: the entity's bank account.
    #[n(0)]
    Office,
    /// A person of the roster.
    #[n(1)]
    Person(#[n(0)] OperatorNo),
    /// The unnamed steward of a phone.
    #[n(2)]
    Phone(#[n(0)] DeviceNo),
}

impl Holder {
    /// Who pays and receives by an entry of this device.
    pub fn of(device: DeviceNo, envelope: &Envelope) -> Holder {
        Holder::of_operator(device, envelope.operator)
    }

    /// Who works at this device under this number.
    pub const fn of_operator(device: DeviceNo, operator: OperatorNo) -> Holder {
        if operator.get() == 0 { Holder::Phone(device) } else { Holder::Person(operator) }
    }

    /// One integer for a database key.
    pub fn key(self) -> i64 {
        match self {
            Holder::Office => 0,
            Holder::Person(number) => (1_i64 << 32) | i64::from(number.get()),
            Holder::Phone(device) => (2_i64 << 32) | i64::from(device.get()),
        }
    }

    /// The holder behind a [`Holder::key`], or `None` if it is none.
    pub fn from_key(key: i64) -> Option<Holder> {
        let number = u16::try_from(key & 0xFFFF_FFFF).ok()?;
        match (key >> 32, number) {
            (0, 0) => Some(Holder::Office),
            (1, number) => Some(Holder::Person(OperatorNo::new(number))),
            (2, number) => DeviceNo::new(number).map(Holder::Phone),
            _ => None,
        }
    }
}

impl fmt::Display for Holder {
    /// `office`, `P12`, `A7K`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Holder::Office => f.write_str("office"),
            Holder::Person(number) => write!(f, "P{number}"),
            Holder::Phone(device) => write!(f, "{device}"),
        }
    }
}

impl FromStr for Holder {
    type Err = super::ids::IdError;

    /// Reads `office`, `P12` or a book code such as `A7K`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        if text.eq_ignore_ascii_case("office") {
            return Ok(Holder::Office);
        }
        let person =
            text.strip_prefix(['P', 'p']).filter(|n| n.bytes().all(|b| b.is_ascii_digit()));
        match person.and_then(|number| number.parse().ok()) {
            // `P12` could be a book code too; a person is meant, because people type that.
            Some(number) => Ok(Holder::Person(OperatorNo::new(number))),
            None => text.parse().map(Holder::Phone),
        }
    }
}

/// Cash set out for somebody (领用), or handed over (移交); it moves when it is accepted.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct FloatIssue {
    /// Who gives.
    #[n(0)]
    pub from: Holder,
    /// Who is to accept.
    #[n(1)]
    pub to: Holder,
    /// How much, in fen.
    #[n(2)]
    pub amount: Fen,
}

/// The receiver's word that the cash is there.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct FloatAccept {
    /// What is accepted.
    #[n(0)]
    pub issue: EntryId,
    /// The hash of the issue's bytes.
    #[n(1)]
    pub issue_hash: EntryHash,
}

/// What was counted in somebody's till (盘点).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct FloatCount {
    /// Whose.
    #[n(0)]
    pub holder: Holder,
    /// What lay there, in fen.
    #[n(1)]
    pub counted: Fen,
    /// What the ledger on this phone said at that moment, in fen; negative when the steward had
    /// advanced money (垫付).
    #[n(2)]
    pub expected: Fen,
}

/// The office's word on what a count lacked or had too much.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct FloatDifference {
    /// The count.
    #[n(0)]
    pub count: EntryId,
    /// The hash of the count's bytes.
    #[n(1)]
    pub count_hash: EntryHash,
    /// Whose float.
    #[n(2)]
    pub holder: Holder,
    /// Counted less expected, as approved, in fen: negative is a shortage.
    #[n(3)]
    pub difference: Fen,
    /// What is known about it.
    #[n(4)]
    pub reason: String,
    /// Who approved it: never the one who writes it.
    #[n(5)]
    pub approved_by: OperatorNo,
}

impl Check for FloatIssue {
    fn check(&self, limits: &Limits) -> Vec<Breach> {
        let mut found = Breaches::new();
        found.amount(self.amount, limits);
        found.demand(self.from != self.to, Rule::FLOAT_TO_ONESELF, Place::Entry);
        found.finish()
    }
}

impl Check for FloatAccept {
    /// Nothing: whether there is something to accept is known from other entries.
    fn check(&self, _: &Limits) -> Vec<Breach> {
        Vec::new()
    }
}

impl Check for FloatCount {
    fn check(&self, _: &Limits) -> Vec<Breach> {
        let mut found = Breaches::new();
        found.demand(self.counted >= Fen::ZERO, Rule::FLOAT_COUNT_NEGATIVE, Place::Entry);
        let held = self.holder != Holder::Office;
        found.demand(held, Rule::FLOAT_OF_THE_OFFICE, Place::Entry);
        found.finish()
    }
}

impl Check for FloatDifference {
    fn check(&self, _: &Limits) -> Vec<Breach> {
        let mut found = Breaches::new();
        found.demand(self.difference != Fen::ZERO, Rule::AMOUNT_NOT_POSITIVE, Place::Entry);
        found.words(&self.reason, Rule::REASON_EMPTY, Rule::REASON_TOO_LONG, MAX_WORDS);
        found.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::check::rules_of;

    #[test]
    fn a_holder_reads_back_from_text_and_key() {
        let phone = DeviceNo::new(300).unwrap();
        for holder in [Holder::Office, Holder::Person(OperatorNo::new(12)), Holder::Phone(phone)] {
            assert_eq!(Holder::from_key(holder.key()), Some(holder));
            assert_eq!(holder.to_string().parse::<Holder>().unwrap(), holder);
        }
        assert_eq!(Holder::from_key(7), None);
    }

    #[test]
    fn nobody_issues_to_themselves_and_no_till_holds_less_than_nothing() {
        let me = Holder::Person(OperatorNo::new(1));
        let issue = FloatIssue { from: me, to: me, amount: Fen::ZERO };
        assert_eq!(
            rules_of(&issue.check(&Limits::LEDGER)),
            [Rule::AMOUNT_NOT_POSITIVE, Rule::FLOAT_TO_ONESELF]
        );
        let count = FloatCount { holder: me, counted: Fen::new(-1), expected: Fen::ZERO };
        assert_eq!(rules_of(&count.check(&Limits::LEDGER)), [Rule::FLOAT_COUNT_NEGATIVE]);
    }
}
