//! Business dates and months in Asia/Shanghai, and the two clocks that an entry carries.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use minicbor::{Decode, Encode};

/// Why a text is not a date or a month.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not {expected}")]
pub struct CalendarError {
    text: String,
    expected: &'static str,
}

impl CalendarError {
    fn new(text: &str, expected: &'static str) -> Self {
        CalendarError { text: text.chars().take(40).collect(), expected }
    }
}

/// A day in Asia/Shanghai, as it stands on the slip: days since 1970-01-01, from year 1 to 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode)]
#[cbor(transparent)]
pub struct BusinessDate(#[n(0)] i32);

impl BusinessDate {
    /// The calendar's first day.
    pub const FIRST: BusinessDate = BusinessDate(-719_162);

    /// The calendar's last day.
    pub const LAST: BusinessDate = BusinessDate(2_932_896);

    /// The day with this number since 1970-01-01, or `None` outside the calendar's years 1 to 9999.
    pub fn from_days(days: i32) -> Option<Self> {
        (-719_162..=2_932_896).contains(&days).then_some(Self(days))
    }

    /// Days since 1970-01-01.
    pub const fn days(self) -> i32 {
        self.0
    }

    /// The day in Asia/Shanghai at this many seconds since 1970-01-01 UTC.
    ///
    /// China keeps one zone, UTC+8, without daylight saving since 1991; so this needs no table and
    /// is the same whatever zone the phone is set to. Seconds outside the calendar give its edge.
    pub fn at(wall_s: i64) -> Self {
        let days = wall_s.saturating_add(8 * 3_600).div_euclid(86_400);
        let days = i32::try_from(days.clamp(-719_162, 2_932_896)).unwrap_or(0);
        Self(days)
    }

    /// The month it lies in.
    pub fn month(self) -> Month {
        let date = self.civil();
        Month { year: date.year(), month: date.month() }
    }

    fn civil(self) -> Date {
        let span = jiff::Span::new().days(self.0);
        Date::constant(1970, 1, 1).checked_add(span).unwrap_or(Date::constant(1970, 1, 1))
    }
}

impl<'b, C> Decode<'b, C> for BusinessDate {
    fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        BusinessDate::from_days(d.i32()?)
            .ok_or_else(|| minicbor::decode::Error::message("date outside years 1 to 9999"))
    }
}

impl fmt::Display for BusinessDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.civil())
    }
}

impl FromStr for BusinessDate {
    type Err = CalendarError;

    /// Reads `2020-07-01`.
    fn from_str(text: &str) -> Result<Self, CalendarError> {
        let error = || CalendarError::new(text, "a date such as 2020-07-01");
        let text = text.trim();
        if text.len() != 10 {
            return Err(error());
        }
        let date: Date = text.parse().map_err(|_| error())?;
        let days = Date::constant(1970, 1, 1).until(date).map_err(|_| error())?.get_days();
        BusinessDate::from_days(days).ok_or_else(error)
    }
}

/// A month of the books, such as 2020-07.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    year: i16,
    month: i8,
}

impl Month {
    /// The year, 1 to 9999.
    pub const fn year(self) -> i16 {
        self.year
    }

    /// The month of the year, 1 to 12.
    pub const fn month(self) -> i8 {
        self.month
    }

    /// Its first day.
    pub fn first_day(self) -> BusinessDate {
        let date = Date::new(self.year, self.month, 1).unwrap_or(Date::constant(1970, 1, 1));
        let days = Date::constant(1970, 1, 1).until(date).map(|s| s.get_days()).unwrap_or(0);
        BusinessDate(days)
    }

    /// The month after it.
    #[must_use]
    pub const fn next(self) -> Month {
        if self.month >= 12 {
            Month { year: self.year.saturating_add(1), month: 1 }
        } else {
            Month { year: self.year, month: self.month.saturating_add(1) }
        }
    }

    /// The month before it.
    #[must_use]
    pub const fn before(self) -> Month {
        if self.month <= 1 {
            Month { year: self.year.saturating_sub(1), month: 12 }
        } else {
            Month { year: self.year, month: self.month.saturating_sub(1) }
        }
    }

    /// The first day of the month after it.
    pub fn first_day_after(self) -> BusinessDate {
        self.next().first_day()
    }
}

impl<C> Encode<C> for Month {
    /// As year × 12 + month − 1, one integer.
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        let years = i32::from(self.year).saturating_mul(12);
        e.i32(years.saturating_add(i32::from(self.month)).saturating_sub(1))?.ok()
    }
}

impl<'b, C> Decode<'b, C> for Month {
    fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        let months = d.i32()?;
        let year = i16::try_from(months.div_euclid(12)).ok().filter(|y| (1..=9_999).contains(y));
        let month = i8::try_from(months.rem_euclid(12)).ok().and_then(|m| m.checked_add(1));
        match (year, month) {
            (Some(year), Some(month)) => Ok(Month { year, month }),
            _ => Err(minicbor::decode::Error::message("no month")),
        }
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl FromStr for Month {
    type Err = CalendarError;

    /// Reads `2020-07`.
    fn from_str(text: &str) -> Result<Self, CalendarError> {
        let error = || CalendarError::new(text, "a month such as 2020-07");
        let day: BusinessDate = format!("{}-01", text.trim()).parse().map_err(|_| error())?;
        Ok(day.month())
    }
}

/// What the phone's two clocks said at a save. Evidence only: no order and no merge depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Encode, Decode)]
#[cbor(array)]
pub struct Clock {
    /// Seconds since 1970-01-01 UTC by the wall clock, which may be wrong by years.
    #[n(0)]
    pub wall_s: i64,
    /// Seconds since the device started, which nobody can set back.
    #[n(1)]
    pub uptime_s: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_in_shanghai() {
        // 2020-06-30T16:00:00Z is midnight in Shanghai.
        assert_eq!(BusinessDate::at(1_593_532_800).to_string(), "2020-07-01");
        assert_eq!(BusinessDate::at(1_593_532_799).to_string(), "2020-06-30");
    }

    #[test]
    fn dates_and_months_read_back_as_printed() {
        let day: BusinessDate = "2020-02-29".parse().unwrap();
        assert_eq!(day.to_string(), "2020-02-29");
        assert_eq!(day.month().to_string(), "2020-02");
        assert_eq!(day.month().first_day_after().to_string(), "2020-03-01");
        assert_eq!("2020-12".parse::<Month>().unwrap().first_day_after().to_string(), "2021-01-01");
        let january: Month = "2021-01".parse().unwrap();
        assert_eq!(january.before().to_string(), "2020-12");
        assert_eq!(january.next().before(), january);
        for text in ["2021-02-29", "2020-13-01", "20-1-1", "", "2020-07-01T00:00:00"] {
            assert!(text.parse::<BusinessDate>().is_err(), "{text}");
        }
    }

    #[test]
    fn any_clock_reading_gives_a_day() {
        for wall_s in [i64::MIN, -1, 0, 946_684_800, i64::MAX] {
            let day = BusinessDate::at(wall_s);
            assert_eq!(BusinessDate::from_days(day.days()), Some(day));
        }
    }
}
