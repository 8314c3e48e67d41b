//! Slips that may be one purchase, written twice: same grower and product, near weight, moments
//! apart by the evidence of the clocks.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::{Clock, EntryId, Grams, GrowerId, ProductNo, Rule, doubt};
use crate::ledger::records::SlipRecord;

use super::{Exception, ExceptionKind, Facts, Measure};

/// One line of a slip that stands.
#[derive(Clone, Copy)]
struct Weighed<'a> {
    slip: &'a SlipRecord,
    net: Grams,
}

pub(super) fn of_slips(facts: &Facts<'_>, found: &mut Vec<Exception>) {
    let window_s = i64::from(facts.published.rules().repeat_window_s);
    let mut lines: BTreeMap<(GrowerId, ProductNo), Vec<Weighed<'_>>> = BTreeMap::new();
    for slip in facts.slips.iter().filter(|s| s.state.stands()) {
        for line in &slip.lines {
            let weighed = Weighed { slip, net: line.net };
            lines.entry((slip.grower, line.product)).or_default().push(weighed);
        }
    }
    for weighed in lines.values_mut() {
        let mut seen = BTreeSet::new();
        // By the wall clock, across phones; and by the time since start-up, which a wall clock
        // that is set in between does not hide, within one phone's day.
        weighed.sort_by_key(|w| (w.slip.clock.wall_s, w.slip.id));
        pairs(weighed, window_s, apart_by_wall_s, &mut seen, found);
        weighed.sort_by_key(|w| (w.slip.id.device, w.slip.date, w.slip.clock.uptime_s, w.slip.id));
        pairs(weighed, window_s, apart_by_uptime_s, &mut seen, found);
    }
}

/// Compares each line with those after it, as long as they are within the window.
fn pairs(
    sorted: &[Weighed<'_>],
    window_s: i64,
    apart_s: fn(&SlipRecord, &SlipRecord) -> Option<i64>,
    seen: &mut BTreeSet<(EntryId, EntryId)>,
    found: &mut Vec<Exception>,
) {
    for (place, one) in sorted.iter().enumerate() {
        for other in sorted.iter().skip(place.saturating_add(1)) {
            let Some(apart_s) = apart_s(one.slip, other.slip).filter(|s| *s <= window_s) else {
                break;
            };
            let (a, b) = (one.slip.id.min(other.slip.id), one.slip.id.max(other.slip.id));
            let same_day = one.slip.date == other.slip.date;
            if a != b && same_day && doubt::is_near(one.net, other.net) && seen.insert((a, b)) {
                found.push(Exception {
                    evidence: vec![a, b],
                    rules: vec![Rule::WARN_REPEAT],
                    measure: Some(Measure { found: apart_s, expected: Some(window_s) }),
                    ..Exception::of_slip(ExceptionKind::LikelyDuplicate, other.slip)
                });
            }
        }
    }
}

fn apart_by_wall_s(one: &SlipRecord, other: &SlipRecord) -> Option<i64> {
    other.clock.wall_s.checked_sub(one.clock.wall_s)
}

/// Only within one run of one device: later entries have been up for longer.
fn apart_by_uptime_s(one: &SlipRecord, other: &SlipRecord) -> Option<i64> {
    let Clock { uptime_s: before_s, .. } = one.clock;
    let same = one.id.device == other.id.device && one.date == other.date;
    let apart_s = other.clock.uptime_s.checked_sub(before_s)?;
    (same && one.id <= other.id && apart_s > 0).then_some(apart_s)
}
