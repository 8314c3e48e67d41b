//! A payout's columns: the cash follows from what it pays, unless it was rounded.

use super::{Columns, columns};
use crate::wire::rows::cbor::Unfit;
use crate::wire::rows::models::{Ids, Int};
use crate::wire::rows::side::Side;
use crate::wire::rows::walk::Walk;

columns! {
    /// The columns of [`crate::domain::payout::Payout`].
    PayoutColumns {
        grower: Ids,
        cash: Int,
        allocations: Int,
        slip: Ids,
        amount: [Int; 2],
        rounding: Int,
    }
}

impl Columns for PayoutColumns {
    fn walk<S: Side>(&mut self, w: &mut Walk<'_, S>) -> Result<(), Unfit> {
        w.array_of(4)?;
        w.id(&mut self.grower)?;
        let cash = w.int(&mut self.cash, 0)?;
        let mut left = cash;
        let [only, several] = &mut self.amount;
        let allocations = w.array(&mut self.allocations, 1)?;
        for _ in 0..allocations {
            w.array_of(2)?;
            w.id(&mut self.slip)?;
            let amount = w.int(if allocations == 1 { &mut *only } else { &mut *several }, left)?;
            left = left.wrapping_sub(amount);
        }
        w.int(&mut self.rounding, left)?;
        Ok(())
    }
}
