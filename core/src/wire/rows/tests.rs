//! Rows give back exactly the bytes that went in, whatever they were.

use proptest::prelude::*;

use super::*;
use crate::document::{Head, Value};
use crate::domain::contract::{Beyond, ContractVersion};
use crate::domain::device::{DeviceCertificate, DeviceRole};
use crate::domain::entry::Origin;
use crate::domain::note::Note;
use crate::domain::payout::{Allocation, Payout};
use crate::domain::price_list::{PriceList, PriceRow};
use crate::domain::product::{Product, Products};
use crate::domain::rules::{Entity, Rules};
use crate::domain::slip::{Deduction, DeductionAmount, Line, PriceReason, Segment, Slip, Weighing};
use crate::domain::village::Village;
use crate::domain::void::Void;
use crate::domain::{
    Area, BasisPoints, Body, BusinessDate, Clock, ContractId, DeviceNo, EntityNo, Entry, EntryHash,
    EntryId, Envelope, Fen, Grade, Grams, GrowerId, LiPerKg, OperatorNo, ProductNo, VillageNo,
};

fn rows_of(entries: &[Vec<u8>]) -> Vec<u8> {
    encode(entries.iter().map(Vec::as_slice), std::iter::empty())
}

fn read(rows: &[u8], count: usize) -> Result<Vec<Vec<u8>>, WireError> {
    let mut r = RowReader::new(rows);
    let entries = r.entries(count)?;
    r.end()?;
    Ok(entries)
}

fn fits(entry: &[u8]) -> bool {
    let trying = Trying { items: Items::new(entry), out: Vec::new() };
    State::begin()
        .walk(What::Entry, trying)
        .is_ok_and(|tried| tried.items.is_at_end() && tried.out == entry)
}

prop_compose! {
    fn device()(number in 0_u16..=32_767) -> DeviceNo { DeviceNo::new(number).unwrap() }
}
prop_compose! {
    fn grower()(device in device(), counter in prop_oneof![0..40_u32, any::<u32>()]) -> GrowerId {
        GrowerId::new(device, counter)
    }
}
prop_compose! {
    fn entry_id()(device in device(), sequence in any::<u32>()) -> EntryId {
        EntryId::new(device, sequence)
    }
}
prop_compose! {
    fn line()(
        product in 0..300_u32,
        grade in 0..26_u8,
        weighings in prop::collection::vec((0..99_999_i64, prop_oneof![Just(1_500), any::<i64>()]), 0..3),
        deductions in prop::collection::vec((any::<bool>(), 0..900_i64, "[水土叶a]{0,3}"), 0..3),
        segments in prop::collection::vec((any::<i64>(), 0..99_999_i64, 0..4_u8, any::<bool>()), 0..3),
        amount in any::<i64>(),
        exact in any::<bool>(),
        contract in prop::option::of(grower()),
    ) -> Line {
        let reasons = [PriceReason::List, PriceReason::Floor, PriceReason::Excess, PriceReason::Stated];
        let mut line = Line {
            product: ProductNo::new(product),
            grade: Grade::new(grade).unwrap(),
            weighings: weighings
                .into_iter()
                .map(|(gross, tare)| Weighing { gross: Grams::new(gross), tare: Grams::new(tare) })
                .collect(),
            deductions: deductions
                .into_iter()
                .map(|(share, amount, reason)| Deduction {
                    amount: if share {
                        DeductionAmount::Share(BasisPoints::new(amount))
                    } else {
                        DeductionAmount::Weight(Grams::new(amount))
                    },
                    reason,
                })
                .collect(),
            segments: vec![],
            amount: Fen::new(amount),
            contract: contract.map(|id| ContractId::new(id.device, id.counter)), marks: Default::default() };
        for (weight, price, reason, settles) in segments {
            let weight = match (settles, line.settlement()) {
                (true, Ok(settlement)) => settlement,
                _ => Grams::new(weight),
            };
            let reason = reasons[usize::from(reason)];
            line.segments.push(Segment { weight, price: LiPerKg::new(price), reason });
        }
        if exact {
            line.amount = line.computed_amount().unwrap_or(line.amount);
        }
        line
    }
}

fn county_body() -> impl Strategy<Value = Body> {
    let product =
        (any::<u32>(), "[0-9]{0,15}", "[一-龥]{0,6}", any::<bool>(), any::<Option<i64>>())
            .prop_map(|(number, code, name, grain_or_oil, grams)| Product {
                number: ProductNo::new(number),
                code,
                category: name.chars().take(2).collect(),
                name,
                grades: 3,
                grain_or_oil,
                usual_yield_per_mu: grams.map(Grams::new),
            });
    let row = (0..50_u32, 0..26_u8, any::<i64>()).prop_map(|(product, grade, price)| PriceRow {
        product: ProductNo::new(product),
        grade: Grade::new(grade).unwrap(),
        price: LiPerKg::new(price),
    });
    prop_oneof![
        prop::collection::vec(product, 0..5).prop_map(|items| Products { items }.into()),
        (any::<u32>(), -9_000..9_000_i32, prop::collection::vec(row, 0..60)).prop_map(
            |(version, from, rows)| {
                PriceList { version, from: BusinessDate::from_days(from).unwrap(), rows }.into()
            }
        ),
        (any::<u32>(), any::<i64>()).prop_map(|(window, capacity)| {
            Rules {
                entities: vec![Entity { number: EntityNo::new(3), name: "合作社".into() }],
                scale_capacity: Grams::new(capacity),
                repeat_window_s: window,
                ..Rules::default()
            }
            .into()
        }),
        (any::<u16>(), "[一-龥]{0,6}").prop_map(|(number, name)| {
            Village { number: VillageNo::new(number), name, entity: EntityNo::new(number) }.into()
        }),
        (device(), any::<[u8; 32]>(), any::<[u8; 32]>(), any::<Option<u16>>()).prop_map(
            |(device, public_key, half, village)| {
                DeviceCertificate {
                    device,
                    public_key,
                    role: DeviceRole::VillageOffice,
                    village: village.map(VillageNo::new),
                    signature: std::array::from_fn(|place| half[place / 2]),
                }
                .into()
            }
        ),
    ]
}

fn body() -> impl Strategy<Value = Body> {
    let slip = (grower(), prop::collection::vec(line(), 0..3), any::<Option<u32>>()).prop_map(
        |(grower, lines, price_list)| {
            Slip { grower, lines, price_list, visit: Default::default() }.into()
        },
    );
    let payout = (
        grower(),
        any::<i64>(),
        any::<i64>(),
        prop::collection::vec((entry_id(), any::<i64>()), 0..3),
    )
        .prop_map(|(grower, cash, rounding, slips)| {
            Payout {
                grower,
                cash: Fen::new(cash),
                allocations: slips
                    .into_iter()
                    .map(|(slip, amount)| Allocation { slip, amount: Fen::new(amount) })
                    .collect(),
                rounding: Fen::new(rounding),
                repayments: Vec::new(),
                recipient: Default::default(),
            }
            .into()
        });
    let void = (entry_id(), any::<[u8; 32]>(), grower(), ".{0,9}", prop::option::of(entry_id()))
        .prop_map(|(target, hash, grower, reason, replacement)| {
            let target_hash = EntryHash(hash);
            Void { target, target_hash, grower, reason, replacement }.into()
        });
    let contract = (grower(), grower(), any::<u32>(), any::<i64>(), any::<bool>()).prop_map(
        |(contract, grower, version, quantity, list)| {
            ContractVersion {
                contract: ContractId::new(contract.device, contract.counter),
                version,
                grower,
                product: ProductNo::new(version),
                area: Area::new(300),
                quantity: Grams::new(quantity),
                floor: LiPerKg::new(quantity.wrapping_neg()),
                from: BusinessDate::from_days(20_000).unwrap(),
                to: BusinessDate::from_days(20_100).unwrap(),
                tolerance: BasisPoints::new(1_000),
                beyond: if list { Beyond::ListPrice } else { Beyond::ContractPrice },
                agreed: Default::default(),
            }
            .into()
        },
    );
    let note = (prop::option::of(entry_id()), ".{0,20}")
        .prop_map(|(about, text)| Note { about, text }.into());
    prop_oneof![4 => slip, 1 => payout, 1 => void, 1 => contract, 1 => note, 2 => county_body()]
}

prop_compose! {
    fn entry()(
        lamport in prop_oneof![0..1_000_u64, 0..=u64::MAX / 2],
        date in 18_000..21_000_i32,
        wall_s in prop_oneof![1_600_000_000..1_600_090_000_i64, any::<i64>()],
        uptime_s in any::<i64>(),
        operator in 0..3_u16,
        origin in prop::option::weighted(0.1, (entry_id(), any::<[u8; 32]>())),
        body in body(),
    ) -> Vec<u8> {
        let envelope = Envelope {
            lamport,
            date: BusinessDate::from_days(date).unwrap(),
            clock: Clock { wall_s, uptime_s },
            entity: EntityNo::new(operator),
            operator: OperatorNo::new(operator),
            reissue_of: origin.map(|(id, hash)| Origin { id, hash: EntryHash(hash) }),
        };
        Entry { envelope, body }.encode()
    }
}

fn edit() -> impl Strategy<Value = (Vec<Head>, Vec<(String, Value)>)> {
    let value = prop_oneof![
        "[一-龥]{0,5}".prop_map(Value::Text),
        any::<i64>().prop_map(Value::Int),
        any::<bool>().prop_map(Value::Bool),
        any::<Vec<u8>>().prop_map(Value::Bytes),
        Just(Value::Null),
    ];
    (
        prop::collection::vec(any::<[u8; 32]>().prop_map(Head), 0..3),
        prop::collection::vec(("grower/H-[A-C]{3}-[0-9]{1,2}/(name/1|phone)", value), 0..4),
    )
}

proptest! {
    #[test]
    fn entries_of_every_kind_fit_their_columns_and_read_back(
        entries in prop::collection::vec(entry(), 1..12),
    ) {
        for entry in &entries {
            prop_assert!(fits(entry), "{:?}", Entry::decode(entry));
        }
        prop_assert_eq!(read(&rows_of(&entries), entries.len()), Ok(entries));
    }

    #[test]
    fn any_bytes_at_all_read_back(
        strange in prop::collection::vec(any::<Vec<u8>>(), 0..4),
        known in prop::collection::vec(entry(), 1..3),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut entries = strange;
        for entry in known {
            entries.push(entry[..cut.index(entry.len())].to_vec());
            entries.push(entry);
        }
        prop_assert_eq!(read(&rows_of(&entries), entries.len()), Ok(entries));
    }

    #[test]
    fn edits_read_back_after_entries(
        entries in prop::collection::vec(entry(), 0..3),
        edits in prop::collection::vec(edit(), 0..5),
        first in 1..50_u32,
        device in device(),
    ) {
        let edits: Vec<Edit> = (first..)
            .zip(edits)
            .map(|(number, (deps, assignments))| Edit { device, number, deps, assignments })
            .collect();
        let rows = encode(entries.iter().map(Vec::as_slice), edits.iter());
        let mut r = RowReader::new(&rows);
        prop_assert_eq!(r.entries(entries.len()), Ok(entries));
        prop_assert_eq!(r.edits(device, first, edits.len()), Ok(edits));
        prop_assert_eq!(r.end(), Ok(()));
    }

    #[test]
    fn strange_rows_are_read_or_refused_without_a_panic(
        bytes: Vec<u8>,
        entries in prop::collection::vec(entry(), 1..4),
        place in any::<prop::sample::Index>(),
        flip in 1..=255_u8,
        count in 0..9_usize,
    ) {
        let rows = rows_of(&entries);
        let mut flipped = rows.clone();
        flipped[place.index(rows.len())] ^= flip;
        let cuts = (0..rows.len()).map(|cut| (&rows[..cut], entries.len()));
        for (rows, count) in cuts.chain([(&bytes[..], count), (&flipped[..], entries.len())]) {
            if let Ok(read) = read(rows, count) {
                prop_assert_eq!(read.len(), count);
                prop_assert!(read.concat().len() <= limits::INFLATED_BYTES.len());
            }
        }
    }
}

/// A slip of one line, as most are.
fn slip(sequence: u32) -> Entry {
    let mut line = Line {
        product: ProductNo::new(17),
        grade: Grade::default(),
        weighings: vec![Weighing { gross: Grams::new(12_852), tare: Grams::new(1_500) }],
        deductions: vec![],
        segments: vec![Segment {
            weight: Grams::new(11_352),
            price: LiPerKg::new(3_190),
            reason: PriceReason::Stated,
        }],
        amount: Fen::ZERO,
        contract: None,
        marks: Default::default(),
    };
    line.amount = line.computed_amount().unwrap();
    let wall_s = 1_593_553_830 + i64::from(sequence) * 60;
    Entry {
        envelope: Envelope {
            lamport: u64::from(sequence),
            date: BusinessDate::at(wall_s),
            clock: Clock { wall_s, uptime_s: wall_s - 1_593_000_000 },
            entity: EntityNo::new(4),
            operator: OperatorNo::new(0),
            reissue_of: None,
        },
        body: Slip {
            grower: GrowerId::new(DeviceNo::new(2).unwrap(), 31),
            lines: vec![line],
            price_list: None,
            visit: Default::default(),
        }
        .into(),
    }
}

#[test]
fn two_hundred_like_slips_take_less_than_three_bytes_each() {
    let entries: Vec<Vec<u8>> = (1..=200).map(|sequence| slip(sequence).encode()).collect();
    assert!(rows_of(&entries).len() < 600, "{}", rows_of(&entries).len());
}

#[test]
fn what_a_newer_build_writes_travels_as_its_bytes() {
    let known = slip(1).encode();
    // An unknown kind, a newer version, a field more in the body, a longer spelling of a number.
    let mut kind = known.clone();
    assert_eq!(kind[1], 16);
    kind[1] = 23;
    let mut version = known.clone();
    version[2] = 2;
    let mut longer = known.clone();
    longer[0] = 0x8B;
    longer.extend([0xF6, 0x01]);
    let mut spelling = known.clone();
    spelling.splice(1..2, [0x18, 16]);
    for entry in [kind, version, longer, spelling] {
        assert!(!fits(&entry), "{}", hex::encode(&entry));
        let entries = vec![known.clone(), entry, known.clone()];
        assert_eq!(read(&rows_of(&entries), 3), Ok(entries));
    }
}

#[test]
fn a_few_bytes_that_unfold_without_end_stop_at_the_limit() {
    let mut entry = slip(1);
    entry.body = Note { about: None, text: "水".repeat(limits::STRING_BYTES.len() / 3) }.into();
    let entries = vec![entry.encode(); 200];
    let rows = rows_of(&entries);
    assert!(rows.len() < 2_000, "{}", rows.len());
    assert_eq!(
        read(&rows, 200).unwrap_err().door(),
        crate::wire::Door::OverLimit,
        "{} bytes",
        entries.concat().len()
    );
    let fitting = limits::INFLATED_BYTES.len() / entries[0].len();
    let rows = rows_of(&entries[..fitting]);
    assert_eq!(read(&rows, fitting).unwrap().len(), fitting);
    let rows = rows_of(&entries[..=fitting]);
    assert!(read(&rows, fitting + 1).is_err());
}

#[test]
fn an_entry_longer_than_its_limit_is_not_read() {
    let longest = vec![vec![0xFF; limits::ENTRY_BYTES.len()]];
    assert_eq!(read(&rows_of(&longest), 1), Ok(longest));
    let longer = vec![vec![0xFF; limits::ENTRY_BYTES.len() + 1]];
    assert!(matches!(
        read(&rows_of(&longer), 1),
        Err(WireError::OverLimit { limit, .. }) if *limit == limits::ENTRY_BYTES
    ));
}
