//! `courtyard steward grower|person|points|crates|conflicts`: the village's register from the phone.

use clap::{Args, Subcommand};
use courtyard_core::domain::{BusinessDate, GrowerId};
use courtyard_core::steward::{GrowerDetails, PersonDetails, Steward, StewardError};
use serde_json::json;

use super::failure;
use crate::command::output::{Failure, say};
use crate::command::register as words;

/// About growers.
#[derive(Debug, Subcommand)]
pub enum GrowerDeed {
    /// Register a household.
    Add {
        /// The name of its head.
        #[arg(long)]
        name: String,
        #[command(flatten)]
        details: DetailArgs,
    },
    /// Change what the register says of a household. An empty text clears a field.
    #[command(visible_alias = "change")]
    Set {
        /// The grower.
        grower: GrowerId,
        /// Its new name; the old one is kept, and slips of earlier days go on showing it.
        #[arg(long)]
        name: Option<String>,
        /// From which day the new name holds; today if not given.
        #[arg(long, requires = "name")]
        since: Option<BusinessDate>,
        /// The last name was written wrong: put it right for every day.
        #[arg(long, requires = "name", conflicts_with = "since")]
        correct: bool,
        /// A mark that it no longer has.
        #[arg(long, value_parser = ["脱贫户", "监测户"])]
        no_flag: Option<String>,
        /// Whether it no longer delivers.
        #[arg(long)]
        retired: Option<bool>,
        #[command(flatten)]
        details: DetailArgs,
    },
    /// All growers of the village.
    List,
    /// One household: names with their days, persons, remarks, conflicts.
    Show {
        /// The grower.
        grower: GrowerId,
    },
    /// Add a remark about a household.
    Note {
        /// The grower.
        grower: GrowerId,
        /// The words.
        text: String,
    },
    /// Take a remark away.
    Unnote {
        /// The remark's row, such as N-A7K-1.
        note: String,
    },
    /// Fields with two values, written by two people at once.
    Conflicts,
}

/// What may be said of a household.
#[derive(Debug, Args)]
pub struct DetailArgs {
    /// Its group (组) in the village.
    #[arg(long)]
    group: Option<String>,
    /// Its phone number.
    #[arg(long)]
    phone: Option<String>,
    /// Where it lives.
    #[arg(long)]
    address: Option<String>,
    /// Who receives the money, if not its head.
    #[arg(long)]
    payee: Option<String>,
    /// 脱贫户 or 监测户.
    #[arg(long, value_parser = ["脱贫户", "监测户"])]
    flag: Option<String>,
}

impl DetailArgs {
    fn details(&self) -> GrowerDetails {
        GrowerDetails {
            group: self.group.clone(),
            phone: self.phone.clone(),
            address: self.address.clone(),
            payee: self.payee.clone(),
            flag: self.flag.clone(),
            ..GrowerDetails::default()
        }
    }
}

/// About the persons of a household besides its head.
#[derive(Debug, Subcommand)]
pub enum PersonDeed {
    /// Add a person; the number comes back.
    Add {
        /// The household.
        grower: GrowerId,
        /// The person's name.
        #[arg(long)]
        name: String,
        #[command(flatten)]
        details: PersonArgs,
    },
    /// Change what the register says of a person.
    #[command(visible_alias = "change")]
    Set {
        /// The household.
        grower: GrowerId,
        /// The person's number.
        person: u16,
        /// The name.
        #[arg(long)]
        name: Option<String>,
        /// Whether the person no longer belongs to it.
        #[arg(long)]
        retired: Option<bool>,
        #[command(flatten)]
        details: PersonArgs,
    },
    /// The persons of a household.
    List {
        /// The household.
        grower: GrowerId,
    },
}

/// What may be said of a person.
#[derive(Debug, Args)]
pub struct PersonArgs {
    /// What the person is to the head, such as 儿子.
    #[arg(long)]
    relation: Option<String>,
    /// The phone number.
    #[arg(long)]
    phone: Option<String>,
}

/// What to do with conflicts.
#[derive(Debug, Subcommand)]
pub enum SettleDeed {
    /// Decide a field: one of its values, or another one.
    Settle {
        /// The field's key, as `conflicts` lists it.
        key: String,
        /// The right value; an empty one clears the field.
        value: String,
    },
}

fn told(error: StewardError) -> Failure {
    failure(&error)
}

pub(super) fn grower(steward: &mut Steward, deed: &GrowerDeed, json: bool) -> Result<(), Failure> {
    match deed {
        GrowerDeed::Add { name, details } => {
            let name = name.trim().to_owned();
            if name.is_empty() {
                return Err(Failure::usage("--name 不能为空 / --name must not be empty"));
            }
            let details = GrowerDetails { name: Some(name.clone()), ..details.details() };
            let grower = steward.add_grower(&details).map_err(told)?;
            say(json, &json!({"grower": grower.to_string()}), |_| format!("{grower} {name}"))
        }
        GrowerDeed::Set { grower, name, since, correct, no_flag, retired, details } => {
            if name.as_ref().is_some_and(|name| name.trim().is_empty()) {
                return Err(Failure::usage("--name 不能为空 / --name must not be empty"));
            }
            let since = since.unwrap_or_else(|| steward.today());
            let details = GrowerDetails {
                name: name.clone(),
                name_since: (name.is_some() && !*correct).then_some(since),
                flag_off: no_flag.clone(),
                retired: *retired,
                ..details.details()
            };
            steward.change_grower(*grower, &details).map_err(told)?;
            say(json, &json!({"grower": grower.to_string()}), |_| {
                format!("{grower} 已改。/ {grower} is changed.")
            })
        }
        GrowerDeed::List => {
            let rows = steward.store().growers(None).map_err(|e| told(e.into()))?;
            say(json, &json!({"growers": words::growers(&rows)}), |_| words::growers_text(&rows))
        }
        GrowerDeed::Show { grower } => {
            let household = steward.household(*grower).map_err(told)?;
            let mut open = steward.conflicts().map_err(told)?;
            open.retain(|conflict| conflict.grower == Some(*grower));
            let tails = steward.store().number_tails(*grower).map_err(|e| told(e.into()))?;
            let value = words::household(&household, &open, &tails);
            say(json, &value, |_| words::household_text(&household, &open, &tails))
        }
        GrowerDeed::Note { grower, text } => {
            let row = steward.add_remark(Some(*grower), text).map_err(told)?;
            say(json, &json!({"note": row}), |_| format!("已记 {row} / noted"))
        }
        GrowerDeed::Unnote { note } => {
            steward.remove_remark(note).map_err(told)?;
            say(json, &json!({"removed": note}), |_| format!("{note} 已删。/ {note} is removed."))
        }
        GrowerDeed::Conflicts => conflicts(steward, None, json),
    }
}

pub(super) fn person(steward: &mut Steward, deed: &PersonDeed, json: bool) -> Result<(), Failure> {
    match deed {
        PersonDeed::Add { grower, name, details } => {
            if name.trim().is_empty() {
                return Err(Failure::usage("--name 不能为空 / --name must not be empty"));
            }
            let details = PersonDetails {
                name: Some(name.clone()),
                relation: details.relation.clone(),
                phone: details.phone.clone(),
                retired: None,
            };
            let person = steward.add_person(*grower, &details).map_err(told)?;
            let value = json!({"grower": grower.to_string(), "person": person});
            say(json, &value, |_| format!("{grower} {person} {}", name.trim()))
        }
        PersonDeed::Set { grower, person, name, retired, details } => {
            let details = PersonDetails {
                name: name.clone(),
                relation: details.relation.clone(),
                phone: details.phone.clone(),
                retired: *retired,
            };
            steward.change_person(*grower, *person, &details).map_err(told)?;
            let value = json!({"grower": grower.to_string(), "person": person});
            say(json, &value, |_| format!("{grower} {person} 已改。/ It is changed."))
        }
        PersonDeed::List { grower } => {
            let household = steward.household(*grower).map_err(told)?;
            let value = json!({"grower": grower.to_string(), "head": household.row.name,
                               "persons": words::persons(&household.persons)});
            say(json, &value, |_| {
                format!(
                    "0 户主 head {}\n{}",
                    household.row.name,
                    words::persons_text(&household.persons)
                )
            })
        }
    }
}

pub(super) fn points(steward: &Steward, json: bool) -> Result<(), Failure> {
    let rows = steward.store().points(None).map_err(|e| told(e.into()))?;
    say(json, &words::points(&rows), |_| words::points_text(&rows))
}

pub(super) fn crates(steward: &Steward, json: bool) -> Result<(), Failure> {
    let rows = steward.store().crate_types(None).map_err(|e| told(e.into()))?;
    say(json, &words::crates(&rows), |_| words::crates_text(&rows))
}

pub(super) fn conflicts(
    steward: &mut Steward,
    settle: Option<&SettleDeed>,
    json: bool,
) -> Result<(), Failure> {
    if let Some(SettleDeed::Settle { key, value }) = settle {
        let settled = steward.settle(key, value).map_err(told)?.to_string();
        return say(json, &json!({"key": key, "value": settled}), |_| {
            format!("{key} 定为“{settled}”。/ {key} is settled as {settled:?}.")
        });
    }
    let all = steward.conflicts().map_err(told)?;
    say(json, &words::conflicts(&all), |_| words::conflicts_text(&all))
}
