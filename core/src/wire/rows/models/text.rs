//! Texts: one that has occurred before in its field, or its letters.

use super::{Int, Model, Symbol, code_tree};
use crate::wire::limits;
use crate::wire::rows::cbor::Unfit;
use crate::wire::rows::coder::{Bit, Bits};

/// Letters of any text, each in the light of the one before it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Letters {
    /// By the high bits of the letter before; laid out when the first text comes.
    after: Vec<[Bit; 256]>,
}

impl Letters {
    /// Codes bytes, and gives those of the stream where it is read.
    pub(crate) fn code(
        &mut self,
        side: &mut impl Bits,
        bytes: Option<&[u8]>,
        length: usize,
    ) -> Vec<u8> {
        if self.after.is_empty() {
            self.after = vec![[Bit::default(); 256]; 32];
        }
        let mut text = Vec::new();
        let mut before = 0_u8;
        for place in 0..length {
            let byte = bytes.and_then(|bytes| bytes.get(place)).copied().unwrap_or(0);
            let Some(tree) = self.after.get_mut(usize::from(before >> 3)) else { break };
            let byte = u8::try_from(code_tree(side, tree, usize::from(byte))).unwrap_or(0);
            text.push(byte);
            before = byte;
        }
        text
    }
}

/// How many texts a field remembers.
const TEXTS: usize = 16;

/// A text of one field.
#[derive(Debug, Clone, Default)]
pub(crate) struct Text {
    known: Bit,
    place: Symbol<TEXTS>,
    length: Int,
    seen: Vec<Vec<u8>>,
    oldest: usize,
}

impl Model for Text {
    fn visit(&mut self, visitor: &mut dyn FnMut(&mut Bit)) {
        visitor(&mut self.known);
        self.length.visit(visitor);
    }
}

impl Text {
    pub(crate) fn code(
        &mut self,
        side: &mut impl Bits,
        letters: &mut Letters,
        given: Option<Vec<u8>>,
    ) -> Result<Vec<u8>, Unfit> {
        let found = given.as_ref().and_then(|text| self.seen.iter().position(|seen| seen == text));
        if side.bit(found.is_some(), &mut self.known) {
            let place = i64::try_from(found.unwrap_or(0)).unwrap_or(0);
            let place = usize::try_from(self.place.code(side, place)).unwrap_or(0);
            return self.seen.get(place).cloned().ok_or(Unfit);
        }
        let length = given.as_ref().map_or(0, Vec::len);
        let length = self.length.code(side, i64::try_from(length).map_err(|_| Unfit)?);
        let length = usize::try_from(length).map_err(|_| Unfit)?;
        if length > limits::STRING_BYTES.len() {
            return Err(Unfit);
        }
        let text = letters.code(side, given.as_deref(), length);
        if self.seen.len() < TEXTS {
            self.seen.push(text.clone());
        } else if let Some(slot) = self.seen.get_mut(self.oldest) {
            slot.clone_from(&text);
            self.oldest = (self.oldest + 1) % TEXTS;
        }
        Ok(text)
    }
}
