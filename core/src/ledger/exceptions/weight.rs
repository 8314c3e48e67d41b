//! Lines far heavier than their product's usually are: a digit too many.

use std::collections::BTreeMap;

use crate::domain::ProductNo;
use crate::ledger::records::SlipRecord;

use super::{Exception, ExceptionKind, Facts, Measure};

/// So many lines of a product must be known before any is called unusual.
const ENOUGH: usize = 20;
/// A line is far off from so many times the middle one.
const TIMES: i64 = 10;

pub(super) fn outliers(facts: &Facts<'_>, found: &mut Vec<Exception>) {
    let mut lines: BTreeMap<ProductNo, Vec<(i64, &SlipRecord)>> = BTreeMap::new();
    for slip in facts.slips.iter().filter(|s| s.state.stands()) {
        for line in &slip.lines {
            lines.entry(line.product).or_default().push((line.net.get(), slip));
        }
    }
    for weighed in lines.values_mut().filter(|lines| lines.len() >= ENOUGH) {
        weighed.sort_unstable_by_key(|(net, slip)| (*net, slip.id));
        let Some((middle, _)) = weighed.len().checked_div(2).and_then(|at| weighed.get(at)) else {
            continue;
        };
        let usual = middle.saturating_mul(TIMES);
        for (net, slip) in weighed.iter().filter(|(net, _)| *net >= usual) {
            found.push(Exception {
                measure: Some(Measure { found: *net, expected: Some(*middle) }),
                ..Exception::of_slip(ExceptionKind::WeightOutlier, slip)
            });
        }
    }
}
