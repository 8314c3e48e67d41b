//! The columns of the district's rules.

use super::{Columns, columns};
use crate::wire::rows::cbor::Unfit;
use crate::wire::rows::models::{Int, Text};
use crate::wire::rows::side::Side;
use crate::wire::rows::walk::Walk;

columns! {
    /// The columns of [`crate::domain::rules::Rules`].
    RulesColumns {
        entities: Int,
        number: Int,
        name: Text,
        limits: Int,
    }
}

impl Columns for RulesColumns {
    fn walk<S: Side>(&mut self, w: &mut Walk<'_, S>) -> Result<(), Unfit> {
        w.array_of(5)?;
        let mut number = -1_i64;
        for _ in 0..w.array(&mut self.entities, 0)? {
            w.array_of(2)?;
            number = w.int(&mut self.number, number.wrapping_add(1))?;
            w.text(&mut self.name)?;
        }
        for _ in 0..4 {
            w.int(&mut self.limits, 0)?;
        }
        Ok(())
    }
}
