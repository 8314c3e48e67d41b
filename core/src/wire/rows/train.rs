//! Makes `prior.bin` and measures the rows, on real purchases.
//!
//! The rows are those of `pickups.csv`, which lies beside the project and is no part of it; the
//! environment names its folder. Four of its eight villages train, the other four are measured:
//!
//! ```text
//! COURTYARD_DATA=../shared/data cargo test --release -p courtyard-core --lib rows::train -- --ignored --nocapture
//! ```
//!
//! A changed prior changes the protocol: it belongs to a new generation of columns.

use std::collections::HashMap;
use std::path::PathBuf;

use super::cbor::Head;
use super::coder::Bit;
use super::models::Model as _;
use super::*;
use crate::domain::slip::{Line, PriceReason, Segment, Slip, Weighing};
use crate::domain::{
    BusinessDate, Clock, DeviceNo, EntityNo, Entry, Envelope, Fen, Grade, Grams, GrowerId, LiPerKg,
    OperatorNo, ProductNo,
};
use crate::wire::bytes::Writer;

fn thousandths(text: &str) -> i64 {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    whole.parse::<i64>().unwrap() * 1_000 + format!("{part:0<3}").parse::<i64>().unwrap()
}

fn file(name: &str) -> String {
    #[expect(clippy::disallowed_methods, reason = "a command in the form of a test")]
    let folder = std::env::var("COURTYARD_DATA").expect("COURTYARD_DATA names the data's folder");
    std::fs::read_to_string(PathBuf::from(folder).join(name)).unwrap()
}

/// The purchases of each village in order, as a phone there would record them.
fn villages() -> Vec<Vec<Vec<u8>>> {
    let products = file("products.csv");
    let numbers: HashMap<&str, u32> =
        products.lines().skip(1).map(|line| line.split(',').next().unwrap()).zip(1..).collect();
    let mut villages: Vec<Vec<Vec<u8>>> = vec![Vec::new(); 8];
    let mut households: HashMap<String, u32> = HashMap::new();
    for row in file("pickups.csv").lines().skip(1) {
        let f: Vec<&str> = row.split(',').collect();
        let village: u16 = f[2][1..].parse().unwrap();
        let next = u32::try_from(households.len()).unwrap() + 1;
        let household = *households.entry(f[3].to_owned()).or_insert(next);
        let date: BusinessDate = f[0].parse().unwrap();
        let time: Vec<i64> = f[1].split(':').map(|part| part.parse().unwrap()).collect();
        let wall_s =
            i64::from(date.days()) * 86_400 - 8 * 3_600 + time[0] * 3_600 + time[1] * 60 + time[2];
        let (gross, tare) = (Grams::new(thousandths(f[7])), Grams::new(thousandths(f[8])));
        let segment = Segment {
            weight: gross.minus(tare).unwrap(),
            price: LiPerKg::new(thousandths(f[9])),
            reason: PriceReason::Stated,
        };
        let mut line = Line {
            product: ProductNo::new(numbers[f[4]]),
            grade: Grade::new(f[6].as_bytes()[0] - b'A').unwrap(),
            weighings: vec![Weighing { gross, tare }],
            deductions: vec![],
            segments: vec![segment],
            amount: Fen::ZERO,
            contract: None,
            marks: Default::default(),
        };
        line.amount = line.computed_amount().unwrap();
        let entries = &mut villages[usize::from(village) - 1];
        let entry = Entry {
            envelope: Envelope {
                lamport: 300 + u64::try_from(entries.len()).unwrap(),
                date,
                clock: Clock { wall_s, uptime_s: wall_s - 1_593_000_000 },
                entity: EntityNo::new(village),
                operator: OperatorNo::new(0),
                reissue_of: None,
            },
            body: Slip {
                grower: GrowerId::new(DeviceNo::new(village).unwrap(), household),
                lines: vec![line],
                price_list: None,
                visit: Default::default(),
            }
            .into(),
        };
        entries.push(entry.encode());
    }
    villages
}

/// A trial that notes what every adaptive bit turned out to be, under the number that stands in it.
struct Noting<'a, 'n> {
    trying: Trying<'a>,
    notes: &'n mut [Vec<Vec<bool>>],
}

/// Marks a model that holds its number in place of a probability.
const NUMBERED: u8 = u8::MAX;

impl Bits for Noting<'_, '_> {
    fn code(&mut self, bit: bool, _: u16) -> bool {
        bit
    }
    fn bit(&mut self, bit: bool, model: &mut Bit) -> bool {
        if model.seen == NUMBERED {
            self.notes[usize::from(model.one)].last_mut().unwrap().push(bit);
        }
        bit
    }
}

impl side::Side for Noting<'_, '_> {
    fn peek(&self) -> Result<Option<Head>, Unfit> {
        self.trying.peek()
    }
    fn next(&mut self) -> Result<Option<Head>, Unfit> {
        self.trying.next()
    }
    fn content(&mut self, length: usize) -> Result<Option<&[u8]>, Unfit> {
        self.trying.content(length)
    }
    fn put(&mut self, head: Head) -> Result<(), Unfit> {
        self.trying.put(head)
    }
    fn put_content(&mut self, bytes: &[u8]) -> Result<(), Unfit> {
        self.trying.put_content(bytes)
    }
}

/// What these sightings cost in bits, each message's beginning with this probability.
fn cost(messages: &[Vec<bool>], begin: Bit) -> f64 {
    let mut sum = 0.0;
    for bits in messages {
        let mut model = begin;
        for &bit in bits {
            let one = f64::from(model.one) / 65_536.0;
            sum -= if bit { one } else { 1.0 - one }.log2();
            model.learn(bit);
        }
    }
    sum
}

/// The probability that serves these sightings best, if it is worth its room in the file.
fn best(messages: &[Vec<bool>]) -> Bit {
    let mut best = (cost(messages, Bit::default()) - 8.0, Bit::default());
    let sightings: f64 = messages.iter().flatten().map(|_| 1.0).sum();
    let ones: f64 = messages.iter().flatten().filter(|&&bit| bit).map(|_| 1.0).sum();
    for pull in [0.5, 2.0] {
        let one = (ones + pull / 2.0) / (sightings + pull) * 65_536.0;
        for seen in [0, 1, 2, 4, 8, 16, 30, 60] {
            let bit = Bit { one: one.clamp(24.0, 65_511.0) as u16, seen };
            let cost = cost(messages, bit);
            if cost < best.0 {
                best = (cost, bit);
            }
        }
    }
    best.1
}

fn train(messages: &[&[Vec<u8>]]) -> Vec<u8> {
    let mut numbered = prior::with(&[]);
    let mut count = 0_u16;
    numbered.visit(&mut |bit| {
        *bit = Bit { one: count, seen: NUMBERED };
        count += 1;
    });
    let mut notes: Vec<Vec<Vec<bool>>> = vec![Vec::new(); usize::from(count)];
    for message in messages {
        let mut state = numbered.clone();
        notes.iter_mut().for_each(|note| note.push(Vec::new()));
        for entry in *message {
            let trying = Trying { items: Items::new(entry), out: vec![] };
            let mut noting = Noting { trying, notes: &mut notes };
            noting.bit(false, &mut state.as_bytes.0);
            assert!(state.walk(What::Entry, noting).is_ok());
        }
    }
    let mut w = Writer::new();
    let mut left_out = 0_u32;
    for mut note in notes {
        note.retain(|bits| !bits.is_empty());
        let bit = if note.len() < 8 { Bit::default() } else { best(&note) };
        if bit == Bit::default() {
            left_out += 1;
            continue;
        }
        w.number(left_out);
        w.fixed(&bit.one.to_be_bytes());
        w.byte(bit.seen);
        left_out = 0;
    }
    w.finish()
}

#[test]
#[ignore = "makes a file of the protocol from data beside the project"]
fn the_prior_is_what_training_gives() {
    let villages = villages();
    let mut messages: Vec<&[Vec<u8>]> = Vec::new();
    for entries in &villages[..4] {
        messages.extend(entries.chunks_exact(200));
        messages.extend(entries.chunks_exact(20).step_by(7));
        messages.extend(entries.chunks_exact(1).step_by(41));
    }
    let trained = train(&messages);
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/wire/rows/prior.bin");
    let same = std::fs::read(path).unwrap() == trained;
    std::fs::write(path, &trained).unwrap();
    assert!(same, "the prior has changed; {} bytes were written", trained.len());
}

fn rows_of(entries: &[Vec<u8>]) -> Vec<u8> {
    encode(entries.iter().map(Vec::as_slice), std::iter::empty())
}

#[test]
#[ignore = "measures, on data beside the project"]
fn measure() {
    let villages = villages();
    for (number, entries) in (1..).zip(&villages) {
        let batches: Vec<&[Vec<u8>]> = entries.chunks_exact(200).collect();
        let bytes: usize = batches.iter().map(|batch| rows_of(batch).len()).sum();
        let each = bytes as f64 / (batches.len() * 200) as f64;
        let mut lone: Vec<usize> =
            entries.chunks_exact(1).step_by(37).map(|one| rows_of(one).len()).collect();
        lone.sort_unstable();
        eprintln!(
            "V{number}: {each:.3} bytes each in 200, {} alone (median)",
            lone[lone.len() / 2]
        );
    }
    #[expect(clippy::disallowed_methods, reason = "measures")]
    let now = std::time::Instant::now;
    let batches: Vec<&[Vec<u8>]> =
        villages[4..].iter().flat_map(|entries| entries.chunks_exact(200)).collect();
    let start = now();
    let written: Vec<Vec<u8>> = batches.iter().map(|batch| rows_of(batch)).collect();
    let count = u32::try_from(batches.len()).unwrap();
    eprintln!("write 200: {:?}", start.elapsed() / count);
    let mut fastest = std::time::Duration::MAX;
    for _ in 0..20 {
        let start = now();
        for (rows, batch) in written.iter().zip(&batches) {
            let mut r = RowReader::new(rows);
            assert_eq!(r.entries(200).unwrap(), *batch);
            r.end().unwrap();
        }
        fastest = fastest.min(start.elapsed() / count);
    }
    eprintln!("read 200: {fastest:?}");
}
