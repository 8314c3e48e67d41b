//! What a steward is asked to look at again. A warning never stops a save.

use super::super::catalogue::{Catalogue, Visit};
use super::super::message::{Finding, Message};
use super::review::Context;
use super::words::Words;
use crate::domain::check::Place;
use crate::domain::doubt;
use crate::domain::product::Product;
use crate::domain::rule::Rule;
use crate::domain::rules::Rules;
use crate::domain::slip::{Line, PriceReason, Segment};
use crate::domain::units::text::Language::{En, Zh};
use crate::domain::{BusinessDate, Grams, LiPerKg};
use crate::ledger::State;

/// A contract that ended or begins within so many days is spoken of; older ones are history.
const NEAR_PERIOD_DAYS: i32 = 30;

/// What concerns the whole slip.
pub(super) fn of_visit(visit: &Visit) -> Vec<Finding> {
    [
        (
            doubt::clock_in_doubt(visit.last_clock, visit.clock) && !visit.day_confirmed,
            Rule::WARN_CLOCK_DOUBT,
        ),
        (is_far_off(visit), Rule::WARN_DATE_FAR),
        (visit.own_household, Rule::WARN_OWN_HOUSEHOLD),
    ]
    .into_iter()
    .filter(|(is, _)| *is)
    .map(|(_, rule)| Finding { rule, place: Place::Entry, message: Message::of(rule) })
    .collect()
}

/// Whether the business date is more than a day from a clock that is not in doubt itself.
fn is_far_off(visit: &Visit) -> bool {
    let today = BusinessDate::at(visit.clock.wall_s).days();
    let doubt = doubt::clock_in_doubt(visit.last_clock, visit.clock);
    !doubt && visit.date.days().abs_diff(today) > 1
}

/// What concerns one line, from its own numbers, the list and its contract.
pub(super) fn of_line(
    context: &Context,
    visit: &Visit,
    product: Option<&Product>,
    line: &Line,
    words: &Words<'_>,
) -> Vec<Finding> {
    let mut found = Vec::new();
    prices(&context.rules, line, words, &mut found);
    contract(context, product, line, words, &mut found);
    if line.contract.is_none() {
        outside_period(context, visit, line, words, &mut found);
    }
    for (number, deduction) in line.deductions.iter().enumerate() {
        if deduction.reason.trim().is_empty() {
            let place = Place::Deduction { line: words.line.line, deduction: number };
            found.push(words.finding(Rule::WARN_DEDUCTION_WITHOUT_REASON, place));
        }
    }
    found
}

fn prices(rules: &Rules, line: &Line, words: &Words<'_>, found: &mut Vec<Finding>) {
    let at = Place::Line(words.line.line);
    // Only what a person typed can be mistyped; a contract's floor is agreed.
    let stated = line.segments.iter().find(|s| s.reason == PriceReason::Stated);
    if let (Some(Segment { price, .. }), Some(list)) = (stated, words.line.list_price)
        && let Some(rule) = doubt::off_list(*price, list)
    {
        found.push(words.saying(rule, at, |language| {
            let (price, list) = (price.text(language), list.text(language));
            match language {
                Zh => format!("价格 {price}，价目表 {list}"),
                En => format!("price {price}, list {list}"),
            }
        }));
    }
    if let (Some(Segment { price, .. }), Some(contract)) = (stated, words.line.contract)
        && *price < contract.terms.floor
        && contract.terms.left() > Grams::ZERO
    {
        found.push(words.saying(Rule::WARN_BELOW_FLOOR, at, |language| {
            let (price, floor) = (price.text(language), contract.terms.floor.text(language));
            match language {
                Zh => format!("价格 {price}，保底价 {floor}"),
                En => format!("price {price}, floor {floor}"),
            }
        }));
    }
    let low = line.segments.iter().map(|s| s.price).min().filter(|&p| p < rules.low_price);
    if let Some(price) = low.filter(|&p| p > LiPerKg::ZERO) {
        found.push(words.saying(Rule::WARN_PRICE_LOW, at, |language| price.text(language)));
    }
}

fn contract(
    context: &Context,
    product: Option<&Product>,
    line: &Line,
    words: &Words<'_>,
    found: &mut Vec<Finding>,
) {
    let Some(progress) = words.line.contract else { return };
    let at = Place::Line(words.line.line);
    let Ok(after) = progress.terms.delivered.plus(words.line.settlement) else { return };
    if progress.terms.exceeded_by(words.line.settlement) {
        found.push(words.saying(Rule::WARN_CONTRACT_EXCEEDED, at, |language| {
            let (after, quantity) = (after.jin(language), progress.quantity.jin(language));
            match language {
                Zh => format!("连这次已交 {after} / 合同 {quantity}（截至上次同步）"),
                En => format!(
                    "{after} delivered with this / contract {quantity} (as of the last sync)"
                ),
            }
        }));
    }
    let area = context
        .contracts
        .iter()
        .find(|record| Some(record.contract) == line.contract)
        .and_then(|record| record.terms())
        .map(|terms| terms.area);
    let (Some(area), Some(usual)) = (area, product.and_then(|p| p.usual_yield_per_mu)) else {
        return;
    };
    let plausible = doubt::usual_yield(area, usual);
    if let Some(plausible) = plausible.filter(|&p| after > p) {
        found.push(words.saying(Rule::WARN_BEYOND_YIELD, at, |language| {
            let (area, plausible) = (area.text(language), plausible.jin(language));
            let after = after.jin(language);
            match language {
                Zh => format!("{area}常年约产 {plausible}，连这次已交 {after}"),
                En => format!("{area} usually yields {plausible}, {after} delivered with this"),
            }
        }));
    }
}

/// A contract over this product that is not open today, but nearly.
fn outside_period(
    context: &Context,
    visit: &Visit,
    line: &Line,
    words: &Words<'_>,
    found: &mut Vec<Finding>,
) {
    let today = visit.date.days();
    let near = context.contracts.iter().filter_map(|record| record.in_force()).find(|version| {
        let (from, to) = (version.terms.from.days(), version.terms.to.days());
        let away = from.saturating_sub(today).max(today.saturating_sub(to));
        version.terms.product == line.product
            && version.entity == visit.entity
            && (1..=NEAR_PERIOD_DAYS).contains(&away)
    });
    let Some(version) = near else { return };
    let (from, to) = (version.terms.from, version.terms.to);
    let contract = version.terms.contract;
    let place = Place::Line(words.line.line);
    found.push(words.saying(Rule::WARN_OUTSIDE_PERIOD, place, |language| match language {
        Zh => format!("合同 {contract} 交货期 {from} 至 {to}"),
        En => format!("contract {contract} delivers from {from} to {to}"),
    }));
}

/// A slip of moments ago with the same product and a near weight ("第二次？").
pub(super) fn repeat<C: Catalogue>(
    catalogue: &C,
    rules: &Rules,
    visit: &Visit,
    line: &Line,
    words: &Words<'_>,
) -> Result<Option<Finding>, C::Error> {
    let now = visit.clock.wall_s;
    let window = i64::from(rules.repeat_window_s);
    let slips = catalogue.slips_between(
        visit.grower,
        now.saturating_sub(window),
        now.saturating_add(window),
    )?;
    let net = words.line.net;
    let mut standing = slips.iter().filter(|slip| !matches!(slip.state, State::Voided { .. }));
    let same = standing.find_map(|slip| {
        let near = |other: Grams| doubt::is_near(net, other);
        let line = slip.lines.iter().find(|l| l.product == line.product && near(l.net))?;
        Some((slip.id, slip.clock.wall_s.abs_diff(now), line.net))
    });
    Ok(same.map(|(slip, seconds, before)| {
        words.saying(Rule::WARN_REPEAT, Place::Line(words.line.line), |language| {
            let (before, net) = (before.jin(language), net.jin(language));
            match language {
                Zh => format!("{slip}（{seconds} 秒前）{before}，这次 {net}"),
                En => format!("{slip} ({seconds} s ago) {before}, now {net}"),
            }
        })
    }))
}
