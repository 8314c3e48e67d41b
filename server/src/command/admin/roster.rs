//! `courtyard admin steward`: the district's roster (供销管家 and helpers), by its numbers.

use clap::{Args, Subcommand};
use courtyard_core::domain::device::DeviceRole;
use courtyard_core::domain::roster::{Duty, Member};
use courtyard_core::domain::{Body, DeviceNo, GrowerId, Limits, OperatorNo};
use courtyard_core::ledger::Published;
use serde::Serialize;

use crate::command::Failure;
use crate::command::output::{list as list_of, say};
use crate::command::place::{Place, failure, find_village, village_name};
use crate::command::table::{Cell, Column, Table, cells};
use crate::deed::{Deed, On};
use crate::node::Node;
use crate::office::OfficeError;
use crate::office::acting::{Role, next_operator};
use crate::office::error::CommandError;
use crate::office::published::published;

#[derive(Debug, Subcommand)]
pub(super) enum StewardCommand {
    /// Add a person. One of this name who works in this village already is answered with the number.
    Add(AddArgs),
    /// Change what the roster says of a person; what is not named stays as it is.
    Change(ChangeArgs),
    /// A person no longer works; the number is never given again.
    Leave(LeaveArgs),
    /// The roster.
    List(ListArgs),
}

#[derive(Debug, Args)]
pub(super) struct AddArgs {
    /// The person's name.
    #[arg(long)]
    name: String,
    #[command(flatten)]
    details: Details,
    /// The user of the office who does this.
    #[arg(long, value_name = "USER")]
    by: String,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, Args)]
pub(super) struct ChangeArgs {
    /// The person's number.
    number: u16,
    /// The person's name.
    #[arg(long)]
    name: Option<String>,
    #[command(flatten)]
    details: Details,
    /// No phone writes in their name any more.
    #[arg(long, conflicts_with = "device")]
    no_device: bool,
    /// The user of the office who does this.
    #[arg(long, value_name = "USER")]
    by: String,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, Clone, Default, Args)]
struct Details {
    /// The village where they work, by name or number.
    #[arg(long)]
    village: Option<String>,
    /// What they do: 供销管家 steward, 收购员 buyer, 司磅员 weigher, 质检员 inspector.
    #[arg(long, value_parser = DUTIES)]
    duty: Option<String>,
    /// Their own household, such as H-A7K-12, so that a purchase from it is seen.
    #[arg(long, value_name = "GROWER")]
    household: Option<GrowerId>,
    /// The phone that writes in their name when nobody has entered a PIN, such as A7K.
    #[arg(long, value_name = "CODE")]
    device: Option<DeviceNo>,
}

#[derive(Debug, Args)]
pub(super) struct LeaveArgs {
    /// The person's number.
    number: u16,
    /// The user of the office who does this.
    #[arg(long, value_name = "USER")]
    by: String,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, Args)]
pub(super) struct ListArgs {
    #[command(flatten)]
    place: Place,
}

const DUTIES: [&str; 4] = ["steward", "buyer", "weigher", "inspector"];

/// A duty's word and its Chinese.
fn duty_words(duty: Duty) -> (&'static str, &'static str) {
    match duty {
        Duty::Steward => ("steward", "供销管家"),
        Duty::Buyer => ("buyer", "收购员"),
        Duty::Weigher => ("weigher", "司磅员"),
        Duty::Inspector => ("inspector", "质检员"),
        Duty::Office => ("office", "县社"),
    }
}

fn duty(word: &str) -> Option<Duty> {
    let all = [Duty::Steward, Duty::Buyer, Duty::Weigher, Duty::Inspector];
    all.into_iter().find(|&duty| duty_words(duty).0 == word)
}

#[derive(Debug, PartialEq, Eq, Serialize)]
struct Row {
    operator: u16,
    name: String,
    village: Option<u16>,
    village_name: String,
    duty: &'static str,
    active: bool,
    household: Option<String>,
    device: Option<String>,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
struct Written {
    #[serde(flatten)]
    member: Row,
    /// Whether this command published something.
    published: bool,
}

impl Row {
    fn of(member: &Member, published: &Published) -> Row {
        Row {
            operator: member.number.get(),
            name: member.name.clone(),
            village: member.village.map(|village| village.get()),
            village_name: village_name(published, member.village),
            duty: duty_words(member.duty).0,
            active: member.active,
            household: member.household.map(|household| household.to_string()),
            device: member.device.map(|device| device.to_string()),
        }
    }
}

pub(super) fn run(command: &StewardCommand) -> Result<(), Failure> {
    match command {
        StewardCommand::Add(args) => {
            let mut node = args.place.existing()?;
            told(&args.place, &add(&mut node, &args.by, &args.name, &args.details)?)
        }
        StewardCommand::Change(args) => {
            let mut node = args.place.existing()?;
            let number = OperatorNo::new(args.number);
            let written = change(&mut node, &args.by, number, |deed, member| {
                member.name = args.name.clone().unwrap_or_else(|| member.name.clone());
                if args.no_device {
                    member.device = None;
                }
                args.details.put(deed, member)
            })?;
            told(&args.place, &written)
        }
        StewardCommand::Leave(args) => {
            let mut node = args.place.existing()?;
            let number = OperatorNo::new(args.number);
            let written = change(&mut node, &args.by, number, |_, member| {
                member.active = false;
                member.device = None;
                Ok(())
            })?;
            told(&args.place, &written)
        }
        StewardCommand::List(args) => list(&args.place),
    }
}

fn told(place: &Place, written: &Written) -> Result<(), Failure> {
    say(place.json, written, |written| {
        let member = &written.member;
        let state = if member.active { "在岗 works" } else { "已离岗 has left" };
        let new = if written.published { "已发布 published" } else { "没有变化 no change" };
        format!("{} {} {} {state} ({new})", member.operator, member.name, member.village_name)
    })
}

impl Details {
    /// Writes what was given into a member.
    fn put(&self, deed: &Deed<'_>, member: &mut Member) -> Result<(), OfficeError> {
        let published = published(deed.reads())?;
        if let Some(asked) = &self.village {
            let village = find_village(&published, asked).ok_or_else(|| {
                CommandError::said(
                    format!("没有“{asked}”这个村。没有改动任何东西。可用 admin village list 查看。"),
                    format!("There is no village {asked:?}. Nothing was changed. See admin village list."),
                )
            })?;
            member.village = Some(village);
        }
        member.duty = self.duty.as_deref().and_then(duty).unwrap_or(member.duty);
        member.household = self.household.or(member.household);
        if let Some(device) = self.device {
            member.device = Some(free_device(deed, &published, device, member)?);
        }
        Ok(())
    }
}

/// The phone, if it is one of the person's village and writes in nobody else's name.
fn free_device(
    deed: &Deed<'_>,
    published: &Published,
    device: DeviceNo,
    member: &Member,
) -> Result<DeviceNo, OfficeError> {
    let known = deed.reads().device(device)?;
    let fits = known.is_some_and(|known| {
        known.certificate.role == DeviceRole::Phone && known.certificate.village == member.village
    });
    if !fits {
        return Err(CommandError::said(
            format!("{device} 不是这个村的手机。没有改动任何东西。可用 admin device list 查看。"),
            format!(
                "{device} is no phone of that village. Nothing was changed. See admin device list."
            ),
        )
        .into());
    }
    let holder = published.roster().find(|other| {
        other.active && other.device == Some(device) && other.number != member.number
    });
    match holder {
        None => Ok(device),
        Some(other) => Err(CommandError::said(
            format!(
                "{device} 已归 {} 号 {} 使用。没有改动任何东西。请先用 admin steward change {} --no-device 收回。",
                other.number, other.name, other.number
            ),
            format!(
                "{device} writes in the name of {}, {} already. Nothing was changed. Take it back \
                 first: admin steward change {} --no-device.",
                other.number, other.name, other.number
            ),
        )
        .into()),
    }
}

/// Adds a person, unless one of this name works in this village: a script that runs twice adds none
/// twice.
fn add(node: &mut Node, by: &str, name: &str, details: &Details) -> Result<Written, Failure> {
    node.act_as(by, Role::KEEPERS, |deed| {
        let mut member = Member {
            number: next_operator(deed.reads())?,
            name: name.trim().to_owned(),
            village: None,
            duty: Duty::Steward,
            active: true,
            household: None,
            device: None,
        };
        details.put(deed, &mut member)?;
        if member.village.is_none() {
            return Err(CommandError::said(
                "请用 --village 写明在哪个村工作。没有改动任何东西。",
                "Say with --village where they work. Nothing was changed.",
            )
            .into());
        }
        let stands = published(deed.reads())?;
        let same = |other: &&Member| {
            other.active && other.name == member.name && other.village == member.village
        };
        if let Some(known) = stands.roster().find(same) {
            return Ok(Written { member: Row::of(known, &stands), published: false });
        }
        publish(deed, &member, &stands)
    })
    .map_err(failure)
}

fn change(
    node: &mut Node,
    by: &str,
    number: OperatorNo,
    how: impl FnOnce(&Deed<'_>, &mut Member) -> Result<(), OfficeError>,
) -> Result<Written, Failure> {
    node.act_as(by, Role::KEEPERS, |deed| {
        let stands = published(deed.reads())?;
        let known = stands.member(number).ok_or_else(|| {
            CommandError::said(
                format!("没有 {number} 号人员。没有改动任何东西。可用 admin steward list 查看。"),
                format!(
                    "There is no person {number}. Nothing was changed. See admin steward list."
                ),
            )
        })?;
        let mut member = known.clone();
        how(deed, &mut member)?;
        if member == *known {
            return Ok(Written { member: Row::of(known, &stands), published: false });
        }
        publish(deed, &member, &stands)
    })
    .map_err(failure)
}

fn publish(
    deed: &mut Deed<'_>,
    member: &Member,
    published: &Published,
) -> Result<Written, OfficeError> {
    let body = Body::from(member.clone());
    if let Some(breach) = body.check(&Limits::LEDGER).first() {
        return Err(CommandError::Rule(breach.rule).into());
    }
    deed.write(On::default(), &[body])?;
    Ok(Written { member: Row::of(member, published), published: true })
}

fn list(place: &Place) -> Result<(), Failure> {
    let mut node = place.existing()?;
    let reads = node.read().map_err(failure)?;
    let published = published(reads.as_ref()).map_err(|error| failure(error.into()))?;
    let mut table = Table::new(
        "roster",
        [
            Column::number("operator", "编号 no."),
            Column::text("name", "姓名 name"),
            Column::text("village", "村 village"),
            Column::text("duty", "职责 duty"),
            Column::text("state", "状态 state"),
            Column::text("device", "手机 phone"),
            Column::text("household", "本户 household"),
        ],
    );
    let rows: Vec<Row> = published.roster().map(|member| Row::of(member, &published)).collect();
    for (row, member) in rows.iter().zip(published.roster()) {
        let (code, zh) = duty_words(member.duty);
        let state = if row.active { ("active", "在岗 active") } else { ("left", "离岗 left") };
        table.row(cells![
            row.operator,
            row.name.clone(),
            row.village_name.clone(),
            Cell::coded(code, format!("{zh} {code}")),
            Cell::coded(state.0, state.1),
            row.device.clone(),
            row.household.clone(),
        ]);
    }
    list_of(place.json, &serde_json::json!({ "roster": &rows }), &table)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::place::tests::node;

    fn staffed() -> (Node, tempfile::TempDir) {
        let (mut node, folder) = node();
        node.add_village("石桥村", None).unwrap();
        node.put_user("赵主管", "manager", "long enough").unwrap();
        node.put_user("王经办", "clerk", "long enough").unwrap();
        (node, folder)
    }

    fn at(village: &str) -> Details {
        Details { village: Some(village.into()), ..Details::default() }
    }

    #[test]
    fn a_person_is_added_once_changed_and_leaves_with_the_number() {
        let (mut node, _folder) = staffed();
        let added = add(&mut node, "赵主管", "陈秀英", &at("石桥村")).unwrap();
        // The users of the office have the first numbers.
        assert_eq!((added.member.operator, added.published), (3, true));
        let again = add(&mut node, "赵主管", " 陈秀英 ", &at("1")).unwrap();
        assert_eq!((again.member.operator, again.published), (3, false));
        let own: GrowerId = "H-A7K-12".parse().unwrap();
        let details = Details { household: Some(own), duty: Some("buyer".into()), ..at("1") };
        let number = OperatorNo::new(3);
        let changed = change(&mut node, "赵主管", number, |d, m| details.put(d, m)).unwrap();
        assert_eq!((changed.member.duty, changed.published), ("buyer", true));
        assert_eq!(changed.member.household.as_deref(), Some("H-A7K-12"));
        let left = change(&mut node, "赵主管", number, |_, m| {
            m.active = false;
            Ok(())
        });
        assert!(!left.unwrap().member.active);
        let other = add(&mut node, "赵主管", "陈秀英", &at("石桥村")).unwrap();
        assert_eq!((other.member.operator, other.published), (4, true));
    }

    #[test]
    fn what_makes_no_sense_is_said_and_nothing_is_published() {
        let (mut node, _folder) = staffed();
        let said = |node: &mut Node, by: &str, name: &str, details: &Details| {
            add(node, by, name, details).unwrap_err().text().to_owned()
        };
        assert!(said(&mut node, "王经办", "陈", &at("石桥村")).contains("主管"));
        assert!(said(&mut node, "赵主管", "陈", &at("下庄")).contains("village list"));
        assert!(said(&mut node, "赵主管", "陈", &Details::default()).contains("--village"));
        assert!(said(&mut node, "赵主管", " ", &at("石桥村")).contains("published.name_empty"));
        let office = Details { device: DeviceNo::new(2), ..at("石桥村") };
        assert!(said(&mut node, "赵主管", "陈", &office).contains("device list"));
        let nobody = change(&mut node, "赵主管", OperatorNo::new(9), |_, _| Ok(())).unwrap_err();
        assert!(nobody.text().contains("steward list"));
        let reads = node.read().unwrap();
        assert_eq!(published(reads.as_ref()).unwrap().roster().count(), 2);
    }
}
