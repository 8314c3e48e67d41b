//! What the office should look at, derived in one place for the report, the demo and the pages.
//!
//! [`Parts`] keeps what was derived of each partition and each device and derives again only where
//! something moved; [`Boards`] holds the whole of it ready for pages, and `keeper` derives it
//! behind the view while a server runs.

mod around;
mod board;
pub(crate) mod keeper;
mod part;
mod parts;
mod phones;
mod words;

pub use board::{Board, Boards, Derived, Filter};
pub use keeper::board;
pub use parts::Parts;
pub use phones::{Phone, phones};

#[cfg(test)]
mod tests;
