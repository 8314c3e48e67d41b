//! Two tables of one shape as one: rows about the same are added up, others stand side by side.

use courtyard_core::domain::UnitError;

use super::{Cell, Table};

impl Table {
    /// Takes the rows of another table of the same columns. A row that differs from one here in money
    /// only is added to it.
    ///
    /// # Errors
    /// [`UnitError::Overflow`] if a sum does not fit.
    pub fn combine(&mut self, other: Table) -> Result<(), UnitError> {
        if self.columns.is_empty() {
            self.columns = other.columns;
        }
        for row in other.rows {
            match self.rows.iter_mut().find(|here| is_same(here, &row)) {
                None => self.rows.push(row),
                Some(here) => {
                    for (cell, more) in here.iter_mut().zip(&row) {
                        if let Cell::Fen(_) = cell {
                            *cell = std::mem::replace(cell, Cell::Empty).plus(more)?;
                        }
                    }
                }
            }
        }
        Ok(())
    }
}

/// Whether two rows say the same but for their money.
fn is_same(one: &[Cell], other: &[Cell]) -> bool {
    let same = |(a, b): (&Cell, &Cell)| matches!((a, b), (Cell::Fen(_), Cell::Fen(_))) || a == b;
    one.len() == other.len() && one.iter().zip(other).all(same)
}

#[cfg(test)]
mod tests {
    use courtyard_core::domain::Fen;

    use super::*;
    use crate::command::table::{Column, cells};

    fn table(rows: &[(&str, i64)]) -> Table {
        let columns = [Column::text("month", "月份"), Column::fen("bought", "收购").summed()];
        let mut table = Table::new("months", columns);
        for (month, fen) in rows {
            table.row(cells![*month, Fen::new(*fen)]);
        }
        table
    }

    #[test]
    fn rows_about_the_same_are_added_up_and_others_stand_beside() {
        let mut one = table(&[("2026-07", 100), ("2026-08", 5)]);
        one.combine(table(&[("2026-07", 20), ("2026-09", 7)])).unwrap();
        assert_eq!(one, table(&[("2026-07", 120), ("2026-08", 5), ("2026-09", 7)]));
        let mut empty = Table::new("months", []);
        empty.combine(table(&[("2026-07", 1)])).unwrap();
        assert_eq!(empty, table(&[("2026-07", 1)]));
        assert!(table(&[("2026-07", i64::MAX)]).combine(table(&[("2026-07", 1)])).is_err());
    }
}
