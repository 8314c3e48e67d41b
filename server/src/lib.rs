//! Courtyard's server: a durable log of what certified devices signed, and the office that decides
//! at its door.
//!
//! The office is synchronous, (input, now, randomness) in and output out, over the
//! [`log::Log`] contract. axum, hyper and TLS stand around it; every node projects the log into a
//! local view that can be deleted.

pub mod app;
pub mod backup;
mod balanced;
pub mod clock;
pub mod close;
pub mod command;
pub mod config;
pub mod console;
pub mod container;
pub mod deed;
pub mod demo;
pub mod exceptions;
pub mod folder;
mod founding;
mod grower;
pub mod log;
mod news;
pub mod node;
pub mod office;
pub mod rate;
pub mod readers;
pub mod rng;
pub mod router;
pub mod serve;
pub mod server;
pub mod statements;
pub mod telemetry;
pub mod tls;
pub mod view;
pub mod web;
pub mod writer;

pub use config::ServeOptions;
pub use node::{Node, NodeError};
pub use server::Server;
