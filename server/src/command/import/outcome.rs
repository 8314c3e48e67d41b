//! What became of an imported file, in the same form whatever it was.

use serde::Serialize;

use super::sheet::Sheet;
use super::{Bad, Context};

/// What became of a file.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Outcome<T> {
    /// Lines that say something, good and bad.
    pub(super) rows: usize,
    #[serde(flatten)]
    pub(super) found: T,
    /// Headings that mean nothing here.
    pub(super) ignored_columns: Vec<String>,
    /// Lines that were not taken, in order.
    pub(super) bad: Vec<Bad>,
    pub(super) dry_run: bool,
}

/// What an import says of itself.
pub(super) trait Words: Serialize {
    /// A line in Chinese and a line in English, without rows and bad rows.
    fn words(&self) -> (String, String);
}

impl<T: Default> Outcome<T> {
    /// Of a sheet that was read, before its rows are looked at.
    pub(super) fn of(sheet: &Sheet, context: &Context) -> Outcome<T> {
        Outcome {
            rows: sheet.len(),
            found: T::default(),
            ignored_columns: sheet.ignored.clone(),
            bad: sheet.bad.clone(),
            dry_run: context.dry_run,
        }
    }

    /// The same with its bad lines in order.
    pub(super) fn sorted(mut self) -> Outcome<T> {
        self.bad.sort_by_key(|bad| bad.line);
        self
    }
}

impl<T: Words> Outcome<T> {
    /// What a person reads.
    pub(super) fn text(&self) -> String {
        let (zh, en) = self.found.words();
        let (rows, bad) = (self.rows, self.bad.len());
        let mut text = format!("{rows} 行：{zh}，有误 {bad}\n{rows} rows: {en}, {bad} bad");
        if self.dry_run {
            text.push_str("\n只是试算，没有改动。A dry run: nothing was changed.");
        }
        text
    }
}

/// Rows that were new, changed something, or changed nothing.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize)]
pub(super) struct Counts {
    pub(super) added: usize,
    pub(super) changed: usize,
    pub(super) unchanged: usize,
}

impl Words for Counts {
    fn words(&self) -> (String, String) {
        let Counts { added, changed, unchanged } = self;
        (
            format!("新增 {added}，改动 {changed}，不变 {unchanged}"),
            format!("{added} added, {changed} changed, {unchanged} unchanged"),
        )
    }
}

/// Counts one more.
pub(super) fn count(counter: &mut usize) {
    *counter = counter.saturating_add(1);
}
