//! Courtyard's core: documents, wire, ledger and rules of a co-op's purchase ledger.
//!
//! The same code computes every fen on the phone, on the server and in the checker. With default
//! features off nothing here does any I/O: time, randomness, keys, disk and network are arguments.

pub mod desk;
pub mod document;
pub mod domain;
pub mod ledger;
pub mod sync;
pub mod verify;
pub mod wire;

#[cfg(feature = "store")]
pub mod steward;
#[cfg(feature = "store")]
pub mod store;
