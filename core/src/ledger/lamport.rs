//! Whether a device's Lamport numbers are sound: none lies further than the limit beyond the highest
//! sound one before it.
//!
//! One rule for the fold's replicas, for a device that writes, and for the check from outside.

/// How far an entry's Lamport number may lie beyond what its device wrote before.
pub const LAMPORT_JUMP: u64 = 1 << 20;

/// The Lamport numbers of one device, taken one after another from its first entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LamportChain {
    /// The highest sound number so far; `None` if there is nothing to compare the next with.
    before: Option<u64>,
}

impl LamportChain {
    /// The chain after this number; `None` if whatever comes next is sound.
    pub const fn after(before: Option<u64>) -> Self {
        LamportChain { before }
    }

    /// Takes the next entry's number; whether it jumps. One that jumps leaves the chain as it was.
    pub fn take(&mut self, lamport: u64) -> bool {
        let jumps = self.before.is_some_and(|before| lamport > before.saturating_add(LAMPORT_JUMP));
        if !jumps {
            self.before = Some(self.before.map_or(lamport, |before| before.max(lamport)));
        }
        jumps
    }

    /// The number of an own entry: one more than all seen; but if others ran away, never so far that
    /// the own entry would be held.
    pub fn next(self, seen: u64) -> u64 {
        let next = seen.saturating_add(1);
        self.before.map_or(next, |before| next.min(before.saturating_add(LAMPORT_JUMP)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_may_lie_so_far_beyond_the_last_sound_one_and_no_further() {
        let mut chain = LamportChain::after(Some(10));
        assert!(!chain.take(10 + LAMPORT_JUMP));
        assert!(chain.take(11 + 2 * LAMPORT_JUMP));
        assert!(!chain.take(10 + 2 * LAMPORT_JUMP));
        assert!(chain.take(u64::MAX));
    }

    #[test]
    fn a_lower_number_does_not_lower_the_chain() {
        let mut chain = LamportChain::after(Some(10));
        assert!(!chain.take(3));
        assert!(!chain.take(10 + LAMPORT_JUMP));
    }

    #[test]
    fn a_chain_with_nothing_before_it_begins_anywhere() {
        let mut chain = LamportChain::after(None);
        assert_eq!(chain.next(1 << 40), (1 << 40) + 1);
        assert!(!chain.take(1 << 40));
        assert!(chain.take(1 << 41));
    }

    #[test]
    fn an_own_number_is_never_a_jump() {
        for before in [None, Some(0), Some(1 << 30)] {
            let mut chain = LamportChain::after(before);
            for seen in [0, 1 << 25, u64::MAX] {
                let own = chain.next(seen);
                assert!(!chain.take(own), "{before:?} {seen}");
            }
        }
    }
}
