//! 长辈版: everything one step larger, kept in a cookie of its own.

use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;

use crate::app::App;
use crate::web::language::Back;
use crate::web::{Access, Page, session};

/// The cookie that keeps the choice.
pub(super) const COOKIE: &str = "elder";
/// A year.
const KEPT_S: i64 = 365 * 24 * 3_600;

pub(super) fn pages() -> Vec<Page> {
    vec![Page::behind("/g/look/{size}", Access::Open, get(choose))]
}

async fn choose(
    State(app): State<App>,
    Path(size): Path<String>,
    Query(back): Query<Back>,
) -> Response {
    let (value, lives_s) = if size == "elder" { ("1", KEPT_S) } else { ("", 0) };
    let cookie = session::set_cookie(&app, COOKIE, value, Some(lives_s));
    ([(header::SET_COOKIE, cookie)], Redirect::to(back.here())).into_response()
}
