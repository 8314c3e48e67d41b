//! The store as a whole.

mod saves;
pub(crate) mod world;
