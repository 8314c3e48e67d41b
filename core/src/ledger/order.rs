//! The order of everything: (close index, Lamport, device, sequence). No wall clock decides it.

use crate::domain::{DeviceNo, EntryId, Sequence};

/// The first month close that covers an entry without naming it as held, by its Lamport number.
///
/// What a close covers sorts before all that it does not, so a late entry with a low Lamport
/// number cannot move a closed allocation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CloseIndex(u64);

impl CloseIndex {
    /// Not covered by any close yet; sorts after every close.
    pub const OPEN: CloseIndex = CloseIndex(u64::MAX);

    /// The close with this Lamport number.
    pub const fn new(lamport: u64) -> Self {
        CloseIndex(lamport)
    }

    /// The Lamport number of the close; the largest if there is none.
    pub const fn get(self) -> u64 {
        self.0
    }
}

/// Where an entry stands in the order of everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OrderKey {
    /// Closed months come first.
    pub close: CloseIndex,
    /// Then causality: an entry's Lamport number is above any that its device had seen.
    pub lamport: u64,
    /// Entries that knew nothing of each other: the lower device number first.
    pub device: DeviceNo,
    /// One device's own entries keep their order.
    pub sequence: Sequence,
}

impl OrderKey {
    /// The key of this entry.
    pub const fn new(close: CloseIndex, lamport: u64, id: EntryId) -> Self {
        OrderKey { close, lamport, device: id.device, sequence: id.sequence }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(close: CloseIndex, lamport: u64, device: u16, sequence: u32) -> OrderKey {
        OrderKey::new(close, lamport, EntryId::new(DeviceNo::new(device).unwrap(), sequence))
    }

    #[test]
    fn a_closed_entry_sorts_before_an_open_one_whatever_its_lamport_number() {
        let closed = key(CloseIndex::new(3), 900, 7, 40);
        let late = key(CloseIndex::OPEN, 1, 1, 1);
        assert!(closed < late);
    }

    #[test]
    fn lamport_then_device_then_sequence_decide() {
        let open = CloseIndex::OPEN;
        assert!(key(open, 1, 9, 9) < key(open, 2, 1, 1));
        assert!(key(open, 2, 1, 9) < key(open, 2, 2, 1));
        assert!(key(open, 2, 2, 1) < key(open, 2, 2, 2));
    }
}
