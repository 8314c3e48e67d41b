//! A payout while it is made: which slips it pays, how much cash, what is kept back for debts, what
//! rounding adds or is carried over.

use super::catalogue::{Catalogue, Visit};
use super::message::{Finding, Message};
use crate::domain::check::{Check as _, Limits, Place};
use crate::domain::payout::{Allocation, Payout, Recipient, Repayment};
use crate::domain::rule::Rule;
use crate::domain::rules::Rules;
use crate::domain::units::text::Language::{En, Zh};
use crate::domain::{EntryId, Fen, PersonNo, UnitError};
use crate::ledger::{DebtRecord, SlipRecord};

mod repay;
#[cfg(test)]
mod repay_tests;

pub use repay::{RepaymentOffer, words as debt_words};

/// Cash for a grower that is not handed over yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayoutDraft {
    visit: Visit,
    cash: Option<Fen>,
    slips: Vec<EntryId>,
    repayments: Vec<repay::Wish>,
    recipient: Recipient,
}

/// What a payout comes to, and what is to be said about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayoutReview {
    /// What is unpaid of the slips that it may pay, before it.
    pub owed: Fen,
    /// What is unpaid of slips that other stewards bought; they pay it, or the bank.
    pub owed_elsewhere: Fen,
    /// The cash to hand over.
    pub cash: Fen,
    /// What rounding adds for the grower.
    pub rounding: Fen,
    /// Which slips it pays, oldest first or as they were named.
    pub allocations: Vec<Allocation>,
    /// What stays unpaid of the slips that it may pay.
    pub left: Fen,
    /// Debts for which something may be kept back.
    pub offers: Vec<RepaymentOffer>,
    /// What is kept back.
    pub repayments: Vec<Repayment>,
    /// What the grower is told, besides the receipt.
    pub notices: Vec<Message>,
    /// What must be put right before it can be saved.
    pub problems: Vec<Finding>,
    payout: Payout,
}

impl PayoutReview {
    /// The payout, ready to be saved.
    ///
    /// # Errors
    /// The problems, if there are any.
    pub fn finish(self) -> Result<Payout, Vec<Finding>> {
        if self.problems.is_empty() { Ok(self.payout) } else { Err(self.problems) }
    }
}

impl PayoutDraft {
    /// All that this phone bought and has not paid, rounded up to the district's cash unit.
    pub const fn new(visit: Visit) -> PayoutDraft {
        PayoutDraft {
            visit,
            cash: None,
            slips: Vec::new(),
            repayments: Vec::new(),
            recipient: Recipient { payee: PersonNo::new(0), proxy: None },
        }
    }

    /// Hands over exactly so much, or all again.
    pub const fn set_cash(&mut self, cash: Option<Fen>) {
        self.cash = cash;
    }

    /// Pays this slip; once one is named, only named ones are paid.
    pub fn name(&mut self, slip: EntryId) {
        self.slips.push(slip);
    }

    /// Keeps so much back for this debt, or as much as may be.
    pub fn repay(&mut self, debt: EntryId, amount: Option<Fen>) {
        self.repayments.push((debt, amount));
    }

    /// Says who gets the money: the head of the household if nothing is said.
    pub const fn give_to(&mut self, recipient: Recipient) {
        self.recipient = recipient;
    }

    /// Allocates the cash and looks at it.
    ///
    /// # Errors
    /// What the catalogue says if it cannot be read.
    pub fn review<C: Catalogue>(&self, catalogue: &C) -> Result<PayoutReview, C::Error> {
        let visit = &self.visit;
        let rules = catalogue.rules()?;
        let (here, elsewhere): (Vec<_>, Vec<_>) = catalogue
            .unpaid(visit.grower, visit.entity)?
            .into_iter()
            .partition(|slip| may_pay(visit, slip));
        let mut problems = Vec::new();
        let slips = if self.slips.is_empty() {
            let (reserved, free): (Vec<_>, Vec<_>) =
                here.into_iter().partition(|slip| slip.payable_in_cash() == Fen::ZERO);
            if free.is_empty() && !reserved.is_empty() {
                problems.push(about_slip(Rule::BANK_RESERVED, Place::Entry, &reserved));
            } else if free.is_empty() && !elsewhere.is_empty() {
                problems.push(about_slip(Rule::PAYOUT_NOT_THE_BUYER, Place::Entry, &elsewhere));
            }
            free
        } else {
            self.named(catalogue, &mut problems)?
        };
        let debts = catalogue.debts(visit.grower)?;
        let owed_elsewhere = Fen::sum(elsewhere.iter().map(|slip| slip.remaining));
        Ok(owed_elsewhere
            .and_then(|elsewhere| self.come_to(&slips, elsewhere, &debts, &rules, problems))
            .unwrap_or_else(|_| self.too_large()))
    }

    /// What it comes to out of these slips.
    fn come_to(
        &self,
        slips: &[SlipRecord],
        owed_elsewhere: Fen,
        debts: &[DebtRecord],
        rules: &Rules,
        mut problems: Vec<Finding>,
    ) -> Result<PayoutReview, UnitError> {
        let visit = &self.visit;
        let limits = Limits::of(rules);
        let owed = Fen::sum(slips.iter().map(SlipRecord::payable_in_cash))?;
        let whole = repay::base(slips.iter().map(|slip| (slip, slip.payable_in_cash())))?;
        let offers = repay::offers(debts, visit, whole, rules.bookkeeping.repayment_share)?;
        let free = owed.minus(self.cash.unwrap_or_default())?.max(Fen::ZERO);
        let repayments = repay::claims(&self.repayments, &offers, free);
        let claimed = Fen::sum(repayments.iter().map(|repayment| repayment.claimed))?;
        let to_pay = owed.minus(claimed)?;
        let carries = rules.bookkeeping.carries_over;
        let rounded = if carries { rounded_down } else { rounded_up };
        let cash = match self.cash {
            Some(cash) => cash,
            None => rounded(to_pay.max(Fen::ZERO), limits.cash_unit).ok_or(UnitError::Overflow)?,
        };
        let over = cash.minus(to_pay)?.max(Fen::ZERO);
        let rounds = !carries && is_rounding(to_pay, cash, limits.cash_unit);
        let rounding = if rounds { over } else { Fen::ZERO };
        let allocations = allocate(slips, cash.plus(claimed)?);
        let parts = allocations.iter().filter_map(|part| {
            Some((slips.iter().find(|slip| slip.id == part.slip)?, part.amount))
        });
        let base = repay::base(parts)?;
        problems.extend(repay::against(&self.repayments, &repayments, debts, visit, base)?);
        let notices = repay::notices(&repayments, debts, self.recipient)?;
        let payout = Payout {
            grower: visit.grower,
            cash,
            allocations,
            rounding,
            repayments,
            recipient: self.recipient,
        };
        if over > rounding && owed > Fen::ZERO {
            problems.push(beyond_unpaid(cash, to_pay));
        } else if problems.is_empty() {
            problems.extend(payout.check(&limits).into_iter().map(|breach| {
                let (rule, place) = (breach.rule, breach.place);
                Finding { rule, place, message: Message::of(rule) }
            }));
        }
        let left = owed.minus(Fen::sum(payout.allocations.iter().map(|part| part.amount))?)?;
        Ok(PayoutReview {
            owed,
            owed_elsewhere,
            cash,
            rounding,
            left,
            allocations: payout.allocations.clone(),
            offers,
            repayments: payout.repayments.clone(),
            notices,
            problems,
            payout,
        })
    }

    /// The named slips that can be paid here; what speaks against the others.
    fn named<C: Catalogue>(
        &self,
        catalogue: &C,
        problems: &mut Vec<Finding>,
    ) -> Result<Vec<SlipRecord>, C::Error> {
        let mut slips: Vec<SlipRecord> = Vec::with_capacity(self.slips.len());
        for (number, &id) in self.slips.iter().enumerate() {
            let slip = catalogue.slip(id)?;
            let against = if slips.iter().any(|slip| slip.id == id) {
                Some(Rule::PAYOUT_SLIP_TWICE)
            } else {
                against(slip.as_ref(), &self.visit)
            };
            match (against, slip) {
                (Some(rule), slip) => {
                    let message = Message::about(rule, |_| match &slip {
                        Some(slip) => format!("{id} {}", slip.amount.text()),
                        None => id.to_string(),
                    });
                    problems.push(Finding { rule, place: Place::Allocation(number), message });
                }
                (None, slip) => slips.extend(slip),
            }
        }
        Ok(slips)
    }

    /// Amounts that do not fit: nothing can be said but that.
    fn too_large(&self) -> PayoutReview {
        let rule = Rule::PAYOUT_TOO_LARGE;
        let (grower, cash) = (self.visit.grower, Fen::ZERO);
        PayoutReview {
            owed: Fen::ZERO,
            owed_elsewhere: Fen::ZERO,
            cash,
            rounding: Fen::ZERO,
            left: Fen::ZERO,
            offers: Vec::new(),
            repayments: Vec::new(),
            notices: Vec::new(),
            allocations: Vec::new(),
            problems: vec![Finding { rule, place: Place::Entry, message: Message::of(rule) }],
            payout: Payout {
                grower,
                cash,
                allocations: Vec::new(),
                rounding: Fen::ZERO,
                repayments: Vec::new(),
                recipient: Default::default(),
            },
        }
    }
}

/// Whether the right to pay this slip in cash lies with who works here.
fn may_pay(visit: &Visit, slip: &SlipRecord) -> bool {
    slip.may_be_paid_by(EntryId::new(visit.device, 0), visit.holder())
}

fn beyond_unpaid(cash: Fen, to_pay: Fen) -> Finding {
    let rule = Rule::PAYOUT_BEYOND_UNPAID;
    let message = Message::about(rule, |language| {
        let (cash, owed) = (cash.text(), to_pay.text());
        match language {
            Zh => format!("要付 {cash}，未付只有 {owed}"),
            En => format!("{cash} to pay, only {owed} is unpaid"),
        }
    });
    Finding { rule, place: Place::Entry, message }
}

/// What speaks against paying this slip here.
fn against(slip: Option<&SlipRecord>, visit: &Visit) -> Option<Rule> {
    let Some(slip) = slip else { return Some(Rule::PAYOUT_SLIP_UNKNOWN) };
    [
        (slip.grower != visit.grower, Rule::PAYOUT_WRONG_GROWER),
        (!slip.state.stands(), Rule::PAYOUT_SLIP_NOT_COUNTED),
        (slip.entity != visit.entity, Rule::PAYOUT_WRONG_ENTITY),
        (!may_pay(visit, slip), Rule::PAYOUT_NOT_THE_BUYER),
        (slip.remaining <= Fen::ZERO, Rule::PAYOUT_BEYOND_UNPAID),
        (slip.payable_in_cash() <= Fen::ZERO, Rule::BANK_RESERVED),
    ]
    .into_iter()
    .find_map(|(is, rule)| is.then_some(rule))
}

fn about_slip(rule: Rule, place: Place, slips: &[SlipRecord]) -> Finding {
    let ids: Vec<String> = slips.iter().take(3).map(|slip| slip.id.to_string()).collect();
    let message = Message::about(rule, |language| match language {
        Zh => ids.join("、"),
        En => ids.join(", "),
    });
    Finding { rule, place, message }
}

/// The cash over the slips, in their order, until it is used up.
fn allocate(slips: &[SlipRecord], cash: Fen) -> Vec<Allocation> {
    let mut left = cash;
    let mut allocations = Vec::with_capacity(slips.len());
    for slip in slips {
        let amount = slip.payable_in_cash().min(left);
        if amount <= Fen::ZERO {
            break;
        }
        allocations.push(Allocation { slip: slip.id, amount });
        left = left.minus(amount).unwrap_or_default();
    }
    allocations
}

/// The next full unit at or above, in the grower's favour; `None` if it does not fit.
fn rounded_up(amount: Fen, unit: Fen) -> Option<Fen> {
    let unit = unit.get().max(1);
    let over = amount.get().checked_rem_euclid(unit)?;
    let missing = if over == 0 { 0 } else { unit.checked_sub(over)? };
    amount.get().checked_add(missing).map(Fen::new)
}

/// The next full unit at or below: the rest is carried over (尾差).
fn rounded_down(amount: Fen, unit: Fen) -> Option<Fen> {
    let over = amount.get().checked_rem_euclid(unit.get().max(1))?;
    amount.get().checked_sub(over).map(Fen::new)
}

/// Whether this cash is what is owed rounded up to 角 or 元, within the district's unit.
fn is_rounding(owed: Fen, cash: Fen, unit: Fen) -> bool {
    [10, 100].into_iter().map(Fen::new).any(|u| u <= unit && rounded_up(owed, u) == Some(cash))
}

#[cfg(test)]
mod tests {
    use super::super::slip::SlipDraft;
    use super::super::village::{GREENS, TestVillage, a, grower, phone, visit};
    use super::*;
    use crate::domain::bank::BankReserve;
    use crate::domain::void::Void;
    use crate::domain::{BatchId, DeviceNo, EntityNo};

    fn buy(village: &mut TestVillage, device: DeviceNo, weight: &str) -> EntryId {
        let mut draft = SlipDraft::new(Visit { device, ..visit() });
        draft.add_line(GREENS, a());
        draft.weigh(0, weight.parse().unwrap()).unwrap();
        let Ok(review) = draft.review(village);
        village.save_on(device, review.finish().unwrap())
    }

    fn review(draft: &PayoutDraft, village: &TestVillage) -> PayoutReview {
        let Ok(review) = draft.review(village);
        review
    }

    fn parts(review: &PayoutReview) -> Vec<(EntryId, i64)> {
        review.allocations.iter().map(|a| (a.slip, a.amount.get())).collect()
    }

    fn codes(review: &PayoutReview) -> Vec<&'static str> {
        review.problems.iter().map(|problem| problem.rule.code).collect()
    }

    /// Two slips of 36.21 and 3.19 yuan.
    fn owing() -> (TestVillage, EntryId, EntryId) {
        let mut village = TestVillage::new();
        let first = buy(&mut village, phone(1), "11.352");
        let second = buy(&mut village, phone(1), "1");
        (village, first, second)
    }

    #[test]
    fn all_that_is_unpaid_is_rounded_up_in_the_growers_favour() {
        let (mut village, first, second) = owing();
        let review = review(&PayoutDraft::new(visit()), &village);
        assert_eq!(parts(&review), [(first, 3_621), (second, 319)]);
        assert_eq!(
            (review.owed.get(), review.cash.get(), review.rounding.get()),
            (3_940, 4_000, 60)
        );
        village.save(review.finish().unwrap());
        let Ok(unpaid) = village.unpaid(grower(), EntityNo::new(1));
        assert!(unpaid.is_empty());
        let Ok(again) = PayoutDraft::new(visit()).review(&village);
        assert_eq!(codes(&again), ["payout.nothing"]);
    }

    #[test]
    fn part_of_the_cash_pays_the_oldest_first_without_rounding() {
        let (mut village, first, second) = owing();
        let mut draft = PayoutDraft::new(visit());
        draft.set_cash(Some(Fen::new(3_700)));
        let part = review(&draft, &village);
        assert_eq!(parts(&part), [(first, 3_621), (second, 79)]);
        assert_eq!(part.rounding, Fen::ZERO);
        village.save(part.finish().unwrap());
        let rest = review(&PayoutDraft::new(visit()), &village);
        assert_eq!(parts(&rest), [(second, 240)]);
        assert_eq!((rest.cash.get(), rest.rounding.get()), (300, 60));
    }

    #[test]
    fn never_more_than_is_unpaid_but_for_the_rounding() {
        let (village, ..) = owing();
        let at = |cash: i64| {
            let mut draft = PayoutDraft::new(visit());
            draft.set_cash(Some(Fen::new(cash)));
            let review = review(&draft, &village);
            (review.rounding.get(), codes(&review))
        };
        assert_eq!(at(3_940), (0, vec![]));
        assert_eq!(at(4_000), (60, vec![]));
        assert_eq!(at(3_941), (0, vec!["payout.beyond_unpaid"]));
        assert_eq!(at(4_001), (0, vec!["payout.beyond_unpaid"]));
        assert_eq!(at(4_100), (0, vec!["payout.beyond_unpaid"]));
        assert_eq!(at(0), (0, vec!["payout.nothing"]));
        assert_eq!(at(-5), (0, vec!["payout.nothing"]));
        assert_eq!(at(i64::MAX), (0, vec!["payout.beyond_unpaid"]));
    }

    #[test]
    fn a_district_without_rounding_pays_to_the_fen() {
        let (mut village, ..) = owing();
        village.publish(Rules { cash_unit: Fen::new(1), ..Rules::default() });
        let exact = review(&PayoutDraft::new(visit()), &village);
        assert_eq!((exact.cash.get(), exact.rounding.get()), (3_940, 0));
        let mut draft = PayoutDraft::new(visit());
        draft.set_cash(Some(Fen::new(4_000)));
        assert_eq!(codes(&review(&draft, &village)), ["payout.beyond_unpaid"]);
    }

    #[test]
    fn named_slips_are_paid_and_no_others() {
        let (village, _, second) = owing();
        let mut draft = PayoutDraft::new(visit());
        draft.name(second);
        let review = review(&draft, &village);
        assert_eq!(parts(&review), [(second, 319)]);
        assert_eq!((review.cash.get(), review.rounding.get()), (400, 81));
        assert!(review.finish().is_ok());
    }

    #[test]
    fn a_slip_that_cannot_be_paid_says_why() {
        let (mut village, first, second) = owing();
        let elsewhere = buy(&mut village, phone(2), "1");
        let payout = {
            let mut draft = PayoutDraft::new(visit());
            draft.name(second);
            draft.set_cash(Some(Fen::new(319)));
            review(&draft, &village).finish().unwrap()
        };
        village.save(payout);
        let voided = buy(&mut village, phone(1), "2");
        village.save(Void {
            target: voided,
            target_hash: village.hash(voided),
            grower: grower(),
            reason: "称错了".into(),
            replacement: None,
        });
        let said = |slips: &[EntryId], visit: Visit| {
            let mut draft = PayoutDraft::new(visit);
            slips.iter().for_each(|slip| draft.name(*slip));
            codes(&review(&draft, &village))
        };
        let unknown = EntryId::new(phone(1), 99);
        let neighbour = crate::domain::GrowerId::new(phone(1), 2);
        assert_eq!(said(&[first], visit()), [""; 0]);
        assert_eq!(said(&[unknown], visit()), ["payout.slip_unknown"]);
        assert_eq!(said(&[first, first], visit()), ["payout.slip_twice"]);
        assert_eq!(said(&[second], visit()), ["payout.beyond_unpaid"]);
        assert_eq!(said(&[voided], visit()), ["payout.slip_not_counted"]);
        assert_eq!(said(&[elsewhere], visit()), ["payout.not_the_buyer"]);
        let other = Visit { entity: EntityNo::new(2), ..visit() };
        assert_eq!(said(&[first], other), ["payout.wrong_entity"]);
        let other = Visit { grower: neighbour, ..visit() };
        assert_eq!(said(&[first], other), ["payout.wrong_grower"]);
    }

    #[test]
    fn what_other_phones_bought_is_shown_and_not_paid_here() {
        let mut village = TestVillage::new();
        let theirs = buy(&mut village, phone(2), "1");
        let nothing = review(&PayoutDraft::new(visit()), &village);
        assert_eq!(codes(&nothing), ["payout.not_the_buyer"]);
        assert!(nothing.problems[0].message.zh.starts_with(&theirs.to_string()));
        let ours = buy(&mut village, phone(1), "1");
        let review = review(&PayoutDraft::new(visit()), &village);
        assert_eq!(parts(&review), [(ours, 319)]);
        assert_eq!(review.owed_elsewhere, Fen::new(319));
    }

    /// The office reserves so much of this slip for the bank.
    fn reserve(village: &mut TestVillage, slip: EntryId, amount: i64) {
        village.save_at_office(BankReserve {
            batch: BatchId::new(phone(7), 1),
            grower: grower(),
            allocations: vec![Allocation { slip, amount: Fen::new(amount) }],
            payee: Default::default(),
            account_last4: "1111".into(),
        });
    }

    #[test]
    fn what_is_reserved_for_the_bank_is_not_paid_in_cash() {
        let (mut village, first, second) = owing();
        reserve(&mut village, first, 3_621);
        let rest = review(&PayoutDraft::new(visit()), &village);
        assert_eq!((parts(&rest), rest.owed), (vec![(second, 319)], Fen::new(319)));
        let mut draft = PayoutDraft::new(visit());
        draft.name(first);
        assert_eq!(codes(&review(&draft, &village)), ["bank.reserved"]);
        // Of a slip that is reserved in part the rest can be paid.
        reserve(&mut village, second, 300);
        let rest = review(&PayoutDraft::new(visit()), &village);
        assert_eq!(parts(&rest), [(second, 19)]);
        reserve(&mut village, second, 19);
        let nothing = review(&PayoutDraft::new(visit()), &village);
        assert_eq!(codes(&nothing), ["bank.reserved"]);
        assert!(nothing.problems[0].message.zh.starts_with(&first.to_string()));
    }
}
