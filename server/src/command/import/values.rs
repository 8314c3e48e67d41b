//! Dates, times and weights as other programs write them: only what can be read in one way.

use courtyard_core::domain::slip::Weighing;
use courtyard_core::domain::{BusinessDate, Grams, LiPerKg, UnitError};

use super::Bad;
use super::sheet::{Row, Sheet};

/// A day, year first: `2026-07-01`, `2026/7/1`, `2026.7.1`, `2026年7月1日`, `20260701`; what stands
/// behind a blank is a time and no part of it.
pub(super) fn day(text: &str) -> Option<BusinessDate> {
    let text = text.split_whitespace().next()?;
    if text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit()) {
        let (year, rest) = text.split_at_checked(4)?;
        let (month, day) = rest.split_at_checked(2)?;
        return format!("{year}-{month}-{day}").parse().ok();
    }
    let mut parts = text.trim_end_matches('日').split(['-', '/', '.', '年', '月']);
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let digits = |part: &str, most: usize| {
        (1..=most).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit())
    };
    let sound = year.len() == 4 && digits(year, 4) && digits(month, 2) && digits(day, 2);
    if !sound || parts.next().is_some() {
        return None;
    }
    format!("{year}-{month:0>2}-{day:0>2}").parse().ok()
}

/// Seconds of a day: `6:03`, `06:03:50`, `06:03:50.123`; what stands before a blank is a day.
pub(super) fn second_of_day(text: &str) -> Option<u32> {
    let text = text.split_whitespace().last()?;
    let (text, fraction) = text.split_once('.').unwrap_or((text, ""));
    if !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let mut parts = text.split(':').map(|part| {
        let digits = (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        digits.then(|| part.parse::<u32>().ok()).flatten()
    });
    let (hour, minute) = (parts.next()??, parts.next()??);
    let second = parts.next().unwrap_or(Some(0))?;
    let within = parts.next().is_none() && hour < 24 && minute < 60 && second < 60;
    within
        .then(|| hour.saturating_mul(3_600).saturating_add(minute.saturating_mul(60)))
        .map(|seconds| seconds.saturating_add(second))
}

/// The day in this column.
pub(super) fn date_of(row: &Row, column: usize) -> Result<BusinessDate, Bad> {
    let text = row.cell(column);
    day(text).ok_or_else(|| {
        Bad::new(
            row.line,
            format!("日期“{text}”不对，请写成 2026-07-01。"),
            format!("{text:?} is no date such as 2026-07-01."),
        )
    })
}

/// What a unit's reading says of this line.
pub(super) fn unreadable(line: u64) -> impl Fn(UnitError) -> Bad {
    move |error| Bad::new(line, error.zh(), format!("{error}."))
}

/// Columns of one quantity, each with the unit that its cells lack.
pub(super) type Units = [(usize, &'static str)];

/// The weight in whichever of these columns the file has; none if it has none or the cell is empty.
pub(super) fn weight_of(row: &Row, sheet: &Sheet, units: &Units) -> Result<Option<Grams>, Bad> {
    cell_of(row, sheet, units).map(|text| text.parse().map_err(unreadable(row.line))).transpose()
}

/// The price in whichever of these columns the file has.
pub(super) fn price_of(row: &Row, sheet: &Sheet, units: &Units) -> Result<Option<LiPerKg>, Bad> {
    let Some(text) = cell_of(row, sheet, units) else { return Ok(None) };
    let price: LiPerKg = text.parse().map_err(unreadable(row.line))?;
    if price <= LiPerKg::ZERO {
        return Err(Bad::new(row.line, "价格必须大于零。", "A price is above zero."));
    }
    Ok(Some(price))
}

/// Gross and tare, or net. If a row has all three, they must agree.
pub(super) fn weighing_of(
    row: &Row,
    sheet: &Sheet,
    gross: &Units,
    tare: &Units,
    net: &Units,
) -> Result<Weighing, Bad> {
    let gross = weight_of(row, sheet, gross)?;
    let tare = weight_of(row, sheet, tare)?;
    let net = weight_of(row, sheet, net)?;
    let disagree = |gross: Grams, tare: Grams, net: Grams| {
        Bad::new(
            row.line,
            format!("毛重 {} 减皮重 {} 不等于净重 {}，请核对。", gross.kg(), tare.kg(), net.kg()),
            format!("Gross {} less tare {} is not net {}.", gross.kg(), tare.kg(), net.kg()),
        )
    };
    match (gross, tare, net) {
        (Some(gross), tare, None) => Ok(Weighing { gross, tare: tare.unwrap_or_default() }),
        (None, None, Some(net)) => Ok(Weighing { gross: net, tare: Grams::ZERO }),
        (None, Some(tare), Some(net)) => {
            Ok(Weighing { gross: net.plus(tare).map_err(unreadable(row.line))?, tare })
        }
        (Some(gross), tare, Some(net)) => {
            let given = tare.unwrap_or(gross.minus(net).map_err(unreadable(row.line))?);
            let weighing = Weighing { gross, tare: given };
            if weighing.net() == Ok(net) { Ok(weighing) } else { Err(disagree(gross, given, net)) }
        }
        (None, _, None) => {
            Err(Bad::new(row.line, "没有重量，请填写。", "There is no weight. Fill it in."))
        }
    }
}

fn cell_of(row: &Row, sheet: &Sheet, units: &Units) -> Option<String> {
    let (column, unit) = units.iter().find(|(column, _)| sheet.has(*column))?;
    let text = row.cell(*column);
    (!text.is_empty()).then(|| format!("{text}{unit}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_read_year_first_in_any_of_its_forms_and_never_guessed() {
        for text in
            ["2026-07-01", "2026/7/1", "2026.7.01", "2026年7月1日", "20260701", "2026/7/1 6:03"]
        {
            assert_eq!(day(text).unwrap().to_string(), "2026-07-01", "{text}");
        }
        for text in ["", "1/7/2026", "07-01", "26-07-01", "2026-13-01", "2026-07-01-1", "2026070"] {
            assert_eq!(day(text), None, "{text}");
        }
    }

    #[test]
    fn a_time_is_read_with_or_without_seconds_and_fractions() {
        assert_eq!(second_of_day("6:03"), Some(21_780));
        assert_eq!(second_of_day("2026/7/1 06:03:50.123"), Some(21_830));
        for text in ["", "24:00", "6:60", "6", "6:3:1:1", "06:03:50,1", "-6:03", "6:03:5x"] {
            assert_eq!(second_of_day(text), None, "{text}");
        }
    }
}
