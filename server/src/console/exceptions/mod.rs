//! `/exceptions`: what the office should look at, by kind, with what shows it and what settles it;
//! `/exceptions/{kind}/{about}` is one of them in full.

mod list;
mod one;
mod said;
mod shown;
mod ways;

#[cfg(test)]
mod tests;

use axum::extract::{Path, Query, State};
use axum::response::Response;
use axum::routing::get;
use courtyard_core::domain::{GrowerId, VillageNo};
use courtyard_core::ledger::exceptions::{ExceptionKind, Owner};
use serde::Deserialize;

use crate::app::App;
use crate::exceptions::{Filter, board};
use crate::web::{Access, Frame, Official, Page, PageError};

pub(super) fn pages() -> Vec<Page> {
    vec![
        Page::shown("/exceptions", Access::Office, get(show)),
        Page::shown("/exceptions/{kind}/{about}", Access::Office, get(show_one)),
    ]
}

/// What the address asks for; what makes no sense is not asked.
#[derive(Debug, Clone, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    village: String,
    #[serde(default)]
    owner: String,
    #[serde(default)]
    grower: String,
    #[serde(default)]
    page: String,
}

impl Asked {
    fn filter(&self) -> Filter {
        Filter {
            kind: ExceptionKind::by_code(&self.kind),
            village: self.village.parse().ok().map(VillageNo::new),
            owner: Owner::by_name(&self.owner),
            grower: self.grower.trim().parse().ok(),
        }
    }

    /// Counted from 1.
    fn page(&self) -> usize {
        self.page.parse().unwrap_or(1).max(1)
    }
}

/// The address of the list under a filter.
pub(super) fn address(filter: Filter, page: usize) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    if let Some(kind) = filter.kind {
        query.append_pair("kind", short(kind));
    }
    if let Some(village) = filter.village {
        query.append_pair("village", &village.get().to_string());
    }
    if let Some(owner) = filter.owner {
        query.append_pair("owner", owner.name());
    }
    if let Some(grower) = filter.grower {
        query.append_pair("grower", &grower.to_string());
    }
    if page > 1 {
        query.append_pair("page", &page.to_string());
    }
    let query = query.finish();
    if query.is_empty() { "/exceptions".to_owned() } else { format!("/exceptions?{query}") }
}

/// The code of a kind as it stands in addresses.
fn short(kind: ExceptionKind) -> &'static str {
    let code = kind.rule().code;
    code.strip_prefix("exception.").unwrap_or(code)
}

async fn show(
    State(app): State<App>,
    official: Official,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let board = board(&app)?;
    let now_ms = app.now_ms();
    let (filter, page) = (asked.filter(), asked.page());
    let model = app.readers().read(|store| list::read(store, board.as_deref(), filter, page))?;
    let title = official.words.say("exceptions-title");
    Ok(Frame::office(&official, &title).show(list::page(&model, now_ms, &official.words)))
}

async fn show_one(
    State(app): State<App>,
    official: Official,
    Path((kind, about)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let kind = ExceptionKind::by_code(&kind).ok_or(PageError::NotFound)?;
    let board = board(&app)?;
    let model = app.readers().read(|store| one::read(store, board.as_deref(), kind, &about))?;
    let (zh, en) = kind.title();
    let title = official.words.pick(zh, en);
    Ok(Frame::office(&official, title).show(one::page(&model, &official.words)))
}

/// What one of them is about, in an address: a household where there is one for each household,
/// else the first entry that shows it, else its subject.
fn about(exception: &courtyard_core::ledger::exceptions::Exception) -> String {
    let by_household = matches!(
        exception.kind,
        ExceptionKind::OverduePayable
            | ExceptionKind::PriceUnfixed
            | ExceptionKind::UnregisteredGrower
    );
    let household = exception.grower.filter(|_| by_household).map(|g: GrowerId| g.to_string());
    let first = exception.evidence.first().map(ToString::to_string);
    household.or(first).or(exception.subject.clone()).unwrap_or_default()
}
