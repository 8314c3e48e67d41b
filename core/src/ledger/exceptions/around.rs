//! Exceptions of what stands around the entries: phones, registers, words, roster.

use crate::domain::rules::Rules;
use crate::domain::{BusinessDate, DeviceNo, EntryId, GrowerId, Holder, VillageNo};
use crate::ledger::float::CountRecord;

use super::float::{self, Till};
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
    /// Numbers that may be one household, with the village of the first.
    pub candidates: &'a [(GrowerId, GrowerId, Option<VillageNo>)],
    /// What was counted in tills.
    pub counts: &'a [CountRecord],
    /// What stewards have in hand.
    pub tills: &'a [Till],
    /// Words that wait.
    pub words: &'a [WordWaiting],
}

/// A word that waits for somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WordWaiting {
    /// What that is.
    pub kind: ExceptionKind,
    /// The word that began it.
    pub word: EntryId,
    /// What it is about.
    pub target: EntryId,
    /// Whose household.
    pub grower: Option<GrowerId>,
    /// Where.
    pub village: Option<VillageNo>,
    /// Since when.
    pub since: Option<BusinessDate>,
}

/// What stands around the entries; one exception each.
pub fn of_around(rules: &Rules, around: &Around<'_>) -> Vec<Exception> {
    let mut found = Vec::new();
    let bare = |kind, village, subject: String| Exception {
        kind,
        grower: None,
        village,
        evidence: Vec::new(),
        subject: Some(subject),
        rules: Vec::new(),
        measure: None,
        since: None,
    };
    let days = i64::from(rules.bookkeeping.silent_days);
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
    found.extend(around.candidates.iter().map(|(one, other, village)| Exception {
        grower: Some(*one),
        ..bare(ExceptionKind::LikelySameGrower, *village, format!("{one} {other}"))
    }));
    found.extend(around.words.iter().map(|waiting| {
        let mut evidence = vec![waiting.word, waiting.target];
        evidence.sort_unstable();
        evidence.dedup();
        Exception {
            grower: waiting.grower,
            evidence,
            since: waiting.since,
            ..bare(waiting.kind, waiting.village, waiting.word.to_string())
        }
    }));
    float::of_floats(around, &mut found);
    found
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
