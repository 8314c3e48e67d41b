//! `/events`: tells open pages that the view shows something new (server-sent events).

use std::convert::Infallible;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use futures_util::stream;

use crate::app::App;
use crate::web::{Access, Official, Page, PageError};

pub(super) fn pages() -> Vec<Page> {
    vec![Page::behind("/events", Access::Office, get(events))]
}

/// One event for each time that the view has caught up, until the reader goes or the server stops.
async fn events(State(app): State<App>, _: Official) -> Result<Response, PageError> {
    let Some(shown) = app.readers().shown() else { return Err(PageError::NotFound) };
    let news = stream::unfold(shown, async |mut shown| {
        shown.changed().await.ok()?;
        let now = *shown.borrow_and_update();
        let event = Event::default().event("shown").data(now.number.to_string());
        (!now.stopping).then_some((Ok::<_, Infallible>(event), shown))
    });
    Ok(Sse::new(news).keep_alive(KeepAlive::default()).into_response())
}
