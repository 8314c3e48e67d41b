//! Numbers as a person reads and types them. The apps compute none of it.

use courtyard_core::domain::{Fen, Grams, LiPerKg};

use crate::error::CourtyardError;
use crate::words::Words;

/// The unit that a pad is set to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum WeightUnit {
    /// 斤: half a kilogram.
    Jin,
    /// 公斤.
    Kg,
}

/// Jin without a unit, such as `58.5`.
#[uniffi::export]
pub fn jin_number(weight_g: i64) -> String {
    Grams::new(weight_g).jin_number()
}

/// Kilograms without a unit, such as `29.25`.
#[uniffi::export]
pub fn kg_number(weight_g: i64) -> String {
    Grams::new(weight_g).kg_number()
}

/// Both, as the slip prints it: `58.5 斤 (29.25 kg)`.
#[uniffi::export]
pub fn weight_words(weight_g: i64) -> Words {
    Words::each(|language| Grams::new(weight_g).text(language))
}

/// Money, such as `¥1,234.56`.
#[uniffi::export]
pub fn yuan_text(amount_fen: i64) -> String {
    Fen::new(amount_fen).text()
}

/// A price per jin and per kg: `1.60 元/斤 (3.20 元/kg)`.
#[uniffi::export]
pub fn price_words(price_li_per_kg: i64) -> Words {
    Words::each(|language| LiPerKg::new(price_li_per_kg).text(language))
}

/// Reads a weight as typed on a pad that is set to a unit; a unit that stands in the text holds.
///
/// # Errors
/// [`CourtyardError::Typed`] in plain words.
#[uniffi::export]
pub fn read_weight(text: String, unit: WeightUnit) -> Result<i64, CourtyardError> {
    let read = match unit {
        WeightUnit::Jin => Grams::typed_in_jin(&text),
        WeightUnit::Kg => text.parse(),
    };
    Ok(read?.get())
}

/// Reads a price as typed on a pad that is set to a unit: yuan per jin or per kg.
///
/// # Errors
/// [`CourtyardError::Typed`] in plain words.
#[uniffi::export]
pub fn read_price(text: String, unit: WeightUnit) -> Result<i64, CourtyardError> {
    let text = text.trim();
    let typed = match (text.contains('/'), unit) {
        (true, _) => text.to_owned(),
        (false, WeightUnit::Jin) => format!("{text}/jin"),
        (false, WeightUnit::Kg) => format!("{text}/kg"),
    };
    Ok(typed.parse::<LiPerKg>()?.get())
}

/// Reads an amount of money in yuan.
///
/// # Errors
/// [`CourtyardError::Typed`] in plain words.
#[uniffi::export]
pub fn read_yuan(text: String) -> Result<i64, CourtyardError> {
    Ok(text.parse::<Fen>()?.get())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_number_is_of_the_pads_unit_and_a_unit_that_stands_holds() {
        let jin = |text: &str| read_weight(text.to_owned(), WeightUnit::Jin);
        for (text, weight_g) in [
            ("58.5", 29_250),
            ("５８．５", 29_250),
            ("58。5", 29_250),
            (" 58.5 斤 ", 29_250),
            ("58.5公斤", 58_500),
            ("800克", 800),
        ] {
            assert_eq!(jin(text), Ok(weight_g), "{text}");
        }
        assert_eq!(read_weight("58.5".to_owned(), WeightUnit::Kg), Ok(58_500));
        for text in ["", "一筐", "-1", "58.5.1"] {
            assert!(matches!(jin(text), Err(CourtyardError::Typed { .. })), "{text}");
        }
    }

    #[test]
    fn a_price_is_per_the_pads_unit_unless_one_stands() {
        let price = |text: &str, unit| read_price(text.to_owned(), unit);
        assert_eq!(price("1.60", WeightUnit::Jin), Ok(3_200));
        assert_eq!(price("1.60元", WeightUnit::Jin), Ok(3_200));
        assert_eq!(price("3.20", WeightUnit::Kg), Ok(3_200));
        assert_eq!(price("3.20/kg", WeightUnit::Jin), Ok(3_200));
        assert!(price("1.60元/筐", WeightUnit::Jin).is_err());
    }

    #[test]
    fn what_is_written_is_read_again() {
        assert_eq!(weight_words(29_250).zh, "58.5 斤 (29.25 kg)");
        let words = weight_words(29_250);
        for text in [words.zh, words.en] {
            assert_eq!(read_weight(text, WeightUnit::Jin), Ok(29_250));
        }
        assert_eq!(read_yuan(yuan_text(123_456)), Ok(123_456));
    }
}
