//! Who signed a slip and where: looked at anew each time the page is opened.

use courtyard_core::document::Actor;
use maud::{Markup, html};

use super::read::Model;
use crate::web::{Words, figures};

pub(super) fn proof(model: &Model, w: &Words) -> Markup {
    let said = |label: &str, value: Markup| html! { div { dt { (w.say(label)) } dd { (value) } } };
    let envelope = &model.entry.arrived.entry.envelope;
    html! {
        h2 { (w.say("slip-proof")) }
        @match &model.signed {
            Some(signed) => {
                @match signed.distrust {
                    None => p { span.state.good { "● " (w.say("slip-verified")) } " " (w.say("slip-verified-how")) },
                    Some(distrust) => p.notice { span.state.bad { "✕ " (w.say("slip-not-verified")) } " " code { (distrust.code()) } },
                }
                dl.pairs {
                    (said("slip-phone", html! { span.num { (model.slip.id.device) } }))
                    (said("slip-key", html! { code.long { (grouped(&Actor::of(&signed.key).to_string())) } }))
                    (said("slip-book", html! { code.long { (signed.book) } }))
                    (said("slip-place", html! { span.num { (signed.place) } }))
                    (said("slip-signed-to", html! { span.num { (signed.count) } }))
                    (said("slip-head", html! { code.long { (grouped(&signed.head.to_string())) } }))
                    (said("slip-hash", html! { code.long { (grouped(&model.entry.arrived.hash.to_string())) } }))
                    (said("slip-lamport", html! { span.num { (envelope.lamport) } }))
                }
            }
            None => p { (w.say("slip-no-book")) },
        }
        @if let Some((by, is_sound)) = model.from_paper {
            p {
                (w.say("slip-taken-over")) " " span.num { (by) } " "
                @if is_sound { span.state.good { "● " (w.say("slip-verified")) } }
                @else { span.state.bad { "✕ " (w.say("slip-not-verified")) } }
            }
        }
        @if let Some(origin) = envelope.reissue_of {
            p { (w.say("slip-issued-again")) " " span.num { (origin.id) } }
        }
        @if let Some((text, proves)) = &model.qr {
            div.qr role="img" aria-label=(w.say("slip-qr")) { (figures::qr(text)) }
            p.hint { (w.say(if *proves { "slip-qr-proves" } else { "slip-qr-leads" })) }
        }
    }
}

/// Hexadecimal digits in fours, so that two people can compare them aloud.
fn grouped(hex: &str) -> String {
    let mut out = String::new();
    for (place, digit) in hex.chars().enumerate() {
        if place > 0 && place % 4 == 0 {
            out.push(' ');
        }
        out.push(digit);
    }
    out
}
