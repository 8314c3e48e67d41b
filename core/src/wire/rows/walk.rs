//! One description of a kind's fields serves both directions: a walk over an entry's items, with a
//! guess for each field and models that learn how the guesses miss.
//!
//! A field's function returns the value on either side, so later guesses can build on it.

use super::cbor::{Head, Unfit};
use super::models::{Cached, Flag, Ids, Int, Letters, Symbol, Text};
use super::side::Side;
use crate::wire::limits;

/// What an item is, where that is not known beforehand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    Int,
    Text,
    Bytes,
    Array,
    Bool,
    Null,
}

impl Shape {
    fn of(head: Head) -> Self {
        match head {
            Head::Int(_) => Shape::Int,
            Head::Text(_) => Shape::Text,
            Head::Bytes(_) => Shape::Bytes,
            Head::Array(_) => Shape::Array,
            Head::Bool(_) => Shape::Bool,
            Head::Null => Shape::Null,
        }
    }

    const fn number(self) -> i64 {
        match self {
            Shape::Int => 0,
            Shape::Text => 1,
            Shape::Bytes => 2,
            Shape::Array => 3,
            Shape::Bool => 4,
            Shape::Null => 5,
        }
    }
}

/// A walk over one entry.
pub(crate) struct Walk<'m, S> {
    pub(crate) side: S,
    pub(crate) letters: &'m mut Letters,
}

impl<S: Side> Walk<'_, S> {
    fn given_int(&mut self) -> Result<i64, Unfit> {
        match self.side.next()? {
            Some(Head::Int(value)) => Ok(value),
            None => Ok(0),
            Some(_) => Err(Unfit),
        }
    }

    /// An integer near a guess.
    pub(crate) fn int(&mut self, model: &mut Int, guess: i64) -> Result<i64, Unfit> {
        let miss = self.given_int()?.wrapping_sub(guess);
        let value = guess.wrapping_add(model.code(&mut self.side, miss));
        self.side.put(Head::Int(value))?;
        Ok(value)
    }

    /// An integer that is mostly a multiple of `step`, near a guess that is one.
    pub(crate) fn stepped(
        &mut self,
        model: &mut Int,
        odd: &mut Int,
        step: i64,
        guess: i64,
    ) -> Result<i64, Unfit> {
        let given = self.given_int()?;
        let over = odd.code(&mut self.side, given.rem_euclid(step));
        if !(0..step).contains(&over) {
            return Err(Unfit);
        }
        let miss = given.div_euclid(step).wrapping_sub(guess.div_euclid(step));
        let steps = guess.div_euclid(step).wrapping_add(model.code(&mut self.side, miss));
        let value = steps.wrapping_mul(step).wrapping_add(over);
        self.side.put(Head::Int(value))?;
        Ok(value)
    }

    /// A small number without order, such as a grade or a reason.
    pub(crate) fn symbol<const N: usize>(&mut self, model: &mut Symbol<N>) -> Result<i64, Unfit> {
        let given = self.given_int()?;
        if !(0..i64::try_from(N).unwrap_or(0)).contains(&given) {
            return Err(Unfit);
        }
        let value = model.code(&mut self.side, given);
        self.side.put(Head::Int(value))?;
        Ok(value)
    }

    /// An integer that has probably occurred before in this message.
    pub(crate) fn cached(&mut self, model: &mut Cached, context: usize) -> Result<i64, Unfit> {
        let given = self.given_int()?;
        let value = model.code(&mut self.side, given, context);
        self.side.put(Head::Int(value))?;
        Ok(value)
    }

    /// A pair of device and number, as one value.
    pub(crate) fn id(&mut self, model: &mut Ids) -> Result<i64, Unfit> {
        self.array_of(2)?;
        let (device, number) = (self.given_int()?, self.given_int()?);
        if !(0..1 << 15).contains(&device) || !(0..1 << 32).contains(&number) {
            return Err(Unfit);
        }
        let key = model.code(&mut self.side, (device << 32) | number);
        self.side.put(Head::Int(key >> 32))?;
        self.side.put(Head::Int(key & 0xFFFF_FFFF))?;
        Ok(key)
    }

    /// An array of exactly so many items: another length is of a newer version.
    pub(crate) fn array_of(&mut self, items: usize) -> Result<(), Unfit> {
        match self.side.next()? {
            Some(Head::Array(found)) if found == items => {}
            None => {}
            Some(_) => return Err(Unfit),
        }
        self.side.put(Head::Array(items))
    }

    /// An array of so many items, or of one more: the last field is left out where it says nothing.
    pub(crate) fn one_more(&mut self, model: &mut Flag, items: usize) -> Result<bool, Unfit> {
        let given = match self.side.next()? {
            Some(Head::Array(found)) if found == items => false,
            Some(Head::Array(found)) if found == items + 1 => true,
            None => false,
            Some(_) => return Err(Unfit),
        };
        let more = self.side.bit(given, &mut model.0);
        self.side.put(Head::Array(if more { items + 1 } else { items }))?;
        Ok(more)
    }

    /// An array of some length near a guess.
    pub(crate) fn array(&mut self, model: &mut Int, guess: usize) -> Result<usize, Unfit> {
        let given = match self.side.next()? {
            Some(Head::Array(items)) => items,
            None => 0,
            Some(_) => return Err(Unfit),
        };
        let items = self.length(model, given, guess)?;
        self.side.put(Head::Array(items))?;
        Ok(items)
    }

    fn length(&mut self, model: &mut Int, given: usize, guess: usize) -> Result<usize, Unfit> {
        let as_int = |length: usize| i64::try_from(length).map_err(|_| Unfit);
        let guess = as_int(guess)?;
        let miss = as_int(given)?.wrapping_sub(guess);
        let length = guess.wrapping_add(model.code(&mut self.side, miss));
        usize::try_from(length).map_err(|_| Unfit)
    }

    /// Whether there is something where nothing (null) may stand.
    pub(crate) fn present(&mut self, model: &mut Flag) -> Result<bool, Unfit> {
        let given = !matches!(self.side.peek()?, Some(Head::Null));
        let present = self.side.bit(given, &mut model.0);
        if !present {
            self.side.next()?;
            self.side.put(Head::Null)?;
        }
        Ok(present)
    }

    /// What the next item is.
    pub(crate) fn shape(&mut self, model: &mut Symbol<8>) -> Result<Shape, Unfit> {
        let given = self.side.peek()?.map_or(Shape::Null, Shape::of);
        match model.code(&mut self.side, given.number()) {
            0 => Ok(Shape::Int),
            1 => Ok(Shape::Text),
            2 => Ok(Shape::Bytes),
            3 => Ok(Shape::Array),
            4 => Ok(Shape::Bool),
            5 => Ok(Shape::Null),
            _ => Err(Unfit),
        }
    }

    /// Nothing.
    pub(crate) fn null(&mut self) -> Result<(), Unfit> {
        match self.side.next()? {
            Some(Head::Null) | None => self.side.put(Head::Null),
            Some(_) => Err(Unfit),
        }
    }

    /// A yes or no.
    pub(crate) fn boolean(&mut self, model: &mut Flag) -> Result<bool, Unfit> {
        let given = match self.side.next()? {
            Some(Head::Bool(given)) => given,
            None => false,
            Some(_) => return Err(Unfit),
        };
        let value = self.side.bit(given, &mut model.0);
        self.side.put(Head::Bool(value))?;
        Ok(value)
    }

    /// One of two variants, numbered 0 and 1.
    pub(crate) fn choice(&mut self, model: &mut Flag) -> Result<bool, Unfit> {
        let given = self.given_int()?;
        if !(0..=1).contains(&given) {
            return Err(Unfit);
        }
        let second = self.side.bit(given == 1, &mut model.0);
        self.side.put(Head::Int(i64::from(second)))?;
        Ok(second)
    }

    /// Random bytes, such as a hash: their length near a guess, then as they are.
    pub(crate) fn bytes(&mut self, model: &mut Int, guess: usize) -> Result<(), Unfit> {
        let given = match self.side.next()? {
            Some(Head::Bytes(length)) => length,
            None => 0,
            Some(_) => return Err(Unfit),
        };
        let length = self.length(model, given, guess)?;
        if length > limits::STRING_BYTES.len() {
            return Err(Unfit);
        }
        let mut content = self.side.content(length)?.map_or(vec![0; length], <[u8]>::to_vec);
        for byte in &mut content {
            for place in 0..8_u32 {
                let bit = self.side.code(*byte >> place & 1 == 1, 1 << 15);
                *byte = (*byte & !(1 << place)) | (u8::from(bit) << place);
            }
        }
        self.side.put(Head::Bytes(length))?;
        self.side.put_content(&content)
    }

    /// A text: one that has occurred before in this field, or its letters.
    pub(crate) fn text(&mut self, model: &mut Text) -> Result<(), Unfit> {
        let given = match self.side.next()? {
            Some(Head::Text(length)) => self.side.content(length)?.map(<[u8]>::to_vec),
            None => None,
            Some(_) => return Err(Unfit),
        };
        if given.as_ref().is_some_and(|text| text.len() > limits::STRING_BYTES.len()) {
            return Err(Unfit);
        }
        let text = model.code(&mut self.side, self.letters, given)?;
        self.side.put(Head::Text(text.len()))?;
        self.side.put_content(&text)
    }
}
