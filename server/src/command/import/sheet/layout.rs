//! Where each column stands in a file: by its heading, or as `--map` says.

use std::collections::BTreeMap;
use std::str::FromStr;

use super::{Column, Record, Row};
use crate::command::Failure;
use crate::command::import::Bad;

/// How the columns of a file are found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::command::import) struct Options {
    /// Columns that are named otherwise than an import knows.
    pub(in crate::command::import) map: Vec<Mapping>,
    /// The first line is a row already; then only `map` tells what a column means.
    pub(in crate::command::import) no_heading: bool,
}

/// `COLUMN=FIELD`: a heading of the file, or a column's number from 1, is this field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::command::import) struct Mapping {
    column: String,
    field: String,
}

impl FromStr for Mapping {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.rsplit_once('=') {
            Some((column, field)) if !column.trim().is_empty() && !field.trim().is_empty() => {
                Ok(Mapping {
                    column: column.trim().to_lowercase(),
                    field: field.trim().to_lowercase(),
                })
            }
            _ => Err("列=字段，例如 3=code 或 货号=code；COLUMN=FIELD, such as 3=code".to_owned()),
        }
    }
}

impl Mapping {
    /// The place that it names in a file of these headings.
    fn place(&self, headings: &[String]) -> Option<usize> {
        let named = headings.iter().position(|heading| *heading == self.column);
        let numbered = || self.column.parse::<usize>().ok()?.checked_sub(1);
        named.or_else(numbered)
    }
}

/// Where each column stands.
pub(super) struct Layout {
    places: Vec<Option<usize>>,
    width: usize,
    pub(super) ignored: Vec<String>,
}

impl Layout {
    /// By the headings of the first line.
    pub(super) fn of(
        headings: &[String],
        columns: &[Column],
        options: &Options,
    ) -> Result<Layout, Failure> {
        let headings: Vec<String> = headings.iter().map(|heading| heading.to_lowercase()).collect();
        let mut layout = Layout::mapped(&headings, headings.len(), columns, options)?;
        for (place, heading) in headings.iter().enumerate() {
            if layout.places.contains(&Some(place)) {
                continue;
            }
            let known = columns
                .iter()
                .position(|c| c.name == heading || c.also.contains(&heading.as_str()));
            let mapped =
                |column: &usize| options.map.iter().any(|map| is(columns, *column, &map.field));
            match known.and_then(|column| layout.places.get_mut(column)) {
                // What was mapped by hand goes before a heading.
                Some(Some(_)) if known.as_ref().is_some_and(mapped) => {
                    layout.ignored.push(heading.clone());
                }
                Some(Some(_)) => {
                    return Err(missing(
                        columns,
                        &format!("“{heading}”这一列有两次"),
                        &format!("the column {heading:?} stands twice"),
                    ));
                }
                Some(free) => *free = Some(place),
                None if heading.is_empty() => {}
                None => layout.ignored.push(heading.clone()),
            }
        }
        layout.whole(columns)
    }

    /// Of a file whose first line is a row: as wide as most of its lines are.
    pub(super) fn without_heading(
        records: &[Record],
        columns: &[Column],
        options: &Options,
    ) -> Result<Layout, Failure> {
        let mut widths: BTreeMap<usize, usize> = BTreeMap::new();
        for cells in records.iter().filter_map(|record| record.cells.as_ref().ok()) {
            let count = widths.entry(cells.len()).or_default();
            *count = count.saturating_add(1);
        }
        let width = widths.iter().max_by_key(|(_, count)| **count).map_or(0, |(width, _)| *width);
        if width == 0 {
            return Err(missing(columns, "空文件", "the file is empty"));
        }
        Layout::mapped(&[], width, columns, options)?.whole(columns)
    }

    /// Only what was mapped by hand.
    fn mapped(
        headings: &[String],
        width: usize,
        columns: &[Column],
        options: &Options,
    ) -> Result<Layout, Failure> {
        let mut places = vec![None; columns.len()];
        for map in &options.map {
            let column = (0..columns.len()).find(|column| is(columns, *column, &map.field));
            let place = map.place(headings).filter(|place| *place < width);
            match (column.and_then(|column| places.get_mut(column)), place) {
                (Some(free @ None), Some(place)) => *free = Some(place),
                (Some(Some(_)), _) => {
                    return Err(missing(
                        columns,
                        &format!("--map 里“{}”有两次", map.field),
                        &format!("--map names {:?} twice", map.field),
                    ));
                }
                (None, _) => {
                    return Err(missing(
                        columns,
                        &format!("没有“{}”这个字段", map.field),
                        &format!("there is no field {:?}", map.field),
                    ));
                }
                (_, None) => {
                    return Err(missing(
                        columns,
                        &format!("文件里没有“{}”这一列", map.column),
                        &format!("the file has no column {:?}", map.column),
                    ));
                }
            }
        }
        Ok(Layout { places, width, ignored: Vec::new() })
    }

    /// The same if no needed column is missing.
    fn whole(self, columns: &[Column]) -> Result<Layout, Failure> {
        let lacking: Vec<&str> = columns
            .iter()
            .zip(&self.places)
            .filter(|(column, place)| column.needed && place.is_none())
            .map(|(column, _)| column.name)
            .collect();
        if lacking.is_empty() {
            return Ok(self);
        }
        let lacking = lacking.join(", ");
        Err(missing(columns, &format!("缺少 {lacking} 列"), &format!("{lacking} is missing")))
    }

    /// Which columns the file has.
    pub(super) fn present(&self) -> Vec<bool> {
        self.places.iter().map(Option::is_some).collect()
    }

    /// The row of these cells.
    pub(super) fn row(&self, line: u64, cells: &[String]) -> Result<Row, Bad> {
        let beyond = cells.get(self.width..).unwrap_or_default();
        if cells.len() < self.width || !beyond.iter().all(String::is_empty) {
            return Err(Bad::new(
                line,
                format!("有 {} 格，应有 {} 格，请检查逗号。", cells.len(), self.width),
                format!("It has {} cells and not {}. Check its commas.", cells.len(), self.width),
            ));
        }
        let cell = |place: &Option<usize>| {
            place.and_then(|place| cells.get(place)).cloned().unwrap_or_default()
        };
        let whole = cells.get(..self.width).unwrap_or_default().join("\u{1F}");
        let row = Row { line, cells: self.places.iter().map(cell).collect(), whole };
        if row.cells.iter().any(|cell| cell.chars().any(char::is_control)) {
            return Err(Bad::new(
                line,
                "有换行或控制字符，请检查引号。",
                "It holds a line break or a control character. Check its quotes.",
            ));
        }
        Ok(row)
    }
}

fn is(columns: &[Column], column: usize, field: &str) -> bool {
    columns.get(column).is_some_and(|c| c.name == field || c.also.contains(&field))
}

/// No row can be understood.
pub(super) fn missing(columns: &[Column], zh: &str, en: &str) -> Failure {
    let heading = |column: &Column| {
        if column.needed { column.name.to_owned() } else { format!("[{}]", column.name) }
    };
    let expected = columns.iter().map(heading).collect::<Vec<_>>().join(",");
    Failure::words(
        &format!(
            "表头不对：{zh}。没有导入。第一行应为 {expected}；列名不同请用 --map 列=字段，没有表头请用 --no-heading"
        ),
        &format!(
            "The heading is wrong: {en}. Nothing was imported. The first line is {expected}; for \
             other names see --map COLUMN=FIELD, for a file without a heading --no-heading"
        ),
    )
}
