//! Weight in grams, money in fen, price in li (厘) per kilogram, area in 毫 (1/1000 mu).
//!
//! Integers only, checked; 1 kg = 2 jin, so 1 元/斤 is exactly 2 元/kg = 2,000 li per kg.
//! Exact reading and printing of what people write is in [`mod@text`].

use minicbor::{Decode, Encode};

pub mod text;

use text::Expected;

/// Why an amount cannot be computed or read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnitError {
    /// The result does not fit 63 bits; no real purchase comes near.
    #[error("the amount is too large to compute")]
    Overflow,
    /// The text is not a number with a unit that this place takes.
    #[error("{text:?} is not {}", expected.example_en())]
    Unreadable {
        /// What was given, cut to 40 characters.
        text: String,
        /// What would have been right.
        expected: Expected,
    },
    /// The text is finer than the unit that is kept, such as half a gram.
    #[error("{text:?} is finer than {}", expected.finest_en())]
    TooFine {
        /// What was given, cut to 40 characters.
        text: String,
        /// What was expected, and so how fine it is kept.
        expected: Expected,
    },
}

macro_rules! quantity {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Encode, Decode,
            serde::Serialize, serde::Deserialize,
        )]
        #[cbor(transparent)]
        #[serde(transparent)]
        pub struct $name(#[n(0)] i64);

        impl $name {
            /// Nothing.
            pub const ZERO: Self = Self(0);

            /// This many of the unit.
            pub const fn new(count: i64) -> Self {
                Self(count)
            }

            /// How many of the unit.
            pub const fn get(self) -> i64 {
                self.0
            }

            /// The sum.
            ///
            /// # Errors
            /// [`UnitError::Overflow`] if it does not fit.
            pub fn plus(self, other: Self) -> Result<Self, UnitError> {
                self.0.checked_add(other.0).map(Self).ok_or(UnitError::Overflow)
            }

            /// The difference, which may be negative.
            ///
            /// # Errors
            /// [`UnitError::Overflow`] if it does not fit.
            pub fn minus(self, other: Self) -> Result<Self, UnitError> {
                self.0.checked_sub(other.0).map(Self).ok_or(UnitError::Overflow)
            }

            /// The same with the other sign.
            ///
            /// # Errors
            /// [`UnitError::Overflow`] if it does not fit.
            pub fn negated(self) -> Result<Self, UnitError> {
                self.0.checked_neg().map(Self).ok_or(UnitError::Overflow)
            }

            /// The sum of all of them.
            ///
            /// # Errors
            /// [`UnitError::Overflow`] if it does not fit.
            pub fn sum(all: impl IntoIterator<Item = Self>) -> Result<Self, UnitError> {
                all.into_iter().try_fold(Self::ZERO, Self::plus)
            }
        }
    };
}

quantity! {
    /// A weight in grams.
    Grams
}
quantity! {
    /// Money in fen (分, 0.01 yuan).
    Fen
}
quantity! {
    /// A price in li (厘, 0.001 yuan) per kilogram.
    LiPerKg
}
quantity! {
    /// An area in 毫 (1/1000 mu); 1 mu (亩) = 10 fen (分) = 1,000 毫.
    Area
}
quantity! {
    /// A share in hundredths of a percent: 2 % is 200.
    BasisPoints
}

/// A grade of the district's list: 0 is A, the best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Encode)]
#[cbor(transparent)]
pub struct Grade(#[n(0)] u8);

impl Grade {
    /// Grades A to Z.
    pub const COUNT: u8 = 26;

    /// The grade at this place, 0 for A, or `None` beyond Z.
    pub const fn new(place: u8) -> Option<Self> {
        if place < Self::COUNT { Some(Self(place)) } else { None }
    }

    /// Its place, 0 for A.
    pub const fn get(self) -> u8 {
        self.0
    }
}

impl<'b, C> Decode<'b, C> for Grade {
    fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        Grade::new(d.u8()?).ok_or_else(|| minicbor::decode::Error::message("grade beyond Z"))
    }
}

impl Grams {
    /// This share of the weight, rounded half up to a gram (扣杂 by percent).
    ///
    /// # Errors
    /// [`UnitError::Overflow`] if it does not fit.
    pub fn share(self, share: BasisPoints) -> Result<Grams, UnitError> {
        let product =
            i128::from(self.0).checked_mul(i128::from(share.0)).ok_or(UnitError::Overflow)?;
        half_up(product, 10_000).map(Grams)
    }
}

impl Fen {
    /// This share of the money, rounded down to a fen: what may be kept back at most.
    ///
    /// # Errors
    /// [`UnitError::Overflow`] if it does not fit.
    pub fn part(self, share: BasisPoints) -> Result<Fen, UnitError> {
        self.portion(Fen(share.0), Fen(10_000))
    }

    /// So much of it as `some` is of `whole`, rounded down to a fen; nothing of nothing.
    ///
    /// # Errors
    /// [`UnitError::Overflow`] if it does not fit.
    pub fn portion(self, some: Fen, whole: Fen) -> Result<Fen, UnitError> {
        if whole == Fen::ZERO {
            return Ok(Fen::ZERO);
        }
        let product = i128::from(self.0).checked_mul(i128::from(some.0));
        product
            .and_then(|p| p.checked_div_euclid(i128::from(whole.0)))
            .and_then(|p| i64::try_from(p).ok())
            .map(Fen)
            .ok_or(UnitError::Overflow)
    }
}

/// Grams × li per kg, exact, not yet divided by 10,000: what a line adds up before it rounds once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ExactAmount(i128);

impl ExactAmount {
    /// The amount of so many grams at this price, exact.
    pub fn of(weight: Grams, price: LiPerKg) -> ExactAmount {
        // Two 64-bit factors always fit 128 bits.
        ExactAmount(i128::from(weight.0).saturating_mul(i128::from(price.0)))
    }

    /// The exact sum.
    ///
    /// # Errors
    /// [`UnitError::Overflow`] if it does not fit.
    pub fn plus(self, other: ExactAmount) -> Result<ExactAmount, UnitError> {
        self.0.checked_add(other.0).map(ExactAmount).ok_or(UnitError::Overflow)
    }

    /// Rounded half up to a fen, once.
    ///
    /// # Errors
    /// [`UnitError::Overflow`] if it does not fit.
    pub fn to_fen(self) -> Result<Fen, UnitError> {
        half_up(self.0, 10_000).map(Fen)
    }
}

/// Divides and rounds half up (towards positive infinity on a tie).
fn half_up(value: i128, divisor: i128) -> Result<i64, UnitError> {
    let half = divisor.checked_div(2).ok_or(UnitError::Overflow)?;
    value
        .checked_add(half)
        .and_then(|v| v.checked_div_euclid(divisor))
        .and_then(|v| i64::try_from(v).ok())
        .ok_or(UnitError::Overflow)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_rounds_half_up_once() {
        let amount =
            |g, li| ExactAmount::of(Grams::new(g), LiPerKg::new(li)).to_fen().unwrap().get();
        assert_eq!(amount(11_352, 3_190), 3_621); // 36.21288 yuan
        assert_eq!(amount(5, 1_000), 1); // half a fen goes up
        assert_eq!(amount(4, 1_000), 0);
        assert_eq!(amount(1_000, 1_000), 100);
    }

    #[test]
    fn a_percent_of_a_weight_rounds_half_up_to_a_gram() {
        assert_eq!(Grams::new(12_345).share(BasisPoints::new(200)).unwrap().get(), 247); // 246.9
        assert_eq!(Grams::new(25).share(BasisPoints::new(200)).unwrap().get(), 1); // 0.5
    }

    #[test]
    fn a_part_of_money_rounds_down_to_a_fen() {
        assert_eq!(Fen::new(3_621).part(BasisPoints::new(5_000)).unwrap().get(), 1_810);
        assert_eq!(Fen::new(100).portion(Fen::new(2), Fen::new(3)).unwrap().get(), 66);
        assert_eq!(Fen::new(100).portion(Fen::new(2), Fen::ZERO), Ok(Fen::ZERO));
        let most = Fen::new(i64::MAX);
        assert_eq!(most.portion(most, Fen::new(1)), Err(UnitError::Overflow));
    }

    #[test]
    fn overflow_is_an_error_not_a_wrap() {
        assert_eq!(Fen::new(i64::MAX).plus(Fen::new(1)), Err(UnitError::Overflow));
        assert_eq!(
            ExactAmount::of(Grams::new(i64::MAX), LiPerKg::new(i64::MAX)).to_fen(),
            Err(UnitError::Overflow)
        );
    }
}
