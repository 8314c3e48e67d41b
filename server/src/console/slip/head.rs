//! The head of a slip's page: what it is, how it stands and by which rule, who was there.

use courtyard_core::domain::Rule;
use courtyard_core::domain::slip::Source;
use courtyard_core::ledger::State;
use maud::{Markup, html};

use super::read::Model;
use crate::command::entry::evidence_words;
use crate::web::{Words, figures};

pub(super) fn head(model: &Model, w: &Words) -> Markup {
    let slip = &model.slip;
    html! {
        h1 {
            (w.say("slip-title")) " " span.num { (slip.id) } " "
            span.standing { (figures::state(slip.state, w)) }
        }
        p {
            span.num { (slip.date) } " · "
            a href={ "/slips?grower=" (slip.grower) } {
                @if model.name.is_empty() { (slip.grower) } @else { (model.name) " " (slip.grower) }
            }
            " · "
            @match slip.village {
                Some(village) => a href={ "/slips?village=" (village) } { (model.village) },
                None => (model.village),
            }
        }
        dl.sums {
            div { dt { (w.say("slip-settled")) } dd { (figures::jin(slip.settlement, w)) } }
            div { dt { (w.say("slip-due")) } dd { (figures::yuan(model.due)) } }
            div { dt { (w.say("slip-paid")) } dd { (figures::yuan(slip.paid)) } }
            div { dt { (w.say("slip-unpaid")) } dd { (figures::yuan(slip.remaining)) } }
        }
        p.no-print { a.button.second href={ "/slips/" (slip.id) "/print" } { (w.say("slip-print")) } }
        (standing(model, w))
    }
}

/// Why it does not simply count, and who decides.
fn standing(model: &Model, w: &Words) -> Markup {
    let reasons = model.entry.status.reasons();
    html! {
        @if let Some((by, void)) = &model.void {
            p.notice {
                span.state.bad { "✕ " (w.say("state-voided")) } " " (void.reason)
                " (" span.num { (by) } ")"
                @if let Some(other) = void.replacement {
                    " → " a.num href={ "/slips/" (other) } { (other) }
                }
            }
        }
        @if !reasons.is_empty() {
            div.notice {
                p {
                    (figures::state(model.slip.state, w)) " "
                    (match model.slip.state {
                        State::Refused => w.say("slip-refused"),
                        _ => w.say("slip-held"),
                    })
                }
                ul { @for rule in reasons { li { (self::rule(*rule, w)) } } }
                @if model.slip.state == State::Held {
                    p {
                        (w.say("slip-who-decides")) " "
                        a href={ "/exceptions?grower=" (model.slip.grower) } { (w.say("slip-to-exceptions")) }
                    }
                }
            }
        }
        @for (entry, decision) in &model.decisions {
            p.notice {
                @let word = if decision.admits { "slip-admitted" } else { "slip-not-admitted" };
                (w.say(word)) " "
                span.num { (entry.arrived.entry.envelope.date) } " "
                (model.who(entry.arrived.entry.envelope.operator, entry.arrived.id)) ": "
                (decision.reason) " "
                @let (en, zh) = evidence_words(decision.evidence);
                span.muted { "(" (w.pick(zh, en)) ")" }
            }
        }
    }
}

fn rule(rule: Rule, w: &Words) -> Markup {
    html! {
        (w.pick(rule.zh, rule.en)) " " code.muted { (rule.code) }
        @if !rule.is_admissible() { " " span.muted { (w.say("slip-not-admissible")) } }
    }
}

/// The people around the slip, its place and time.
pub(super) fn people(model: &Model, w: &Words) -> Markup {
    let (slip, visit) = (&model.slip, &model.body.visit);
    let said = |label: &str, value: Markup| html! { div { dt { (w.say(label)) } dd { (value) } } };
    html! {
        h2 { (w.say("slip-people")) }
        dl.pairs {
            (said("slip-head-of-house", html! {
                (model.name)
                @if let Some(today) = &model.name_today { " " span.muted { (w.say_with("slip-name-today", &[("name", today.as_str().into())])) } }
            }))
            @if let Some(seller) = &model.seller { (said("slip-seller", html! { (seller) })) }
            @if let Some(deliverer) = &model.deliverer { (said("slip-deliverer", html! { (deliverer) })) }
            (said("slip-steward", html! { (model.who(slip.operator, slip.id)) }))
            (said("slip-phone", html! { a.num href={ "/slips?q=" (slip.id.device) } { (slip.id.device) } }))
            (said("slip-buyer", html! {
                @match &model.buyer {
                    Some(name) => (name),
                    None => { (w.say("slip-buyer-number")) " " (slip.entity) },
                }
            }))
            @if let Some(certificate) = &visit.certificate { (said("slip-certificate", html! { (certificate) })) }
            @if visit.source == Source::Paper { (said("slip-source", html! { (w.say("slip-from-paper")) })) }
            @for refused in &visit.refused {
                (said("slip-turned-away", html! {
                    (model.product(refused.product)) " "
                    @if let Some(weight) = refused.weight { (figures::jin(weight, w)) " " }
                    (refused.reason)
                }))
            }
        }
    }
}
