//! A file as people and programs save it, as rows with their line numbers: CSV in UTF-8 or GB18030
//! with any line breaks, or the first sheet of an xlsx file; columns by heading, or as mapped.

mod book;
mod layout;
mod text;

use super::Bad;
use crate::command::Failure;

use layout::Layout;
pub(super) use layout::{Mapping, Options};

/// A column that an import knows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Column {
    /// Its heading in the documentation.
    pub(super) name: &'static str,
    /// Other headings for the same.
    pub(super) also: &'static [&'static str],
    /// Whether nothing can be imported without it.
    pub(super) needed: bool,
}

impl Column {
    /// A column without which nothing can be imported.
    pub(super) const fn needed(name: &'static str, also: &'static [&'static str]) -> Column {
        Column { name, also, needed: true }
    }

    /// A column that may be missing.
    pub(super) const fn optional(name: &'static str, also: &'static [&'static str]) -> Column {
        Column { name, also, needed: false }
    }
}

/// A row, its cells in the order of the columns that were asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    /// Its line in the file, from 1.
    pub(super) line: u64,
    cells: Vec<String>,
    /// All cells as they stand in the file.
    whole: String,
}

impl Row {
    /// The cell of this column without surrounding blanks; empty if the file has no such column.
    pub(super) fn cell(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", String::as_str)
    }

    /// The row as it stands in the file, whatever its columns mean: it tells whether the row was
    /// imported before.
    pub(super) fn whole(&self) -> &str {
        &self.whole
    }
}

/// A line of the file with its cells as text, or why they cannot be read.
struct Record {
    line: u64,
    cells: Result<Vec<String>, Bad>,
}

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sheet {
    /// Rows whose cells could be read.
    pub(super) rows: Vec<Row>,
    /// Rows that could not.
    pub(super) bad: Vec<Bad>,
    /// Headings that mean nothing here.
    pub(super) ignored: Vec<String>,
    present: Vec<bool>,
}

impl Sheet {
    /// Reads a file that has at least the needed columns.
    ///
    /// # Errors
    /// [`Failure`] if it has no such heading, so that no row can be understood.
    pub(super) fn read(
        bytes: &[u8],
        columns: &[Column],
        options: &Options,
    ) -> Result<Sheet, Failure> {
        let records =
            if book::is_book(bytes) { book::records(bytes)? } else { text::records(bytes)? };
        let mut records = records.into_iter().peekable();
        let layout = if options.no_heading {
            // Records are few megabytes at most; the widths are needed before the first row.
            let all: Vec<Record> = records.collect();
            let layout = Layout::without_heading(&all, columns, options)?;
            records = all.into_iter().peekable();
            layout
        } else {
            match records.next() {
                None => return Err(layout::missing(columns, "空文件", "the file is empty")),
                Some(Record { cells: Err(bad), .. }) => return Err(unreadable_heading(&bad)),
                Some(Record { cells: Ok(cells), .. }) => Layout::of(&cells, columns, options)?,
            }
        };
        let (mut rows, mut bad) = (Vec::new(), Vec::new());
        for Record { line, cells } in records {
            match cells.and_then(|cells| layout.row(line, &cells)) {
                Ok(row) => rows.push(row),
                Err(row) => bad.push(row),
            }
        }
        let present = layout.present();
        Ok(Sheet { rows, bad, ignored: layout.ignored, present })
    }

    /// Whether the file has this column.
    pub(super) fn has(&self, column: usize) -> bool {
        self.present.get(column).copied().unwrap_or(false)
    }

    /// Whether the file has one of these columns.
    pub(super) fn has_any(&self, columns: &[(usize, &str)]) -> bool {
        columns.iter().any(|(column, _)| self.has(*column))
    }

    /// Lines of the file that say something, good and bad.
    pub(super) fn len(&self) -> usize {
        self.rows.len().saturating_add(self.bad.len())
    }
}

fn unreadable_heading(bad: &Bad) -> Failure {
    Failure::words(
        &format!("表头读不了：{}没有导入。", bad.zh),
        &format!("The heading cannot be read. {} Nothing was imported.", bad.en),
    )
}

#[cfg(test)]
mod tests;
