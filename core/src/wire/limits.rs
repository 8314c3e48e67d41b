//! Every limit of what travels, by name, in one table; the same on both sides of the wire.
//!
//! A length is compared with its limit before anything is allocated for it.

use super::error::WireError;

/// A limit: its stable name in errors and documents, and the largest value that passes.
#[derive(Debug, PartialEq, Eq)]
pub struct Limit {
    /// Stable name, such as `body_bytes`.
    pub name: &'static str,
    /// The largest value that passes.
    pub value: u64,
}

impl Limit {
    /// Whether this many passes.
    ///
    /// # Errors
    /// [`WireError::OverLimit`] if it is more.
    pub const fn check(&'static self, found: u64) -> Result<(), WireError> {
        if found > self.value { Err(WireError::OverLimit { limit: self, found }) } else { Ok(()) }
    }

    /// Whether a length passes.
    ///
    /// # Errors
    /// [`WireError::OverLimit`] if it is more.
    pub fn check_len(&'static self, found: usize) -> Result<(), WireError> {
        self.check(u64::try_from(found).unwrap_or(u64::MAX))
    }

    /// The value as a length.
    pub fn len(&self) -> usize {
        usize::try_from(self.value).unwrap_or(usize::MAX)
    }

    /// Whether nothing passes; no limit of the table is so.
    pub const fn is_empty(&self) -> bool {
        self.value == 0
    }
}

macro_rules! limits {
    ($($(#[$doc:meta])* $constant:ident = $name:literal, $value:expr;)*) => {
        $($(#[$doc])* pub static $constant: Limit = Limit { name: $name, value: $value };)*

        /// The whole table, in the order of the document.
        pub static ALL: &[&Limit] = &[$(&$constant,)*];
    };
}

limits! {
    /// Bytes of one HTTP body, either way.
    BODY_BYTES = "body_bytes", 256 * 1024;
    /// Bytes that the rows of one message give, all entries and edits together.
    INFLATED_BYTES = "inflated_bytes", 2 * 1024 * 1024;
    /// Bytes of one entry.
    ENTRY_BYTES = "entry_bytes", 64 * 1024;
    /// Bytes of one register edit.
    EDIT_BYTES = "edit_bytes", 64 * 1024;
    /// Bytes of one text or byte string inside an entry or an edit.
    STRING_BYTES = "string_bytes", 16 * 1024;
    /// Arrays and maps inside one another, in an entry or an edit.
    CBOR_DEPTH = "cbor_depth", 16;
    /// Entries in one part: a book is no longer.
    ENTRIES_PER_PART = "entries_per_part", 200;
    /// Edits in one part.
    EDITS_PER_PART = "edits_per_part", 1_000;
    /// Assignments in one edit.
    ASSIGNMENTS_PER_EDIT = "assignments_per_edit", 200;
    /// Changes that one edit builds on.
    DEPS_PER_EDIT = "deps_per_edit", 64;
    /// Parts of books in one message.
    BOOK_PARTS = "book_parts", 1_000;
    /// Parts of registers in one message.
    EDIT_PARTS = "edit_parts", 1_000;
    /// Certificates in one message.
    CERTIFICATES = "certificates", 500;
    /// Positions, refusals and other rows of an answer, each.
    ANSWER_ROWS = "answer_rows", 5_000;
    /// Books or registers in one audit.
    AUDIT_ROWS = "audit_rows", 4_000;
    /// Ends of sealed numbers of one village.
    TAILS = "tails", 10_000;
    /// Bytes of a word in the table of those ends.
    TAIL_BYTES = "tail_bytes", 16;
    /// Bytes of one certificate.
    CERTIFICATE_BYTES = "certificate_bytes", 1_024;
    /// Bytes of a cursor's position.
    CURSOR_BYTES = "cursor_bytes", 64;
    /// Bytes of a challenge.
    CHALLENGE_BYTES = "challenge_bytes", 32;
    /// Bytes of an invitation's code.
    INVITATION_BYTES = "invitation_bytes", 64;
    /// How far an entry's Lamport number may lie beyond its device's previous entry; beyond it the
    /// entry is held, not refused.
    LAMPORT_JUMP = "lamport_jump", crate::ledger::lamport::LAMPORT_JUMP;
}
