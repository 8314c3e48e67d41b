//! The columns of the catalogue's products.

use super::{Columns, columns};
use crate::wire::rows::cbor::Unfit;
use crate::wire::rows::models::{Flag, Int, Text};
use crate::wire::rows::side::Side;
use crate::wire::rows::walk::Walk;

columns! {
    /// The columns of [`crate::domain::product::Products`].
    ProductsColumns {
        items: Int,
        number: Int,
        code: Text,
        name: Text,
        category: Text,
        grades: Int,
        grain_or_oil: Flag,
        has_yield: Flag,
        usual_yield: Int,
    } remembers {
        last_number: i64,
        last_grades: i64,
    }
}

impl Columns for ProductsColumns {
    fn walk<S: Side>(&mut self, w: &mut Walk<'_, S>) -> Result<(), Unfit> {
        w.array_of(1)?;
        for _ in 0..w.array(&mut self.items, 1)? {
            let has_yield = w.one_more(&mut self.has_yield, 6)?;
            self.last_number = w.int(&mut self.number, self.last_number.wrapping_add(1))?;
            w.text(&mut self.code)?;
            w.text(&mut self.name)?;
            w.text(&mut self.category)?;
            self.last_grades = w.int(&mut self.grades, self.last_grades)?;
            w.boolean(&mut self.grain_or_oil)?;
            if has_yield {
                w.int(&mut self.usual_yield, 0)?;
            }
        }
        Ok(())
    }
}
