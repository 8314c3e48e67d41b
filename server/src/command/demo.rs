//! `courtyard demo`: a whole county on this machine, from a seed or from a file of purchases.

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::Args;
use courtyard_core::domain::Fen;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::Failure;
use super::output::say;
use crate::config::stop_signal;
use crate::demo::child::ServerChild;
use crate::demo::logins::Logins;
use crate::demo::pickups::{self, BadRow};
use crate::demo::plan::Plan;
use crate::demo::run;
use crate::demo::season;
use crate::demo::summary::Summary;

/// A county on this machine: a season is recorded on phones, synced and summed up.
#[derive(Debug, Args)]
pub struct DemoArgs {
    /// Where to keep it; without it a folder that follows from the seed or from the file.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Where its server listens; port 0 takes a free one.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// A file of purchases instead of a seeded season.
    #[arg(long, value_name = "CSV")]
    pickups: Option<PathBuf>,
    /// Phones in the whole county; each village has at least one.
    #[arg(long, default_value_t = 16)]
    phones: usize,
    /// The season's seed.
    #[arg(long, default_value_t = 1, conflicts_with = "pickups")]
    seed: u64,
    /// Stop after the summary.
    #[arg(long)]
    once: bool,
    /// One JSON value on standard output.
    #[arg(long)]
    json: bool,
}

/// What it says at its end.
#[derive(Debug, Serialize)]
struct Ended {
    #[serde(flatten)]
    summary: Summary,
    logins: Logins,
}

/// The villages of both plans.
const VILLAGES: usize = 8;
/// Cash payouts of a seeded season round up to a whole yuan; a file of purchases has none.
const SEASON_UNIT: Fen = Fen::new(100);
const NO_ROUNDING: Fen = Fen::new(1);

/// Runs it.
///
/// # Errors
/// What stopped it; or, after the summary, that a row broke a rule or that something disagrees.
pub fn run(args: &DemoArgs) -> Result<(), Failure> {
    let each = args.phones.div_ceil(VILLAGES).max(1);
    let (plan, bad, cash_unit): (Plan, Vec<BadRow>, Fen) = match &args.pickups {
        Some(file) => {
            let (plan, bad) =
                pickups::read(file, each).map_err(|e| Failure::found(e.to_string()))?;
            (plan, bad, NO_ROUNDING)
        }
        None => (season::plan(args.seed, each), Vec::new(), SEASON_UNIT),
    };
    let data = folder(args)?;
    let listen = args.listen;
    let mut ran = run::run(&data, &plan, cash_unit, |data| ServerChild::start(data, listen))?;
    let summary = Summary::of(&mut ran)?;
    let ended = Ended { logins: Logins::of(&mut ran)?, summary };
    let mut told = std::io::stderr().lock();
    for row in &bad {
        let _ = writeln!(
            told,
            "第 {} 行未记 / line {} not recorded: {}",
            row.line, row.line, row.reason
        );
    }
    for row in &ran.unrecorded {
        let _ = writeln!(
            told,
            "第 {} 行未记 / line {} not recorded: {}",
            row.line, row.line, row.reason
        );
    }
    drop(told);
    say(args.json, &ended, |ended| ended.summary.text())?;
    let Ended { summary, logins } = ended;
    if !args.once {
        stay(&data, &logins)?;
    }
    if !summary.is_sound() {
        return Err(Failure::words(
            "账不一致：请用 courtyard verify 检查各数据文件夹。",
            "Something disagrees; check the data folders with courtyard verify.",
        ));
    }
    let missing = bad.len().saturating_add(ran.unrecorded.len());
    if missing > 0 {
        return Err(Failure::words(
            &format!("{missing} 行未记，其余已全部记入。改正文件后再运行一次，已记的不会重复。"),
            &format!(
                "{missing} rows were not recorded, all others were. Correct the file and run again: nothing is doubled."
            ),
        ));
    }
    Ok(())
}

/// The folder that follows from the seed or from the file's content, under the system's temporary
/// folder: the same command goes on where it was interrupted.
fn folder(args: &DemoArgs) -> Result<PathBuf, Failure> {
    if let Some(data) = &args.data {
        return Ok(data.clone());
    }
    let name = match &args.pickups {
        Some(file) => {
            let bytes = std::fs::read(file).map_err(|e| Failure::found(e.to_string()))?;
            let hash = hex::encode(Sha256::digest(&bytes));
            format!("courtyard-demo-{}", hash.get(..12).unwrap_or(&hash))
        }
        None => format!("courtyard-demo-seed-{}", args.seed),
    };
    Ok(std::env::temp_dir().join(name))
}

/// Keeps the server up and says where it is and who may sign in, until it is interrupted.
fn stay(data: &Path, logins: &Logins) -> Result<(), Failure> {
    let server_data = data.join("server");
    let mut told = std::io::stderr().lock();
    let _ = writeln!(
        told,
        "{}\n数据 data {}\n试试 try:\n  courtyard report income --month 2026-07 --data {}\n  \
         courtyard verify {} --root $(courtyard admin root --data {} --json | cut -d'\"' -f4)\n\n\
         Ctrl-C 结束 / ends it.",
        logins.text(),
        data.display(),
        server_data.display(),
        server_data.display(),
        server_data.display(),
    );
    drop(told);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|e| Failure::found(e.to_string()))?;
    runtime.block_on(stop_signal(false));
    Ok(())
}
