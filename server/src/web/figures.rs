//! Numbers as pages show them: tabular, thousands apart, the unit smaller beside them; and states as
//! a shape and a word before any colour.

use courtyard_core::domain::{BusinessDate, Fen, Grams, Kind};
use courtyard_core::ledger::State;
use maud::{Markup, PreEscaped, html};

use super::words::Words;
use crate::command::entry::kind_zh;
use crate::command::qr;

/// An amount, such as ¥1,234.56.
pub fn yuan(amount: Fen) -> Markup {
    html! { span.num { (grouped(&amount.text())) } }
}

/// A weight in jin and kg, such as 58.5 斤 (29.25 kg).
pub fn jin(weight: Grams, words: &Words) -> Markup {
    html! {
        span.num {
            (grouped(&weight.jin_number())) " " span.unit { (words.say("unit-jin")) }
            " " span.unit { "(" (grouped(&weight.kg())) ")" }
        }
    }
}

/// A weight in jin alone, where a table's heading names the unit.
pub fn jin_alone(weight: Grams) -> Markup {
    html! { span.num { (grouped(&weight.jin_number())) } }
}

/// A count.
pub fn count(number: impl std::fmt::Display) -> Markup {
    html! { span.num { (grouped(&number.to_string())) } }
}

/// A state: shape, word, colour.
pub fn state(state: State, words: &Words) -> Markup {
    let (class, shape, word) = match state {
        State::Counted => ("good", "●", "state-counted"),
        State::Held => ("ask", "▲", "state-held"),
        State::Refused => ("bad", "✕", "state-refused"),
        State::Voided { .. } => ("bad", "✕", "state-voided"),
    };
    html! { span class={ "state " (class) } { (shape) " " (words.say(word)) } }
}

/// How long ago something was, in words; that it never was, if so.
pub fn ago(at_ms: Option<i64>, now_ms: i64, words: &Words) -> String {
    let Some(at_ms) = at_ms else { return words.say("ago-never") };
    let minutes = now_ms.saturating_sub(at_ms).max(0) / 60_000;
    let (id, count) = match minutes {
        0 => return words.say("ago-now"),
        1..60 => ("ago-minutes", minutes),
        60..2_880 => ("ago-hours", minutes / 60),
        _ => ("ago-days", minutes / 1_440),
    };
    words.say_with(id, &[("count", count.into())])
}

/// What sort of entry it is; none is one of a newer build.
pub fn kind(kind: Option<Kind>, words: &Words) -> String {
    let en = kind.map_or("entry of a newer kind".to_owned(), |kind| kind.name().replace('_', " "));
    words.pick(kind_zh(kind).to_owned(), en)
}

/// A moment by the clock of Asia/Shanghai, such as 2026-07-02 06:03.
pub fn moment(at_ms: i64) -> String {
    let at_s = at_ms.div_euclid(1_000);
    // Eight hours ahead of UTC, all year.
    let minutes = at_s.saturating_add(8 * 3_600).rem_euclid(86_400) / 60;
    format!("{} {:02}:{:02}", BusinessDate::at(at_s), minutes / 60, minutes % 60)
}

/// A QR as a picture; the text itself if it is too long for one.
pub fn qr(text: &str) -> Markup {
    match qr::svg(text) {
        // The prolog belongs to a file of its own.
        Some(svg) => {
            PreEscaped(svg.find("<svg").and_then(|at| svg.get(at..)).unwrap_or_default().to_owned())
        }
        None => html! { code { (text) } },
    }
}

/// Digits before the point in groups of three; everything else as it stands.
pub fn grouped(text: &str) -> String {
    let start = text.find(|c: char| c.is_ascii_digit()).unwrap_or(text.len());
    let (before, number) = text.split_at(start);
    let end = number.find(|c: char| !c.is_ascii_digit()).unwrap_or(number.len());
    let (digits, after) = number.split_at(end);
    let mut out = before.to_owned();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && digits.len().saturating_sub(at) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    out.push_str(after);
    out
}

#[cfg(test)]
mod tests {
    use super::{grouped, moment};

    #[test]
    fn a_moment_is_said_by_the_clock_of_the_villages() {
        assert_eq!(moment(1_782_856_800_000), "2026-07-01 06:00");
        assert_eq!(moment(1_782_856_800_000 + 18 * 3_600_000), "2026-07-02 00:00");
    }

    #[test]
    fn thousands_stand_apart() {
        let shown = ["¥1234567.89", "-¥1000.00", "999", "1000 kg", "", "0.25"].map(grouped);
        assert_eq!(shown, ["¥1,234,567.89", "-¥1,000.00", "999", "1,000 kg", "", "0.25"]);
    }
}
