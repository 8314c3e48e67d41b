//! `courtyard admin register`: what two people wrote at once, listed and settled.

use clap::{Args, Subcommand};
use courtyard_core::domain::{GrowerId, VillageNo};
use courtyard_core::wire::message::Tail;
use serde_json::json;

use super::point::{asked, asked_if};
use crate::command::Failure;
use crate::command::output::say;
use crate::command::place::{Place, failure};
use crate::command::register as words;
use crate::log::SealedNumber;
use crate::node::Node;

#[derive(Debug, Subcommand)]
pub(super) enum RegisterCommand {
    /// Fields that two people wrote at once, with every value.
    Conflicts(ConflictArgs),
    /// Decide such a field.
    Settle(SettleArgs),
    /// Households that may be one, registered twice, with what speaks for it.
    Candidates(ConflictArgs),
    /// Open a village's edition of a year from what its register says now. Phones follow.
    Open(OpenArgs),
    /// Clear the files of this folder of what was erased, where a reader kept that from being done.
    Clean(CleanArgs),
    /// One household: names with their days, persons, remarks, conflicts.
    Show(ShowArgs),
}

#[derive(Debug, Args)]
pub(super) struct ConflictArgs {
    /// Only this village, by name or number.
    #[arg(long)]
    village: Option<String>,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, Args)]
pub(super) struct SettleArgs {
    /// The field's key, as `conflicts` lists it.
    key: String,
    /// The right value: one of those listed, or another one; an empty one clears the field.
    value: String,
    /// The village, by name or number.
    #[arg(long)]
    village: String,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, Args)]
pub(super) struct ShowArgs {
    /// The grower.
    grower: GrowerId,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, Args)]
pub(super) struct OpenArgs {
    /// The village, by name or number.
    #[arg(long)]
    village: String,
    /// The year.
    #[arg(long)]
    year: u16,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, Args)]
pub(super) struct CleanArgs {
    #[command(flatten)]
    place: Place,
}

pub(super) fn run(command: &RegisterCommand) -> Result<(), Failure> {
    match command {
        RegisterCommand::Conflicts(args) => {
            let mut node = args.place.existing()?;
            let village = asked_if(&mut node, args.village.as_ref())?;
            let view = node.view().map_err(failure)?;
            let all = view.store().conflicts(village).map_err(|e| failure(e.into()))?;
            say(args.place.json, &words::conflicts(&all), |_| words::conflicts_text(&all))
        }
        RegisterCommand::Settle(args) => {
            let mut node = args.place.existing()?;
            let village = asked(&mut node, &args.village)?;
            let value = settle(&mut node, village, &args.key, &args.value)?;
            say(args.place.json, &json!({"key": args.key, "value": value}), |_| {
                format!("{0} 定为“{value}”。/ {0} is settled as {value:?}.", args.key)
            })
        }
        RegisterCommand::Candidates(args) => {
            let mut node = args.place.existing()?;
            let village = asked_if(&mut node, args.village.as_ref())?;
            let view = node.view().map_err(failure)?;
            let all = view.store().candidates(village).map_err(|e| failure(e.into()))?;
            let name = |grower: GrowerId| {
                let row = view.store().grower(grower).ok().flatten();
                row.map(|row| row.name).unwrap_or_default()
            };
            let value = words::candidates(&all, &name);
            say(args.place.json, &value, |_| words::candidates_text(&all, &name))
        }
        RegisterCommand::Open(args) => {
            let mut node = args.place.existing()?;
            let village = asked(&mut node, &args.village)?;
            let opened = node
                .act(|office, tx, now_ms, _| {
                    office.open_year(tx, village, i64::from(args.year), now_ms)
                })
                .map_err(failure)?;
            let edition = opened.register.edition;
            let value = json!({"village": village.get(), "year": args.year, "edition": edition,
                               "opened": opened.opened});
            say(args.place.json, &value, |_| {
                let (zh, en) = match opened.opened {
                    true => ("已启用", "is open"),
                    false => ("早已启用，没有改动", "was open already; nothing was changed"),
                };
                format!(
                    "{} 年名册（第 {edition} 版）{zh}。手机同步后自动换用，在旧版上补交的改动会带过来。\n\
                     The register of {} (edition {edition}) {en}. Phones follow when they sync; what \
                     they still send for the old one is carried over.",
                    args.year, args.year
                )
            })
        }
        RegisterCommand::Clean(args) => {
            let mut node = args.place.existing()?;
            let log = node.clean_log().map_err(failure)?;
            let view = node.view().map_err(failure)?;
            let view = !view.store().is_shredding_due().map_err(|e| failure(e.into()))?;
            let clean = log && view;
            say(args.place.json, &json!({ "files_are_clean": clean }), |_| match clean {
                true => "文件里没有残迹了。/ The files are clean.".to_owned(),
                false => "▲ 还有程序在读，请停下服务器后再试。\n\
                          ▲ Another process still reads them. Stop the server and try again."
                    .to_owned(),
            })
        }
        RegisterCommand::Show(args) => {
            let mut node = args.place.existing()?;
            let view = node.view().map_err(failure)?;
            let found = view.store().household(args.grower).map_err(|e| failure(e.into()))?;
            let household = found.ok_or_else(|| no_grower(args.grower))?;
            let village = Some(household.row.village);
            let mut open = view.store().conflicts(village).map_err(|e| failure(e.into()))?;
            open.retain(|conflict| conflict.grower == Some(args.grower));
            let reads = node.read().map_err(failure)?;
            let sealed = reads.sealed_numbers(Some(args.grower)).map_err(|e| failure(e.into()))?;
            let tail = |sealed: SealedNumber| Tail {
                grower: sealed.of.grower,
                person: sealed.of.person,
                kind: sealed.of.kind.name().to_owned(),
                last_four: sealed.last_four,
            };
            let tails: Vec<Tail> = sealed.into_iter().map(tail).collect();
            let value = words::household(&household, &open, &tails);
            say(args.place.json, &value, |_| words::household_text(&household, &open, &tails))
        }
    }
}

pub(super) fn no_grower(grower: GrowerId) -> Failure {
    Failure::words(
        &format!("名册里没有 {grower}。没有改动。请核对编号。"),
        &format!("No register has {grower}. Nothing was changed. Check the number."),
    )
}

/// Settles a field, and gives the value as it stands now.
fn settle(node: &mut Node, village: VillageNo, key: &str, typed: &str) -> Result<String, Failure> {
    let all = node.view().map_err(failure)?.store().conflicts(Some(village));
    let all = all.map_err(|e| failure(e.into()))?;
    let conflict = all.iter().find(|conflict| conflict.key == key).ok_or_else(|| {
        Failure::words(
            &format!("“{key}”没有待定的冲突。没有改动。可用 admin register conflicts 查看。"),
            &format!("{key:?} is in no conflict. Nothing was changed. See register conflicts."),
        )
    })?;
    let value = conflict.typed(typed).ok_or_else(|| {
        Failure::words(
            &format!("“{typed}”不能写进 {key}。没有改动。请核对后再写。"),
            &format!("{typed:?} cannot stand in {key}. Nothing was changed. Check it."),
        )
    })?;
    node.edit_register(village, vec![vec![(key.to_owned(), value.clone())]]).map_err(failure)?;
    Ok(value.to_string())
}
