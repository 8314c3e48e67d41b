//! The store as a whole.

mod exchange;
mod files;
mod identities;
mod newer;
mod numbers;
mod proofs;
mod records;
mod recovered;
mod registers;
mod roster;
mod rulings;
mod saves;
mod syncing;
mod words;
pub(crate) mod world;
