//! What the log keeps of a county: devices, batches of entries, register edits, what was set aside.

use courtyard_core::document::{
    BookId, BookTip, DistrictId, Edit, Head, OfficeCertificate, PublicKey, RegisterId, Signature,
};
use courtyard_core::domain::device::DeviceCertificate;
use courtyard_core::domain::{DeviceNo, VillageNo};

/// Who the county is, and where its counters stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct County {
    /// The district's id.
    pub district: DistrictId,
    /// The public key of its root.
    pub root: PublicKey,
    /// The office key's certificate, signed by the root.
    pub office: OfficeCertificate,
    /// Changes when a backup is restored; phones then send again what they hold.
    pub epoch: u32,
    /// The number of the last accepted batch or edit.
    pub last_number: u64,
    /// The next device number; numbers are never given twice.
    pub next_device: u32,
    /// The highest Lamport number of an entry that did not jump.
    pub lamport: u64,
    /// The key of challenges and session tokens.
    pub secret: [u8; 32],
}

/// What a device may still do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeviceState {
    /// It writes and reads.
    Active,
    /// A device of the office from before a restore: what returns signed is accepted, nothing new
    /// is written with it.
    Retired,
    /// It may still send what it holds, and reads nothing.
    Revoked,
}

impl DeviceState {
    /// The number in the database.
    pub const fn number(self) -> i64 {
        match self {
            DeviceState::Active => 0,
            DeviceState::Retired => 1,
            DeviceState::Revoked => 2,
        }
    }

    /// The state with this number.
    pub const fn from_number(number: i64) -> Option<DeviceState> {
        match number {
            0 => Some(DeviceState::Active),
            1 => Some(DeviceState::Retired),
            2 => Some(DeviceState::Revoked),
            _ => None,
        }
    }
}

/// A certified device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// Its certificate.
    pub certificate: DeviceCertificate,
    /// What it may still do.
    pub state: DeviceState,
    /// The Lamport number of its newest entry that did not jump.
    pub lamport: u64,
    /// When the office first knew it, by the server's clock.
    pub since_ms: i64,
}

impl Device {
    /// Its number.
    pub fn number(&self) -> DeviceNo {
        self.certificate.device
    }

    /// Its public key.
    pub fn public_key(&self) -> PublicKey {
        PublicKey(self.certificate.public_key)
    }
}

/// Accepted entries of one book, with the signature at the last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// Its number in the county, in commit order.
    pub number: u64,
    /// The book.
    pub book: BookId,
    /// Entries of the book before it.
    pub start: u32,
    /// Canonical entries.
    pub entries: Vec<Vec<u8>>,
    /// The device's signature over the book's head after the last entry.
    pub signature: Signature,
}

/// A batch to append.
#[derive(Debug, Clone, Copy)]
pub struct NewBatch<'a> {
    /// The book.
    pub book: BookId,
    /// The book's count that this append is conditional on.
    pub start: u32,
    /// Canonical entries.
    pub entries: &'a [Vec<u8>],
    /// The device's signature over `tip`.
    pub signature: Signature,
    /// The book's count and head afterwards.
    pub tip: BookTip,
    /// Who reads it: a village, or everybody.
    pub village: Option<VillageNo>,
    /// When it came, by the server's clock.
    pub now_ms: i64,
}

/// Accepted edits of one device to one register edition, with the signature over the newest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EditBatch {
    /// Its number in the county, in commit order; for parked edits a number of their own.
    pub number: u64,
    /// The register edition.
    pub register: RegisterId,
    /// Who wrote them.
    pub device: DeviceNo,
    /// The edits, numbered without a gap.
    pub edits: Vec<Edit>,
    /// The head of the newest one's change; `None` while parked.
    pub head: Option<Head>,
    /// The device's signature over the newest.
    pub signature: Signature,
}

/// Edits to append or to park.
#[derive(Debug, Clone, Copy)]
pub struct NewEditBatch<'a> {
    /// The register edition.
    pub register: RegisterId,
    /// Who wrote them.
    pub device: DeviceNo,
    /// The edits, numbered without a gap.
    pub edits: &'a [Edit],
    /// The head of the newest one's change; `None` when parked.
    pub head: Option<Head>,
    /// The device's signature over the newest.
    pub signature: Signature,
    /// When they came, by the server's clock.
    pub now_ms: i64,
}

/// Evidence of something signed that was not accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAside {
    /// The hash of the evidence: the same evidence is kept once.
    pub hash: [u8; 32],
    /// Whose signature it carries.
    pub device: DeviceNo,
    /// The stable code of the reason.
    pub code: String,
    /// What it is about, such as `book/A7K/0`.
    pub subject: String,
    /// The part as it came: entries or edits, with the signature.
    pub evidence: Vec<u8>,
    /// When it first came, by the server's clock.
    pub now_ms: i64,
}
