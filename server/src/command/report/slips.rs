//! `report slips`: slips, the newest first, held and voided ones too.

use clap::Args;
use courtyard_core::domain::{BusinessDate, GrowerId, Month, ProductNo};
use courtyard_core::ledger::State;
use courtyard_core::store::{SlipRow, SlipSelection, Standing, Store};

use super::{Answer, Document, Names, Written, unread};
use crate::command::Failure;
use crate::command::table::{Cell, Column, Table, cells};

/// Which slips.
#[derive(Debug, Args)]
pub(super) struct Asked {
    #[command(flatten)]
    wanted: Wanted,
    #[command(flatten)]
    written: Written,
}

#[derive(Debug, Default, Args)]
pub(super) struct Wanted {
    /// Only this month, such as 2026-07.
    #[arg(long)]
    pub(super) month: Option<Month>,
    /// Only this village, by name or number.
    #[arg(long)]
    pub(super) village: Option<String>,
    /// Only this grower, such as H-A7K-12.
    #[arg(long)]
    pub(super) grower: Option<GrowerId>,
    /// Only with a line of this product, by number.
    #[arg(long)]
    pub(super) product: Option<u32>,
    /// Only those that stand so: counted, held, voided or refused.
    #[arg(long, value_parser = standing_named)]
    pub(super) state: Option<Standing>,
    /// Only those of which something is owed.
    #[arg(long)]
    pub(super) unpaid: bool,
    /// A slip's number or its beginning, or a grower by name, pinyin, initials or number.
    #[arg(long)]
    pub(super) text: Option<String>,
    /// At most so many.
    #[arg(long, default_value_t = 100)]
    pub(super) limit: u32,
}

fn standing_named(text: &str) -> Result<Standing, String> {
    Standing::named(text).ok_or_else(|| "counted, held, voided, refused".to_owned())
}

impl Answer for Asked {
    fn written(&self) -> &Written {
        &self.written
    }

    fn document(&self, store: &Store) -> Result<Document, Failure> {
        slips(store, &self.wanted)
    }
}

/// How a slip stands, and what voided it.
pub(super) fn standing(state: State) -> (Cell, Cell) {
    match state {
        State::Counted => (Cell::coded("counted", ""), Cell::Empty),
        State::Held => (Cell::coded("held", "留存 held"), Cell::Empty),
        State::Refused => (Cell::coded("refused", "不认可 refused"), Cell::Empty),
        State::Voided { by } => (Cell::coded("voided", "作废 void"), by.into()),
    }
}

pub(super) fn slips(store: &Store, wanted: &Wanted) -> Result<Document, Failure> {
    let names = Names::read(store)?;
    let last =
        |month: Month| BusinessDate::from_days(month.first_day_after().days().saturating_sub(1));
    let selection = SlipSelection {
        village: names.find(wanted.village.as_deref())?,
        grower: wanted.grower,
        product: wanted.product.map(ProductNo::new),
        from: wanted.month.map(Month::first_day),
        to: wanted.month.and_then(last),
        state: wanted.state,
        unpaid: wanted.unpaid,
        text: wanted.text.clone().unwrap_or_default(),
    };
    let found = store.slip_page(&selection, None, wanted.limit).map_err(unread)?;
    let more = found.older.is_some();
    let mut slips = table();
    for slip in &found.rows {
        slips.row(row(&names, slip));
    }
    let mut document =
        Document {
            title: "收购单 slips".to_owned(), tables: vec![slips], ..Document::default()
        };
    document.json.insert("more".to_owned(), more.into());
    if more {
        document.notes.push("还有更多，请用 --limit。There are more: see --limit.".to_owned());
    }
    Ok(document)
}

/// A table of slips without rows: the report's and every download's.
pub(crate) fn table() -> Table {
    Table::new(
        "slips",
        [
            Column::text("slip", "单号 slip"),
            Column::date("date", "日期 date"),
            Column::text("grower", "农户 grower"),
            Column::text("name", "姓名 name"),
            Column::text("village", "村 village"),
            Column::grams("net", "净重 net kg"),
            Column::grams("settlement", "结算 settled kg"),
            Column::fen("amount", "金额 ¥"),
            Column::fen("paid", "已付 paid ¥"),
            Column::fen("unpaid", "未付 unpaid ¥"),
            Column::text("state", "状态 state"),
            Column::text("voided_by", "作废单 voided by"),
        ],
    )
}

/// A slip as a row of it.
pub(crate) fn row(names: &Names, slip: &SlipRow) -> [Cell; 12] {
    let (state, voided_by) = standing(slip.state);
    cells![
        slip.id,
        slip.date,
        slip.grower,
        names.grower_on(slip.grower, slip.date),
        names.village(slip.village),
        slip.net,
        slip.settlement,
        slip.amount,
        slip.paid,
        slip.remaining,
        state,
        voided_by,
    ]
}
