//! Why a page was not shown, as a page: what happened, what was kept, what to do.

use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use courtyard_core::store::StoreError;
use maud::html;

use super::layout::Frame;
use super::visitor::Guest;
use super::words::Words;
use crate::command::place;
use crate::grower::{self, Reader};
use crate::node::NodeError;
use crate::office::OfficeError;
use crate::view::ViewError;

/// Why a page was not shown.
#[derive(Debug)]
pub enum PageError {
    /// It is to be sought elsewhere.
    Elsewhere(Redirect),
    /// There is no such page, slip or household.
    NotFound,
    /// The user's role does not allow it.
    MayNot,
    /// The form was too long, or not of this session.
    Form,
    /// Too many tries; so many seconds to wait.
    TooMany(u64),
    /// The office refused, or failed.
    Office(OfficeError),
    /// The view could not be read.
    View(ViewError),
}

impl From<OfficeError> for PageError {
    fn from(error: OfficeError) -> Self {
        PageError::Office(error)
    }
}

impl From<ViewError> for PageError {
    fn from(error: ViewError) -> Self {
        PageError::View(error)
    }
}

impl From<StoreError> for PageError {
    fn from(error: StoreError) -> Self {
        PageError::View(error.into())
    }
}

impl PageError {
    /// Why the office refused, in the reader's language: to be said beside the form.
    pub fn words(refused: OfficeError, words: &Words) -> String {
        let (zh, en) = both(refused);
        words.pick(zh, en)
    }
}

/// Why the office refused, in both languages.
fn both(refused: OfficeError) -> (String, String) {
    let failure = place::failure(NodeError::Office(refused));
    let text = failure.text();
    let (zh, en) = text.split_once('\n').unwrap_or((text, text));
    (zh.to_owned(), en.to_owned())
}

/// What of an error the layer below needs to make a page of it in the reader's language.
#[derive(Debug, Clone)]
struct Told {
    status: StatusCode,
    /// The id of its words; `error-…-title` and `error-…-text`.
    title: &'static str,
    text: &'static str,
    /// What the office said, in both languages.
    said: Option<(String, String)>,
    wait_s: u64,
}

impl Told {
    fn new(status: StatusCode, title: &'static str, text: &'static str) -> Told {
        Told { status, title, text, said: None, wait_s: 0 }
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        let failed = || {
            Told::new(StatusCode::INTERNAL_SERVER_ERROR, "error-failed-title", "error-failed-text")
        };
        let told = match self {
            PageError::Elsewhere(redirect) => return redirect.into_response(),
            PageError::NotFound => {
                Told::new(StatusCode::NOT_FOUND, "error-not-found-title", "error-not-found-text")
            }
            PageError::MayNot => {
                Told::new(StatusCode::FORBIDDEN, "error-may-not-title", "error-may-not-text")
            }
            PageError::Form => {
                Told::new(StatusCode::FORBIDDEN, "error-form-title", "error-form-text")
            }
            PageError::TooMany(wait_s) => {
                let status = StatusCode::TOO_MANY_REQUESTS;
                Told { wait_s, ..Told::new(status, "error-too-many-title", "error-too-many-text") }
            }
            PageError::Office(error @ OfficeError::Command(_)) => {
                let status = StatusCode::UNPROCESSABLE_ENTITY;
                let told = Told::new(status, "error-refused-title", "error-refused-text");
                Told { said: Some(both(error)), ..told }
            }
            PageError::Office(error) => {
                tracing::error!(%error, "a page failed");
                failed()
            }
            PageError::View(error) => {
                tracing::error!(%error, "a page failed");
                failed()
            }
        };
        let mut response = told.status.into_response();
        response.extensions_mut().insert(told);
        response
    }
}

/// An address that could not be read, or that takes no such request, as a page for a browser: what
/// axum says of it is English alone.
fn unreadable(asked: &HeaderMap, answer: &Response) -> Option<Told> {
    let has = |headers: &HeaderMap, name, text: &str| {
        let value = headers.get(name).and_then(|value| value.to_str().ok());
        value.is_some_and(|value| value.contains(text))
    };
    let status = answer.status();
    let is_address =
        [StatusCode::BAD_REQUEST, StatusCode::NOT_FOUND, StatusCode::METHOD_NOT_ALLOWED]
            .contains(&status);
    let is_page = has(answer.headers(), header::CONTENT_TYPE, "text/html");
    (is_address && !is_page && has(asked, header::ACCEPT, "text/html"))
        .then(|| Told::new(status, "error-not-found-title", "error-not-found-text"))
}

/// Makes pages of errors, in the language of who asked.
pub(crate) async fn show(request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let (guest, reader) = (Guest::of(&parts), Reader::of(&parts));
    let mut response = next.run(Request::from_parts(parts.clone(), body)).await;
    let told = response.extensions_mut().remove::<Told>();
    let Some(told) = told.or_else(|| unreadable(&parts.headers, &response)) else {
        return response;
    };
    let words = guest.words;
    // A household, or who checks a slip, has nothing to seek in the office.
    let own = grower::home(&guest.here);
    let body = html! {
        h1 { (words.say(told.title)) }
        @if let Some((zh, en)) = &told.said { p.said { (words.pick(zh, en)) } }
        @if told.wait_s > 0 {
            p { (words.say_with("error-wait", &[("seconds", told.wait_s.into())])) }
        }
        p { (words.say(told.text)) }
        p { a.button href=(own.unwrap_or("/")) { (words.say("error-home")) } }
    };
    let title = words.say(told.title);
    let page = match own {
        Some(_) => grower::told(&reader, &title, body),
        None => Frame::guest(&guest, &title).show(body),
    };
    (told.status, page).into_response()
}
