//! `courtyard demo`: a whole county on this machine. A plan (a seeded season, or a file of real
//! purchases) is recorded through real phone stores, synced over real HTTP with the server as a
//! child process, and summed up from the server's view.

pub mod child;
pub mod county;
pub mod logins;
mod office;
pub mod phone;
pub mod pickups;
pub mod plan;
pub mod run;
pub mod season;
mod staff;
pub mod summary;
