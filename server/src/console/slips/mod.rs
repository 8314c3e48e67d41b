//! `/slips`: every slip, found by filters or a search, with totals of what is found and downloads
//! of exactly that.

mod asked;
mod download;
mod list;

use axum::extract::{Query, State};
use axum::response::Response;
use axum::routing::get;
use courtyard_core::domain::village::Village;
use courtyard_core::domain::{GrowerId, ProductNo};
use courtyard_core::store::{SelectionTotals, SlipPage, SlipRow, Store, StoreError};

use self::asked::Asked;
use crate::app::App;
use crate::web::{Access, Frame, Official, Page, PageError};

/// Slips on one page.
const ROWS: u32 = 50;

pub(super) fn pages() -> Vec<Page> {
    let mut pages = vec![Page::shown("/slips", Access::Office, get(show))];
    pages.extend(download::pages());
    pages
}

/// What the page shows.
struct Model {
    asked: Asked,
    /// The field that could not be read.
    unread: Option<&'static str>,
    rows: Vec<Row>,
    page: SlipPage,
    totals: SelectionTotals,
    villages: Vec<Village>,
    products: Vec<(ProductNo, String)>,
    /// The household that was asked for, by name.
    grower: Option<(GrowerId, String)>,
    /// Whether there is any slip at all.
    is_begun: bool,
}

/// A slip with the names of its day.
struct Row {
    slip: SlipRow,
    name: String,
    village: String,
    products: Vec<String>,
}

fn read(store: &Store, asked: Asked) -> Result<Model, StoreError> {
    let (selection, unread) = asked.selection();
    let page = store.slip_page(&selection, asked.turn(), ROWS)?;
    let totals = store.slip_totals(&selection)?;
    let villages = store.villages()?;
    let products: Vec<_> = store.products()?.into_iter().map(|p| (p.number, p.name)).collect();
    let mut rows = Vec::new();
    for slip in &page.rows {
        let village = villages.iter().find(|village| Some(village.number) == slip.village);
        let bought = store.products_on(slip.id)?.into_iter().map(|number| {
            let known = products.iter().find(|(other, _)| *other == number);
            known.map_or_else(|| number.to_string(), |(_, name)| name.clone())
        });
        rows.push(Row {
            name: store.name_on(slip.grower, slip.date)?.unwrap_or_default(),
            village: village.map_or_else(String::new, |village| village.name.clone()),
            products: bought.collect(),
            slip: slip.clone(),
        });
    }
    let grower = match selection.grower {
        Some(id) => Some((id, store.grower(id)?.map(|row| row.name).unwrap_or_default())),
        None => None,
    };
    let is_begun = totals.slips() > 0 || store.slip_totals(&Default::default())?.slips() > 0;
    Ok(Model { asked, unread, rows, page, totals, villages, products, grower, is_begun })
}

async fn show(
    State(app): State<App>,
    official: Official,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let model = app.readers().read(|store| read(store, asked).map_err(PageError::from))?;
    let title = official.words.say("slips-title");
    Ok(Frame::office(&official, &title).live().show(list::page(&model, &official.words)))
}

#[cfg(test)]
mod tests;
