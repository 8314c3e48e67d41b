//! Bar charts as SVG: bars from zero, a direct label at each, one colour and its lighter step for
//! what it is compared with, and the figures themselves in a table behind.
//!
//! Lengths across are percentages and heights are `em`: one picture fits a phone and a wide screen,
//! grows with the reader's letters, and needs neither a script nor a style of its own.

use maud::{Markup, html};
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use super::words::Words;

/// One bar.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Bar {
    /// What it is of: a village, a product, a month.
    pub label: String,
    /// Its length; nothing is drawn of what is not above zero.
    pub value: i64,
    /// What stands beside it.
    pub shown: String,
    /// What it is compared with, on the same scale.
    pub before: Option<i64>,
    /// Where its name in the table leads.
    pub href: Option<String>,
    /// The rest of its row in the table.
    pub cells: Vec<String>,
}

/// A chart and its table.
#[derive(Debug, Clone, Copy)]
pub struct Chart<'a> {
    /// Its id in the page.
    pub id: &'a str,
    /// What it shows; who does not see the bars is told this and has the table.
    pub title: &'a str,
    /// What the full colour and the lighter step are called, where a bar has both.
    pub steps: (&'a str, &'a str),
    /// The table's headings: the label's, then one for each of the cells.
    pub headings: &'a [String],
    /// The bars, in order.
    pub bars: &'a [Bar],
}

/// Columns of half-width letters that fit beside each other on the narrowest screen.
const ROW_COLUMNS: usize = 40;
/// Heights in hundredths of an em: a line of text.
const LINE: usize = 140;
/// A bar.
const BAR: usize = 70;
/// The lighter bar under it.
const BEFORE: usize = 35;
/// From a bar to the next label.
const GAP: usize = 70;
/// The tallest upright bar.
const TALL: usize = 900;
/// Where a line of text stands on, below its top.
const BASE: usize = 100;
/// More upright bars than this and only some keep their figure on a narrow screen.
const ROOMY: usize = 6;

impl Chart<'_> {
    /// Bars that lie, one under the other: for names.
    pub fn lying(&self, w: &Words) -> Markup {
        let most = self.most();
        let compares = self.compares();
        let mut top = 0;
        let mut rows = Vec::new();
        for bar in self.bars {
            let lines = wrapped(&bar.label, &bar.shown);
            let bar_top = top + lines.len() * LINE;
            let end = bar_top + BAR + if compares { BEFORE } else { 0 };
            rows.push((bar, top, lines, bar_top));
            top = end + GAP;
        }
        let height = top.saturating_sub(GAP);
        self.figure(w, height, html! {
            @for (bar, top, lines, bar_top) in &rows {
                @for (place, line) in lines.iter().enumerate() {
                    text x="0" y=(em(top + place * LINE + BASE)) { (line) }
                }
                text.value x="100%" y=(em(bar_top - LINE + BASE)) text-anchor="end" { (bar.shown) }
                rect.bar x="0" y=(em(*bar_top)) width=(percent(share(bar.value, most, 10_000))) height=(em(BAR)) {}
                @if let Some(before) = bar.before {
                    rect.before x="0" y=(em(bar_top + BAR)) width=(percent(share(before, most, 10_000))) height=(em(BEFORE)) {}
                }
            }
            line.axis x1="0" y1="0" x2="0" y2="100%" {}
        })
    }

    /// Bars that stand, one beside the other: for months.
    pub fn standing(&self, w: &Words) -> Markup {
        let most = self.most();
        let (ground, count) = (LINE + TALL, self.bars.len().max(1));
        let slot = 10_000 / count;
        let tallest = self.bars.iter().map(|bar| bar.value).max().unwrap_or_default();
        self.figure(w, ground + LINE + GAP / 2, html! {
            @for (place, bar) in self.bars.iter().enumerate() {
                @let left = 10_000 * place / count;
                @let middle = percent(left + slot / 2);
                @let wide = if self.compares() { slot * 2 / 5 } else { slot * 3 / 5 };
                @let tall = share(bar.value, most, TALL);
                @if let Some(before) = bar.before {
                    @let tall = share(before, most, TALL);
                    rect.before x=(percent(left + slot / 10)) y=(em(ground - tall)) width=(percent(wide)) height=(em(tall)) {}
                }
                @let indent = if self.compares() { slot / 2 } else { slot / 5 };
                rect.bar x=(percent(left + indent)) y=(em(ground - tall)) width=(percent(wide)) height=(em(tall)) {}
                // Over its own bar, wherever the one beside it ends.
                @let over = percent(left + indent + wide / 2);
                @let minor = count > ROOMY && bar.value != tallest && place + 1 != count;
                text.value.minor[minor] x=(over) y=(em(ground - tall - LINE + BASE)) text-anchor="middle" { (bar.shown) }
                text x=(middle) y=(em(ground + BASE + GAP / 4)) text-anchor="middle" { (bar.label) }
            }
            line.axis x1="0" y1=(em(ground)) x2="100%" y2=(em(ground)) {}
        })
    }

    /// The longest bar of either colour.
    fn most(&self) -> i64 {
        self.bars.iter().flat_map(|bar| [Some(bar.value), bar.before]).flatten().max().unwrap_or(0)
    }

    fn compares(&self) -> bool {
        self.bars.iter().any(|bar| bar.before.is_some())
    }

    fn figure(&self, w: &Words, height: usize, drawn: Markup) -> Markup {
        let name = format!("{}-name", self.id);
        html! {
            figure.picture id=(self.id) {
                @if self.compares() { figcaption.steps aria-hidden="true" {
                    span.key.now {} (self.steps.0) " " span.key.then {} (self.steps.1)
                } }
                svg.chart role="img" aria-labelledby=(name) width="100%" height=(em(height)) {
                    title id=(name) { (self.title) }
                    (drawn)
                }
                details {
                    summary { (w.say("chart-table")) }
                    (self.table())
                }
            }
        }
    }

    fn table(&self) -> Markup {
        let heading = |at: usize| self.headings.get(at).map_or("", String::as_str);
        html! {
            table.rows {
                caption { (self.title) }
                thead { tr { @for (at, heading) in self.headings.iter().enumerate() {
                    th.n[at > 0] scope="col" { (heading) }
                } } }
                tbody { @for bar in self.bars { tr {
                    td data-label=(heading(0)) {
                        @match &bar.href {
                            Some(href) => a href=(href) { (bar.label) },
                            None => (bar.label),
                        }
                    }
                    @for (at, cell) in bar.cells.iter().enumerate() {
                        td.n data-label=(heading(at + 1)) { (cell) }
                    }
                } } }
            }
        }
    }
}

/// The label in lines that fit a narrow screen; the value stands at the end of the last one.
fn wrapped(label: &str, value: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut columns = 0;
    for letter in label.chars() {
        let wide = letter.width().unwrap_or(0);
        if columns + wide > ROW_COLUMNS {
            lines.push(String::new());
            columns = 0;
        }
        columns += wide;
        if let Some(line) = lines.last_mut() {
            line.push(letter);
        }
    }
    // Two letters apart, or the value has a line to itself.
    if columns + 2 + value.width() > ROW_COLUMNS {
        lines.push(String::new());
    }
    lines
}

/// How much of `whole` a value takes where `most` takes all of it.
fn share(value: i64, most: i64, whole: usize) -> usize {
    let (Ok(value), Ok(most)) = (u128::try_from(value), u128::try_from(most)) else { return 0 };
    let whole_wide = u128::try_from(whole).unwrap_or_default();
    let part = (value * whole_wide).checked_div(most).unwrap_or_default();
    usize::try_from(part).map_or(whole, |part| part.min(whole))
}

/// Hundredths of a percent as an attribute.
fn percent(hundredths: usize) -> String {
    format!("{}.{:02}%", hundredths / 100, hundredths % 100)
}

/// Hundredths of an em as an attribute.
fn em(hundredths: usize) -> String {
    format!("{}.{:02}em", hundredths / 100, hundredths % 100)
}

#[cfg(test)]
mod tests {
    use courtyard_core::domain::units::text::Language;

    use super::*;

    fn bar(label: &str, value: i64, before: Option<i64>) -> Bar {
        Bar { label: label.into(), value, shown: value.to_string(), before, ..Bar::default() }
    }

    fn chart(bars: &[Bar]) -> Chart<'_> {
        Chart { id: "c", title: "title", steps: ("now", "then"), headings: &[], bars }
    }

    fn lying(bars: &[Bar]) -> String {
        chart(bars).lying(&Words::of(Language::En)).into_string()
    }

    fn standing(bars: &[Bar]) -> String {
        chart(bars).standing(&Words::of(Language::En)).into_string()
    }

    /// The values of one attribute of the elements of one class.
    fn of<'a>(svg: &'a str, class: &str, attribute: &str) -> Vec<&'a str> {
        let (class, attribute) = (format!("class=\"{class}\""), format!(" {attribute}=\""));
        let elements = svg.split(&class).skip(1);
        elements.map(|e| e.split(&attribute).nth(1).unwrap().split('"').next().unwrap()).collect()
    }

    #[test]
    fn the_longest_bar_takes_all_the_width_and_the_others_their_share_from_zero() {
        let svg = lying(&[bar("a", 400, None), bar("b", 100, None), bar("c", 1, None)]);
        assert_eq!(of(&svg, "bar", "width"), ["100.00%", "25.00%", "0.25%"]);
        assert_eq!(of(&svg, "bar", "x"), ["0", "0", "0"]);
        assert!(!svg.contains("class=\"before\""));
    }

    #[test]
    fn last_year_is_drawn_on_the_same_scale_and_named() {
        let svg = lying(&[bar("a", 100, Some(200)), bar("b", 50, None)]);
        assert_eq!(of(&svg, "bar", "width"), ["50.00%", "25.00%"]);
        assert_eq!(of(&svg, "before", "width"), ["100.00%"]);
        assert!(svg.contains("now") && svg.contains("then"), "{svg}");
    }

    #[test]
    fn standing_bars_stand_on_one_ground_inside_their_slots() {
        let svg = standing(&[bar("1", 300, None), bar("2", 150, None), bar("3", 0, None)]);
        assert_eq!(of(&svg, "bar", "height"), ["9.00em", "4.50em", "0.00em"]);
        assert_eq!(of(&svg, "bar", "y"), ["1.40em", "5.90em", "10.40em"]);
        assert_eq!(of(&svg, "bar", "x"), ["6.66%", "39.99%", "73.32%"]);
        assert_eq!(of(&svg, "bar", "width"), ["19.99%"; 3]);
    }

    #[test]
    fn of_twelve_months_only_the_highest_and_the_last_keep_their_figure_on_a_phone() {
        let bars: Vec<Bar> =
            (1..=12).map(|m| bar(&m.to_string(), (m - 5) * (m - 5), None)).collect();
        let svg = standing(&bars);
        assert_eq!(svg.matches("value minor").count(), 11, "the last is the highest");
        assert_eq!(standing(&bars[..6]).matches("value minor").count(), 0);
    }

    #[test]
    fn nothing_and_less_than_nothing_draw_nothing_and_divide_by_nothing() {
        let svg = lying(&[bar("a", 0, None), bar("b", -5, Some(-1))]);
        assert_eq!(of(&svg, "bar", "width"), ["0.00%", "0.00%"]);
        assert_eq!(of(&svg, "before", "width"), ["0.00%"]);
        assert_eq!(share(i64::MAX, i64::MAX, 10_000), 10_000);
        assert!(lying(&[]).contains("height=\"0.00em\""));
    }

    #[test]
    fn a_long_name_is_broken_and_never_meets_its_figure() {
        assert_eq!(wrapped("石桥村", "¥1,234.00").len(), 1);
        assert_eq!(wrapped("石桥镇下庄子村民委员会第三村民小组", "¥1,234.00").len(), 2);
        let long = wrapped(&"很长的村名".repeat(8), "¥1.00");
        assert_eq!(long.iter().map(|line| line.chars().count()).collect::<Vec<_>>(), [20, 20, 0]);
        for line in long {
            assert!(line.width() <= ROW_COLUMNS);
        }
    }

    #[test]
    fn what_is_told_to_those_who_do_not_see_it_is_escaped_and_the_table_has_every_bar() {
        let mut one = bar("<b>", 1, None);
        one.cells = vec!["¥1.00".into()];
        one.href = Some("/x".into());
        let headings = ["village".to_owned(), "amount".to_owned()];
        let page = Chart { headings: &headings, ..chart(&[one]) }.lying(&Words::of(Language::Zh));
        let page = page.into_string();
        assert!(page.contains("aria-labelledby=\"c-name\"") && page.contains("id=\"c-name\""));
        assert!(page.contains("<a href=\"/x\">&lt;b&gt;</a>"), "{page}");
        assert!(page.contains("<td class=\"n\" data-label=\"amount\">¥1.00</td>"), "{page}");
        assert!(!page.contains("style="));
    }
}
