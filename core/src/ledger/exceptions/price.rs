//! Exceptions of a slip's prices: off the list, unusually low, nothing at all.

use std::collections::HashMap;

use crate::domain::price_list::PriceList;
use crate::domain::slip::{PriceReason, Segment, amount_of};
use crate::domain::{ContractId, Fen, GrowerId, LiPerKg, Rule, doubt};
use crate::ledger::records::{ContractRecord, LineRecord, SlipRecord};

use super::{Exception, ExceptionKind, Facts, Measure};

pub(super) fn of_slips(facts: &Facts<'_>, found: &mut Vec<Exception>) {
    let low_price = facts.published.rules().low_price;
    let contracts: HashMap<(GrowerId, ContractId), &ContractRecord> =
        facts.contracts.iter().map(|c| ((c.grower, c.contract), c)).collect();
    for slip in facts.slips.iter().filter(|s| s.state.stands()) {
        let list = list_of(facts, slip);
        for line in &slip.lines {
            let contract = line.contract.and_then(|c| contracts.get(&(slip.grower, c))).copied();
            found
                .extend(line.segments.iter().find_map(|s| off_list(slip, line, s, list, contract)));
            found.extend(list_changed(facts, slip, line, list));
            let lowest = line.segments.iter().map(|s| s.price).min();
            if let Some(price) = lowest.filter(|&price| price < low_price) {
                found.push(Exception {
                    rules: vec![Rule::WARN_PRICE_LOW],
                    measure: measure(price.get(), Some(low_price.get())),
                    ..Exception::of_slip(ExceptionKind::LowPrice, slip)
                });
            }
            if line.amount == Fen::ZERO {
                found.push(Exception {
                    measure: measure(line.settlement.get(), None),
                    ..Exception::of_slip(ExceptionKind::ZeroAmount, slip)
                });
            }
        }
    }
}

/// The list that a slip is held against: the version on the phone (a list that changed while the
/// phone was offline is honoured), else the one in force that day.
fn list_of<'a>(facts: &Facts<'a>, slip: &SlipRecord) -> Option<&'a PriceList> {
    let named = slip.price_list.and_then(|version| facts.published.price_list(version));
    named.or_else(|| facts.published.price_list_on(slip.date))
}

fn off_list(
    slip: &SlipRecord,
    line: &LineRecord,
    segment: &Segment,
    list: Option<&PriceList>,
    contract: Option<&ContractRecord>,
) -> Option<Exception> {
    let expected: Option<LiPerKg> = match segment.reason {
        PriceReason::Floor => {
            // Any version that was signed may have been the one on the phone.
            let versions = contract.map(|c| c.versions.as_slice()).unwrap_or_default();
            if versions.iter().any(|v| v.terms.floor == segment.price) {
                return None;
            }
            contract.and_then(ContractRecord::terms).map(|terms| terms.floor)
        }
        PriceReason::List | PriceReason::Excess | PriceReason::Stated | PriceReason::Pending => {
            list?.price(line.product, line.grade)
        }
    };
    if expected == Some(segment.price) {
        return None;
    }
    Some(Exception {
        rules: expected.and_then(|e| doubt::off_list(segment.price, e)).into_iter().collect(),
        measure: measure(segment.price.get(), expected.map(LiPerKg::get)),
        ..Exception::of_slip(ExceptionKind::OffListPrice, slip)
    })
}

const fn measure(found: i64, expected: Option<i64>) -> Option<Measure> {
    Some(Measure { found, expected })
}

/// A line at the price of a list that was no longer in force on its day: the difference to the one
/// that was, in fen; positive is what the grower would have got more.
fn list_changed(
    facts: &Facts<'_>,
    slip: &SlipRecord,
    line: &LineRecord,
    list: Option<&PriceList>,
) -> Option<Exception> {
    let in_force = facts.published.price_list_on(slip.date)?;
    let printed = list.filter(|list| list.version != in_force.version)?;
    let (old, new) =
        (printed.price(line.product, line.grade)?, in_force.price(line.product, line.grade)?);
    let mut again = line.segments.clone();
    for segment in &mut again {
        if segment.price == old && segment.reason != PriceReason::Floor {
            segment.price = new;
        }
    }
    let difference = amount_of(&again).ok()?.minus(line.amount).ok()?;
    (difference != Fen::ZERO).then(|| Exception {
        measure: measure(difference.get(), Some(0)),
        ..Exception::of_slip(ExceptionKind::ListChanged, slip)
    })
}
