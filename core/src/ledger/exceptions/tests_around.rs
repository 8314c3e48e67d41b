//! Exceptions of prices in time, weights, what is owed, and what stands around the entries.

use super::tests::{DAWN_S, District, grower, slip};
use super::*;
use crate::domain::price_list::{PriceList, PriceRow};
use crate::domain::roster::{Duty, Member};
use crate::domain::slip::PriceReason;
use crate::domain::{
    DeviceNo, EntityNo, EntryHash, Fen, Grade, Holder, LiPerKg, OperatorNo, ProductNo,
};
use crate::ledger::{CountRecord, State};

fn list(version: u32, price: i64) -> PriceList {
    let (product, grade) = (ProductNo::new(1), Grade::default());
    let row = PriceRow { product, grade, price: LiPerKg::new(price) };
    PriceList { version, from: BusinessDate::at(DAWN_S), rows: vec![row] }
}

#[test]
fn a_list_that_changed_while_the_phone_was_offline_is_honoured_and_listed() {
    let mut district = District::new();
    district.write(9, 0, list(2, 3_200).into());
    let old = district.write(1, 900, slip(10_000, 3_000, PriceReason::List, None));
    let found = district.found();
    assert_eq!(district.kinds(), [(ExceptionKind::ListChanged, vec![old])]);
    assert_eq!(found[0].measure, Some(Measure { found: 200, expected: Some(0) }));
}

#[test]
fn a_line_ten_times_the_usual_weight_stands_out_once_enough_is_known() {
    let mut district = District::new();
    for n in 0..19 {
        district.slip(1, n * 900, 10_000 + n * 1_000, 3_000);
    }
    let heavy = district.slip(2, 50_000, 200_000, 3_000);
    assert_eq!(district.kinds(), [(ExceptionKind::WeightOutlier, vec![heavy])]);
    let mut few = District::new();
    few.slip(1, 0, 10_000, 3_000);
    few.slip(1, 900, 200_000, 3_000);
    assert_eq!(few.kinds(), []);
}

#[test]
fn what_is_unpaid_beyond_the_districts_days_is_overdue() {
    let mut district = District::new();
    let unpaid = district.slip(1, 0, 10_000, 3_000);
    let pending = district.write(1, 900, slip(30_000, 3_000, PriceReason::Pending, None));
    let day = |days: i32| BusinessDate::from_days(BusinessDate::at(DAWN_S).days() + days);
    district.today = day(30);
    assert_eq!(district.kinds(), []);
    district.today = day(31);
    assert_eq!(
        district.kinds(),
        [
            (ExceptionKind::OverduePayable, vec![unpaid]),
            (ExceptionKind::PriceUnfixed, vec![pending])
        ]
    );
    assert_eq!(district.found()[0].measure, Some(Measure { found: 31, expected: Some(30) }));
}

#[test]
fn a_purchase_from_ones_own_household_is_in_the_reviewers_list() {
    let mut district = District::new();
    let own = district.slip(1, 0, 10_000, 3_000);
    district.slip(2, 900, 30_000, 3_000);
    let member = Member {
        number: OperatorNo::new(7),
        name: "王".into(),
        village: Some(VillageNo::new(1)),
        duty: Duty::Steward,
        active: true,
        household: Some(grower()),
        device: DeviceNo::new(1),
    };
    district.write(9, 0, member.into());
    assert_eq!(district.kinds(), [(ExceptionKind::OwnHousehold, vec![own])]);
    assert_eq!(ExceptionKind::OwnHousehold.owner(), Owner::Reviewer);
}

#[test]
fn what_stands_around_the_entries_is_shown_with_its_subject() {
    let device = DeviceNo::new(1).unwrap();
    let village = Some(VillageNo::new(1));
    let key = "grower/H-001-1/phone".to_owned();
    let mut district = District::new();
    district.around = Around {
        silent: Box::leak(Box::new([(device, village, 12)])),
        missing: Box::leak(Box::new([(device, village, 4, 6)])),
        forks: Box::leak(Box::new([(EntryId::new(device, 3), village)])),
        conflicts: Box::leak(Box::new([(VillageNo::new(1), Some(grower()), key.clone())])),
        candidates: Box::leak(Box::new([(grower(), GrowerId::new(device, 2), village)])),
        words: Box::leak(Box::new([WordWaiting {
            kind: ExceptionKind::OpenObjection,
            word: EntryId::new(device, 9),
            target: EntryId::new(device, 3),
            grower: Some(grower()),
            village,
            since: Some(BusinessDate::at(DAWN_S)),
        }])),
        ..Around::default()
    };
    let found = district.found();
    let shown: Vec<(ExceptionKind, &str)> =
        found.iter().map(|e| (e.kind, e.subject.as_deref().unwrap_or_default())).collect();
    assert_eq!(
        shown,
        [
            (ExceptionKind::SequenceMissing, "001"),
            (ExceptionKind::Fork, "001"),
            (ExceptionKind::PhoneSilent, "001"),
            (ExceptionKind::RegisterConflict, key.as_str()),
            (ExceptionKind::LikelySameGrower, "H-000-1 H-001-2"),
            (ExceptionKind::OpenObjection, "001-000009"),
        ]
    );
    assert_eq!(found[0].measure, Some(Measure { found: 3, expected: Some(0) }));
    assert_eq!(found[2].measure, Some(Measure { found: 12, expected: Some(7) }));
}

#[test]
fn a_count_that_differs_and_money_that_was_advanced_wait_for_the_office() {
    let device = DeviceNo::new(1).unwrap();
    let (entity, holder) = (EntityNo::new(1), Holder::Person(OperatorNo::new(7)));
    let count = |sequence, counted, settled| CountRecord {
        id: EntryId::new(device, sequence),
        hash: EntryHash::of(b"count"),
        entity,
        village: Some(VillageNo::new(1)),
        date: "2020-07-01".parse().unwrap(),
        holder,
        by: holder,
        counted: Fen::new(counted),
        expected: Fen::new(5_000),
        state: State::Counted,
        settled,
    };
    let settled = Some((EntryId::new(device, 9), "2020-07-02".parse().unwrap()));
    let till = |entity, balance| Till {
        entity: EntityNo::new(entity),
        holder,
        village: Some(VillageNo::new(1)),
        balance: Fen::new(balance),
        last: EntryId::new(device, 8),
    };
    let mut district = District::new();
    district.around = Around {
        counts: Box::leak(Box::new([
            count(1, 4_850, None),
            count(2, 5_000, None),
            count(3, 4_000, settled),
        ])),
        tills: Box::leak(Box::new([till(1, 4_850), till(2, -3_000), till(3, 0)])),
        ..Around::default()
    };
    let found = district.found();
    let shown: Vec<_> = found.iter().map(|e| (e.kind, e.subject.as_deref().unwrap())).collect();
    assert_eq!(
        shown,
        [(ExceptionKind::FloatDifference, "P7 1"), (ExceptionKind::StewardAdvanced, "P7 2")]
    );
    assert_eq!(found[0].evidence, [EntryId::new(device, 1)]);
    assert_eq!(found[0].measure, Some(Measure { found: 4_850, expected: Some(5_000) }));
    assert_eq!(found[1].measure, Some(Measure { found: -3_000, expected: Some(0) }));
}
