//! A cell of a table: a value with its unit, printed exactly.

use std::fmt;

use courtyard_core::domain::{
    BusinessDate, ContractId, DeviceNo, EntityNo, EntryId, Fen, Grams, GrowerId, LiPerKg, UnitError,
};
use serde_json::Value;

use super::Kind;

/// One value of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Words.
    Text(String),
    /// A word of ours: its code for programs, its words for people.
    Coded {
        /// What JSON says.
        code: &'static str,
        /// What a person reads.
        words: String,
    },
    /// A day.
    Date(BusinessDate),
    /// A number without a unit.
    Number(i64),
    /// A weight.
    Grams(Grams),
    /// A weight that people read in jin.
    Jin(Grams),
    /// Money.
    Fen(Fen),
    /// A price.
    LiPerKg(LiPerKg),
}

impl Cell {
    /// A word of ours.
    pub fn coded(code: &'static str, words: impl Into<String>) -> Cell {
        Cell::Coded { code, words: words.into() }
    }

    /// Nothing of this kind: where a sum begins.
    pub(super) fn zero(kind: Kind) -> Cell {
        match kind {
            Kind::Text | Kind::Date => Cell::Empty,
            Kind::Number => Cell::Number(0),
            Kind::Grams => Cell::Grams(Grams::ZERO),
            Kind::Jin => Cell::Jin(Grams::ZERO),
            Kind::Fen => Cell::Fen(Fen::ZERO),
            Kind::LiPerKg => Cell::LiPerKg(LiPerKg::ZERO),
        }
    }

    /// The sum of two of one kind; another kind adds nothing.
    pub(super) fn plus(self, other: &Cell) -> Result<Cell, UnitError> {
        Ok(match (self, other) {
            (Cell::Number(a), Cell::Number(b)) => {
                Cell::Number(a.checked_add(*b).ok_or(UnitError::Overflow)?)
            }
            (Cell::Grams(a), Cell::Grams(b)) => Cell::Grams(a.plus(*b)?),
            (Cell::Jin(a), Cell::Jin(b)) => Cell::Jin(a.plus(*b)?),
            (Cell::Fen(a), Cell::Fen(b)) => Cell::Fen(a.plus(*b)?),
            (Cell::LiPerKg(a), Cell::LiPerKg(b)) => Cell::LiPerKg(a.plus(*b)?),
            (sum, _) => sum,
        })
    }

    /// The value for a program, in the smallest unit.
    pub fn json(&self) -> Value {
        match self {
            Cell::Empty => Value::Null,
            Cell::Text(text) => Value::from(text.as_str()),
            Cell::Coded { code, .. } => Value::from(*code),
            Cell::Date(date) => Value::from(date.to_string()),
            Cell::Number(number) => Value::from(*number),
            Cell::Grams(weight) | Cell::Jin(weight) => Value::from(weight.get()),
            Cell::Fen(money) => Value::from(money.get()),
            Cell::LiPerKg(price) => Value::from(price.get()),
        }
    }
}

impl fmt::Display for Cell {
    /// What a person reads: kilograms and yuan, exactly.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cell::Empty => Ok(()),
            Cell::Text(text) => f.write_str(text),
            Cell::Coded { words, .. } => f.write_str(words),
            Cell::Date(date) => write!(f, "{date}"),
            Cell::Number(number) => write!(f, "{number}"),
            Cell::Grams(weight) => f.write_str(&weight.kg_number()),
            Cell::Jin(weight) => f.write_str(&weight.jin_number()),
            Cell::Fen(money) => f.write_str(&money.yuan_number()),
            Cell::LiPerKg(price) => f.write_str(&price.per_kg_number()),
        }
    }
}

macro_rules! from {
    ($($value:ty => $variant:ident;)*) => {
        $(impl From<$value> for Cell {
            fn from(value: $value) -> Cell {
                Cell::$variant(value.into())
            }
        })*
    };
}

from! {
    String => Text;
    &str => Text;
    BusinessDate => Date;
    Grams => Grams;
    Fen => Fen;
    LiPerKg => LiPerKg;
    i64 => Number;
    u32 => Number;
    u16 => Number;
}

macro_rules! from_text {
    ($($value:ty),*) => {
        $(impl From<$value> for Cell {
            fn from(value: $value) -> Cell {
                Cell::Text(value.to_string())
            }
        })*
    };
}

from_text!(EntryId, GrowerId, ContractId, DeviceNo);

impl From<EntityNo> for Cell {
    fn from(entity: EntityNo) -> Cell {
        entity.get().into()
    }
}

impl From<usize> for Cell {
    fn from(count: usize) -> Cell {
        Cell::Number(i64::try_from(count).unwrap_or(i64::MAX))
    }
}

impl From<u64> for Cell {
    fn from(count: u64) -> Cell {
        Cell::Number(i64::try_from(count).unwrap_or(i64::MAX))
    }
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Cell {
        value.map_or(Cell::Empty, Into::into)
    }
}
