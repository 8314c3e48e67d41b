//! `export csv` and `export xlsx`: the main tables, for spreadsheets and other programs.

use std::path::Path;

use serde_json::{Map, Value, json};

use super::{To, cannot_write, write_new};
use crate::command::Failure;
use crate::command::output::say;
use crate::command::place::{existing, failure};
use crate::command::report::everything;
use crate::command::table::{Table, xlsx};

/// A folder with a file for each table.
pub(super) fn csv(to: &To) -> Result<(), Failure> {
    let tables = tables(to)?;
    if to.out.exists() {
        let mut inside = std::fs::read_dir(&to.out).map_err(cannot_write(&to.out))?;
        if inside.next().is_some() {
            return Err(Failure::usage(format!(
                "{} 不是空目录，没有改动。\n{0} is not an empty folder and was not touched.",
                to.out.display()
            )));
        }
    }
    std::fs::create_dir_all(&to.out).map_err(cannot_write(&to.out))?;
    for table in &tables {
        let bytes = table.csv().map_err(|error| Failure::found(error.to_string()))?;
        write_new(&to.out.join(table.key()).with_extension("csv"), &bytes)?;
    }
    said(to, &tables)
}

/// One file with a sheet for each table.
pub(super) fn workbook(to: &To) -> Result<(), Failure> {
    let tables = tables(to)?;
    let sheets: Vec<&Table> = tables.iter().collect();
    let bytes =
        xlsx("庭院收购账 Courtyard", &sheets).map_err(|error| Failure::found(error.to_string()))?;
    write_new(&to.out, &bytes)?;
    said(to, &tables)
}

fn tables(to: &To) -> Result<Vec<Table>, Failure> {
    let mut node = existing(&to.data)?;
    everything(node.view().map_err(failure)?.store())
}

fn said(to: &To, tables: &[Table]) -> Result<(), Failure> {
    let path: &Path = &to.out;
    let counts = tables.iter().map(|table| (table.key().to_owned(), Value::from(table.len())));
    let rows: Map<String, Value> = counts.collect();
    let value = json!({"path": path.display().to_string(), "rows": rows});
    say(to.json, &value, |_| {
        let counts = tables.iter().map(|table| format!("{} {}", table.key(), table.len()));
        format!("{}: {}", path.display(), counts.collect::<Vec<_>>().join(", "))
    })
}
