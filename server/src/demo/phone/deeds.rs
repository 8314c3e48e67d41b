//! What a phone of the demo does at the counter, each through the same facade as the real one.

use courtyard_core::desk::{DebtDraft, Given, PayoutDraft, SlipDraft};
use courtyard_core::domain::confirmation::Means;
use courtyard_core::domain::debt::{Creditor, InputItem, Purse};
use courtyard_core::domain::slip::{self, Deduction, DeductionAmount, Refused, Weighing};
use courtyard_core::domain::{BusinessDate, Fen, Grams, GrowerId, PersonNo};
use courtyard_core::ledger::State;
use courtyard_core::steward::{ContractTerms, StewardError, TakeBack};
use courtyard_core::store::{ImportKey, SlipFilter};

use super::Phone;
use crate::demo::plan::{Contract, Loan, Purchase};

/// Bags of fertiliser on credit.
pub(super) fn inputs(loan: &Loan) -> Given {
    let mut bags = InputItem {
        name: "复合肥".to_owned(),
        quantity_milli: loan.bags.saturating_mul(1_000),
        unit: "袋".to_owned(),
        price: loan.amount,
        amount: Fen::ZERO,
    };
    bags.amount = bags.computed_amount().unwrap_or_default();
    Given::Inputs(vec![bags], Creditor::Entity)
}

impl Phone {
    pub(super) fn buy(
        &mut self,
        date: BusinessDate,
        grower: GrowerId,
        purchases: &[Purchase],
        key: &ImportKey,
    ) -> Result<(), StewardError> {
        let mut draft = SlipDraft::new(self.steward.visit(grower, Some(date))?);
        for purchase in purchases {
            let line = draft.add_line(purchase.product, purchase.grade);
            // The line was just added, so every place on it exists.
            for &(gross, tare) in &purchase.weighings {
                let _ = draft.weigh(line, Weighing { gross, tare });
            }
            if let Some((share, reason)) = &purchase.deduction {
                let amount = DeductionAmount::Share(*share);
                let _ = draft.deduct(line, Deduction { amount, reason: reason.clone() });
            }
            let _ = draft.state_price(line, purchase.stated);
            let _ = draft.set_pending(line, purchase.pending);
            if let Some(weight) = purchase.refused {
                let (product, reason) = (purchase.product, "有虫眼".to_owned());
                let refused = vec![Refused { product, weight: Some(weight), reason }];
                draft.set_details(slip::Visit { refused, ..slip::Visit::default() });
            }
        }
        self.steward.save_slip(&draft, Some(key)).map(|_| ())
    }

    pub(super) fn sign(
        &mut self,
        grower: GrowerId,
        contract: &Contract,
        key: &ImportKey,
    ) -> Result<(), StewardError> {
        let terms = ContractTerms {
            grower,
            product: contract.product,
            area: contract.area,
            quantity: contract.quantity,
            floor: contract.floor,
            from: contract.from,
            to: contract.to,
            tolerance: contract.tolerance,
            beyond: contract.beyond,
            agreed: Default::default(),
        };
        self.steward.sign_contract(&terms, Some(key)).map(|_| ())
    }

    pub(super) fn void_last(
        &mut self,
        date: BusinessDate,
        grower: GrowerId,
        reason: &str,
        key: &ImportKey,
    ) -> Result<(), StewardError> {
        let filter = SlipFilter { grower: Some(grower), limit: 1, ..SlipFilter::default() };
        let newest = self.steward.store().slips(filter)?.into_iter().next();
        match newest {
            Some(slip)
                if slip.state == State::Counted && slip.paid.get() == 0 && slip.date == date =>
            {
                let target = slip.id;
                let back = TakeBack { target, reason, replacement: None, ask: false };
                self.steward.void(back, date, Some(key)).map(|_| ())
            }
            _ => Ok(()),
        }
    }

    pub(super) fn pay_all(
        &mut self,
        date: BusinessDate,
        grower: GrowerId,
        key: &ImportKey,
    ) -> Result<(), StewardError> {
        let mut draft = PayoutDraft::new(self.steward.visit(grower, Some(date))?);
        let review = self.steward.review_payout(&draft)?;
        if review.owed.get() == 0 {
            return Ok(());
        }
        for offer in review.offers {
            draft.repay(offer.debt, None);
        }
        self.steward.pay(&draft, date, Some(key)).map(|_| ())
    }

    pub(super) fn return_some(
        &mut self,
        date: BusinessDate,
        grower: GrowerId,
        weight: Grams,
        key: &ImportKey,
    ) -> Result<(), StewardError> {
        let filter = SlipFilter { grower: Some(grower), limit: 1, ..SlipFilter::default() };
        let newest = self.steward.store().slips(filter)?.into_iter().next();
        let Some(slip) = newest.filter(|slip| slip.date == date) else { return Ok(()) };
        let key = Some(key);
        self.steward.give_back(slip.id, 0, weight, "混有次品", false, date, key).map(|_| ())
    }

    pub(super) fn lend(
        &mut self,
        date: BusinessDate,
        grower: GrowerId,
        given: Given,
        loan: &Loan,
        key: &ImportKey,
    ) -> Result<(), StewardError> {
        let draft = DebtDraft {
            visit: self.steward.visit(grower, Some(date))?,
            given,
            contract: None,
            due: loan.due,
            share: Some(loan.share),
            purse: Purse::Float,
        };
        self.steward.lend(&draft, Some(key)).map(|_| ())
    }

    pub(super) fn confirm(
        &mut self,
        date: BusinessDate,
        grower: GrowerId,
        key: &ImportKey,
    ) -> Result<(), StewardError> {
        let debts = self.steward.debts(Some(grower), false)?;
        let open = debts.iter().rev().find(|debt| debt.confirmed.is_none() && !debt.disputed);
        let Some(debt) = open else { return Ok(()) };
        let head = PersonNo::new(0);
        self.steward.confirm(debt.id, true, head, Means::Paper, date, Some(key)).map(|_| ())
    }
}
