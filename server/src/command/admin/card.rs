//! `courtyard admin card`: households' cards, with which they open their own pages.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use courtyard_core::domain::GrowerId;
use serde::Serialize;

use crate::command::Failure;
use crate::command::output::{list as list_of, say};
use crate::command::place::{Place, failure};
use crate::command::qr;
use crate::command::table::{Column, Table, cells};
use crate::node::Node;
use crate::office::cards::{self, ISSUERS, Issued};

#[derive(Debug, Subcommand)]
pub(super) enum CardCommand {
    /// Issue a card with a PIN to a household; the card before opens nothing any more.
    Issue(IssueArgs),
    /// Give a household's card another PIN, for one that was forgotten or locked.
    Pin(OneArgs),
    /// Revoke a household's card, because it was lost.
    Revoke(OneArgs),
    /// Every card in use, with its lock.
    List(ListArgs),
}

#[derive(Debug, Args)]
pub(super) struct IssueArgs {
    /// The grower, such as H-A7K-12.
    grower: GrowerId,
    /// The user of the office who issues it.
    #[arg(long, value_name = "USER")]
    by: String,
    /// The address at which growers reach the server; else that of the server last run here.
    #[arg(long, value_name = "URL")]
    address: Option<String>,
    /// Write the QR to be printed on the card as a picture.
    #[arg(long, value_name = "FILE", conflicts_with = "svg")]
    png: Option<PathBuf>,
    /// Write the QR as an SVG document.
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, Args)]
pub(super) struct OneArgs {
    /// The grower, such as H-A7K-12.
    grower: GrowerId,
    /// The user of the office who does it.
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

/// A card that was issued: its PIN and address are not shown again.
#[derive(Serialize)]
struct CardIssued {
    grower: String,
    address: String,
    pin: String,
}

#[derive(Debug, Serialize)]
struct Row {
    grower: String,
    issued_ms: i64,
    issued_by: String,
    wrong_pins: u32,
    locked: bool,
}

pub(super) fn run(command: &CardCommand) -> Result<(), Failure> {
    match command {
        CardCommand::Issue(args) => issue(args),
        CardCommand::Pin(args) => pin(args),
        CardCommand::Revoke(args) => revoke(args),
        CardCommand::List(args) => list(&args.place),
    }
}

fn issue(args: &IssueArgs) -> Result<(), Failure> {
    let mut node = args.place.existing()?;
    let server = server(&node, args.address.as_deref())?;
    let grower = args.grower;
    let Issued { token, pin } =
        node.act_as(&args.by, ISSUERS, |deed| cards::issue(deed, grower)).map_err(failure)?;
    let address = token.address(&server);
    let issued = CardIssued { grower: grower.to_string(), address, pin };
    if let Some(path) = &args.png {
        qr::write_png(&issued.address, path).map_err(|error| unwritten(path, &error))?;
    }
    if let Some(path) = &args.svg {
        let svg = qr::svg(&issued.address).unwrap_or_default();
        std::fs::write(path, svg).map_err(|error| unwritten(path, &error))?;
    }
    say(args.place.json, &issued, |issued| {
        let mut text = format!(
            "{0}\n地址 address  {1}\nPIN           {2}\n\
             只显示这一次：二维码印在卡上，PIN 另写一张纸，当面交给农户。以前的卡已作废。\n\
             Shown only once. Print the QR on the card, write the PIN on another paper, and hand \
             both to the household. Any card before opens nothing now.\n",
            issued.grower, issued.address, issued.pin
        );
        if args.png.is_none() && args.svg.is_none() && std::io::stdout().is_terminal() {
            text.push_str(&qr::terminal(&issued.address).unwrap_or_default());
        }
        text
    })
}

/// The server's address that stands on cards.
fn server(node: &Node, asked: Option<&str>) -> Result<String, Failure> {
    let address = asked.map(str::to_owned).or(node.folder().reached().map(|r| r.address));
    let address = address.ok_or_else(|| {
        Failure::usage(
            "还不知道农户用什么地址打开服务器：请用 --address 写明，或先运行一次 courtyard serve。没有发卡。\n\
             The address of the server is not known: give it with --address, or run courtyard serve \
             once. No card was issued.",
        )
    })?;
    let host = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"));
    match host.map(|host| host.trim_end_matches('/')) {
        Some(host) if !host.is_empty() && !host.contains('/') => Ok(address),
        _ => Err(Failure::usage(
            "地址要像 https://shou.example.cn，后面不带路径。没有发卡。\n\
             An address is such as https://shou.example.cn, without a path. No card was issued.",
        )),
    }
}

fn unwritten(path: &Path, error: &std::io::Error) -> Failure {
    Failure::words(
        &format!(
            "{} 写不了：{error}。卡已发出，但没有打印：请检查路径和空间，再发一张（这一张随即作废）。",
            path.display()
        ),
        &format!(
            "{} cannot be written: {error}. The card was issued but not printed: check the path and \
             issue another one, which revokes it.",
            path.display()
        ),
    )
}

fn pin(args: &OneArgs) -> Result<(), Failure> {
    let mut node = args.place.existing()?;
    let grower = args.grower;
    let pin =
        node.act_as(&args.by, ISSUERS, |deed| cards::renew_pin(deed, grower)).map_err(failure)?;
    let value = serde_json::json!({"grower": grower.to_string(), "pin": pin});
    say(args.place.json, &value, |_| {
        format!("{grower}\nPIN  {pin}\n只显示这一次；卡不用换。Shown only once; the card stays.\n")
    })
}

fn revoke(args: &OneArgs) -> Result<(), Failure> {
    let mut node = args.place.existing()?;
    let grower = args.grower;
    node.act_as(&args.by, ISSUERS, |deed| cards::revoke(deed, grower)).map_err(failure)?;
    let value = serde_json::json!({"grower": grower.to_string(), "revoked": true});
    say(args.place.json, &value, |_| {
        format!("{grower} 的卡已作废。/ The card of {grower} opens nothing any more.")
    })
}

fn list(place: &Place) -> Result<(), Failure> {
    let mut node = place.existing()?;
    let now_ms = node.now_ms();
    let cards = {
        let reads = node.read().map_err(failure)?;
        reads.cards(None).map_err(|error| failure(error.into()))?
    };
    let in_use = cards.into_iter().filter(|card| card.revoked_ms.is_none());
    let rows: Vec<Row> = in_use
        .map(|card| Row {
            grower: card.grower.to_string(),
            issued_ms: card.issued_ms,
            issued_by: card.issued_by,
            wrong_pins: card.wrong_pins,
            locked: card.locked_until_ms > now_ms,
        })
        .collect();
    let mut table = Table::new(
        "cards",
        [
            Column::text("grower", "农户 grower"),
            Column::date("issued", "发卡 issued"),
            Column::text("issued_by", "经办 by"),
            Column::number("wrong_pins", "输错 wrong PINs"),
            Column::text("locked", "锁定 locked"),
        ],
    );
    for row in &rows {
        let day = courtyard_core::domain::BusinessDate::at(row.issued_ms.div_euclid(1_000));
        let locked = if row.locked { "▲ 是 yes" } else { "" };
        table.row(cells![row.grower.clone(), day, row.issued_by.clone(), row.wrong_pins, locked]);
    }
    list_of(place.json, &serde_json::json!({ "cards": &rows }), &table)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::place::tests::node;

    #[test]
    fn a_card_stands_under_an_address_without_a_path() {
        let (node, _folder) = node();
        assert!(server(&node, None).unwrap_err().text().contains("--address"));
        let known = server(&node, Some("https://shou.example.cn/")).unwrap();
        assert_eq!(known, "https://shou.example.cn/");
        for wrong in ["shou.example.cn", "https://", "https://shou.example.cn/gx"] {
            assert!(server(&node, Some(wrong)).is_err(), "{wrong}");
        }
    }
}
