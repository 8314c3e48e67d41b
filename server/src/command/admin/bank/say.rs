//! How bank batches look: as JSON for scripts, as words and tables for people.

use std::collections::BTreeMap;

use courtyard_core::domain::GrowerId;
use courtyard_core::domain::bank::BankOutcome;
use courtyard_core::ledger::ReserveRecord;
use courtyard_core::store::{Batch, BatchSum, Store};
use serde_json::{Value, json};

use crate::command::Failure;
use crate::command::table::{Cell, Column, Table, cells};
use crate::office::bank::Prepared;

pub(super) fn prepared(prepared: &Prepared) -> Value {
    let lines = prepared.lines.iter().map(|line| {
        json!({"reserve": line.reserve.to_string(), "grower": line.grower.to_string(),
               "amount_fen": line.amount, "slips": line.slips,
               "account_last4": line.account_last4})
    });
    let missing = prepared
        .missing
        .iter()
        .map(|(grower, amount)| json!({"grower": grower.to_string(), "amount_fen": amount}));
    json!({
        "batch": prepared.batch.to_string(),
        "lines": lines.collect::<Vec<_>>(),
        "total_fen": prepared.total,
        "missing": missing.collect::<Vec<_>>(),
    })
}

pub(super) fn prepared_text(prepared: &Prepared) -> String {
    let (lines, total) = (prepared.lines.len(), prepared.total.text());
    let mut text = format!(
        "{} {lines} 笔 {total}，已预留，待另一人复核。\n{lines} lines reserved; a second person \
         approves them.",
        prepared.batch
    );
    for line in &prepared.lines {
        let amount = line.amount.text();
        text.push_str(&format!(
            "\n{} {} {amount} 尾号 ending in {}",
            line.reserve, line.grower, line.account_last4
        ));
    }
    for (grower, amount) in &prepared.missing {
        text.push_str(&format!(
            "\n没有账号，未编入 no account, left out: {grower} {}",
            amount.text()
        ));
    }
    text
}

fn sum(sum: BatchSum) -> Value {
    json!({"lines": sum.lines, "amount_fen": sum.amount})
}

pub(super) fn batch(batch: &Batch) -> Value {
    let record = batch.record.as_ref();
    let file = record.and_then(|record| record.file.as_ref());
    json!({
        "batch": batch.number.to_string(),
        "state": batch.state().name(),
        "village": batch.village.map(|village| village.get()),
        "entity": batch.entity.get(),
        "date": batch.date.to_string(),
        "prepared_by": batch.prepared_by.get(),
        "approved_by": record.map(|record| record.approved_by.get()),
        "file_sha256": file.map(|file| hex::encode(file.file_hash)),
        "all": sum(batch.all),
        "open": sum(batch.open),
        "paid": sum(batch.paid),
        "returned": sum(batch.returned),
        "released": sum(batch.released),
    })
}

/// The heads of the growers' households, as the register knows them.
pub(super) type Names = BTreeMap<GrowerId, String>;

pub(super) fn names(store: &Store, batch: &Batch) -> Result<Names, Failure> {
    let mut names = Names::new();
    for line in &batch.reserves {
        let row = store.grower(line.grower).map_err(super::unread)?;
        names.extend(row.map(|row| (line.grower, row.name)));
    }
    Ok(names)
}

/// `open`, `paid`, `returned` or `released`, with the bank's words.
fn end(line: &ReserveRecord) -> (&'static str, &'static str, &str) {
    match line.settled.as_ref().map(|settled| &settled.outcome) {
        None => ("open", "待结果", ""),
        Some(BankOutcome::Paid(reference)) => ("paid", "已付", reference),
        Some(BankOutcome::Returned(reason)) => ("returned", "退票", reason),
        Some(BankOutcome::Released(reason)) => ("released", "已放弃", reason),
    }
}

pub(super) fn whole(of: &Batch, names: &Names) -> Value {
    let mut value = batch(of);
    let lines = of.reserves.iter().map(|line| {
        let (result, _, note) = end(line);
        json!({
            "reserve": line.id.to_string(),
            "grower": line.grower.to_string(),
            "name": names.get(&line.grower),
            "amount_fen": line.amount,
            "account_last4": line.account_last4,
            "result": result,
            "note": note,
            "date": line.settled.as_ref().map(|settled| settled.date.to_string()),
            "excess_fen": line.settled.as_ref().map(|settled| settled.excess),
            "slips": line.allocations.iter().map(|part| {
                json!({"slip": part.slip.to_string(), "amount_fen": part.amount})
            }).collect::<Vec<_>>(),
        })
    });
    let lines = Value::Array(lines.collect());
    if let Value::Object(members) = &mut value {
        members.insert("lines".to_owned(), lines);
    }
    value
}

pub(super) fn text(batch: &Batch, names: &Names) -> String {
    let mut text = format!(
        "{} {} {} 笔 {}",
        batch.number,
        batch.state().words(),
        batch.all.lines,
        batch.all.amount.text()
    );
    for line in &batch.reserves {
        let (code, zh, note) = end(line);
        let name = names.get(&line.grower).map_or("", String::as_str);
        let (amount, last4) = (line.amount.text(), &line.account_last4);
        text.push_str(&format!(
            "\n{} {} {name} {amount} 尾号 {last4}  {zh} {code} {note}",
            line.id, line.grower
        ));
    }
    text
}

/// Every batch, a row each.
pub(super) fn table(batches: &[Batch]) -> Table {
    let mut table = Table::new(
        "batches",
        [
            Column::text("batch", "批次 batch"),
            Column::text("state", "状态 state"),
            Column::date("date", "日期 date"),
            Column::number("village", "村 village"),
            Column::number("entity", "主体 entity"),
            Column::number("lines", "笔数 lines").summed(),
            Column::fen("amount", "金额 amount ¥").summed(),
            Column::fen("paid", "已付 paid ¥").summed(),
            Column::fen("returned", "退票 returned ¥").summed(),
            Column::fen("open", "待结果 open ¥").summed(),
        ],
    );
    for batch in batches {
        let state = batch.state();
        table.row(cells![
            batch.number.to_string(),
            Cell::coded(state.name(), state.words()),
            batch.date,
            batch.village.map(|village| village.get()),
            batch.entity,
            batch.all.lines,
            batch.all.amount,
            batch.paid.amount,
            batch.returned.amount,
            batch.open.amount,
        ]);
    }
    table
}
