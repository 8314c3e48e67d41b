//! Courtyard's core for the phone apps: a thin facade over `courtyard_core::steward` and
//! `courtyard_core::desk`, without any rule of its own.
//!
//! Weights are grams, money is fen, prices are li (厘) per kg; the unit stands in the name. Every
//! text that a person reads comes in Chinese and English. What may wait for a disk says so, what may
//! wait for a network is called from a thread of its own.

uniffi::setup_scaffolding!();

pub mod clock;
pub mod courtyard;
pub mod error;
pub mod growers;
pub mod keys;
pub mod open_slip;
pub mod operators;
pub mod payout;
pub mod products;
pub mod slip;
pub mod sync;
pub mod text;
pub mod today;
pub mod words;

pub use courtyard::Courtyard;
pub use error::CourtyardError;
