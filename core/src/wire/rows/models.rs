//! How values are coded: integers by how far a guess missed, small numbers by a tree of bits, values
//! that recur by their place in a list of those seen.

mod seen;
mod text;

pub(crate) use seen::{Cached, Ids};
pub(crate) use text::{Letters, Text};

use super::coder::{Bit, Bits};

/// Whatever holds adaptive bits, in a fixed order: so that a prior can be laid into them.
pub(crate) trait Model {
    /// Visits every bit.
    fn visit(&mut self, visitor: &mut dyn FnMut(&mut Bit));
}

impl<M: Model, const N: usize> Model for [M; N] {
    fn visit(&mut self, visitor: &mut dyn FnMut(&mut Bit)) {
        self.iter_mut().for_each(|model| model.visit(visitor));
    }
}

/// Codes a number below the tree's size, high bits first.
fn code_tree(side: &mut impl Bits, tree: &mut [Bit], value: usize) -> usize {
    let depth = tree.len().trailing_zeros();
    let mut node = 1;
    for place in (0..depth).rev() {
        let bit = (value >> place) & 1 == 1;
        // A tree has as many nodes as leaves, so the node is always there.
        if let Some(model) = tree.get_mut(node) {
            node = (node << 1) | usize::from(side.bit(bit, model));
        }
    }
    node & (tree.len() - 1)
}

/// A yes or no.
#[derive(Debug, Clone, Default)]
pub(crate) struct Flag(pub(crate) Bit);

impl Model for Flag {
    fn visit(&mut self, visitor: &mut dyn FnMut(&mut Bit)) {
        visitor(&mut self.0);
    }
}

/// A difference from a guess: none; else its sign, its length in bits, its two bits below the
/// highest, and the rest as they are.
#[derive(Debug, Clone)]
pub(crate) struct Int {
    /// None; one model after a hit, one after a miss.
    hit: [Bit; 2],
    missed: bool,
    sign: Bit,
    length: [Bit; 64],
    top: [[Bit; 4]; TOPS],
}

/// Longer differences than this are rare; the bits below their highest are as they are.
const TOPS: usize = 24;

impl Default for Int {
    fn default() -> Self {
        Int {
            hit: Default::default(),
            missed: false,
            sign: Bit::default(),
            length: [Bit::default(); 64],
            top: [[Bit::default(); 4]; TOPS],
        }
    }
}

impl Model for Int {
    fn visit(&mut self, visitor: &mut dyn FnMut(&mut Bit)) {
        self.hit.iter_mut().for_each(&mut *visitor);
        visitor(&mut self.sign);
        self.length.iter_mut().skip(1).for_each(&mut *visitor);
        self.top.iter_mut().skip(1).flat_map(|top| top.iter_mut().skip(1)).for_each(visitor);
    }
}

impl Int {
    pub(crate) fn code(&mut self, side: &mut impl Bits, miss: i64) -> i64 {
        let [after_hit, after_miss] = &mut self.hit;
        let hit = side.bit(miss == 0, if self.missed { after_miss } else { after_hit });
        self.missed = !hit;
        if hit {
            return 0;
        }
        let negative = side.bit(miss < 0, &mut self.sign);
        let size = miss.unsigned_abs();
        // The highest bit stands at this place, 0 to 63.
        let place = usize::try_from(size.checked_ilog2().unwrap_or(0)).unwrap_or(0);
        let place = code_tree(side, &mut self.length, place);
        let modelled = if place < TOPS { place.min(2) } else { 0 };
        let shift = place - modelled;
        let low = usize::try_from((size >> shift) & 3).unwrap_or(0);
        let mut size_read = 1_u64;
        if let Some(top) = self.top.get_mut(place) {
            let bits = match modelled {
                2 => code_tree(side, top, low),
                1 => match top.get_mut(1) {
                    Some(model) => usize::from(side.bit(low & 1 == 1, model)),
                    None => 0,
                },
                _ => 0,
            };
            size_read = (size_read << modelled) | u64::try_from(bits).unwrap_or(0);
        }
        for place in (0..shift).rev() {
            let bit = side.code((size >> place) & 1 == 1, 1 << 15);
            size_read = (size_read << 1) | u64::from(bit);
        }
        let size = size_read.cast_signed();
        if negative { size.wrapping_neg() } else { size }
    }
}

/// A small number without order, below `N`, a power of two.
#[derive(Debug, Clone)]
pub(crate) struct Symbol<const N: usize> {
    tree: [Bit; N],
}

impl<const N: usize> Default for Symbol<N> {
    fn default() -> Self {
        Symbol { tree: [Bit::default(); N] }
    }
}

impl<const N: usize> Model for Symbol<N> {
    fn visit(&mut self, visitor: &mut dyn FnMut(&mut Bit)) {
        self.tree.iter_mut().skip(1).for_each(visitor);
    }
}

impl<const N: usize> Symbol<N> {
    pub(crate) fn code(&mut self, side: &mut impl Bits, value: i64) -> i64 {
        let value = usize::try_from(value).unwrap_or(0);
        i64::try_from(code_tree(side, &mut self.tree, value)).unwrap_or(0)
    }
}
