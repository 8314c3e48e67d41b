//! Choosing the language of the pages.

use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use courtyard_core::domain::units::text::Language;
use serde::Deserialize;

use super::{Access, Page, session};
use crate::app::App;

/// The cookie that keeps the choice.
pub(super) const COOKIE: &str = "language";
/// A year.
const KEPT_S: i64 = 365 * 24 * 3_600;

/// Where to go on.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Back {
    /// The address to come back to.
    pub back: String,
}

impl Back {
    /// An address of ours and nobody else's.
    pub fn here(&self) -> &str {
        let ours = self.back.starts_with('/')
            && !self.back.starts_with("//")
            && !self.back.contains(|c: char| c == '\\' || c.is_control());
        if ours { &self.back } else { "/" }
    }
}

/// The language that a tag names; Chinese for an unknown one.
pub(super) fn by_tag(tag: &str) -> Language {
    if tag == "en" { Language::En } else { Language::Zh }
}

pub(super) fn pages() -> Vec<Page> {
    vec![Page::behind("/language/{tag}", Access::Open, get(choose))]
}

async fn choose(
    State(app): State<App>,
    Path(tag): Path<String>,
    Query(back): Query<Back>,
) -> Response {
    let tag = match by_tag(&tag) {
        Language::Zh => "zh-CN",
        Language::En => "en",
    };
    let cookie = session::set_cookie(&app, COOKIE, tag, Some(KEPT_S));
    ([(header::SET_COOKIE, cookie)], Redirect::to(back.here())).into_response()
}

#[cfg(test)]
mod tests {
    use super::Back;

    #[test]
    fn an_address_elsewhere_is_not_gone_to() {
        let goes = |back: &str| Back { back: back.to_owned() }.here().to_owned();
        assert_eq!(goes("/slips?village=1"), "/slips?village=1");
        for elsewhere in
            ["https://evil.example", "//evil.example", "/\\evil.example", "/\t/evil.example", ""]
        {
            assert_eq!(goes(elsewhere), "/");
        }
    }
}
