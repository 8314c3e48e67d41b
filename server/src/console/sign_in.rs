//! Signing in at the office, and out.

use axum::extract::{Extension, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use maud::{Markup, html};

use crate::app::App;
use crate::office::Office;
use crate::router::Peer;
use crate::web::language::Back;
use crate::web::layout::{field, secret, wrong};
use crate::web::{Access, Fields, Frame, Guest, Official, Page, PageError, session};

pub(super) fn pages() -> Vec<Page> {
    vec![
        Page::shown("/sign-in", Access::Open, get(show).post(sign_in)),
        Page::behind("/sign-out", Access::Office, post(sign_out)),
    ]
}

async fn show(
    State(app): State<App>,
    guest: Guest,
    Query(back): Query<Back>,
) -> Result<Response, PageError> {
    if app.read(|reads| Ok(reads.users()?.is_empty()))? {
        return Ok(Redirect::to("/setup").into_response());
    }
    Ok(page(&guest, &back, None, ""))
}

fn page(guest: &Guest, back: &Back, fault: Option<&str>, name: &str) -> Response {
    let w = guest.words;
    let title = w.say("sign-in-title");
    Frame::guest(guest, &title).show(form(guest, back, fault, name))
}

fn form(guest: &Guest, back: &Back, fault: Option<&str>, name: &str) -> Markup {
    let w = &guest.words;
    html! {
        h1 { (w.say("sign-in-title")) }
        (wrong(fault))
        form.narrow method="post" action="/sign-in" {
            (secret(guest))
            input type="hidden" name="back" value=(back.here());
            (field("name", &w.say("sign-in-name"), None, html! {
                input #name name="name" value=(name) autocomplete="username" required autofocus[fault.is_none()];
            }))
            (field("password", &w.say("sign-in-password"), None, html! {
                input #password name="password" type="password" autocomplete="current-password" required autofocus[fault.is_some()];
            }))
            button type="submit" { (w.say("sign-in-go")) }
        }
        p.muted { (w.say("sign-in-help")) }
    }
}

/// Refuses an address that tries too often: a password must not be guessed.
pub(super) fn not_too_often(app: &App, peer: Option<Extension<Peer>>) -> Result<(), PageError> {
    if let Some(Extension(Peer(address))) = peer
        && let Err(wait_ms) = app.sign_ins().take(address, app.now_ms())
    {
        return Err(PageError::TooMany(wait_ms.div_ceil(1_000)));
    }
    Ok(())
}

async fn sign_in(
    State(app): State<App>,
    guest: Guest,
    peer: Option<Extension<Peer>>,
    fields: Fields,
) -> Result<Response, PageError> {
    not_too_often(&app, peer)?;
    let back = Back { back: fields.text("back").to_owned() };
    let (name, password) = (fields.text("name").to_owned(), fields.exact("password").to_owned());
    let checked = {
        let (app, name) = (app.clone(), name.clone());
        // A password's hash takes tens of milliseconds on purpose: not in the thread of others.
        tokio::task::spawn_blocking(move || {
            app.read(|reads| Office::verify_user(reads, &name, &password))
        })
    };
    let user =
        checked.await.map_err(|_| PageError::Office(crate::office::OfficeError::Stopping))??;
    let Some(user) = user else {
        return Ok(page(&guest, &back, Some(&guest.words.say("sign-in-wrong")), &name));
    };
    let token = session::open_office(&app, &user.name).await?;
    let to = Redirect::to(back.here());
    Ok(([(header::SET_COOKIE, token.cookie(&app))], to).into_response())
}

async fn sign_out(
    State(app): State<App>,
    official: Official,
    _: Fields,
) -> Result<Response, PageError> {
    let gone = session::close(&app, &official.token).await?;
    Ok(([(header::SET_COOKIE, gone)], Redirect::to("/sign-in")).into_response())
}
