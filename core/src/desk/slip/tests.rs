//! Drafts against real entries: what they come to, what stops them, what they ask.

use proptest::prelude::*;

use super::super::village::{
    DAWN, GREENS, SWEET_POTATO, TestVillage, a, b, contract, grower, phone, visit,
};
use super::*;
use crate::desk::Finding;
use crate::domain::ContractId;
use crate::domain::check::{Check as _, Limits, Place};
use crate::domain::contract::Beyond;
use crate::domain::contract::ContractVersion;
use crate::domain::price_list::{PriceList, PriceRow};
use crate::domain::rule::Rule;
use crate::domain::rules::Rules;
use crate::domain::slip::{DeductionAmount, PriceReason, Slip};
use crate::domain::units::text::Language;
use crate::domain::void::Void;
use crate::domain::{BasisPoints, BusinessDate, Clock, EntityNo, Fen, Grams, PersonNo};

fn review(draft: &SlipDraft, village: &TestVillage) -> SlipReview {
    let Ok(review) = draft.review(village);
    review
}

/// One line of greens of grade A, weighed as typed.
fn draft(weighings: &[&str]) -> SlipDraft {
    let mut draft = SlipDraft::new(visit());
    let line = draft.add_line(GREENS, a());
    for weighing in weighings {
        draft.weigh(line, weighing.parse().unwrap()).unwrap();
    }
    draft
}

fn codes(findings: &[Finding]) -> Vec<&'static str> {
    findings.iter().map(|finding| finding.rule.code).collect()
}

fn segments(review: &LineReview) -> Vec<(i64, i64, PriceReason)> {
    review.segments.iter().map(|s| (s.weight.get(), s.price.get(), s.reason)).collect()
}

fn saved(village: &mut TestVillage, draft: &SlipDraft) -> Slip {
    let slip = review(draft, village).finish().unwrap();
    village.save(slip.clone());
    slip
}

#[test]
fn one_purchase_comes_to_what_the_list_says() {
    let village = TestVillage::new();
    let review = review(&draft(&["12.852-1.5"]), &village);
    assert_eq!((review.net.get(), review.amount.get()), (11_352, 3_621));
    assert!(review.problems.is_empty() && review.warnings.is_empty());
    let slip = review.finish().unwrap();
    assert_eq!(slip.price_list, Some(7));
    assert_eq!(slip.lines[0].segments[0].reason, PriceReason::List);
    assert_eq!(slip.amount(), Ok(Fen::new(3_621)));
}

#[test]
fn totals_run_over_lines_deductions_and_grades() {
    let village = TestVillage::new();
    let mut draft = draft(&["12.852-1.5", "2"]);
    draft.deduct(0, "0.3:water".parse().unwrap()).unwrap();
    draft.deduct(0, "2%:soil".parse().unwrap()).unwrap();
    let second = draft.add_line(GREENS, b());
    draft.weigh(second, "10".parse().unwrap()).unwrap();
    let review = review(&draft, &village);
    let [first, second] = review.lines.as_slice() else { panic!("two lines") };
    // 13,352 − 300 − 267
    assert_eq!((first.net.get(), first.deducted.get()), (13_352, 567));
    assert_eq!((first.settlement.get(), first.amount.get()), (12_785, 4_078));
    assert_eq!((second.settlement.get(), second.amount.get()), (10_000, 2_000));
    assert_eq!((review.net.get(), review.settlement.get()), (23_352, 22_785));
    assert_eq!(review.amount.get(), 6_078);
    assert!(review.finish().is_ok());
}

#[test]
fn a_replaced_weighing_stays_visible_and_does_not_count() {
    let village = TestVillage::new();
    let mut draft = draft(&["12.852-1.5", "3"]);
    let again = draft.replace_weighing(0, 0, "11-1".parse().unwrap()).unwrap();
    draft.remove_weighing(0, 1).unwrap();
    let weighings = &draft.lines()[0].weighings;
    assert_eq!(weighings.len(), 3);
    assert_eq!(weighings[0].state, WeighingState::ReplacedBy(again));
    assert_eq!(weighings[1].state, WeighingState::Removed);
    assert_eq!(draft.replace_weighing(0, 0, "1".parse().unwrap()), Err(NoSuchPlace));
    assert_eq!(draft.remove_weighing(0, 1), Err(NoSuchPlace));
    let slip = review(&draft, &village).finish().unwrap();
    assert_eq!(slip.lines[0].weighings, ["11-1".parse().unwrap()]);
}

#[test]
fn places_that_are_not_there_are_refused() {
    let mut draft = draft(&["1"]);
    assert_eq!(draft.weigh(1, "1".parse().unwrap()), Err(NoSuchPlace));
    assert_eq!(draft.remove_deduction(0, 0), Err(NoSuchPlace));
    draft.remove_line(0).unwrap();
    assert_eq!(draft.remove_line(0), Err(NoSuchPlace));
    assert_eq!(draft.state_price(0, None), Err(NoSuchPlace));
    assert_eq!(draft.change_line(0, GREENS, b()), Err(NoSuchPlace));
}

#[test]
fn a_problem_names_the_weighing_as_the_draft_counts_it_and_says_its_numbers() {
    let village = TestVillage::new();
    let mut draft = SlipDraft::new(visit());
    draft.add_line(GREENS, a());
    draft.remove_line(0).unwrap();
    let line = draft.add_line(GREENS, b());
    draft.weigh(line, "5".parse().unwrap()).unwrap();
    draft.remove_weighing(line, 0).unwrap();
    draft.weigh(line, "1.2-1.5".parse().unwrap()).unwrap();
    let problems = review(&draft, &village).finish().unwrap_err();
    let [problem] = problems.as_slice() else { panic!("{problems:?}") };
    assert_eq!(problem.rule, Rule::PURCHASE_TARE_NOT_BELOW_GROSS);
    assert_eq!(problem.place, Place::Weighing { line: 1, weighing: 1 });
    assert_eq!(
        problem.message.zh,
        "第 2 条 竹叶菜 B：第 2 秤毛重 2.4 斤 (1.2 kg)，皮重 3 斤 (1.5 kg)。\
         皮重不能大于或等于毛重，请重新过秤。"
    );
    assert_eq!(
        problem.message.en,
        "Line 2, 竹叶菜 B: weighing 2 gross 2.4 jin (1.2 kg), tare 3 jin (1.5 kg). \
         The tare must be below the gross weight. Weigh again."
    );
}

#[test]
fn what_cannot_be_saved_is_named_once_with_its_cause() {
    let mut village = TestVillage::new();
    village.publish(Rules { scale_capacity: Grams::new(100_000), ..Rules::default() });
    type Spoil = fn(&mut SlipDraft);
    let table: &[(&[&str], Spoil)] = &[
        (&["purchase.no_lines"], |d| d.remove_line(0).unwrap()),
        (&["purchase.no_weighings"], |d| d.remove_weighing(0, 0).unwrap()),
        (&["purchase.gross_not_positive"], |d| {
            d.weigh(0, "0".parse().unwrap()).unwrap();
        }),
        (&["purchase.beyond_capacity"], |d| {
            d.weigh(0, "100.001".parse().unwrap()).unwrap();
        }),
        (&["purchase.deductions_not_below_net"], |d| {
            d.deduct(0, "100%:soil".parse().unwrap()).unwrap();
        }),
        (&["purchase.product_unknown", "purchase.no_price"], |d| {
            d.change_line(0, ProductNo::new(99), a()).unwrap();
        }),
        (&["purchase.grade_unknown"], |d| {
            d.change_line(0, GREENS, Grade::new(2).unwrap()).unwrap();
            d.state_price(0, Some(LiPerKg::new(3_000))).unwrap();
        }),
        (&["purchase.no_price"], |d| d.change_line(0, SWEET_POTATO, a()).unwrap()),
        (&["purchase.price_not_positive"], |d| {
            d.state_price(0, Some(LiPerKg::ZERO)).unwrap();
        }),
    ];
    for (wanted, spoil) in table {
        let mut draft = draft(&["12.852-1.5"]);
        spoil(&mut draft);
        assert_eq!(codes(&review(&draft, &village).problems), *wanted);
    }
}

#[test]
fn what_is_not_on_the_list_needs_a_stated_price() {
    let village = TestVillage::new();
    let mut draft = SlipDraft::new(visit());
    draft.add_line(SWEET_POTATO, a());
    draft.weigh(0, "10".parse().unwrap()).unwrap();
    draft.state_price(0, Some("1.60/jin".parse().unwrap())).unwrap();
    let review = review(&draft, &village);
    assert_eq!(segments(&review.lines[0]), [(10_000, 3_200, PriceReason::Stated)]);
    assert!(review.warnings.is_empty());
    assert!(review.finish().is_ok());
}

#[test]
fn a_contract_raises_the_price_and_its_line_splits_the_slip() {
    let mut village = TestVillage::new();
    village.save(contract());
    let first = draft(&["215"]);
    assert_eq!(
        segments(&review(&first, &village).lines[0]),
        [(215_000, 5_000, PriceReason::Floor)]
    );
    let slip = saved(&mut village, &first);
    assert_eq!(slip.lines[0].contract, Some(contract().contract));

    // 5 kg are left to the line; both grades deliver on the contract, line after line.
    let mut second = draft(&["4"]);
    let grade_b = second.add_line(GREENS, b());
    second.weigh(grade_b, "3".parse().unwrap()).unwrap();
    let review = review(&second, &village);
    assert_eq!(segments(&review.lines[0]), [(4_000, 5_000, PriceReason::Floor)]);
    assert_eq!(
        segments(&review.lines[1]),
        [(1_000, 5_000, PriceReason::Floor), (2_000, 2_000, PriceReason::Excess)]
    );
    assert_eq!(codes(&review.warnings), ["warn.contract_exceeded"]);
    assert_eq!(
        review.warnings[0].message.zh,
        "第 2 条 竹叶菜 B：连这次已交 444 斤 / 合同 400 斤（截至上次同步）。\
         已超过合同数量，请按合同约定核对超出部分的价格。"
    );
    assert!(review.finish().is_ok());
}

#[test]
fn a_voided_delivery_makes_room_on_the_contract_again() {
    let mut village = TestVillage::new();
    village.save(contract());
    let slip = review(&draft(&["215"]), &village).finish().unwrap();
    let id = village.save(slip);
    let left = |village: &TestVillage| {
        let review = review(&draft(&["1"]), village);
        review.lines[0].contract.unwrap().terms.left().get()
    };
    assert_eq!(left(&village), 5_000);
    village.save(Void {
        target: id,
        target_hash: village.hash(id),
        grower: grower(),
        reason: "称错了".into(),
        replacement: None,
    });
    assert_eq!(left(&village), 220_000);
}

#[test]
fn a_contract_counts_only_for_its_entity_its_product_and_its_season() {
    let mut village = TestVillage::new();
    village.save(contract());
    let plain = |visit: Visit| {
        let mut draft = SlipDraft::new(visit);
        draft.add_line(GREENS, a());
        draft.weigh(0, "10".parse().unwrap()).unwrap();
        let review = review(&draft, &village);
        (review.lines[0].contract.is_some(), codes(&review.warnings))
    };
    let on = |date: &str| {
        let date: BusinessDate = date.parse().unwrap();
        let days = i64::from(date.days() - visit().date.days());
        let clock = Clock { wall_s: DAWN.wall_s + days * 86_400, uptime_s: DAWN.uptime_s };
        Visit { date, clock, last_clock: Some(clock), ..visit() }
    };
    assert_eq!(plain(visit()), (true, vec![]));
    assert_eq!(plain(on("2020-09-30")), (true, vec![]));
    assert_eq!(plain(on("2020-10-01")), (false, vec!["warn.outside_period"]));
    assert_eq!(plain(on("2021-06-30")), (false, vec![]));
    assert_eq!(plain(Visit { entity: EntityNo::new(2), ..visit() }), (false, vec![]));
}

#[test]
fn of_two_contracts_the_first_with_something_left_is_delivered_on() {
    let mut village = TestVillage::new();
    village.save(contract());
    let other = ContractId::new(phone(1), 2);
    village.save(ContractVersion { contract: other, floor: LiPerKg::new(4_000), ..contract() });
    let chosen =
        |village: &TestVillage| review(&draft(&["1"]), village).lines[0].contract.unwrap().contract;
    assert_eq!(chosen(&village), contract().contract);
    saved(&mut village, &draft(&["220"]));
    assert_eq!(chosen(&village), other);
}

#[test]
fn a_typed_price_off_the_list_is_asked_about_and_saved_all_the_same() {
    let village = TestVillage::new();
    let warned = |price: &str| {
        let mut draft = draft(&["10"]);
        draft.state_price(0, Some(price.parse().unwrap())).unwrap();
        let review = review(&draft, &village);
        let warned = codes(&review.warnings);
        assert!(review.finish().is_ok());
        warned
    };
    // The list says 3.19 元/kg.
    assert_eq!(warned("3.19/kg"), [""; 0]);
    assert_eq!(warned("3.19/jin"), ["warn.price_about_double"]);
    assert_eq!(warned("5.75/kg"), ["warn.price_about_double"]);
    assert_eq!(warned("4.78/kg"), [""; 0]);
    assert_eq!(warned("5.00/kg"), ["warn.price_far_off_list"]);
    assert_eq!(warned("1.60/kg"), ["warn.price_about_half"]);
    assert_eq!(warned("2.00/kg"), ["warn.price_far_off_list"]);
    assert_eq!(warned("31.9/kg"), ["warn.price_far_off_list"]);
    assert_eq!(warned("0.199/kg"), ["warn.price_far_off_list", "warn.price_low"]);
}

#[test]
fn a_price_below_the_contracts_floor_is_asked_about() {
    let mut village = TestVillage::new();
    village.save(contract());
    let mut draft = draft(&["10"]);
    draft.state_price(0, Some("3.19/kg".parse().unwrap())).unwrap();
    let review = review(&draft, &village);
    assert_eq!(codes(&review.warnings), ["warn.below_floor"]);
    assert_eq!(
        review.warnings[0].message.en,
        "竹叶菜 A: price ¥1.595/jin (¥3.19/kg), floor ¥2.50/jin (¥5.00/kg). \
         The price is below the contract's floor price. Check the contract."
    );
}

#[test]
fn a_second_slip_of_nearly_the_same_within_two_minutes_is_asked_about() {
    let mut village = TestVillage::new();
    saved(&mut village, &draft(&["10"]));
    let later = |seconds: i64, weight: &str, grade| {
        let clock = Clock { wall_s: DAWN.wall_s + seconds, uptime_s: DAWN.uptime_s + seconds };
        let mut draft = SlipDraft::new(Visit { clock, ..visit() });
        draft.add_line(GREENS, grade);
        draft.weigh(0, weight.parse().unwrap()).unwrap();
        codes(&review(&draft, &village).warnings)
    };
    assert_eq!(later(0, "10", a()), ["warn.repeat"]);
    assert_eq!(later(120, "10.5", b()), ["warn.repeat"]);
    assert_eq!(later(121, "10", a()), [""; 0]);
    assert_eq!(later(30, "11", a()), [""; 0]);
}

#[test]
fn a_voided_slip_is_no_first_one() {
    let mut village = TestVillage::new();
    let slip = review(&draft(&["10"]), &village).finish().unwrap();
    let id = village.save(slip);
    village.save(Void {
        target: id,
        target_hash: village.hash(id),
        grower: grower(),
        reason: "等级写错".into(),
        replacement: None,
    });
    assert!(review(&draft(&["10"]), &village).warnings.is_empty());
}

#[test]
fn more_than_the_land_bears_is_asked_about() {
    let mut village = TestVillage::new();
    // 0.3 mu usually bear 300 kg; the contract's price is for all of it.
    let all = Beyond::ContractPrice;
    let quantity = Grams::new(400_000);
    village.save(ContractVersion { beyond: all, quantity, ..contract() });
    assert_eq!(codes(&review(&draft(&["300"]), &village).warnings), [""; 0]);
    let review = review(&draft(&["300", "0.001"]), &village);
    assert_eq!(codes(&review.warnings), ["warn.beyond_yield"]);
    assert_eq!(
        review.warnings[0].message.zh,
        "竹叶菜 A：0.3 亩常年约产 600 斤，连这次已交 600.002 斤。\
         交货已超过这块地的常年产量，请核实是否自产。"
    );
}

#[test]
fn the_clock_and_the_own_household_are_marked_and_stop_nothing() {
    let village = TestVillage::new();
    let year_2000 = Clock { wall_s: 946_684_800, uptime_s: 60 };
    let mut draft = SlipDraft::new(Visit { clock: year_2000, own_household: true, ..visit() });
    draft.add_line(GREENS, a());
    draft.weigh(0, "10".parse().unwrap()).unwrap();
    draft.deduct(0, "0.1".parse().unwrap()).unwrap();
    let review = review(&draft, &village);
    assert_eq!(
        codes(&review.warnings),
        ["warn.clock_doubt", "warn.own_household", "warn.deduction_without_reason"]
    );
    assert!(review.finish().is_ok());
}

#[test]
fn a_date_far_from_a_trusted_clock_is_asked_about() {
    let village = TestVillage::new();
    let dated = |date: &str, clock| {
        let mut draft = SlipDraft::new(Visit { date: date.parse().unwrap(), clock, ..visit() });
        draft.add_line(GREENS, a());
        draft.weigh(0, "10".parse().unwrap()).unwrap();
        draft.state_price(0, Some("3.19/kg".parse().unwrap())).unwrap();
        let review = review(&draft, &village);
        assert!(review.problems.is_empty());
        codes(&review.warnings)
    };
    let now = visit().clock;
    assert_eq!(dated("2020-06-30", now), [""; 0]);
    assert_eq!(dated("2020-07-02", now), [""; 0]);
    assert_eq!(dated("2020-07-03", now), ["warn.date_far"]);
    assert_eq!(dated("2020-06-29", now), ["warn.date_far"]);
    // A clock that is itself in doubt says nothing of the date.
    let year_2000 = Clock { wall_s: 946_684_800, uptime_s: 60 };
    assert_eq!(dated("2020-07-03", year_2000), ["warn.clock_doubt"]);
}

#[test]
fn a_price_is_fixed_later_if_that_was_agreed_or_if_there_is_no_list_price() {
    use PriceReason::Pending;
    let mut village = TestVillage::new();
    let mut agreed = draft(&["10"]);
    agreed.set_pending(0, true).unwrap();
    // The last list names 3.19.
    let found = review(&agreed, &village);
    assert_eq!(segments(&found.lines[0]), [(10_000, 3_190, Pending)]);
    assert_eq!((found.amount, found.estimate), (Fen::ZERO, Fen::new(3_190)));
    let pending = saved(&mut village, &agreed);
    assert_eq!(pending.amount(), Ok(Fen::ZERO));
    // A list that no longer names it: the one before is the estimate, and nobody has to ask for it.
    let rows = vec![PriceRow { product: SWEET_POTATO, grade: a(), price: LiPerKg::new(900) }];
    let from = visit().date;
    village.publish(PriceList { version: 8, from, rows });
    let unlisted = review(&draft(&["10"]), &village);
    assert_eq!(segments(&unlisted.lines[0]), [(10_000, 3_190, Pending)]);
    // The contract's floor is worth more than any list.
    village.save(contract());
    let found = review(&agreed, &village);
    assert_eq!(segments(&found.lines[0]), [(10_000, 5_000, Pending)]);
    assert!(found.lines[0].contract.is_some());
}

#[test]
fn how_far_a_contract_is_can_be_read_beside_the_line() {
    let mut village = TestVillage::new();
    village.save(contract());
    saved(&mut village, &draft(&["60"]));
    let found = review(&draft(&["10"]), &village);
    let progress = found.lines[0].contract.unwrap();
    assert_eq!(progress.text(Language::Zh), "已交 120 斤 / 合同 400 斤（截至上次同步）");
    assert_eq!(
        progress.text(Language::En),
        "120 jin delivered / contract 400 jin (as of the last sync)"
    );
}

#[test]
fn the_people_of_a_visit_its_certificate_and_what_was_refused_stand_on_the_slip() {
    let mut village = TestVillage::new();
    let mut draft = draft(&["10"]);
    let details = slip::Visit {
        seller: PersonNo::new(1),
        deliverer: PersonNo::new(2),
        certificate: Some("合格证 0712".into()),
        refused: vec![slip::Refused {
            product: GREENS,
            weight: Some(Grams::new(1_500)),
            reason: "黄叶".into(),
        }],
        source: slip::Source::Scale,
    };
    draft.set_details(details.clone());
    assert_eq!(saved(&mut village, &draft).visit, details);
}

#[test]
fn what_the_desk_lets_through_the_ledger_counts() {
    let mut village = TestVillage::new();
    village.save(contract());
    let mut draft = draft(&["150-1.5", "80.3"]);
    draft.deduct(0, "3%:泥".parse().unwrap()).unwrap();
    let slip = saved(&mut village, &draft);
    let Ok(records) = village.unpaid(grower(), EntityNo::new(1));
    assert_eq!(records.len(), 1);
    assert_eq!(Ok(records[0].remaining), slip.amount());
}

proptest! {
    #[test]
    fn whatever_is_typed_a_finished_slip_breaks_nothing_and_a_refused_one_says_why(
        lines in prop::collection::vec(
            (
                0..3_u32,
                0..3_u8,
                prop::collection::vec((-1_000..400_000_i64, -1_000..5_000_i64), 0..3),
                prop::collection::vec(-100..12_000_i64, 0..3),
                prop::option::of(-1_000..10_000_i64),
            ),
            0..4,
        ),
        delivered in 0..230_000_i64,
    ) {
        let mut village = TestVillage::new();
        village.save(contract());
        if delivered > 0 {
            saved(&mut village, &draft(&[&Grams::new(delivered).kg_number()]));
        }
        let mut draft = SlipDraft::new(visit());
        for (product, grade, weighings, shares, stated) in lines {
            let line = draft.add_line(ProductNo::new(product), Grade::new(grade).unwrap());
            for (gross, tare) in weighings {
                let weighing = Weighing { gross: Grams::new(gross), tare: Grams::new(tare) };
                draft.weigh(line, weighing).unwrap();
            }
            for share in shares {
                let amount = DeductionAmount::Share(BasisPoints::new(share));
                draft.deduct(line, Deduction { amount, reason: String::new() }).unwrap();
            }
            draft.state_price(line, stated.map(LiPerKg::new)).unwrap();
        }
        let review = review(&draft, &village);
        let (amount, settlement) = (review.amount, review.settlement);
        match review.finish() {
            Ok(slip) => {
                prop_assert_eq!(slip.check(&Limits::LEDGER), vec![]);
                prop_assert_eq!(slip.amount(), Ok(amount));
                let sold = slip.lines.iter().flat_map(|l| &l.segments).map(|s| s.weight);
                prop_assert_eq!(Grams::sum(sold), Ok(settlement));
            }
            Err(problems) => {
                prop_assert!(!problems.is_empty());
                for problem in problems {
                    prop_assert!(!problem.rule.is_warning());
                    prop_assert!(problem.message.zh.ends_with(problem.rule.zh));
                }
            }
        }
    }
}

#[test]
fn a_kept_draft_opens_as_it_was_at_a_visit_of_now() {
    let mut draft = draft(&["12.852-1.5", "30.1-1.5"]);
    draft.replace_weighing(0, 1, "30-1.5".parse().unwrap()).unwrap();
    draft.deduct(0, "2%:泥".parse().unwrap()).unwrap();
    let second = draft.add_line(SWEET_POTATO, b());
    draft.set_pending(second, true).unwrap();
    draft.remove_line(second).unwrap();
    let bytes = draft.kept().to_bytes();
    let now = Visit { clock: Clock { wall_s: 9, uptime_s: 9 }, ..visit() };
    let opened = KeptDraft::from_bytes(&bytes).unwrap().open(now);
    assert_eq!(opened.lines(), draft.lines());
    assert_eq!(opened.visit(), &now);
    assert_eq!(KeptDraft::from_bytes(&bytes[1..]), None);
    assert_eq!(KeptDraft::from_bytes(b"{}"), None);
}
