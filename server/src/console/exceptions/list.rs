//! The list: who has how many to act on, then kind by kind.

use courtyard_core::ledger::exceptions::{ExceptionKind, Owner};
use courtyard_core::store::Store;
use maud::{Markup, html};

use super::shown::{self, Shown, Villages};
use super::{address, ways};
use crate::exceptions::{Board, Filter};
use crate::web::{PageError, Words, figures};

/// Exceptions of each kind while all kinds are shown.
const FIRST: usize = 5;
/// Exceptions on a page of one kind.
const A_PAGE: usize = 25;
/// Entries that show one, in the list.
const EVIDENCE: usize = 3;

/// What the page shows.
pub(super) struct Model {
    filter: Filter,
    page: usize,
    /// When the board was derived; none if none was yet.
    at_ms: Option<i64>,
    /// Under the whole filter.
    total: usize,
    owners: Vec<(Owner, usize)>,
    kinds: Vec<(ExceptionKind, usize)>,
    places: Vec<(Option<courtyard_core::domain::VillageNo>, usize)>,
    villages: Villages,
    sections: Vec<Section>,
}

/// The exceptions of a kind.
struct Section {
    kind: ExceptionKind,
    count: usize,
    shown: Vec<Shown>,
}

pub(super) fn read(
    store: &Store,
    board: Option<&Board>,
    filter: Filter,
    page: usize,
) -> Result<Model, PageError> {
    let villages = shown::villages(store)?;
    let Some(board) = board else {
        let (owners, kinds, places) = (Vec::new(), Vec::new(), Vec::new());
        let sections = Vec::new();
        return Ok(Model {
            filter,
            page,
            at_ms: None,
            total: 0,
            owners,
            kinds,
            places,
            villages,
            sections,
        });
    };
    // Each row of chips counts under what the other rows ask for; who acts follows from the kind.
    let owners = board.by_owner(Filter { owner: None, kind: None, ..filter });
    let kinds = board.by_kind(Filter { kind: None, ..filter });
    let places = board.by_village(Filter { village: None, ..filter });
    let mut sections = Vec::new();
    for (kind, count) in board.by_kind(filter) {
        let of_kind = board.select(Filter { kind: Some(kind), ..filter });
        let (skip, most) = match filter.kind {
            Some(_) => (page.saturating_sub(1).saturating_mul(A_PAGE), A_PAGE),
            None => (0, FIRST),
        };
        let mut shown = Vec::new();
        for exception in of_kind.skip(skip).take(most) {
            shown.push(Shown::read(store, exception, &villages, EVIDENCE)?);
        }
        sections.push(Section { kind, count, shown });
    }
    Ok(Model {
        filter,
        page,
        at_ms: Some(board.at_ms),
        total: board.select(filter).count(),
        owners: owners.into_iter().collect(),
        kinds: kinds.into_iter().collect(),
        places: places.into_iter().collect(),
        villages,
        sections,
    })
}

pub(super) fn page(model: &Model, now_ms: i64, w: &Words) -> Markup {
    let at = figures::ago(model.at_ms, now_ms, w);
    html! {
        h1 { (w.say("exceptions-title")) }
        @if model.at_ms.is_none() {
            p.empty { (w.say("exceptions-counting")) }
            p { a.button href=(address(model.filter, model.page)) { (w.say("exceptions-again")) } }
        } @else {
            p.muted {
                (w.say_with("exceptions-total", &[("count", shown::count(model.total)), ("ago", at.into())]))
            }
            (chips(model, w))
            @if model.sections.is_empty() { p.empty { "● " (w.say("exceptions-none")) } }
            @for section in &model.sections { (self::section(section, model, w)) }
            (pages(model, w))
        }
    }
}

/// What may be asked for: each a link that keeps the rest.
fn chips(model: &Model, w: &Words) -> Markup {
    let filter = model.filter;
    html! {
        nav.sieve aria-label=(w.say("exceptions-by-owner")) {
            ul.chips {
                (chip(Filter { owner: None, kind: None, ..filter }, filter.owner.is_none(), &w.say("exceptions-everybody"), None))
                @for &(owner, count) in &model.owners {
                    @let (zh, en) = owner.title();
                    (chip(Filter { owner: Some(owner), kind: None, ..filter }, filter.owner == Some(owner), w.pick(zh, en), Some(count)))
                }
            }
        }
        nav.sieve aria-label=(w.say("exceptions-by-kind")) {
            ul.chips {
                (chip(Filter { kind: None, ..filter }, filter.kind.is_none(), &w.say("exceptions-all-kinds"), None))
                @for &(kind, count) in &model.kinds {
                    @let (zh, en) = kind.title();
                    (chip(Filter { kind: Some(kind), ..filter }, filter.kind == Some(kind), w.pick(zh, en), Some(count)))
                }
            }
        }
        @if !model.places.is_empty() {
            nav.sieve aria-label=(w.say("exceptions-by-village")) {
                ul.chips {
                    (chip(Filter { village: None, ..filter }, filter.village.is_none(), &w.say("exceptions-all-villages"), None))
                    @for &(village, count) in &model.places {
                        @if let Some(number) = village {
                            @let name = model.villages.get(&number).cloned().unwrap_or_else(|| number.to_string());
                            (chip(Filter { village, ..filter }, filter.village == village, &name, Some(count)))
                        }
                    }
                }
            }
        }
        @if let Some(grower) = filter.grower {
            ul.chips {
                (chip(Filter { grower: None, ..filter }, true, &format!("{grower} ✕"), None))
            }
        }
    }
}

fn chip(to: Filter, here: bool, word: &str, count: Option<usize>) -> Markup {
    html! {
        li { a href=(address(to, 1)) aria-current=[here.then_some("true")] {
            (word) @if let Some(count) = count { " " (figures::grouped(&count.to_string())) }
        } }
    }
}

fn section(section: &Section, model: &Model, w: &Words) -> Markup {
    let Section { kind, count, shown } = section;
    let ((zh, en), rule) = (kind.title(), kind.rule());
    let (owner_zh, owner_en) = kind.owner().title();
    let owner = w.pick(owner_zh, owner_en);
    let counted = &[("count", shown::count(*count)), ("owner", owner.into())];
    html! {
        section.card.kind id=(super::short(*kind)) {
            h2 { (w.pick(zh, en)) " " span.muted { (w.say_with("exceptions-count", counted)) } }
            p { (w.pick(rule.zh, rule.en)) }
            details {
                summary { (w.say("exceptions-ways")) }
                (ways::ways(*kind, None, "", w))
            }
            table.rows {
                thead { tr {
                    th { (w.say("exceptions-whose")) } th { (w.say("exceptions-evidence")) }
                    th { (w.say("exceptions-measure")) } th { (w.say("exceptions-since")) }
                } }
                tbody { @for one in shown { (row(one, w)) } }
            }
            @if model.filter.kind.is_none() && *count > shown.len() {
                p { a href=(address(Filter { kind: Some(*kind), ..model.filter }, 1)) {
                    (w.say_with("exceptions-all", &[("count", shown::count(*count))]))
                } }
            }
        }
    }
}

fn row(one: &Shown, w: &Words) -> Markup {
    html! {
        tr {
            td.wide { a href=(one.address()) { (shown::whose(one, w)) } }
            td.wide { (shown::evidence(one, w)) (shown::reasons(&one.exception, w)) }
            td.wide { (shown::measure(&one.exception, w)) }
            td data-label=(w.say("exceptions-since")) {
                @match one.exception.since {
                    Some(since) => { span.num { (since) } },
                    None => { span.muted { (w.say("exceptions-unknown")) } },
                }
            }
        }
    }
}

/// To the pages before and after, of one kind.
fn pages(model: &Model, w: &Words) -> Markup {
    let last = model.total.div_ceil(A_PAGE).max(1);
    if model.filter.kind.is_none() || last == 1 {
        return html! {};
    }
    let (before, after) = (model.page.saturating_sub(1), model.page.saturating_add(1));
    let values = &[("page", shown::count(model.page)), ("last", shown::count(last))];
    html! {
        nav.pages aria-label=(w.say("exceptions-pages")) {
            span { @if before >= 1 { a href=(address(model.filter, before.min(last))) { (w.say("exceptions-before")) } } }
            span.muted { (w.say_with("exceptions-page", values)) }
            span { @if after <= last { a href=(address(model.filter, after)) { (w.say("exceptions-after")) } } }
        }
    }
}
