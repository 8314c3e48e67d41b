//! `courtyard import`: products, price lists and growers from files, by the office.
//!
//! Every good row is taken, every bad one is listed with its line and the reason; a file imported
//! again changes nothing.

mod growers;
mod prices;
mod products;
mod sheet;

use std::io::Write as _;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde::Serialize;

use super::Failure;
use super::output::say;
use super::place::{Place, existing};
use crate::node::Node;

/// Products, price lists and growers from CSV files (UTF-8, columns by their heading).
#[derive(Debug, Args)]
#[command(arg_required_else_help = true)]
pub struct ImportArgs {
    #[command(subcommand)]
    what: Import,
}

#[derive(Debug, Subcommand)]
enum Import {
    /// The catalogue: code,name,category[,grades][,grain_or_oil][,usual_yield_kg_per_mu].
    Products(FileArgs),
    /// Price lists, one for each date: date,code,grade,price (as 3.19/kg or 1.60元/斤).
    Prices(FileArgs),
    /// Households into the registers: village,name[,group][,phone][,flag].
    Growers(FileArgs),
}

#[derive(Debug, Args)]
struct FileArgs {
    /// The CSV file.
    file: PathBuf,
    /// Only say what would be done.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    place: Place,
}

/// A row that was not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Bad {
    /// Its line in the file, from 1.
    line: u64,
    /// What is wrong and what to do, in Chinese.
    zh: String,
    /// The same in English.
    en: String,
}

impl Bad {
    fn new(line: u64, zh: impl Into<String>, en: impl Into<String>) -> Bad {
        Bad { line, zh: zh.into(), en: en.into() }
    }
}

/// Does it.
///
/// # Errors
/// [`Failure`] with the rows that were not taken, or why nothing was.
pub fn run(args: &ImportArgs) -> Result<(), Failure> {
    match &args.what {
        Import::Products(args) => {
            let done = products::import(&mut args.node()?, &args.bytes()?, &args.context())?;
            args.finish(&done, |done| done.text(), &done.bad)
        }
        Import::Prices(args) => {
            let done = prices::import(&mut args.node()?, &args.bytes()?, &args.context())?;
            args.finish(&done, |done| done.text(), &done.bad)
        }
        Import::Growers(args) => {
            let done = growers::import(&mut args.node()?, &args.bytes()?, &args.context())?;
            args.finish(&done, |done| done.text(), &done.bad)
        }
    }
}

/// How a file is taken.
#[derive(Debug, Clone)]
struct Context {
    /// Its name, for the list of what people did.
    file: String,
    dry_run: bool,
}

/// Rows at most that are listed to a person; `--json` has them all.
const LISTED: usize = 100;

impl FileArgs {
    fn node(&self) -> Result<Node, Failure> {
        // What is only tried shall not found a district.
        if self.dry_run { existing(&self.place.data) } else { self.place.open() }
    }

    fn bytes(&self) -> Result<Vec<u8>, Failure> {
        std::fs::read(&self.file).map_err(|error| {
            let file = self.file.display();
            Failure::words(
                &format!("文件 {file} 打不开：{error}。没有导入。请检查文件名。"),
                &format!("{file}: {error}. Nothing was imported. Check the file's name."),
            )
        })
    }

    fn context(&self) -> Context {
        let file = self.file.file_name().map(|name| name.to_string_lossy().into_owned());
        Context { file: file.unwrap_or_default(), dry_run: self.dry_run }
    }

    fn finish<T: Serialize>(
        &self,
        done: &T,
        text: impl FnOnce(&T) -> String,
        bad: &[Bad],
    ) -> Result<(), Failure> {
        say(self.place.json, done, |done| {
            let mut text = text(done);
            if self.dry_run {
                text.push_str("\n只是试算，没有改动。A dry run: nothing was changed.");
            }
            text
        })?;
        if bad.is_empty() {
            return Ok(());
        }
        let mut err = std::io::stderr();
        for row in bad.iter().take(LISTED) {
            let _ = writeln!(err, "第 {0} 行 line {0}: {1} {2}", row.line, row.zh, row.en);
        }
        Err(Failure::words(
            &format!("{} 行没有导入，其余已处理。请改正这些行后再导入一次。", bad.len()),
            &format!(
                "{} rows were not imported, all others were. Correct them and import the file again.",
                bad.len()
            ),
        ))
    }
}
