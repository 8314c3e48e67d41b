//! Automerge as the oracle of the direct encoder: the same raw bytes and the same heads, at every
//! position, for many lengths, for real purchases; and golden heads, so that neither can drift.

use std::path::Path;

use automerge::{Automerge, ObjId, ReadDoc as _};
use proptest::prelude::*;

use super::encode::ChangeWriter;
use super::export::{append_in_automerge, open_in_automerge};
use super::*;
use crate::document::keys::PublicKey;
use crate::domain::DeviceNo;

fn district() -> DistrictId {
    DistrictId::of(&PublicKey([1; 32]))
}

fn actor() -> Actor {
    Actor::of(&PublicKey([2; 32]))
}

fn book(number: u32) -> BookId {
    BookId::new("A7K".parse().unwrap(), number).unwrap()
}

fn automerge_head(doc: &Automerge) -> Head {
    let heads = doc.get_heads();
    assert_eq!(heads.len(), 1);
    Head(heads[0].0)
}

/// Writes one entry in both, and compares the bytes of the change.
fn write_in_both(
    doc: &mut Automerge,
    list: &ObjId,
    tip: BookTip,
    actor: &Actor,
    entry: &[u8],
) -> BookTip {
    append_in_automerge(doc, list, tip.count as usize, entry).unwrap();
    let mut writer = ChangeWriter::new(actor);
    writer.entry(tip.count, &tip.head, entry);
    let change = doc.get_last_local_change().unwrap();
    assert_eq!(writer.chunk(), change.raw_bytes(), "position {}, {} bytes", tip.count, entry.len());
    let next = append(&tip, actor, entry).unwrap();
    assert_eq!(next.head, automerge_head(doc));
    next
}

/// Writes a whole book in both.
fn compare(actor: &Actor, book: BookId, previous: Option<Head>, entries: &[Vec<u8>]) -> BookTip {
    let header = header(&district(), book, previous);
    let (mut doc, list) = open_in_automerge(actor, &header).unwrap();
    let mut writer = ChangeWriter::new(actor);
    let head = writer.opening(&header);
    assert_eq!(writer.chunk(), doc.get_last_local_change().unwrap().raw_bytes());
    let mut tip = open_book(&district(), actor, book, previous);
    assert_eq!((tip.head, tip.count), (head, 0));
    for entry in entries {
        tip = write_in_both(&mut doc, &list, tip, actor, entry);
    }
    let at_once =
        extend(&district(), actor, book, previous, None, entries.iter().map(Vec::as_slice));
    assert_eq!(at_once, Ok(tip));
    tip
}

/// Bytes that look like nothing in particular, the same each time.
fn noise(length: usize, seed: usize) -> Vec<u8> {
    (0..length).map(|i| (i.wrapping_mul(31) ^ seed.wrapping_mul(131) ^ (i >> 7)) as u8).collect()
}

#[test]
fn every_position_of_a_book_equals_automerge() {
    let entries: Vec<_> = (0..200).map(|i| noise(30 + i % 17, i)).collect();
    let first = compare(&actor(), book(0), None, &entries);
    assert_eq!(first.count, BOOK_ENTRIES);
    let second = compare(&actor(), book(1), Some(first.head), &entries);
    assert_ne!(first.head, second.head, "equal entries in two books");
}

#[test]
fn every_length_of_an_entry_equals_automerge() {
    let edges = [
        0, 1, 2, 7, 8, 23, 24, 62, 63, 64, 65, 127, 128, 129, 255, 256, 257, 1023, 1024, 2047,
        2048, 4095, 4096, 8191, 8192, 16_383, 16_384, 16_385, 32_767, 32_768, 65_535, 65_536,
        70_000,
    ];
    let mut lengths: Vec<usize> = (0..400).collect();
    lengths.extend((16_250..16_400).step_by(3));
    lengths.extend((400..70_000).step_by(4_657));
    lengths.extend(edges);
    for lengths in lengths.chunks(200) {
        let entries: Vec<_> = lengths.iter().map(|&length| noise(length, length)).collect();
        compare(&actor(), book(0), None, &entries);
    }
    // The edges again where positions take two bytes.
    let mut entries = vec![vec![1]; 140];
    entries.extend(edges.map(|length| noise(length, length)));
    compare(&actor(), book(3), Some(Head([9; 32])), &entries);
}

#[test]
fn a_header_of_any_book_equals_automerge() {
    for number in [0, 1, 23, 24, 255, 256, 65_535, 65_536, BookId::MAX_NUMBER] {
        for device in [0, 1, 24, 256, DeviceNo::MAX.get()] {
            let book = BookId::new(DeviceNo::new(device).unwrap(), number).unwrap();
            for previous in [None, Some(Head([0xFF; 32]))] {
                compare(&actor(), book, previous, &[vec![1], vec![2]]);
            }
        }
    }
}

#[test]
fn real_purchases_equal_automerge() {
    let entries = purchases();
    assert!(entries.len() >= 2_000, "only {} purchases were read", entries.len());
    let mut previous = None;
    for (number, entries) in entries.chunks(200).enumerate() {
        let book = book(u32::try_from(number).unwrap());
        // All 195 books are equal; every eighth keeps this test short.
        let tip = if number % 8 == 0 {
            compare(&actor(), book, previous, entries)
        } else {
            let entries = entries.iter().map(Vec::as_slice);
            extend(&district(), &actor(), book, previous, None, entries).unwrap()
        };
        previous = (tip.count == BOOK_ENTRIES).then_some(tip.head);
    }
}

/// The shared purchases as slips, or, where they are not at hand, as many made up.
fn purchases() -> Vec<Vec<u8>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/pickups.csv");
    let text = std::fs::read_to_string(path).unwrap_or_else(|_| {
        eprintln!("shared/data/pickups.csv is not at hand: 2,000 rows are made up instead");
        (0..=2_000_u32)
            .map(|i| {
                let (kg, g) = (2 + i * 7_919 % 30, i * 104_729 % 1_000);
                let (village, price) = (1 + i % 8, 1 + i % 9);
                format!("2020-07-01,06:03:50,V{village},V{village}-01,10,x,A,{kg}.{g:03},1.500,{price}.19\n")
            })
            .collect()
    });
    text.lines().skip(1).enumerate().filter_map(|(i, row)| purchase(i, row)).collect()
}

fn purchase(row: usize, text: &str) -> Option<Vec<u8>> {
    use crate::domain::slip::{Line, PriceReason, Segment, Slip, Weighing};
    use crate::domain::*;
    let cells: Vec<&str> = text.split(',').collect();
    let thousandths = |cell: &str| -> Option<i64> {
        let (whole, part) = cell.split_once('.').unwrap_or((cell, ""));
        format!("{whole}{part:0<3}").parse().ok()
    };
    let [_, _, village, household, code, .., gross, tare, price] = cells[..] else { return None };
    let village: u16 = village.strip_prefix('V')?.parse().ok()?;
    let counter: u32 = household.rsplit('-').next()?.parse().ok()?;
    let (gross, tare) = (Grams::new(thousandths(gross)?), Grams::new(thousandths(tare)?));
    let price = LiPerKg::new(thousandths(price)?);
    let weighing = Weighing { gross, tare };
    let segment = Segment { weight: weighing.net().ok()?, price, reason: PriceReason::List };
    let mut line = Line {
        product: ProductNo::new((code.parse::<u64>().ok()? % 1_000) as u32),
        grade: Grade::new(u8::from(text.contains(",B,")))?,
        weighings: vec![weighing],
        deductions: Vec::new(),
        segments: vec![segment],
        amount: Fen::ZERO,
        contract: None,
        marks: Default::default(),
    };
    line.amount = line.computed_amount().ok()?;
    let grower = GrowerId::new(DeviceNo::new(village)?, counter);
    let envelope = Envelope {
        lamport: row as u64 + 1,
        date: BusinessDate::from_days(18_444 + (row / 60) as i32)?,
        clock: Clock { wall_s: 1_593_554_630 + row as i64 * 60, uptime_s: row as i64 * 60 },
        entity: EntityNo::new(0),
        operator: OperatorNo::new(0),
        reissue_of: None,
    };
    let slip = Slip {
        grower,
        lines: vec![line],
        price_list: Some((row / 60) as u32),
        visit: Default::default(),
    };
    Some(Entry { envelope, body: slip.into() }.encode())
}

#[test]
fn the_heads_of_a_known_book_never_change() {
    let entry = |i: u32| minicbor::to_vec((16, 1, i)).unwrap();
    let mut tip = open_book(&district(), &actor(), book(0), None);
    let mut heads = vec![(0, tip.head.to_string())];
    for i in 0..BOOK_ENTRIES {
        tip = append(&tip, &actor(), &entry(i)).unwrap();
        if [1, 2, 63, 64, 127, 128, 200].contains(&tip.count) {
            heads.push((tip.count, tip.head.to_string()));
        }
    }
    heads.push((0, open_book(&district(), &actor(), book(1), Some(tip.head)).head.to_string()));
    assert_eq!(heads, GOLDEN.map(|(count, head)| (count, head.to_owned())));
}

/// Entries so far, head; the last is the next book's opening.
const GOLDEN: [(u32, &str); 9] = [
    (0, "f834b0340e2be05aa8f359389a285984c62d00f7fa85ed25414426ffc9d6a552"),
    (1, "f5c032d5a9c572a60cad4f87426d7b75aa47954ce62987c3a09e7d5750560900"),
    (2, "262dce59566311ab8dbeb71fbfad9ef82f0158b2ee70f130cff0d5edbf8de78e"),
    (63, "fcc1868ebe4b510d8fbab29579d5a12fee7fb596f2683200facdbea01623ec9a"),
    (64, "2d5137d551b0f79d0d7dfaebb611c5a709944ae67d5f81d7b8acd522e74f51aa"),
    (127, "944881898340a3acba3a0837b082f0a818af1fb3c26b6bebbed756830f8e81c4"),
    (128, "036b10628171803eb4c05587ec266d8c959b02977dbd4efdf3d152c5f446507e"),
    (200, "469e43d761394ed654b9b26fa635b665bddcb80d8230962d3dd2cf692cbf16ac"),
    (0, "2defad9119c651ba572a46cff168e76279c565e127bc3f9e4028ae2eb807a2c1"),
];

#[test]
fn a_full_book_takes_no_more_and_stays_as_it_was() {
    let entries = vec![vec![1_u8]; 201];
    let fill = |n: usize| {
        extend(
            &district(),
            &actor(),
            book(0),
            None,
            None,
            entries.iter().take(n).map(Vec::as_slice),
        )
    };
    let full = fill(200).unwrap();
    assert_eq!(append(&full, &actor(), &[1]), Err(BookError::Full));
    assert_eq!(fill(201), Err(BookError::Full));
}

#[test]
fn a_book_given_out_loads_in_automerge_with_its_entries() {
    let entries: Vec<_> = (0..200).map(|i| noise(34, i)).collect();
    let entries: Vec<&[u8]> = entries.iter().map(Vec::as_slice).collect();
    let previous = Some(Head([5; 32]));
    let bytes = book_to_automerge(&district(), &actor(), book(4), previous, &entries).unwrap();
    let doc = Automerge::load(&bytes).unwrap();
    let ours =
        extend(&district(), &actor(), book(4), previous, None, entries.iter().copied()).unwrap();
    assert_eq!(automerge_head(&doc), ours.head);
    let (_, list) = doc.get(automerge::ROOT, "entries").unwrap().unwrap();
    assert_eq!(doc.length(&list), 200);
    for (i, entry) in entries.iter().enumerate() {
        let (value, _) = doc.get(&list, i).unwrap().unwrap();
        assert_eq!(value.as_bytes(), Some(*entry));
    }
    let (header, _) = doc.get(automerge::ROOT, "header").unwrap().unwrap();
    let bytes = header.as_bytes().unwrap();
    let device: DeviceNo = "A7K".parse().unwrap();
    let fields: (u8, DistrictId, DeviceNo, u32, u32, Option<Head>) =
        minicbor::decode(bytes).unwrap();
    assert_eq!(fields, (1, district(), device, 4, 801, previous));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn any_entries_of_any_writer_equal_automerge(
        actor: [u8; 16],
        number in 0..=BookId::MAX_NUMBER,
        previous: Option<[u8; 32]>,
        entries in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..300), 0..=24),
    ) {
        compare(&Actor(actor), book(number), previous.map(Head), &entries);
    }
}
