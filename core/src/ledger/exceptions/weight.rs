//! Lines far heavier than their product's usually are: a digit too many.

use std::collections::BTreeMap;

use crate::domain::{BusinessDate, EntryId, Grams, GrowerId, ProductNo, VillageNo};
use crate::ledger::records::SlipRecord;

use super::{Exception, ExceptionKind, Measure};

/// So many lines of a product must be known before any is called unusual.
const ENOUGH: usize = 20;
/// A line is far off from so many times the middle one.
const TIMES: i64 = 10;

/// What a line of a slip that stands weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weighed {
    /// Of what.
    pub product: ProductNo,
    /// How much.
    pub net: Grams,
    /// The slip.
    pub slip: EntryId,
    /// Whose produce.
    pub grower: GrowerId,
    /// Where it was bought.
    pub village: Option<VillageNo>,
    /// The day.
    pub date: BusinessDate,
}

/// What the lines of these slips weigh.
pub fn weights<'a>(slips: impl IntoIterator<Item = &'a SlipRecord>) -> Vec<Weighed> {
    let stand = slips.into_iter().filter(|slip| slip.state.stands());
    let lines = stand.flat_map(|slip| slip.lines.iter().map(move |line| (slip, line)));
    let weighed = lines.map(|(slip, line)| Weighed {
        product: line.product,
        net: line.net,
        slip: slip.id,
        grower: slip.grower,
        village: slip.village,
        date: slip.date,
    });
    weighed.collect()
}

/// Those that stand out among all lines of their product.
pub fn of_weights<'a>(weights: impl IntoIterator<Item = &'a Weighed> + Clone) -> Vec<Exception> {
    let mut nets: BTreeMap<ProductNo, Vec<i64>> = BTreeMap::new();
    for weighed in weights.clone() {
        nets.entry(weighed.product).or_default().push(weighed.net.get());
    }
    let middle_of = |nets: &mut Vec<i64>| {
        let at = nets.len().checked_div(2).filter(|_| nets.len() >= ENOUGH)?;
        Some(*nets.select_nth_unstable(at).1)
    };
    let middles: BTreeMap<ProductNo, i64> =
        nets.iter_mut().filter_map(|(product, nets)| Some((*product, middle_of(nets)?))).collect();
    let stands_out = |weighed: &'a Weighed| {
        let middle = *middles.get(&weighed.product)?;
        let net = weighed.net.get();
        (net >= middle.saturating_mul(TIMES)).then(|| Exception {
            kind: ExceptionKind::WeightOutlier,
            grower: Some(weighed.grower),
            village: weighed.village,
            evidence: vec![weighed.slip],
            subject: None,
            rules: Vec::new(),
            measure: Some(Measure { found: net, expected: Some(middle) }),
            since: Some(weighed.date),
        })
    };
    weights.into_iter().filter_map(stands_out).collect()
}
