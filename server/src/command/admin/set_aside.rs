//! `courtyard admin set-aside`: what was signed and not taken, with its evidence. It is never
//! deleted.

use clap::{Args, Subcommand};
use courtyard_core::document::BookId;
use courtyard_core::domain::{Body, DeviceNo, Entry, EntryHash};
use courtyard_core::wire::Door;
use serde::Serialize;

use crate::command::Failure;
use crate::command::output::list as list_of;
use crate::command::place::{Place, failure};
use crate::command::table::{Column, Table, cells};
use crate::log::{SetAside, blob};

#[derive(Debug, Subcommand)]
pub(super) enum SetAsideCommand {
    /// Everything that was set aside, oldest first.
    List(ListArgs),
}

#[derive(Debug, Args)]
pub(super) struct ListArgs {
    #[command(flatten)]
    place: Place,
}

/// One piece of evidence.
#[derive(Debug, Serialize)]
struct Row {
    device: String,
    document: String,
    code: String,
    zh: &'static str,
    en: &'static str,
    received_ms: i64,
    /// Entries among it; none for register edits.
    entries: Vec<Aside>,
    bytes: usize,
}

/// An entry that was not taken.
#[derive(Debug, Serialize)]
struct Aside {
    entry: String,
    hash: String,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    grower: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    amount_fen: Option<i64>,
}

pub(super) fn run(command: &SetAsideCommand) -> Result<(), Failure> {
    let SetAsideCommand::List(args) = command;
    let mut node = args.place.existing()?;
    let kept = {
        let reads = node.read().map_err(failure)?;
        reads.set_aside().map_err(|error| failure(error.into()))?
    };
    let rows: Vec<Row> = kept.iter().map(row).collect();
    let mut table = Table::new(
        "set_aside",
        [
            Column::text("device", "设备 device"),
            Column::text("document", "单号段或名册 document"),
            Column::text("code", "原因 code"),
            Column::text("entries", "单号 entries"),
            Column::text("zh", "说明 words"),
        ],
    );
    for row in &rows {
        let ids: Vec<&str> = row.entries.iter().map(|aside| aside.entry.as_str()).collect();
        table.row(cells![
            row.device.clone(),
            row.document.clone(),
            row.code.clone(),
            ids.join(" "),
            row.zh,
        ]);
    }
    list_of(args.place.json, &serde_json::json!({ "set_aside": &rows }), &table)
}

fn row(aside: &SetAside) -> Row {
    let words = Door::from_code(&aside.code).map(Door::words);
    Row {
        device: aside.device.to_string(),
        document: aside.subject.clone(),
        code: aside.code.clone(),
        zh: words.map_or("", |words| words.zh),
        en: words.map_or("", |words| words.en),
        received_ms: aside.now_ms,
        entries: entries(aside).unwrap_or_default(),
        bytes: aside.evidence.len(),
    }
}

/// The entries of a forked book; `None` for what is no part of a book.
fn entries(aside: &SetAside) -> Option<Vec<Aside>> {
    let mut name = aside.subject.strip_prefix("book/")?.split('/');
    let device: DeviceNo = name.next()?.parse().ok()?;
    let book = BookId::new(device, name.next()?.parse().ok()?)?;
    let mut d = minicbor::Decoder::new(&aside.evidence);
    d.array().ok()?;
    let start = d.u32().ok()?;
    d.skip().ok()?;
    let entries = blob::unpack(d.bytes().ok()?).ok()?;
    Some(
        entries
            .iter()
            .zip(start..)
            .map(|(bytes, position)| {
                let body = Entry::decode(bytes).ok().map(|entry| entry.body);
                let amount = match &body {
                    Some(Body::Slip(slip)) => slip.amount().ok().map(|fen| fen.get()),
                    Some(Body::Payout(payout)) => Some(payout.cash.get()),
                    _ => None,
                };
                let kind = body.as_ref().and_then(Body::kind);
                Aside {
                    entry: book.entry_at(position).to_string(),
                    hash: EntryHash::of(bytes).to_string(),
                    kind: kind.map_or("newer", |kind| kind.name()),
                    grower: body.as_ref().and_then(Body::grower).map(|g| g.to_string()),
                    amount_fen: amount,
                }
            })
            .collect(),
    )
}
