//! `/`: the season at a glance: what was bought today, this month and this season, where and of
//! what, which phones are heard, and what waits for the office.

mod charts;
mod model;
mod page;
mod phones;

use axum::extract::{Query, State};
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;

use crate::app::App;
use crate::exceptions;
use crate::web::{Access, Frame, Official, Page, PageError};

use model::Model;

pub(super) fn pages() -> Vec<Page> {
    vec![Page::shown("/", Access::Office, get(show))]
}

/// What an address asks for.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    /// The season's year; the newest with a purchase if it is none.
    #[serde(default)]
    year: String,
}

async fn show(
    State(app): State<App>,
    official: Official,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let now_ms = app.now_ms();
    let mut model =
        app.readers().read(|store| Model::read(store, now_ms, asked.year.parse().ok()))?;
    model.phones = app.read(|reads| Ok(phones::read(reads, now_ms, model.silent_days)?))?;
    model.open = exceptions::board(&app)?;
    let title = official.words.say("overview-title");
    Ok(Frame::office(&official, &title).live().show(page::page(&model, &official)))
}

#[cfg(test)]
mod tests;
