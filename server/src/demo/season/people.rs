//! Who works in the seeded season, with how much cash, and what households are given ahead of it.

use courtyard_core::domain::{BasisPoints, BusinessDate, Fen, Grams};

use super::{VILLAGES, day};
use crate::demo::plan::{Deed, Loan, Person, Purchase};

/// A name for each phone, in the order of the villages; further phones count on from the first.
const STEWARDS: [&str; 16] = [
    "何秀梅",
    "罗志平",
    "梁春燕",
    "宋国强",
    "郑玉兰",
    "谢建国",
    "韩桂芳",
    "唐明辉",
    "冯丽华",
    "于德海",
    "董小红",
    "萧立新",
    "程凤英",
    "曹文军",
    "袁爱珍",
    "邓长青",
];
/// A bag of compound fertiliser.
const BAG: Fen = Fen::new(8_500);
/// What is paid ahead.
const AHEAD: Fen = Fen::new(12_000);

/// The phone that finds no signal until its village has closed October.
pub(super) const LOST: (usize, usize) = (2, 0);
/// Since this day.
pub(super) const LOST_SINCE: &str = "2026-10-20";

/// A steward for each phone. The first buys from her own household too, and some have so little
/// cash that they advance their own.
pub(super) fn stewards(phones_per_village: usize) -> Vec<Person> {
    let all =
        (0..VILLAGES.len()).flat_map(|village| (0..phones_per_village).map(move |p| (village, p)));
    let names = (1..).flat_map(|round: u32| STEWARDS.iter().map(move |name| (round, *name)));
    all.zip(names)
        .map(|((village, phone), (round, name))| Person {
            village,
            phone,
            name: if round == 1 { name.to_owned() } else { format!("{name}{round}") },
            household: (village == 0 && phone == 0).then_some(0),
            float: Fen::new(if village % 3 == 1 { 300_000 } else { 800_000 }),
        })
        .collect()
}

/// What a household is given on the day of its contract; a few do not sign for it.
pub(super) fn ahead(household: usize) -> Vec<Deed> {
    let (due, share) = (day("2026-06-01"), BasisPoints::new(3_000));
    let mut deeds = Vec::new();
    if household.is_multiple_of(4) {
        deeds.push(Deed::Credit(Loan { amount: BAG, bags: 2, due, share }));
        deeds.push(Deed::Confirm);
    }
    if household % 7 == 3 {
        deeds.push(Deed::Advance(Loan { amount: AHEAD, bags: 0, due, share }));
        if household % 21 != 3 {
            deeds.push(Deed::Confirm);
        }
    }
    deeds
}

/// In September some sell at a price that is fixed later; in July some bring what is refused.
pub(super) fn mark(first: &mut Purchase, household: usize, date: BusinessDate) {
    let within = |from, to| (day(from)..=day(to)).contains(&date);
    first.pending = household % 10 == 5 && within("2026-09-01", "2026-09-30");
    let refused = household % 9 == 4 && within("2026-07-01", "2026-07-31");
    first.refused = refused.then_some(Grams::new(2_000));
}
