//! `courtyard export`: everything in open formats, for other programs and for a stranger to check.

mod automerge;
mod heads;
mod json;
mod sheets;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use courtyard_core::document::{
    Actor, BOOK_ENTRIES, BookId, BookTip, DistrictId, Head, PublicKey, extend,
};
use courtyard_core::domain::DeviceNo;
use courtyard_core::verify::SignedBook;
use indicatif::{ProgressBar, ProgressDrawTarget};
use serde::Serialize;

use super::Failure;
use super::output::say;
use super::verify::failure;
use crate::container::{Container, ContainerError};

/// Write everything out in open formats. Works beside a running server.
#[derive(Debug, Args)]
#[command(arg_required_else_help = true)]
pub struct ExportArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Every book and register as an Automerge document, in a new folder with an index.
    Automerge(To),
    /// One file with everything that `verify` needs: entries, edits, signatures, certificates.
    Json(To),
    /// Count and head of every book: keep it elsewhere and give it to `verify --heads`.
    Heads(To),
    /// Slips with lines, payouts, debts, income and contracts of a server as CSV files in a new
    /// folder.
    Csv(To),
    /// The same tables as the sheets of one xlsx file.
    Xlsx(To),
}

/// From where, to where.
#[derive(Debug, Args)]
struct To {
    /// The data folder, of a server or of a phone.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// What to write; it must not exist yet, an empty folder excepted.
    #[arg(long, value_name = "PATH")]
    out: PathBuf,
    /// Answer with one JSON value.
    #[arg(long)]
    json: bool,
}

/// What was written.
#[derive(Debug, Default, Serialize)]
struct Written {
    path: PathBuf,
    books: u64,
    entries: u64,
    registers: u64,
    edits: u64,
}

/// Writes one of the forms.
type Write = fn(&Source, &Path) -> Result<Written, Failure>;

/// Exports.
///
/// # Errors
/// [`Failure`] in words.
pub fn run(args: &ExportArgs) -> Result<(), Failure> {
    let (to, write): (&To, Write) = match &args.what {
        What::Automerge(to) => (to, automerge::write),
        What::Json(to) => (to, json::write),
        What::Heads(to) => (to, heads::write),
        What::Csv(to) => return sheets::csv(to),
        What::Xlsx(to) => return sheets::workbook(to),
    };
    let source = Source::open(&to.data)?;
    let written = write(&source, &to.out)?;
    source.bar.finish_and_clear();
    say(to.json, &written, |written| {
        format!(
            "{}: {} 册 books, {} 条 entries, {} 名册 registers, {} 处改动 edits",
            written.path.display(),
            written.books,
            written.entries,
            written.registers,
            written.edits
        )
    })
}

/// What is exported, with the progress bar of its books.
struct Source {
    container: Container,
    district: DistrictId,
    keys: BTreeMap<DeviceNo, PublicKey>,
    bar: ProgressBar,
}

/// A book with what follows from its entries.
struct Derived<'b> {
    signed: &'b SignedBook,
    actor: Actor,
    previous: Option<Head>,
    tip: BookTip,
}

impl Source {
    fn open(data: &Path) -> Result<Source, Failure> {
        let container = Container::open(data).map_err(failure)?;
        let keys = container.certificates.iter().map(|c| (c.device, PublicKey(c.public_key)));
        let bar = ProgressBar::with_draw_target(
            container.book_count().ok(),
            ProgressDrawTarget::stderr_with_hz(10),
        );
        let district = DistrictId::of(&container.root);
        Ok(Source { keys: keys.collect(), district, bar, container })
    }

    fn actor(&self, device: DeviceNo) -> Result<Actor, ContainerError> {
        let key = self.keys.get(&device).ok_or_else(|| {
            ContainerError::Damaged(format!("there is no certificate of {device}"))
        })?;
        Ok(Actor::of(key))
    }

    /// Every book with its end derived from its entries. One whose end is not as it is written down
    /// is not given out: `verify` says what is wrong with it.
    fn each_book(
        &self,
        mut take: impl FnMut(Derived<'_>) -> Result<(), ContainerError>,
    ) -> Result<(), Failure> {
        let mut last: Option<(BookId, BookTip)> = None;
        let each = self.container.each_book(&mut |signed| {
            let book = signed.book;
            let broken = |what: &str| ContainerError::Damaged(format!("{book}: {what}"));
            let previous = match (book.previous(), last) {
                (None, _) => None,
                (Some(before), Some((id, tip))) if id == before && tip.count == BOOK_ENTRIES => {
                    Some(tip.head)
                }
                _ => return Err(broken("the book before it is not whole")),
            };
            if signed.entries.iter().zip(0..).any(|(entry, place)| entry.position != place) {
                return Err(broken("entries are missing"));
            }
            let actor = self.actor(book.device)?;
            let entries = signed.entries.iter().map(|entry| entry.bytes.as_slice());
            let tip = extend(&self.district, &actor, book, previous, None, entries)
                .map_err(|error| broken(&error.to_string()))?;
            if signed.recorded.is_some_and(|recorded| recorded != tip) {
                return Err(broken("its entries do not give its head"));
            }
            last = Some((book, tip));
            self.bar.inc(1);
            take(Derived { signed: &signed, actor, previous, tip })
        });
        each.map_err(|error| match error {
            ContainerError::Damaged(reason) => Failure::words(
                "账册不完整，没有全部导出。请先运行 verify 查明。",
                &format!("Not everything was exported: {reason}. Run verify to see what is wrong."),
            ),
            other => failure(other),
        })
    }
}

/// A file that cannot be written, in words.
fn cannot_write(path: &Path) -> impl Fn(std::io::Error) -> Failure {
    move |error| {
        Failure::words(
            "写不了文件。请检查路径和剩余空间。",
            &format!("{} cannot be written: {error}.", path.display()),
        )
    }
}

/// Writes a new file, whole or not at all; an existing one stays.
fn write_new(path: &Path, content: &[u8]) -> Result<(), Failure> {
    if path.exists() {
        return Err(Failure::usage(format!(
            "{} 已存在，没有改动。\n{0} exists already and was not touched.",
            path.display()
        )));
    }
    let mut name = path.as_os_str().to_owned();
    name.push(".part");
    let part = PathBuf::from(name);
    std::fs::write(&part, content).map_err(cannot_write(&part))?;
    std::fs::rename(&part, path).map_err(cannot_write(path))
}
