//! The first run: who has the set-up code becomes the first administrator and names the first
//! village.

use axum::extract::{Extension, State};
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use maud::{Markup, html};

use super::sign_in::not_too_often;
use crate::app::App;
use crate::office::acting::Role;
use crate::office::error::CommandError;
use crate::rng;
use crate::router::Peer;
use crate::web::layout::{field, secret, wrong};
use crate::web::{Access, Fields, Frame, Guest, Page, PageError, session};

pub(super) fn pages() -> Vec<Page> {
    vec![Page::shown("/setup", Access::Open, get(show).post(set_up))]
}

/// What was typed, to be shown again.
#[derive(Default)]
struct Typed<'a> {
    name: &'a str,
    village: &'a str,
}

async fn show(State(app): State<App>, guest: Guest) -> Result<Response, PageError> {
    match is_open(&app)? {
        true => Ok(page(&guest, None, &Typed::default())),
        false => Ok(Redirect::to("/sign-in").into_response()),
    }
}

fn is_open(app: &App) -> Result<bool, PageError> {
    Ok(app.read(|reads| Ok(reads.users()?.is_empty()))?)
}

fn page(guest: &Guest, fault: Option<&str>, typed: &Typed<'_>) -> Response {
    let title = guest.words.say("setup-title");
    Frame::guest(guest, &title).show(form(guest, fault, typed))
}

fn form(guest: &Guest, fault: Option<&str>, typed: &Typed<'_>) -> Markup {
    let w = &guest.words;
    html! {
        h1 { (w.say("setup-title")) }
        p { (w.say("setup-what")) }
        (wrong(fault))
        form.narrow method="post" action="/setup" {
            (secret(guest))
            (field("code", &w.say("setup-code"), Some(&w.say("setup-code-hint")), html! {
                input #code name="code" autocomplete="off" aria-describedby="code-hint" required autofocus;
            }))
            (field("name", &w.say("setup-name"), None, html! {
                input #name name="name" value=(typed.name) autocomplete="username" required;
            }))
            (field("password", &w.say("sign-in-password"), Some(&w.say("setup-password-hint")), html! {
                input #password name="password" type="password" minlength="10" autocomplete="new-password" aria-describedby="password-hint" required;
            }))
            (field("again", &w.say("setup-again"), None, html! {
                input #again name="again" type="password" minlength="10" autocomplete="new-password" required;
            }))
            (field("village", &w.say("setup-village"), Some(&w.say("setup-village-hint")), html! {
                input #village name="village" value=(typed.village) aria-describedby="village-hint";
            }))
            button type="submit" { (w.say("setup-go")) }
        }
    }
}

async fn set_up(
    State(app): State<App>,
    guest: Guest,
    peer: Option<Extension<Peer>>,
    fields: Fields,
) -> Result<Response, PageError> {
    not_too_often(&app, peer)?;
    if !is_open(&app)? {
        return Ok(Redirect::to("/sign-in").into_response());
    }
    let typed = Typed { name: fields.text("name"), village: fields.text("village") };
    if let Some(fault) = fault(&app, &fields) {
        return Ok(page(&guest, Some(&guest.words.say(fault)), &typed));
    }
    let (name, village) = (typed.name.to_owned(), typed.village.to_owned());
    let password = fields.exact("password").to_owned();
    let now_ms = app.now_ms();
    let done = app.writer().run(move |office, tx| {
        // Two set-ups at once: the second finds a user.
        if !tx.users()?.is_empty() {
            return Err(CommandError::User("somebody was set up just before; sign in").into());
        }
        let role = Role::Administrator.word();
        office.put_user(tx, &name, role, &password, now_ms, rng::system().as_mut())?;
        office.user_act(tx, &name, "user.put", &name, now_ms)?;
        if !village.is_empty() {
            let number = office.add_village(tx, &village, None, now_ms)?;
            office.user_act(tx, &name, "village.add", &number.to_string(), now_ms)?;
        }
        Ok(name)
    });
    match done.await {
        Ok(name) => {
            // Spent; the next start would take it away too.
            let _ = std::fs::remove_file(app.folder().setup_code_file());
            app.shown().await?;
            let token = session::open_office(&app, &name).await?;
            Ok(([(header::SET_COOKIE, token.cookie(&app))], Redirect::to("/villages"))
                .into_response())
        }
        Err(error @ crate::office::OfficeError::Command(_)) => {
            let text = PageError::words(error, &guest.words);
            Ok(page(&guest, Some(&text), &typed))
        }
        Err(error) => Err(error.into()),
    }
}

/// The id of what is wrong with what was typed.
fn fault(app: &App, fields: &Fields) -> Option<&'static str> {
    let code = app.folder().setup_code();
    if code.is_none_or(|code| code != fields.text("code").to_lowercase()) {
        return Some("setup-wrong-code");
    }
    (fields.exact("password") != fields.exact("again")).then_some("setup-not-same")
}
