//! The season as bars: by month, by village, by product. All are gross purchases; the tables behind
//! have the weights too.

use courtyard_core::domain::{BusinessDate, Fen, Grams, Month};
use courtyard_core::store::queries::Bought;
use maud::{Markup, html};

use super::model::{Model, Pair, Season};
use crate::web::Words;
use crate::web::chart::{Bar, Chart};
use crate::web::figures::grouped;

/// Bars of names at most; the smaller ones are put together.
const MOST: usize = 20;

pub(super) fn charts(model: &Model, w: &Words) -> Markup {
    let season = &model.season;
    let villages = season.by_village.iter().map(|(village, pair)| {
        let of_year = days(season.year, None);
        let href = village.map(|number| format!("/slips?village={}&{of_year}", number.get()));
        (model.village(*village), href, *pair)
    });
    let products = season.by_product.iter().map(|(product, pair)| {
        let name = model.products.get(product).cloned().unwrap_or_else(|| product.to_string());
        let of_year = days(season.year, None);
        (name, Some(format!("/slips?product={}&{of_year}", product.get())), *pair)
    });
    let (villages, mut products) = (ranked(villages, season, w), ranked(products, season, w));
    products.extend(adjusted(season, w));
    let months = months(season, w);
    html! {
        section {
            h2 { (w.say("overview-by-month")) }
            (chart("by-month", w.say("overview-month"), &months, season, w).standing(w))
        }
        div.pair {
            section {
                h2 { (w.say("overview-by-village")) }
                (chart("by-village", w.say("overview-village"), &villages, season, w).lying(w))
            }
            section {
                h2 { (w.say("overview-by-product")) }
                (chart("by-product", w.say("overview-product"), &products, season, w).lying(w))
            }
        }
    }
}

/// A chart's words and bars, which it borrows.
struct Owned<'a> {
    id: &'static str,
    title: String,
    steps: (String, String),
    headings: Vec<String>,
    bars: &'a [Bar],
}

impl Owned<'_> {
    fn chart(&self) -> Chart<'_> {
        Chart {
            id: self.id,
            title: &self.title,
            steps: (&self.steps.0, &self.steps.1),
            headings: &self.headings,
            bars: self.bars,
        }
    }

    fn standing(&self, w: &Words) -> Markup {
        self.chart().standing(w)
    }

    fn lying(&self, w: &Words) -> Markup {
        self.chart().lying(w)
    }
}

fn chart<'a>(
    id: &'static str,
    label: String,
    bars: &'a [Bar],
    season: &Season,
    w: &Words,
) -> Owned<'a> {
    let year = season.year;
    let title = w.say_with("overview-chart", &[("by", label.clone().into()), ("year", text(year))]);
    let mut headings =
        vec![label, w.say("overview-amount"), w.say("overview-jin"), "kg".to_owned()];
    let before = i32::from(year).saturating_sub(1).to_string();
    if season.compares {
        headings.push(w.say_with("overview-before", &[("year", before.clone().into())]));
    }
    Owned { id, title, steps: (year.to_string(), before), headings, bars }
}

fn text(number: impl std::fmt::Display) -> fluent_bundle::FluentValue<'static> {
    number.to_string().into()
}

/// The largest first, the smallest put together.
fn ranked(
    named: impl Iterator<Item = (String, Option<String>, Pair)>,
    season: &Season,
    w: &Words,
) -> Vec<Bar> {
    let mut all: Vec<_> = named.collect();
    all.sort_by_key(|(_, _, pair)| std::cmp::Reverse((pair.now.amount, pair.before.amount)));
    // One bar for a single one is no shorter than that one's own.
    let kept = if all.len() > MOST.saturating_add(1) { MOST } else { all.len() };
    let rest = all.split_off(kept);
    let mut bars: Vec<Bar> =
        all.into_iter().map(|(label, href, pair)| bar(label, href, &pair, season, w)).collect();
    if !rest.is_empty() {
        let sum = |of: fn(&Pair) -> &Bought| Bought::sum(rest.iter().map(|(_, _, pair)| of(pair)));
        let now = sum(|pair| &pair.now).unwrap_or_default();
        let before = sum(|pair| &pair.before).unwrap_or_default();
        let label = w.say_with("overview-rest", &[("count", text(rest.len()))]);
        // Many together would dwarf each alone: their figures are there, without a bar.
        let bar = bar(label, None, &Pair { now, before }, season, w);
        bars.push(Bar { value: 0, before: None, ..bar });
    }
    bars
}

fn bar(label: String, href: Option<String>, pair: &Pair, season: &Season, w: &Words) -> Bar {
    let jin = whole_jin(pair.now.net);
    let shown = format!("{} · {jin} {}", pair.now.amount.text(), w.say("unit-jin"));
    Bar {
        label,
        value: pair.now.amount.get(),
        shown,
        before: season.compares.then(|| pair.before.amount.get()),
        href,
        cells: cells(pair, season),
    }
}

/// What adjustments of whole slips come to, which belong to no product.
fn adjusted(season: &Season, w: &Words) -> Option<Bar> {
    let lines = Bought::sum(season.by_product.values().map(|pair| &pair.now)).ok()?;
    let amount = season.total.amount.minus(lines.amount).ok()?;
    (amount != Fen::ZERO).then(|| {
        let now = Bought { amount, ..Bought::default() };
        let pair = Pair { now, before: Bought::default() };
        let bar = bar(w.say("overview-adjusted"), None, &pair, season, w);
        Bar { value: 0, before: None, shown: amount.text(), ..bar }
    })
}

fn months(season: &Season, w: &Words) -> Vec<Bar> {
    let (Some((&first, _)), Some((&last, _))) =
        (season.by_month.first_key_value(), season.by_month.last_key_value())
    else {
        return Vec::new();
    };
    (first..=last)
        .map(|month| {
            let pair = season.by_month.get(&month).copied().unwrap_or_default();
            Bar {
                label: w.say_with("overview-month-name", &[("month", i64::from(month).into())]),
                value: pair.now.amount.get(),
                shown: brief(pair.now.amount, w),
                before: season.compares.then(|| pair.before.amount.get()),
                href: Some(format!("/slips?{}", days(season.year, Some(month)))),
                cells: cells(&pair, season),
            }
        })
        .collect()
}

/// The days of a year, or of its month, as the list of slips is asked for them.
fn days(year: i16, month: Option<i8>) -> String {
    let (first, last) = match month {
        Some(month) => (month, month),
        None => (1, 12),
    };
    let last: Option<Month> = format!("{year:04}-{last:02}").parse().ok();
    let end = last.and_then(|month| {
        BusinessDate::from_days(month.first_day_after().days().saturating_sub(1))
    });
    let end = end.map_or_else(String::new, |day| day.to_string());
    format!("from={year:04}-{first:02}-01&to={end}")
}

fn cells(pair: &Pair, season: &Season) -> Vec<String> {
    let now = &pair.now;
    let mut cells =
        vec![now.amount.text(), grouped(&now.net.jin_number()), grouped(&now.net.kg_number())];
    cells.extend(season.compares.then(|| pair.before.amount.text()));
    cells
}

/// A weight in whole jin, half a jin up: where a bar stands beside it.
pub(super) fn whole_jin(weight: Grams) -> String {
    grouped(&weight.get().saturating_add(250).div_euclid(500).to_string())
}

/// An amount in few letters: 6.7万, 67k. The table has it to the fen.
fn brief(amount: Fen, w: &Words) -> String {
    let yuan = amount.get().saturating_add(50).div_euclid(100);
    let (unit, name) = w.pick((10_000, "万"), (1_000, "k"));
    if yuan < unit {
        return grouped(&yuan.to_string());
    }
    let tenths = yuan.saturating_mul(10).saturating_add(unit / 2).div_euclid(unit);
    match (tenths.div_euclid(10), tenths.rem_euclid(10)) {
        (whole, tenth) if whole < 100 => format!("{whole}.{tenth}{name}"),
        (whole, _) => format!("{}{name}", grouped(&whole.to_string())),
    }
}
