//! What every page shares: words, layout, figures, sessions, forms, headers, assets.
//!
//! A page is a `Model`, a `read` that fills it from the view, a `page` that shows it, and a handler
//! of a few lines; it stands in the list of its folder's `pages()`. No page needs JavaScript. The
//! pages hold no rules: they show what the ledger and the store say.

pub mod acts;
pub mod assets;
pub mod chart;
pub mod error;
pub mod fields;
pub mod figures;
pub mod headers;
pub mod language;
pub mod layout;
pub mod session;
pub mod visitor;
pub mod words;

#[cfg(test)]
pub(crate) mod browser;

use axum::Router;
use axum::middleware;
use axum::routing::MethodRouter;

use crate::app::App;
use crate::{console, grower};

pub use error::PageError;
pub use fields::Fields;
pub use layout::Frame;
pub use visitor::{Guest, Official};
pub use words::Words;

/// Who may open a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Everybody.
    Open,
    /// Whoever signed in at the office.
    Office,
    /// A household that signed in with its card.
    Grower,
}

impl Access {
    /// The word in lists.
    pub const fn name(self) -> &'static str {
        match self {
            Access::Open => "open",
            Access::Office => "office",
            Access::Grower => "grower",
        }
    }
}

/// One address and what answers there.
#[derive(Debug, Clone)]
pub struct Page {
    /// The address as the router knows it, such as `/slips/{id}`.
    pub path: &'static str,
    /// Who may open it.
    pub access: Access,
    /// Whether a browser shows it: else a download, a form's target or a stream.
    pub shown: bool,
    answer: MethodRouter<App>,
}

impl Page {
    /// A page that a browser shows.
    pub fn shown(path: &'static str, access: Access, answer: MethodRouter<App>) -> Self {
        Page { path, access, shown: true, answer }
    }

    /// What is behind a page: a download, a form's target, a stream.
    pub fn behind(path: &'static str, access: Access, answer: MethodRouter<App>) -> Self {
        Page { path, access, shown: false, answer }
    }
}

/// Every page there is: one that is not in it has no address.
pub fn pages() -> Vec<Page> {
    let mut all = console::pages();
    all.extend(grower::pages());
    all.extend(assets::pages());
    all.extend(language::pages());
    all
}

/// The pages' part of the router.
pub fn routes() -> Router<App> {
    pages()
        .into_iter()
        .fold(Router::new(), |router, page| router.route(page.path, page.answer))
        .layer(middleware::from_fn(headers::guard))
}
