//! `courtyard verify`: checks a folder, a backup or an export against a root key kept elsewhere.

mod slip;

pub(super) use slip::failure as unproved;

use std::path::PathBuf;

use clap::Args;
use courtyard_core::document::PublicKey;
use courtyard_core::verify::{BrokenBook, BrokenEdits, Report, Verifier};
use indicatif::{ProgressBar, ProgressDrawTarget};
use serde::Serialize;

use super::Failure;
use super::output::say;
use crate::container::heads::Heads;
use crate::container::{Container, ContainerError};

/// Check signatures, chains, arithmetic and controls. Changes nothing; works beside a running
/// server.
#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// A server's or phone's data folder, a backup, or a file of `export json`.
    #[arg(required_unless_present = "slip")]
    path: Option<PathBuf>,
    /// The text of a slip's QR (an address with `CQ1.…`, or that alone): what this one slip proves, without any folder.
    #[arg(long, value_name = "TEXT", requires = "root", conflicts_with_all = ["path", "heads"])]
    slip: Option<String>,
    /// The district's root key (64 hex digits), kept elsewhere; without it the container is only
    /// checked against the key that it names itself.
    #[arg(long, value_name = "KEY")]
    root: Option<PublicKey>,
    /// Heads kept elsewhere (`export heads`, or a backup's manifest.json): what they cover must be
    /// there.
    #[arg(long, value_name = "FILE")]
    heads: Option<PathBuf>,
    /// Answer with one JSON value.
    #[arg(long)]
    json: bool,
}

/// The answer.
#[derive(Debug, Serialize)]
struct Verdict {
    sound: bool,
    container: &'static str,
    root: String,
    root_given: bool,
    books: u64,
    entries: u64,
    edits: u64,
    slips: u64,
    held: u64,
    first_broken: Vec<Broken>,
    broken_edits: Vec<Broken>,
    wrong_slips: Vec<Wrong>,
    damaged: Vec<String>,
    controls_agree: bool,
    differences: Vec<Differs>,
    trial_balance_fen: i128,
}

/// The first broken entry of a book, or the first broken edit of a device in a register.
#[derive(Debug, Serialize)]
struct Broken {
    #[serde(skip_serializing_if = "Option::is_none")]
    book: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    register: Option<String>,
    /// What is broken, or the range that it lies in.
    entry: String,
    from: String,
    to: String,
    code: &'static str,
    zh: &'static str,
    en: &'static str,
}

/// A slip that breaks rules by its own fields, and is held.
#[derive(Debug, Serialize)]
struct Wrong {
    slip: String,
    codes: Vec<&'static str>,
}

/// A control total that differs from the ledger's.
#[derive(Debug, Serialize)]
struct Differs {
    control: &'static str,
    partition: String,
    from_entries: i128,
    from_records: i128,
}

/// Checks, and says what was found.
///
/// # Errors
/// [`Failure`]: exit code 1 if anything is broken, 2 if there is nothing to check at the path.
pub fn run(args: &VerifyArgs) -> Result<(), Failure> {
    if let (Some(text), Some(root)) = (&args.slip, &args.root) {
        return slip::run(text, root, args.json);
    }
    let path = args.path.clone().unwrap_or_default();
    let container = Container::open(&path).map_err(failure)?;
    let root = args.root.unwrap_or(container.root);
    let mut verifier =
        Verifier::new(&root, &container.office, container.certificates.iter().cloned());
    verifier.demand(container.known.clone(), container.known_edits.clone());
    if let Some(path) = &args.heads {
        let known = Heads::read(path).and_then(|heads| heads.known());
        let (heads, edits) = known.map_err(Failure::usage)?;
        verifier.demand(heads, edits);
    }
    let mut damaged = container.damaged.clone();
    let bar = ProgressBar::with_draw_target(
        container.book_count().ok(),
        ProgressDrawTarget::stderr_with_hz(10),
    );
    let books = container.each_book(&mut |book| {
        verifier.book(&book);
        bar.inc(1);
        Ok(())
    });
    let registers = container.each_register(&mut |register| {
        verifier.register(&register);
        Ok(())
    });
    bar.finish_and_clear();
    // What could be read until then is judged all the same.
    damaged.extend([books, registers].into_iter().filter_map(Result::err).map(|e| e.to_string()));
    let verdict = verdict(&container, root, args.root.is_some(), damaged, verifier.finish());
    say(args.json, &verdict, in_words)?;
    if verdict.sound { Ok(()) } else { Err(Failure::found("")) }
}

/// A container that cannot be opened, in words.
///
/// Nothing there to check is a wrong path; a damaged file is something found.
pub(super) fn failure(error: ContainerError) -> Failure {
    let (zh, code) = match &error {
        ContainerError::Missing(_) => ("路径不存在。", 2),
        ContainerError::Unknown(_) => {
            ("这里不是服务器或手机的数据文件夹，不是备份，也不是 export json 的文件。", 2)
        }
        ContainerError::Empty(_) => ("这里还没有任何记录。", 2),
        ContainerError::Damaged(_) => ("文件已损坏，无法读取。没有改动任何东西。", 1),
        ContainerError::Io { .. } => ("系统无法读取。没有改动任何东西。", 1),
    };
    if code == 2 {
        Failure::usage(format!("{zh}\n{error}"))
    } else {
        Failure::words(zh, &error.to_string())
    }
}

fn verdict(
    container: &Container,
    root: PublicKey,
    root_given: bool,
    damaged: Vec<String>,
    report: Report,
) -> Verdict {
    Verdict {
        sound: report.is_sound() && damaged.is_empty(),
        container: container.kind.name(),
        root: root.to_string(),
        root_given,
        books: report.books,
        entries: report.entries,
        edits: report.edits,
        slips: report.slips,
        held: report.held,
        controls_agree: report.controls_agree(),
        first_broken: report.broken.iter().map(broken_book).collect(),
        broken_edits: report.broken_edits.iter().map(broken_edits).collect(),
        wrong_slips: report
            .wrong_slips
            .iter()
            .map(|wrong| Wrong {
                slip: wrong.slip.to_string(),
                codes: wrong.rules.iter().map(|rule| rule.code).collect(),
            })
            .collect(),
        differences: report
            .differences
            .iter()
            .map(|d| Differs {
                control: d.control,
                partition: d.partition.to_string(),
                from_entries: d.from_entries,
                from_records: d.from_records,
            })
            .collect(),
        damaged,
        trial_balance_fen: report.trial_balance_fen,
    }
}

fn span(from: &str, to: &str) -> String {
    if from == to { from.to_owned() } else { format!("{from}…{to}") }
}

fn broken_book(broken: &BrokenBook) -> Broken {
    let (from, to) = (broken.first.to_string(), broken.last.to_string());
    let words = broken.fault.words();
    Broken {
        book: Some(broken.book.to_string()),
        register: None,
        entry: span(&from, &to),
        from,
        to,
        code: words.code,
        zh: words.zh,
        en: words.en,
    }
}

fn broken_edits(broken: &BrokenEdits) -> Broken {
    let (from, to) = (broken.first.to_string(), broken.last.to_string());
    let words = broken.fault.words();
    Broken {
        book: None,
        register: Some(broken.register.to_string()),
        entry: format!("{} {}", broken.device, span(&from, &to)),
        from: format!("{} {from}", broken.device),
        to: format!("{} {to}", broken.device),
        code: words.code,
        zh: words.zh,
        en: words.en,
    }
}

fn in_words(verdict: &Verdict) -> String {
    let mut lines = Vec::new();
    for text in &verdict.damaged {
        lines.push(format!("损坏 damaged: {text}"));
    }
    for broken in verdict.first_broken.iter().chain(&verdict.broken_edits) {
        let document = broken.book.as_ref().or(broken.register.as_ref());
        let document = document.map(String::as_str).unwrap_or_default();
        lines.push(format!("{document} {}: {}\n  {}", broken.entry, broken.zh, broken.en));
    }
    for differs in &verdict.differences {
        lines.push(format!(
            "{} {}: 按单据 from entries {}, 按账 from the ledger {}",
            differs.partition, differs.control, differs.from_entries, differs.from_records
        ));
    }
    for wrong in &verdict.wrong_slips {
        lines.push(format!(
            "{} 留存待核，未计入 held, not counted: {}",
            wrong.slip,
            wrong.codes.join(", ")
        ));
    }
    if !verdict.root_given {
        lines.push(format!(
            "没有给出根公钥，只与其自带的 {0} 核对。\n\
             No root key was given: checked only against its own, {0}.",
            verdict.root
        ));
    }
    lines.push(format!(
        "{} 册 books, {} 条 entries, {} 张单 slips, {} 处名册改动 register edits; \
         试算平衡 trial balance {} fen",
        verdict.books, verdict.entries, verdict.slips, verdict.edits, verdict.trial_balance_fen
    ));
    lines.push(
        if verdict.sound {
            "验证通过。 Sound."
        } else {
            "验证不通过：请保留原件，与县社和备份核对。 \
             Not sound: keep the original and compare it with the office and a backup."
        }
        .to_owned(),
    );
    lines.join("\n")
}
