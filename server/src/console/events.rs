//! `/events`: tells open pages what they may show by now (server-sent events).

use std::convert::Infallible;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use futures_util::stream;

use crate::app::App;
use crate::news::News;
use crate::web::{Access, Official, Page, PageError};

pub(super) fn pages() -> Vec<Page> {
    vec![Page::behind("/events", Access::Office, get(events))]
}

/// What stands at once, since a page may have missed something before it listened; then each change
/// of it, until the reader goes or the server stops.
async fn events(State(app): State<App>, _: Official) -> Result<Response, PageError> {
    let Some(news) = News::of(&app) else { return Err(PageError::NotFound) };
    let news = stream::unfold((news, true), async |(mut news, at_once)| {
        if !at_once {
            news.changed().await?;
        }
        let event = Event::default().event("shown").data(news.text());
        Some((Ok::<_, Infallible>(event), (news, false)))
    });
    Ok(Sse::new(news).keep_alive(KeepAlive::default()).into_response())
}
