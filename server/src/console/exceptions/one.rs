//! One exception in full: everything that shows it, and the exact commands that settle it.

use courtyard_core::ledger::exceptions::{Exception, ExceptionKind};
use courtyard_core::store::Store;
use maud::{Markup, html};

use super::shown::{self, Shown};
use super::{about, address, ways};
use crate::exceptions::{Board, Filter};
use crate::web::{PageError, Words};

/// Entries that show one, at most.
const EVIDENCE: usize = 200;

/// What the page shows.
pub(super) struct Model {
    kind: ExceptionKind,
    about: String,
    /// More than one where lines of one slip each show it; none once it is settled.
    shown: Vec<Shown>,
}

pub(super) fn read(
    store: &Store,
    board: Option<&Board>,
    kind: ExceptionKind,
    wanted: &str,
) -> Result<Model, PageError> {
    let villages = shown::villages(store)?;
    let filter = Filter { kind: Some(kind), ..Filter::default() };
    let found: Vec<&Exception> = board
        .into_iter()
        .flat_map(|board| board.select(filter))
        .filter(|exception| about(exception) == wanted)
        .collect();
    let mut shown = Vec::new();
    for exception in found {
        shown.push(Shown::read(store, exception, &villages, EVIDENCE)?);
    }
    Ok(Model { kind, about: wanted.to_owned(), shown })
}

pub(super) fn page(model: &Model, w: &Words) -> Markup {
    let ((zh, en), rule) = (model.kind.title(), model.kind.rule());
    let (owner_zh, owner_en) = model.kind.owner().title();
    let owner = w.pick(owner_zh, owner_en);
    let back = address(Filter { kind: Some(model.kind), ..Filter::default() }, 1);
    html! {
        p { a href=(back) { "← " (w.say("exceptions-title")) " · " (w.pick(zh, en)) } }
        h1 { (w.pick(zh, en)) }
        @if model.shown.is_empty() {
            p.empty { "● " (w.say_with("exceptions-settled", &[("about", model.about.as_str().into())])) }
        } @else {
            p { (w.pick(rule.zh, rule.en)) }
            p.muted { (w.say_with("exceptions-owner", &[("owner", owner.into())])) }
        }
        @for one in &model.shown { (self::one(one, w)) }
    }
}

fn one(one: &Shown, w: &Words) -> Markup {
    let exception = &one.exception;
    html! {
        section.card {
            h2 { (shown::whose(one, w)) }
            @if let Some(since) = exception.since {
                p.muted { (w.say("exceptions-since")) " " span.num { (since) } }
            }
            (shown::measure(exception, w))
            (shown::reasons(exception, w))
            h3 { (w.say("exceptions-evidence")) }
            @if one.more > 0 {
                p.muted { (w.say_with("exceptions-older", &[("count", shown::count(one.more))])) }
            }
            (shown::evidence(one, w))
            @if one.evidence.is_empty() { p.muted { (w.say("exceptions-no-entry")) } }
            h3 { (w.say("exceptions-ways")) }
            (ways::ways(exception.kind, Some(exception), &one.village, w))
            @if let Some(grower) = exception.grower {
                @let filter = Filter { grower: Some(grower), ..Filter::default() };
                p { a href=(address(filter, 1)) { (w.say("exceptions-of-grower")) } }
            }
        }
    }
}
