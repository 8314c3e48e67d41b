//! `courtyard admin bank`: payment through the bank, from the payables to the bank's last answer.

mod results;
mod say;

use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use courtyard_core::domain::{BatchId, BusinessDate, EntityNo, GrowerId, VillageNo};
use courtyard_core::store::Batch;
use serde_json::json;

use super::sealed::private;
use crate::command::Failure;
use crate::command::output::say;
use crate::command::place::{Place, failure, village};
use crate::folder::write_secret;
use crate::node::{Node, NodeError};
use crate::office::acting::Role;
use crate::office::bank::{Wanted, approve, file, prepare, release};
use crate::office::published::published;

#[derive(Debug, Subcommand)]
pub(super) enum BankCommand {
    /// Reserve what is payable in a village for a new batch: it is no longer paid in cash.
    Prepare(PrepareArgs),
    /// Approve a batch; never who prepared it.
    Approve(BatchArgs),
    /// Make the file for the bank.
    File(FileArgs),
    /// Take what the bank says of each line: CSV or xlsx with 预留号 and 结果 (成功 or 退票).
    Result(results::ResultArgs),
    /// Give a batch up before its file is made: all of it is payable again.
    Release(ReleaseArgs),
    /// Every batch and how far it is.
    List(ListArgs),
    /// One batch with its lines.
    Show(ShowArgs),
}

#[derive(Debug, Args)]
pub(super) struct PrepareArgs {
    /// The village, by name or number.
    #[arg(long)]
    village: String,
    /// On whose account; the village's own entity if not given.
    #[arg(long)]
    entity: Option<u16>,
    /// Slips up to and with this day; today if not given.
    #[arg(long)]
    until: Option<BusinessDate>,
    /// Only this grower; repeated for several.
    #[arg(long)]
    grower: Vec<GrowerId>,
    /// The user who prepares it.
    #[arg(long)]
    by: String,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, Args)]
pub(super) struct BatchArgs {
    /// The batch, such as B-002-1.
    batch: BatchId,
    /// The user who does it.
    #[arg(long)]
    by: String,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, Args)]
pub(super) struct FileArgs {
    #[command(flatten)]
    batch: BatchArgs,
    /// Where the file is written; it holds whole account numbers, and only its owner may read it.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// The file of the sealing key's private part, if it is not in the data folder.
    #[arg(long, value_name = "FILE")]
    identity: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct ReleaseArgs {
    #[command(flatten)]
    batch: BatchArgs,
    /// Why.
    #[arg(long)]
    reason: String,
}

#[derive(Debug, Args)]
pub(super) struct ListArgs {
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, Args)]
pub(super) struct ShowArgs {
    /// The batch, such as B-002-1.
    batch: BatchId,
    #[command(flatten)]
    place: Place,
}

pub(super) fn run(command: &BankCommand) -> Result<(), Failure> {
    match command {
        BankCommand::Prepare(args) => prepare_batch(args),
        BankCommand::Approve(args) => {
            let mut node = args.place.existing()?;
            let village = village_of(&mut node, args.batch)?;
            let entry = node
                .act_on_balances(village, &args.by, Role::REVIEWERS, |store, deed| {
                    approve(store, deed, args.batch)
                })
                .map_err(failure)?;
            let value = json!({"batch": args.batch.to_string(), "entry": entry.to_string()});
            say(args.place.json, &value, |_| {
                let batch = args.batch;
                format!("{batch} 已复核：{entry}，可以生成付款文件。\n{batch} is approved.")
            })
        }
        BankCommand::File(args) => make_file(args),
        BankCommand::Result(args) => results::run(args),
        BankCommand::Release(args) => {
            let BatchArgs { batch, by, place } = &args.batch;
            let mut node = place.existing()?;
            let village = village_of(&mut node, *batch)?;
            let lines = node
                .act_on_balances(village, by, Role::CLERKS, |store, deed| {
                    release(store, deed, *batch, &args.reason)
                })
                .map_err(failure)?;
            let value = json!({"batch": batch.to_string(), "released": lines});
            say(place.json, &value, |_| {
                format!("{batch} 放弃 {lines} 笔，可以付现金或重新编批。\n{lines} lines released.")
            })
        }
        BankCommand::List(args) => {
            let view = args.place.existing()?.view().map_err(failure)?;
            let batches = view.store().bank_batches().map_err(unread)?;
            let value = json!({"batches": batches.iter().map(say::batch).collect::<Vec<_>>()});
            crate::command::output::list(args.place.json, &value, &say::table(&batches))
        }
        BankCommand::Show(args) => {
            let mut node = args.place.existing()?;
            let batch = batch(&mut node, args.batch)?;
            let view = node.view().map_err(failure)?;
            let names = say::names(view.store(), &batch)?;
            let value = say::whole(&batch, &names);
            say(args.place.json, &value, |_| say::text(&batch, &names))
        }
    }
}

fn prepare_batch(args: &PrepareArgs) -> Result<(), Failure> {
    let mut node = args.place.existing()?;
    let village = {
        let reads = node.read().map_err(failure)?;
        let published = published(reads.as_ref()).map_err(|error| failure(error.into()))?;
        village(&published, &args.village)?
    };
    let prepared = node
        .act_on_balances(village, &args.by, Role::CLERKS, |store, deed| {
            let today = BusinessDate::at(deed.now_ms.div_euclid(1_000));
            let wanted = Wanted {
                village,
                entity: args.entity.map(EntityNo::new),
                until: args.until.unwrap_or(today),
                growers: args.grower.clone(),
            };
            prepare(store, deed, &wanted)
        })
        .map_err(failure)?;
    say(args.place.json, &say::prepared(&prepared), |_| say::prepared_text(&prepared))
}

fn make_file(args: &FileArgs) -> Result<(), Failure> {
    let BatchArgs { batch, by, place } = &args.batch;
    let mut node = place.existing()?;
    let village = village_of(&mut node, *batch)?;
    let private = private(&node, args.identity.as_deref())?;
    if args.out.exists() {
        return Err(unwritten(&args.out, "已有同名文件", "a file of this name is there already"));
    }
    let filed = node
        .act_on_balances(village, by, Role::CLERKS, |store, deed| {
            file(store, deed, *batch, &private)
        })
        .map_err(failure)?;
    // Asked again, the same file is made: what cannot be written here is not lost.
    write_secret(&args.out, &filed.bytes)
        .map_err(|error| unwritten(&args.out, &error.to_string(), &error.to_string()))?;
    let hash = hex::encode(filed.hash);
    let value = json!({
        "batch": batch.to_string(),
        "entry": filed.entry.map(|entry| entry.to_string()),
        "file": args.out.display().to_string(),
        "sha256": hash,
        "lines": filed.lines,
        "total_fen": filed.total,
    });
    let _ = writeln!(
        std::io::stderr(),
        "文件里有完整账号，交给银行后请删除。The file holds whole account numbers: remove it once \
         the bank has it."
    );
    say(place.json, &value, |_| {
        let (lines, total) = (filed.lines, filed.total.text());
        format!("{batch} {lines} 笔 {total} 已写入 {}\nSHA-256 {hash}", args.out.display())
    })
}

fn unwritten(file: &Path, zh: &str, en: &str) -> Failure {
    let file = file.display();
    Failure::words(
        &format!("文件 {file} 写不了：{zh}。请换一个文件名，再运行一次；不会重复付款。"),
        &format!(
            "{file} cannot be written: {en}. Choose another name and run it again; nothing is paid twice."
        ),
    )
}

/// A batch as the view shows it.
fn batch(node: &mut Node, number: BatchId) -> Result<Batch, Failure> {
    let view = node.view().map_err(failure)?;
    let batch = view.store().bank_batch(number).map_err(unread)?;
    batch.ok_or_else(|| {
        Failure::words(
            &format!("没有批次 {number}。没有改动任何东西。可用 admin bank list 查看。"),
            &format!("There is no batch {number}. Nothing was changed. See admin bank list."),
        )
    })
}

fn village_of(node: &mut Node, number: BatchId) -> Result<VillageNo, Failure> {
    let batch = batch(node, number)?;
    batch.village.ok_or_else(|| Failure::found(format!("{number} 不属于任何村。/ No village.")))
}

fn unread(error: courtyard_core::store::StoreError) -> Failure {
    failure(NodeError::from(error))
}
