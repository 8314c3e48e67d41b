//! `courtyard admin identity`: one household under two numbers, linked and unlinked by two persons.

use clap::{Args, Subcommand};
use courtyard_core::domain::identity::{IdentityLink, IdentityUnlink};
use courtyard_core::domain::{Body, EntryId, GrowerId, Limits};
use courtyard_core::store::{Store, StoreError};
use serde_json::{Value, json};

use crate::command::Failure;
use crate::command::output::{list as list_of, say};
use crate::command::place::{Place, failure};
use crate::command::table::{Cell, Column, Table, cells};
use crate::deed::On;
use crate::node::Node;
use crate::office::acting::Role;
use crate::office::error::CommandError;

#[derive(Debug, Subcommand)]
pub(super) enum IdentityCommand {
    /// These two numbers are one household: lists and statements show them together.
    Link(LinkArgs),
    /// A link was wrong: each number stands for itself again.
    Unlink(UnlinkArgs),
    /// Every link, with who undid it.
    List(ListArgs),
}

#[derive(Debug, Args)]
pub(super) struct LinkArgs {
    /// The number that is shown from now on.
    #[arg(long, value_name = "GROWER")]
    kept: GrowerId,
    /// The other number.
    #[arg(long, value_name = "GROWER")]
    other: GrowerId,
    #[command(flatten)]
    two: Two,
}

#[derive(Debug, Args)]
pub(super) struct UnlinkArgs {
    /// The link's own number, as admin identity list shows it.
    link: EntryId,
    #[command(flatten)]
    two: Two,
}

/// Why, and the two persons.
#[derive(Debug, Args)]
struct Two {
    /// What it rests on; no ID numbers.
    #[arg(long)]
    reason: String,
    /// The user of the office who does this.
    #[arg(long, value_name = "USER")]
    by: String,
    /// The reviewer or manager who approves: another person.
    #[arg(long, value_name = "USER")]
    approved_by: String,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, Args)]
pub(super) struct ListArgs {
    #[command(flatten)]
    place: Place,
}

pub(super) fn run(command: &IdentityCommand) -> Result<(), Failure> {
    match command {
        IdentityCommand::Link(args) => {
            let mut node = args.two.place.existing()?;
            let value = link(&mut node, args)?;
            say(args.two.place.json, &value, |_| {
                format!(
                    "{} 与 {} 已合为一户，以 {} 显示；账务各自不变。\nLinked; shown as {}. No posting changed.",
                    args.kept, args.other, args.kept, args.kept
                )
            })
        }
        IdentityCommand::Unlink(args) => {
            let mut node = args.two.place.existing()?;
            let value = unlink(&mut node, args)?;
            say(args.two.place.json, &value, |_| {
                format!("已解除关联 {0}，各户恢复原样。\n{0} is undone.", args.link)
            })
        }
        IdentityCommand::List(args) => list(&args.place),
    }
}

fn unread(error: StoreError) -> Failure {
    failure(error.into())
}

/// In which book a word about these households goes: their village's, or the county's if they lie in
/// two, so that both villages read it.
fn book(store: &Store, growers: [GrowerId; 2]) -> Result<On, Failure> {
    let mut villages = Vec::new();
    for grower in growers {
        let row = store.grower(grower).map_err(unread)?.ok_or_else(|| {
            Failure::words(
                &format!("名册里没有 {grower} 这一户。没有改动任何东西。请核对户号。"),
                &format!("No register has {grower}. Nothing was changed. Check the number."),
            )
        })?;
        villages.push(row.village);
    }
    let village = villages.first().copied().filter(|one| villages.iter().all(|other| other == one));
    Ok(On { village, ..On::default() })
}

/// Writes the word of two persons: who acts stands on the entry, who approved in the list of acts.
fn write(node: &mut Node, on: On, body: Body, two: &Two) -> Result<EntryId, Failure> {
    let ids = node
        .act_as(&two.by, Role::CLERKS, |deed| {
            let second = deed.second(&two.approved_by, Role::REVIEWERS)?;
            if let Some(breach) = body.check(&Limits::LEDGER).first() {
                return Err(CommandError::Rule(breach.rule).into());
            }
            let ids = deed.write(on, std::slice::from_ref(&body))?;
            let first = ids.first().copied();
            let subject = first.map(|id| id.to_string()).unwrap_or_default();
            deed.office.user_act(deed.tx, &second.name, "approve", &subject, deed.now_ms)?;
            Ok(first)
        })
        .map_err(failure)?;
    ids.ok_or_else(|| Failure::found(String::new()))
}

fn link(node: &mut Node, args: &LinkArgs) -> Result<Value, Failure> {
    let on = {
        let view = node.view().map_err(failure)?;
        let store = view.store();
        let numbers = store.household_numbers(args.kept).map_err(unread)?;
        if args.kept != args.other && numbers.contains(&args.other) {
            return Err(Failure::words(
                &format!("{} 与 {} 已是一户。没有改动任何东西。", args.kept, args.other),
                &format!(
                    "{} and {} are linked already. Nothing was changed.",
                    args.kept, args.other
                ),
            ));
        }
        book(store, [args.kept, args.other])?
    };
    let reason = args.two.reason.trim().to_owned();
    let body = IdentityLink { kept: args.kept, other: args.other, reason };
    let id = write(node, on, body.into(), &args.two)?;
    let view = node.view().map_err(failure)?;
    household(view.store(), id, args.kept)
}

fn unlink(node: &mut Node, args: &UnlinkArgs) -> Result<Value, Failure> {
    let (on, kept) = {
        let view = node.view().map_err(failure)?;
        let identities = view.store().identities().map_err(unread)?;
        let stands =
            identities.links().iter().find(|l| l.id == args.link && l.unlinked_by.is_none());
        let Some(link) = stands else {
            return Err(Failure::words(
                &format!(
                    "{} 不是有效的关联。没有改动任何东西。可用 admin identity list 查看。",
                    args.link
                ),
                &format!(
                    "{} is no link that stands. Nothing was changed. See admin identity list.",
                    args.link
                ),
            ));
        };
        (book(view.store(), [link.kept, link.other])?, link.kept)
    };
    let reason = args.two.reason.trim().to_owned();
    let body = IdentityUnlink { link: args.link, reason };
    let id = write(node, on, body.into(), &args.two)?;
    let view = node.view().map_err(failure)?;
    household(view.store(), id, kept)
}

/// What was written, and the household as it is now.
fn household(store: &Store, id: EntryId, grower: GrowerId) -> Result<Value, Failure> {
    let numbers = store.household_numbers(grower).map_err(unread)?;
    let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    Ok(json!({ "entry": id.to_string(), "shown": numbers.first(), "numbers": numbers }))
}

fn list(place: &Place) -> Result<(), Failure> {
    let mut node = place.existing()?;
    let view = node.view().map_err(failure)?;
    let identities = view.store().identities().map_err(unread)?;
    let mut table = Table::new(
        "links",
        [
            Column::text("link", "编号 link"),
            Column::text("kept", "显示 kept"),
            Column::text("other", "另一 other"),
            Column::text("state", "状态 state"),
            Column::text("unlinked_by", "解除 undone by"),
            Column::text("reason", "依据 reason"),
        ],
    );
    for link in identities.links() {
        let state = match link.unlinked_by {
            None => Cell::coded("linked", "有效 linked"),
            Some(_) => Cell::coded("unlinked", "已解除 undone"),
        };
        table.row(cells![
            link.id,
            link.kept,
            link.other,
            state,
            link.unlinked_by,
            link.reason.clone(),
        ]);
    }
    list_of(place.json, &json!({ "links": table.json_rows() }), &table)
}
