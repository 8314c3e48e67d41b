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
    /// Held, and the district decided that it does not count (不认可), with the reasons that stand.
    Refused(Vec<Rule>),
    /// Of a kind or version that this build does not know: kept and passed on.
    Newer,
}

impl Status {
    /// Why it is held or refused; empty if it is neither.
    pub fn reasons(&self) -> &[Rule] {
        match self {
            Status::Held(reasons) | Status::Refused(reasons) => reasons,
            Status::Counted | Status::Newer => &[],
        }
    }

    /// A word for tables: `counted`, `held`, `refused` or `newer`.
    pub const fn name(&self) -> &'static str {
        match self {
            Status::Counted => "counted",
            Status::Held(_) => "held",
            Status::Refused(_) => "refused",
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
