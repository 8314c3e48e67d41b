//! A note's columns.

use super::{Columns, columns};
use crate::wire::rows::cbor::Unfit;
use crate::wire::rows::models::{Flag, Ids, Text};
use crate::wire::rows::side::Side;
use crate::wire::rows::walk::Walk;

columns! {
    /// The columns of [`crate::domain::note::Note`].
    NoteColumns {
        about_entry: Flag,
        about: Ids,
        text: Text,
    }
}

impl Columns for NoteColumns {
    fn walk<S: Side>(&mut self, w: &mut Walk<'_, S>) -> Result<(), Unfit> {
        w.array_of(2)?;
        if w.present(&mut self.about_entry)? {
            w.id(&mut self.about)?;
        }
        w.text(&mut self.text)
    }
}
