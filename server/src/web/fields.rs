//! What a form sent. A form of somebody who signed in carries its session's secret.

use std::collections::BTreeMap;

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequest, Request};

use super::error::PageError;
use super::session::{self, PageToken};
use crate::app::App;

/// The longest form: a few pages of text.
const MOST_BYTES: usize = 64 * 1024;
/// The field that carries the session's secret.
pub const CSRF: &str = "csrf";

/// The fields of a form, by name; of a repeated one the last.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fields(BTreeMap<String, String>);

impl Fields {
    /// What was typed, without spaces around it; empty if the field is not there.
    pub fn text(&self, name: &str) -> &str {
        self.0.get(name).map_or("", |text| text.trim())
    }

    /// Exactly what was typed: for passwords.
    pub fn exact(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }
}

impl FromRequest<App> for Fields {
    type Rejection = PageError;

    async fn from_request(request: Request<Body>, app: &App) -> Result<Self, PageError> {
        let token = PageToken::of(request.headers());
        let bytes = to_bytes(request.into_body(), MOST_BYTES).await.map_err(|_| PageError::Form)?;
        let fields = Fields(form_urlencoded::parse(&bytes).into_owned().collect());
        match token {
            // A session that has ended asks for nothing: whoever had it must be able to sign in again.
            Some(token)
                if fields.exact(CSRF) != token.csrf() && session::whose(app, &token)?.is_some() =>
            {
                Err(PageError::Form)
            }
            // Who has not signed in has nothing that a foreign form could use; the headers' guard
            // refuses those all the same.
            _ => Ok(fields),
        }
    }
}
