//! The messages of the protocol: their fields, their bytes, their limits.
//!
//! A message is the protocol's number in one byte, then its plain fields, then, where entries or
//! edits travel, the rows of all its parts together. The path says which message it is.

mod audit;
mod auth;
mod enrol;
mod parts;
mod refused;
mod session;
mod sync;
mod tails;

pub use audit::{AuditRequest, AuditResponse, AuditedBook, AuditedEdits, HeldBook, HeldEdits};
pub use auth::{Auth, Challenge, Token};
pub use enrol::{EnrolRequest, EnrolResponse};
pub use parts::{BookPart, EditPart};
pub use refused::{Refusal, Refused};
pub use session::{SessionRequest, SessionResponse};
pub use sync::{Cursor, SyncRequest, SyncResponse};
pub use tails::{Tail, TailsRequest, TailsResponse};

use super::bytes::{Reader, Writer};
use super::error::WireError;
use super::limits;

/// The protocol that this build speaks.
pub const PROTOCOL: u8 = 1;

/// Where each message is posted.
pub mod path {
    /// [`super::SyncRequest`] → [`super::SyncResponse`].
    pub const SYNC: &str = "/v1/sync";
    /// [`super::EnrolRequest`] → [`super::EnrolResponse`].
    pub const ENROL: &str = "/v1/enrol";
    /// [`super::SessionRequest`] → [`super::SessionResponse`].
    pub const SESSION: &str = "/v1/session";
    /// [`super::AuditRequest`] → [`super::AuditResponse`].
    pub const AUDIT: &str = "/v1/audit";
    /// [`super::TailsRequest`] → [`super::TailsResponse`].
    pub const TAILS: &str = "/v1/tails";
}

/// Begins a message.
fn begin() -> Writer {
    let mut w = Writer::new();
    w.byte(PROTOCOL);
    w
}

/// Begins to read a message: its size, then its protocol.
fn open(bytes: &[u8]) -> Result<Reader<'_>, WireError> {
    limits::BODY_BYTES.check_len(bytes.len())?;
    let mut r = Reader::new(bytes);
    match r.byte()? {
        PROTOCOL => Ok(r),
        0 => Err(WireError::undecodable("there is no protocol 0")),
        found => Err(WireError::FutureProtocol { found, known: PROTOCOL }),
    }
}

/// A yes or no.
fn yes_or_no(r: &mut Reader<'_>) -> Result<bool, WireError> {
    match r.byte()? {
        0 => Ok(false),
        1 => Ok(true),
        _ => Err(WireError::undecodable("a yes or no is neither")),
    }
}

#[cfg(test)]
mod tests;
