//! Reading and printing of weighings and deductions as they are typed at the scale.

use std::str::FromStr;

use super::{Deduction, DeductionAmount, PriceReason, Weighing};
use crate::domain::units::text::{Expected, Language, Scanner, normal};
use crate::domain::units::{Grams, UnitError};

impl FromStr for Weighing {
    type Err = UnitError;

    /// Reads `12.852-1.5` as gross less tare, `12.852` as a load without tare.
    ///
    /// Kilograms unless a unit stands; a unit that stands once holds for both, because nobody means
    /// two units in one weighing.
    fn from_str(text: &str) -> Result<Self, UnitError> {
        let scanner = Scanner::new(text, Expected::Weighing);
        let read = normal(text);
        let (gross, tare) = read.split_once('-').unwrap_or((&read, "0"));
        let unit = scanner.weight_unit(gross).or_else(|| scanner.weight_unit(tare)).unwrap_or("kg");
        Ok(Weighing { gross: scanner.weight(gross, unit)?, tare: scanner.weight(tare, unit)? })
    }
}

impl FromStr for Deduction {
    type Err = UnitError;

    /// Reads `0.3` (kg) or `2%`, with a reason behind a colon: `2%:water`.
    fn from_str(text: &str) -> Result<Self, UnitError> {
        let (amount, reason) = text.split_once([':', '：']).unwrap_or((text, ""));
        let scanner = Scanner::new(text, Expected::Deduction);
        let amount = normal(amount);
        let amount = if amount.ends_with('%') {
            DeductionAmount::Share(scanner.share(&amount)?)
        } else {
            DeductionAmount::Weight(scanner.once_or_twice(&amount, |t| scanner.weight(t, "kg"))?)
        };
        Ok(Deduction { amount, reason: reason.trim().to_owned() })
    }
}

impl Weighing {
    /// As it is typed, in kilograms: `12.852-1.5`, or `12.852` without a tare.
    pub fn typed(self) -> String {
        if self.tare == Grams::ZERO {
            return self.gross.kg_number();
        }
        format!("{}-{}", self.gross.kg_number(), self.tare.kg_number())
    }
}

impl DeductionAmount {
    /// As a person reads it: `0.6 斤 (0.3 kg)` or `2%`.
    pub fn text(self, language: Language) -> String {
        match self {
            DeductionAmount::Weight(weight) => weight.text(language),
            DeductionAmount::Share(share) => share.text(),
        }
    }

    /// As it is typed: `0.3` or `2%`.
    pub fn typed(self) -> String {
        match self {
            DeductionAmount::Weight(weight) => weight.kg_number(),
            DeductionAmount::Share(share) => share.text(),
        }
    }
}

impl PriceReason {
    /// Why a segment has its price, in words.
    pub const fn words(self, language: Language) -> &'static str {
        match (self, language) {
            (PriceReason::List, Language::Zh) => "价目表价",
            (PriceReason::List, Language::En) => "list price",
            (PriceReason::Floor, Language::Zh) => "合同保底价",
            (PriceReason::Floor, Language::En) => "the contract's floor price",
            (PriceReason::Excess, Language::Zh) => "超合同数量，按价目表价",
            (PriceReason::Excess, Language::En) => "beyond the contract: list price",
            (PriceReason::Stated, Language::Zh) => "现场议定价",
            (PriceReason::Stated, Language::En) => "agreed at the scale",
            (PriceReason::Pending, Language::Zh) => "待定价，先按估价",
            (PriceReason::Pending, Language::En) => "price to be fixed; an estimate",
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::units::BasisPoints;

    fn grams(text: &str) -> (i64, i64) {
        let weighing: Weighing = text.parse().unwrap();
        (weighing.gross.get(), weighing.tare.get())
    }

    #[test]
    fn a_weighing_is_gross_less_tare() {
        assert_eq!(grams("12.852-1.5"), (12_852, 1_500));
        assert_eq!(grams("12.852"), (12_852, 0));
        assert_eq!(grams("１２．８５２－１．５"), (12_852, 1_500));
        assert_eq!(grams("12.852 kg - 1.5 kg"), (12_852, 1_500));
    }

    #[test]
    fn a_unit_that_stands_once_holds_for_both() {
        assert_eq!(grams("25.7-3jin"), (12_850, 1_500));
        assert_eq!(grams("25.7斤-3"), (12_850, 1_500));
        assert_eq!(grams("12.85kg-3斤"), (12_850, 1_500));
    }

    #[test]
    fn what_is_no_weighing_says_how_one_looks() {
        for text in ["", "-1.5", "12-", "12-1-1", "12--1", "12-1.5-", "12+1", "a-b"] {
            let error = text.parse::<Weighing>().unwrap_err();
            assert!(error.to_string().contains("12.852-1.5"), "{text}: {error}");
        }
        assert!(matches!("12.8525-1".parse::<Weighing>(), Err(UnitError::TooFine { .. })));
    }

    #[test]
    fn a_deduction_is_a_weight_or_a_share_with_its_reason() {
        let read = |text: &str| text.parse::<Deduction>().unwrap();
        let weight = |grams| DeductionAmount::Weight(Grams::new(grams));
        let share = |points| DeductionAmount::Share(BasisPoints::new(points));
        assert_eq!(read("0.3"), Deduction { amount: weight(300), reason: String::new() });
        assert_eq!(read("0.3:water"), Deduction { amount: weight(300), reason: "water".into() });
        assert_eq!(read("1斤：泥"), Deduction { amount: weight(500), reason: "泥".into() });
        assert_eq!(
            read("2%:Water: rain"),
            Deduction { amount: share(200), reason: "Water: rain".into() }
        );
        for text in ["", ":water", "-1", "2%%", "%", "x:water", "2 percent"] {
            assert!(text.parse::<Deduction>().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_typed_reads_back(gross in 0..=i64::MAX, tare in 0..=i64::MAX) {
            let weighing = Weighing { gross: Grams::new(gross), tare: Grams::new(tare) };
            prop_assert_eq!(weighing.typed().parse(), Ok(weighing));
            for amount in [
                DeductionAmount::Weight(Grams::new(gross)),
                DeductionAmount::Share(BasisPoints::new(tare)),
            ] {
                let deduction = Deduction { amount, reason: String::new() };
                prop_assert_eq!(amount.typed().parse(), Ok(deduction.clone()));
                prop_assert_eq!(amount.text(Language::Zh).parse(), Ok(deduction));
            }
        }

        #[test]
        fn no_text_makes_reading_panic(text in "\\PC*") {
            let _ = (text.parse::<Weighing>(), text.parse::<Deduction>());
        }
    }
}
