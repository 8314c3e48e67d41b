//! A courtyard contract (庭院经济种植合同), version by version: what is grown, how much is
//! expected, the floor price and what holds beyond the quantity.

use minicbor::{Decode, Encode};

use super::calendar::BusinessDate;
use super::check::{Breach, Breaches, Check, Limits, Place};
use super::ids::{ContractId, GrowerId, ProductNo};
use super::rule::Rule;
use super::units::{Area, BasisPoints, ExactAmount, Fen, Grams, LiPerKg};

/// One version of a contract; a later version replaces the terms from its entry onward.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct ContractVersion {
    /// Which contract.
    #[n(0)]
    pub contract: ContractId,
    /// 1 for the first.
    #[n(1)]
    pub version: u32,
    /// Whose courtyard.
    #[n(2)]
    pub grower: GrowerId,
    /// What is grown.
    #[n(3)]
    pub product: ProductNo,
    /// On how much land, in 毫.
    #[n(4)]
    pub area: Area,
    /// Expected quantity, in grams of settlement weight of every grade.
    #[n(5)]
    pub quantity: Grams,
    /// 保底价.
    #[n(6)]
    pub floor: LiPerKg,
    /// First day of delivery.
    #[n(7)]
    pub from: BusinessDate,
    /// Last day of delivery.
    #[n(8)]
    pub to: BusinessDate,
    /// How far beyond the quantity the contract's price still holds.
    #[n(9)]
    pub tolerance: BasisPoints,
    /// What holds beyond quantity × (1 + tolerance).
    #[n(10)]
    pub beyond: Beyond,
    /// What else was agreed.
    #[cbor(n(11), skip_if = "Agreed::is_usual")]
    pub agreed: Agreed,
}

/// What a contract may agree beside price and quantity; else the district's usage holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Encode, Decode)]
#[cbor(array)]
pub struct Agreed {
    /// Within so many hours of the delivery produce may be returned ([`USUAL_RETURN_HOURS`] if not
    /// agreed).
    #[n(0)]
    pub return_hours: Option<u16>,
    /// At most so much of what is paid of slips goes to debts on this contract.
    #[n(1)]
    pub repayment_share: Option<BasisPoints>,
}

/// The hours within which produce may be returned where nothing was agreed.
pub const USUAL_RETURN_HOURS: u16 = 24;

impl Agreed {
    /// Whether nothing special was agreed.
    pub fn is_usual(&self) -> bool {
        *self == Agreed::default()
    }
}

/// The price beyond a contract's quantity and tolerance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Beyond {
    /// The list price (随行就市).
    #[n(0)]
    ListPrice,
    /// The contract's price for all of it.
    #[n(1)]
    ContractPrice,
}

impl Beyond {
    /// What it means, in Chinese and in English.
    pub const fn words(self) -> (&'static str, &'static str) {
        match self {
            Beyond::ListPrice => ("超出部分按价目表价（随行就市）", "beyond it at the list price"),
            Beyond::ContractPrice => {
                ("超出部分也按合同价", "beyond it at the contract's price, too")
            }
        }
    }
}

impl ContractVersion {
    /// What deposits on it may come to: a fifth of its quantity at its floor price (民法典 586), and
    /// nothing if that cannot be computed.
    pub fn most_deposit(&self) -> Fen {
        let whole = ExactAmount::of(self.quantity, self.floor).to_fen().unwrap_or_default();
        whole.part(BasisPoints::new(2_000)).unwrap_or_default()
    }
}

impl Check for ContractVersion {
    fn check(&self, _: &Limits) -> Vec<Breach> {
        let whole = BasisPoints::new(10_000);
        let tolerable = self.tolerance >= BasisPoints::ZERO && self.tolerance <= whole;
        let mut found = Breaches::new();
        for (met, rule) in [
            (self.version >= 1, Rule::CONTRACT_VERSION_ZERO),
            (self.area > Area::ZERO, Rule::CONTRACT_AREA_NOT_POSITIVE),
            (self.quantity > Grams::ZERO, Rule::CONTRACT_QUANTITY_NOT_POSITIVE),
            (self.floor >= LiPerKg::ZERO, Rule::CONTRACT_FLOOR_NEGATIVE),
            (self.from <= self.to, Rule::CONTRACT_DATES_REVERSED),
            (tolerable, Rule::CONTRACT_TOLERANCE_OUT_OF_RANGE),
        ] {
            found.demand(met, rule, Place::Entry);
        }
        found.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::check::rules_of;
    use crate::domain::ids::DeviceNo;

    #[test]
    fn each_term_that_cannot_hold_has_its_rule() {
        let device = DeviceNo::default();
        let sound = ContractVersion {
            contract: ContractId::new(device, 1),
            version: 1,
            grower: GrowerId::new(device, 1),
            product: ProductNo::new(1),
            area: Area::new(300),
            quantity: Grams::new(200_000),
            // No floor: the price of the day (随行就市).
            floor: LiPerKg::ZERO,
            from: "2020-07-01".parse().unwrap(),
            to: "2020-07-01".parse().unwrap(),
            tolerance: BasisPoints::new(10_000),
            beyond: Beyond::ListPrice,
            agreed: Default::default(),
        };
        assert!(sound.check(&Limits::LEDGER).is_empty());
        type Spoil = fn(&mut ContractVersion);
        let table: &[(Rule, Spoil)] = &[
            (Rule::CONTRACT_VERSION_ZERO, |c| c.version = 0),
            (Rule::CONTRACT_AREA_NOT_POSITIVE, |c| c.area = Area::ZERO),
            (Rule::CONTRACT_QUANTITY_NOT_POSITIVE, |c| c.quantity = Grams::ZERO),
            (Rule::CONTRACT_FLOOR_NEGATIVE, |c| c.floor = LiPerKg::new(-1)),
            (Rule::CONTRACT_DATES_REVERSED, |c| c.to = "2020-06-30".parse().unwrap()),
            (Rule::CONTRACT_TOLERANCE_OUT_OF_RANGE, |c| c.tolerance = BasisPoints::new(10_001)),
            (Rule::CONTRACT_TOLERANCE_OUT_OF_RANGE, |c| c.tolerance = BasisPoints::new(-1)),
        ];
        for (rule, spoil) in table {
            let mut spoiled = sound.clone();
            spoil(&mut spoiled);
            assert_eq!(rules_of(&spoiled.check(&Limits::LEDGER)), [*rule]);
        }
    }
}
