//! An adjustment (调整): a slip's amount made higher or lower, with a reason. One wrong price for a
//! whole morning is a bulk of linked adjustments with one reason.

use minicbor::{Decode, Encode};

use super::check::{Breach, Breaches, Check, Limits, MAX_WORDS, Place};
use super::ids::{EntryHash, EntryId, GrowerId, OperatorNo};
use super::rule::Rule;
use super::units::Fen;

/// So much more or less for one slip.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Adjustment {
    /// Whose slip.
    #[n(0)]
    pub grower: GrowerId,
    /// The slip.
    #[n(1)]
    pub slip: EntryId,
    /// The hash of the slip's bytes.
    #[n(2)]
    pub slip_hash: EntryHash,
    /// The line it is about, counted from 0, if it is about one.
    #[n(3)]
    pub line: Option<u16>,
    /// How much the slip's amount changes, in fen; negative is in the co-op's favour.
    #[n(4)]
    pub amount: Fen,
    /// Why.
    #[n(5)]
    pub reason: String,
    /// The first adjustment of the bulk that this one belongs to.
    #[n(6)]
    pub bulk: Option<EntryId>,
    /// Who approved it, beside the one who writes it; the district's rules say from which amount on
    /// somebody must.
    #[n(7)]
    pub approved_by: Option<OperatorNo>,
}

impl Check for Adjustment {
    fn check(&self, limits: &Limits) -> Vec<Breach> {
        let mut found = Breaches::new();
        found.demand(self.amount != Fen::ZERO, Rule::AMOUNT_NOT_POSITIVE, Place::Entry);
        let within = self.amount <= limits.amount
            && self.amount.negated().is_ok_and(|amount| amount <= limits.amount);
        found.demand(within, Rule::AMOUNT_TOO_LARGE, Place::Entry);
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
    fn an_adjustment_changes_something_within_reason_and_says_why() {
        let adjust = |amount, reason: &str| Adjustment {
            grower: GrowerId::new(DeviceNo::default(), 1),
            slip: EntryId::new(DeviceNo::default(), 1),
            slip_hash: EntryHash::of(b"slip"),
            line: None,
            amount: Fen::new(amount),
            reason: reason.into(),
            bulk: None,
            approved_by: None,
        };
        let broken = |a: Adjustment| rules_of(&a.check(&Limits::LEDGER));
        assert!(broken(adjust(-500, "价目表录错")).is_empty());
        assert_eq!(broken(adjust(0, "")), [Rule::AMOUNT_NOT_POSITIVE, Rule::REASON_EMPTY]);
        assert_eq!(broken(adjust(i64::MIN, "错")), [Rule::AMOUNT_TOO_LARGE]);
    }
}
