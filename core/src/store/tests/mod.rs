//! The store as a whole.

mod exchange;
mod saves;
pub(crate) mod world;
