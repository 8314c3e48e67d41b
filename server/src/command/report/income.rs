//! `report income`: gross purchases of a month by grower. Never "added income": that cannot be
//! computed here.

use clap::Args;
use courtyard_core::domain::{Fen, Grams, GrowerId, Month, VillageNo};
use courtyard_core::store::Store;
use serde::Serialize;

use super::{Names, unread, view};
use crate::command::Failure;
use crate::command::output::say;
use crate::command::place::Place;
use crate::command::table::{Side, Table};

#[derive(Debug, Args)]
pub(super) struct IncomeArgs {
    /// The month of delivery, such as 2026-07.
    #[arg(long)]
    month: Month,
    /// Only slips of this village, by name or number.
    #[arg(long)]
    village: Option<String>,
    /// Only this grower, such as H-A7K-12.
    #[arg(long)]
    grower: Option<GrowerId>,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Income {
    pub(super) month: String,
    pub(super) growers: Vec<Row>,
    pub(super) total: Sum,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Row {
    pub(super) grower: String,
    pub(super) name: String,
    pub(super) village: String,
    #[serde(flatten)]
    pub(super) sum: Sum,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub(super) struct Sum {
    pub(super) slips: i64,
    pub(super) net_g: Grams,
    pub(super) amount_fen: Fen,
    pub(super) paid_fen: Fen,
    pub(super) unpaid_fen: Fen,
}

impl Sum {
    fn cells(self) -> [String; 5] {
        [
            self.slips.to_string(),
            self.net_g.kg_number(),
            self.amount_fen.yuan_number(),
            self.paid_fen.yuan_number(),
            self.unpaid_fen.yuan_number(),
        ]
    }
}

pub(super) fn run(args: &IncomeArgs) -> Result<(), Failure> {
    let view = view(&args.place)?;
    let income = income(view.store(), args.month, args.village.as_deref(), args.grower)?;
    say(args.place.json, &income, text)
}

/// The report.
pub(super) fn income(
    store: &Store,
    month: Month,
    village: Option<&str>,
    grower: Option<GrowerId>,
) -> Result<Income, Failure> {
    let names = Names::read(store).map_err(unread)?;
    let village = names.find(village)?;
    let found = store.income(month, grower, village).map_err(unread)?;
    let sum = |row: &courtyard_core::store::queries::IncomeRow| Sum {
        slips: row.slips,
        net_g: row.net_g,
        amount_fen: row.amount_fen,
        paid_fen: row.paid_fen,
        unpaid_fen: row.unpaid_fen,
    };
    let growers = found
        .growers
        .iter()
        .map(|row| Row {
            grower: row.grower.clone(),
            name: row.name.clone(),
            village: names.village(row.village.map(VillageNo::new)),
            sum: sum(row),
        })
        .collect();
    Ok(Income { month: month.to_string(), growers, total: sum(&found.total) })
}

pub(super) fn text(income: &Income) -> String {
    let mut table = Table::new(&[
        ("农户 grower", Side::Left),
        ("姓名 name", Side::Left),
        ("村 village", Side::Left),
        ("单数 slips", Side::Right),
        ("净重 kg", Side::Right),
        ("金额 ¥", Side::Right),
        ("已付 paid", Side::Right),
        ("未付 unpaid", Side::Right),
    ]);
    for row in &income.growers {
        let head = [row.grower.clone(), row.name.clone(), row.village.clone()];
        table.row(head.into_iter().chain(row.sum.cells()));
    }
    let head = ["合计 total".to_owned(), String::new(), String::new()];
    table.row(head.into_iter().chain(income.total.cells()));
    format!("{} 收购额 gross purchases\n{}", income.month, table.text())
}
