//! `/g`: this month in large figures, what is unpaid, twelve months, and what was objected to.

use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use courtyard_core::domain::{BusinessDate, Fen, Kind, Month};
use courtyard_core::ledger::words::Thread;
use courtyard_core::store::Store;
use maud::{Markup, html};

use super::books::{Books, MonthOf, objections};
use super::chart::{self, Bar};
use super::frame::{self, figure, jin, month as named, yuan};
use super::objection::state;
use super::sign_in::whose;
use super::unpaid::Unpaid;
use super::visitor::Household;
use crate::app::App;
use crate::web::{Access, Page, PageError, Words};

/// Months in the chart.
const MONTHS: usize = 12;

pub(super) fn pages() -> Vec<Page> {
    vec![Page::shown("/g", Access::Grower, get(show))]
}

/// What the page shows.
struct Model {
    books: Books,
    today: BusinessDate,
    now: MonthOf,
    unpaid: Unpaid,
    bars: Vec<Bar>,
    objections: Vec<Thread>,
}

fn read(
    app: &App,
    store: &Store,
    household: &Household,
    today: BusinessDate,
) -> Result<Model, PageError> {
    let books = Books::read(app, store, household.grower)?;
    let unpaid = Unpaid::read(store, &books)?;
    let numbers: Vec<_> = books.numbers.iter().map(|number| number.grower).collect();
    let objections = objections(store, &numbers)?;
    let month = today.month();
    Ok(Model {
        now: books.month(month)?,
        bars: bars(&books, month)?,
        books,
        today,
        unpaid,
        objections,
    })
}

/// The twelve months up to this one.
fn bars(books: &Books, last: Month) -> Result<Vec<Bar>, PageError> {
    let moved = books.moved()?;
    let of = |month: &Month| moved.get(month).copied().unwrap_or_default();
    let months: Vec<Month> =
        std::iter::successors(Some(last), |month| Some(month.before())).take(2 * MONTHS).collect();
    let (year, year_before) = months.split_at(MONTHS.min(months.len()));
    let mut bars: Vec<Bar> = year
        .iter()
        .zip(year_before)
        .map(|(month, before)| Bar {
            month: *month,
            gross: of(month).gross,
            paid: of(month).paid,
            weight: books.weight(*month),
            before: of(before).gross,
        })
        .collect();
    bars.reverse();
    Ok(bars)
}

fn page(model: &Model, household: &Household) -> Markup {
    let w = &household.reader.words;
    let (now, month) = (&model.now, model.today.month());
    let numbers: Vec<String> = model.books.numbers.iter().map(|n| n.grower.to_string()).collect();
    html! {
        (whose(&model.books.name, &model.books.village, &numbers))
        h1 { (named(month, w)) }
        dl.figures {
            (figure(&w.say("grower-delivered"), jin(now.weight, w), None))
            (figure(&w.say("grower-gross"), yuan(now.gross), None))
            (figure(&w.say("grower-paid-month"), yuan(now.paid), repaid(now, w)))
            div.figure {
                dt { (w.say("grower-unpaid-now")) }
                dd { (yuan(model.unpaid.total)) (model.unpaid.words(model.today, w)) }
            }
        }
        (slips(model, w))
        h2 { (w.say("grower-year")) }
        (chart::bars(&model.bars, household.reader.elder, w))
        (chart::table(&model.bars, w))
        h2 { (w.say("grower-objections")) }
        @if model.objections.is_empty() { p { (w.say("grower-objections-none")) } }
        ul.plain {
            @for thread in model.objections.iter().take(5) {
                li {
                    a href=(address(thread, &model.books)) { (thread.target) } " "
                    (state(thread, w))
                }
            }
        }
        p.hint { (w.say("grower-gross-hint")) }
    }
}

/// The way to the slips of this month; if there is none, to those of the last month that has some.
fn slips(model: &Model, w: &Words) -> Markup {
    let count = model.now.slips.len();
    if count > 0 {
        let (month, values) = (model.today.month(), [("count", count.into())]);
        return html! { p { a.button href={ "/g/month/" (month) } { (w.say_with("grower-slips-of", &values)) } } };
    }
    let last = model.bars.iter().rev().find(|bar| bar.gross != Fen::ZERO).map(|bar| bar.month);
    html! {
        p { (w.say("grower-nothing-yet")) }
        @if let Some(last) = last {
            p { a.button href={ "/g/month/" (last) } { (w.say_with("grower-slips-last", &[("month", named(last, w).into())])) } }
        }
    }
}

/// What was kept back for debts in a month, if anything was.
pub(super) fn repaid(month: &MonthOf, w: &Words) -> Option<Markup> {
    (month.repaid != Default::default())
        .then(|| html! { (w.say("grower-repaid")) " " (yuan(month.repaid)) })
}

/// The page of what a thread is about.
fn address(thread: &Thread, books: &Books) -> String {
    let target = books.entries().find(|arrived| arrived.id == thread.target);
    let is_slip = target.is_some_and(|a| a.entry.body.kind() == Some(Kind::Slip));
    format!("/g/{}/{}", if is_slip { "slip" } else { "payout" }, thread.target)
}

async fn show(State(app): State<App>, household: Household) -> Result<Response, PageError> {
    let today = BusinessDate::at(app.now_ms().div_euclid(1_000));
    let model = app.readers().read(|store| read(&app, store, &household, today))?;
    let title = household.reader.words.say("grower-title");
    Ok(frame::own(&household, &title, page(&model, &household)))
}
