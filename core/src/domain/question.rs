//! Words between office, steward and grower about one exact entry: question (核实), answer (回复),
//! objection (异议), review (审核). None of them moves a fen.

use minicbor::{Decode, Encode};

use super::check::{Breach, Breaches, Check, Limits, MAX_WORDS};
use super::ids::{EntryHash, EntryId, GrowerId, PersonNo};
use super::rule::Rule;

/// The office asks the steward about an entry.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Question {
    /// The entry.
    #[n(0)]
    pub target: EntryId,
    /// The hash of its bytes.
    #[n(1)]
    pub target_hash: EntryHash,
    /// What is asked; no names of growers and no phone numbers.
    #[n(2)]
    pub text: String,
}

/// What the steward, or the office, answers to a question or an objection.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Answer {
    /// The question or objection.
    #[n(0)]
    pub question: EntryId,
    /// What is answered.
    #[n(1)]
    pub text: String,
    /// Whether that settles it.
    #[n(2)]
    pub settles: bool,
}

/// A grower does not agree with an entry.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Objection {
    /// Who objects.
    #[n(0)]
    pub grower: GrowerId,
    /// The entry.
    #[n(1)]
    pub target: EntryId,
    /// The hash of its bytes.
    #[n(2)]
    pub target_hash: EntryHash,
    /// Who of the household.
    #[n(3)]
    pub person: PersonNo,
    /// What they say.
    #[n(4)]
    pub text: String,
}

/// A reviewer's word on an entry: bound to exactly this content, so a void opens it again.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Review {
    /// The entry.
    #[n(0)]
    pub target: EntryId,
    /// The hash of its bytes.
    #[n(1)]
    pub target_hash: EntryHash,
    /// Accepted (通过), or not.
    #[n(2)]
    pub accepts: bool,
    /// Why, if not; a remark otherwise.
    #[n(3)]
    pub text: String,
}

impl Check for Question {
    fn check(&self, _: &Limits) -> Vec<Breach> {
        said(&self.text)
    }
}

impl Check for Answer {
    fn check(&self, _: &Limits) -> Vec<Breach> {
        said(&self.text)
    }
}

impl Check for Objection {
    fn check(&self, _: &Limits) -> Vec<Breach> {
        said(&self.text)
    }
}

impl Check for Review {
    fn check(&self, _: &Limits) -> Vec<Breach> {
        if self.accepts && self.text.is_empty() { Vec::new() } else { said(&self.text) }
    }
}

fn said(text: &str) -> Vec<Breach> {
    let mut found = Breaches::new();
    found.words(text, Rule::NOTE_EMPTY, Rule::NOTE_TOO_LONG, MAX_WORDS);
    found.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::check::rules_of;
    use crate::domain::ids::DeviceNo;

    #[test]
    fn a_reviewer_who_rejects_says_why() {
        let review = |accepts, text: &str| Review {
            target: EntryId::new(DeviceNo::default(), 1),
            target_hash: EntryHash::of(b"slip"),
            accepts,
            text: text.into(),
        };
        assert!(review(true, "").check(&Limits::LEDGER).is_empty());
        assert_eq!(rules_of(&review(false, "").check(&Limits::LEDGER)), [Rule::NOTE_EMPTY]);
        let long = "话".repeat(MAX_WORDS + 1);
        assert_eq!(rules_of(&review(true, &long).check(&Limits::LEDGER)), [Rule::NOTE_TOO_LONG]);
    }
}
