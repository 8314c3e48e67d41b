//! `/g/{card}`: the PIN of a household's card, and the way out again.

use axum::extract::{Extension, Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use maud::{Markup, html};

use super::frame;
use super::visitor::{Household, IDLE_MS, Reader};
use crate::app::App;
use crate::log::PageUser;
use crate::office::cards::{CardToken, PIN_DIGITS, PinTry};
use crate::office::{Office, OfficeError};
use crate::router::Peer;
use crate::web::layout::wrong;
use crate::web::{Access, Fields, Page, PageError, Words, session};

pub(super) fn pages() -> Vec<Page> {
    vec![
        Page::shown("/g/card", Access::Open, get(scan)),
        Page::shown("/g/{card}", Access::Open, get(show).post(sign_in)),
        // As it stands in a card's QR, whose alphanumeric mode has no small letters.
        Page::behind("/G/{card}", Access::Open, get(show).post(sign_in)),
        Page::behind("/g/sign-out", Access::Grower, post(sign_out)),
    ]
}

/// Where somebody without a session lands.
async fn scan(reader: Reader) -> Response {
    let w = &reader.words;
    let body = html! {
        h1 { (w.say("grower-card-title")) }
        p { (w.say("grower-card-text")) }
        p { (w.say_with("grower-card-idle", &[("minutes", (IDLE_MS / 60_000).into())])) }
    };
    frame::open(&reader, &w.say("grower-card-title"), body)
}

/// Asks for the PIN, whether there is such a card or not.
async fn show(reader: Reader, Path(_): Path<String>) -> Response {
    form(&reader, None)
}

fn form(reader: &Reader, fault: Option<&str>) -> Response {
    let w = &reader.words;
    let title = w.say("grower-pin-title");
    let body = html! {
        h1 { (title) }
        (wrong(fault))
        form method="post" {
            (frame::csrf(reader.token.as_ref()))
            label for="pin" { (w.say("grower-pin-label")) }
            input #pin .pin name="pin" type="password" inputmode="numeric" autocomplete="off"
                required maxlength=(PIN_DIGITS) pattern="[0-9０-９]*" autofocus;
            button type="submit" { (w.say("grower-pin-go")) }
        }
        p.hint { (w.say("grower-pin-help")) }
    };
    frame::open(reader, &title, body)
}

/// The digits that were typed; a Chinese keyboard may give them full width.
fn digits(typed: &str) -> String {
    let narrow = |c: char| match c {
        '０'..='９' => char::from_digit(u32::from(c).wrapping_sub(u32::from('０')), 10),
        _ => Some(c),
    };
    typed.chars().filter(|c| !c.is_whitespace()).filter_map(narrow).collect()
}

async fn sign_in(
    State(app): State<App>,
    reader: Reader,
    Path(card): Path<String>,
    peer: Option<Extension<Peer>>,
    fields: Fields,
) -> Result<Response, PageError> {
    if let Some(Extension(Peer(address))) = peer
        && let Err(wait_ms) = app.sign_ins().take(address, app.now_ms())
    {
        return Err(PageError::TooMany(wait_ms.div_ceil(1_000)));
    }
    let token = CardToken::read(&card);
    let pin = digits(fields.exact("pin"));
    let now_ms = app.now_ms();
    let taken = {
        let token = token.clone();
        app.writer().run(move |_, tx| Office::take_pin_try(tx, &token, now_ms)).await?
    };
    let (holds, taken) = {
        // A PIN's hash takes tens of milliseconds on purpose: not in the thread of others.
        let look = move || (Office::pin_holds(&taken, &pin), taken);
        tokio::task::spawn_blocking(look).await.map_err(|_| OfficeError::Stopping)?
    };
    if let (true, PinTry::Counted { grower, .. }) = (holds?, &taken) {
        let right = app.writer().run(move |_, tx| Office::pin_was_right(tx, &token)).await?;
        if right {
            let session = session::open(&app, PageUser::Grower(*grower), IDLE_MS).await?;
            let cookie = [(header::SET_COOKIE, session.cookie(&app))];
            return Ok((cookie, Redirect::to("/g")).into_response());
        }
    }
    Ok(form(&reader, Some(&fault(&taken, now_ms, &reader.words))))
}

/// What to say to a PIN that opened nothing.
fn fault(taken: &PinTry, now_ms: i64, w: &Words) -> String {
    let locked = |until_ms: i64| {
        let minutes = until_ms.saturating_sub(now_ms).max(0).saturating_add(59_999) / 60_000;
        w.say_with("grower-pin-locked", &[("minutes", minutes.into())])
    };
    match taken {
        PinTry::Nobody => w.say("grower-pin-no-card"),
        PinTry::Locked { until_ms } => locked(*until_ms),
        PinTry::Counted { left: 0, locked_until_ms, .. } => locked(*locked_until_ms),
        PinTry::Counted { left, .. } => {
            w.say_with("grower-pin-wrong", &[("left", i64::from(*left).into())])
        }
    }
}

async fn sign_out(
    State(app): State<App>,
    household: Household,
    _: Fields,
) -> Result<Response, PageError> {
    let gone = session::close(&app, &household.token).await?;
    Ok(([(header::SET_COOKIE, gone)], Redirect::to("/g/card")).into_response())
}

/// What a page says beside its figures: whose it is.
pub(super) fn whose(name: &str, village: &str, numbers: &[String]) -> Markup {
    html! {
        p.whose {
            @if !name.is_empty() { strong { (name) } " · " }
            @if !village.is_empty() { (village) " · " }
            span.num { (numbers.join(" / ")) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::digits;

    #[test]
    fn digits_of_a_chinese_keyboard_are_digits() {
        assert_eq!(digits(" １２3 ４５6\u{3000}"), "123456");
    }
}
