//! `courtyard backup` and `courtyard restore`: a copy while the server runs, and a fresh start on it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use indicatif::ProgressBar;
use serde::Serialize;

use super::Failure;
use super::output::say;
use super::place::{Place, failure};
use crate::backup::{self, Manifest};
use crate::clock::{ServerClock as _, SystemClock};
use crate::rng;

/// Copies a data folder into an empty folder, while the server may be running on it.
#[derive(Debug, Args)]
pub struct BackupArgs {
    /// An empty folder, made if there is none.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Copy the root key too. It is better kept elsewhere.
    #[arg(long)]
    with_root_key: bool,
    #[command(flatten)]
    place: Place,
}

/// Restores a backup into an empty folder, under a new epoch: phones then send again what it lacks.
#[derive(Debug, Args)]
pub struct RestoreArgs {
    /// The backup.
    #[arg(long, value_name = "DIR")]
    from: PathBuf,
    #[command(flatten)]
    place: Place,
}

/// What is in a backup.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Copied {
    folder: String,
    district: String,
    root: String,
    epoch: u32,
    books: usize,
    entries: u64,
    register_edits: u64,
    files: Vec<String>,
}

impl Copied {
    fn of(folder: &Path, manifest: &Manifest) -> Copied {
        Copied {
            folder: folder.display().to_string(),
            district: manifest.district.clone(),
            root: manifest.root.clone(),
            epoch: manifest.epoch,
            books: manifest.books.len(),
            entries: manifest.books.iter().map(|book| u64::from(book.count)).sum(),
            register_edits: manifest.edits.iter().map(|edits| u64::from(edits.count)).sum(),
            files: manifest.files.iter().map(|file| file.name.clone()).collect(),
        }
    }
}

/// Copies a data folder.
///
/// # Errors
/// [`Failure`] in words.
pub fn run_backup(args: &BackupArgs) -> Result<(), Failure> {
    let mut node = args.place.existing()?;
    let waiting = waiting("正在备份 backing up");
    let now_ms = SystemClock.now_ms();
    let manifest = backup::backup(&mut node, &args.out, args.with_root_key, now_ms);
    waiting.finish_and_clear();
    let copied = Copied::of(&args.out, &manifest.map_err(failure)?);
    say(args.place.json, &copied, |copied| {
        format!(
            "已备份到 {0}：{1} 本单号段，{2} 条记录，{3} 次名册修改。\n\
             Backed up to {0}: {1} books, {2} entries, {3} register edits.\n\
             请核对 check it: courtyard verify {0} --root {4}",
            copied.folder, copied.books, copied.entries, copied.register_edits, copied.root
        )
    })
}

/// Restores a backup.
///
/// # Errors
/// [`Failure`] in words.
pub fn run_restore(args: &RestoreArgs) -> Result<(), Failure> {
    let waiting = waiting("正在恢复 restoring");
    let done = restore(&args.from, &args.place.data);
    waiting.finish_and_clear();
    say(args.place.json, &done?, |restored| {
        format!(
            "已恢复到 {0}，第 {1} 纪元：{2} 本单号段，{3} 条记录。手机下次同步会补传缺少的记录。\n\
             Restored to {0} under epoch {1}: {2} books, {3} entries. Phones send again what is \
             missing at their next sync.",
            restored.folder, restored.epoch, restored.books, restored.entries
        )
    })
}

/// What was copied back; its epoch is the new one.
fn restore(from: &Path, to: &Path) -> Result<Copied, Failure> {
    let manifest = backup::check(from).map_err(failure)?;
    let epoch = backup::restore(from, to, Arc::new(SystemClock), rng::system()).map_err(failure)?;
    Ok(Copied { epoch, ..Copied::of(to, &manifest) })
}

/// Something that moves while a person waits; nothing where nobody looks.
fn waiting(what: &'static str) -> ProgressBar {
    let bar = ProgressBar::new_spinner().with_message(what);
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::place::tests::{MORNING_MS, node};

    #[test]
    fn a_restored_backup_has_the_same_books_and_another_epoch() {
        let (mut node, folder) = node();
        node.add_village("石桥村", None).unwrap();
        let (copy, back) = (folder.path().join("copy"), folder.path().join("back"));
        let manifest = backup::backup(&mut node, &copy, false, MORNING_MS).unwrap();
        let copied = Copied::of(&copy, &manifest);
        assert_eq!((copied.books, copied.entries), (1, 3));
        assert_eq!(copied.files, ["log.db", "office.key"]);
        let restored = restore(&copy, &back).unwrap();
        assert_ne!(restored.epoch, copied.epoch);
        assert_eq!((restored.entries, restored.district), (3, copied.district));
        assert!(!back.join("root.key").exists());
    }

    #[test]
    fn a_changed_backup_and_a_folder_in_use_are_refused_with_what_was_kept() {
        let (mut node, folder) = node();
        let copy = folder.path().join("copy");
        backup::backup(&mut node, &copy, false, MORNING_MS).unwrap();
        let said = restore(&copy, folder.path()).unwrap_err();
        assert!(said.text().contains("not empty") && said.text().contains("没有改动"));
        std::fs::write(copy.join("office.key"), "0").unwrap();
        let back = folder.path().join("back");
        let said = restore(&copy, &back).unwrap_err();
        assert!(said.text().contains("office.key was changed"), "{}", said.text());
        assert!(!back.exists());
    }
}
