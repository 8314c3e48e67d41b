//! `courtyard admin float`: cash that the office sets out, takes back, and differences of counts.

use clap::{Args, Subcommand};
use courtyard_core::domain::{EntityNo, EntryId, Fen, Holder, Rule, VillageNo};
use courtyard_core::ledger::{CountRecord, IssueRecord};
use courtyard_core::store::{Store, StoreError};
use serde_json::json;

use crate::command::Failure;
use crate::command::output::{say, too_large};
use crate::command::place::{Place, broken, failure, village};
use crate::command::table::{Column, Table, cells};
use crate::node::{Node, NodeError};
use crate::office::acting::Role;
use crate::office::float::{accept, difference, issue};
use crate::office::published::published;

#[derive(Debug, Subcommand)]
pub(super) enum FloatCommand {
    /// Set cash out for a steward; it moves when the steward accepts it.
    Issue(IssueArgs),
    /// Take back cash that a steward returned.
    Accept(AcceptArgs),
    /// Post the difference of a count, approved by a second person.
    Difference(DifferenceArgs),
    /// Every float, what waits to be accepted, and counts that differ.
    List(ListArgs),
}

#[derive(Debug, Args)]
pub(super) struct IssueArgs {
    /// The village where the steward works, by name or number.
    #[arg(long)]
    village: String,
    /// On whose account; the village's own entity if not given.
    #[arg(long)]
    entity: Option<u16>,
    /// To whom: a person's number such as P12, a name of the roster, or the code of a phone.
    #[arg(long)]
    to: String,
    /// How much, in yuan.
    #[arg(long)]
    amount: Fen,
    /// The user who sets it out.
    #[arg(long)]
    by: String,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, Args)]
pub(super) struct AcceptArgs {
    /// The entry by which the steward returned it, such as A7K-000017.
    issue: EntryId,
    /// The user who took it.
    #[arg(long)]
    by: String,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, Args)]
pub(super) struct DifferenceArgs {
    /// The count, such as A7K-000018.
    count: EntryId,
    /// What is known about it.
    #[arg(long)]
    reason: String,
    /// The user who posts it.
    #[arg(long)]
    by: String,
    /// The reviewer or manager who approves it.
    #[arg(long)]
    approved_by: String,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, Args)]
pub(super) struct ListArgs {
    #[command(flatten)]
    place: Place,
}

pub(super) fn run(command: &FloatCommand) -> Result<(), Failure> {
    match command {
        FloatCommand::Issue(args) => set_out(args),
        FloatCommand::Accept(args) => {
            let mut node = args.place.existing()?;
            let found = kept::<IssueRecord>(&mut node)?.into_iter().find(|r| r.id == args.issue);
            let found = found.ok_or_else(|| broken(Rule::FLOAT_ISSUE_UNKNOWN))?;
            let village = of_village(found.village)?;
            let entry = node
                .act_on_balances(village, &args.by, Role::CLERKS, |store, deed| {
                    accept(store, deed, &found)
                })
                .map_err(failure)?;
            let value = json!({"entry": entry.to_string(), "issue": args.issue.to_string(),
                               "amount_fen": found.amount});
            say(args.place.json, &value, |_| {
                let (from, amount) = (found.from, found.amount.text());
                format!("已收回 {from} {amount}：{entry}\nTaken back: {amount} from {from}.")
            })
        }
        FloatCommand::Difference(args) => {
            let mut node = args.place.existing()?;
            let found = kept::<CountRecord>(&mut node)?.into_iter().find(|r| r.id == args.count);
            let village =
                of_village(found.ok_or_else(|| broken(Rule::FLOAT_COUNT_UNKNOWN))?.village)?;
            let (entry, amount) = node
                .act_on_balances(village, &args.by, Role::CLERKS, |store, deed| {
                    difference(store, deed, args.count, &args.reason, &args.approved_by)
                })
                .map_err(failure)?;
            let value = json!({"entry": entry.to_string(), "count": args.count.to_string(),
                               "difference_fen": amount});
            say(args.place.json, &value, |_| {
                let amount = amount.text();
                format!(
                    "差额 {amount} 已转待处理财产损溢：{entry}\n{amount} is posted as a difference."
                )
            })
        }
        FloatCommand::List(args) => list(&args.place),
    }
}

fn set_out(args: &IssueArgs) -> Result<(), Failure> {
    let mut node = args.place.existing()?;
    let (village, own, to) = {
        let reads = node.read().map_err(failure)?;
        let published = published(reads.as_ref()).map_err(|error| failure(error.into()))?;
        let village = village(&published, &args.village)?;
        let own = published.village(village).map(|village| village.entity).unwrap_or_default();
        let named = published.roster().find(|member| member.name == args.to.trim());
        let to = match named {
            Some(member) => Ok(Holder::Person(member.number)),
            None => args.to.parse(),
        };
        (village, own, to.map_err(|_| nobody(&args.to))?)
    };
    let entity = args.entity.map_or(own, EntityNo::new);
    let entry = node
        .act_as(&args.by, Role::CLERKS, |deed| issue(deed, village, entity, to, args.amount))
        .map_err(failure)?;
    let value = json!({"entry": entry.to_string(), "to": to.to_string(),
                       "entity": entity.get(), "amount_fen": args.amount});
    say(args.place.json, &value, |_| {
        let amount = args.amount.text();
        format!(
            "{entry} 领用 {amount} 给 {to}，对方确认后才算移交。\n\
             {amount} set out for {to}; it moves when they accept it."
        )
    })
}

fn nobody(asked: &str) -> Failure {
    Failure::words(
        &format!(
            "没有“{asked}”这个人或手机。没有改动任何东西。可用 admin steward list 或 admin device list 查看。"
        ),
        &format!(
            "{asked:?} is no person of the roster and no phone. Nothing was changed. See admin \
             steward list or admin device list."
        ),
    )
}

fn of_village(village: Option<VillageNo>) -> Result<VillageNo, Failure> {
    village.ok_or_else(|| {
        Failure::words(
            "这笔现金不属于任何村，不能在这里办理。没有改动任何东西。",
            "This cash belongs to no village. Nothing was changed.",
        )
    })
}

fn kept<T: courtyard_core::ledger::Kept>(node: &mut Node) -> Result<Vec<T>, Failure> {
    let view = node.view().map_err(failure)?;
    view.store().kept_everywhere::<T>().map_err(unread)
}

fn unread(error: StoreError) -> Failure {
    failure(NodeError::from(error))
}

fn list(place: &Place) -> Result<(), Failure> {
    let view = place.existing()?.view().map_err(failure)?;
    let store = view.store();
    let floats = store.floats().map_err(unread)?;
    let mut table = Table::new(
        "floats",
        [
            Column::text("holder", "持有人 holder"),
            Column::number("entity", "主体 entity"),
            Column::fen("balance", "结存 balance ¥").summed(),
        ],
    );
    for ((entity, holder), balance) in &floats {
        table.row(cells![holder.to_string(), *entity, *balance]);
    }
    let (waiting, counts) = (to_accept(store)?, differences(store)?);
    let value = json!({
        "floats": table.json_rows(),
        "to_accept": waiting.json_rows(),
        "differences": counts.json_rows(),
    });
    let mut text = String::new();
    for table in [&table, &waiting, &counts] {
        if !text.is_empty() && !table.is_empty() {
            text.push('\n');
        }
        if text.is_empty() || !table.is_empty() {
            text.push_str(&table.text().map_err(too_large)?);
        }
    }
    say(place.json, &value, |_| text)
}

/// Cash that was given and not accepted yet.
fn to_accept(store: &Store) -> Result<Table, Failure> {
    let mut table = Table::new(
        "to_accept",
        [
            Column::text("entry", "待确认 to accept"),
            Column::date("date", "日期 date"),
            Column::text("from", "交出 from"),
            Column::text("to", "接收 to"),
            Column::number("entity", "主体 entity"),
            Column::fen("amount", "金额 amount ¥"),
        ],
    );
    let issues = store.kept_everywhere::<IssueRecord>().map_err(unread)?;
    for issue in issues.iter().filter(|issue| issue.is_open()) {
        let (from, to) = (issue.from.to_string(), issue.to.to_string());
        table.row(cells![issue.id, issue.date, from, to, issue.entity, issue.amount]);
    }
    Ok(table)
}

/// Counts that differ and wait for the office.
fn differences(store: &Store) -> Result<Table, Failure> {
    let mut table = Table::new(
        "differences",
        [
            Column::text("count", "盘点待处理 count"),
            Column::date("date", "日期 date"),
            Column::text("holder", "持有人 holder"),
            Column::number("entity", "主体 entity"),
            Column::fen("counted", "实存 counted ¥"),
            Column::fen("expected", "应存 expected ¥"),
            Column::fen("difference", "差额 difference ¥"),
        ],
    );
    let counts = store.kept_everywhere::<CountRecord>().map_err(unread)?;
    for count in counts.iter().filter(|count| count.is_open()) {
        let difference = count.difference().map_err(too_large)?;
        table.row(cells![
            count.id,
            count.date,
            count.holder.to_string(),
            count.entity,
            count.counted,
            count.expected,
            difference
        ]);
    }
    Ok(table)
}
