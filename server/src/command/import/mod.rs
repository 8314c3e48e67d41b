//! `courtyard import`: products, price lists and growers from files, by the office; weighings from
//! files, for a steward.
//!
//! Every good row is taken, every bad one is listed with its line and the reason; a file imported
//! again changes nothing.

pub(super) mod bank_results;
mod goods;
mod growers;
mod outcome;
mod prices;
mod products;
mod purchases;
mod sheet;
mod values;
mod weighings;
mod written;

use std::io::Write as _;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use courtyard_core::domain::BusinessDate;
use indicatif::ProgressBar;
use serde::Serialize;

use super::Failure;
use super::output::say;
use super::place::{Place, existing};
use super::steward;
use crate::node::Node;

use outcome::{Outcome, Words};
use sheet::{Mapping, Options};

/// Products, price lists and growers from files: CSV (UTF-8 or GB18030) or xlsx.
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
    /// Households into the registers: village,name[,group][,phone][,flag], with opening balances
    /// [,opening_payable][,opening_prepaid][,opening_credit].
    Growers(GrowersArgs),
    /// Weighings of a scale, a till or another program, offered to the steward of the data folder:
    /// date[,time][,grower][,product][,grade] with gross[,tare] or net, and [,price].
    Weighings(FileArgs),
    /// Slips of paper days (手工补录), written by the village's office: date,grower,product with
    /// gross[,tare] or net, a price, and [,village][,slip][,grade][,deducted][,amount][,paid].
    Purchases(PurchasesArgs),
}

#[derive(Debug, Args)]
struct GrowersArgs {
    #[command(flatten)]
    file: FileArgs,
    /// The user of the office who enters opening balances.
    #[arg(long, value_name = "USER")]
    by: Option<String>,
    /// The day of the opening balances, before the season: such as the last of the year before.
    #[arg(long, value_name = "DATE")]
    opening_date: Option<BusinessDate>,
    /// The product under which what is owed to growers is opened: its code or name.
    #[arg(long, value_name = "PRODUCT")]
    opening_product: Option<String>,
    /// From when on opening debts may be kept back; from the opening date if not given.
    #[arg(long, value_name = "DATE")]
    due: Option<BusinessDate>,
}

#[derive(Debug, Args)]
struct PurchasesArgs {
    #[command(flatten)]
    file: FileArgs,
    /// The user of the office who enters them.
    #[arg(long, value_name = "USER")]
    by: String,
    /// The village of rows that do not name one, by name or number.
    #[arg(long)]
    village: Option<String>,
    /// Who paid in cash what the file says is paid: a name or number of the roster. Their float
    /// pays it. Without it, slips are entered unpaid and listed.
    #[arg(long, value_name = "STEWARD")]
    paid_by: Option<String>,
}

#[derive(Debug, Args)]
struct FileArgs {
    /// The file: CSV, or xlsx, of which the first sheet is read.
    file: PathBuf,
    /// A column that is named otherwise: its heading or its number from 1, and the field it is,
    /// such as 货号=code or 3=code; repeated for several.
    #[arg(long, value_name = "COLUMN=FIELD")]
    map: Vec<Mapping>,
    /// The first line is a row already, not a heading.
    #[arg(long)]
    no_heading: bool,
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
        Import::Products(args) => args.take(products::import),
        Import::Prices(args) => args.take(prices::import),
        Import::Growers(args) => {
            let opening = growers::Opening {
                by: args.by.as_deref(),
                date: args.opening_date,
                product: args.opening_product.as_deref(),
                due: args.due,
            };
            args.file.take(|node, bytes, context| growers::import(node, bytes, context, &opening))
        }
        Import::Purchases(args) => {
            let entered = purchases::Entered {
                by: &args.by,
                village: args.village.as_deref(),
                paid_by: args.paid_by.as_deref(),
            };
            args.file.take(|node, bytes, context| purchases::import(node, bytes, context, &entered))
        }
        Import::Weighings(args) => {
            let mut steward = steward::open_existing(&args.place.data)?;
            args.finish(&weighings::import(&mut steward, &args.bytes()?, &args.context())?)
        }
    }
}

/// How a file is taken.
#[derive(Debug, Clone, Default)]
struct Context {
    /// Its name, for the list of what people did.
    file: String,
    dry_run: bool,
    options: Options,
}

/// A bar where a person waits; nothing is drawn where standard error is no terminal.
fn bar(rows: usize) -> ProgressBar {
    ProgressBar::new(u64::try_from(rows).unwrap_or(u64::MAX))
}

/// Rows at most that are listed to a person; `--json` has them all.
const LISTED: usize = 100;

impl FileArgs {
    /// Imports the file into the district's data folder.
    fn take<T: Words>(
        &self,
        import: impl FnOnce(&mut Node, &[u8], &Context) -> Result<Outcome<T>, Failure>,
    ) -> Result<(), Failure> {
        self.finish(&import(&mut self.node()?, &self.bytes()?, &self.context())?)
    }

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
        let options = Options { map: self.map.clone(), no_heading: self.no_heading };
        Context { file: file.unwrap_or_default(), dry_run: self.dry_run, options }
    }

    fn finish<T: Words>(&self, done: &Outcome<T>) -> Result<(), Failure> {
        say(self.place.json, done, Outcome::text)?;
        let bad = &done.bad;
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
