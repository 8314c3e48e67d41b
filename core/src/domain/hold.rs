//! The district's decision on a held entry (留存待核): admit (认可) or refuse (不认可), with the reasons
//! that it settles and what it rests on. Nothing is dropped either way.

use minicbor::{Decode, Encode};

use super::check::{Breach, Breaches, Check, Limits, MAX_WORDS, Place};
use super::ids::{EntryHash, EntryId, GrowerId};
use super::rule::Rule;

/// Rules whose breach the district may admit after looking at evidence: the entry then counts as it
/// was printed. What names nothing, or cannot be computed, cannot be admitted.
const ADMISSIBLE: &[Rule] = &[
    Rule::ENTRY_LAMPORT_JUMP,
    Rule::ENTRY_AFTER_REVOCATION,
    Rule::PURCHASE_AMOUNT_DISAGREES,
    Rule::PURCHASE_SEGMENTS_DO_NOT_ADD_UP,
    Rule::PURCHASE_BEYOND_CAPACITY,
    Rule::VOID_NEEDS_SECOND_PERSON,
    Rule::RETURN_TOO_LATE,
    Rule::DEPOSIT_BEYOND_FIFTH,
    Rule::CONTRACT_VERSION_OUT_OF_TURN,
];

impl Rule {
    /// Whether an entry held for this rule can be admitted.
    pub fn is_admissible(self) -> bool {
        ADMISSIBLE.contains(&self)
    }
}

/// A decision on one exact entry.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct HoldDecision {
    /// The held entry.
    #[n(0)]
    pub target: EntryId,
    /// The hash of its bytes.
    #[n(1)]
    pub target_hash: EntryHash,
    /// Admitted, or refused.
    #[n(2)]
    pub admits: bool,
    /// The codes of the rules that it settles; a code that a build does not know settles nothing
    /// there.
    #[n(3)]
    pub settles: Vec<String>,
    /// What it rests on.
    #[n(4)]
    pub evidence: Evidence,
    /// In words.
    #[n(5)]
    pub reason: String,
    /// The grower whom the held entry is about, who is told.
    #[n(6)]
    pub grower: Option<GrowerId>,
}

/// What a decision rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Evidence {
    /// The signed paper slip.
    #[n(0)]
    Paper,
    /// Somebody who was there.
    #[n(1)]
    Witness,
    /// A neighbour of the grower.
    #[n(2)]
    Neighbour,
    /// The books themselves: another entry, the scale's own record.
    #[n(3)]
    Records,
    /// None was found.
    #[n(4)]
    None,
}

impl HoldDecision {
    /// The rules that it settles and that this build knows.
    pub fn rules(&self) -> Vec<Rule> {
        self.settles.iter().filter_map(|code| Rule::by_code(code)).collect()
    }
}

impl Check for HoldDecision {
    fn check(&self, _: &Limits) -> Vec<Breach> {
        let mut found = Breaches::new();
        found.words(&self.reason, Rule::REASON_EMPTY, Rule::REASON_TOO_LONG, MAX_WORDS);
        found.demand(!self.settles.is_empty(), Rule::HOLD_SETTLES_NOTHING, Place::Entry);
        let open = !self.admits || self.rules().iter().all(|rule| rule.is_admissible());
        found.demand(open, Rule::HOLD_NOT_ADMISSIBLE, Place::Entry);
        found.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::check::rules_of;
    use crate::domain::ids::DeviceNo;

    #[test]
    fn only_what_can_be_made_good_by_evidence_is_admitted() {
        let decision = |admits, codes: &[&str]| HoldDecision {
            target: EntryId::new(DeviceNo::default(), 1),
            target_hash: EntryHash::of(b"slip"),
            admits,
            settles: codes.iter().map(|&code| code.to_owned()).collect(),
            evidence: Evidence::Paper,
            reason: "纸单核对无误".into(),
            grower: None,
        };
        let broken = |d: HoldDecision| rules_of(&d.check(&Limits::LEDGER));
        assert!(broken(decision(true, &["entry.after_revocation"])).is_empty());
        assert_eq!(broken(decision(true, &[])), [Rule::HOLD_SETTLES_NOTHING]);
        assert_eq!(broken(decision(true, &["purchase.no_lines"])), [Rule::HOLD_NOT_ADMISSIBLE]);
        assert!(broken(decision(false, &["purchase.no_lines"])).is_empty());
        assert_eq!(decision(true, &["newer.code"]).rules(), []);
    }
}
