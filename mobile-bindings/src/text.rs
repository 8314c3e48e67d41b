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
    let text = text.trim();
    let bare = text.ends_with(|last: char| last.is_ascii_digit() || last == '.');
    let typed = match unit {
        WeightUnit::Jin if bare => format!("{text}jin"),
        WeightUnit::Jin | WeightUnit::Kg => text.to_owned(),
    };
    Ok(typed.parse::<Grams>()?.get())
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
