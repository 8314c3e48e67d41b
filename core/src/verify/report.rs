//! What a check found.

use crate::document::{BookId, RegisterId};
use crate::domain::{DeviceNo, EntryId, Rule};
use crate::ledger::audit::Difference;

use super::fault::{BookFault, EditsFault};

/// The first broken entry of a book.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BrokenBook {
    /// Which book.
    pub book: BookId,
    /// The first entry that may be broken.
    pub first: EntryId,
    /// The last entry that may be; equal to `first` where it is known exactly.
    pub last: EntryId,
    /// What is wrong.
    pub fault: BookFault,
}

/// The first broken edit of a device in a register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BrokenEdits {
    /// Which register.
    pub register: RegisterId,
    /// Whose edits.
    pub device: DeviceNo,
    /// The number of the first edit that may be broken.
    pub first: u32,
    /// The number of the last that may be; equal to `first` where it is known exactly.
    pub last: u32,
    /// What is wrong.
    pub fault: EditsFault,
}

/// A slip that breaks rules by its own fields. Its phone signed it so; the ledger holds it, so it is
/// not counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrongSlip {
    /// Its number.
    pub slip: EntryId,
    /// Which rules.
    pub rules: Vec<Rule>,
}

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// Books that were checked.
    pub books: u64,
    /// Entries that were checked.
    pub entries: u64,
    /// Register edits that were checked.
    pub edits: u64,
    /// Slips among the entries.
    pub slips: u64,
    /// Entries that the ledger holds, wrong slips included.
    pub held: u64,
    /// The first broken entry of each broken book, by book.
    pub broken: Vec<BrokenBook>,
    /// The first broken edit of each device in each register.
    pub broken_edits: Vec<BrokenEdits>,
    /// Slips that break rules by their own fields: held, so no fault of the books.
    pub wrong_slips: Vec<WrongSlip>,
    /// Control totals that differ from the ledger's balances.
    pub differences: Vec<Difference>,
    /// All debits less all credits, in fen.
    pub trial_balance_fen: i128,
    /// A balance came out larger than any that is real, so the ledger could not be folded.
    pub overflow: bool,
}

impl Report {
    /// Whether everything holds. Held entries are no fault: they are kept, shown and not counted.
    pub fn is_sound(&self) -> bool {
        self.broken.is_empty() && self.broken_edits.is_empty() && self.controls_agree()
    }

    /// Whether the controls agree with the ledger's balances, and debits with credits.
    pub fn controls_agree(&self) -> bool {
        self.differences.is_empty() && self.trial_balance_fen == 0 && !self.overflow
    }
}
