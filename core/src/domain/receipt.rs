//! A receipt (收款): cash that a grower gives back on a debt or a refund due, outside any slip.

use minicbor::{Decode, Encode};

use super::check::{Breach, Breaches, Check, Limits};
use super::debt::Purse;
use super::ids::{EntryId, GrowerId};
use super::units::Fen;

/// Money received from a grower on one debt.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Receipt {
    /// From whom.
    #[n(0)]
    pub grower: GrowerId,
    /// The debt: the entry that made it.
    #[n(1)]
    pub debt: EntryId,
    /// How much, in fen.
    #[n(2)]
    pub amount: Fen,
    /// Into which purse.
    #[n(3)]
    pub purse: Purse,
}

impl Check for Receipt {
    fn check(&self, limits: &Limits) -> Vec<Breach> {
        let mut found = Breaches::new();
        found.amount(self.amount, limits);
        found.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::check::rules_of;
    use crate::domain::ids::DeviceNo;
    use crate::domain::rule::Rule;

    #[test]
    fn a_receipt_is_of_something() {
        let receipt = |amount| Receipt {
            grower: GrowerId::new(DeviceNo::default(), 1),
            debt: EntryId::new(DeviceNo::default(), 1),
            amount: Fen::new(amount),
            purse: Purse::Float,
        };
        assert!(receipt(1).check(&Limits::LEDGER).is_empty());
        assert_eq!(rules_of(&receipt(0).check(&Limits::LEDGER)), [Rule::AMOUNT_NOT_POSITIVE]);
    }
}
