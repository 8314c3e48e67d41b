//! `courtyard admin device`: phones and the office's own devices.

use std::collections::BTreeMap;

use clap::{Args, Subcommand};
use courtyard_core::domain::DeviceNo;
use courtyard_core::domain::device::DeviceRole;
use courtyard_core::ledger::Published;
use serde::Serialize;

use crate::command::Failure;
use crate::command::output::{list as list_of, say};
use crate::command::place::{Place, failure, village_name};
use crate::command::table::{Column, Table, cells};
use crate::log::{DeviceState, LogError, Reads};
use crate::office::published::published;

#[derive(Debug, Subcommand)]
pub(super) enum DeviceCommand {
    /// Every device with its village and how many entries arrived.
    List(ListArgs),
    /// Revoke a phone: it may still send what it holds, and reads nothing more.
    Revoke(RevokeArgs),
}

#[derive(Debug, Args)]
pub(super) struct ListArgs {
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, Args)]
pub(super) struct RevokeArgs {
    /// The phone's code, such as A7K.
    code: DeviceNo,
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
}

pub(super) fn run(command: &DeviceCommand) -> Result<(), Failure> {
    match command {
        DeviceCommand::List(args) => list(&args.place),
        DeviceCommand::Revoke(args) => revoke(args),
    }
}

fn list(place: &Place) -> Result<(), Failure> {
    let mut node = place.existing()?;
    let rows = {
        let reads = node.read().map_err(failure)?;
        rows(reads.as_ref()).map_err(|error| failure(error.into()))?
    };
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
        ]);
    }
    list_of(place.json, &serde_json::json!({ "devices": &rows }), &table)
}

fn rows(reads: &dyn Reads) -> Result<Vec<Row>, LogError> {
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
    Ok(devices
        .iter()
        .map(|device| {
            let number = device.number();
            let village = device.certificate.village;
            Row {
                number: number.get(),
                code: number.to_string(),
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
                entries: entries.get(&number).copied().unwrap_or(0),
                register_edits: edits.get(&number).copied().unwrap_or(0),
            }
        })
        .collect())
}

fn revoke(args: &RevokeArgs) -> Result<(), Failure> {
    let mut node = args.place.existing()?;
    node.revoke(args.code).map_err(failure)?;
    let revoked = serde_json::json!({ "device": args.code.to_string(), "state": "revoked" });
    say(args.place.json, &revoked, |_| {
        format!(
            "{0} 已停用：它还能上传没传完的记录，不再收到任何数据。\n\
             {0} is revoked: it may still send what it holds, and reads nothing more.",
            args.code
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
        let rows = rows(node.read().unwrap().as_ref()).unwrap();
        let seen: Vec<_> =
            rows.iter().map(|row| (row.role, row.village_name.as_str(), row.entries)).collect();
        // The county wrote its own certificate, the village and the village office's certificate.
        assert_eq!(seen, [("county_office", "", 3), ("village_office", "石桥村", 0)]);
        assert_eq!(rows.last().unwrap().code, DeviceNo::new(2).unwrap().to_string());
    }

    #[test]
    fn an_office_device_cannot_be_revoked() {
        let (mut node, _folder) = node();
        let said = failure(node.revoke(DeviceNo::new(1).unwrap()).unwrap_err());
        assert!(said.text().contains("device list"), "{}", said.text());
    }
}
