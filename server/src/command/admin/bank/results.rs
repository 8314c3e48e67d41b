//! `courtyard admin bank result`: what the bank says, line by line.

use std::path::PathBuf;

use clap::Args;
use courtyard_core::domain::BatchId;
use serde_json::json;

use super::village_of;
use crate::command::Failure;
use crate::command::import::bank_results::{Unread, read};
use crate::command::output::say;
use crate::command::place::{Place, failure};
use crate::node::Node;
use crate::office::acting::Role;
use crate::office::bank::{Answer, Results, answer};

#[derive(Debug, Args)]
pub(in crate::command::admin) struct ResultArgs {
    /// The bank's answer: CSV (UTF-8 or GB18030) or xlsx.
    file: PathBuf,
    /// The batch; the one of the file's first known line if not given.
    #[arg(long)]
    batch: Option<BatchId>,
    /// The user who does it.
    #[arg(long)]
    by: String,
    #[command(flatten)]
    place: Place,
}

pub(super) fn run(args: &ResultArgs) -> Result<(), Failure> {
    let bytes = std::fs::read(&args.file).map_err(|error| {
        let file = args.file.display();
        Failure::words(
            &format!("文件 {file} 打不开：{error}。没有登记。请检查文件名。"),
            &format!("{file}: {error}. Nothing was recorded. Check the file's name."),
        )
    })?;
    let (answers, unread) = read(&bytes)?;
    let mut node = args.place.existing()?;
    let number = match args.batch {
        Some(number) => number,
        None => named(&mut node, &answers)?,
    };
    let village = village_of(&mut node, number)?;
    let results = node
        .act_on_balances(village, &args.by, Role::CLERKS, |store, deed| {
            answer(store, deed, number, &answers)
        })
        .map_err(failure)?;
    let bad = bad(&results, unread);
    let rows: Vec<_> =
        bad.iter().map(|(line, zh, en)| json!({"line": line, "zh": zh, "en": en})).collect();
    let value = json!({
        "batch": number.to_string(),
        "paid": results.paid.0,
        "paid_fen": results.paid.1,
        "returned": results.returned.0,
        "returned_fen": results.returned.1,
        "unchanged": results.unchanged,
        "open": results.open,
        "bad": rows,
    });
    say(args.place.json, &value, |_| {
        let Results { paid, returned, unchanged, open, .. } = &results;
        format!(
            "{number}：已付 {} 笔 {}，退票 {} 笔 {}，不变 {unchanged} 笔，待结果 {open} 笔\n\
             {} paid, {} returned, {unchanged} unchanged, {open} without a result",
            paid.0,
            paid.1.text(),
            returned.0,
            returned.1.text(),
            paid.0,
            returned.0,
        )
    })?;
    if bad.is_empty() {
        return Ok(());
    }
    let lines: Vec<String> =
        bad.iter().map(|(line, zh, en)| format!("第 {line} 行 line {line}: {zh} {en}")).collect();
    Err(Failure::found(format!(
        "{} 行没有登记，其余已登记。/ Not recorded: {}; the others are.\n{}",
        bad.len(),
        bad.len(),
        lines.join("\n")
    )))
}

/// The batch of the first line that names a known reserve.
fn named(node: &mut Node, answers: &[Answer]) -> Result<BatchId, Failure> {
    let view = node.view().map_err(failure)?;
    let batches = view.store().bank_batches().map_err(super::unread)?;
    let batch = answers.iter().find_map(|answer| {
        batches.iter().find(|batch| batch.reserves.iter().any(|line| line.id == answer.reserve))
    });
    batch.map(|batch| batch.number).ok_or_else(|| {
        Failure::words(
            "文件里没有一笔预留号是这里的。没有登记任何结果。请核对文件。",
            "No line of the file names a reserve that is known here. Nothing was recorded. Check \
             the file.",
        )
    })
}

/// Every line that was not taken, in order.
fn bad(results: &Results, mut unread: Vec<Unread>) -> Vec<Unread> {
    unread.extend(results.bad.iter().map(|(line, reserve, rule)| {
        (
            *line,
            format!("{reserve}：{}（{}）", rule.zh, rule.code),
            format!("{reserve}: {} ({})", rule.en, rule.code),
        )
    }));
    unread.sort_by_key(|(line, ..)| *line);
    unread
}
