//! `courtyard admin close`: close a village's month, or show what the close would say.

use clap::Args;
use courtyard_core::domain::close::MonthClose;
use courtyard_core::domain::{Body, Entry, EntryId, Fen, Kind, Month, VillageNo};
use serde::Serialize;

use crate::command::Failure;
use crate::command::output::{list as list_of, say};
use crate::command::place::{Place, failure, village, village_name};
use crate::command::table::{Column, Table, cells};
use crate::office::published::published;

#[derive(Debug, Args)]
pub(super) struct CloseArgs {
    /// The village, by name or number.
    #[arg(long)]
    village: String,
    /// The month, such as 2026-11.
    #[arg(long)]
    month: Month,
    /// The user who closes.
    #[arg(long, required_unless_present = "dry_run")]
    by: Option<String>,
    /// The reviewer or manager who approves: another person.
    #[arg(long, required_unless_present = "dry_run")]
    approved_by: Option<String>,
    /// Only show what the close would say.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, Args)]
pub(super) struct ListArgs {
    #[command(flatten)]
    place: Place,
}

/// What a close says.
#[derive(Debug, Serialize)]
struct Row {
    /// The close's number; none for a dry run.
    entry: Option<String>,
    village: u16,
    name: String,
    month: String,
    /// Entries that it covers and none before it did.
    entries: u32,
    /// Entries that stay held, and so are not covered.
    held: Vec<String>,
    /// Phones that have not synced since the month ended.
    missing: Vec<String>,
    /// Lines at an estimate (暂估).
    estimates: usize,
    estimated_fen: Fen,
    /// The root of the statements, in hexadecimal.
    root: String,
    /// How many statements it keeps; none where only the close's entry is read.
    #[serde(skip_serializing_if = "Option::is_none")]
    statements: Option<usize>,
    /// Entries of earlier months that it takes in (跨月补记).
    #[serde(skip_serializing_if = "Option::is_none")]
    late: Option<u32>,
}

pub(super) fn close(args: &CloseArgs) -> Result<(), Failure> {
    let mut node = args.place.existing()?;
    let lists = published(node.read().map_err(failure)?.as_ref()).map_err(|e| failure(e.into()))?;
    let number = village(&lists, &args.village)?;
    let name = village_name(&lists, Some(number));
    let row = match (&args.by, &args.approved_by) {
        (Some(by), Some(approved_by)) if !args.dry_run => {
            let closed = node.close_month(number, args.month, by, approved_by).map_err(failure)?;
            let (statements, late) = (Some(closed.statements), Some(closed.late));
            Row { statements, late, ..row(Some(closed.id), &closed.close, name) }
        }
        _ => {
            let draft = node.draft_close(number, args.month).map_err(failure)?;
            let (statements, late) = (Some(draft.statements.len()), Some(draft.late));
            Row { statements, late, ..row(None, &draft.close, name) }
        }
    };
    say(args.place.json, &row, text)
}

pub(super) fn list(args: &ListArgs) -> Result<(), Failure> {
    let mut node = args.place.existing()?;
    let lists = published(node.read().map_err(failure)?.as_ref()).map_err(|e| failure(e.into()))?;
    let view = node.view().map_err(failure)?;
    let district = view.store().district().map_err(|error| failure(error.into()))?;
    let mut rows = Vec::new();
    for village in lists.villages() {
        for (id, _) in district.closes(village.number) {
            let stored = view.store().entry(id).map_err(|error| failure(error.into()))?;
            if let Some(close) = stored.as_ref().and_then(|stored| close_of(&stored.bytes)) {
                rows.push(row(Some(id), &close, village.name.clone()));
            }
        }
    }
    list_of(args.place.json, &rows, &table(&rows))
}

fn close_of(bytes: &[u8]) -> Option<MonthClose> {
    match Entry::decode(bytes).ok()?.body {
        Body::MonthClose(close) => Some(close),
        _ => None,
    }
}

fn row(id: Option<EntryId>, close: &MonthClose, name: String) -> Row {
    Row {
        entry: id.map(|id| id.to_string()),
        village: VillageNo::get(close.village),
        name,
        month: close.month.to_string(),
        entries: close.entries,
        held: close.held.iter().map(ToString::to_string).collect(),
        missing: close.missing.iter().map(ToString::to_string).collect(),
        estimates: close.estimates.len(),
        estimated_fen: Fen::sum(close.estimates.iter().map(|e| e.amount)).unwrap_or_default(),
        root: hex::encode(close.root),
        statements: None,
        late: None,
    }
}

fn text(row: &Row) -> String {
    let done = if row.entry.is_some() {
        "已结账 closed"
    } else {
        "试算，没有结账 dry run, nothing closed"
    };
    let list = |of: &[String]| if of.is_empty() { "无 none".to_owned() } else { of.join(" ") };
    let mut text = format!(
        "{} {} {}\n  {} 条记录 entries，{} 份对账单 statements\n  留存待核 held: {}\n  未同步的手机 \
         phones missing: {}\n  待定价 estimates: {} 行 lines, ¥{}.{:02}\n  {}: {}\n",
        row.name,
        row.month,
        done,
        row.entries,
        row.statements.unwrap_or_default(),
        list(&row.held),
        list(&row.missing),
        row.estimates,
        row.estimated_fen.get().div_euclid(100),
        row.estimated_fen.get().rem_euclid(100),
        Kind::MonthClose.name(),
        row.entry.as_deref().unwrap_or("—"),
    );
    if let Some(late) = row.late.filter(|late| *late > 0) {
        text.push_str(&format!("  跨月补记 late postings: {late}\n"));
    }
    text.push_str(&format!("  对账根 root: {}", row.root));
    text
}

fn table(rows: &[Row]) -> Table {
    let mut table = Table::new(
        "closes",
        [
            Column::text("entry", "编号 entry"),
            Column::text("name", "村 village"),
            Column::text("month", "月份 month"),
            Column::number("entries", "记录 entries"),
            Column::number("held", "留存 held"),
            Column::text("missing", "未同步 missing"),
            Column::fen("estimated", "暂估 estimated ¥"),
            Column::text("root", "对账根 root"),
        ],
    );
    for row in rows {
        table.row(cells![
            row.entry.clone(),
            row.name.clone(),
            row.month.clone(),
            row.entries,
            row.held.len(),
            row.missing.join(" "),
            row.estimated_fen,
            row.root.clone(),
        ]);
    }
    table
}
