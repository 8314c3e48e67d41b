//! `report float`: every steward's cash over some days: what was there, came, went and was counted.

use std::collections::BTreeMap;

use clap::Args;
use courtyard_core::domain::{BusinessDate, EntityNo, Fen, Holder};
use courtyard_core::ledger::CountRecord;
use courtyard_core::store::{FloatMove, Flow, Store};

use super::names::People;
use super::{Answer, Document, Written, unread};
use crate::command::Failure;
use crate::command::output::too_large;
use crate::command::table::{Column, Table, cells};

/// Over which days.
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
        float(store, self.from, self.to)
    }
}

/// One steward's cash on one account.
#[derive(Debug, Default)]
struct Till {
    opening: Fen,
    issued: Fen,
    paid: Fen,
    lent: Fen,
    received: Fen,
    difference: Fen,
    closing: Fen,
    counted: Option<CountRecord>,
}

impl Till {
    fn sum(&mut self, flow: Flow) -> &mut Fen {
        match flow {
            Flow::Issued => &mut self.issued,
            Flow::Paid => &mut self.paid,
            Flow::Lent => &mut self.lent,
            Flow::Received => &mut self.received,
            Flow::Difference => &mut self.difference,
        }
    }

    /// Adds a move up to the last day.
    fn add(&mut self, moved: &FloatMove, from: Option<BusinessDate>) -> Result<(), Failure> {
        let before = from.is_some_and(|from| moved.date < from);
        let sum = if before { &mut self.opening } else { self.sum(moved.flow) };
        *sum = sum.plus(moved.amount).map_err(too_large)?;
        self.closing = self.closing.plus(moved.amount).map_err(too_large)?;
        Ok(())
    }
}

pub(super) fn float(
    store: &Store,
    from: Option<BusinessDate>,
    to: Option<BusinessDate>,
) -> Result<Document, Failure> {
    let people = People::read(store)?;
    let mut tills: BTreeMap<(EntityNo, Holder), Till> = BTreeMap::new();
    let until = |date: BusinessDate| to.is_none_or(|to| date <= to);
    for moved in store.float_moves().map_err(unread)?.iter().filter(|m| until(m.date)) {
        tills.entry((moved.entity, moved.holder)).or_default().add(moved, from)?;
    }
    let mut counts = store.kept_everywhere::<CountRecord>().map_err(unread)?;
    counts.retain(|count| count.state.stands() && until(count.date));
    counts.sort_by_key(|count| (count.date, count.id));
    for count in counts {
        let till = tills.entry((count.entity, count.holder)).or_default();
        till.counted = Some(count);
    }
    let mut table = Table::new(
        "floats",
        [
            Column::text("steward", "持有人 steward"),
            Column::number("entity", "主体 entity"),
            Column::fen("opening", "期初 opening ¥").summed(),
            Column::fen("issued", "领用移交 issued ¥").summed(),
            Column::fen("paid", "付款 paid ¥").summed(),
            Column::fen("lent", "预付定金 lent ¥").summed(),
            Column::fen("received", "收款 received ¥").summed(),
            Column::fen("difference", "盘盈亏 difference ¥").summed(),
            Column::fen("closing", "期末 closing ¥").summed(),
            Column::fen("advanced", "垫付 advanced ¥").summed(),
            Column::date("counted_on", "盘点日 counted on"),
            Column::fen("counted", "实存 counted ¥"),
            Column::fen("unsettled", "待处理差额 unsettled ¥").summed(),
        ],
    );
    for ((entity, holder), till) in tills {
        let advanced = till.closing.negated().unwrap_or_default().max(Fen::ZERO);
        let open = till.counted.as_ref().filter(|count| count.is_open());
        let unsettled = open.map(CountRecord::difference).transpose().map_err(too_large)?;
        table.row(cells![
            people.holder(holder),
            entity,
            till.opening,
            till.issued,
            till.paid,
            till.lent,
            till.received,
            till.difference,
            till.closing,
            advanced,
            till.counted.as_ref().map(|count| count.date),
            till.counted.as_ref().map(|count| count.counted),
            unsettled,
        ]);
    }
    Ok(Document {
        title: "备用金 floats".to_owned(),
        tables: vec![table],
        notes: vec![
            "期初 + 领用移交 + 付款 + 预付定金 + 收款 + 盘盈亏 = 期末；负数是付出。期末小于零是管家垫付。\n\
             opening + issued + paid + lent + received + difference = closing; what went out is \
             negative. Below zero the steward advanced it."
                .to_owned(),
        ],
        ..Document::default()
    })
}
