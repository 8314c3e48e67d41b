//! Random rulings: closes of village 2 by device 3, its decisions, revocations by the county's
//! device 4.

use super::history::{Act, target};
use crate::domain::close::{MonthClose, Position};
use crate::domain::hold::{Evidence, HoldDecision};
use crate::domain::revocation::DeviceRevocation;
use crate::domain::{Body, DeviceNo, EntryHash, EntryId, Kind, OperatorNo, Rule, VillageNo};
use crate::ledger::Arrived;

/// The kinds of act from which on it is a ruling, and beyond which there is none.
pub(super) const KINDS: std::ops::Range<u8> = 10..14;

/// The device that makes this act; not the act's own if it is a ruling.
pub(super) fn writer(act: &Act) -> u16 {
    match act.kind {
        10..=12 => 3,
        13 => 4,
        _ => act.device,
    }
}

pub(super) fn body(act: &Act, entries: &[Arrived]) -> Body {
    let last = |device: u16| {
        let own = entries.iter().filter(|a| a.id.device.get() == device);
        own.map(|a| a.id.sequence.get()).max().unwrap_or(0)
    };
    let fewer = u32::try_from(act.target.index(4)).unwrap();
    let device = |number| DeviceNo::new(number).unwrap();
    match act.kind {
        10 => {
            let position = |number| {
                let count = last(number).saturating_sub(fewer);
                Position { device: device(number), count }
            };
            let closed = entries.iter().filter(|a| is(a, Kind::MonthClose)).count();
            let month =
                if act.rare.is_multiple_of(4) { act.amount % 12 } else { closed as i64 % 12 };
            let held = target(act, entries, |_| act.synced);
            MonthClose {
                village: VillageNo::new(2),
                month: format!("2020-{:02}", month + 1).parse().unwrap(),
                positions: vec![position(1), position(3)],
                held: held.map(|a| a.id).into_iter().collect(),
                missing: Vec::new(),
                entries: 0,
                estimates: Vec::new(),
                root: [0; 32],
                approved_by: OperatorNo::new(2),
            }
            .into()
        }
        11..=12 => {
            let target = target(act, entries, |_| true);
            let hash = target.map_or(EntryHash::of(b""), |a| a.hash);
            let settles = [
                Rule::ENTRY_LAMPORT_JUMP,
                Rule::ENTRY_AFTER_REVOCATION,
                Rule::VOID_NEEDS_SECOND_PERSON,
                Rule::CONTRACT_VERSION_OUT_OF_TURN,
            ];
            HoldDecision {
                target: target.map_or(EntryId::new(device(1), 999), |a| a.id),
                target_hash: if act.rare % 16 == 6 { EntryHash::of(b"") } else { hash },
                admits: !act.rare.is_multiple_of(3),
                settles: settles.iter().map(|rule| rule.code.to_owned()).collect(),
                evidence: Evidence::Paper,
                reason: "纸单核对无误".into(),
                grower: None,
            }
            .into()
        }
        _ => {
            let count = last(act.device).saturating_sub(fewer);
            DeviceRevocation { device: device(act.device), count, reason: "手机丢失".into() }.into()
        }
    }
}

/// Whether it is of this kind.
pub(super) fn is(arrived: &Arrived, kind: Kind) -> bool {
    arrived.entry.body.kind() == Some(kind)
}

/// Whether it is a ruling.
pub(super) fn is_ruling(arrived: &Arrived) -> bool {
    [Kind::MonthClose, Kind::HoldDecision, Kind::DeviceRevocation].iter().any(|&k| is(arrived, k))
}
