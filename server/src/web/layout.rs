//! The frame of a page: head, the office's navigation, language, and who has signed in.

use axum::http::header;
use axum::response::{IntoResponse, Response};
use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::assets;
use super::fields::CSRF;
use super::visitor::{Guest, Official};
use super::words::Words;
use crate::office::acting::Role;

/// Where the office's pages are: address and the id of the word.
const PLACES: &[(&str, &str)] = &[
    ("/", "nav-overview"),
    ("/slips", "nav-slips"),
    ("/exceptions", "nav-exceptions"),
    ("/villages", "nav-villages"),
    ("/users", "nav-users"),
];

/// And where those are that only some may open.
const PLACES_OF: &[(&str, &str, &[Role])] = &[("/acts", "nav-acts", Role::OVERSEERS)];

/// The frame of one page.
#[derive(Debug)]
pub struct Frame<'a> {
    words: Words,
    here: &'a str,
    title: &'a str,
    official: Option<&'a Official>,
    live: bool,
}

impl<'a> Frame<'a> {
    /// For somebody who has not signed in.
    pub fn guest(guest: &'a Guest, title: &'a str) -> Self {
        Frame { words: guest.words, here: &guest.here, title, official: None, live: false }
    }

    /// For a user of the office: with the navigation.
    pub fn office(official: &'a Official, title: &'a str) -> Self {
        let Official { words, here, .. } = official;
        Frame { words: *words, here, title, official: Some(official), live: false }
    }

    /// Brings what carries `data-live` up to date by itself when a phone has synced.
    pub fn live(self) -> Self {
        Frame { live: true, ..self }
    }

    /// The whole page.
    pub fn show(&self, body: Markup) -> Response {
        let w = self.words;
        let page = html! {
            (DOCTYPE)
            html lang=(w.tag()) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    title { (self.title) " · " (w.say("name")) }
                    link rel="icon" href=(assets::address("mark.svg")) type="image/svg+xml";
                    link rel="stylesheet" href=(assets::address("style.css"));
                    @if let Some(official) = self.official.filter(|_| self.live) {
                        meta name="news" content=(official.news);
                        meta name="htmx-config" content=r#"{"allowEval":false,"includeIndicatorStyles":false,"historyCacheSize":0}"#;
                        script src=(assets::address("htmx.js")) defer {}
                        script src=(assets::address("live.js")) defer {}
                    }
                }
                body hx-ext=[self.live.then_some("keep")] {
                    a.skip href="#main" { (w.say("skip")) }
                    header.top {
                        a.brand href="/" { (w.say("name")) }
                        @if self.official.is_some() { (self.places()) }
                        div.who { (self.language()) @if let Some(o) = self.official { (who(o)) } }
                    }
                    main #main { (body) }
                }
            }
        };
        let PreEscaped(text) = page;
        ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], text).into_response()
    }

    fn places(&self) -> Markup {
        let here = self.here.split('?').next().unwrap_or(self.here);
        html! {
            nav aria-label=(self.words.say("nav-label")) {
                @for (address, word) in self.open_to() {
                    @let inside = address != "/" && here.starts_with(address);
                    a href=(address) aria-current=[(here == address || inside).then_some("page")] {
                        (self.words.say(word))
                    }
                }
            }
        }
    }

    fn open_to(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let some = PLACES_OF.iter().filter(|(_, _, may)| self.official.is_some_and(|o| o.may(may)));
        PLACES.iter().copied().chain(some.map(|&(address, word, _)| (address, word)))
    }

    fn language(&self) -> Markup {
        let (tag, name) = self.words.pick(("en", "English"), ("zh-CN", "中文"));
        let back: String = form_urlencoded::byte_serialize(self.here.as_bytes()).collect();
        html! { a href={ "/language/" (tag) "?back=" (back) } lang=(tag) hreflang=(tag) { (name) } }
    }
}

/// Who has signed in, and the way out.
fn who(official: &Official) -> Markup {
    let role = official.words.pick(official.role.zh(), official.role.word());
    html! {
        span.user { (official.name) " " span.muted { (role) } }
        (form(official, "/sign-out", html! {
            button.plain type="submit" { (official.words.say("sign-out")) }
        }))
    }
}

/// A form of somebody who has signed in: it carries the session's secret.
pub fn form(official: &Official, action: &str, fields: Markup) -> Markup {
    html! {
        form method="post" action=(action) {
            input type="hidden" name=(CSRF) value=(official.token.csrf());
            (fields)
        }
    }
}

/// The session's secret in a form of somebody who may have one.
pub fn secret(guest: &Guest) -> Markup {
    html! { @if let Some(csrf) = &guest.csrf { input type="hidden" name=(CSRF) value=(csrf); } }
}

/// One field of a form with its label and, where it helps, a hint.
pub fn field(name: &str, label: &str, hint: Option<&str>, input: Markup) -> Markup {
    html! {
        div.field {
            label for=(name) { (label) }
            (input)
            @if let Some(hint) = hint { p.hint id={ (name) "-hint" } { (hint) } }
        }
    }
}

/// What went wrong with a form, before its fields; nothing if nothing did.
pub fn wrong(text: Option<&str>) -> Markup {
    html! { @if let Some(text) = text { p.wrong role="alert" { "▲ " (text) } } }
}
