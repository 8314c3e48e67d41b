//! A month close (结账) of a village: up to which entry of every device the month is closed, what was
//! held, which phones were missing, what stood at an estimate, and the root of the statements.

use std::collections::BTreeSet;

use minicbor::{Decode, Encode};

use super::calendar::Month;
use super::check::{Breach, Breaches, Check, Limits, Place};
use super::ids::{DeviceNo, EntryId, OperatorNo, VillageNo};
use super::rule::Rule;
use super::units::Fen;

/// Devices, held entries or estimates that one close names, at most.
pub const MAX_CLOSE_ROWS: usize = 20_000;

/// What a close covers never changes status again.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct MonthClose {
    /// The village: the one that the writing device serves.
    #[n(0)]
    pub village: VillageNo,
    /// The month; later than every month closed before.
    #[n(1)]
    pub month: Month,
    /// The position of every device of the village, the office's own included, by device.
    #[n(2)]
    pub positions: Vec<Position>,
    /// Entries within the positions that are held, and so not covered.
    #[n(3)]
    pub held: Vec<EntryId>,
    /// Phones that had not synced since the month's end: what they still hold will be 跨月补记.
    #[n(4)]
    pub missing: Vec<DeviceNo>,
    /// How many entries are covered by this close and by none before it.
    #[n(5)]
    pub entries: u32,
    /// Lines that stood at an estimate (暂估).
    #[n(6)]
    pub estimates: Vec<Estimate>,
    /// Merkle root of the canonical statement data, printed on every statement of the month.
    #[cbor(n(7), with = "minicbor::bytes")]
    pub root: [u8; 32],
    /// Who approved it, beside the one who writes it.
    #[n(8)]
    pub approved_by: OperatorNo,
}

/// So many entries of a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(array)]
pub struct Position {
    /// The device.
    #[n(0)]
    pub device: DeviceNo,
    /// Its last number that is covered.
    #[n(1)]
    pub count: u32,
}

/// A pending line and what it was estimated at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Estimate {
    /// The slip.
    #[n(0)]
    pub slip: EntryId,
    /// The line, counted from 0.
    #[n(1)]
    pub line: u16,
    /// The estimate, in fen.
    #[n(2)]
    pub amount: Fen,
}

impl MonthClose {
    /// Whether it covers this entry: within its device's position, and not named as held.
    pub fn covers(&self, id: EntryId) -> bool {
        let reached =
            self.positions.iter().any(|p| p.device == id.device && id.sequence.get() <= p.count);
        reached && !self.held.contains(&id)
    }
}

impl Check for MonthClose {
    fn check(&self, _: &Limits) -> Vec<Breach> {
        let mut found = Breaches::new();
        let mut seen = BTreeSet::new();
        let once = self.positions.iter().all(|p| seen.insert(p.device));
        found.demand(once, Rule::CLOSE_DEVICE_TWICE, Place::Entry);
        let few = self.positions.len() <= MAX_CLOSE_ROWS
            && self.held.len() <= MAX_CLOSE_ROWS
            && self.missing.len() <= MAX_CLOSE_ROWS
            && self.estimates.len() <= MAX_CLOSE_ROWS;
        found.demand(few, Rule::CLOSE_TOO_LONG, Place::Entry);
        found.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::check::rules_of;

    #[test]
    fn a_close_covers_what_lies_within_and_is_not_held() {
        let device = DeviceNo::default();
        let position = Position { device, count: 3 };
        let close = MonthClose {
            village: VillageNo::new(1),
            month: "2020-07".parse().unwrap(),
            positions: vec![position],
            held: vec![EntryId::new(device, 2)],
            missing: Vec::new(),
            entries: 2,
            estimates: Vec::new(),
            root: [0; 32],
            approved_by: OperatorNo::new(2),
        };
        assert!(close.check(&Limits::LEDGER).is_empty());
        let covered = |sequence| close.covers(EntryId::new(device, sequence));
        assert_eq!([covered(1), covered(2), covered(3), covered(4)], [true, false, true, false]);
        assert!(!close.covers(EntryId::new(DeviceNo::new(9).unwrap(), 1)));
        let twice = MonthClose { positions: vec![position, position], ..close };
        assert_eq!(rules_of(&twice.check(&Limits::LEDGER)), [Rule::CLOSE_DEVICE_TWICE]);
    }
}
