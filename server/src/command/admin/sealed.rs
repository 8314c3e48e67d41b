//! `courtyard admin sealed`: ID and bank numbers, sealed to the district's key.

use std::io::{BufRead as _, Write as _};
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use courtyard_core::domain::{GrowerId, PersonNo};
use serde_json::{Value, json};

use crate::command::Failure;
use crate::command::output::say;
use crate::command::place::{Place, failure};
use crate::command::table::{Column, Table, cells};
use crate::folder;
use crate::log::{NumberKind, NumberOf, SealedNumber};
use crate::node::Node;
use crate::office::sealed::SealingKey;
use crate::rng;

#[derive(Debug, Subcommand)]
pub(super) enum SealedCommand {
    /// Make the district's sealing key, or show its public part.
    Key(KeyArgs),
    /// Seal a number, in place of the one before. It is read from standard input (one line).
    Put(PutArgs),
    /// Whose numbers are sealed, with the last four characters.
    List(ListArgs),
    /// Show a whole number. That it was shown, and to whom, stays in the audit.
    Reveal(RevealArgs),
    /// Remove a number.
    Erase(EraseArgs),
}

#[derive(Debug, Args)]
pub(super) struct KeyArgs {
    #[command(flatten)]
    place: Place,
}

/// Whose number, and which.
#[derive(Debug, Args)]
struct OfArgs {
    /// The grower.
    #[arg(long)]
    grower: GrowerId,
    /// The person of the household; 0 is its head.
    #[arg(long, default_value_t = 0)]
    person: u16,
    /// An identity card's number (身份证号) or an account's (银行账号).
    #[arg(long, value_parser = ["id", "bank"])]
    kind: String,
}

impl OfArgs {
    fn of(&self) -> Result<NumberOf, Failure> {
        let kind = NumberKind::by_name(&self.kind);
        let kind = kind.ok_or_else(|| Failure::usage("--kind id|bank"))?;
        Ok(NumberOf { grower: self.grower, person: PersonNo::new(self.person), kind })
    }
}

#[derive(Debug, Args)]
pub(super) struct PutArgs {
    #[command(flatten)]
    of: OfArgs,
    /// The user who does it.
    #[arg(long)]
    by: String,
    /// The user who agrees; an account needs one, whose change sends money elsewhere.
    #[arg(long)]
    approved_by: Option<String>,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, Args)]
pub(super) struct ListArgs {
    /// Only this grower.
    #[arg(long)]
    grower: Option<GrowerId>,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, Args)]
pub(super) struct RevealArgs {
    #[command(flatten)]
    of: OfArgs,
    /// The user who looks: a clerk or an administrator.
    #[arg(long)]
    by: String,
    /// The file of the sealing key's private part, if it is not in the data folder.
    #[arg(long, value_name = "FILE")]
    identity: Option<PathBuf>,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, Args)]
pub(super) struct EraseArgs {
    #[command(flatten)]
    of: OfArgs,
    /// The user who does it.
    #[arg(long)]
    by: String,
    /// The user who agrees.
    #[arg(long)]
    approved_by: String,
    #[command(flatten)]
    place: Place,
}

pub(super) fn run(command: &SealedCommand) -> Result<(), Failure> {
    match command {
        SealedCommand::Key(args) => {
            let mut node = args.place.existing()?;
            let (public, made) = key(&mut node)?;
            let public = hex::encode(public);
            let value = json!({"public": public, "made": made});
            say(args.place.json, &value, |_| format!("封存公钥 sealing key  {public}"))
        }
        SealedCommand::Put(args) => {
            let mut node = args.place.existing()?;
            key(&mut node)?;
            let number = read_line()?;
            let of = args.of.of()?;
            let sealed = node
                .act(|office, tx, now_ms, rng| {
                    let second = args.approved_by.as_deref();
                    office.put_number(tx, of, &number, &args.by, second, now_ms, rng.as_mut())
                })
                .map_err(failure)?;
            clean(&mut node)?;
            say(args.place.json, &row(&sealed), |_| {
                format!(
                    "已封存 {} 尾号 {}。/ Sealed, ending in {}.",
                    args.of.grower, sealed.last_four, sealed.last_four
                )
            })
        }
        SealedCommand::List(args) => {
            let mut node = args.place.existing()?;
            let reads = node.read().map_err(failure)?;
            let all = reads.sealed_numbers(args.grower).map_err(|e| failure(e.into()))?;
            let value = json!({"numbers": all.iter().map(row).collect::<Vec<_>>()});
            say(args.place.json, &value, |_| text(&all))
        }
        SealedCommand::Reveal(args) => {
            let mut node = args.place.existing()?;
            let private = private(&node, args.identity.as_deref())?;
            let of = args.of.of()?;
            let number = node
                .act(|office, tx, now_ms, _| {
                    office.reveal_number(tx, of, &args.by, &private, now_ms)
                })
                .map_err(failure)?;
            let value = json!({"grower": of.grower.to_string(), "person": of.person.get(),
                               "kind": of.kind.name(), "number": number});
            say(args.place.json, &value, |_| {
                format!("{number}\n已记入审计。/ This look is in the audit.")
            })
        }
        SealedCommand::Erase(args) => {
            let mut node = args.place.existing()?;
            let of = args.of.of()?;
            let erased = node
                .act(|office, tx, now_ms, _| {
                    let who = (args.by.as_str(), args.approved_by.as_str());
                    office.erase_numbers(tx, of.grower, Some(of), who, now_ms)
                })
                .map_err(failure)?;
            clean(&mut node)?;
            say(args.place.json, &json!({ "erased": erased }), |_| {
                format!("已删除 {erased} 个号码。/ {erased} erased.")
            })
        }
    }
}

/// The public part of the sealing key; it is made if there is none yet.
fn key(node: &mut Node) -> Result<([u8; 32], bool), Failure> {
    let known = node.read().map_err(failure)?.sealing_key().map_err(|e| failure(e.into()))?;
    if let Some(public) = known {
        return Ok((public, false));
    }
    let made = SealingKey::make(rng::system().as_mut());
    let path = node.folder().sealing_key();
    let text = format!("{}\n", hex::encode(made.private));
    folder::write_secret(&path, text.as_bytes()).map_err(|error| unreadable(&path, &error))?;
    node.act(|_, tx, _, _| Ok(tx.put_sealing_key(&made.public)?)).map_err(failure)?;
    let _ = writeln!(
        std::io::stderr(),
        "新的封存密钥，私钥在 {0}：请抄到别处保管；封存不需要它，只有查看整号时要用。\n\
         A new sealing key. Its private part is {0}: keep a copy elsewhere. Sealing does not need it, \
         only showing a whole number does.",
        path.display()
    );
    Ok((made.public, true))
}

/// The private part, from the data folder or from this file.
pub(in crate::command) fn private(
    node: &Node,
    identity: Option<&Path>,
) -> Result<[u8; 32], Failure> {
    let own = node.folder().sealing_key();
    let path = identity.unwrap_or(&own);
    let text = std::fs::read_to_string(path).map_err(|error| unreadable(path, &error))?;
    let mut private = [0; 32];
    hex::decode_to_slice(text.trim(), &mut private).map_err(|_| {
        Failure::words(
            &format!("{} 不是封存私钥。没有改动。请核对文件。", path.display()),
            &format!("{} holds no private key. Nothing was changed.", path.display()),
        )
    })?;
    Ok(private)
}

fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::words(
        &format!(
            "封存私钥 {} 无法读写：{error}。没有改动。请用 --identity 给出它的位置。",
            path.display()
        ),
        &format!(
            "The sealing key's private part {} cannot be used: {error}. Nothing was changed. Name \
             its place with --identity.",
            path.display()
        ),
    )
}

/// What was replaced or removed must not survive in the write-ahead log.
fn clean(node: &mut Node) -> Result<(), Failure> {
    node.clean_log().map(|_| ()).map_err(failure)
}

fn read_line() -> Result<String, Failure> {
    let _ = write!(std::io::stderr(), "号码 number: ");
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).map_err(|error| {
        Failure::found(format!("标准输入读不了。没有改动。\nStandard input: {error}."))
    })?;
    Ok(line.trim().to_owned())
}

fn row(sealed: &SealedNumber) -> Value {
    json!({
        "grower": sealed.of.grower.to_string(),
        "person": sealed.of.person.get(),
        "kind": sealed.of.kind.name(),
        "last_four": sealed.last_four,
        "put_ms": sealed.put_ms,
        "by": sealed.by,
        "approved_by": sealed.approved_by,
    })
}

fn text(all: &[SealedNumber]) -> String {
    let mut table = Table::new(
        "numbers",
        [
            Column::text("grower", "农户 grower"),
            Column::number("person", "人 person"),
            Column::text("kind", "种类 kind"),
            Column::text("last_four", "尾号 ending"),
            Column::text("by", "经手 by"),
            Column::text("approved_by", "同意 approved"),
        ],
    );
    for sealed in all {
        table.row(cells![
            sealed.of.grower,
            sealed.of.person.get(),
            sealed.of.kind.name(),
            sealed.last_four.clone(),
            sealed.by.clone(),
            sealed.approved_by.clone(),
        ]);
    }
    table.text().unwrap_or_default()
}
