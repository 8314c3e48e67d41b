//! Tables of reports: rows of weights, money, prices, dates and words, which print as text for a
//! terminal, as JSON, as CSV and as a sheet of an xlsx file.

mod cell;
mod combine;
mod csv;
mod text;
mod xlsx;

pub use self::cell::Cell;
pub use self::xlsx::{SheetError, xlsx};

use courtyard_core::domain::UnitError;
use serde_json::{Map, Value};

/// What a column holds; it decides the unit in the column's name, its side and its format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Words.
    Text,
    /// A day.
    Date,
    /// A number without a unit.
    Number,
    /// A weight: grams in JSON, kilograms for people.
    Grams,
    /// The same weight in jin (斤) for people.
    Jin,
    /// Money: fen in JSON, yuan for people.
    Fen,
    /// A price: li per kg in JSON, yuan per kg for people.
    LiPerKg,
}

/// A column with its name for programs and its heading for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    key: String,
    heading: &'static str,
    kind: Kind,
    summed: bool,
}

impl Column {
    fn new(name: &str, unit: &str, heading: &'static str, kind: Kind) -> Column {
        Column { key: format!("{name}{unit}"), heading, kind, summed: false }
    }

    /// A column of words.
    pub fn text(name: &str, heading: &'static str) -> Column {
        Column::new(name, "", heading, Kind::Text)
    }

    /// A column of days.
    pub fn date(name: &str, heading: &'static str) -> Column {
        Column::new(name, "", heading, Kind::Date)
    }

    /// A column of numbers.
    pub fn number(name: &str, heading: &'static str) -> Column {
        Column::new(name, "", heading, Kind::Number)
    }

    /// A column of weights; its key is `{name}_g`, the heading's unit is kg.
    pub fn grams(name: &str, heading: &'static str) -> Column {
        Column::new(name, "_g", heading, Kind::Grams)
    }

    /// A column of weights in jin, beside the column in kg of the same name; JSON has the grams.
    pub fn jin(name: &str, heading: &'static str) -> Column {
        Column::new(name, "_g", heading, Kind::Jin)
    }

    /// A column of money; its key is `{name}_fen`, the heading's unit is ¥.
    pub fn fen(name: &str, heading: &'static str) -> Column {
        Column::new(name, "_fen", heading, Kind::Fen)
    }

    /// A column of prices; its key is `{name}_li_per_kg`, the heading's unit is ¥/kg.
    pub fn li_per_kg(name: &str, heading: &'static str) -> Column {
        Column::new(name, "_li_per_kg", heading, Kind::LiPerKg)
    }

    /// The same, added up in the table's last line.
    pub fn summed(self) -> Column {
        Column { summed: true, ..self }
    }
}

/// A table with a heading over every column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    key: &'static str,
    columns: Vec<Column>,
    rows: Vec<Vec<Cell>>,
}

/// What stands under the first column in the line of sums.
const TOTAL: &str = "合计 total";

impl Table {
    /// A table without rows; `key` is its name in JSON and of its sheet.
    pub fn new(key: &'static str, columns: impl IntoIterator<Item = Column>) -> Table {
        Table { key, columns: columns.into_iter().collect(), rows: Vec::new() }
    }

    /// Adds a row; a cell too few is empty, a cell too many is left out.
    pub fn row(&mut self, cells: impl IntoIterator<Item = Cell>) {
        self.rows.push(cells.into_iter().take(self.columns.len()).collect());
    }

    /// Its name in JSON.
    pub fn key(&self) -> &'static str {
        self.key
    }

    /// Forgets its rows: they were written.
    pub fn clear(&mut self) {
        self.rows.clear();
    }

    /// How many rows it has.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether it has no rows.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Its rows, the cells in the order of the columns.
    pub fn rows(&self) -> &[Vec<Cell>] {
        &self.rows
    }

    /// The sums of the columns that are added up, and what stands before them; none if there is no
    /// such column.
    ///
    /// # Errors
    /// [`UnitError::Overflow`] if a sum does not fit.
    pub fn total(&self) -> Result<Option<Vec<Cell>>, UnitError> {
        if !self.columns.iter().any(|column| column.summed) {
            return Ok(None);
        }
        let mut total = Vec::with_capacity(self.columns.len());
        for (place, column) in self.columns.iter().enumerate() {
            total.push(match (column.summed, place) {
                (true, _) => {
                    let mut cells = self.rows.iter().filter_map(|row| row.get(place));
                    cells.try_fold(Cell::zero(column.kind), Cell::plus)?
                }
                (false, 0) => Cell::from(TOTAL),
                (false, _) => Cell::Empty,
            });
        }
        Ok(Some(total))
    }

    /// Its rows for a program: an object each, integers with their units in the names.
    pub fn json_rows(&self) -> Value {
        let object = |row: &Vec<Cell>| {
            let empty = std::iter::repeat(&Cell::Empty);
            let cells = self.columns.iter().zip(row.iter().chain(empty));
            Value::Object(cells.map(|(column, cell)| (column.key.clone(), cell.json())).collect())
        };
        Value::Array(self.rows.iter().map(object).collect())
    }

    /// Its sums for a program; none if nothing is added up.
    ///
    /// # Errors
    /// [`UnitError::Overflow`] if a sum does not fit.
    pub fn json_total(&self) -> Result<Option<Value>, UnitError> {
        let Some(total) = self.total()? else { return Ok(None) };
        let cells = self.columns.iter().zip(total).filter(|(column, _)| column.summed);
        let sums: Map<String, Value> =
            cells.map(|(column, cell)| (column.key.clone(), cell.json())).collect();
        Ok(Some(Value::Object(sums)))
    }
}

/// Cells of a row, made of whatever a cell can be made of.
macro_rules! cells {
    ($($cell:expr),* $(,)?) => { [$($crate::command::table::Cell::from($cell)),*] };
}
pub(crate) use cells;

#[cfg(test)]
mod tests;
