//! One household under two numbers: the district links them, and may unlink them. A link changes
//! views and sums, never postings.

use minicbor::{Decode, Encode};

use super::check::{Breach, Breaches, Check, Limits, MAX_WORDS, Place};
use super::ids::{EntryId, GrowerId};
use super::rule::Rule;

/// These two numbers are one household.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct IdentityLink {
    /// The number that is shown from now on.
    #[n(0)]
    pub kept: GrowerId,
    /// The other.
    #[n(1)]
    pub other: GrowerId,
    /// What it rests on.
    #[n(2)]
    pub reason: String,
}

/// A link was wrong.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct IdentityUnlink {
    /// The link.
    #[n(0)]
    pub link: EntryId,
    /// Why.
    #[n(1)]
    pub reason: String,
}

impl Check for IdentityLink {
    fn check(&self, _: &Limits) -> Vec<Breach> {
        let mut found = Breaches::new();
        found.demand(self.kept != self.other, Rule::IDENTITY_WITH_ITSELF, Place::Entry);
        found.words(&self.reason, Rule::REASON_EMPTY, Rule::REASON_TOO_LONG, MAX_WORDS);
        found.finish()
    }
}

impl Check for IdentityUnlink {
    fn check(&self, _: &Limits) -> Vec<Breach> {
        let mut found = Breaches::new();
        found.words(&self.reason, Rule::REASON_EMPTY, Rule::REASON_TOO_LONG, MAX_WORDS);
        found.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::check::rules_of;
    use crate::domain::ids::DeviceNo;

    #[test]
    fn a_household_is_not_linked_with_itself() {
        let grower = |counter| GrowerId::new(DeviceNo::default(), counter);
        let link =
            |other| IdentityLink { kept: grower(1), other, reason: "同一身份证".into() };
        assert!(link(grower(2)).check(&Limits::LEDGER).is_empty());
        assert_eq!(rules_of(&link(grower(1)).check(&Limits::LEDGER)), [Rule::IDENTITY_WITH_ITSELF]);
    }
}
