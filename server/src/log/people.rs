//! What the log keeps of people and their sessions; none of it can be derived from entries.

use courtyard_core::domain::{DeviceNo, OperatorNo, VillageNo};

/// A device's session, known by the hash of its token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// SHA-256 of the token: a stolen backup opens no session.
    pub token_hash: [u8; 32],
    /// Whose it is.
    pub device: DeviceNo,
    /// When it ends, by the server's clock.
    pub expires_ms: i64,
}

/// A one-time invitation, known by the hash of its code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// SHA-256 of the code.
    pub code_hash: [u8; 32],
    /// The village that the phone will serve.
    pub village: VillageNo,
    /// When it ends, by the server's clock.
    pub expires_ms: i64,
    /// The device that used it: the same key may ask again, nobody else.
    pub used_by: Option<DeviceNo>,
}

/// Somebody who may sign in at the office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// The name they sign in with.
    pub name: String,
    /// What they may do.
    pub role: String,
    /// The password's argon2id hash, as a PHC string.
    pub password_hash: String,
    /// When they were added, by the server's clock.
    pub since_ms: i64,
    /// Their number in the district's roster, which stands on what they write; 0 for a user from
    /// before users had one, until they act.
    pub operator: OperatorNo,
}

/// What somebody did: kept for ever, shown to the auditor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// When, by the server's clock.
    pub at_ms: i64,
    /// Who: a user's name, or `command line`.
    pub actor: String,
    /// What, as a stable word such as `village.add`.
    pub act: String,
    /// To what.
    pub subject: String,
}
