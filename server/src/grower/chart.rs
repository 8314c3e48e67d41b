//! Twelve months as bars from zero, each with its amount beside it, last year's month as a lighter
//! bar below; and the same as a table.

use courtyard_core::domain::{Fen, Grams, Month};
use maud::{Markup, html};

use super::frame::month as named;
use crate::web::{Words, figures};

/// A month of the chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bar {
    pub(super) month: Month,
    pub(super) gross: Fen,
    pub(super) paid: Fen,
    pub(super) weight: Grams,
    /// The same month a year before.
    pub(super) before: Fen,
}

/// The sizes of the picture, in its own units; text is as large as on the page around it.
struct Sizes {
    row: i64,
    bar: i64,
    before: i64,
    text: i64,
    left: i64,
    right: i64,
}

const WIDTH: i64 = 328;
const USUAL: Sizes = Sizes { row: 40, bar: 16, before: 8, text: 16, left: 48, right: 88 };
const ELDER: Sizes = Sizes { row: 52, bar: 20, before: 10, text: 20, left: 60, right: 112 };

/// How long a bar is; one that is not nothing is seen.
fn length(amount: Fen, most: Fen, room: i64) -> i64 {
    let (amount, most) = (i128::from(amount.get().max(0)), i128::from(most.get().max(1)));
    let length = amount.saturating_mul(i128::from(room)) / most;
    let length = i64::try_from(length).unwrap_or(room);
    if amount > 0 { length.max(1) } else { 0 }
}

/// The bars; nothing if there was nothing in two years.
pub(super) fn bars(bars: &[Bar], elder: bool, w: &Words) -> Markup {
    let most = bars.iter().flat_map(|bar| [bar.gross, bar.before]).max().unwrap_or_default();
    if most <= Fen::ZERO {
        return html! {};
    }
    let s = if elder { ELDER } else { USUAL };
    let room = WIDTH - s.left - s.right;
    let height = s.row * i64::try_from(bars.len()).unwrap_or(12);
    let any_before = bars.iter().any(|bar| bar.before > Fen::ZERO);
    html! {
        figure {
            svg.chart viewBox={ "0 0 " (WIDTH) " " (height) } role="img" aria-labelledby="chart-name" font-size=(s.text) {
                title #chart-name { (w.say("grower-chart-name")) }
                line.axis x1=(s.left) y1="0" x2=(s.left) y2=(height) {}
                @for (place, bar) in (0_i64..).zip(bars) {
                    @let y = place * s.row;
                    @let middle = y + (s.row + s.text) / 2 - 3;
                    @let top = y + (s.row - s.bar - s.before) / 2;
                    text.label x=(s.left - 8) y=(middle) text-anchor="end" {
                        (w.say_with("grower-month-short", &[("month", i64::from(bar.month.month()).into())]))
                    }
                    rect.bar x=(s.left) y=(top) width=(length(bar.gross, most, room)) height=(s.bar) {}
                    @if bar.before > Fen::ZERO {
                        rect.before x=(s.left) y=(top + s.bar) width=(length(bar.before, most, room)) height=(s.before) {}
                    }
                    text x=(WIDTH - 8) y=(middle) text-anchor="end" { (figures::grouped(&round(bar.gross))) }
                }
            }
            figcaption.hint {
                (w.say("grower-chart-now"))
                @if any_before { " " (w.say("grower-chart-before")) }
            }
        }
    }
}

/// Whole yuan: enough for a label; the table has the fen.
fn round(amount: Fen) -> String {
    let yuan = amount.get().saturating_add(50).div_euclid(100);
    if amount == Fen::ZERO { "–".to_owned() } else { format!("¥{yuan}") }
}

/// The same figures as a table, each month with the way to its page.
pub(super) fn table(bars: &[Bar], w: &Words) -> Markup {
    let any_before = bars.iter().any(|bar| bar.before > Fen::ZERO);
    html! {
        details {
            summary { (w.say("grower-chart-table")) }
            div.scroll tabindex="0" {
                table {
                    thead {
                        tr {
                            th scope="col" { (w.say("grower-month")) }
                            th.n scope="col" { (w.say("grower-jin")) }
                            th.n scope="col" { (w.say("grower-gross")) }
                            th.n scope="col" { (w.say("grower-paid")) }
                            @if any_before { th.n scope="col" { (w.say("grower-year-before")) } }
                        }
                    }
                    tbody {
                        @for bar in bars.iter().rev() {
                            tr {
                                th scope="row" { a href={ "/g/month/" (bar.month) } { (named(bar.month, w)) } }
                                td.n { (figures::jin_alone(bar.weight)) }
                                td.n { (figures::yuan(bar.gross)) }
                                td.n { (figures::yuan(bar.paid)) }
                                @if any_before { td.n { (figures::yuan(bar.before)) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_begin_at_zero_and_the_longest_fills_the_room() {
        let most = Fen::new(200_000);
        let lengths = [0, 1, 100_000, 200_000, -5].map(|fen| length(Fen::new(fen), most, 192));
        assert_eq!(lengths, [0, 1, 96, 192, 0]);
        assert_eq!(length(Fen::new(i64::MAX), Fen::new(i64::MAX), 192), 192);
    }

    #[test]
    fn a_label_is_whole_yuan_and_nothing_is_a_dash() {
        assert_eq!(
            [0, 49, 12_350, 99_999_950].map(|fen| round(Fen::new(fen))),
            ["–", "¥0", "¥124", "¥1000000"]
        );
    }
}
