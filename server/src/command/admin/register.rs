//! `courtyard admin register`: what two people wrote at once, listed and settled.

use clap::{Args, Subcommand};
use courtyard_core::domain::{GrowerId, VillageNo};
use serde_json::json;

use super::point::{asked, asked_if};
use crate::command::Failure;
use crate::command::output::say;
use crate::command::place::{Place, failure};
use crate::command::register as words;
use crate::node::Node;

#[derive(Debug, Subcommand)]
pub(super) enum RegisterCommand {
    /// Fields that two people wrote at once, with every value.
    Conflicts(ConflictArgs),
    /// Decide such a field.
    Settle(SettleArgs),
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
        RegisterCommand::Show(args) => {
            let mut node = args.place.existing()?;
            let view = node.view().map_err(failure)?;
            let found = view.store().household(args.grower).map_err(|e| failure(e.into()))?;
            let household = found.ok_or_else(|| no_grower(args.grower))?;
            let village = Some(household.row.village);
            let mut open = view.store().conflicts(village).map_err(|e| failure(e.into()))?;
            open.retain(|conflict| conflict.grower == Some(args.grower));
            let value = words::household(&household, &open);
            say(args.place.json, &value, |_| words::household_text(&household, &open))
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
