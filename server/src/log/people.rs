//! What the log keeps of people and their sessions; none of it can be derived from entries.

use courtyard_core::domain::{DeviceNo, GrowerId, OperatorNo, PersonNo, VillageNo};

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

/// Who signed in to pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PageUser {
    /// A user of the office, by name.
    Office(String),
    /// A household, by its card.
    Grower(GrowerId),
}

/// A session of somebody who reads pages, known by the hash of its token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageSession {
    /// SHA-256 of the token: a stolen backup opens no session.
    pub token_hash: [u8; 32],
    /// Whose it is.
    pub of: PageUser,
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

/// What sort of number is sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NumberKind {
    /// An identity card's number (身份证号).
    Id,
    /// A bank account's number (银行账号).
    Bank,
}

impl NumberKind {
    /// Every sort.
    pub const ALL: [NumberKind; 2] = [NumberKind::Id, NumberKind::Bank];

    /// The word in commands, tables and the audit.
    pub const fn name(self) -> &'static str {
        match self {
            NumberKind::Id => "id",
            NumberKind::Bank => "bank",
        }
    }

    /// The sort with this word.
    pub fn by_name(name: &str) -> Option<NumberKind> {
        NumberKind::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// Whose number, and what sort.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct NumberOf {
    /// The household.
    pub grower: GrowerId,
    /// The person; 0 is the head.
    pub person: PersonNo,
    /// The sort.
    pub kind: NumberKind,
}

/// An ID or bank number, sealed to the district's key. It stands in no document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedNumber {
    /// Whose.
    pub of: NumberOf,
    /// The sealed number; only the private part of the sealing key opens it.
    pub ciphertext: Vec<u8>,
    /// Its last four characters: what phones show.
    pub last_four: String,
    /// When it was written, by the server's clock.
    pub put_ms: i64,
    /// Who wrote it.
    pub by: String,
    /// Who approved it; empty for a number that needs nobody else.
    pub approved_by: String,
}
