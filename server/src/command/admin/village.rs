//! `courtyard admin village`: add villages, list them.

use clap::{Args, Subcommand};
use courtyard_core::domain::village::Village;
use courtyard_core::domain::{Body, EntityNo, Limits, Rule, VillageNo};
use serde::Serialize;

use crate::command::Failure;
use crate::command::output::{list as list_of, say};
use crate::command::place::{Place, broken, failure};
use crate::command::table::{Column, Table, cells};
use crate::node::Node;
use crate::office::published::published;

/// Longer than any village's name, and it fits a slip.
const MAX_NAME_CHARS: usize = 40;

#[derive(Debug, Subcommand)]
pub(super) enum VillageCommand {
    /// Add a village. A name that is there already is answered with its number.
    Add(AddArgs),
    /// Every village with its number.
    List(ListArgs),
}

#[derive(Debug, Args)]
pub(super) struct AddArgs {
    /// Its name, such as 石桥村.
    #[arg(long)]
    name: String,
    /// The number of the entity on whose account is bought there; 0 is the county co-op.
    #[arg(long, value_name = "E")]
    entity: Option<u16>,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, Args)]
pub(super) struct ListArgs {
    #[command(flatten)]
    place: Place,
}

/// What became of `admin village add`.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Added {
    village: u16,
    name: String,
    entity: u16,
    /// False if it was there before.
    added: bool,
}

#[derive(Debug, Serialize)]
struct Row {
    village: u16,
    name: String,
    entity: u16,
}

pub(super) fn run(command: &VillageCommand) -> Result<(), Failure> {
    match command {
        VillageCommand::Add(args) => {
            let mut node = args.place.open()?;
            let added = add(&mut node, &args.name, args.entity.map(EntityNo::new))?;
            say(args.place.json, &added, |added| {
                let new = if added.added { "新增 added" } else { "已有 there already" };
                format!("{} {} ({new})", added.village, added.name)
            })
        }
        VillageCommand::List(args) => list(&args.place),
    }
}

/// Adds the village, unless one of this name is there: a script that runs twice adds none twice.
fn add(node: &mut Node, name: &str, entity: Option<EntityNo>) -> Result<Added, Failure> {
    let name = name.trim();
    let sound = Village {
        number: VillageNo::new(0),
        name: name.to_owned(),
        entity: entity.unwrap_or_default(),
    };
    if !Body::from(sound).check(&Limits::LEDGER).is_empty() {
        return Err(broken(Rule::PUBLISHED_NAME_EMPTY));
    }
    let plain = name.chars().count() <= MAX_NAME_CHARS && !name.chars().any(char::is_control);
    // A number in place of a name means the village with that number.
    if !plain || name.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Failure::words(
            "村名最多 40 个字，不能全是数字。没有新增。请改正村名。",
            "A village's name has at most 40 characters and is not a bare number. Nothing was \
             added. Correct the name.",
        ));
    }
    node.act(|office, tx, now_ms, _| {
        let stands = published(tx.reads())?.villages().find(|v| v.name == name).cloned();
        if let Some(stands) = stands {
            if entity.is_some_and(|entity| entity != stands.entity) {
                return Ok(Err(Failure::words(
                    &format!(
                        "“{name}”已是 {} 号村，核算主体为 {}。没有改动。",
                        stands.number, stands.entity
                    ),
                    &format!(
                        "{name} is village {} already, on the account of entity {}. Nothing was \
                         changed.",
                        stands.number, stands.entity
                    ),
                )));
            }
            return Ok(Ok(Added {
                village: stands.number.get(),
                name: stands.name,
                entity: stands.entity.get(),
                added: false,
            }));
        }
        let number = office.add_village(tx, name, entity, now_ms)?;
        office.note_act(tx, "village.add", &number.to_string(), now_ms)?;
        let entity = entity.unwrap_or_default().get();
        Ok(Ok(Added { village: number.get(), name: name.to_owned(), entity, added: true }))
    })
    .map_err(failure)?
}

fn list(place: &Place) -> Result<(), Failure> {
    let mut node = place.existing()?;
    let reads = node.read().map_err(failure)?;
    let published = published(reads.as_ref()).map_err(|error| failure(error.into()))?;
    let rows: Vec<Row> = published
        .villages()
        .map(|v| Row { village: v.number.get(), name: v.name.clone(), entity: v.entity.get() })
        .collect();
    let mut table = Table::new(
        "villages",
        [
            Column::number("number", "编号 no."),
            Column::text("village", "村 village"),
            Column::number("entity", "核算主体 entity"),
        ],
    );
    for row in &rows {
        table.row(cells![row.village, row.name.clone(), row.entity]);
    }
    list_of(place.json, &serde_json::json!({ "villages": &rows }), &table)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::place::tests::node;

    #[test]
    fn a_village_that_is_there_is_answered_with_its_number() {
        let (mut node, _folder) = node();
        let first = add(&mut node, "石桥村", None).unwrap();
        assert_eq!((first.village, first.added), (1, true));
        let other = add(&mut node, "上庄", Some(EntityNo::new(3))).unwrap();
        assert_eq!((other.village, other.entity), (2, 3));
        let again = add(&mut node, " 石桥村 ", None).unwrap();
        assert_eq!(again, Added { added: false, ..first });
        let moved = add(&mut node, "上庄", Some(EntityNo::new(4))).unwrap_err();
        assert!(moved.text().contains("2 号村"), "{}", moved.text());
    }

    #[test]
    fn a_name_that_could_be_mistaken_is_refused() {
        let (mut node, _folder) = node();
        for name in ["", "  ", "12", "a\nb", &"长".repeat(41)] {
            assert!(add(&mut node, name, None).is_err(), "{name:?}");
        }
        assert!(add(&mut node, &"长".repeat(40), None).is_ok());
    }
}
