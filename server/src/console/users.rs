//! `/users`: who may sign in, and everybody's own password.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use maud::{Markup, html};

use crate::app::App;
use crate::log::User;
use crate::office::acting::Role;
use crate::office::users::make_password;
use crate::office::{Office, OfficeError};
use crate::web::layout::{field, form, wrong};
use crate::web::{Access, Fields, Frame, Official, Page, PageError, Words, session};

/// Who gives others a way in.
const MAY: &[Role] = &[Role::Administrator];

pub(super) fn pages() -> Vec<Page> {
    vec![
        Page::shown("/users", Access::Office, get(show).post(add)),
        Page::behind("/users/password", Access::Office, post(change)),
    ]
}

/// What the page shows besides the list.
#[derive(Default)]
struct Notice {
    /// A password that was just made, and whose it is.
    made: Option<(String, String)>,
    /// The id of what is wrong with the own password, or the words themselves.
    fault: Option<String>,
    changed: bool,
}

fn page(users: &[User], official: &Official, notice: &Notice) -> Markup {
    let w = &official.words;
    html! {
        h1 { (w.say("users-title")) }
        @if let Some((name, password)) = &notice.made {
            section.card role="status" {
                h2 { (w.say_with("users-made", &[("name", name.as_str().into())])) }
                p.figure.num { (password) }
                p { (w.say("users-made-once")) }
            }
        }
        table.rows {
            thead { tr {
                th { (w.say("users-name")) } th { (w.say("users-role")) } th.n { (w.say("users-number")) }
            } }
            tbody { @for user in users { tr {
                td data-label=(w.say("users-name")) { (user.name) }
                td data-label=(w.say("users-role")) { (role(user, w)) }
                td.n data-label=(w.say("users-number")) { (user.operator) }
            } } }
        }
        @if official.may(MAY) { (adding(official)) }
        (own(official, notice))
    }
}

fn role(user: &User, w: &Words) -> String {
    let known = Role::by_word(&user.role);
    known.map_or_else(|| user.role.clone(), |role| w.pick(role.zh(), role.word()).to_owned())
}

fn adding(official: &Official) -> Markup {
    let w = &official.words;
    html! {
        h2 { (w.say("users-add")) }
        div.narrow { (form(official, "/users", html! {
            (field("name", &w.say("users-name"), Some(&w.say("users-add-hint")), html! {
                input #name name="name" required maxlength="40" autocomplete="off" aria-describedby="name-hint";
            }))
            (field("role", &w.say("users-role"), None, html! {
                select #role name="role" {
                    @for role in Role::ALL { option value=(role.word()) { (w.pick(role.zh(), role.word())) } }
                }
            }))
            button type="submit" { (w.say("users-add-go")) }
        })) }
    }
}

fn own(official: &Official, notice: &Notice) -> Markup {
    let w = &official.words;
    let password = |id: &str, label: &str, complete: &str| {
        field(
            id,
            &w.say(label),
            None,
            html! {
                input id=(id) name=(id) type="password" required autocomplete=(complete);
            },
        )
    };
    html! {
        h2 { (w.say("users-mine")) }
        (wrong(notice.fault.as_deref()))
        @if notice.changed { p.good role="status" { (w.say("users-changed")) } }
        div.narrow { (form(official, "/users/password", html! {
            (password("now", "users-now", "current-password"))
            (password("new", "users-new", "new-password"))
            (password("again", "setup-again", "new-password"))
            button.second type="submit" { (w.say("users-mine-go")) }
        })) }
    }
}

fn answer(app: &App, official: &Official, notice: &Notice) -> Result<Response, PageError> {
    let users = app.read(|reads| Ok(reads.users()?))?;
    let title = official.words.say("users-title");
    Ok(Frame::office(official, &title).show(page(&users, official, notice)))
}

async fn show(State(app): State<App>, official: Official) -> Result<Response, PageError> {
    answer(&app, &official, &Notice::default())
}

async fn add(
    State(app): State<App>,
    mut official: Official,
    fields: Fields,
) -> Result<Response, PageError> {
    let (name, role) = (fields.text("name").to_owned(), fields.text("role").to_owned());
    let (given, whose) = (name.clone(), role.clone());
    let add = app.act_as(&official.name, MAY, move |deed| {
        let password = make_password(deed.rng.as_mut());
        deed.office.put_user(deed.tx, &given, &whose, &password, deed.now_ms, deed.rng.as_mut())?;
        deed.note("user.put", &given)?;
        Ok(password)
    });
    let password = add.await?;
    let notice = Notice { made: Some((name.clone(), password)), ..Notice::default() };
    if name != official.name {
        return answer(&app, &official, &notice);
    }
    // A new password of one's own ends every session, this one too.
    let cookie = renew(&app, &mut official).await?;
    Ok(([(header::SET_COOKIE, cookie)], answer(&app, &official, &notice)?).into_response())
}

async fn renew(app: &App, official: &mut Official) -> Result<axum::http::HeaderValue, PageError> {
    official.token = session::open_office(app, &official.name).await?;
    Ok(official.token.cookie(app))
}

async fn change(
    State(app): State<App>,
    mut official: Official,
    fields: Fields,
) -> Result<Response, PageError> {
    let fault = |text: String| Notice { fault: Some(text), ..Notice::default() };
    let w = official.words;
    if fields.exact("new") != fields.exact("again") {
        return answer(&app, &official, &fault(w.say("users-not-same")));
    }
    let (now, new) = (fields.exact("now").to_owned(), fields.exact("new").to_owned());
    let (name, role) = (official.name.clone(), official.role);
    let change = app.act_as(&official.name, &Role::ALL, move |deed| {
        if Office::verify_user(deed.reads(), &name, &now)?.is_none() {
            return Ok(false);
        }
        let word = role.word();
        deed.office.put_user(deed.tx, &name, word, &new, deed.now_ms, deed.rng.as_mut())?;
        deed.note("user.put", &name)?;
        Ok(true)
    });
    match change.await {
        Ok(true) => {}
        Ok(false) => return answer(&app, &official, &fault(w.say("users-wrong-now"))),
        Err(error @ OfficeError::Command(_)) => {
            return answer(&app, &official, &fault(PageError::words(error, &w)));
        }
        Err(error) => return Err(error.into()),
    }
    let cookie = renew(&app, &mut official).await?;
    let notice = Notice { changed: true, ..Notice::default() };
    Ok(([(header::SET_COOKIE, cookie)], answer(&app, &official, &notice)?).into_response())
}
