//! Signing in to pages: a random token in a cookie, its hash in the log, and a second secret in
//! every form that only our own pages can know.

use axum::http::{HeaderMap, HeaderValue, header};
use rand_core::CryptoRng;
use sha2::{Digest as _, Sha256};

use crate::app::App;
use crate::log::{PageSession, PageUser};
use crate::office::OfficeError;
use crate::rng;

/// A working day: nobody is thrown out in the middle of a morning, nobody stays over night.
const OFFICE_LIVES_MS: i64 = 12 * 3_600 * 1_000;
/// The cookie's name.
const COOKIE: &str = "courtyard";

/// A session's token. Only its hash is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct PageToken(String);

impl std::fmt::Debug for PageToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PageToken(…)")
    }
}

impl PageToken {
    /// A new one: 128 random bits.
    pub fn new(rng: &mut dyn CryptoRng) -> Self {
        let mut bytes = [0; 16];
        rng.fill_bytes(&mut bytes);
        PageToken(hex::encode(bytes))
    }

    /// The one that a browser sent.
    pub fn of(headers: &HeaderMap) -> Option<Self> {
        cookie(headers, COOKIE).map(|value| PageToken(value.to_owned()))
    }

    /// What the log keeps.
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(format!("courtyard page session {}", self.0)).into()
    }

    /// What every form of this session carries.
    pub fn csrf(&self) -> String {
        let all = Sha256::digest(format!("courtyard form {}", self.0));
        hex::encode(all.get(..16).unwrap_or(&all))
    }

    /// The header that gives it to a browser.
    pub fn cookie(&self, app: &App) -> HeaderValue {
        set_cookie(app, COOKIE, &self.0, None)
    }
}

/// A cookie that a browser sent.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let all = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    all.flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then_some(value))
}

/// The header that sets a cookie for all pages of this server; for so many seconds, or until the
/// browser closes. It is sent over TLS only where the server speaks it.
pub fn set_cookie(app: &App, name: &str, value: &str, lives_s: Option<i64>) -> HeaderValue {
    let secure =
        if app.address().is_some_and(|a| a.starts_with("https://")) { "; Secure" } else { "" };
    let lives = lives_s.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
    let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{lives}");
    // Values are our own hexadecimal or words: always a header.
    HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static(""))
}

/// Opens a session that ends after so many milliseconds; answers its token.
///
/// # Errors
/// The log's error.
pub async fn open(app: &App, of: PageUser, lives_ms: i64) -> Result<PageToken, OfficeError> {
    let token = PageToken::new(rng::system().as_mut());
    let now_ms = app.now_ms();
    let expires_ms = now_ms.saturating_add(lives_ms);
    let session = PageSession { token_hash: token.hash(), of, expires_ms };
    app.writer().run(move |_, tx| Ok(tx.put_page_session(&session, now_ms)?)).await?;
    Ok(token)
}

/// Opens the session of a user of the office.
///
/// # Errors
/// The log's error.
pub async fn open_office(app: &App, name: &str) -> Result<PageToken, OfficeError> {
    open(app, PageUser::Office(name.to_owned()), OFFICE_LIVES_MS).await
}

/// Whose session this token opens now.
///
/// # Errors
/// The log's error.
pub fn whose(app: &App, token: &PageToken) -> Result<Option<PageUser>, OfficeError> {
    let now_ms = app.now_ms();
    app.read(|reads| {
        let session = reads.page_session(&token.hash())?;
        Ok(session.filter(|session| session.expires_ms >= now_ms).map(|session| session.of))
    })
}

/// Ends a session, and answers the header that takes the cookie away.
///
/// # Errors
/// The log's error.
pub async fn close(app: &App, token: &PageToken) -> Result<HeaderValue, OfficeError> {
    let hash = token.hash();
    app.writer().run(move |_, tx| Ok(tx.end_page_session(&hash)?)).await?;
    Ok(set_cookie(app, COOKIE, "", Some(0)))
}
