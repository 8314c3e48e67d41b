//! What the fold decided about an entry: it counts, or it is held with its reasons.

use crate::domain::{EntryHash, EntryId, Rule};

use super::account::Posting;
use super::partition::Partition;

/// Whether an entry counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// It counts. A slip or payout that is voided later still counts; so does its void.
    Counted,
    /// Kept and shown, not counted, until the district decides (留存待核): every reason, in order
    /// of precedence, each once.
    Held(Vec<Rule>),
    /// Of a kind or version that this build does not know: kept and passed on.
    Newer,
}

impl Status {
    /// Counted if there is no reason to hold it.
    pub fn of(reasons: Vec<Rule>) -> Status {
        if reasons.is_empty() { Status::Counted } else { Status::Held(reasons) }
    }

    /// Why it is held; empty if it is not.
    pub fn reasons(&self) -> &[Rule] {
        match self {
            Status::Held(reasons) => reasons,
            Status::Counted | Status::Newer => &[],
        }
    }

    /// A word for tables: `counted`, `held` or `newer`.
    pub const fn name(&self) -> &'static str {
        match self {
            Status::Counted => "counted",
            Status::Held(_) => "held",
            Status::Newer => "newer",
        }
    }
}

/// What applying one entry came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The entry.
    pub id: EntryId,
    /// The hash of its bytes.
    pub hash: EntryHash,
    /// Where it lies; none for what the district publishes and for notes.
    pub partition: Option<Partition>,
    /// Whether it counts.
    pub status: Status,
    /// What it moved; empty unless it counts.
    pub postings: Vec<Posting>,
}
