//! Who asks for a page: anybody, or a user of the office who has signed in.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, Uri, header};
use axum::response::Redirect;
use courtyard_core::domain::units::text::Language;

use super::error::PageError;
use super::session::{self, PageToken};
use super::words::Words;
use crate::app::App;
use crate::log::PageUser;
use crate::news::News;
use crate::office::acting::Role;

/// Somebody who asks for a page.
#[derive(Debug, Clone)]
pub struct Guest {
    /// In their language.
    pub words: Words,
    /// The address that was asked for, with its query; to come back to. After a form, the page
    /// that it was sent from.
    pub here: String,
    /// The session's secret for forms, if the browser has a session.
    pub csrf: Option<String>,
}

impl Guest {
    /// Reads it from a request's head.
    pub fn of(parts: &Parts) -> Guest {
        let here = match parts.method {
            Method::GET | Method::HEAD => {
                parts.uri.path_and_query().map(|path| path.as_str().to_owned())
            }
            _ => from(&parts.headers),
        };
        let csrf = PageToken::of(&parts.headers).map(|token| token.csrf());
        let here = here.unwrap_or_else(|| "/".to_owned());
        Guest { words: Words::of(language(parts)), here, csrf }
    }
}

/// The page that a form was sent from.
fn from(headers: &HeaderMap) -> Option<String> {
    let page: Uri = headers.get(header::REFERER)?.to_str().ok()?.parse().ok()?;
    page.path_and_query().map(|path| path.as_str().to_owned())
}

/// The language that was chosen on a page, else the first that the browser asks for; Chinese where
/// it says neither.
fn language(parts: &Parts) -> Language {
    if let Some(chosen) = session::cookie(&parts.headers, super::language::COOKIE) {
        return super::language::by_tag(chosen);
    }
    let asked = parts.headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    asked
        .into_iter()
        .flat_map(|line| line.split(','))
        .map(str::trim)
        .find_map(|tag| match tag.get(..2) {
            Some("zh") => Some(Language::Zh),
            Some("en") => Some(Language::En),
            _ => None,
        })
        .unwrap_or_default()
}

impl FromRequestParts<App> for Guest {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, PageError> {
        Ok(Guest::of(parts))
    }
}

/// A user of the office who has signed in.
#[derive(Debug, Clone)]
pub struct Official {
    /// In their language.
    pub words: Words,
    /// The address that was asked for, with its query.
    pub here: String,
    /// The name they signed in with.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// The session.
    pub token: PageToken,
    /// What stood when the page was asked for, for it to hear what came since.
    pub news: String,
}

impl Official {
    /// Whether the user's role is one of these.
    pub fn may(&self, roles: &[Role]) -> bool {
        roles.contains(&self.role)
    }
}

impl FromRequestParts<App> for Official {
    type Rejection = PageError;

    /// Signed in, or sent to do so and then back here; to the set-up where nobody can.
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, PageError> {
        let Guest { words, here, .. } = Guest::of(parts);
        if let Some(token) = PageToken::of(&parts.headers)
            && let Some(PageUser::Office(name)) = session::whose(app, &token)?
            // The role as it is now: who was given another one need not sign in again.
            && let Some(user) = app.read(|reads| Ok(reads.user(&name)?))?
            && let Some(role) = Role::by_word(&user.role)
        {
            let news = News::of(app).map(|news| news.text()).unwrap_or_default();
            return Ok(Official { words, here, name, role, token, news });
        }
        if app.read(|reads| Ok(reads.users()?.is_empty()))? {
            return Err(PageError::Elsewhere(Redirect::to("/setup")));
        }
        let back: String = form_urlencoded::byte_serialize(here.as_bytes()).collect();
        Err(PageError::Elsewhere(Redirect::to(&format!("/sign-in?back={back}"))))
    }
}
