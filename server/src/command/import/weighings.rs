//! `import weighings`: what a scale, a till or another program exported, offered to the steward of
//! this folder. A row buys nothing: the steward says whose a weighing is, and makes the slip.

use std::collections::HashMap;

use courtyard_core::desk::OfferedWeighing;
use courtyard_core::domain::check::Limits;
use courtyard_core::domain::{Grams, GrowerId};
use courtyard_core::steward::{Offer, Steward};
use courtyard_core::store::ImportKey;
use serde::Serialize;

use super::goods::Goods;
use super::outcome::{Outcome, Words};
use super::sheet::{Column, Row, Sheet};
use super::values::{Units, date_of, price_of, second_of_day, weighing_of};
use super::{Bad, Context, bar, goods};
use crate::command::Failure;
use crate::command::steward::failure;

const COLUMNS: &[Column] = &[
    Column::needed("date", &["日期"]),
    Column::optional("time", &["时间"]),
    Column::optional("grower", &["household", "农户", "户主", "姓名"]),
    Column::optional("product", &["code", "item_code", "品名", "编码", "货号", "plu"]),
    Column::optional("grade", &["等级"]),
    Column::optional("gross", &["gross_kg", "毛重"]),
    Column::optional("gross_jin", &["毛重斤"]),
    Column::optional("tare", &["tare_kg", "皮重"]),
    Column::optional("tare_jin", &["皮重斤"]),
    Column::optional("net", &["net_kg", "kg", "净重", "重量"]),
    Column::optional("net_jin", &["净重斤"]),
    Column::optional("price", &["单价", "价格"]),
    Column::optional("yuan_per_kg", &["元/公斤", "元/kg"]),
    Column::optional("yuan_per_jin", &["元/斤"]),
    Column::optional("kind", &["类型", "销售类型"]),
];
const DATE: usize = 0;
const TIME: usize = 1;
const GROWER: usize = 2;
const PRODUCT: usize = 3;
const GRADE: usize = 4;
const GROSS: &Units = &[(5, ""), (6, "jin")];
const TARE: &Units = &[(7, ""), (8, "jin")];
const NET: &Units = &[(9, ""), (10, "jin")];
const PRICE: &Units = &[(11, ""), (12, "/kg"), (13, "/jin")];
const KIND: usize = 14;

/// What became of the weighings of a file.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Imported {
    /// They wait for the steward now.
    offered: usize,
    /// They waited already, became slips, or were dismissed.
    unchanged: usize,
    net_g: Grams,
}

impl Words for Imported {
    fn words(&self) -> (String, String) {
        let (offered, unchanged, weight) = (self.offered, self.unchanged, self.net_g.kg());
        (
            format!(
                "待入单 {offered}（净重共 {weight}），不变 {unchanged}；用 steward weighings 查看"
            ),
            format!(
                "{offered} offered ({weight} net), {unchanged} unchanged; see steward weighings"
            ),
        )
    }
}

/// Offers what is new, in one transaction.
pub(super) fn import(
    steward: &mut Steward,
    bytes: &[u8],
    context: &Context,
) -> Result<Outcome<Imported>, Failure> {
    let sheet = Sheet::read(bytes, COLUMNS, &context.options)?;
    if !sheet.has_any(GROSS) && !sheet.has_any(NET) {
        return Err(Failure::words(
            "没有重量列：gross（毛重）或 net（净重）。没有导入。列名不同请用 --map 列=字段。",
            "There is no column of weights: gross or net. Nothing was imported. For other names \
             see --map COLUMN=FIELD.",
        ));
    }
    let known = Known::read(steward).map_err(|error| failure(&error))?;
    let mut imported: Outcome<Imported> = Outcome::of(&sheet, context);
    let mut seen: HashMap<&str, u32> = HashMap::new();
    let mut offers = Vec::with_capacity(sheet.rows.len());
    let bar = bar(sheet.rows.len());
    for row in &sheet.rows {
        bar.inc(1);
        match read(row, &sheet, &known) {
            Ok(weighing) => {
                let occurrence = seen.entry(row.whole()).or_default();
                let key = ImportKey::of(row.whole().as_bytes(), *occurrence);
                *occurrence = occurrence.saturating_add(1);
                let weighing = OfferedWeighing { file: context.file.clone(), ..weighing };
                offers.push(Offer { key, weighing });
            }
            Err(bad) => imported.bad.push(bad),
        }
    }
    bar.finish_and_clear();
    let new: Vec<Offer> = new_ones(steward, offers, &mut imported.found.unchanged)?;
    let nets = new.iter().map(|offer| offer.weighing.weighing.net());
    let net = nets.collect::<Result<Vec<_>, _>>().and_then(Grams::sum);
    imported.found.net_g = net.map_err(crate::command::output::too_large)?;
    imported.found.offered = new.len();
    if !context.dry_run {
        steward.offer(&new).map_err(|error| failure(&error))?;
    }
    Ok(imported.sorted())
}

/// Those that were never offered; the others are counted.
fn new_ones(
    steward: &Steward,
    offers: Vec<Offer>,
    unchanged: &mut usize,
) -> Result<Vec<Offer>, Failure> {
    let all = offers.len();
    let mut new = Vec::with_capacity(all);
    for offer in offers {
        if !steward.knows_row(&offer.key).map_err(|error| failure(&error))? {
            new.push(offer);
        }
    }
    *unchanged = all.saturating_sub(new.len());
    Ok(new)
}

/// What the steward's ledger knows, read once.
struct Known {
    limits: Limits,
    goods: Goods,
    /// Numbers and names of those whose rows are used.
    growers: Vec<(GrowerId, String)>,
}

impl Known {
    fn read(steward: &Steward) -> Result<Known, courtyard_core::steward::StewardError> {
        steward.device()?;
        let goods = Goods::of(steward.store().products()?);
        let growers = steward.store().growers(None)?.into_iter();
        let growers = growers.filter(|row| !row.retired).map(|row| (row.id, row.name)).collect();
        Ok(Known { limits: steward.limits()?, goods, growers })
    }

    /// The grower of this number or name.
    fn grower(&self, row: &Row) -> Result<Option<GrowerId>, Bad> {
        let text = row.cell(GROWER);
        if text.is_empty() {
            return Ok(None);
        }
        let id: Option<GrowerId> = text.parse().ok();
        let mut found =
            self.growers.iter().filter(|(number, name)| Some(*number) == id || name == text);
        match (found.next(), found.next()) {
            (Some((grower, _)), None) => Ok(Some(*grower)),
            (Some(_), Some(_)) => Err(Bad::new(
                row.line,
                format!("名册里有不止一户“{text}”，请写户号，如 H-A7K-12。"),
                format!("The register has more than one {text:?}. Write the number, as H-A7K-12."),
            )),
            (None, _) => Err(Bad::new(
                row.line,
                format!("名册里没有“{text}”，请先登记，或把这一格留空。"),
                format!("The register has no {text:?}. Register them first, or leave it empty."),
            )),
        }
    }
}

fn read(row: &Row, sheet: &Sheet, known: &Known) -> Result<OfferedWeighing, Bad> {
    let date = date_of(row, DATE)?;
    let time = row.cell(TIME);
    let second_of_day = (!time.is_empty()).then(|| second_of_day(time).ok_or(time)).transpose();
    let second_of_day = second_of_day.map_err(|time| {
        Bad::new(
            row.line,
            format!("时间“{time}”不对，请写成 06:03:50。"),
            format!("{time:?} is no time such as 06:03:50."),
        )
    })?;
    match row.cell(KIND) {
        "" | "销售" | "收购" | "sale" | "purchase" => {}
        other => {
            return Err(Bad::new(
                row.line,
                format!("“{other}”不是收购，没有当作过秤。"),
                format!("{other:?} is no purchase; it was not taken as a weighing."),
            ));
        }
    }
    let weighing = weighing_of(row, sheet, GROSS, TARE, NET)?;
    if let Some(rule) = weighing.fault(&known.limits) {
        return Err(Bad::new(row.line, rule.zh, rule.en));
    }
    let product = match row.cell(PRODUCT) {
        "" => None,
        text => Some(known.goods.find(row.line, text)?),
    };
    Ok(OfferedWeighing {
        date,
        second_of_day,
        grower: known.grower(row)?,
        product: product.map(|product| product.number),
        grade: goods::grade(row.line, row.cell(GRADE), product)?,
        weighing,
        price: price_of(row, sheet, PRICE)?,
        file: String::new(),
        line: row.line,
        dismissed: false,
    })
}

#[cfg(test)]
mod tests;
