//! `/g/month/{month}`: the slips of a month in full, what was paid, and what else moved.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use axum::routing::get;
use courtyard_core::domain::{Body, BusinessDate, EntryId, Fen, Kind, Month, UnitError};
use courtyard_core::ledger::{
    Account, Posted, SlipRecord, State as Stands, StatedDebt, StatedSlip,
};
use courtyard_core::store::Store;
use maud::{Markup, html};
use serde::Deserialize;

use super::books::{Books, MonthOf, Products, too_large};
use super::frame::{self, day, figure, jin, month as named, yuan};
use super::home::repaid;
use super::lines::lines;
use super::payout::debt;
use super::visitor::Household;
use crate::app::App;
use crate::command::entry::kind_zh;
use crate::web::{Access, Page, PageError, Words, figures};

/// Slips on one page: with everything explained it stays small.
const SLIPS: usize = 8;

pub(super) fn pages() -> Vec<Page> {
    vec![Page::shown("/g/month/{month}", Access::Grower, get(show))]
}

/// Which part of the month.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Part {
    page: usize,
}

/// What the page shows.
struct Model {
    month: Month,
    of: MonthOf,
    slips: Vec<(StatedSlip, Option<SlipRecord>)>,
    /// Slips of the month's days that do not count: held or refused.
    uncounted: Vec<(EntryId, BusinessDate, Stands)>,
    page: usize,
    last: usize,
    products: Products,
}

fn read(
    app: &App,
    store: &Store,
    household: &Household,
    month: Month,
    page: usize,
) -> Result<Model, PageError> {
    let books = Books::read(app, store, household.grower)?;
    let of = books.month(month)?;
    let mut slips = Vec::new();
    for slip in of.slips.iter().skip(page.saturating_mul(SLIPS)).take(SLIPS) {
        slips.push((slip.clone(), store.slip(slip.id)?));
    }
    let mut uncounted = Vec::new();
    for arrived in books.entries() {
        let date = arrived.entry.envelope.date;
        if matches!(arrived.entry.body, Body::Slip(_))
            && date.month() == month
            && let Some(slip) = store.slip(arrived.id)?
            && !slip.state.ever_counted()
        {
            uncounted.push((slip.id, date, slip.state));
        }
    }
    let last = of.slips.len().saturating_sub(1) / SLIPS;
    Ok(Model { month, slips, uncounted, page, last, products: Products::read(store)?, of })
}

fn page(model: &Model, w: &Words) -> Result<Markup, UnitError> {
    let of = &model.of;
    let moved = moved(&of.rows)?;
    Ok(html! {
        h1 { (named(model.month, w)) }
        @if of.closed { p { span.good { "● " (w.say("grower-closed")) } } }
        dl.figures {
            (figure(&w.say("grower-delivered"), jin(of.weight, w), None))
            (figure(&w.say("grower-gross"), yuan(of.gross), corrected(of, w)))
            (figure(&w.say("grower-paid-month"), yuan(of.paid), repaid(of, w)))
            @if of.closed { (figure(&w.say("grower-unpaid-then"), yuan(of.unpaid), None)) }
        }
        h2 { (w.say("grower-slips")) }
        @if model.slips.is_empty() && model.uncounted.is_empty() { p { (w.say("grower-slips-none")) } }
        @for (id, date, state) in &model.uncounted {
            p { a href={ "/g/slip/" (id) } { (day(*date, w)) " " (id) } " " (figures::state(*state, w)) }
        }
        @for (slip, now) in &model.slips { (card(slip, now.as_ref(), &model.products, w)) }
        @if model.last > 0 { (turn(model, w)) }
        @if model.page == 0 {
            @if !moved.is_empty() {
                h2 { (w.say("grower-moved")) }
                ul.plain { @for (row, change) in &moved { li { (movement(row, *change, w)) } } }
            }
            @if !of.debts.is_empty() {
                h2 { (w.say("grower-debts")) }
                ul.plain { @for debt in &of.debts { li { (owed(debt, w)) } } }
            }
        }
    })
}

fn corrected(of: &MonthOf, w: &Words) -> Option<Markup> {
    (of.corrected != Fen::ZERO)
        .then(|| html! { (w.say("grower-corrected")) " " (yuan(of.corrected)) })
}

/// One slip with everything explained.
fn card(slip: &StatedSlip, now: Option<&SlipRecord>, products: &Products, w: &Words) -> Markup {
    html! {
        section.card {
            h3.row {
                a href={ "/g/slip/" (slip.id) } { (day(slip.date, w)) }
                (yuan(slip.amount))
            }
            p.hint {
                span.num { (slip.id) }
                @if slip.late { " · " (w.say("grower-late")) }
                @if let Some(now) = now { " · " (stands(now, w)) }
            }
            (lines(&slip.lines, products, w))
        }
    }
}

/// How a slip stands now, in words.
fn stands(slip: &SlipRecord, w: &Words) -> Markup {
    if !slip.state.stands() {
        return figures::state(slip.state, w);
    }
    html! {
        @if slip.remaining == Fen::ZERO && !slip.has_unfixed_line() { span.good { "● " (w.say("grower-settled-up")) } }
        @else { span.wait { "○ " (w.say("grower-unpaid")) " " (yuan(slip.remaining)) } }
        @if !slip.changes.is_empty() { " · " (w.say("grower-changed")) }
    }
}

/// The way to the other slips of the month.
fn turn(model: &Model, w: &Words) -> Markup {
    let to = |page: usize| format!("/g/month/{}?page={page}", model.month);
    html! {
        p.turn {
            @if let Some(before) = model.page.checked_sub(1) { a.button.second href=(to(before)) { "← " (w.say("grower-newer")) } }
            @if model.page < model.last { a.button.second href=(to(model.page.saturating_add(1))) { (w.say("grower-older")) " →" } }
        }
    }
}

/// What moved in the month besides slips, with the change of what is owed to the household.
fn moved(rows: &[Posted]) -> Result<Vec<(&Posted, Fen)>, UnitError> {
    let mut all = Vec::new();
    // Slips stand above; what is reserved for the bank moves nothing yet.
    let shown = |row: &&Posted| {
        !matches!(Kind::from_number(row.kind), Some(Kind::Slip | Kind::BankReserve))
    };
    for row in rows.iter().filter(shown) {
        let mut change = Fen::ZERO;
        for posting in &row.postings {
            if matches!(posting.credit, Account::Payable { .. }) {
                change = change.plus(posting.amount)?;
            }
            if matches!(posting.debit, Account::Payable { .. }) {
                change = change.minus(posting.amount)?;
            }
        }
        all.push((row, change));
    }
    Ok(all)
}

fn movement(row: &Posted, change: Fen, w: &Words) -> Markup {
    let kind = Kind::from_number(row.kind);
    let paid = matches!(kind, Some(Kind::Payout | Kind::BankResult));
    let word = match kind {
        Some(Kind::Payout) => w.say("grower-in-cash"),
        Some(Kind::BankResult) if change == Fen::ZERO => w.say("grower-not-by-bank"),
        Some(Kind::BankResult) => w.say("grower-by-bank"),
        _ => w.pick(kind_zh(kind).to_owned(), row.kind_name().replace('_', " ")),
    };
    // What was paid is said as what came, not as what is owed less.
    let amount = if paid { change.negated().unwrap_or_default() } else { change };
    let name = html! { (day(row.date, w)) " " (word) };
    html! {
        span.row {
            @if paid { a href={ "/g/payout/" (row.id) } { (name) } } @else { span { (name) " " span.hint.num { (row.id) } } }
            @if amount != Fen::ZERO { (yuan(amount)) }
        }
    }
}

fn owed(stated: &StatedDebt, w: &Words) -> Markup {
    let values = [
        ("what", w.say(debt(stated.kind)).into()),
        ("amount", stated.amount.text().into()),
        ("left", stated.left.text().into()),
        ("day", day(stated.due, w).into()),
    ];
    html! { (w.say_with("grower-debt", &values)) " " span.hint.num { (stated.id) } }
}

async fn show(
    State(app): State<App>,
    household: Household,
    Path(month): Path<String>,
    Query(part): Query<Part>,
) -> Result<Response, PageError> {
    let month: Month = month.parse().map_err(|_| PageError::NotFound)?;
    let model = app.readers().read(|store| read(&app, store, &household, month, part.page))?;
    let w = &household.reader.words;
    let body = page(&model, w).map_err(too_large)?;
    Ok(frame::own(&household, &named(month, w), body))
}
