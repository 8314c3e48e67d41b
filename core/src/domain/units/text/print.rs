//! Printing: jin first, both units beside each other, exactly.

use std::fmt;

use super::super::{Area, BasisPoints, Fen, Grade, Grams, LiPerKg};
use super::Language;

/// A decimal number of `places` decimals, trailing zeros dropped down to `keep` of them.
fn decimal(value: i128, places: usize, keep: usize) -> String {
    let sign = if value < 0 { "-" } else { "" };
    let digits = format!("{:0>width$}", value.unsigned_abs(), width = places.saturating_add(1));
    let point = digits.len().saturating_sub(places);
    let (whole, fraction) = digits.split_at_checked(point).unwrap_or((&digits, ""));
    let needed = fraction.trim_end_matches('0').len().max(keep);
    match fraction.get(..needed) {
        Some(fraction) if !fraction.is_empty() => format!("{sign}{whole}.{fraction}"),
        _ => format!("{sign}{whole}"),
    }
}

impl Grams {
    /// Kilograms without a unit, for columns: `29.25`.
    pub fn kg_number(self) -> String {
        decimal(i128::from(self.get()), 3, 0)
    }

    /// Jin without a unit, for columns: `58.5`.
    pub fn jin_number(self) -> String {
        // A gram is 0.002 jin. A 63-bit number doubled fits 128 bits.
        decimal(i128::from(self.get()).saturating_mul(2), 3, 0)
    }

    /// Kilograms with the unit: `29.25 kg`.
    pub fn kg(self) -> String {
        format!("{} kg", self.kg_number())
    }

    /// Jin with the unit: `58.5 斤`.
    pub fn jin(self, language: Language) -> String {
        let unit = match language {
            Language::Zh => "斤",
            Language::En => "jin",
        };
        format!("{} {unit}", self.jin_number())
    }

    /// Both, as the slip prints it: `58.5 斤 (29.25 kg)`.
    pub fn text(self, language: Language) -> String {
        format!("{} ({})", self.jin(language), self.kg())
    }
}

impl LiPerKg {
    /// Yuan per kg without a unit, for columns: `3.20`.
    pub fn per_kg_number(self) -> String {
        decimal(i128::from(self.get()), 3, 2)
    }

    /// Yuan per jin without a unit, for columns: `1.60`.
    pub fn per_jin_number(self) -> String {
        // A li per kg is 0.0005 yuan per jin.
        decimal(i128::from(self.get()).saturating_mul(5), 4, 2)
    }

    /// Yuan per kg with the unit: `3.20 元/kg`.
    pub fn per_kg(self, language: Language) -> String {
        match language {
            Language::Zh => format!("{} 元/kg", self.per_kg_number()),
            Language::En => format!("¥{}/kg", self.per_kg_number()),
        }
    }

    /// Yuan per jin with the unit: `1.60 元/斤`.
    pub fn per_jin(self, language: Language) -> String {
        match language {
            Language::Zh => format!("{} 元/斤", self.per_jin_number()),
            Language::En => format!("¥{}/jin", self.per_jin_number()),
        }
    }

    /// Both, as the slip prints it: `1.60 元/斤 (3.20 元/kg)`.
    pub fn text(self, language: Language) -> String {
        format!("{} ({})", self.per_jin(language), self.per_kg(language))
    }
}

impl Fen {
    /// Yuan without sign of currency or commas, for columns: `1234.56`.
    pub fn yuan_number(self) -> String {
        decimal(i128::from(self.get()), 2, 2)
    }

    /// Money as a person reads it, in either language: `¥1,234.56`, `-¥0.05`.
    pub fn text(self) -> String {
        let plain = self.yuan_number();
        let (sign, plain) = plain.strip_prefix('-').map_or(("", plain.as_str()), |p| ("-", p));
        let (whole, fraction) = plain.split_once('.').unwrap_or((plain, "00"));
        let mut grouped = String::with_capacity(plain.len().saturating_mul(2));
        let mut left = whole.len();
        for digit in whole.chars() {
            grouped.push(digit);
            left = left.saturating_sub(1);
            if left > 0 && left.is_multiple_of(3) {
                grouped.push(',');
            }
        }
        format!("{sign}¥{grouped}.{fraction}")
    }
}

impl Area {
    /// Mu without a unit, for columns: `0.3`.
    pub fn mu_number(self) -> String {
        decimal(i128::from(self.get()), 3, 0)
    }

    /// Mu with the unit: `0.3 亩`.
    pub fn text(self, language: Language) -> String {
        match language {
            Language::Zh => format!("{} 亩", self.mu_number()),
            Language::En => format!("{} mu", self.mu_number()),
        }
    }
}

impl BasisPoints {
    /// A percentage: `2%`, `0.25%`.
    pub fn text(self) -> String {
        format!("{}%", decimal(i128::from(self.get()), 2, 0))
    }
}

impl fmt::Display for Grade {
    /// Its letter.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let letter = b'A'.saturating_add(self.get());
        write!(f, "{}", char::from(letter))
    }
}
