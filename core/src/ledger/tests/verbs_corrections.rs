//! The verbs of corrections in the tables:
//!
//! ```text
//! return A1.0 2.5 · fix A1.0 10 at 3.19 + 2 at 2 excess · adjust A1 -5.00 approved 8
//! ```
//!
//! `A1.0` is line 0 of slip A1. `differs` at the end names other bytes, `wordless` gives no reason.

use super::table::{entry_id, grower_id, kg, per_kg, yuan};
use crate::domain::adjustment::Adjustment;
use crate::domain::price_fix::PriceFix;
use crate::domain::returned::Return;
use crate::domain::slip::{PriceReason, Segment, amount_of};
use crate::domain::{Body, EntryHash, EntryId, GrowerId, OperatorNo};

/// What is known of an entry that an act names: its hash, and its grower.
pub(super) type Known<'k> = &'k dyn Fn(EntryId) -> (EntryHash, Option<GrowerId>);

/// The act that these words mean, if it is a correction.
pub(super) fn body(words: &[&str], known: Known<'_>) -> Option<Body> {
    let verb = *words.first()?;
    if !["return", "fix", "adjust"].contains(&verb) {
        return None;
    }
    let marked = |mark: &str| words.contains(&mark);
    let named = *words.get(1)?;
    let (slip, line) = named
        .split_once('.')
        .map_or((named, None), |(slip, line)| (slip, Some(line.parse::<u16>().expect(named))));
    let slip = entry_id(slip);
    let (hash, grower) = known(slip);
    let slip_hash = if marked("differs") { EntryHash::of(b"other bytes") } else { hash };
    let grower = grower.unwrap_or(grower_id("H1"));
    let reason = if marked("wordless") { String::new() } else { "有虫".to_owned() };
    let after = |mark: &str| {
        let at = words.iter().position(|w| *w == mark)?;
        words.get(at + 1).copied()
    };
    Some(match verb {
        "return" => Return {
            grower,
            slip,
            slip_hash,
            line: line.unwrap_or(0),
            weight: kg(words[2]),
            reason,
        }
        .into(),
        "fix" => {
            let parts: Vec<&str> = words[2..].iter().copied().filter(|w| *w != "differs").collect();
            let segments: Vec<Segment> = parts.split(|w| *w == "+").map(segment).collect();
            let amount = after("as").map_or(amount_of(&segments).unwrap(), yuan);
            PriceFix { grower, slip, slip_hash, line: line.unwrap_or(0), segments, amount }.into()
        }
        _ => Adjustment {
            grower,
            slip,
            slip_hash,
            line,
            amount: yuan(words[2]),
            reason,
            bulk: after("bulk").map(entry_id),
            approved_by: after("approved").map(|by| OperatorNo::new(by.parse().unwrap())),
        }
        .into(),
    })
}

/// `10 at 3.19 [excess|pending]`
fn segment(words: &[&str]) -> Segment {
    let [weight, "at", price, more @ ..] = words else { panic!("no segment: {words:?}") };
    let reason = match more {
        ["excess", ..] => PriceReason::Excess,
        ["pending", ..] => PriceReason::Pending,
        _ => PriceReason::Stated,
    };
    Segment { weight: kg(weight), price: per_kg(price), reason }
}
