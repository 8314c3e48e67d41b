//! `courtyard admin device`: phones and the office's own devices.

use std::collections::BTreeMap;

use clap::{Args, Subcommand};
use courtyard_core::domain::device::DeviceRole;
use courtyard_core::domain::revocation::DeviceRevocation;
use courtyard_core::domain::{BusinessDate, DeviceNo, EntryId};
use courtyard_core::ledger::Published;
use serde::Serialize;

use crate::command::Failure;
use crate::command::output::{list as list_of, say};
use crate::command::place::{Place, failure, village_name};
use crate::command::table::{Column, Table, cells};
use crate::log::{DeviceState, LogError, Reads};
use crate::node::Node;
use crate::office::OfficeError;
use crate::office::error::CommandError;
use crate::office::published::published;
use crate::office::villages::last_number;

#[derive(Debug, Subcommand)]
pub(super) enum DeviceCommand {
    /// Every device with its village and how many entries arrived.
    List(ListArgs),
    /// One device: the last number known, those that are missing, what is held.
    Show(ShowArgs),
    /// Revoke a phone: it may still send what it holds, and reads nothing more.
    Revoke(RevokeArgs),
}

#[derive(Debug, Args)]
pub(super) struct ListArgs {
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, Args)]
pub(super) struct ShowArgs {
    /// The device's code, such as A7K.
    code: DeviceNo,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, Args)]
pub(super) struct RevokeArgs {
    /// The phone's code, such as A7K.
    code: DeviceNo,
    /// Why: lost, stolen, copied, its steward dismissed.
    #[arg(long, default_value = "停用 revoked")]
    reason: String,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
struct Row {
    number: u16,
    code: String,
    role: &'static str,
    state: &'static str,
    village: Option<u16>,
    village_name: String,
    entries: u64,
    register_edits: u64,
    /// The last entry that came from it.
    last: Option<String>,
    /// Its entries that are held.
    held: u32,
    /// When it last spoke to the server, to the hour.
    last_sync_ms: Option<i64>,
}

/// One device with its numbers.
#[derive(Debug, Serialize)]
struct Shown {
    #[serde(flatten)]
    row: Row,
    /// The highest number that anything speaks of.
    known_to: Option<String>,
    /// Numbers that were taken over from paper and did not come from the device.
    recovered: Vec<String>,
    /// Numbers that are not here, though something speaks of them or of later ones.
    missing: Vec<String>,
    /// How many those are.
    missing_count: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    revoked: Option<Revoked>,
}

/// The end of a device.
#[derive(Debug, Serialize)]
struct Revoked {
    device: String,
    state: &'static str,
    /// Its entries up to this one stand as they came; what lies beyond is held.
    count: u32,
    last: Option<String>,
    reason: String,
}

impl Revoked {
    fn of(revocation: &DeviceRevocation) -> Self {
        Revoked {
            device: revocation.device.to_string(),
            state: "revoked",
            count: revocation.count,
            last: number(revocation.device, revocation.count),
            reason: revocation.reason.clone(),
        }
    }
}

/// The number as people see it; none before the first.
fn number(device: DeviceNo, sequence: u32) -> Option<String> {
    (sequence > 0).then(|| EntryId::new(device, sequence).to_string())
}

pub(super) fn run(command: &DeviceCommand) -> Result<(), Failure> {
    match command {
        DeviceCommand::List(args) => list(&args.place),
        DeviceCommand::Show(args) => show(args),
        DeviceCommand::Revoke(args) => revoke(args),
    }
}

fn list(place: &Place) -> Result<(), Failure> {
    let mut node = place.existing()?;
    let rows = rows(&mut node)?;
    let mut table = Table::new(
        "devices",
        [
            Column::number("number", "编号 no."),
            Column::text("code", "单号段 code"),
            Column::text("role", "角色 role"),
            Column::text("state", "状态 state"),
            Column::text("village", "村 village"),
            Column::number("entries", "记录 entries"),
            Column::number("edits", "名册 edits"),
            Column::text("last", "最后单号 last"),
            Column::number("held", "留存 held"),
            Column::text("last_sync", "最近同步 last sync"),
        ],
    );
    for row in &rows {
        table.row(cells![
            row.number,
            row.code.clone(),
            row.role,
            row.state,
            row.village_name.clone(),
            row.entries,
            row.register_edits,
            row.last.clone().unwrap_or_default(),
            row.held,
            row.last_sync_ms.map(moment).unwrap_or_default(),
        ]);
    }
    list_of(place.json, &serde_json::json!({ "devices": &rows }), &table)
}

/// A time of the server's clock in China, to the minute.
fn moment(at_ms: i64) -> String {
    let at_s = at_ms.div_euclid(1_000);
    let minutes = at_s.saturating_add(8 * 3_600).rem_euclid(86_400) / 60;
    format!("{} {:02}:{:02}", BusinessDate::at(at_s), minutes / 60, minutes % 60)
}

fn rows(node: &mut Node) -> Result<Vec<Row>, Failure> {
    let mut rows = {
        let reads = node.read().map_err(failure)?;
        rows_of_log(reads.as_ref()).map_err(|error| failure(error.into()))?
    };
    let view = node.view().map_err(failure)?;
    for row in &mut rows {
        let device = DeviceNo::new(row.number).unwrap_or_default();
        row.held = view.store().held_of(device).map_err(|error| failure(error.into()))?;
    }
    Ok(rows)
}

fn rows_of_log(reads: &dyn Reads) -> Result<Vec<Row>, LogError> {
    let published: Published = published(reads)?;
    let mut entries: BTreeMap<DeviceNo, u64> = BTreeMap::new();
    for (book, tip) in reads.tips()? {
        let sum = entries.entry(book.device).or_default();
        *sum = sum.saturating_add(u64::from(tip.count));
    }
    let mut edits: BTreeMap<DeviceNo, u64> = BTreeMap::new();
    for (_, device, count) in reads.edit_counts()? {
        let sum = edits.entry(device).or_default();
        *sum = sum.saturating_add(u64::from(count));
    }
    let devices = reads.devices()?;
    let mut rows = Vec::with_capacity(devices.len());
    for device in &devices {
        let of = device.number();
        let village = device.certificate.village;
        rows.push(Row {
            number: of.get(),
            code: of.to_string(),
            role: match device.certificate.role {
                DeviceRole::Phone => "phone",
                DeviceRole::VillageOffice => "village_office",
                DeviceRole::CountyOffice => "county_office",
            },
            state: match device.state {
                DeviceState::Active => "active",
                DeviceState::Retired => "retired",
                DeviceState::Revoked => "revoked",
            },
            village: village.map(|v| v.get()),
            village_name: village_name(&published, village),
            entries: entries.get(&of).copied().unwrap_or(0),
            register_edits: edits.get(&of).copied().unwrap_or(0),
            last: number(of, last_number(reads, of)?),
            held: 0,
            last_sync_ms: reads.heard_ms(of)?,
        });
    }
    Ok(rows)
}

fn show(args: &ShowArgs) -> Result<(), Failure> {
    let mut node = args.place.existing()?;
    let shown = shown(&mut node, args.code)?;
    say(args.place.json, &shown, in_words)
}

fn shown(node: &mut Node, device: DeviceNo) -> Result<Shown, Failure> {
    let row = rows(node)?.into_iter().find(|row| row.number == device.get());
    let unknown = || failure(OfficeError::from(CommandError::NoDevice(device.to_string())).into());
    let row = row.ok_or_else(unknown)?;
    let view = node.view().map_err(failure)?;
    let numbers = view.store().numbers_of(device).map_err(|error| failure(error.into()))?;
    let reads = node.read().map_err(failure)?;
    let published = published(reads.as_ref()).map_err(|error| failure(error.into()))?;
    let span = |&(from, to): &(u32, u32)| {
        let from_id = EntryId::new(device, from);
        if from == to {
            from_id.to_string()
        } else {
            format!("{from_id}…{}", EntryId::new(device, to))
        }
    };
    Ok(Shown {
        row,
        known_to: number(device, numbers.known_to),
        recovered: numbers.recovered.iter().filter_map(|&n| number(device, n)).collect(),
        missing: numbers.missing.iter().map(span).collect(),
        missing_count: numbers.missing.iter().fold(0, |sum, (from, to)| {
            sum.saturating_add(to.saturating_sub(*from)).saturating_add(1)
        }),
        revoked: published.revocation(device).map(Revoked::of),
    })
}

fn in_words(shown: &Shown) -> String {
    let row = &shown.row;
    let none = || "—".to_owned();
    let mut text = format!(
        "{} {} {} {}\n最后单号 last: {}\n已知到 known to: {}\n最近同步 last sync: {}\n留存待核 held: {}\n",
        row.code,
        row.role,
        row.state,
        row.village_name,
        row.last.clone().unwrap_or_else(none),
        shown.known_to.clone().unwrap_or_else(none),
        row.last_sync_ms.map_or_else(none, moment),
        row.held,
    );
    for (numbers, words) in
        [(&shown.recovered, "按纸单补录 recovered"), (&shown.missing, "缺号 missing")]
    {
        if !numbers.is_empty() {
            text.push_str(&format!("{words}: {}\n", numbers.join(", ")));
        }
    }
    if let Some(revoked) = &shown.revoked {
        text.push_str(&format!("已停用 revoked: {} ≤ {}\n", revoked.reason, revoked.count));
    }
    text
}

fn revoke(args: &RevokeArgs) -> Result<(), Failure> {
    let mut node = args.place.existing()?;
    let revocation = node.revoke(args.code, &args.reason).map_err(failure)?;
    say(args.place.json, &Revoked::of(&revocation), |revoked| {
        let last = revoked.last.clone().unwrap_or_else(|| "—".to_owned());
        format!(
            "{0} 已停用：它还能上传没传完的记录，不再收到任何数据；{last} 之后的都留存待核。\n\
             {0} is revoked: it may still send what it holds, and reads nothing more; what lies \
             beyond {last} is held.",
            revoked.device
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::place::tests::node;

    #[test]
    fn every_device_is_listed_with_its_village_and_entries() {
        let (mut node, _folder) = node();
        node.add_village("石桥村", None).unwrap();
        let rows = rows(&mut node).unwrap();
        let seen: Vec<_> =
            rows.iter().map(|row| (row.role, row.village_name.as_str(), row.entries)).collect();
        // The county wrote its own certificate, the village and the village office's certificate.
        assert_eq!(seen, [("county_office", "", 3), ("village_office", "石桥村", 0)]);
        assert_eq!(rows.last().unwrap().code, DeviceNo::new(2).unwrap().to_string());
    }

    #[test]
    fn an_office_device_cannot_be_revoked() {
        let (mut node, _folder) = node();
        let said = failure(node.revoke(DeviceNo::new(1).unwrap(), "丢失").unwrap_err());
        assert!(said.text().contains("device list"), "{}", said.text());
    }
}
