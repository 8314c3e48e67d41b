//! A table for a terminal: aligned by what it shows, where a Chinese character takes two columns.

use courtyard_core::domain::UnitError;
use unicode_width::UnicodeWidthStr as _;

use super::{Cell, Kind, Table};

impl Table {
    /// Its lines with the sums last, each ending with a line feed; words stand left, numbers right.
    ///
    /// # Errors
    /// [`UnitError::Overflow`] if a sum does not fit.
    pub fn text(&self) -> Result<String, UnitError> {
        let headings = self.columns.iter().map(|column| column.heading.to_owned()).collect();
        let words = |row: &Vec<Cell>| row.iter().map(Cell::to_string).collect::<Vec<_>>();
        let mut rows: Vec<Vec<String>> = vec![headings];
        rows.extend(self.rows.iter().map(words));
        rows.extend(self.total()?.as_ref().map(words));
        let widths: Vec<usize> = (0..self.columns.len())
            .map(|place| rows.iter().filter_map(|row| row.get(place)).map(|c| c.width()).max())
            .map(Option::unwrap_or_default)
            .collect();
        let mut text = String::new();
        for row in &rows {
            let mut line = String::new();
            for (place, (column, width)) in self.columns.iter().zip(&widths).enumerate() {
                let cell = row.get(place).map_or("", String::as_str);
                let blank = " ".repeat(width.saturating_sub(cell.width()));
                if place > 0 {
                    line.push_str("  ");
                }
                match column.kind {
                    Kind::Text | Kind::Date => line.extend([cell, &blank]),
                    _ => line.extend([&blank, cell]),
                }
            }
            text.push_str(line.trim_end());
            text.push('\n');
        }
        Ok(text)
    }
}
