use std::collections::BTreeSet;

use super::*;
use crate::domain::confirmation::{Confirmation, Means};
use crate::domain::contract::{Beyond, ContractVersion};
use crate::domain::device::DeviceRole;
use crate::domain::payout::{Allocation, Payout, Repayment};
use crate::domain::price_list::{PriceList, PriceRow};
use crate::domain::product::{Product, Products};
use crate::domain::slip::{Line, PriceReason, Segment, Slip, Weighing};
use crate::domain::void::Void;
use crate::domain::{
    Area, BasisPoints, Body, ContractId, DeviceNo, EntityNo, Entry, EntryHash, Envelope, Fen,
    Grade, Grams, LiPerKg, OperatorNo, ProductNo,
};
use crate::ledger::{MemoryRecords, ReadRecords as _, fold};

/// 2020-07-01 06:03:50 in Shanghai.
pub(super) const DAWN_S: i64 = 1_593_554_630;

/// A district with one product at 3.00 元/kg, and what its phones write.
#[derive(Default)]
pub(super) struct District {
    entries: Vec<Arrived>,
    unregistered: bool,
    pub(super) today: Option<BusinessDate>,
    pub(super) around: Around<'static>,
}

impl District {
    pub(super) fn new() -> District {
        let mut district = District::default();
        let product = Product {
            number: ProductNo::new(1),
            code: "1".into(),
            name: "菠菜".into(),
            category: String::new(),
            grades: 1,
            grain_or_oil: false,
            usual_yield_per_mu: Some(Grams::new(1_000_000)),
        };
        let (product, grade) = (Products { items: vec![product] }, Grade::default());
        let row = PriceRow { product: ProductNo::new(1), grade, price: LiPerKg::new(3_000) };
        let from = BusinessDate::at(0);
        district.write(9, 0, product.into());
        district.write(9, 0, PriceList { version: 1, from, rows: vec![row] }.into());
        district
    }

    /// Device 9 is the county's, 1 and 2 are phones; so many seconds after dawn.
    pub(super) fn write(&mut self, device: u16, after_s: i64, body: Body) -> EntryId {
        let device = DeviceNo::new(device).unwrap();
        let sequence = self.entries.iter().filter(|a| a.id.device == device).count() + 1;
        let id = EntryId::new(device, u32::try_from(sequence).unwrap());
        let wall_s = DAWN_S + after_s;
        let envelope = Envelope {
            lamport: u64::try_from(self.entries.len()).unwrap(),
            date: BusinessDate::at(wall_s),
            clock: Clock { wall_s, uptime_s: 1_000 + after_s },
            entity: EntityNo::new(1),
            operator: OperatorNo::new(0),
            reissue_of: None,
        };
        let entry = Entry { envelope, body };
        let county = device.get() == 9;
        let role = if county { DeviceRole::CountyOffice } else { DeviceRole::Phone };
        let hash = EntryHash::of(&entry.encode());
        self.entries.push(Arrived::new(id, hash, role, Some(VillageNo::new(1)), entry));
        id
    }

    pub(super) fn slip(&mut self, device: u16, after_s: i64, weight_g: i64, price: i64) -> EntryId {
        self.write(device, after_s, slip(weight_g, price, PriceReason::Stated, None))
    }

    pub(super) fn found(&self) -> Vec<Exception> {
        let records: MemoryRecords = fold(&self.entries).unwrap();
        let published = Published::fold(&self.entries);
        let (mut slips, mut contracts) = (Vec::new(), Vec::new());
        let (mut debts, mut payouts, mut excesses) = (Vec::new(), Vec::new(), Vec::new());
        for grower in records.growers() {
            slips.extend(records.slips(grower).unwrap());
            contracts.extend(records.contracts(grower).unwrap());
            debts.extend(records.all_kept(grower.into()).unwrap());
            payouts.extend(records.payouts(grower).unwrap());
            excesses.extend(records.all_kept(grower.into()).unwrap());
        }
        let entries: Vec<Folded> = self
            .entries
            .iter()
            .map(|a| {
                let status = records.status(a.partition(), a.id).unwrap();
                Folded::new(a, status.clone())
            })
            .collect();
        exceptions(&Facts {
            published: &published,
            is_registered: &|_| !self.unregistered,
            slips: &slips,
            contracts: &contracts,
            entries: &entries,
            debts: &debts,
            payouts: &payouts,
            excesses: &excesses,
            today: self.today,
            around: self.around,
        })
    }

    /// Each kind with its evidence.
    pub(super) fn kinds(&self) -> Vec<(ExceptionKind, Vec<EntryId>)> {
        self.found().into_iter().map(|e| (e.kind, e.evidence)).collect()
    }
}

pub(super) fn grower() -> GrowerId {
    GrowerId::new(DeviceNo::default(), 1)
}

fn contract() -> ContractId {
    ContractId::new(DeviceNo::default(), 1)
}

pub(super) fn slip(weight_g: i64, price: i64, reason: PriceReason, on: Option<ContractId>) -> Body {
    let weight = Grams::new(weight_g);
    let mut line = Line {
        product: ProductNo::new(1),
        grade: Grade::default(),
        weighings: vec![Weighing { gross: weight, tare: Grams::ZERO }],
        deductions: Vec::new(),
        segments: vec![Segment { weight, price: LiPerKg::new(price), reason }],
        amount: Default::default(),
        contract: on,
        marks: Default::default(),
    };
    line.amount = line.computed_amount().unwrap();
    Slip { grower: grower(), lines: vec![line], price_list: Some(1), visit: Default::default() }
        .into()
}

/// 100 kg and 10 % on 0.1 mu, floor 3.50.
fn signed(version: u32, quantity_g: i64) -> Body {
    ContractVersion {
        contract: contract(),
        version,
        grower: grower(),
        product: ProductNo::new(1),
        area: Area::new(100),
        quantity: Grams::new(quantity_g),
        floor: LiPerKg::new(3_500),
        from: BusinessDate::at(0),
        to: BusinessDate::at(0),
        tolerance: BasisPoints::new(1_000),
        beyond: Beyond::ListPrice,
        agreed: Default::default(),
    }
    .into()
}

#[test]
fn a_morning_in_order_shows_nothing() {
    let mut district = District::new();
    district.write(1, 0, signed(1, 100_000));
    district.write(1, 10, slip(40_000, 3_500, PriceReason::Floor, Some(contract())));
    district.slip(1, 300, 10_000, 3_000);
    district.slip(1, 600, 10_000, 3_000);
    assert_eq!(district.found(), []);
}

#[test]
fn a_price_is_held_against_the_list_that_the_slip_names() {
    let mut district = District::new();
    let double = district.slip(1, 0, 10_000, 6_000);
    let near = district.slip(1, 900, 10_000, 3_100);
    let low = district.slip(1, 1_800, 10_000, 199);
    let found = district.found();
    let shown: Vec<_> = found.iter().map(|e| (e.kind, e.evidence[0], e.rules.clone())).collect();
    let off = ExceptionKind::OffListPrice;
    assert_eq!(
        shown,
        [
            (off, double, vec![Rule::WARN_PRICE_ABOUT_DOUBLE]),
            (off, near, vec![]),
            (off, low, vec![Rule::WARN_PRICE_FAR_OFF_LIST]),
            (ExceptionKind::LowPrice, low, vec![Rule::WARN_PRICE_LOW]),
        ]
    );
    assert_eq!(found[0].measure, Some(Measure { found: 6_000, expected: Some(3_000) }));
}

#[test]
fn a_floor_that_no_version_of_the_contract_names_is_off_the_list() {
    let mut district = District::new();
    district.write(1, 0, signed(1, 100_000));
    district.write(1, 10, slip(4_000, 3_500, PriceReason::Floor, Some(contract())));
    let wrong = district.write(1, 900, slip(9_000, 3_600, PriceReason::Floor, Some(contract())));
    assert_eq!(district.kinds(), [(ExceptionKind::OffListPrice, vec![wrong])]);
}

#[test]
fn a_line_that_comes_to_nothing_is_shown() {
    let mut district = District::new();
    let nothing = district.slip(1, 0, 1, 3_000);
    assert_eq!(district.kinds(), [(ExceptionKind::ZeroAmount, vec![nothing])]);
}

#[test]
fn two_near_slips_moments_apart_may_be_one() {
    let mut district = District::new();
    let first = district.slip(1, 0, 10_000, 3_000);
    let again = district.slip(2, 120, 10_100, 3_000);
    district.slip(1, 121, 5_000, 3_000); // another weight
    district.slip(1, 900, 10_000, 3_000); // long after
    assert_eq!(district.kinds(), [(ExceptionKind::LikelyDuplicate, vec![first, again])]);
}

#[test]
fn a_clock_that_is_set_in_between_does_not_hide_a_repeat() {
    let mut district = District::new();
    let first = district.slip(1, 0, 10_000, 3_000);
    let again = district.slip(1, 400, 10_000, 3_000);
    district.entries.last_mut().unwrap().entry.envelope.clock.uptime_s = 1_040;
    let repeats: Vec<_> = district.kinds();
    assert!(repeats.contains(&(ExceptionKind::LikelyDuplicate, vec![first, again])), "{repeats:?}");
}

#[test]
fn a_voided_slip_is_no_repeat_but_a_void_on_another_day_is_shown() {
    let mut district = District::new();
    let first = district.slip(1, 0, 10_000, 3_000);
    let second = district.slip(1, 30, 10_000, 3_000);
    let target_hash = district.entries.last().unwrap().hash;
    let void = |target| Void {
        target,
        target_hash,
        grower: grower(),
        reason: "重复".into(),
        replacement: None,
    };
    let mut same_day = District { entries: district.entries.clone(), ..District::default() };
    same_day.write(1, 60, void(second).into());
    assert_eq!(same_day.kinds(), []);
    let late = district.write(1, 86_400, void(second).into());
    let by_office = district.entries.last_mut().unwrap();
    by_office.role = DeviceRole::VillageOffice;
    by_office.entry.envelope.operator = OperatorNo::new(7);
    assert_eq!(district.kinds(), [(ExceptionKind::LateVoid, vec![second, late])]);
    assert_ne!(first, second);
}

#[test]
fn what_lies_beyond_a_contract_and_beyond_the_land_is_found_after_the_merge() {
    let mut district = District::new();
    let terms = district.write(1, 0, signed(1, 80_000));
    let on = Some(contract());
    let one = district.write(1, 10, slip(60_000, 3_500, PriceReason::Floor, on));
    // Neither phone alone exceeds 88 kg.
    let joint = district.write(2, 900, slip(30_000, 3_500, PriceReason::Floor, on));
    assert_eq!(district.kinds(), [(ExceptionKind::ContractExceeded, vec![terms, one, joint])]);
    let amended = district.write(1, 1_000, signed(2, 100_000));
    assert_eq!(district.kinds(), []);
    // 0.1 mu at 1,000 kg a mu bears 100 kg.
    let more = district.write(1, 1_800, slip(15_000, 3_500, PriceReason::Floor, on));
    assert_eq!(district.kinds(), [(ExceptionKind::BeyondYield, vec![one, amended, more, joint])]);
    assert_eq!(
        district.found()[0].measure,
        Some(Measure { found: 105_000, expected: Some(100_000) })
    );
}

#[test]
fn a_slip_on_a_contract_that_nobody_signed_is_unsound() {
    let mut district = District::new();
    let on = Some(contract());
    let early = district.write(1, 10, slip(6_000, 3_000, PriceReason::List, on));
    let found = district.found();
    assert_eq!(found[0].kind, ExceptionKind::UnsoundContract);
    assert_eq!(
        (&found[0].evidence, &found[0].rules),
        (&vec![early], &vec![Rule::CONTRACT_UNKNOWN])
    );
    district.write(1, 20, signed(1, 100_000));
    assert_eq!(district.kinds(), []);
}

#[test]
fn held_and_newer_and_unregistered_are_shown_with_their_entries() {
    let mut district = District::new();
    let held = district.write(9, 0, slip(6_000, 3_000, PriceReason::List, None));
    let newer = district.write(1, 0, Body::Unknown { kind: 99, version: 1 });
    let newest = district.write(1, 5, Body::Unknown { kind: 99, version: 2 });
    assert_eq!(
        district.kinds(),
        [(ExceptionKind::HeldEntry, vec![held]), (ExceptionKind::NewerKind, vec![newer, newest])]
    );
    assert_eq!(district.found()[0].rules, [Rule::ENTRY_NOT_FOR_THIS_DEVICE]);
    district.unregistered = true;
    assert!(district.kinds().contains(&(ExceptionKind::UnregisteredGrower, vec![held])));
}

#[test]
fn a_run_of_entries_under_a_doubtful_clock_is_one_exception() {
    let mut district = District::new();
    district.slip(1, 0, 10_000, 3_000);
    // The battery was out: the year 2000, and the steward confirmed the date.
    let mut doubtful = Vec::new();
    for weight in [5_000, 7_000] {
        doubtful.push(district.slip(1, 900, weight, 3_000));
        let clock = &mut district.entries.last_mut().unwrap().entry.envelope.clock;
        *clock = Clock { wall_s: 946_684_800 + weight, uptime_s: 60 };
    }
    district.slip(1, 1_800, 20_000, 3_000);
    assert_eq!(district.kinds(), [(ExceptionKind::ClockDoubt, doubtful)]);
}

#[test]
fn every_kind_has_words_an_owner_and_a_way_out() {
    let codes: BTreeSet<&str> = ExceptionKind::ALL.iter().map(|k| k.rule().code).collect();
    assert_eq!(codes.len(), ExceptionKind::ALL.len());
    for kind in ExceptionKind::ALL {
        let rule = kind.rule();
        assert!(rule.code.starts_with("exception."), "{}", rule.code);
        assert!(rule.zh.ends_with(['。', '？']) && rule.en.ends_with(['.', '?']), "{}", rule.code);
        assert!(!kind.acts().is_empty(), "{}", rule.code);
    }
}

#[test]
fn what_was_paid_too_much_and_what_repaid_nothing_is_named_until_it_is_settled() {
    let mut district = District::new();
    let slip = district.slip(1, 0, 10_000, 1_000);
    let pay = |amount: i64, claimed: i64| -> Body {
        let debt = EntryId::new(DeviceNo::default(), 99);
        let repayment = Repayment { debt, claimed: Fen::new(claimed) };
        Payout {
            grower: grower(),
            cash: Fen::new(amount - claimed),
            allocations: vec![Allocation { slip, amount: Fen::new(amount) }],
            rounding: Fen::ZERO,
            repayments: (claimed > 0).then_some(repayment).into_iter().collect(),
            recipient: Default::default(),
        }
        .into()
    };
    let of = |district: &District, kind| {
        let found = district.found();
        found.into_iter().find(|e| e.kind == kind).map(|e| (e.evidence, e.measure.unwrap().found))
    };
    // 10 kg at 1.00 is 10.00 yuan; 2.00 were kept back for a debt that nobody knows.
    let first = district.write(1, 10, pay(1_000, 200));
    let (evidence, kept) = of(&district, ExceptionKind::RepaymentIdle).unwrap();
    assert_eq!((evidence.contains(&first), kept), (true, 200));
    assert_eq!(of(&district, ExceptionKind::Overpaid), None);
    // Paid out after all, and 3.00 more.
    let second = district.write(1, 20, pay(500, 0));
    assert_eq!(of(&district, ExceptionKind::RepaymentIdle), None);
    assert_eq!(of(&district, ExceptionKind::Overpaid), Some((vec![second], 300)));
    let target_hash = district.entries.last().unwrap().hash;
    let word = Confirmation {
        grower: grower(),
        target: second,
        target_hash,
        person: Default::default(),
        means: Means::Paper,
        agrees: true,
    };
    district.write(1, 30, word.into());
    assert_eq!(of(&district, ExceptionKind::Overpaid), None);
    assert_eq!(of(&district, ExceptionKind::RefundDue), Some((vec![second], 300)));
}
