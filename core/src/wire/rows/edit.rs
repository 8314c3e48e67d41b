//! An edit's columns: keys resemble the keys before them.

use super::cbor::Unfit;
use super::entry::State;
use super::kinds::columns;
use super::models::{Flag, Int, Symbol, Text};
use super::prior;
use super::side::Side;
use super::walk::{Shape, Walk};

columns! {
    /// The columns of [`crate::document::Edit`].
    EditColumns {
        device: Int,
        number: Int,
        deps: Int,
        dep: Int,
        assignments: Int,
        key: Text,
        shape: [Symbol<8>; 4],
        items: [Int; 4],
        int: [Int; 4],
        boolean: Flag,
        bytes: Int,
        text: Text,
    } remembers {
        last_device: i64,
        last_number: i64,
    }
}

impl State {
    /// Walks over one edit; gives the side back.
    pub(super) fn walk_edit<S: Side>(&mut self, side: S) -> Result<S, Unfit> {
        let mut w = Walk { side, letters: &mut self.letters };
        let columns =
            self.edit.get_or_insert_with(|| prior::state().edit.clone().unwrap_or_default());
        w.array_of(4)?;
        columns.last_device = w.int(&mut columns.device, columns.last_device)?;
        columns.last_number = w.int(&mut columns.number, columns.last_number.wrapping_add(1))?;
        for _ in 0..w.array(&mut columns.deps, 1)? {
            w.bytes(&mut columns.dep, 32)?;
        }
        for _ in 0..w.array(&mut columns.assignments, 1)? {
            w.array_of(2)?;
            w.text(&mut columns.key)?;
            columns.value(&mut w, 0)?;
        }
        Ok(w.side)
    }
}

impl EditColumns {
    /// A value, whatever its type; arrays inside one another to a small depth.
    fn value<S: Side>(&mut self, w: &mut Walk<'_, S>, depth: usize) -> Result<(), Unfit> {
        match w.shape(self.shape.get_mut(depth).ok_or(Unfit)?)? {
            Shape::Int => w.int(self.int.get_mut(depth).ok_or(Unfit)?, 0).map(|_| ()),
            Shape::Text => w.text(&mut self.text),
            Shape::Bytes => w.bytes(&mut self.bytes, 0),
            Shape::Bool => w.boolean(&mut self.boolean).map(|_| ()),
            Shape::Null => w.null(),
            Shape::Array => {
                for _ in 0..w.array(self.items.get_mut(depth).ok_or(Unfit)?, 2)? {
                    self.value(w, depth + 1)?;
                }
                Ok(())
            }
        }
    }
}
