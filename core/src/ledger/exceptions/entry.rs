//! Exceptions that any entry can show: held, newer, unregistered, clock doubt, late void.

use std::collections::{BTreeMap, HashMap};

use crate::domain::doubt::clock_in_doubt;
use crate::domain::{BusinessDate, DeviceNo, EntryId, GrowerId, Kind, Rule};
use crate::ledger::outcome::Status;
use crate::ledger::records::State;

use super::{Exception, ExceptionKind, Facts, Folded};

pub(super) fn held(facts: &Facts<'_>, found: &mut Vec<Exception>) {
    for entry in facts.entries {
        if let Status::Held(rules) = &entry.status {
            let rules = rules.clone();
            found.push(Exception { rules, ..of(ExceptionKind::HeldEntry, &[entry]) });
        }
    }
}

/// One exception a device, however many entries.
pub(super) fn newer(entries: &[Folded], found: &mut Vec<Exception>) {
    let mut devices: BTreeMap<DeviceNo, Vec<&Folded>> = BTreeMap::new();
    for entry in entries.iter().filter(|e| e.status == Status::Newer) {
        devices.entry(entry.id.device).or_default().push(entry);
    }
    for entries in devices.values() {
        let rules = vec![Rule::ENTRY_NEWER_KIND];
        found.push(Exception { rules, ..of(ExceptionKind::NewerKind, entries) });
    }
}

/// One exception a grower, however many entries.
pub(super) fn unregistered(facts: &Facts<'_>, found: &mut Vec<Exception>) {
    let mut growers: BTreeMap<GrowerId, Vec<&Folded>> = BTreeMap::new();
    for entry in facts.entries {
        if let Some(grower) = entry.grower {
            growers.entry(grower).or_default().push(entry);
        }
    }
    for (grower, entries) in growers {
        if !(facts.is_registered)(grower) {
            found.push(of(ExceptionKind::UnregisteredGrower, &entries));
        }
    }
}

/// One exception a run of entries of one device, each in doubt against the last that was not, or
/// dated otherwise than by its clock.
pub(super) fn clock_doubt(entries: &[Folded], found: &mut Vec<Exception>) {
    let mut devices: BTreeMap<DeviceNo, Vec<&Folded>> = BTreeMap::new();
    for entry in entries {
        devices.entry(entry.id.device).or_default().push(entry);
    }
    for entries in devices.values_mut() {
        // Two may have one number: what was taken over from paper, and what came after it.
        entries.sort_unstable_by_key(|e| (e.id, e.clock.wall_s, e.clock.uptime_s, e.date));
        let mut believed = None;
        let mut run: Vec<&Folded> = Vec::new();
        for &entry in entries.iter() {
            let doubtful = clock_in_doubt(believed, entry.clock);
            if !doubtful {
                believed = Some(entry.clock);
            }
            if doubtful || BusinessDate::at(entry.clock.wall_s) != entry.date {
                run.push(entry);
            } else if !run.is_empty() {
                found.push(clock_run(&run));
                run.clear();
            }
        }
        if !run.is_empty() {
            found.push(clock_run(&run));
        }
    }
}

fn clock_run(run: &[&Folded]) -> Exception {
    let rules = vec![Rule::WARN_CLOCK_DOUBT];
    Exception { grower: None, rules, ..of(ExceptionKind::ClockDoubt, run) }
}

/// Voids by the phone that bought, on another day than the slip: the steward alone may void only
/// on the same day. A void from elsewhere is a second person's already.
pub(super) fn late_voids(facts: &Facts<'_>, found: &mut Vec<Exception>) {
    let voids: HashMap<EntryId, &Folded> =
        facts.entries.iter().filter(|e| e.kind == Some(Kind::Void)).map(|e| (e.id, e)).collect();
    for slip in facts.slips {
        let State::Voided { by } = slip.state else { continue };
        let Some(void) = voids.get(&by) else { continue };
        if void.date != slip.date && by.device == slip.id.device {
            let mut evidence = vec![slip.id, by];
            evidence.sort_unstable();
            let rules = vec![Rule::VOID_NEEDS_SECOND_PERSON];
            let exception = Exception::of_slip(ExceptionKind::LateVoid, slip);
            found.push(Exception { evidence, rules, since: Some(void.date), ..exception });
        }
    }
}

/// About these entries together; grower and village are those of the first.
fn of(kind: ExceptionKind, entries: &[&Folded]) -> Exception {
    let mut evidence: Vec<EntryId> = entries.iter().map(|e| e.id).collect();
    evidence.sort_unstable();
    Exception {
        kind,
        grower: entries.first().and_then(|e| e.grower),
        village: entries.first().and_then(|e| e.village),
        evidence,
        subject: None,
        rules: Vec::new(),
        measure: None,
        since: entries.iter().map(|e| e.date).min(),
    }
}
