//! A return (退货): produce given back, linked to its line. At most what is left of the line, at its
//! price, within the contract's hours; what comes later is the co-op's loss.

use minicbor::{Decode, Encode};

use super::check::{Breach, Breaches, Check, Limits, MAX_WORDS, Place};
use super::ids::{EntryHash, EntryId, GrowerId};
use super::rule::Rule;
use super::units::Grams;

/// So many grams of a line given back.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Return {
    /// Whose produce.
    #[n(0)]
    pub grower: GrowerId,
    /// The slip.
    #[n(1)]
    pub slip: EntryId,
    /// The hash of the slip's bytes.
    #[n(2)]
    pub slip_hash: EntryHash,
    /// The line, counted from 0.
    #[n(3)]
    pub line: u16,
    /// Settlement weight given back.
    #[n(4)]
    pub weight: Grams,
    /// Why.
    #[n(5)]
    pub reason: String,
}

impl Check for Return {
    fn check(&self, limits: &Limits) -> Vec<Breach> {
        let mut found = Breaches::new();
        let some = self.weight > Grams::ZERO;
        found.demand(some, Rule::RETURN_NOT_POSITIVE, Place::Entry);
        let carried = self.weight <= limits.scale_capacity.max(Limits::LEDGER.scale_capacity);
        found.demand(carried, Rule::PURCHASE_TOO_LARGE, Place::Entry);
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
    fn a_return_is_of_something_and_says_why() {
        let back = |weight, reason: &str| Return {
            grower: GrowerId::new(DeviceNo::default(), 1),
            slip: EntryId::new(DeviceNo::default(), 1),
            slip_hash: EntryHash::of(b"slip"),
            line: 0,
            weight: Grams::new(weight),
            reason: reason.into(),
        };
        assert!(back(500, "有虫").check(&Limits::LEDGER).is_empty());
        assert_eq!(
            rules_of(&back(0, "").check(&Limits::LEDGER)),
            [Rule::RETURN_NOT_POSITIVE, Rule::REASON_EMPTY]
        );
    }
}
