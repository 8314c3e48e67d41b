//! A table as CSV (RFC 4180), for spreadsheets and other programs.

use std::borrow::Cow;

use csv::{QuoteStyle, Terminator, Writer, WriterBuilder};

use super::{Cell, Table};

/// With it, Excel reads the file as UTF-8.
const MARK: &[u8] = b"\xEF\xBB\xBF";

impl Table {
    /// Headings and rows without the sums, which a program that adds up a column would count twice.
    /// Kilograms and yuan, as the headings say.
    ///
    /// # Errors
    /// What the writer says.
    pub fn csv(&self) -> Result<Vec<u8>, csv::Error> {
        let mut whole = self.csv_head()?;
        whole.extend(self.csv_rows()?);
        Ok(whole)
    }

    /// The headings alone: where a long file begins.
    ///
    /// # Errors
    /// What the writer says.
    pub fn csv_head(&self) -> Result<Vec<u8>, csv::Error> {
        let mut writer = writer(MARK.to_vec());
        writer.write_record(self.columns.iter().map(|column| column.heading))?;
        writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))
    }

    /// The rows alone: a piece of a long file.
    ///
    /// # Errors
    /// What the writer says.
    pub fn csv_rows(&self) -> Result<Vec<u8>, csv::Error> {
        let mut writer = writer(Vec::new());
        let empty = Cell::Empty;
        for row in &self.rows {
            let cells = (0..self.columns.len()).map(|place| row.get(place).unwrap_or(&empty));
            writer.write_record(cells.map(|cell| inert(cell).into_owned()))?;
        }
        writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))
    }
}

fn writer(begun: Vec<u8>) -> Writer<Vec<u8>> {
    WriterBuilder::new()
        .terminator(Terminator::CRLF)
        .quote_style(QuoteStyle::Necessary)
        .from_writer(begun)
}

/// Words that a spreadsheet would take for a formula get an apostrophe before them (OWASP, CSV
/// injection); a negative number is a number and stays.
fn inert(cell: &Cell) -> Cow<'static, str> {
    let said = cell.to_string();
    let words = matches!(cell, Cell::Text(_) | Cell::Coded { .. });
    if words && said.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']) {
        Cow::Owned(format!("'{said}"))
    } else {
        Cow::Owned(said)
    }
}
