//! `steward weighings`: what `import weighings` offered, until the steward says whose it is.

use clap::{Args, Subcommand};
use courtyard_core::desk::OfferedWeighing;
use courtyard_core::desk::offered::{Otherwise, draft};
use courtyard_core::domain::{BusinessDate, Grade, GrowerId, LiPerKg};
use courtyard_core::steward::{Offer, Steward};
use serde_json::json;

use super::say as words;
use super::{Failure, failure};
use crate::command::output::{list, say};
use crate::command::table::{Column, Table, cells};

/// About weighings from files.
#[derive(Debug, Subcommand)]
pub enum WeighingsDeed {
    /// Those that wait, the oldest first.
    List(Which),
    /// Buy them: one slip of one grower, a line for each product, grade and price.
    Buy {
        /// The grower.
        #[arg(long)]
        grower: GrowerId,
        /// Which: their keys in the list, or as many letters as tell them apart. Without any, all
        /// that name this grower, on the day that `--date` names.
        keys: Vec<String>,
        /// The product, if the file does not say it or says it wrongly: its number, code or name.
        #[arg(long)]
        product: Option<String>,
        /// The grade, likewise.
        #[arg(long)]
        grade: Option<Grade>,
        /// The price, likewise; without one the list and the contract price the line.
        #[arg(long)]
        price: Option<LiPerKg>,
        /// The business date; the day of the weighings if not given.
        #[arg(long)]
        date: Option<BusinessDate>,
    },
    /// Want them no more; the same file will not offer them again.
    Dismiss {
        /// Which: their keys in the list.
        #[arg(required = true)]
        keys: Vec<String>,
    },
}

/// Which weighings.
#[derive(Debug, Default, Args)]
pub struct Which {
    /// Only this day.
    #[arg(long)]
    date: Option<BusinessDate>,
    /// Only those that name this grower.
    #[arg(long)]
    grower: Option<GrowerId>,
}

impl Which {
    fn takes(&self, offer: &OfferedWeighing) -> bool {
        self.date.is_none_or(|date| offer.date == date)
            && (self.grower.is_none() || offer.grower == self.grower)
    }
}

/// Does it.
///
/// # Errors
/// What could not be done, and what to do.
pub(super) fn run(steward: &mut Steward, deed: &WeighingsDeed, json: bool) -> Result<(), Failure> {
    let offers = steward.offers().map_err(|e| failure(&e))?;
    match deed {
        WeighingsDeed::List(which) => {
            let offers: Vec<&Offer> =
                offers.iter().filter(|offer| which.takes(&offer.weighing)).collect();
            let table = table(steward, &offers)?;
            list(json, &json!({ "weighings": table.json_rows() }), &table)
        }
        WeighingsDeed::Buy { grower, keys, product, grade, price, date } => {
            let which = Which { date: *date, grower: Some(*grower) };
            let chosen = if keys.is_empty() {
                offers.into_iter().filter(|offer| which.takes(&offer.weighing)).collect()
            } else {
                find(&offers, keys)?
            };
            let product = product.as_deref().map(|text| steward.product(text)).transpose();
            let product = product.map_err(|e| failure(&e))?.map(|product| product.number);
            let otherwise = Otherwise { product, grade: *grade, price: *price };
            buy(steward, *grower, *date, &chosen, otherwise, json)
        }
        WeighingsDeed::Dismiss { keys } => {
            let chosen = find(&offers, keys)?;
            steward.dismiss(&chosen).map_err(|e| failure(&e))?;
            let count = chosen.len();
            say(json, &json!({ "dismissed": count }), |_| {
                format!("已划去 {count} 条过秤。{count} weighings dismissed.")
            })
        }
    }
}

fn table(steward: &Steward, offers: &[&Offer]) -> Result<Table, Failure> {
    let mut table = Table::new(
        "weighings",
        [
            Column::text("key", "编号 key"),
            Column::date("date", "日期 date"),
            Column::text("time", "时间 time"),
            Column::text("grower", "农户 grower"),
            Column::text("product", "品名 product"),
            Column::text("grade", "等级 grade"),
            Column::grams("gross", "毛重 gross kg"),
            Column::grams("tare", "皮重 tare kg"),
            Column::li_per_kg("price", "单价 ¥/kg"),
            Column::text("file", "文件 file"),
            Column::number("line", "行 line"),
        ],
    );
    let products = steward.store().products().map_err(|e| failure(&e.into()))?;
    for Offer { key, weighing } in offers {
        let product = weighing.product.and_then(|number| {
            products.iter().find(|product| product.number == number).map(|p| p.name.clone())
        });
        table.row(cells![
            short(&hex::encode(key.row_hash), key.occurrence),
            weighing.date,
            weighing.second_of_day.map(clock),
            weighing.grower,
            product,
            weighing.grade.map(|grade| grade.to_string()),
            weighing.weighing.gross,
            weighing.weighing.tare,
            weighing.price,
            weighing.file.as_str(),
            weighing.line,
        ]);
    }
    Ok(table)
}

/// What the list shows of a row's hash: enough to tell a season's rows apart.
const SHOWN: usize = 12;

fn short(hash: &str, occurrence: u32) -> String {
    let hash: String = hash.chars().take(SHOWN).collect();
    if occurrence == 0 { hash } else { format!("{hash}/{occurrence}") }
}

fn clock(second_of_day: u32) -> String {
    let (hour, rest) = (second_of_day / 3_600, second_of_day % 3_600);
    format!("{hour:02}:{:02}:{:02}", rest / 60, rest % 60)
}

/// The weighings that these keys name, each exactly one.
fn find(offers: &[Offer], keys: &[String]) -> Result<Vec<Offer>, Failure> {
    let mut found: Vec<Offer> = Vec::with_capacity(keys.len());
    for asked in keys {
        let (hash, occurrence) = asked.split_once('/').unwrap_or((asked, "0"));
        let mut like = offers.iter().filter(|offer| {
            hex::encode(offer.key.row_hash).starts_with(&hash.to_lowercase())
                && offer.key.occurrence.to_string() == occurrence
        });
        match (like.next(), like.next()) {
            (Some(offer), None) if !found.contains(offer) => found.push(offer.clone()),
            (Some(_), None) => {}
            _ => {
                return Err(Failure::words(
                    &format!(
                        "没有编号为“{asked}”的过秤，或不止一条。没有改动任何东西。可用 steward weighings list 查看。"
                    ),
                    &format!(
                        "No weighing, or more than one, has the key {asked:?}. Nothing was changed. See steward weighings list."
                    ),
                ));
            }
        }
    }
    Ok(found)
}

fn buy(
    steward: &mut Steward,
    grower: GrowerId,
    date: Option<BusinessDate>,
    chosen: &[Offer],
    otherwise: Otherwise,
    json: bool,
) -> Result<(), Failure> {
    steward.must_know(grower).map_err(|e| failure(&e))?;
    let days: Vec<BusinessDate> = chosen.iter().map(|offer| offer.weighing.date).collect();
    let date = match (date, days.first()) {
        (_, None) => {
            return Err(Failure::words(
                "没有这样的待入单过秤。没有改动任何东西。可用 steward weighings list 查看。",
                "No such weighing waits. Nothing was changed. See steward weighings list.",
            ));
        }
        (Some(date), _) => date,
        (None, Some(first)) if days.iter().all(|day| day == first) => *first,
        (None, Some(_)) => {
            return Err(Failure::words(
                "这些过秤不是同一天的，请用 --date 写明收购日期。没有改动任何东西。",
                "These weighings are of several days. Say the business date with --date. Nothing \
                 was changed.",
            ));
        }
    };
    let visit = steward.visit(grower, Some(date)).map_err(|e| failure(&e))?;
    let weighings: Vec<OfferedWeighing> =
        chosen.iter().map(|offer| offer.weighing.clone()).collect();
    let draft = draft(visit, &weighings, otherwise).map_err(|_| {
        Failure::words(
            "文件没有写品名，请用 --product 写明。没有改动任何东西。",
            "The file does not say what was weighed. Say it with --product. Nothing was changed.",
        )
    })?;
    let keys: Vec<_> = chosen.iter().map(|offer| offer.key).collect();
    let bought = steward.save_slip_of(&draft, &keys).map_err(|e| failure(&e))?;
    let bought = bought.ok_or_else(|| {
        Failure::words(
            "其中有过秤已经入过单。没有改动任何东西。",
            "One of these weighings stands on a slip already. Nothing was changed.",
        )
    })?;
    say(json, &words::bought(&bought), |_| words::bought_text(&bought))
}
