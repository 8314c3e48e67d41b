//! An entry as it reaches the fold: with what its place in the books says about it.

use crate::domain::device::DeviceRole;
use crate::domain::{Entry, EntryHash, EntryId, VillageNo};

use super::order::{CloseIndex, OrderKey};
use super::partition::Partition;

/// A chained, signed entry, ready to be folded.
///
/// Everything beside the entry follows from its book and its device's certificate, both of which
/// never change; so the same entry arrives the same on every replica.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrived {
    /// Which device wrote it, and where in its life.
    pub id: EntryId,
    /// The hash of its bytes.
    pub hash: EntryHash,
    /// What its device may write, by its certificate.
    pub role: DeviceRole,
    /// The village that its device serves.
    pub village: Option<VillageNo>,
    /// Whether its Lamport number jumps beyond the limit over the same device's entry before it.
    pub lamport_jump: bool,
    /// The close that covers it.
    pub close: CloseIndex,
    /// The entry itself.
    pub entry: Entry,
}

impl Arrived {
    /// Where it stands in the order of everything.
    pub const fn order(&self) -> OrderKey {
        OrderKey::new(self.close, self.entry.envelope.lamport, self.id)
    }

    /// Where it is folded; `None` if it moves nothing: what the district publishes, notes, and
    /// kinds that are not known.
    pub fn partition(&self) -> Option<Partition> {
        self.entry.body.grower().map(Partition::Grower)
    }
}
