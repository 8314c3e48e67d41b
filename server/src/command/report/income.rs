//! `report income`: gross purchases of a month by grower. Never "added income": that cannot be
//! computed here.

use clap::Args;
use courtyard_core::domain::{GrowerId, Month, VillageNo};
use courtyard_core::store::Store;

use super::{Answer, Document, Names, Written, unread};
use crate::command::Failure;
use crate::command::table::{Column, Table, cells};

/// Which month, of whom.
#[derive(Debug, Args)]
pub(super) struct Asked {
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
    written: Written,
}

impl Answer for Asked {
    fn written(&self) -> &Written {
        &self.written
    }

    fn document(&self, store: &Store) -> Result<Document, Failure> {
        income(store, self.month, self.village.as_deref(), self.grower)
    }
}

pub(super) fn income(
    store: &Store,
    month: Month,
    village: Option<&str>,
    grower: Option<GrowerId>,
) -> Result<Document, Failure> {
    let names = Names::read(store)?;
    let village = names.find(village)?;
    let found = store.income(month, grower, village).map_err(unread)?;
    let mut growers = Table::new(
        "growers",
        [
            Column::text("grower", "农户 grower"),
            Column::text("name", "姓名 name"),
            Column::text("village", "村 village"),
            Column::number("slips", "单数 slips").summed(),
            Column::grams("net", "净重 kg").summed(),
            Column::fen("amount", "金额 ¥").summed(),
            Column::fen("paid", "已付 paid ¥").summed(),
            Column::fen("unpaid", "未付 unpaid ¥").summed(),
        ],
    );
    for row in found.growers {
        growers.row(cells![
            row.grower,
            row.name,
            names.village(row.village.map(VillageNo::new)),
            row.slips,
            row.net_g,
            row.amount_fen,
            row.paid_fen,
            row.unpaid_fen,
        ]);
    }
    Ok(Document {
        title: format!("{month} 收购额 gross purchases"),
        facts: vec![("month", month.to_string().into())],
        tables: vec![growers],
        ..Document::default()
    })
}
