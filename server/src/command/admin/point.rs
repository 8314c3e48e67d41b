//! `courtyard admin point` and `admin crate`: collection points and kinds of crates of a village, in
//! its register.

use clap::{Args, Subcommand};
use courtyard_core::document::Value;
use courtyard_core::document::register::keys::{
    CRATE_TYPE, Key, NAME, PLACE, POINT, RETIRED, TARE_G,
};
use courtyard_core::document::register::plain;
use courtyard_core::domain::{Grams, VillageNo};
use serde_json::json;

use crate::command::Failure;
use crate::command::output::say;
use crate::command::place::{Place, failure, village};
use crate::command::register as words;
use crate::node::Node;
use crate::office::published::published;

#[derive(Debug, Subcommand)]
pub(super) enum PointCommand {
    /// Add a collection point (定点收购) to a village.
    Add(AddPoint),
    /// Change one, or retire it.
    Set(SetPoint),
    /// Collection points of a village, or of all.
    List(ListArgs),
}

#[derive(Debug, Subcommand)]
pub(super) enum CrateCommand {
    /// Add a kind of crate with its tare.
    Add(AddCrate),
    /// Change one, or retire it.
    Set(SetCrate),
    /// Kinds of crates of a village, or of all.
    List(ListArgs),
}

#[derive(Debug, Args)]
pub(super) struct AddPoint {
    /// The village, by name or number.
    #[arg(long)]
    village: String,
    /// The point's name, such as 村委会前.
    #[arg(long)]
    name: String,
    /// Where it lies.
    #[arg(long = "at")]
    at: Option<String>,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, Args)]
pub(super) struct SetPoint {
    /// Its row, such as P-002-1.
    point: String,
    /// The village, by name or number.
    #[arg(long)]
    village: String,
    /// Its name.
    #[arg(long)]
    name: Option<String>,
    /// Where it lies.
    #[arg(long = "at")]
    at: Option<String>,
    /// Whether it is no longer used.
    #[arg(long)]
    retired: Option<bool>,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, Args)]
pub(super) struct AddCrate {
    /// The village, by name or number.
    #[arg(long)]
    village: String,
    /// What it is called, such as 蓝色大筐.
    #[arg(long)]
    name: String,
    /// What it weighs empty, such as 1.5kg or 3jin.
    #[arg(long)]
    tare: Grams,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, Args)]
pub(super) struct SetCrate {
    /// Its row, such as K-002-1.
    crate_type: String,
    /// The village, by name or number.
    #[arg(long)]
    village: String,
    /// What it is called.
    #[arg(long)]
    name: Option<String>,
    /// What it weighs empty.
    #[arg(long)]
    tare: Option<Grams>,
    /// Whether it is no longer used.
    #[arg(long)]
    retired: Option<bool>,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, Args)]
pub(super) struct ListArgs {
    /// Only this village, by name or number.
    #[arg(long)]
    village: Option<String>,
    #[command(flatten)]
    place: Place,
}

/// The village that a person means.
pub(super) fn asked(node: &mut Node, name: &str) -> Result<VillageNo, Failure> {
    let reads = node.read().map_err(failure)?;
    let published = published(reads.as_ref()).map_err(|error| failure(error.into()))?;
    village(&published, name)
}

/// The same where none need be named.
pub(super) fn asked_if(
    node: &mut Node,
    name: Option<&String>,
) -> Result<Option<VillageNo>, Failure> {
    name.map(|name| asked(node, name)).transpose()
}

fn text(value: &str) -> Result<Value, Failure> {
    plain(value).map(Value::Text).ok_or_else(|| {
        Failure::words(
            "文字太长或含有换行。没有改动。请改短。",
            "The text is too long or holds a line break. Nothing was changed. Shorten it.",
        )
    })
}

fn named(value: &str) -> Result<Value, Failure> {
    if value.trim().is_empty() {
        return Err(Failure::usage("--name 不能为空 / --name must not be empty"));
    }
    text(value)
}

/// An empty crate weighs something, or every weighing with it would be gross.
fn weight(tare: Grams) -> Result<Value, Failure> {
    if tare <= Grams::ZERO {
        return Err(Failure::words(
            "皮重要大于零。没有改动。请核对空筐重量。",
            "A tare is more than zero. Nothing was changed. Check what the empty crate weighs.",
        ));
    }
    Ok(Value::Int(tare.get()))
}

fn unknown(row: &str) -> Failure {
    Failure::words(
        &format!("这个村的名册里没有 {row}。没有改动。可用 list 查看。"),
        &format!("This village's register has no {row}. Nothing was changed. See list."),
    )
}

/// Writes these fields of a row.
fn write(
    node: &mut Node,
    village: VillageNo,
    (list, row): (&str, &str),
    fields: Vec<(&str, Value)>,
) -> Result<(), Failure> {
    let edit: Vec<_> = fields
        .into_iter()
        .map(|(field, value)| (Key::new(list, row, field).to_string(), value))
        .collect();
    if edit.is_empty() {
        return Err(Failure::usage("没有写要改什么 / nothing to change was named"));
    }
    match node.edit_register(village, vec![edit]) {
        // The same again changes nothing, and that is no error.
        Err(error) if error.to_string().contains("changes something") => Ok(()),
        done => done.map_err(failure),
    }
}

fn next(node: &mut Node, village: VillageNo, list: &str, letter: char) -> Result<String, Failure> {
    let device = node.office_device(village).map_err(failure)?;
    let device = device.ok_or_else(|| unknown(&village.to_string()))?;
    let view = node.view().map_err(failure)?;
    view.store().next_row(village, list, letter, device).map_err(|e| failure(e.into()))
}

pub(super) fn points(command: &PointCommand) -> Result<(), Failure> {
    match command {
        PointCommand::Add(args) => {
            let mut node = args.place.existing()?;
            let row = add_point(&mut node, &args.village, &args.name, args.at.as_deref())?;
            say(args.place.json, &json!({ "point": row }), |_| format!("{row} {}", args.name))
        }
        PointCommand::Set(args) => {
            let mut node = args.place.existing()?;
            let village = asked(&mut node, &args.village)?;
            let rows = node.view().map_err(failure)?.store().points(Some(village));
            if !rows.map_err(|e| failure(e.into()))?.iter().any(|row| row.row == args.point) {
                return Err(unknown(&args.point));
            }
            let mut fields = Vec::new();
            if let Some(name) = &args.name {
                fields.push((NAME, named(name)?));
            }
            if let Some(at) = &args.at {
                fields.push((PLACE, text(at)?));
            }
            fields.extend(args.retired.map(|retired| (RETIRED, Value::Bool(retired))));
            write(&mut node, village, (POINT, &args.point), fields)?;
            say(args.place.json, &json!({ "point": args.point }), |_| {
                format!("{} 已改。/ It is changed.", args.point)
            })
        }
        PointCommand::List(args) => {
            let mut node = args.place.existing()?;
            let village = asked_if(&mut node, args.village.as_ref())?;
            let rows = node.view().map_err(failure)?.store().points(village);
            let rows = rows.map_err(|e| failure(e.into()))?;
            say(args.place.json, &words::points(&rows), |_| words::points_text(&rows))
        }
    }
}

fn add_point(
    node: &mut Node,
    village: &str,
    name: &str,
    at: Option<&str>,
) -> Result<String, Failure> {
    let village = asked(node, village)?;
    let mut fields = vec![(NAME, named(name)?)];
    if let Some(at) = at {
        fields.push((PLACE, text(at)?));
    }
    let row = next(node, village, POINT, 'P')?;
    write(node, village, (POINT, &row), fields)?;
    Ok(row)
}

pub(super) fn crates(command: &CrateCommand) -> Result<(), Failure> {
    match command {
        CrateCommand::Add(args) => {
            let mut node = args.place.existing()?;
            let row = add_crate(&mut node, &args.village, &args.name, args.tare)?;
            say(args.place.json, &json!({ "crate": row }), |_| format!("{row} {}", args.name))
        }
        CrateCommand::Set(args) => {
            let mut node = args.place.existing()?;
            let village = asked(&mut node, &args.village)?;
            let rows = node.view().map_err(failure)?.store().crate_types(Some(village));
            let rows = rows.map_err(|e| failure(e.into()))?;
            if !rows.iter().any(|row| row.row == args.crate_type) {
                return Err(unknown(&args.crate_type));
            }
            let mut fields = Vec::new();
            if let Some(name) = &args.name {
                fields.push((NAME, named(name)?));
            }
            if let Some(tare) = args.tare {
                fields.push((TARE_G, weight(tare)?));
            }
            fields.extend(args.retired.map(|retired| (RETIRED, Value::Bool(retired))));
            write(&mut node, village, (CRATE_TYPE, &args.crate_type), fields)?;
            say(args.place.json, &json!({ "crate": args.crate_type }), |_| {
                format!("{} 已改。/ It is changed.", args.crate_type)
            })
        }
        CrateCommand::List(args) => {
            let mut node = args.place.existing()?;
            let village = asked_if(&mut node, args.village.as_ref())?;
            let rows = node.view().map_err(failure)?.store().crate_types(village);
            let rows = rows.map_err(|e| failure(e.into()))?;
            say(args.place.json, &words::crates(&rows), |_| words::crates_text(&rows))
        }
    }
}

fn add_crate(node: &mut Node, village: &str, name: &str, tare: Grams) -> Result<String, Failure> {
    let village = asked(node, village)?;
    let fields = vec![(NAME, named(name)?), (TARE_G, weight(tare)?)];
    let row = next(node, village, CRATE_TYPE, 'K')?;
    write(node, village, (CRATE_TYPE, &row), fields)?;
    Ok(row)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::place::tests::node;

    #[test]
    fn points_and_crates_stand_in_the_register_of_their_village_with_rows_of_their_own() {
        let (mut node, _folder) = node();
        node.add_village("石桥村", None).unwrap();
        node.add_village("上庄", None).unwrap();
        let first = add_point(&mut node, "石桥村", " 村委会前 ", Some("村口")).unwrap();
        let second = add_point(&mut node, "1", "小学", None).unwrap();
        let blue = add_crate(&mut node, "上庄", "蓝筐", "1.5kg".parse().unwrap()).unwrap();
        assert_eq!(
            (first.as_str(), second.as_str(), blue.as_str()),
            ("P-002-1", "P-002-2", "K-003-1")
        );
        let retire = vec![(RETIRED, Value::Bool(true))];
        write(&mut node, VillageNo::new(1), (POINT, &second), retire.clone()).unwrap();
        // The same once more is no error.
        write(&mut node, VillageNo::new(1), (POINT, &second), retire).unwrap();
        let view = node.view().unwrap();
        let points = view.store().points(Some(VillageNo::new(1))).unwrap();
        let seen: Vec<_> =
            points.iter().map(|p| (p.name.as_str(), p.place.as_str(), p.retired)).collect();
        assert_eq!(seen, [("村委会前", "村口", false), ("小学", "", true)]);
        let crates = view.store().crate_types(None).unwrap();
        assert_eq!((crates.len(), crates[0].tare.get()), (1, 1_500));
    }

    #[test]
    fn a_crate_without_weight_and_a_name_of_blanks_are_refused() {
        let (mut node, _folder) = node();
        node.add_village("石桥村", None).unwrap();
        assert!(add_crate(&mut node, "1", "筐", Grams::ZERO).is_err());
        assert!(add_crate(&mut node, "1", "  ", Grams::new(1_000)).is_err());
        assert!(add_point(&mut node, "1", "一\n二", None).is_err());
        assert!(add_point(&mut node, "9", "小学", None).unwrap_err().text().contains("village"));
        assert!(node.view().unwrap().store().points(None).unwrap().is_empty());
    }
}
