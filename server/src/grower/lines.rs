//! A slip's lines in plain words: what was weighed, what was taken off and why, at which price and
//! why that one.

use courtyard_core::domain::slip::PriceReason;
use courtyard_core::ledger::StatedLine;
use maud::{Markup, html};

use super::books::Products;
use super::frame::{jin, yuan};
use crate::web::Words;

/// The word for why a price is what it is.
const fn reason(reason: PriceReason) -> &'static str {
    match reason {
        PriceReason::List => "grower-price-list",
        PriceReason::Floor => "grower-price-floor",
        PriceReason::Excess => "grower-price-excess",
        PriceReason::Stated => "grower-price-stated",
        PriceReason::Pending => "grower-price-pending",
    }
}

/// The lines of a slip.
pub(super) fn lines(lines: &[StatedLine], products: &Products, w: &Words) -> Markup {
    html! {
        @for line in lines {
            div.line {
                p.row { strong { (products.name(line.product)) " " (line.grade) } (yuan(line.amount)) }
                ul {
                    li { (w.say("grower-gross-weight")) " " (jin(line.gross, w)) }
                    @if line.net != line.gross { li { (w.say("grower-net-weight")) " " (jin(line.net, w)) } }
                    @for deduction in &line.deductions {
                        li.minus {
                            @let why = if deduction.reason.is_empty() { w.say("grower-no-reason") } else { deduction.reason.clone() };
                            (w.say_with("grower-deducted", &[("why", why.into()), ("how", deduction.amount.text(w.language()).into())]))
                            " " (jin(deduction.grams_of(line.net).unwrap_or_default(), w))
                        }
                    }
                    @if !line.deductions.is_empty() {
                        li { (w.say("grower-settled")) " " (jin(line.settlement, w)) }
                    }
                    @for segment in &line.segments {
                        li {
                            span.num { (segment.price.per_jin(w.language())) }
                            span.unit { " (" (segment.price.per_kg(w.language())) ")" }
                            @if line.segments.len() > 1 { " × " (jin(segment.weight, w)) }
                            " · " (w.say(reason(segment.reason)))
                        }
                    }
                }
            }
        }
    }
}
