//! A village's columns.

use super::{Columns, columns};
use crate::wire::rows::cbor::Unfit;
use crate::wire::rows::models::{Int, Text};
use crate::wire::rows::side::Side;
use crate::wire::rows::walk::Walk;

columns! {
    /// The columns of [`crate::domain::village::Village`].
    VillageColumns {
        number: Int,
        name: Text,
        entity: Int,
    } remembers {
        last_number: i64,
    }
}

impl Columns for VillageColumns {
    fn walk<S: Side>(&mut self, w: &mut Walk<'_, S>) -> Result<(), Unfit> {
        w.array_of(3)?;
        self.last_number = w.int(&mut self.number, self.last_number.wrapping_add(1))?;
        w.text(&mut self.name)?;
        w.int(&mut self.entity, self.last_number)?;
        Ok(())
    }
}
