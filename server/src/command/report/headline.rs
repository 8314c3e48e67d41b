//! `report headline`: in how many villages, from how many households, how much, since when. It is
//! called gross purchases, never "added income": that cannot be computed here.

use clap::Args;
use courtyard_core::domain::{BusinessDate, Fen};
use courtyard_core::store::Store;
use courtyard_core::store::queries::HeadlineRow;

use super::{Answer, Document, Names, Written, unread};
use crate::command::Failure;
use crate::command::table::{Cell, Column, Table, cells};

/// Of which days.
#[derive(Debug, Args)]
pub(super) struct Asked {
    /// From this day on.
    #[arg(long)]
    from: Option<BusinessDate>,
    /// Up to and with this day.
    #[arg(long)]
    to: Option<BusinessDate>,
    #[command(flatten)]
    written: Written,
}

impl Answer for Asked {
    fn written(&self) -> &Written {
        &self.written
    }

    fn document(&self, store: &Store) -> Result<Document, Failure> {
        headline(
            store,
            self.from.unwrap_or(BusinessDate::FIRST),
            self.to.unwrap_or(BusinessDate::LAST),
        )
    }
}

pub(super) fn headline(
    store: &Store,
    from: BusinessDate,
    to: BusinessDate,
) -> Result<Document, Failure> {
    let names = Names::read(store)?;
    let found = store.headline(from, to).map_err(unread)?;
    let mut villages = Table::new(
        "villages",
        [
            Column::text("village", "村 village"),
            Column::number("households", "农户 households"),
            Column::number("slips", "单数 slips"),
            Column::grams("net", "净重 kg"),
            Column::jin("net", "净重 斤"),
            Column::fen("amount", "收购额 ¥"),
            Column::date("since", "始于 since"),
            Column::date("until", "至 until"),
            Column::fen("per_household_month", "户均月收购 ¥"),
        ],
    );
    for row in &found.villages {
        villages.row(cells![
            names.village(row.village),
            row.households,
            row.slips,
            row.net,
            Cell::Jin(row.net),
            row.amount,
            row.days.map(|(first, _)| first),
            row.days.map(|(_, last)| last),
            per_household_month(row),
        ]);
    }
    let all = found.total;
    let since = all.days.map(|(first, _)| first);
    let mean = per_household_month(&all);
    let note = format!(
        "{} 村 {} 户，{} 单，净重 {} 斤（{}），收购额 {}，户均月收购 {}\n\
         {} villages, {} households, {} slips, {} net, gross purchases {}, {} per active household \
         and month",
        found.villages.len(),
        all.households,
        all.slips,
        all.net.jin_number(),
        all.net.kg(),
        all.amount.text(),
        mean.unwrap_or_default().text(),
        found.villages.len(),
        all.households,
        all.slips,
        all.net.kg(),
        all.amount.text(),
        mean.unwrap_or_default().text(),
    );
    Ok(Document {
        title: "收购总况 headline".to_owned(),
        facts: vec![
            ("village_count", found.villages.len().into()),
            ("households", all.households.into()),
            ("household_months", all.household_months.into()),
            ("slips", all.slips.into()),
            ("net_g", all.net.into()),
            ("amount_fen", all.amount.into()),
            ("since", since.into()),
            ("until", all.days.map(|(_, last)| last).into()),
            ("per_household_month_fen", mean.into()),
        ],
        tables: vec![villages],
        notes: vec![note],
        ..Document::default()
    })
}

/// Gross purchases per household and month in which it sold something, cut to a fen.
fn per_household_month(row: &HeadlineRow) -> Option<Fen> {
    row.amount.get().checked_div(row.household_months).map(Fen::new)
}
