//! A note: words beside an entry or a day. It moves nothing.

use minicbor::{Decode, Encode};

use super::check::{Breach, Breaches, Check, Limits, MAX_WORDS, Place};
use super::ids::EntryId;
use super::rule::Rule;

/// A steward's or the office's remark.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Note {
    /// The entry it speaks of, if any.
    #[n(0)]
    pub about: Option<EntryId>,
    /// The words; no names of growers and no phone numbers.
    #[n(1)]
    pub text: String,
}

impl Check for Note {
    fn check(&self, _: &Limits) -> Vec<Breach> {
        let mut found = Breaches::new();
        found.demand(!self.text.trim().is_empty(), Rule::NOTE_EMPTY, Place::Entry);
        let short = self.text.chars().count() <= MAX_WORDS;
        found.demand(short, Rule::NOTE_TOO_LONG, Place::Entry);
        found.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::check::rules_of;

    #[test]
    fn a_note_says_something_and_not_too_much() {
        let broken = |text: String| rules_of(&Note { about: None, text }.check(&Limits::LEDGER));
        assert!(broken("下雨".into()).is_empty());
        assert_eq!(broken("  ".into()), [Rule::NOTE_EMPTY]);
        assert_eq!(broken("雨".repeat(MAX_WORDS + 1)), [Rule::NOTE_TOO_LONG]);
    }
}
