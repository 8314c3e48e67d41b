//! A report as it is written out: facts, tables and words, as text, JSON, CSV or xlsx.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;
use courtyard_core::domain::UnitError;
use serde_json::{Map, Value};

use crate::command::Failure;
use crate::command::output::{say, too_large};
use crate::command::place::Place;
use crate::command::table::{Cell, Table, xlsx};

/// What a report found.
#[derive(Debug, Default)]
pub(super) struct Document {
    /// What it is called, over its text and on its printed pages.
    pub(super) title: String,
    /// Values that stand for the whole report, by their names in JSON.
    pub(super) facts: Vec<(&'static str, Cell)>,
    /// The first is the one that CSV has; an xlsx file has a sheet for each.
    pub(super) tables: Vec<Table>,
    /// Words under the text's tables.
    pub(super) notes: Vec<String>,
    /// The text, where tables would not say it well.
    pub(super) text: Option<String>,
    /// More members of the JSON value.
    pub(super) json: Map<String, Value>,
    /// Why the command ends with 1 although the report was written.
    pub(super) fault: Option<Failure>,
}

impl Document {
    /// Takes in another document of the same tables: a household's other number.
    pub(super) fn combine(&mut self, other: Document) -> Result<(), UnitError> {
        for (table, more) in self.tables.iter_mut().zip(other.tables) {
            table.combine(more)?;
        }
        self.notes.extend(other.notes);
        if let (Some(text), Some(more)) = (&mut self.text, other.text) {
            text.push('\n');
            text.push_str(&more);
        }
        Ok(())
    }

    /// The JSON value: facts, each table's rows under its key, the sums of the first as `total`.
    pub(super) fn json(&self) -> Result<Value, UnitError> {
        let facts = self.facts.iter().map(|(key, cell)| ((*key).to_owned(), cell.json()));
        let mut value: Map<String, Value> = facts.collect();
        for table in &self.tables {
            value.insert(table.key().to_owned(), table.json_rows());
        }
        if let Some(total) = self.tables.first().map(Table::json_total).transpose()?.flatten() {
            value.insert("total".to_owned(), total);
        }
        value.extend(self.json.clone());
        Ok(Value::Object(value))
    }

    /// The text for a terminal.
    pub(super) fn text(&self) -> Result<String, UnitError> {
        if let Some(text) = &self.text {
            return Ok(text.clone());
        }
        let mut text = String::new();
        if !self.title.is_empty() {
            text.push_str(&self.title);
            text.push('\n');
        }
        for (number, table) in self.tables.iter().filter(|table| !table.is_empty()).enumerate() {
            if number > 0 {
                text.push('\n');
            }
            text.push_str(&table.text()?);
        }
        if self.tables.iter().all(Table::is_empty) {
            text.push_str("没有记录。Nothing is there.\n");
        }
        for note in &self.notes {
            text.push_str(note);
            text.push('\n');
        }
        Ok(text)
    }
}

/// Of what a report reads, and how it is written.
#[derive(Debug, Args)]
pub(super) struct Written {
    #[command(flatten)]
    pub(super) place: Place,
    /// Write the rows to this CSV file (UTF-8 with its mark, for spreadsheets and programs).
    #[arg(long, value_name = "FILE", conflicts_with_all = ["json", "xlsx"])]
    csv: Option<PathBuf>,
    /// Write tables and sums to this xlsx file.
    #[arg(long, value_name = "FILE", conflicts_with = "json")]
    xlsx: Option<PathBuf>,
}

impl Written {
    /// Writes it, then says what the report found wrong.
    pub(super) fn write(&self, document: Document) -> Result<(), Failure> {
        if let Some(file) = &self.csv {
            let table = document.tables.first().map(Table::csv);
            let bytes = table.transpose().map_err(|error| unwritten(file, &error))?;
            save(file, &bytes.unwrap_or_default())?;
        } else if let Some(file) = &self.xlsx {
            let tables: Vec<&Table> = document.tables.iter().collect();
            let bytes = xlsx(&document.title, &tables).map_err(|error| unwritten(file, &error))?;
            save(file, &bytes)?;
        } else if self.place.json {
            say(true, &document.json().map_err(too_large)?, |_| String::new())?;
        } else {
            let text = document.text().map_err(too_large)?;
            say(false, &text, Clone::clone)?;
        }
        document.fault.map_or(Ok(()), Err)
    }
}

fn save(file: &Path, bytes: &[u8]) -> Result<(), Failure> {
    std::fs::write(file, bytes).map_err(|error| unwritten(file, &error))?;
    let _ = writeln!(std::io::stderr(), "已写入 written: {}", file.display());
    Ok(())
}

fn unwritten(file: &Path, error: &dyn std::fmt::Display) -> Failure {
    let file = file.display();
    Failure::words(
        &format!(
            "文件 {file} 写不了：{error}。数据没有改动。请检查目录和磁盘空间，或是否被表格软件打开。"
        ),
        &format!(
            "{file} cannot be written: {error}. No data was changed. Check the folder, the room on \
             the disk, and whether a spreadsheet holds the file open."
        ),
    )
}
