//! What was said about a slip, and everything that happened to it in the ledger's order.

use courtyard_core::domain::Body;
use courtyard_core::ledger::Status;
use courtyard_core::ledger::words::{Thread, ThreadState, Topic};
use courtyard_core::store::StoredEntry;
use maud::{Markup, html};

use super::read::Model;
use crate::web::{Words, figures};

pub(super) fn threads(model: &Model, w: &Words) -> Markup {
    html! {
        h2 { (w.say("slip-threads")) }
        @if model.threads.is_empty() { p.muted { (w.say("slip-no-threads")) } }
        @for thread in &model.threads { (self::thread(model, thread, w)) }
    }
}

fn thread(model: &Model, thread: &Thread, w: &Words) -> Markup {
    let topic = match thread.topic {
        Topic::Question => "slip-question",
        Topic::Objection => "slip-objection",
        Topic::Review => "slip-review",
    };
    let (class, shape, state) = match thread.state {
        ThreadState::Open => ("ask", "?", "slip-open"),
        ThreadState::Answered => ("wait", "○", "slip-answered"),
        ThreadState::Settled => ("good", "●", "slip-closed"),
        ThreadState::Reopened => ("ask", "▲", "slip-reopened"),
    };
    html! {
        section.line {
            h3.between {
                span { (w.say(topic)) " " span.muted.num { (thread.root) } }
                span class={ "state " (class) } { (shape) " " (w.say(state)) }
            }
            ul.plain {
                @for word in &thread.words {
                    li {
                        span.muted { span.num { (word.date) } " " (model.who(word.operator, word.id)) }
                        " " (word.text)
                    }
                }
            }
            @for id in &thread.changed_by { p.hint { (w.say("slip-changed-since")) " " span.num { (id) } } }
            @if thread.of_other_content { p.notice { (w.say("slip-other-content")) } }
        }
    }
}

pub(super) fn history(model: &Model, w: &Words) -> Markup {
    html! {
        h2 { (w.say("slip-history")) }
        ol.plain.history {
            @for entry in &model.history { li { (event(model, entry, w)) } }
        }
    }
}

fn event(model: &Model, entry: &StoredEntry, w: &Words) -> Markup {
    let envelope = &entry.arrived.entry.envelope;
    let body = &entry.arrived.entry.body;
    let kind = figures::kind(body.kind(), w);
    let id = entry.arrived.id;
    let others = body.named().into_iter().filter(|other| *other != model.slip.id);
    html! {
        strong { (kind) } " "
        @if matches!(body, Body::Slip(_)) { a.num href={ "/slips/" (id) } { (id) } }
        @else { span.num { (id) } }
        " " span.muted { span.num { (envelope.date) } " " (model.who(envelope.operator, id)) }
        @match &entry.status {
            Status::Counted => {},
            Status::Held(_) => { " " span.state.ask { "▲ " (w.say("state-held")) } },
            Status::Refused(_) => { " " span.state.bad { "✕ " (w.say("state-refused")) } },
            Status::Newer => { " " span.state.ask { "▲ " (w.say("slip-newer")) } },
        }
        @if let Some(said) = said(body) { span { " " (said) } }
        @if matches!(body, Body::Void(_)) {
            @for other in others { " → " a.num href={ "/slips/" (other) } { (other) } }
        }
    }
}

/// The words of an entry that is one.
fn said(body: &Body) -> Option<&str> {
    Some(match body {
        Body::Void(void) => &void.reason,
        Body::Return(back) => &back.reason,
        Body::Adjustment(adjustment) => &adjustment.reason,
        Body::Note(note) => &note.text,
        Body::Question(question) => &question.text,
        Body::Answer(answer) => &answer.text,
        Body::Objection(objection) => &objection.text,
        Body::Review(review) => &review.text,
        Body::HoldDecision(decision) => &decision.reason,
        _ => return None,
    })
}
