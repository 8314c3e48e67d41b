//! A price fix (定价): the price of a line that was bought at a pending price (定价后结). It posts the
//! difference to the estimate in the open month; the contract's floor holds.

use minicbor::{Decode, Encode};

use super::check::{Breach, Breaches, Check, Limits, MAX_SEGMENTS, Place};
use super::ids::{EntryHash, EntryId, GrowerId};
use super::rule::Rule;
use super::slip::{Segment, amount_of};
use super::units::{Fen, Grams, LiPerKg};

/// The final price of a pending line.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct PriceFix {
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
    /// The prices; their grams add up to what is left of the line.
    #[n(4)]
    pub segments: Vec<Segment>,
    /// What the line comes to, in fen.
    #[n(5)]
    pub amount: Fen,
}

impl Check for PriceFix {
    fn check(&self, limits: &Limits) -> Vec<Breach> {
        let mut found = Breaches::new();
        let segments = (1..=MAX_SEGMENTS).contains(&self.segments.len());
        if !found.demand(segments, Rule::PURCHASE_NO_SEGMENTS, Place::Entry) {
            return found.finish();
        }
        let weighty = self.segments.iter().all(|s| s.weight > Grams::ZERO);
        found.demand(weighty, Rule::PURCHASE_SEGMENT_NOT_POSITIVE, Place::Entry);
        let priced = self.segments.iter().all(|s| s.price > LiPerKg::ZERO && !s.is_pending());
        found.demand(priced, Rule::PURCHASE_PRICE_NOT_POSITIVE, Place::Entry);
        let agrees = amount_of(&self.segments) == Ok(self.amount);
        found.demand(agrees, Rule::PURCHASE_AMOUNT_DISAGREES, Place::Entry);
        found.demand(self.amount <= limits.amount, Rule::AMOUNT_TOO_LARGE, Place::Entry);
        found.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::check::rules_of;
    use crate::domain::ids::DeviceNo;
    use crate::domain::slip::PriceReason;

    #[test]
    fn a_fixed_price_is_no_estimate_and_agrees_with_its_amount() {
        let fix = |price, reason, amount| PriceFix {
            grower: GrowerId::new(DeviceNo::default(), 1),
            slip: EntryId::new(DeviceNo::default(), 1),
            slip_hash: EntryHash::of(b"slip"),
            line: 0,
            segments: vec![Segment {
                weight: Grams::new(10_000),
                price: LiPerKg::new(price),
                reason,
            }],
            amount: Fen::new(amount),
        };
        let broken = |f: PriceFix| rules_of(&f.check(&Limits::LEDGER));
        assert!(broken(fix(2_000, PriceReason::List, 2_000)).is_empty());
        assert_eq!(broken(fix(2_000, PriceReason::List, 2_001)), [Rule::PURCHASE_AMOUNT_DISAGREES]);
        assert_eq!(
            broken(fix(2_000, PriceReason::Pending, 2_000)),
            [Rule::PURCHASE_PRICE_NOT_POSITIVE]
        );
    }
}
