//! `/slips/{id}`: one slip with everything about it, back to the phone, the signature and the rule;
//! `/slips/{id}/print` is the same as paper (收购单).

mod head;
mod history;
mod lines;
mod money;
mod print;
mod proof;
mod read;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use courtyard_core::domain::{Body, BusinessDate, EntryId};
use courtyard_core::store::Store;
use maud::{Markup, html};

use self::read::Model;
use crate::app::App;
use crate::web::{Access, Frame, Official, Page, PageError, Words, figures};

pub(super) fn pages() -> Vec<Page> {
    vec![
        Page::shown("/slips/{id}", Access::Office, get(show)),
        Page::shown("/slips/{id}/print", Access::Office, get(show_print)),
    ]
}

/// A slip, or why there is none under a number.
enum Found {
    Slip(Box<Model>),
    /// Not a number of any slip.
    NoNumber,
    /// The number is not here; the last that its phone sent, if it sent any.
    Missing(Option<EntryId>),
    /// It is an entry of another kind.
    Other(EntryId, Box<Body>),
}

fn find(store: &Store, text: &str, server: Option<&str>) -> Result<Found, PageError> {
    let Ok(id) = text.parse::<EntryId>() else { return Ok(Found::NoNumber) };
    let Some(entry) = store.entry(id)? else {
        return Ok(Found::Missing(store.last_of(id.device)?));
    };
    if !matches!(entry.arrived.entry.body, Body::Slip(_)) {
        return Ok(Found::Other(id, Box::new(entry.arrived.entry.body)));
    }
    Ok(match Model::read(store, id, server)? {
        Some(model) => Found::Slip(Box::new(model)),
        None => Found::Missing(store.last_of(id.device)?),
    })
}

async fn show(
    State(app): State<App>,
    official: Official,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let found = app.readers().read(|store| find(store, &id, app.address()))?;
    let w = &official.words;
    Ok(match found {
        Found::Slip(model) => {
            let title = format!("{} {}", w.say("slip-title"), model.slip.id);
            let today = BusinessDate::at(app.now_ms().div_euclid(1_000));
            Frame::office(&official, &title).live().show(page(&model, today, w))
        }
        other => missing(&official, &other, &id),
    })
}

async fn show_print(
    State(app): State<App>,
    official: Official,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let found = app.readers().read(|store| find(store, &id, app.address()))?;
    Ok(match found {
        Found::Slip(model) => print::show(&model, &official.words),
        other => missing(&official, &other, &id),
    })
}

fn page(model: &Model, today: BusinessDate, w: &Words) -> Markup {
    html! {
        div #slip data-live="#slip" {
            (head::head(model, w))
            div.cards.wide {
                section.card { (lines::lines(model, w)) }
                section.card { (money::money(model, today, w)) }
                section.card { (head::people(model, w)) }
                section.card { (proof::proof(model, w)) }
                section.card { (history::threads(model, w)) }
                section.card { (history::history(model, w)) }
            }
        }
    }
}

/// No such slip: what the number is, and where to look.
fn missing(official: &Official, found: &Found, asked: &str) -> Response {
    let w = &official.words;
    let title = w.say("slip-missing-title");
    let asked: String = asked.chars().take(40).collect();
    let query: String = form_urlencoded::byte_serialize(asked.as_bytes()).collect();
    let body = html! {
        h1 { (title) ": " span.num { (asked) } }
        @match found {
            Found::Other(id, body) => {
                @let kind = figures::kind(body.kind(), w);
                p { (w.say_with("slip-is-other", &[("id", id.to_string().into()), ("kind", kind.into())])) }
                @for target in body.named() {
                    p { a href={ "/slips/" (target) } { (target) } }
                }
            }
            Found::Missing(last) => {
                p { (w.say("slip-missing")) }
                @if let Some(last) = last {
                    p { (w.say_with("slip-last", &[("id", last.to_string().into())])) }
                }
            }
            Found::NoNumber | Found::Slip(_) => p { (w.say("slip-no-number")) },
        }
        p { a.button href={ "/slips?q=" (query) } { (w.say("slip-search")) } }
        p { a href="/villages" { (w.say("slip-phones")) } }
    };
    let page = Frame::office(official, &title).show(body);
    (StatusCode::NOT_FOUND, page).into_response()
}

#[cfg(test)]
mod tests;
