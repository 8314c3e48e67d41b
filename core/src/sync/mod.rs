//! Sync without I/O: events and the time go in, effects come out.
//!
//! The engine decides when to speak and what an answer means; the [`Replica`] says what there is to
//! send and takes what came; a [`Transport`] carries bytes. None of them reads a clock.

pub mod backoff;
pub mod engine;
#[cfg(feature = "http")]
pub mod http;
pub mod replica;
mod request;
pub mod run;
pub mod transport;

pub use engine::{Effect, Engine, Event, Trouble};
pub use replica::{Applied, Held, Outgoing, Replica, Session};
pub use run::{Progress, SyncError, SyncReport, run};
pub use transport::{Transport, TransportAnswer, TransportError};

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
