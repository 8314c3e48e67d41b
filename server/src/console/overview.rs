//! `/`: the season at a glance.

use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use courtyard_core::domain::{BusinessDate, Fen, Grams};
use courtyard_core::store::{Store, StoreError};
use maud::{Markup, html};

use crate::app::App;
use crate::web::{Access, Frame, Official, Page, PageError, Words, figures};

pub(super) fn pages() -> Vec<Page> {
    vec![Page::shown("/", Access::Office, get(show))]
}

/// What the page shows.
struct Model {
    slips: i64,
    net: Grams,
    amount: Fen,
}

fn read(store: &Store, _today: BusinessDate) -> Result<Model, StoreError> {
    let headline = store.headline(BusinessDate::FIRST, BusinessDate::LAST)?;
    let total = headline.total;
    Ok(Model { slips: total.slips, net: total.net, amount: total.amount })
}

fn page(model: &Model, w: &Words) -> Markup {
    html! {
        h1 { (w.say("overview-title")) }
        div #overview data-live="#overview" {
            p.figure { (figures::jin(model.net, w)) }
            p.figure { (figures::yuan(model.amount)) }
            p { (w.say_with("overview-slips", &[("count", model.slips.into())])) }
        }
    }
}

async fn show(State(app): State<App>, official: Official) -> Result<Response, PageError> {
    let today = BusinessDate::at(app.now_ms().div_euclid(1_000));
    let model = app.readers().read(|store| read(store, today).map_err(PageError::from))?;
    let title = official.words.say("overview-title");
    Ok(Frame::office(&official, &title).live().show(page(&model, &official.words)))
}
