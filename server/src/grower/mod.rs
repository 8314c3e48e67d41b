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

use crate::web::Page;

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

#[cfg(test)]
mod tests;
