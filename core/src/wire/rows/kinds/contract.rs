//! A contract version's columns; contracts are signed in rows, so each resembles the last.

use super::{Columns, columns};
use crate::wire::rows::cbor::Unfit;
use crate::wire::rows::models::{Cached, Ids, Int, Symbol};
use crate::wire::rows::side::Side;
use crate::wire::rows::walk::Walk;

columns! {
    /// The columns of [`crate::domain::contract::ContractVersion`].
    ContractColumns {
        contract: Ids,
        version: Int,
        grower: Ids,
        product: Cached,
        area: Cached,
        quantity: Cached,
        floor: Cached,
        from: Int,
        to: Int,
        tolerance: Cached,
        beyond: Symbol<4>,
    } remembers {
        last_from: i64,
        last_length: i64,
    }
}

impl Columns for ContractColumns {
    fn walk<S: Side>(&mut self, w: &mut Walk<'_, S>) -> Result<(), Unfit> {
        w.array_of(11)?;
        w.id(&mut self.contract)?;
        w.int(&mut self.version, 1)?;
        w.id(&mut self.grower)?;
        w.cached(&mut self.product, 0)?;
        w.cached(&mut self.area, 0)?;
        w.cached(&mut self.quantity, 0)?;
        w.cached(&mut self.floor, 0)?;
        let from = w.int(&mut self.from, self.last_from)?;
        let to = w.int(&mut self.to, from.wrapping_add(self.last_length))?;
        self.last_from = from;
        self.last_length = to.wrapping_sub(from);
        w.cached(&mut self.tolerance, 0)?;
        w.symbol(&mut self.beyond)?;
        Ok(())
    }
}
