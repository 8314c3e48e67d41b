//! The office: what the district does with what comes to its door, and what it writes itself.
//!
//! Synchronous: (input, now, randomness) in, output out, over the [`Log`](crate::log::Log)
//! contract. It knows no HTTP, no clock and no thread.

pub mod accept;
mod accept_books;
mod accept_edits;
pub mod acting;
pub mod approval;
pub mod audit;
pub mod bank;
pub mod cards;
pub mod correct;
mod cursor;
pub mod editions;
pub mod enrol;
pub mod erase;
pub mod error;
pub mod float;
pub mod invite;
pub mod keys;
pub mod publish;
pub mod published;
pub mod pull;
pub mod recover;
pub mod registers;
pub mod sealed;
pub mod session;
pub mod setup;
pub mod tails;
pub mod users;
pub mod villages;

pub use error::OfficeError;
pub use keys::OfficeKeys;

use courtyard_core::document::{Actor, HeadStatement, PublicKey, Signature};

use crate::log::{County, Device, LogError, Reads};
use registers::Registers;

/// The district's office on one node: its keys, and the registers it has at hand.
#[derive(Debug)]
pub struct Office {
    keys: OfficeKeys,
    registers: Registers,
}

impl Office {
    /// The office that holds these keys.
    pub fn new(keys: OfficeKeys) -> Self {
        Office { keys, registers: Registers::default() }
    }

    /// Its keys.
    pub fn keys(&self) -> &OfficeKeys {
        &self.keys
    }

    /// Begins a request: [`undo`](Self::undo) returns to here.
    pub fn mark(&mut self) {
        self.registers.mark();
    }

    /// Forgets what the request changed in memory, because its mark in the log was undone.
    pub fn undo(&mut self) {
        self.registers.undo();
    }

    /// Forgets all registers at hand, because a whole transaction was taken back.
    pub fn forget(&mut self) {
        self.registers = Registers::default();
    }
}

/// The county's record, which every log has after its first start.
pub(crate) fn county(reads: &dyn Reads) -> Result<County, LogError> {
    reads.county()?.ok_or_else(|| LogError::Corrupt("no county was founded here".to_owned()))
}

/// Whether this signature of the device holds over the statement.
fn signed(device: &Device, statement: &HeadStatement, signature: &Signature) -> bool {
    statement.verify(&device.public_key(), signature).is_ok()
}

/// The Automerge actor of a device.
pub(crate) fn actor(device: &Device) -> Actor {
    Actor::of(&PublicKey(device.certificate.public_key))
}
