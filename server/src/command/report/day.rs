//! `report day`: the day book of a village (日收购清单), a row for each line of each slip.

use std::collections::BTreeSet;

use clap::Args;
use courtyard_core::domain::slip::{PriceReason, Segment};
use courtyard_core::domain::{BusinessDate, Fen};
use courtyard_core::ledger::{SlipRecord, State};
use courtyard_core::store::Store;
use courtyard_core::store::queries::SlipFilter;

use super::names::{People, Products};
use super::slips::standing;
use super::{Answer, Document, Names, Written, unread};
use crate::command::Failure;
use crate::command::output::too_large;
use crate::command::table::{Cell, Column, Table, cells};

/// Which day, where.
#[derive(Debug, Args)]
pub(super) struct Asked {
    /// The business date.
    #[arg(long)]
    date: BusinessDate,
    /// Only this village, by name or number.
    #[arg(long)]
    village: Option<String>,
    #[command(flatten)]
    written: Written,
}

impl Answer for Asked {
    fn written(&self) -> &Written {
        &self.written
    }

    fn document(&self, store: &Store) -> Result<Document, Failure> {
        day(store, self.date, self.village.as_deref())
    }
}

pub(super) fn day(
    store: &Store,
    date: BusinessDate,
    village: Option<&str>,
) -> Result<Document, Failure> {
    let names = Names::read(store)?;
    let village = names.find(village)?;
    let (people, products) = (People::read(store)?, Products::read(store)?);
    let filter = SlipFilter {
        village,
        from: Some(date),
        to: Some(date),
        limit: u32::MAX,
        ..SlipFilter::default()
    };
    let mut lines = Table::new(
        "lines",
        [
            Column::text("village", "村 village"),
            Column::text("slip", "单号 slip"),
            Column::text("grower", "农户 grower"),
            Column::text("name", "姓名 name"),
            Column::text("product", "品名 product"),
            Column::text("grade", "等级 grade"),
            Column::grams("net", "净重 net kg"),
            Column::grams("settlement", "结算 settled kg").summed(),
            Column::jin("settlement", "结算 斤").summed(),
            Column::li_per_kg("price", "单价 ¥/kg"),
            Column::text("segments", "价段 segments"),
            Column::fen("amount", "金额 ¥").summed(),
            Column::fen("paid", "已付 paid ¥").summed(),
            Column::fen("unpaid", "未付 unpaid ¥").summed(),
            Column::text("steward", "收购 steward"),
            Column::text("state", "状态 state"),
        ],
    );
    let mut slips: Vec<SlipRecord> = Vec::new();
    for row in store.slips(filter).map_err(unread)? {
        slips.extend(store.slip(row.id).map_err(unread)?);
    }
    slips.sort_by_key(|slip| (slip.village, slip.id));
    let mut growers = BTreeSet::new();
    for slip in &slips {
        let (state, _) = standing(slip.state);
        let counts = slip.state == State::Counted;
        if counts {
            growers.insert(slip.grower);
        }
        let steward = people.holder(slip.holder());
        for (number, line) in slip.lines.iter().enumerate() {
            // What was paid is known of the slip as a whole; it stands on its first line. Only what
            // counts is added up.
            let whole =
                |amount| if number == 0 && counts { Cell::from(amount) } else { Cell::Empty };
            let counted = |cell: Cell| if counts { cell } else { Cell::Empty };
            let (price, segments) = priced(&line.segments);
            lines.row(cells![
                names.village(slip.village),
                slip.id,
                slip.grower,
                names.grower_on(slip.grower, slip.date),
                products.name(line.product),
                line.grade.to_string(),
                line.net,
                counted(line.settlement.into()),
                counted(Cell::Jin(line.settlement)),
                price,
                segments,
                counted(line.amount.into()),
                whole(slip.paid),
                whole(slip.remaining),
                steward.as_str(),
                state.clone(),
            ]);
        }
    }
    let counted = slips.iter().filter(|s| s.state == State::Counted);
    let note = format!(
        "{} 户 {} 单。收购 ________ 复核 ________\n{} households, {} slips.",
        growers.len(),
        counted.clone().count(),
        growers.len(),
        counted.clone().count(),
    );
    let amount = Fen::sum(counted.clone().map(|slip| slip.amount));
    Ok(Document {
        title: format!("{date} 日收购清单 day book"),
        facts: vec![
            ("date", date.into()),
            ("slips", counted.count().into()),
            ("households", growers.len().into()),
            ("amount_fen", amount.map_err(too_large)?.into()),
        ],
        tables: vec![lines],
        notes: vec![note],
        ..Document::default()
    })
}

/// The one price of a line, or its segments in words.
pub(super) fn priced(segments: &[Segment]) -> (Cell, Cell) {
    let words = |segment: &Segment| match segment.reason {
        PriceReason::Pending => "待定价 pending".to_owned(),
        _ => format!("{}×{}", segment.weight.kg_number(), segment.price.per_kg_number()),
    };
    match segments {
        [one] if one.reason != PriceReason::Pending => (one.price.into(), Cell::Empty),
        several => {
            let words: Vec<String> = several.iter().map(words).collect();
            (Cell::Empty, words.join(" + ").into())
        }
    }
}
