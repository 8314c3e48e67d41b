//! `import prices`: a complete price list for each date of the file.
//!
//! After the import the list in force on each date of the file is the file's, and on every other
//! date it is what it was. The highest version that has taken effect is in force; so a list for an
//! earlier day is followed by the later lists again, under new versions.

use std::collections::{BTreeMap, BTreeSet};

use courtyard_core::domain::price_list::{PriceList, PriceRow};
use courtyard_core::domain::product::Product;
use courtyard_core::domain::{Body, BusinessDate, Grade, LiPerKg, ProductNo, UnitError};
use courtyard_core::ledger::Published;
use serde::Serialize;

use super::outcome::{Outcome, Words, count};
use super::sheet::{Column, Row, Sheet};
use super::{Bad, Context};
use crate::command::Failure;
use crate::command::place::failure;
use crate::node::Node;
use crate::office::publish::Stamp;
use crate::office::published::{fits_an_entry, published};

const COLUMNS: &[Column] = &[
    Column::needed("date", &["日期"]),
    Column::needed("code", &["item_code", "编码", "代码"]),
    Column::needed("grade", &["等级"]),
    Column::optional("price", &["价格", "单价"]),
    Column::optional("yuan_per_kg", &["元/公斤", "元/kg"]),
    Column::optional("yuan_per_jin", &["元/斤"]),
];
const DATE: usize = 0;
const CODE: usize = 1;
const GRADE: usize = 2;
/// Columns of a price, with the unit that their cells lack.
const PRICES: [(usize, &str); 3] = [(3, ""), (4, "/kg"), (5, "/jin")];

/// What became of the prices of a file.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Imported {
    /// Price list versions that were published.
    versions: Vec<Version>,
    /// Dates of the file on which its list was in force already.
    unchanged_dates: usize,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
struct Version {
    version: u32,
    from: String,
    prices: usize,
    /// It only keeps a later day as it was.
    kept: bool,
}

impl Words for Imported {
    fn words(&self) -> (String, String) {
        let kept = self.versions.iter().filter(|version| version.kept).count();
        let new = self.versions.len().saturating_sub(kept);
        let same = self.unchanged_dates;
        (
            format!("新价目表 {new} 份，为保持后面日期重发 {kept} 份，不变 {same} 天"),
            format!(
                "{new} new lists, {kept} published again to keep later days, {same} days unchanged"
            ),
        )
    }
}

/// Publishes the lists that are not in force already, in one transaction.
pub(super) fn import(
    node: &mut Node,
    bytes: &[u8],
    context: &Context,
) -> Result<Outcome<Imported>, Failure> {
    let sheet = Sheet::read(bytes, COLUMNS, &context.options)?;
    let priced = PRICES.iter().filter(|(column, _)| sheet.has(*column)).count();
    if priced != 1 {
        return Err(Failure::words(
            "表头要有一列价格：price（带单位，如 3.19/kg），或 yuan_per_kg，或 yuan_per_jin。没有导入。",
            "The heading has one column of prices: price (with its unit, as 3.19/kg), yuan_per_kg \
             or yuan_per_jin. Nothing was imported.",
        ));
    }
    node.act(|office, tx, now_ms, _| {
        let stamp = Stamp::today(now_ms);
        let mut imported = Outcome::of(&sheet, context);
        let lists = plan(&sheet, &published(tx.reads())?, stamp, &mut imported);
        if !context.dry_run && !lists.is_empty() {
            let bodies: Vec<Body> = lists.into_iter().map(Body::from).collect();
            office.publish_many(tx, &bodies, stamp)?;
            office.user_act(tx, "command line", "prices.import", &context.file, now_ms)?;
        }
        Ok(imported.sorted())
    })
    .map_err(failure)
}

/// The lines and prices of one date.
type Day = BTreeMap<(ProductNo, Grade), (u64, LiPerKg)>;

/// The lists to publish, in order of dates and versions.
fn plan(
    sheet: &Sheet,
    published: &Published,
    stamp: Stamp,
    imported: &mut Outcome<Imported>,
) -> Vec<PriceList> {
    let days = read(sheet, published, &mut imported.bad);
    let mut lists: Vec<PriceList> = Vec::new();
    let mut version = published.price_lists().map(|list| list.version).max().unwrap_or(0);
    for date in turns(&days, published) {
        let stands = published.price_list_on(date);
        let rows: Vec<PriceRow> = match (days.get(&date), stands) {
            (Some(day), _) => rows_of(day),
            (None, Some(stands)) => stands.rows.clone(),
            (None, None) => continue,
        };
        // Lists come in order of dates, so the last one new is the one in force.
        let in_force = lists.last().or(stands).map(|list| &list.rows);
        if in_force == Some(&rows) {
            if days.contains_key(&date) {
                count(&mut imported.found.unchanged_dates);
            }
            continue;
        }
        let next = version.saturating_add(1);
        let list = PriceList { version: next, from: date, rows };
        if !fits_an_entry(&Body::from(list.clone()), stamp) {
            let line = days.get(&date).and_then(|day| day.values().map(|(line, _)| *line).min());
            imported.bad.push(Bad::new(
                line.unwrap_or(1),
                format!("{date} 的价格太多，一份价目表放不下，这一天没有导入。"),
                format!("{date} has more prices than one list can hold; the day was left out."),
            ));
            continue;
        }
        version = next;
        imported.found.versions.push(Version {
            version,
            from: date.to_string(),
            prices: list.rows.len(),
            kept: !days.contains_key(&date),
        });
        lists.push(list);
    }
    lists
}

/// The days on which another list begins: those of the file, and those that come after its first.
fn turns(days: &BTreeMap<BusinessDate, Day>, published: &Published) -> BTreeSet<BusinessDate> {
    let mut turns: BTreeSet<BusinessDate> = days.keys().copied().collect();
    if let Some(first) = turns.first().copied() {
        turns.extend(published.price_lists().map(|list| list.from).filter(|from| *from > first));
    }
    turns
}

fn rows_of(day: &Day) -> Vec<PriceRow> {
    day.iter().map(|(&(product, grade), &(_, price))| PriceRow { product, grade, price }).collect()
}

fn read(sheet: &Sheet, published: &Published, bad: &mut Vec<Bad>) -> BTreeMap<BusinessDate, Day> {
    let products: BTreeMap<&str, &Product> =
        published.products().map(|product| (product.code.as_str(), product)).collect();
    let mut days: BTreeMap<BusinessDate, Day> = BTreeMap::new();
    for row in &sheet.rows {
        let (date, place, price) = match read_row(row, sheet, &products) {
            Ok(read) => read,
            Err(row) => {
                bad.push(row);
                continue;
            }
        };
        let day = days.entry(date).or_default();
        match day.get(&place) {
            Some((line, first)) if *first != price => bad.push(Bad::new(
                row.line,
                format!("同一天、同一品名等级在第 {line} 行已有别的价格，请删去一行。"),
                format!("Line {line} has another price for the same day, product and grade."),
            )),
            Some(_) => {}
            None => {
                day.insert(place, (row.line, price));
            }
        }
    }
    days
}

type Priced = (BusinessDate, (ProductNo, Grade), LiPerKg);

fn read_row(row: &Row, sheet: &Sheet, products: &BTreeMap<&str, &Product>) -> Result<Priced, Bad> {
    let bad = |zh: String, en: String| Bad::new(row.line, zh, en);
    let unit = |error: UnitError| bad(error.zh(), format!("{error}."));
    let date = row.cell(DATE).parse().map_err(|error| {
        let text = row.cell(DATE);
        bad(format!("日期“{text}”不对，请写成 2026-07-01。"), format!("{error}."))
    })?;
    let code = row.cell(CODE);
    let product = products.get(code).ok_or_else(|| {
        bad(
            format!("目录里没有编码“{code}”，请先导入品名。"),
            format!("The catalogue has no code {code:?}. Import the products first."),
        )
    })?;
    let grade: Grade = row.cell(GRADE).parse().map_err(unit)?;
    if grade.get() >= product.grades {
        return Err(bad(
            format!("{} 只有 {} 个等级，没有 {grade}。", product.name, product.grades),
            format!("{} has {} grades, and no {grade}.", product.name, product.grades),
        ));
    }
    let (column, suffix) =
        PRICES.into_iter().find(|(column, _)| sheet.has(*column)).unwrap_or((0, ""));
    let price: LiPerKg = format!("{}{suffix}", row.cell(column)).parse().map_err(unit)?;
    if price <= LiPerKg::ZERO {
        return Err(bad("价格必须大于零。".into(), "A price is above zero.".into()));
    }
    Ok((date, (product.number, grade), price))
}

#[cfg(test)]
mod tests;
