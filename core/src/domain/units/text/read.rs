//! Reading: a decimal number and a unit, exactly or not at all.

use std::str::FromStr;

use super::super::{Area, BasisPoints, Fen, Grade, Grams, LiPerKg, UnitError};
use super::Expected;

/// Words for a unit, and how many of the kept unit one of it is.
type Units = &'static [(&'static str, i128)];

const WEIGHT: Units = &[
    ("kg", 1_000),
    ("公斤", 1_000),
    ("千克", 1_000),
    ("jin", 500),
    ("斤", 500),
    ("市斤", 500),
    ("g", 1),
    ("克", 1),
];
// 1 kg = 2 jin, so a yuan per jin is two yuan per kg. Without a unit a price is refused: taking
// 元/斤 for 元/kg is the dearest mistake at a scale.
const PRICE: Units = &[
    ("/kg", 1_000),
    ("/公斤", 1_000),
    ("/千克", 1_000),
    ("/jin", 2_000),
    ("/斤", 2_000),
    ("/市斤", 2_000),
];
const AREA: Units = &[("mu", 1_000), ("亩", 1_000), ("分", 100), ("fen", 100)];
const MONEY: Units = &[("", 100), ("元", 100), ("yuan", 100)];
const SHARE: Units = &[("%", 100)];

/// The text as it is read: half-width, lower-case, trimmed, `¥` and `.` in one form.
pub(crate) fn normal(text: &str) -> String {
    let half_width = |c: char| match c {
        '\u{3000}' => ' ',
        '。' => '.',
        '￥' => '¥',
        '\u{FF01}'..='\u{FF5E}' => {
            u32::from(c).checked_sub(0xFEE0).and_then(char::from_u32).unwrap_or(c)
        }
        _ => c,
    };
    text.trim().chars().map(half_width).map(|c| c.to_ascii_lowercase()).collect()
}

/// One text being read: keeps what was given for the error.
#[derive(Clone, Copy)]
pub(crate) struct Scanner<'a> {
    given: &'a str,
    expected: Expected,
}

impl<'a> Scanner<'a> {
    pub(crate) fn new(given: &'a str, expected: Expected) -> Self {
        Scanner { given, expected }
    }

    fn cut(self) -> String {
        self.given.chars().take(40).collect()
    }

    pub(crate) fn unreadable(self) -> UnitError {
        UnitError::Unreadable { text: self.cut(), expected: self.expected }
    }

    fn too_fine(self) -> UnitError {
        UnitError::TooFine { text: self.cut(), expected: self.expected }
    }

    /// Reads `number unit`, where the unit may be left out if `default` names one.
    fn measure(
        self,
        text: &str,
        units: Units,
        default: Option<&'static str>,
    ) -> Result<i64, UnitError> {
        let (number, unit) = self.parts(text);
        let unit = if unit.is_empty() { default.unwrap_or(unit) } else { unit };
        let factor = units
            .iter()
            .find_map(|(word, factor)| (*word == unit).then_some(*factor))
            .ok_or_else(|| self.unreadable())?;
        self.scaled(number, factor)
    }

    /// A weight; without a unit in this unit.
    pub(crate) fn weight(self, text: &str, default: &'static str) -> Result<Grams, UnitError> {
        self.measure(text, WEIGHT, Some(default)).map(Grams::new)
    }

    /// The unit of weight that stands behind the number, if it is one.
    pub(crate) fn weight_unit(self, text: &str) -> Option<&'static str> {
        let (_, unit) = self.parts(text);
        WEIGHT.iter().find_map(|(word, _)| (*word == unit).then_some(*word))
    }

    /// A percentage.
    pub(crate) fn share(self, text: &str) -> Result<BasisPoints, UnitError> {
        self.measure(text, SHARE, None).map(BasisPoints::new)
    }

    /// The number at the front and the unit behind it.
    fn parts(self, text: &str) -> (&str, &str) {
        let text = text.trim();
        let end =
            text.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',').unwrap_or(text.len());
        let (number, unit) = text.split_at_checked(end).unwrap_or((text, ""));
        (number, unit.trim())
    }

    /// A decimal number times the factor, exactly.
    fn scaled(self, number: &str, factor: i128) -> Result<i64, UnitError> {
        let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
        let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
        if !digits(whole) || !digits(fraction) {
            return Err(self.unreadable());
        }
        let fraction = fraction.trim_end_matches('0');
        let read = |s: &str| if s.is_empty() { Ok(0) } else { s.parse::<i128>() };
        let whole = read(whole).map_err(|_| UnitError::Overflow)?;
        let whole = whole.checked_mul(factor).ok_or(UnitError::Overflow)?;
        // Beyond 30 decimals nothing is kept, whatever the unit.
        let places = u32::try_from(fraction.len()).ok().filter(|&p| p <= 30);
        let divisor = places.and_then(|p| 10_i128.checked_pow(p)).ok_or_else(|| self.too_fine())?;
        let part = read(fraction)
            .ok()
            .and_then(|f| f.checked_mul(factor))
            .ok_or_else(|| self.too_fine())?;
        if part.checked_rem(divisor) != Some(0) {
            return Err(self.too_fine());
        }
        part.checked_div(divisor)
            .and_then(|p| p.checked_add(whole))
            .and_then(|sum| i64::try_from(sum).ok())
            .ok_or(UnitError::Overflow)
    }

    /// Reads a text that may say the same twice, as slips print it: `58.5 斤 (29.25 kg)`.
    pub(crate) fn once_or_twice<T: PartialEq>(
        self,
        text: &str,
        read: impl Fn(&str) -> Result<T, UnitError>,
    ) -> Result<T, UnitError> {
        let Some((first, second)) = text.strip_suffix(')').and_then(|t| t.split_once('(')) else {
            return read(text);
        };
        let (first, second) = (read(first)?, read(second)?);
        if first == second { Ok(first) } else { Err(self.unreadable()) }
    }

    /// A number with or without commas between its thousands; with them, all in place.
    fn ungrouped(self, text: &str) -> Result<String, UnitError> {
        let (whole, _) = text.split_once('.').unwrap_or((text, ""));
        let mut groups = whole.split(',');
        let head = groups.next().unwrap_or_default();
        let grouped = whole.contains(',');
        let sound = (1..=3).contains(&head.len()) && groups.all(|group| group.len() == 3);
        if grouped && !sound {
            return Err(self.unreadable());
        }
        Ok(text.replacen(',', "", whole.matches(',').count()))
    }
}

impl FromStr for Grams {
    type Err = UnitError;

    /// Reads `12.852` as kilograms, `25.7jin` or `25.7斤` as jin.
    fn from_str(text: &str) -> Result<Self, UnitError> {
        let scanner = Scanner::new(text, Expected::Weight);
        scanner.once_or_twice(&normal(text), |t| scanner.weight(t, "kg"))
    }
}

impl Grams {
    /// Reads a weight as it is typed on a pad that is set to jin: a bare number is jin, a unit that
    /// stands holds.
    ///
    /// # Errors
    /// [`UnitError::Unreadable`], [`UnitError::TooFine`] or [`UnitError::Overflow`].
    pub fn typed_in_jin(text: &str) -> Result<Self, UnitError> {
        let scanner = Scanner::new(text, Expected::Weight);
        scanner.once_or_twice(&normal(text), |t| scanner.weight(t, "jin"))
    }
}

impl FromStr for LiPerKg {
    type Err = UnitError;

    /// Reads `3.19/kg`, `1.60/jin`, `1.60元/斤`; the unit must stand.
    fn from_str(text: &str) -> Result<Self, UnitError> {
        let scanner = Scanner::new(text, Expected::Price);
        scanner.once_or_twice(&normal(text), |t| {
            let t = t.trim();
            let t = t.strip_prefix('¥').unwrap_or(t).trim();
            let (number, unit) = scanner.parts(t);
            let unit =
                unit.strip_prefix('元').or_else(|| unit.strip_prefix("yuan")).unwrap_or(unit);
            let unit = unit.trim();
            scanner.measure(&format!("{number}{unit}"), PRICE, None).map(LiPerKg::new)
        })
    }
}

impl FromStr for Fen {
    type Err = UnitError;

    /// Reads `12.34`, `¥1,234.56`, `12元`.
    fn from_str(text: &str) -> Result<Self, UnitError> {
        let scanner = Scanner::new(text, Expected::Money);
        let text = normal(text);
        let text = scanner.ungrouped(text.strip_prefix('¥').unwrap_or(&text).trim())?;
        scanner.measure(&text, MONEY, None).map(Fen::new)
    }
}

impl FromStr for Area {
    type Err = UnitError;

    /// Reads `0.3mu`, `0.3亩`, `3分`; the unit must stand.
    fn from_str(text: &str) -> Result<Self, UnitError> {
        let scanner = Scanner::new(text, Expected::Area);
        scanner.once_or_twice(&normal(text), |t| scanner.measure(t, AREA, None).map(Area::new))
    }
}

impl FromStr for BasisPoints {
    type Err = UnitError;

    /// Reads `2%`.
    fn from_str(text: &str) -> Result<Self, UnitError> {
        Scanner::new(text, Expected::Share).share(&normal(text))
    }
}

impl FromStr for Grade {
    type Err = UnitError;

    /// Reads `A` to `Z`.
    fn from_str(text: &str) -> Result<Self, UnitError> {
        let unreadable = || Scanner::new(text, Expected::Grade).unreadable();
        let letters = normal(text);
        let mut letters = letters.bytes();
        match (letters.next(), letters.next()) {
            (Some(letter @ b'a'..=b'z'), None) => {
                letter.checked_sub(b'a').and_then(Grade::new).ok_or_else(unreadable)
            }
            _ => Err(unreadable()),
        }
    }
}
