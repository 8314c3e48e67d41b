//! Values that recur within a message: their place among those seen.

use super::{Int, Model, code_tree};
use crate::wire::rows::coder::{Bit, Bits};

/// How many values a [`Cached`] remembers.
const SLOTS: usize = 128;
/// How many contexts a [`Cached`] can have for its places.
const CONTEXTS: usize = 6;

/// A value that has probably occurred before: its place among those seen, in order of appearance;
/// or a new one, by its difference from the last new one.
#[derive(Debug, Clone)]
pub(crate) struct Cached {
    seen: Seen,
    fresh: Int,
}

/// The values seen, and their places.
#[derive(Debug, Clone)]
struct Seen {
    /// Whether it has occurred, by how many bits the number of values seen has.
    known: [Bit; 9],
    place: Vec<[Bit; SLOTS]>,
    values: Vec<i64>,
    oldest: usize,
    last_new: i64,
}

impl Seen {
    fn new(contexts: usize) -> Self {
        Seen {
            known: Default::default(),
            place: vec![[Bit::default(); SLOTS]; contexts],
            values: Vec::new(),
            oldest: 0,
            last_new: 0,
        }
    }

    /// The value, if it has occurred before.
    fn code(&mut self, side: &mut impl Bits, value: i64, context: usize) -> Option<i64> {
        let found = self.values.iter().position(|&seen| seen == value);
        let fullness = usize::BITS - self.values.len().leading_zeros();
        let known = self.known.get_mut(usize::try_from(fullness).unwrap_or(0))?;
        if !side.bit(found.is_some(), known) {
            return None;
        }
        let tree = self.place.get_mut(context.min(CONTEXTS - 1))?;
        let place = code_tree(side, tree, found.unwrap_or(0));
        // A place that was never filled is no value; the first one then stands for it.
        self.values.get(place).or(self.values.first()).copied()
    }

    fn remember(&mut self, value: i64) {
        self.last_new = value;
        if self.values.len() < SLOTS {
            self.values.push(value);
        } else if let Some(slot) = self.values.get_mut(self.oldest) {
            *slot = value;
            self.oldest = (self.oldest + 1) % SLOTS;
        }
    }

    fn visit(&mut self, visitor: &mut dyn FnMut(&mut Bit)) {
        self.known.iter_mut().for_each(visitor);
    }
}

impl Default for Cached {
    fn default() -> Self {
        Cached { seen: Seen::new(CONTEXTS), fresh: Int::default() }
    }
}

impl Model for Cached {
    fn visit(&mut self, visitor: &mut dyn FnMut(&mut Bit)) {
        // Which value takes which place differs from message to message: no prior for places.
        self.seen.visit(visitor);
        self.fresh.visit(visitor);
    }
}

impl Cached {
    pub(crate) fn code(&mut self, side: &mut impl Bits, value: i64, context: usize) -> i64 {
        if let Some(known) = self.seen.code(side, value, context) {
            return known;
        }
        let value = self.fresh.code(side, value);
        self.seen.remember(value);
        value
    }
}

/// A pair of device and number that has probably occurred before.
#[derive(Debug, Clone)]
pub(crate) struct Ids {
    seen: Seen,
    device: Int,
    number: Int,
}

impl Default for Ids {
    fn default() -> Self {
        Ids { seen: Seen::new(1), device: Int::default(), number: Int::default() }
    }
}

impl Model for Ids {
    fn visit(&mut self, visitor: &mut dyn FnMut(&mut Bit)) {
        self.seen.visit(visitor);
        self.device.visit(visitor);
        self.number.visit(visitor);
    }
}

impl Ids {
    /// `(device << 32) | number`.
    pub(crate) fn code(&mut self, side: &mut impl Bits, key: i64) -> i64 {
        if let Some(known) = self.seen.code(side, key, 0) {
            return known;
        }
        let last = self.seen.last_new;
        let device = self.device.code(side, (key >> 32) - (last >> 32));
        let number = self.number.code(side, (key & 0xFFFF_FFFF) - (last & 0xFFFF_FFFF));
        let device = (last >> 32).wrapping_add(device) & 0x7FFF;
        let number = (last & 0xFFFF_FFFF).wrapping_add(number) & 0xFFFF_FFFF;
        let key = (device << 32) | number;
        self.seen.remember(key);
        key
    }
}
