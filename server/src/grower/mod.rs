//! The households' own pages at `/g`, opened by card and PIN, and the public check of a slip at `/c`.
//!
//! Each page is at most 30 KB with everything that it loads, needs no script, and shows nothing but
//! the household that signed in; the public check shows nobody at all.

mod books;
mod chart;
mod check;
mod frame;
mod home;
mod lines;
mod look;
mod month;
mod objection;
mod payout;
mod sign_in;
mod slip;
mod unpaid;
mod visitor;

use axum::response::Response;
use maud::Markup;

use crate::web::Page;

pub(crate) use visitor::Reader;

/// Every page of the households, and the public check.
pub(crate) fn pages() -> Vec<Page> {
    [
        sign_in::pages(),
        look::pages(),
        home::pages(),
        month::pages(),
        slip::pages(),
        payout::pages(),
        objection::pages(),
        check::pages(),
    ]
    .concat()
}

/// Where the reader of one of these pages begins; none for an address that is not of them.
pub(crate) fn home(here: &str) -> Option<&'static str> {
    ["/g", "/c"].into_iter().find(|home| {
        here.get(..2).is_some_and(|start| start.eq_ignore_ascii_case(home))
            && matches!(here.as_bytes().get(2), None | Some(b'/' | b'?'))
    })
}

/// What is told instead of one of these pages.
pub(crate) fn told(reader: &Reader, title: &str, body: Markup) -> Response {
    frame::open(reader, title, body)
}

#[cfg(test)]
mod tests;
