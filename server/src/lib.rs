//! Courtyard's server: a durable log of what certified devices signed, and the office that decides
//! at its door.
//!
//! The office is synchronous, (input, now, randomness) in and output out, over the
//! [`log::Log`] contract. axum, hyper and TLS stand around it; every node projects the log into a
//! local view that can be deleted.

pub mod clock;
pub mod command;
pub mod demo;
pub mod log;
pub mod office;
pub mod rng;

