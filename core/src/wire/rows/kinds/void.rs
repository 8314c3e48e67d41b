//! A void's columns.

use super::{Columns, columns};
use crate::wire::rows::cbor::Unfit;
use crate::wire::rows::models::{Flag, Ids, Int, Text};
use crate::wire::rows::side::Side;
use crate::wire::rows::walk::Walk;

columns! {
    /// The columns of [`crate::domain::void::Void`].
    VoidColumns {
        target: Ids,
        hash: Int,
        grower: Ids,
        reason: Text,
        replaced: Flag,
        replacement: Ids,
    }
}

impl Columns for VoidColumns {
    fn walk<S: Side>(&mut self, w: &mut Walk<'_, S>) -> Result<(), Unfit> {
        let replaced = w.one_more(&mut self.replaced, 4)?;
        w.id(&mut self.target)?;
        w.bytes(&mut self.hash, 32)?;
        w.id(&mut self.grower)?;
        w.text(&mut self.reason)?;
        if replaced {
            w.id(&mut self.replacement)?;
        }
        Ok(())
    }
}
