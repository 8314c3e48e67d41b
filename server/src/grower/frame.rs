//! The frame of a household's page: small, large type, the two switches, and the way out.

use axum::http::header;
use axum::response::{IntoResponse, Response};
use courtyard_core::domain::{BusinessDate, Fen, Grams, Month};
use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::visitor::{Household, Reader};
use crate::web::fields::CSRF;
use crate::web::session::PageToken;
use crate::web::{Words, assets, figures};

/// A page for anybody.
pub(super) fn open(reader: &Reader, title: &str, body: Markup) -> Response {
    show(reader, title, body, html! {})
}

/// A page of a household, with the way back to its month and out.
pub(super) fn own(household: &Household, title: &str, body: Markup) -> Response {
    let w = &household.reader.words;
    let foot = html! {
        footer {
            @if household.reader.here != "/g" { a.button.second href="/g" { (w.say("grower-home")) } }
            form method="post" action="/g/sign-out" {
                (csrf(Some(&household.token)))
                button.second type="submit" { (w.say("grower-out")) }
            }
        }
    };
    show(&household.reader, title, body, foot)
}

/// The session's secret in a form; nothing where there is no session.
pub(super) fn csrf(token: Option<&PageToken>) -> Markup {
    html! { @if let Some(token) = token { input type="hidden" name=(CSRF) value=(token.csrf()); } }
}

fn show(reader: &Reader, title: &str, body: Markup, foot: Markup) -> Response {
    let w = &reader.words;
    let back: String = form_urlencoded::byte_serialize(reader.here.as_bytes()).collect();
    let (tag, language) = w.pick(("en", "English"), ("zh-CN", "中文"));
    let (size, larger) =
        if reader.elder { ("usual", "grower-usual") } else { ("elder", "grower-elder") };
    let page = html! {
        (DOCTYPE)
        html lang=(w.tag()) class=[reader.elder.then_some("elder")] {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="robots" content="noindex";
                title { (title) " · " (w.say("name")) }
                link rel="icon" href=(assets::address("mark.svg")) type="image/svg+xml";
                link rel="stylesheet" href=(assets::address("grower.css"));
            }
            body {
                a.skip href="#main" { (w.say("skip")) }
                header {
                    span.brand { (w.say("name")) }
                    nav aria-label=(w.say("grower-switches")) {
                        a href={ "/g/look/" (size) "?back=" (back) } { (w.say(larger)) }
                        a href={ "/language/" (tag) "?back=" (back) } lang=(tag) hreflang=(tag) { (language) }
                    }
                }
                main #main { (body) (foot) }
            }
        }
    };
    let PreEscaped(text) = page;
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], text).into_response()
}

/// A month by its name.
pub(super) fn month(month: Month, w: &Words) -> String {
    let (year, number) = (i64::from(month.year()), i64::from(month.month()));
    w.say_with("grower-month-name", &[("year", year.into()), ("month", number.into())])
}

/// A day: short in Chinese, where the month's page says the year.
pub(super) fn day(date: BusinessDate, w: &Words) -> String {
    let iso = date.to_string();
    let mut parts = iso.splitn(3, '-').map(|part| part.trim_start_matches('0'));
    match (parts.next(), parts.next(), parts.next()) {
        (Some(year), Some(month), Some(day)) => {
            w.pick(format!("{year}年{month}月{day}日"), iso.clone())
        }
        _ => iso,
    }
}

/// A large figure with its name above it.
pub(super) fn figure(name: &str, value: Markup, hint: Option<Markup>) -> Markup {
    html! {
        div.figure {
            dt { (name) }
            dd { (value) @if let Some(hint) = hint { p.hint { (hint) } } }
        }
    }
}

/// An amount with its unit smaller.
pub(super) fn yuan(amount: Fen) -> Markup {
    figures::yuan(amount)
}

/// A weight, jin first.
pub(super) fn jin(weight: Grams, w: &Words) -> Markup {
    figures::jin(weight, w)
}
