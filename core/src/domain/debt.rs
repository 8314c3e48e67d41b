//! What a grower owes for what was given ahead: prepayment (预付货款), input credit (农资赊销) and
//! deposit (定金). Three different things: the first is consumed by delivery, the second is a sale
//! on credit, the third secures the contract and is at most a fifth of it (民法典 586; 定金, not
//! 订金, which has no penalty).

use minicbor::{Decode, Encode};

use super::calendar::BusinessDate;
use super::check::{Breach, Breaches, Check, Limits, MAX_LINES, MAX_WORDS, Place};
use super::ids::{ContractId, GrowerId};
use super::rule::Rule;
use super::units::{BasisPoints, Fen, UnitError};

/// When a debt is due and how much of a slip may go to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct DebtTerms {
    /// From this day on it may be repaid out of slips.
    #[n(0)]
    pub due: BusinessDate,
    /// At most so much of what is paid of slips goes to it (约定扣还比例).
    #[n(1)]
    pub share: BasisPoints,
}

/// Where money comes from or goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Purse {
    /// The float of who writes the entry (备用金).
    #[n(0)]
    Float,
    /// The entity's bank account.
    #[n(1)]
    Bank,
}

/// Money paid ahead for produce (预付货款); delivery consumes it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Prepayment {
    /// To whom.
    #[n(0)]
    pub grower: GrowerId,
    /// On which contract, if on one.
    #[n(1)]
    pub contract: Option<ContractId>,
    /// How much, in fen.
    #[n(2)]
    pub amount: Fen,
    /// When and how it is consumed.
    #[n(3)]
    pub terms: DebtTerms,
    /// Out of which purse.
    #[n(4)]
    pub purse: Purse,
}

/// Inputs sold on credit (农资赊销).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct InputCredit {
    /// To whom.
    #[n(0)]
    pub grower: GrowerId,
    /// On which contract, if on one.
    #[n(1)]
    pub contract: Option<ContractId>,
    /// What was taken.
    #[n(2)]
    pub items: Vec<InputItem>,
    /// Whose goods they are.
    #[n(3)]
    pub creditor: Creditor,
    /// When and how it is repaid.
    #[n(4)]
    pub terms: DebtTerms,
}

/// One kind of goods taken on credit.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct InputItem {
    /// What: seed, fertiliser, film.
    #[n(0)]
    pub name: String,
    /// How many units, in thousandths of the unit.
    #[n(1)]
    pub quantity_milli: i64,
    /// The unit: 袋, 斤, 卷.
    #[n(2)]
    pub unit: String,
    /// The price of one unit, in fen.
    #[n(3)]
    pub price: Fen,
    /// What it comes to, in fen: quantity × price, rounded half up.
    #[n(4)]
    pub amount: Fen,
}

/// Whose goods were sold on credit.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Creditor {
    /// The entity's own.
    #[n(0)]
    Entity,
    /// A supplier's, for whom the entity collects; a legal body, by name.
    #[n(1)]
    Supplier(#[n(0)] String),
}

/// Money that secures a contract (定金).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Deposit {
    /// To whom.
    #[n(0)]
    pub grower: GrowerId,
    /// On which contract; at most a fifth of its quantity at its floor price.
    #[n(1)]
    pub contract: ContractId,
    /// How much, in fen.
    #[n(2)]
    pub amount: Fen,
    /// When and how it is set off against deliveries.
    #[n(3)]
    pub terms: DebtTerms,
    /// Out of which purse.
    #[n(4)]
    pub purse: Purse,
}

impl InputItem {
    /// Quantity × price, rounded half up to a fen.
    ///
    /// # Errors
    /// [`UnitError::Overflow`] if it does not fit.
    pub fn computed_amount(&self) -> Result<Fen, UnitError> {
        let product = i128::from(self.quantity_milli).checked_mul(i128::from(self.price.get()));
        product
            .and_then(|p| p.checked_add(500))
            .and_then(|p| p.checked_div_euclid(1_000))
            .and_then(|p| i64::try_from(p).ok())
            .map(Fen::new)
            .ok_or(UnitError::Overflow)
    }
}

impl InputCredit {
    /// What the items come to.
    ///
    /// # Errors
    /// [`UnitError::Overflow`] if it does not fit.
    pub fn amount(&self) -> Result<Fen, UnitError> {
        Fen::sum(self.items.iter().map(|item| item.amount))
    }
}

impl DebtTerms {
    fn check(&self, found: &mut Breaches) {
        let share = self.share > BasisPoints::ZERO && self.share <= BasisPoints::new(10_000);
        found.demand(share, Rule::DEBT_SHARE_OUT_OF_RANGE, Place::Entry);
    }
}

impl Check for Prepayment {
    fn check(&self, limits: &Limits) -> Vec<Breach> {
        let mut found = Breaches::new();
        found.amount(self.amount, limits);
        self.terms.check(&mut found);
        found.finish()
    }
}

impl Check for Deposit {
    fn check(&self, limits: &Limits) -> Vec<Breach> {
        let mut found = Breaches::new();
        found.amount(self.amount, limits);
        self.terms.check(&mut found);
        found.finish()
    }
}

impl Check for InputCredit {
    fn check(&self, limits: &Limits) -> Vec<Breach> {
        let mut found = Breaches::new();
        let some = !self.items.is_empty() && self.items.len() <= MAX_LINES;
        if !found.demand(some, Rule::DEBT_ITEMS_COUNT, Place::Entry) {
            return found.finish();
        }
        for (row, item) in self.items.iter().enumerate() {
            let at = Place::Line(row);
            let named = !item.name.trim().is_empty() && item.name.chars().count() <= MAX_WORDS;
            found.demand(named, Rule::DEBT_ITEM_UNNAMED, at);
            let priced = item.quantity_milli > 0 && item.price > Fen::ZERO;
            found.demand(priced, Rule::DEBT_ITEM_NOT_POSITIVE, at);
            let agrees = item.computed_amount() == Ok(item.amount);
            found.demand(agrees, Rule::DEBT_ITEM_AMOUNT_DISAGREES, at);
        }
        if let Creditor::Supplier(name) = &self.creditor {
            found.demand(!name.trim().is_empty(), Rule::DEBT_SUPPLIER_UNNAMED, Place::Entry);
        }
        found.amount(self.amount().unwrap_or(Fen::new(i64::MAX)), limits);
        self.terms.check(&mut found);
        found.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::check::rules_of;
    use crate::domain::ids::DeviceNo;

    fn terms() -> DebtTerms {
        DebtTerms { due: "2020-07-01".parse().unwrap(), share: BasisPoints::new(5_000) }
    }

    fn item(quantity_milli: i64, price: i64, amount: i64) -> InputItem {
        InputItem {
            name: "复合肥".into(),
            quantity_milli,
            unit: "袋".into(),
            price: Fen::new(price),
            amount: Fen::new(amount),
        }
    }

    fn credit(items: Vec<InputItem>) -> InputCredit {
        let grower = GrowerId::new(DeviceNo::default(), 1);
        InputCredit { grower, contract: None, items, creditor: Creditor::Entity, terms: terms() }
    }

    #[test]
    fn an_item_of_an_input_credit_comes_to_quantity_times_price_rounded_half_up() {
        assert_eq!(item(2_500, 13_001, 0).computed_amount(), Ok(Fen::new(32_503)));
        let sound = credit(vec![item(2_000, 13_000, 26_000)]);
        assert!(sound.check(&Limits::LEDGER).is_empty());
        assert_eq!(sound.amount(), Ok(Fen::new(26_000)));
    }

    #[test]
    fn each_way_to_be_wrong_has_its_rule() {
        let broken = |items| rules_of(&credit(items).check(&Limits::LEDGER));
        assert_eq!(broken(vec![]), [Rule::DEBT_ITEMS_COUNT]);
        assert_eq!(broken(vec![item(1_000, 5, 6)]), [Rule::DEBT_ITEM_AMOUNT_DISAGREES]);
        let unnamed = InputItem { name: " ".into(), ..item(1_000, 5, 5) };
        assert_eq!(broken(vec![unnamed]), [Rule::DEBT_ITEM_UNNAMED]);
        assert_eq!(
            broken(vec![item(0, 5, 0)]),
            [Rule::DEBT_ITEM_NOT_POSITIVE, Rule::AMOUNT_NOT_POSITIVE]
        );
        let prepayment = Prepayment {
            grower: GrowerId::new(DeviceNo::default(), 1),
            contract: None,
            amount: Fen::ZERO,
            terms: DebtTerms { share: BasisPoints::new(10_001), ..terms() },
            purse: Purse::Float,
        };
        assert_eq!(
            rules_of(&prepayment.check(&Limits::LEDGER)),
            [Rule::AMOUNT_NOT_POSITIVE, Rule::DEBT_SHARE_OUT_OF_RANGE]
        );
    }
}
