//! Sync without I/O: events and the time go in, effects come out.
//!
//! The engine decides when to speak and what an answer means; the [`Replica`] says what there is to
//! send and takes what came; a [`Transport`] carries bytes. None of them reads a clock.

#[cfg(feature = "http")]
pub mod http;
pub mod replica;
pub mod transport;

pub use replica::{Applied, Held, Outgoing, Replica, Session};
pub use transport::{Transport, TransportAnswer, TransportError};
