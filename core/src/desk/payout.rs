//! A payout while it is made: which slips it pays, how much cash, what rounding adds.

use super::catalogue::{Catalogue, Visit};
use super::message::{Finding, Message};
use crate::domain::check::{Check as _, Limits, Place};
use crate::domain::payout::{Allocation, Payout};
use crate::domain::rule::Rule;
use crate::domain::units::text::Language::{En, Zh};
use crate::domain::{EntryId, Fen};
use crate::ledger::SlipRecord;

/// Cash for a grower that is not handed over yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayoutDraft {
    visit: Visit,
    cash: Option<Fen>,
    slips: Vec<EntryId>,
}

/// What a payout comes to, and what is to be said about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayoutReview {
    /// What is unpaid of the slips that it may pay, before it.
    pub owed: Fen,
    /// What is unpaid of slips that other phones bought; their stewards pay it, or the bank.
    pub owed_elsewhere: Fen,
    /// The cash to hand over.
    pub cash: Fen,
    /// What rounding adds for the grower.
    pub rounding: Fen,
    /// Which slips it pays, oldest first or as they were named.
    pub allocations: Vec<Allocation>,
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
        PayoutDraft { visit, cash: None, slips: Vec::new() }
    }

    /// Hands over exactly so much, or all again.
    pub const fn set_cash(&mut self, cash: Option<Fen>) {
        self.cash = cash;
    }

    /// Pays this slip; once one is named, only named ones are paid.
    pub fn name(&mut self, slip: EntryId) {
        self.slips.push(slip);
    }

    /// Allocates the cash and looks at it.
    ///
    /// # Errors
    /// What the catalogue says if it cannot be read.
    pub fn review<C: Catalogue>(&self, catalogue: &C) -> Result<PayoutReview, C::Error> {
        let visit = &self.visit;
        let rules = catalogue.rules()?;
        let limits = Limits::of(&rules);
        let (here, elsewhere): (Vec<_>, Vec<_>) = catalogue
            .unpaid(visit.grower, visit.entity)?
            .into_iter()
            .partition(|slip| slip.id.device == visit.device);
        let mut problems = Vec::new();
        let slips = if self.slips.is_empty() {
            if here.is_empty() && !elsewhere.is_empty() {
                problems.push(about_slip(Rule::PAYOUT_NOT_THE_BUYER, Place::Entry, &elsewhere));
            }
            here
        } else {
            self.named(catalogue, &mut problems)?
        };
        let sum = |slips: &[SlipRecord]| Fen::sum(slips.iter().map(|slip| slip.remaining));
        let (Ok(owed), Ok(owed_elsewhere)) = (sum(&slips), sum(&elsewhere)) else {
            return Ok(self.too_large());
        };
        let Some(whole) = rounded_up(owed, limits.cash_unit) else { return Ok(self.too_large()) };
        let cash = self.cash.unwrap_or(whole);
        let allocations = allocate(&slips, cash);
        let over = cash.minus(owed).unwrap_or_default().max(Fen::ZERO);
        let rounding = if is_rounding(owed, cash, limits.cash_unit) { over } else { Fen::ZERO };
        let payout = Payout {
            grower: visit.grower,
            cash,
            allocations,
            rounding,
            repayments: Vec::new(),
            recipient: Default::default(),
        };
        if over > rounding && owed > Fen::ZERO {
            let message = Message::about(Rule::PAYOUT_BEYOND_UNPAID, |language| {
                let (cash, owed) = (cash.text(), owed.text());
                match language {
                    Zh => format!("要付 {cash}，未付只有 {owed}"),
                    En => format!("{cash} to pay, only {owed} is unpaid"),
                }
            });
            let rule = Rule::PAYOUT_BEYOND_UNPAID;
            problems.push(Finding { rule, place: Place::Entry, message });
        } else if problems.is_empty() {
            problems.extend(payout.check(&limits).into_iter().map(|breach| {
                let (rule, place) = (breach.rule, breach.place);
                Finding { rule, place, message: Message::of(rule) }
            }));
        }
        Ok(PayoutReview {
            owed,
            owed_elsewhere,
            cash,
            rounding,
            allocations: payout.allocations.clone(),
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

/// What speaks against paying this slip here.
fn against(slip: Option<&SlipRecord>, visit: &Visit) -> Option<Rule> {
    let Some(slip) = slip else { return Some(Rule::PAYOUT_SLIP_UNKNOWN) };
    [
        (slip.grower != visit.grower, Rule::PAYOUT_WRONG_GROWER),
        (!slip.state.stands(), Rule::PAYOUT_SLIP_NOT_COUNTED),
        (slip.entity != visit.entity, Rule::PAYOUT_WRONG_ENTITY),
        (slip.id.device != visit.device, Rule::PAYOUT_NOT_THE_BUYER),
        (slip.remaining <= Fen::ZERO, Rule::PAYOUT_BEYOND_UNPAID),
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
        let amount = slip.remaining.min(left);
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

/// Whether this cash is what is owed rounded up to 角 or 元, within the district's unit.
fn is_rounding(owed: Fen, cash: Fen, unit: Fen) -> bool {
    [10, 100].into_iter().map(Fen::new).any(|u| u <= unit && rounded_up(owed, u) == Some(cash))
}

#[cfg(test)]
mod tests {
    use super::super::slip::SlipDraft;
    use super::super::village::{GREENS, TestVillage, a, grower, phone, visit};
    use super::*;
    use crate::domain::rules::Rules;
    use crate::domain::void::Void;
    use crate::domain::{DeviceNo, EntityNo};

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
}
