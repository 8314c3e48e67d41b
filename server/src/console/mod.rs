//! The office's pages.

mod acts;
mod events;
mod exceptions;
mod overview;
mod setup;
mod sign_in;
mod slip;
mod slips;
mod users;
mod villages;

use crate::web::Page;

/// Every page of the office.
pub(crate) fn pages() -> Vec<Page> {
    [
        setup::pages(),
        sign_in::pages(),
        overview::pages(),
        exceptions::pages(),
        slips::pages(),
        slip::pages(),
        villages::pages(),
        users::pages(),
        acts::pages(),
        events::pages(),
    ]
    .concat()
}

#[cfg(test)]
mod tests;
