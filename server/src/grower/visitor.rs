//! Who reads a household's pages: somebody with a card before the PIN, or a household that signed in.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::Redirect;
use courtyard_core::domain::GrowerId;

use super::look::COOKIE;
use crate::app::App;
use crate::log::{PageSession, PageUser};
use crate::office::OfficeError;
use crate::web::session::{self, PageToken};
use crate::web::{Guest, PageError, Words};

/// Without a page asked for so long, a session ends: the phone may be somebody else's.
pub(super) const IDLE_MS: i64 = 30 * 60 * 1_000;

/// Somebody who reads these pages.
#[derive(Debug, Clone)]
pub(crate) struct Reader {
    /// In their language.
    pub(super) words: Words,
    /// The address that was asked for.
    pub(super) here: String,
    /// Everything one step larger (长辈版).
    pub(super) elder: bool,
    /// The session that their browser names, whether it still stands or not.
    pub(super) token: Option<PageToken>,
}

impl Reader {
    /// Reads it from a request's head.
    pub(crate) fn of(parts: &Parts) -> Reader {
        let Guest { words, here, .. } = Guest::of(parts);
        let elder = session::cookie(&parts.headers, COOKIE).is_some();
        Reader { words, here, elder, token: PageToken::of(&parts.headers) }
    }
}

impl FromRequestParts<App> for Reader {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, PageError> {
        Ok(Reader::of(parts))
    }
}

/// A household that signed in with its card.
#[derive(Debug, Clone)]
pub(super) struct Household {
    /// How they read.
    pub(super) reader: Reader,
    /// The number on the card; linked numbers are the same household.
    pub(super) grower: GrowerId,
    /// The session.
    pub(super) token: PageToken,
}

impl FromRequestParts<App> for Household {
    type Rejection = PageError;

    /// Signed in, or told to scan the card. Each page begins the idle time anew.
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, PageError> {
        let reader = Reader::from_request_parts(parts, app).await?;
        let away = || PageError::Elsewhere(Redirect::to("/g/card"));
        let token = reader.token.clone().ok_or_else(away)?;
        let now_ms = app.now_ms();
        let session = app.read(|reads| Ok(reads.page_session(&token.hash())?))?;
        let session = session.filter(|session| session.expires_ms >= now_ms).ok_or_else(away)?;
        let PageUser::Grower(grower) = session.of else { return Err(away()) };
        renew(app, session, now_ms).await?;
        Ok(Household { reader, grower, token })
    }
}

/// Lets the session live on; written only once half of its time is over.
async fn renew(app: &App, session: PageSession, now_ms: i64) -> Result<(), OfficeError> {
    let expires_ms = now_ms.saturating_add(IDLE_MS);
    if expires_ms.saturating_sub(session.expires_ms) < IDLE_MS / 2 {
        return Ok(());
    }
    let hash = session.token_hash;
    app.writer()
        .run(move |_, tx| {
            // It may have been ended meanwhile.
            match tx.page_session(&hash)? {
                Some(session) => {
                    Ok(tx.put_page_session(&PageSession { expires_ms, ..session }, now_ms)?)
                }
                None => Ok(()),
            }
        })
        .await
}
