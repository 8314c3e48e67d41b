//! Exceptions of what stands around the entries: phones, registers, words, roster.

use crate::domain::{DeviceNo, EntryId, GrowerId, Holder, VillageNo};
use crate::ledger::float::CountRecord;

use super::float::Till;
use super::{Exception, ExceptionKind, Facts, Measure};

/// What is known beside the entries; everything may be empty.
#[derive(Debug, Clone, Copy, Default)]
pub struct Around<'a> {
    /// Phones that have not synced for longer than the district allows, with the days.
    pub silent: &'a [(DeviceNo, Option<VillageNo>, u32)],
    /// Numbers that are known to exist and are not here: a device, its first and last missing one.
    pub missing: &'a [(DeviceNo, Option<VillageNo>, u32, u32)],
    /// Numbers under which a second content came.
    pub forks: &'a [(EntryId, Option<VillageNo>)],
    /// Fields of registers with more than one value.
    pub conflicts: &'a [(VillageNo, Option<GrowerId>, String)],
    /// Numbers that may be one household.
    pub candidates: &'a [(GrowerId, GrowerId)],
    /// What was counted in tills.
    pub counts: &'a [CountRecord],
    /// What stewards have in hand.
    pub tills: &'a [Till],
    /// Words that wait: what they are, the word, and what it is about.
    pub words: &'a [(ExceptionKind, EntryId, EntryId, Option<GrowerId>)],
}

/// One exception each.
pub(super) fn of_around(facts: &Facts<'_>, found: &mut Vec<Exception>) {
    let bare = |kind, village, subject: String| Exception {
        kind,
        grower: None,
        village,
        evidence: Vec::new(),
        subject: Some(subject),
        rules: Vec::new(),
        measure: None,
    };
    let around = &facts.around;
    let days = i64::from(facts.published.rules().bookkeeping.silent_days);
    found.extend(around.silent.iter().map(|(device, village, silent)| Exception {
        measure: Some(Measure { found: i64::from(*silent), expected: Some(days) }),
        ..bare(ExceptionKind::PhoneSilent, *village, device.to_string())
    }));
    found.extend(around.missing.iter().map(|(device, village, first, last)| Exception {
        evidence: vec![EntryId::new(*device, *first), EntryId::new(*device, *last)],
        measure: Some(Measure {
            found: i64::from(last.saturating_sub(*first)).saturating_add(1),
            expected: Some(0),
        }),
        ..bare(ExceptionKind::SequenceMissing, *village, device.to_string())
    }));
    found.extend(around.forks.iter().map(|(id, village)| Exception {
        evidence: vec![*id],
        ..bare(ExceptionKind::Fork, *village, id.device.to_string())
    }));
    found.extend(around.conflicts.iter().map(|(village, grower, key)| Exception {
        grower: *grower,
        ..bare(ExceptionKind::RegisterConflict, Some(*village), key.clone())
    }));
    found.extend(around.candidates.iter().map(|(one, other)| Exception {
        grower: Some(*one),
        ..bare(ExceptionKind::LikelySameGrower, None, format!("{one} {other}"))
    }));
    found.extend(around.words.iter().map(|(kind, word, target, grower)| {
        let mut evidence = vec![*word, *target];
        evidence.sort_unstable();
        evidence.dedup();
        Exception { grower: *grower, evidence, ..bare(*kind, None, word.to_string()) }
    }));
}

/// Slips that a person of the roster bought from their own household.
pub(super) fn own_household(facts: &Facts<'_>, found: &mut Vec<Exception>) {
    for member in facts.published.roster() {
        let Some(household) = member.household else { continue };
        for slip in facts.slips.iter().filter(|s| s.grower == household && s.state.stands()) {
            let bought = match Holder::of_operator(slip.id.device, slip.operator) {
                Holder::Person(number) => number == member.number,
                Holder::Phone(device) => member.device == Some(device),
                Holder::Office => false,
            };
            if bought {
                found.push(Exception::of_slip(ExceptionKind::OwnHousehold, slip));
            }
        }
    }
}
