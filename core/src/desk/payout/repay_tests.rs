//! Repayments at the desk: what is offered, what is refused, what the grower is told.

use super::{PayoutDraft, PayoutReview, Recipient};
use crate::desk::slip::SlipDraft;
use crate::desk::village::{GREENS, TestVillage, a, grower, visit};
use crate::domain::confirmation::{Confirmation, Means};
use crate::domain::debt::{DebtTerms, Prepayment, Purse};
use crate::domain::rules::{Bookkeeping, Rules};
use crate::domain::{BasisPoints, EntryId, Fen, PersonNo};

/// A slip of 36.21 yuan.
fn owing() -> TestVillage {
    let mut village = TestVillage::new();
    let mut draft = SlipDraft::new(visit());
    draft.add_line(GREENS, a());
    draft.weigh(0, "11.352".parse().unwrap()).unwrap();
    let Ok(review) = draft.review(&village);
    village.save(review.finish().unwrap());
    village
}

fn lent(village: &mut TestVillage, fen: i64, due: &str) -> EntryId {
    let share = BasisPoints::new(5_000);
    let terms = DebtTerms { due: due.parse().unwrap(), share };
    let (amount, purse) = (Fen::new(fen), Purse::Float);
    village.save(Prepayment { grower: grower(), contract: None, amount, terms, purse })
}

fn confirm(village: &mut TestVillage, debt: EntryId, agrees: bool) {
    village.save(Confirmation {
        grower: grower(),
        target: debt,
        target_hash: village.hash(debt),
        person: PersonNo::default(),
        means: Means::Paper,
        agrees,
    });
}

fn review(draft: &PayoutDraft, village: &TestVillage) -> PayoutReview {
    let Ok(review) = draft.review(village);
    review
}

fn codes(village: &TestVillage, debt: EntryId, amount: Option<i64>) -> Vec<&'static str> {
    let mut draft = PayoutDraft::new(visit());
    draft.repay(debt, amount.map(Fen::new));
    review(&draft, village).problems.iter().map(|problem| problem.rule.code).collect()
}

#[test]
fn a_due_confirmed_debt_is_offered_up_to_its_share_and_the_grower_is_told() {
    let mut village = owing();
    let debt = lent(&mut village, 10_000, "2020-07-01");
    assert_eq!(review(&PayoutDraft::new(visit()), &village).offers, []);
    confirm(&mut village, debt, true);
    let plain = review(&PayoutDraft::new(visit()), &village);
    // Half of 36.21, rounded down; nothing is kept back unless it is asked for.
    assert_eq!((plain.offers[0].debt, plain.offers[0].most), (debt, Fen::new(1_810)));
    assert_eq!((plain.cash, plain.repayments.len()), (Fen::new(3_700), 0));
    let mut draft = PayoutDraft::new(visit());
    draft.repay(debt, None);
    let kept = review(&draft, &village);
    // 18.11 is left to pay, rounded up to 19.00.
    assert_eq!((kept.cash, kept.rounding, kept.left), (Fen::new(1_900), Fen::new(89), Fen::ZERO));
    assert_eq!(kept.repayments[0].claimed, Fen::new(1_810));
    assert!(kept.notices[0].zh.contains("抵销") && kept.notices[0].zh.contains("81.90"));
    village.save(kept.finish().unwrap());
    let again = review(&PayoutDraft::new(visit()), &village);
    assert_eq!(again.owed, Fen::ZERO);
}

#[test]
fn what_may_not_be_kept_back_is_refused_and_says_why() {
    let mut village = owing();
    let debt = lent(&mut village, 1_000, "2020-07-01");
    let later = lent(&mut village, 1_000, "2020-07-02");
    assert_eq!(codes(&village, debt, None), ["repayment.not_confirmed"]);
    confirm(&mut village, debt, false);
    assert_eq!(codes(&village, debt, Some(1)), ["repayment.disputed"]);
    confirm(&mut village, debt, true);
    confirm(&mut village, later, true);
    assert_eq!(codes(&village, later, Some(1)), ["repayment.not_due"]);
    assert_eq!(codes(&village, debt, Some(1_001)), ["repayment.beyond_debt"]);
    assert_eq!(codes(&village, debt, Some(1_000)), [""; 0]);
    assert_eq!(codes(&village, debt, Some(0)), ["repayment.not_positive"]);
    let unknown = EntryId::new(visit().device, 99);
    assert_eq!(codes(&village, unknown, Some(1)), ["debt.unknown"]);
    let large = lent(&mut village, 100_000, "2020-07-01");
    confirm(&mut village, large, true);
    assert_eq!(codes(&village, large, Some(1_811)), ["repayment.beyond_share"]);
    assert_eq!(codes(&village, large, Some(1_810)), [""; 0]);
}

#[test]
fn a_district_that_carries_over_pays_whole_units_and_leaves_the_rest_owed() {
    let mut village = owing();
    let bookkeeping = Bookkeeping { carries_over: true, ..Bookkeeping::default() };
    village.publish(Rules { bookkeeping, ..Rules::default() });
    let carried = review(&PayoutDraft::new(visit()), &village);
    let (cash, rounding, left) = (carried.cash.get(), carried.rounding.get(), carried.left.get());
    assert_eq!((cash, rounding, left), (3_600, 0, 21));
    let mut draft = PayoutDraft::new(visit());
    draft.set_cash(Some(Fen::new(3_700)));
    let rounded = review(&draft, &village);
    assert_eq!(rounded.problems[0].rule.code, "payout.beyond_unpaid");
}

#[test]
fn what_a_proxy_takes_is_said_to_be_not_invoiceable_yet() {
    let village = owing();
    let mut draft = PayoutDraft::new(visit());
    draft.give_to(Recipient { payee: PersonNo::new(0), proxy: Some(PersonNo::new(2)) });
    let review = review(&draft, &village);
    assert_eq!(review.notices[0].code, "payout.by_proxy");
    assert_eq!(review.finish().unwrap().recipient.proxy, Some(PersonNo::new(2)));
}
