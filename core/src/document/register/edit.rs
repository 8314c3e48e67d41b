//! An edit of a register as it travels and is stored: who, which, upon what, and the values.
//!
//! CBOR: `[device, number, [dep…], [[key, value]…]]`. The Automerge change is derived from it.

use minicbor::data::Type;
use minicbor::{Decode, Decoder, Encode, Encoder};

use super::keys::Key;
use crate::document::ids::Head;
use crate::domain::DeviceNo;

/// The value of a field.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value {
    /// Words.
    Text(String),
    /// A whole number.
    Int(i64),
    /// Yes or no.
    Bool(bool),
    /// Bytes, such as a contract draft.
    Bytes(Vec<u8>),
    /// The field was cleared.
    Null,
}

impl Value {
    /// The words, if it is a text.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            Value::Int(_) | Value::Bool(_) | Value::Bytes(_) | Value::Null => None,
        }
    }

    /// Whether the field was cleared.
    pub const fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::Text(text.to_owned())
    }
}

impl<C> Encode<C> for Value {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        match self {
            Value::Text(text) => e.str(text)?,
            Value::Int(number) => e.i64(*number)?,
            Value::Bool(yes) => e.bool(*yes)?,
            Value::Bytes(bytes) => e.bytes(bytes)?,
            Value::Null => e.null()?,
        };
        Ok(())
    }
}

impl<'b, C> Decode<'b, C> for Value {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        match d.datatype()? {
            Type::String => Ok(Value::Text(d.str()?.to_owned())),
            Type::Bytes => Ok(Value::Bytes(d.bytes()?.to_vec())),
            Type::Bool => Ok(Value::Bool(d.bool()?)),
            Type::Null => d.null().map(|()| Value::Null),
            _ => Ok(Value::Int(d.i64()?)),
        }
    }
}

/// What a device wrote in a register at once.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Edit {
    /// Who.
    #[n(0)]
    pub device: DeviceNo,
    /// Which of this device's edits in this edition, from 1.
    #[n(1)]
    pub number: u32,
    /// The heads that the writer saw, in ascending order.
    #[n(2)]
    pub deps: Vec<Head>,
    /// The keys and their new values, in ascending order of keys.
    #[n(3)]
    pub assignments: Vec<(String, Value)>,
}

/// Why an edit is none that this library writes, whatever the register holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EditFault {
    /// Numbers count from 1.
    #[error("an edit's number counts from 1")]
    NumberZero,
    /// Its heads are not in ascending order, or one stands twice.
    #[error("an edit's heads stand in ascending order, each once")]
    DepsOutOfOrder,
    /// One of its heads stands on another, so they never were heads together.
    #[error("an edit's heads were never heads together")]
    DepsNotHeads,
    /// It does not stand on its writer's edit before.
    #[error("an edit stands on the edit before it of the same device")]
    NotOnOwn,
    /// It assigns nothing.
    #[error("an edit assigns something")]
    Empty,
    /// Its keys are not in ascending order, or one stands twice.
    #[error("an edit's keys stand in ascending order, each once")]
    KeysOutOfOrder,
    /// A key is not `table/row/field`.
    #[error("a key is table/row/field")]
    Key,
    /// Every value is the one that already stands there alone.
    #[error("an edit changes something")]
    NothingChanges,
}

impl Edit {
    /// Checks what can be told from the edit alone.
    ///
    /// # Errors
    /// [`EditFault`]: the first that is found.
    pub fn check(&self) -> Result<(), EditFault> {
        let keys = || self.assignments.iter().map(|(key, _)| key);
        if self.number == 0 {
            return Err(EditFault::NumberZero);
        }
        if !self.deps.is_sorted_by(|a, b| a < b) {
            return Err(EditFault::DepsOutOfOrder);
        }
        if self.assignments.is_empty() {
            return Err(EditFault::Empty);
        }
        if keys().any(|key| Key::parse(key).is_none()) {
            return Err(EditFault::Key);
        }
        if !keys().is_sorted_by(|a, b| a < b) {
            return Err(EditFault::KeysOutOfOrder);
        }
        Ok(())
    }
}
