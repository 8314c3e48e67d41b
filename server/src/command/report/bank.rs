//! `report bank`: every bank batch, how far it is, and what the bank paid and returned.

use clap::Args;
use courtyard_core::domain::bank::BankOutcome;
use courtyard_core::domain::{Holder, OperatorNo};
use courtyard_core::store::Store;

use super::names::People;
use super::{Answer, Document, Names, Written, unread};
use crate::command::Failure;
use crate::command::table::{Cell, Column, Table, cells};

/// Where.
#[derive(Debug, Args)]
pub(super) struct Asked {
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
        bank(store, self.village.as_deref())
    }
}

pub(super) fn bank(store: &Store, village: Option<&str>) -> Result<Document, Failure> {
    let names = Names::read(store)?;
    let people = People::read(store)?;
    let village = names.find(village)?;
    let person = |number: OperatorNo| people.holder(Holder::Person(number));
    let mut batches = Table::new(
        "batches",
        [
            Column::text("batch", "批次 batch"),
            Column::text("state", "状态 state"),
            Column::date("date", "日期 date"),
            Column::text("village", "村 village"),
            Column::number("entity", "主体 entity"),
            Column::text("prepared_by", "经办 prepared by"),
            Column::text("approved_by", "复核 approved by"),
            Column::date("filed_on", "交银行 filed on"),
            Column::number("lines", "笔数 lines").summed(),
            Column::fen("amount", "金额 amount ¥").summed(),
            Column::fen("paid", "已付 paid ¥").summed(),
            Column::fen("returned", "退票 returned ¥").summed(),
            Column::fen("released", "放弃 released ¥").summed(),
            Column::fen("open", "待结果 open ¥").summed(),
            Column::text("file_sha256", "文件 SHA-256"),
        ],
    );
    let mut returned = Table::new(
        "returned_lines",
        [
            Column::text("reserve", "预留号 reserve"),
            Column::text("batch", "批次 batch"),
            Column::date("date", "日期 date"),
            Column::text("grower", "农户 grower"),
            Column::text("name", "姓名 name"),
            Column::fen("amount", "金额 amount ¥").summed(),
            Column::text("reason", "退票原因 reason"),
        ],
    );
    for batch in store.bank_batches().map_err(unread)? {
        if village.is_some() && batch.village != village {
            continue;
        }
        let (state, record) = (batch.state(), batch.record.as_ref());
        let file = record.and_then(|record| record.file.as_ref());
        batches.row(cells![
            batch.number.to_string(),
            Cell::coded(state.name(), state.words()),
            batch.date,
            names.village(batch.village),
            batch.entity,
            person(batch.prepared_by),
            record.map(|record| person(record.approved_by)),
            file.map(|file| file.date),
            batch.all.lines,
            batch.all.amount,
            batch.paid.amount,
            batch.returned.amount,
            batch.released.amount,
            batch.open.amount,
            file.map(|file| hex::encode(file.file_hash)),
        ]);
        for line in &batch.reserves {
            let Some(settled) = &line.settled else { continue };
            let BankOutcome::Returned(reason) = &settled.outcome else { continue };
            returned.row(cells![
                line.id,
                batch.number.to_string(),
                settled.date,
                line.grower,
                names.grower(line.grower),
                line.amount,
                reason.clone(),
            ]);
        }
    }
    Ok(Document {
        title: "批量付款 bank batches".to_owned(),
        tables: vec![batches, returned],
        ..Document::default()
    })
}
