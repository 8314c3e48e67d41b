//! A slip's lines: every weighing, what was taken off, the price and why it is that one.

use courtyard_core::domain::slip::{Line, PriceReason, Segment, Weighing};
use courtyard_core::domain::{Fen, Grams};
use maud::{Markup, html};

use super::read::Model;
use crate::web::{Words, figures};

pub(super) fn lines(model: &Model, w: &Words) -> Markup {
    html! {
        h2 { (w.say("slip-lines")) }
        @for (number, line) in (0_u16..).zip(&model.body.lines) { (self::line(model, number, line, w)) }
    }
}

fn line(model: &Model, number: u16, line: &Line, w: &Words) -> Markup {
    let net = line.net().unwrap_or_default();
    let change = model.slip.changes.line(number);
    html! {
        section.line {
            h3.between {
                span { (model.product(line.product)) " " (line.grade) }
                (figures::yuan(line.amount))
            }
            div.scroll tabindex="0" role="region" aria-label=(w.say("slip-weighings")) {
                table {
                    caption { (w.say("slip-weighings")) }
                    thead { tr {
                        th scope="col" { "#" }
                        th.n scope="col" { (w.say("slip-gross")) }
                        th.n scope="col" { (w.say("slip-tare")) }
                        th.n scope="col" { (w.say("slip-net")) }
                    } }
                    tbody {
                        @for (place, weighing) in line.weighings.iter().enumerate() {
                            (weighed(html! { (place.saturating_add(1)) }, *weighing, "", w))
                        }
                        @for weighing in &line.marks.replaced {
                            (weighed(html! { s { (w.say("slip-replaced")) } }, *weighing, "gone", w))
                        }
                    }
                    tfoot { tr {
                        th scope="row" { (w.say("slip-net")) }
                        td {} td {} td.n { (weight(net, w)) }
                    } }
                }
            }
            dl.pairs {
                @for deduction in &line.deductions {
                    div {
                        dt { (w.say("slip-deducted")) " " (deduction.reason) " " (deduction.amount.text(w.language())) }
                        dd { "− " (figures::jin(deduction.grams_of(net).unwrap_or_default(), w)) }
                    }
                }
                div {
                    dt { (w.say("slip-settlement")) }
                    dd { (figures::jin(line.settlement().unwrap_or_default(), w)) }
                }
                @for segment in &line.segments { (priced(model, line, segment, line.segments.len() > 1, w)) }
                @if let Some(change) = change {
                    @if change.returned > Grams::ZERO {
                        div {
                            dt { (w.say("slip-returned")) " " (figures::jin(change.returned, w)) }
                            dd { "− " (figures::yuan(change.returned_amount)) }
                        }
                    }
                    @if let Some(fixed) = change.fixed {
                        div {
                            dt {
                                (w.say("slip-fixed")) " "
                                @for segment in &change.fixed_segments { (segment.price.text(w.language())) " " }
                            }
                            dd { (figures::yuan(fixed)) }
                        }
                    }
                }
            }
        }
    }
}

fn weighed(label: Markup, weighing: Weighing, class: &str, w: &Words) -> Markup {
    html! {
        tr class=(class) {
            td { (label) }
            td.n { (weight(weighing.gross, w)) }
            td.n { (weight(weighing.tare, w)) }
            td.n { (weight(weighing.net().unwrap_or_default(), w)) }
        }
    }
}

fn weight(weight: Grams, w: &Words) -> Markup {
    html! {
        (figures::jin_alone(weight)) " " span.unit { (w.say("unit-jin")) }
        span.unit.below { (figures::grouped(&weight.kg())) }
    }
}

/// A segment: how much at which price, and where the price comes from.
fn priced(model: &Model, line: &Line, segment: &Segment, several: bool, w: &Words) -> Markup {
    html! {
        div {
            dt {
                span.num { (segment.price.text(w.language())) }
                @if several { " × " (figures::jin(segment.weight, w)) }
                p.hint { (why(model, line, segment, w)) }
            }
            dd { (figures::yuan(alone(segment))) }
        }
    }
}

/// What a segment comes to by itself; the line rounds once over all of them.
fn alone(segment: &Segment) -> Fen {
    courtyard_core::domain::slip::amount_of(std::slice::from_ref(segment)).unwrap_or_default()
}

/// Where a price comes from, in words.
fn why(model: &Model, line: &Line, segment: &Segment, w: &Words) -> Markup {
    let list = match &model.list {
        Some((version, Some(from))) => w.say_with(
            "slip-list-from",
            &[("version", (*version).into()), ("day", from.to_string().into())],
        ),
        Some((version, None)) => w.say_with("slip-list", &[("version", (*version).into())]),
        None => w.say("slip-no-list"),
    };
    let floor = line.contract.and_then(|contract| model.floors.get(&contract));
    html! {
        @match segment.reason {
            PriceReason::List => (list),
            PriceReason::Floor => (w.say("slip-why-floor")),
            PriceReason::Excess => { (w.say("slip-why-excess")) " " (list) },
            PriceReason::Stated => (w.say("slip-why-stated")),
            PriceReason::Pending => (w.say("slip-why-pending")),
        }
        @if let Some(contract) = line.contract {
            " · " (w.say("slip-contract")) " " span.num { (contract) }
            @if let Some(floor) = floor {
                " " (w.say("slip-floor")) " " span.num { (floor.text(w.language())) }
            }
        }
    }
}
