//! Tables for people: aligned by what a terminal shows, where a Chinese character takes two columns.

use unicode_width::UnicodeWidthStr as _;

/// On which side of its column a cell stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// A table with a heading over every column.
#[derive(Debug, Clone)]
pub struct Table {
    columns: Vec<(String, Side)>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with these columns and no rows yet.
    pub fn new(columns: &[(&str, Side)]) -> Self {
        let columns = columns.iter().map(|(name, side)| ((*name).to_owned(), *side)).collect();
        Table { columns, rows: Vec::new() }
    }

    /// Adds a row; a cell too few is empty, a cell too many is left out.
    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// Its lines, each ending with a line feed.
    pub fn text(&self) -> String {
        let widths: Vec<usize> = self
            .columns
            .iter()
            .enumerate()
            .map(|(place, (name, _))| {
                let cells = self.rows.iter().filter_map(|row| row.get(place));
                cells.map(|cell| cell.width()).chain([name.width()]).max().unwrap_or(0)
            })
            .collect();
        let names: Vec<String> = self.columns.iter().map(|(name, _)| name.clone()).collect();
        let mut text = String::new();
        for row in std::iter::once(&names).chain(&self.rows) {
            let mut line = String::new();
            for (place, ((_, side), width)) in self.columns.iter().zip(&widths).enumerate() {
                let cell = row.get(place).map_or("", String::as_str);
                let blank = " ".repeat(width.saturating_sub(cell.width()));
                if place > 0 {
                    line.push_str("  ");
                }
                match side {
                    Side::Left => line.extend([cell, &blank]),
                    Side::Right => line.extend([&blank, cell]),
                }
            }
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_takes_two_columns_and_numbers_stand_right() {
        let mut table = Table::new(&[("农户", Side::Left), ("元", Side::Right)]);
        table.row(["王秀英".into(), "36.21".into()]);
        table.row(["Li".into(), "1,200.00".into()]);
        assert_eq!(table.text(), "农户          元\n王秀英     36.21\nLi      1,200.00\n");
    }

    #[test]
    fn a_row_of_another_length_harms_nothing() {
        let mut table = Table::new(&[("a", Side::Left), ("b", Side::Left)]);
        table.row(["1".into()]);
        table.row(["1".into(), "2".into(), "3".into()]);
        assert_eq!(table.text(), "a  b\n1\n1  2\n");
    }
}
