//! `report price-differences`: slips at the price of a list that had changed while the phone was
//! offline. The printed price is honoured; this says, grower by grower, what the list in force that
//! day would have given.

use std::collections::BTreeMap;

use clap::Args;
use courtyard_core::domain::{BusinessDate, Fen, GrowerId, Month};
use courtyard_core::store::{SlipFilter, Store};

use super::names::Products;
use super::{Answer, Document, Names, Written, unread};
use crate::command::Failure;
use crate::command::output::too_large;
use crate::command::table::{Column, Table, cells};

/// Which slips.
#[derive(Debug, Args)]
pub(super) struct Asked {
    /// Only this month, such as 2026-07.
    #[arg(long)]
    month: Option<Month>,
    /// Only this village, by name or number.
    #[arg(long)]
    village: Option<String>,
    /// Only this grower, such as H-A7K-12.
    #[arg(long)]
    grower: Option<GrowerId>,
    #[command(flatten)]
    written: Written,
}

impl Answer for Asked {
    fn written(&self) -> &Written {
        &self.written
    }

    fn document(&self, store: &Store) -> Result<Document, Failure> {
        let names = Names::read(store)?;
        let products = Products::read(store)?;
        let last = |month: Month| {
            BusinessDate::from_days(month.first_day_after().days().saturating_sub(1))
        };
        let filter = SlipFilter {
            grower: self.grower,
            village: names.find(self.village.as_deref())?,
            from: self.month.map(Month::first_day),
            to: self.month.and_then(last),
            ..SlipFilter::default()
        };
        let mut lines = Table::new(
            "lines",
            [
                Column::text("grower", "农户 grower"),
                Column::text("name", "姓名 name"),
                Column::text("village", "村 village"),
                Column::text("slip", "单号 slip"),
                Column::date("date", "日期 date"),
                Column::text("product", "品名 product"),
                Column::text("grade", "等级 grade"),
                Column::number("printed_list", "手机价目表 list"),
                Column::li_per_kg("printed_price", "印出价 printed"),
                Column::number("list_in_force", "当日价目表 in force"),
                Column::li_per_kg("price_in_force", "当日价 price"),
                Column::fen("difference", "差额 difference ¥").summed(),
            ],
        );
        let mut sums: BTreeMap<GrowerId, Fen> = BTreeMap::new();
        for row in store.price_differences(filter).map_err(unread)? {
            let sum = sums.entry(row.grower).or_default();
            *sum = sum.plus(row.difference).map_err(too_large)?;
            lines.row(cells![
                row.grower,
                names.grower(row.grower),
                names.village(row.village),
                row.slip,
                row.date,
                products.name(row.product),
                row.grade.to_string(),
                row.printed.0,
                row.printed.1,
                row.in_force.0,
                row.in_force.1,
                row.difference,
            ]);
        }
        let mut growers = Table::new(
            "growers",
            [
                Column::text("grower", "农户 grower"),
                Column::text("name", "姓名 name"),
                Column::fen("difference", "差额 difference ¥").summed(),
            ],
        );
        for (grower, sum) in sums {
            growers.row(cells![grower, names.grower(grower), sum]);
        }
        Ok(Document {
            title: "离线期间价目表变动 price differences".to_owned(),
            tables: vec![growers, lines],
            notes: vec![
                "印出的价格照付；差额只列出，正数是农户按当日价会多得的。\n\
                 Printed prices are honoured. The difference is listed only; positive is what the \
                 grower would have got more."
                    .to_owned(),
            ],
            ..Document::default()
        })
    }
}
