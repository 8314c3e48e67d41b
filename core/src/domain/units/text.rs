//! Exact reading and printing of weights, prices, money and areas as people write them.
//!
//! Reading takes what a Chinese keyboard gives: full-width digits, signs and spaces, `。` as a
//! decimal point, 斤 and jin, 公斤 and kg. It never rounds: what is finer than the unit kept is an
//! error. No signs, no exponents. What is printed here, reading takes back unchanged.
//!
//! | what | read | printed | trailing zeros |
//! |---|---|---|---|
//! | weight | `12.852` (kg), `25.7jin`, `25.7斤`, `12.8公斤`, `800克` | `58.5 斤 (29.25 kg)` | dropped |
//! | price | `3.19/kg`, `1.60元/斤`, `¥1.60/jin` | `1.60 元/斤 (3.20 元/kg)` | two decimals kept |
//! | money | `12.34`, `¥1,234.56`, `12元` | `¥1,234.56` | two decimals always |
//! | area | `0.3mu`, `0.3亩`, `3分` | `0.3 亩` | dropped |
//! | share | `2%` | `2%` | dropped |

mod capital;
mod print;
mod read;

pub(crate) use read::{Scanner, normal};

/// The language that a person reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Language {
    /// Chinese as written in China: what the field speaks.
    #[default]
    Zh,
    /// English.
    En,
}

/// What a text was expected to be, with the words that show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Expected {
    /// A weight.
    Weight,
    /// Gross and tare.
    Weighing,
    /// A weight or a percentage to take off, and why.
    Deduction,
    /// A price with its unit of weight.
    Price,
    /// Money.
    Money,
    /// An area with its unit.
    Area,
    /// A percentage.
    Share,
    /// A grade.
    Grade,
}

impl Expected {
    /// What would have been right, with an example, in Chinese.
    pub const fn example_zh(self) -> &'static str {
        match self {
            Expected::Weight => "重量，例如 12.852（公斤）或 25.7斤",
            Expected::Weighing => "过秤，例如 12.852-1.5（毛重-皮重）",
            Expected::Deduction => "扣重，例如 0.3:水 或 2%:泥",
            Expected::Price => "带单位的价格，例如 1.60元/斤 或 3.20元/公斤",
            Expected::Money => "金额，例如 1234.56",
            Expected::Area => "带单位的面积，例如 0.3亩 或 3分",
            Expected::Share => "百分比，例如 2%",
            Expected::Grade => "等级，例如 A",
        }
    }

    /// The same in English.
    pub const fn example_en(self) -> &'static str {
        match self {
            Expected::Weight => "a weight such as 12.852 (kg) or 25.7jin",
            Expected::Weighing => "a weighing such as 12.852-1.5 (gross-tare)",
            Expected::Deduction => "a deduction such as 0.3:water or 2%:soil",
            Expected::Price => "a price with its unit, such as 1.60/jin or 3.20/kg",
            Expected::Money => "an amount of money such as 1234.56",
            Expected::Area => "an area with its unit, such as 0.3mu",
            Expected::Share => "a percentage such as 2%",
            Expected::Grade => "a grade such as A",
        }
    }

    /// The finest that is kept, in Chinese.
    pub const fn finest_zh(self) -> &'static str {
        match self {
            Expected::Weight | Expected::Weighing => "1 克",
            Expected::Deduction => "1 克或 0.01%",
            Expected::Price => "0.001 元/公斤",
            Expected::Money => "1 分钱",
            Expected::Area => "0.001 亩",
            Expected::Share => "0.01%",
            Expected::Grade => "一个等级",
        }
    }

    /// The same in English.
    pub const fn finest_en(self) -> &'static str {
        match self {
            Expected::Weight | Expected::Weighing => "1 gram",
            Expected::Deduction => "1 gram or 0.01 %",
            Expected::Price => "0.001 yuan per kg",
            Expected::Money => "1 fen",
            Expected::Area => "0.001 mu",
            Expected::Share => "0.01 %",
            Expected::Grade => "one grade",
        }
    }
}

impl super::UnitError {
    /// What happened and what to do, in Chinese; `to_string` gives the English.
    pub fn zh(&self) -> String {
        match self {
            super::UnitError::Overflow => "数字太大，无法计算，请检查。".to_owned(),
            super::UnitError::Unreadable { text, expected } => {
                format!("“{text}”看不懂，请写{}。", expected.example_zh())
            }
            super::UnitError::TooFine { text, expected } => {
                format!("“{text}”太细，最小到 {}。", expected.finest_zh())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{Area, BasisPoints, Fen, Grade, Grams, LiPerKg, UnitError};
    use super::*;

    fn grams(text: &str) -> Result<i64, UnitError> {
        text.parse().map(Grams::get)
    }

    fn price(text: &str) -> Result<i64, UnitError> {
        text.parse().map(LiPerKg::get)
    }

    fn fen(text: &str) -> Result<i64, UnitError> {
        text.parse().map(Fen::get)
    }

    fn area(text: &str) -> Result<i64, UnitError> {
        text.parse().map(Area::get)
    }

    #[test]
    fn weights_are_kg_unless_they_say_otherwise() {
        for (text, wanted) in [
            ("12.852", 12_852),
            ("0", 0),
            ("007.5", 7_500),
            ("25.7jin", 12_850),
            ("25.7斤", 12_850),
            ("25.7 市斤", 12_850),
            ("12.8kg", 12_800),
            ("12.8 KG", 12_800),
            ("12.8公斤", 12_800),
            ("800g", 800),
            ("800克", 800),
            ("0.002jin", 1),
            ("１２．８５２", 12_852),
            ("１２。８ｋｇ", 12_800),
            ("12.8500000000000000000000000000000000000000000000", 12_850),
            ("58.5 斤 (29.25 kg)", 29_250),
        ] {
            assert_eq!(grams(text), Ok(wanted), "{text}");
        }
    }

    #[test]
    fn half_a_gram_is_too_fine() {
        for text in ["0.001jin", "0.0005", "0.5g", "1.0000000000000000000000000000000000000000001"]
        {
            assert!(matches!(grams(text), Err(UnitError::TooFine { .. })), "{text}");
        }
    }

    #[test]
    fn nonsense_is_refused_with_an_example() {
        let texts = [
            "",
            " ",
            ".",
            "5.",
            ".5",
            "-1",
            "+1",
            "1e3",
            "1,5",
            "1 2",
            "abc",
            "12kgs",
            "12斤斤",
            "0x10",
            "１２斤半",
            "NaN",
            "inf",
            "1.2.3",
            "--1",
            "58.5 斤 (29.26 kg)",
            "(1)",
            "1()",
            "1()kg)",
            "٣",
        ];
        for text in texts {
            assert!(matches!(grams(text), Err(UnitError::Unreadable { .. })), "{text}");
        }
        let error = grams("-1").unwrap_err();
        assert_eq!(error.to_string(), "\"-1\" is not a weight such as 12.852 (kg) or 25.7jin");
        assert_eq!(error.zh(), "“-1”看不懂，请写重量，例如 12.852（公斤）或 25.7斤。");
        assert_eq!(grams("0.0001").unwrap_err().zh(), "“0.0001”太细，最小到 1 克。");
    }

    #[test]
    fn the_huge_is_too_large_not_wrapped() {
        for text in ["9223372036854775.808", "99999999999999999999999", &"9".repeat(200)] {
            assert_eq!(grams(text), Err(UnitError::Overflow), "{text}");
        }
        assert_eq!(grams("9223372036854775.807"), Ok(i64::MAX));
    }

    #[test]
    fn a_price_says_its_unit() {
        for (text, wanted) in [
            ("3.19/kg", 3_190),
            ("1.60/jin", 3_200),
            ("1.60元/斤", 3_200),
            ("1.60 元/斤", 3_200),
            ("3.2元/公斤", 3_200),
            ("¥3.20/kg", 3_200),
            ("￥1.60 /jin", 3_200),
            ("１．６０元／斤", 3_200),
            ("1.5955/jin", 3_191),
            ("1.595 元/斤 (3.19 元/kg)", 3_190),
        ] {
            assert_eq!(price(text), Ok(wanted), "{text}");
        }
        for text in ["3.19", "3.19元", "3.19kg", "/kg", "-1/kg", "1e2/kg", "3,190/kg", ""] {
            assert!(matches!(price(text), Err(UnitError::Unreadable { .. })), "{text}");
        }
        for text in ["3.1905/kg", "1.59525/jin"] {
            assert!(matches!(price(text), Err(UnitError::TooFine { .. })), "{text}");
        }
    }

    #[test]
    fn money_may_have_commas_in_their_places() {
        for (text, wanted) in [
            ("12.34", 1_234),
            ("¥1,234.56", 123_456),
            ("￥1，234．56", 123_456),
            ("12元", 1_200),
            ("1,234,567", 123_456_700),
            ("0.5", 50),
        ] {
            assert_eq!(fen(text), Ok(wanted), "{text}");
        }
        for text in ["12,34", "1,2345", ",123", "1,,234", "1,234,56", "1.2,3", "", "¥", "-5", "5角"]
        {
            assert!(matches!(fen(text), Err(UnitError::Unreadable { .. })), "{text}");
        }
        assert!(matches!(fen("0.005"), Err(UnitError::TooFine { .. })));
    }

    #[test]
    fn area_says_its_unit() {
        for (text, wanted) in
            [("0.3mu", 300), ("3分", 300), ("0.3亩", 300), ("1.25 亩", 1_250), ("2.5fen", 250)]
        {
            assert_eq!(area(text), Ok(wanted), "{text}");
        }
        assert!(matches!(area("0.3"), Err(UnitError::Unreadable { .. })));
        assert!(matches!(area("0.0003亩"), Err(UnitError::TooFine { .. })));
    }

    #[test]
    fn shares_and_grades_read_as_written() {
        assert_eq!("2%".parse(), Ok(BasisPoints::new(200)));
        assert_eq!("0.25％".parse(), Ok(BasisPoints::new(25)));
        assert!("2".parse::<BasisPoints>().is_err());
        assert_eq!("b".parse(), Ok(Grade::new(1).unwrap()));
        assert_eq!("Ａ".parse(), Ok(Grade::default()));
        for text in ["", "AB", "1", "é"] {
            assert!(text.parse::<Grade>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_slip_shows_jin_first_and_both_exactly() {
        assert_eq!(Grams::new(29_250).text(Language::Zh), "58.5 斤 (29.25 kg)");
        assert_eq!(Grams::new(1).text(Language::En), "0.002 jin (0.001 kg)");
        assert_eq!(Grams::new(-500).text(Language::Zh), "-1 斤 (-0.5 kg)");
        assert_eq!(Grams::new(10_000).text(Language::Zh), "20 斤 (10 kg)");
        assert_eq!(LiPerKg::new(3_200).text(Language::Zh), "1.60 元/斤 (3.20 元/kg)");
        assert_eq!(LiPerKg::new(3_190).text(Language::En), "¥1.595/jin (¥3.19/kg)");
        assert_eq!(LiPerKg::new(3_191).per_jin(Language::Zh), "1.5955 元/斤");
        assert_eq!(Fen::new(123_456).text(), "¥1,234.56");
        assert_eq!(Fen::new(-5).text(), "-¥0.05");
        assert_eq!(Fen::new(100_000_000).text(), "¥1,000,000.00");
        assert_eq!(Fen::new(i64::MIN).text(), "-¥92,233,720,368,547,758.08");
        assert_eq!(Area::new(300).text(Language::Zh), "0.3 亩");
        assert_eq!(BasisPoints::new(200).text(), "2%");
        assert_eq!(Grade::new(25).unwrap().to_string(), "Z");
    }

    proptest! {
        #[test]
        fn what_is_printed_reads_back(count in 0..=i64::MAX) {
            for language in [Language::Zh, Language::En] {
                let weight = Grams::new(count);
                prop_assert_eq!(weight.text(language).parse(), Ok(weight));
                prop_assert_eq!(weight.jin(language).parse(), Ok(weight));
                prop_assert_eq!(weight.kg_number().parse(), Ok(weight));
                let price = LiPerKg::new(count);
                prop_assert_eq!(price.text(language).parse(), Ok(price));
                let area = Area::new(count);
                prop_assert_eq!(area.text(language).parse(), Ok(area));
            }
            let money = Fen::new(count);
            prop_assert_eq!(money.text().parse(), Ok(money));
            prop_assert_eq!(money.yuan_number().parse(), Ok(money));
            let share = BasisPoints::new(count);
            prop_assert_eq!(share.text().parse(), Ok(share));
        }

        #[test]
        fn no_text_makes_reading_panic(text in "\\PC*") {
            let _ = (grams(&text), price(&text), fen(&text), area(&text));
            let _ = (text.parse::<BasisPoints>(), text.parse::<Grade>());
        }

        #[test]
        fn nothing_near_a_number_makes_reading_panic(text in "[-+0-9０-９.,。，（()）/ ¥元斤公kgjinmu亩分%:e]{0,24}") {
            for read in [grams, price, fen, area] {
                if let Ok(count) = read(&text) {
                    prop_assert!(count >= 0);
                }
            }
        }
    }
}
