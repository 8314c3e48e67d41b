//! A debt while it is made: money paid ahead, inputs on credit, a deposit; with the share that was
//! agreed, or the contract's, or the district's.

use super::catalogue::{Catalogue, Visit};
use super::message::{Finding, Message};
use crate::domain::check::{Limits, Place};
use crate::domain::debt::{
    Creditor, DebtTerms, Deposit, InputCredit, InputItem, Prepayment, Purse,
};
use crate::domain::units::text::Language::{En, Zh};
use crate::domain::{BasisPoints, Body, BusinessDate, ContractId, Fen, Rule};
use crate::ledger::ContractRecord;

/// What is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Given {
    /// Money ahead of deliveries (预付货款).
    Money(Fen),
    /// Inputs on credit (农资赊销), and whose they are.
    Inputs(Vec<InputItem>, Creditor),
    /// Money that secures the contract (定金).
    Deposit(Fen),
}

/// Something given to a grower that is not saved yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DebtDraft {
    /// To whom, where and when.
    pub visit: Visit,
    /// What.
    pub given: Given,
    /// On which contract.
    pub contract: Option<ContractId>,
    /// From when on it is repaid out of slips.
    pub due: BusinessDate,
    /// The agreed share; else the contract's, else the district's.
    pub share: Option<BasisPoints>,
    /// Out of which purse money comes.
    pub purse: Purse,
}

/// What a debt comes to, and what speaks against it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DebtReview {
    /// How much.
    pub amount: Fen,
    /// The share of slips that goes to it.
    pub share: BasisPoints,
    /// What may still be given as a deposit on the contract.
    pub most_deposit: Option<Fen>,
    /// What must be put right before it can be saved.
    pub problems: Vec<Finding>,
    body: Body,
}

impl DebtReview {
    /// The entry, ready to be saved.
    ///
    /// # Errors
    /// The problems, if there are any.
    pub fn finish(self) -> Result<Body, Vec<Finding>> {
        if self.problems.is_empty() { Ok(self.body) } else { Err(self.problems) }
    }
}

impl DebtDraft {
    /// Looks at it.
    ///
    /// # Errors
    /// What the catalogue says if it cannot be read.
    pub fn review<C: Catalogue>(&self, catalogue: &C) -> Result<DebtReview, C::Error> {
        let rules = catalogue.rules()?;
        let contracts = catalogue.contracts(self.visit.grower)?;
        let contract = contracts.iter().find(|contract| Some(contract.contract) == self.contract);
        let agreed =
            contract.and_then(|c| c.terms()).and_then(|terms| terms.agreed.repayment_share);
        let share = self.share.or(agreed).unwrap_or(rules.bookkeeping.repayment_share);
        let terms = DebtTerms { due: self.due, share };
        let (amount, body) = self.body(terms);
        let breaches = body.check(&Limits::of(&rules));
        let mut problems: Vec<Finding> = breaches
            .into_iter()
            .map(|b| Finding { rule: b.rule, place: b.place, message: Message::of(b.rule) })
            .collect();
        let mut most_deposit = None;
        if let Given::Deposit(amount) = self.given {
            most_deposit = room(contract, &self.visit);
            problems.extend(against_deposit(amount, most_deposit));
        }
        Ok(DebtReview { amount, share, most_deposit, problems, body })
    }

    fn body(&self, terms: DebtTerms) -> (Fen, Body) {
        let (grower, contract, purse) = (self.visit.grower, self.contract, self.purse);
        match &self.given {
            Given::Money(amount) => {
                let amount = *amount;
                (amount, Prepayment { grower, contract, amount, terms, purse }.into())
            }
            Given::Deposit(amount) => {
                // Without a contract there is a problem, so this number is never saved.
                let contract = contract.unwrap_or(ContractId::new(Default::default(), 0));
                let amount = *amount;
                (amount, Deposit { grower, contract, amount, terms, purse }.into())
            }
            Given::Inputs(items, creditor) => {
                let (items, creditor) = (items.clone(), creditor.clone());
                let credit = InputCredit { grower, contract, items, creditor, terms };
                (credit.amount().unwrap_or_default(), credit.into())
            }
        }
    }
}

/// What may still be given as a deposit on this contract; `None` if it is not in force here.
fn room(contract: Option<&ContractRecord>, visit: &Visit) -> Option<Fen> {
    let contract = contract?;
    let version = contract.in_force().filter(|version| version.entity == visit.entity)?;
    version.terms.most_deposit().minus(contract.deposits).ok()
}

fn against_deposit(amount: Fen, most: Option<Fen>) -> Option<Finding> {
    let (rule, message) = match most {
        None => {
            let rule = Rule::DEPOSIT_WITHOUT_CONTRACT;
            (rule, Message::of(rule))
        }
        Some(most) if amount > most => {
            let rule = Rule::DEPOSIT_BEYOND_FIFTH;
            let message = Message::about(rule, |language| match language {
                Zh => format!("要付 {}，最多还可付 {}", amount.text(), most.text()),
                En => format!("{} to pay, {} at most", amount.text(), most.text()),
            });
            (rule, message)
        }
        Some(_) => return None,
    };
    Some(Finding { rule, place: Place::Entry, message })
}

#[cfg(test)]
mod tests {
    use super::super::village::{TestVillage, contract, visit};
    use super::*;

    fn draft(given: Given) -> DebtDraft {
        DebtDraft {
            visit: visit(),
            given,
            contract: Some(contract().contract),
            due: visit().date,
            share: None,
            purse: Purse::Float,
        }
    }

    fn codes(draft: &DebtDraft, village: &TestVillage) -> Vec<&'static str> {
        let Ok(review) = draft.review(village);
        review.problems.iter().map(|problem| problem.rule.code).collect()
    }

    #[test]
    fn a_deposit_is_refused_without_a_contract_and_beyond_its_fifth() {
        let mut village = TestVillage::new();
        // 200 kg at 5.00 is 1,000.00 yuan, a fifth of it 200.00.
        let deposit = |fen| draft(Given::Deposit(Fen::new(fen)));
        assert_eq!(codes(&deposit(1), &village), ["deposit.without_contract"]);
        village.save(contract());
        assert_eq!(codes(&deposit(20_001), &village), ["deposit.beyond_fifth"]);
        let Ok(review) = deposit(15_000).review(&village);
        village.save(review.finish().unwrap());
        let Ok(review) = deposit(5_001).review(&village);
        assert_eq!(review.most_deposit, Some(Fen::new(5_000)));
        assert_eq!(codes(&deposit(5_001), &village), ["deposit.beyond_fifth"]);
        assert_eq!(codes(&deposit(5_000), &village), [""; 0]);
    }

    #[test]
    fn the_share_is_the_agreed_one_then_the_contracts_then_the_districts() {
        let mut village = TestVillage::new();
        let share = |draft: &DebtDraft, village: &TestVillage| {
            let Ok(review) = draft.review(village);
            review.share.get()
        };
        let money = draft(Given::Money(Fen::new(10_000)));
        assert_eq!(share(&money, &village), 5_000);
        let mut terms = contract();
        terms.agreed.repayment_share = Some(BasisPoints::new(3_000));
        village.save(terms);
        assert_eq!(share(&money, &village), 3_000);
        let own = DebtDraft { share: Some(BasisPoints::new(1_000)), ..money };
        assert_eq!(share(&own, &village), 1_000);
    }

    #[test]
    fn what_is_wrong_in_the_items_is_said_before_it_is_saved() {
        let village = TestVillage::new();
        let nothing = draft(Given::Inputs(Vec::new(), Creditor::Entity));
        assert_eq!(codes(&nothing, &village), ["debt.items_count"]);
        assert_eq!(codes(&draft(Given::Money(Fen::ZERO)), &village), ["entry.amount_not_positive"]);
    }
}
