//! Courtyard's server and commands as a library.

pub mod command;
pub mod demo;
