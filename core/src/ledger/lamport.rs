//! Whether a device's Lamport numbers are sound: none lies further than the limit beyond the highest
//! sound one before it.
//!
//! One rule for the fold's replicas, for a device that writes, and for the check from outside.

/// How far an entry's Lamport number may lie beyond what its device wrote before.
pub const LAMPORT_JUMP: u64 = 1 << 20;

/// The Lamport numbers of one device, taken one after another from its first entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LamportChain {
    /// What its first entry is measured against; `None` if there is nothing.
    base: Option<u64>,
    /// The last sound number so far.
    last: Option<u64>,
}

impl LamportChain {
    /// The chain of a device whose first entry is measured against this number; `None` if whatever
    /// comes first is sound.
    pub const fn new(base: Option<u64>) -> Self {
        LamportChain { base, last: None }
    }

    /// The same chain after this sound number.
    #[must_use]
    pub const fn after(self, last: u64) -> Self {
        LamportChain { last: Some(last), ..self }
    }

    /// Takes the next entry's number; whether it jumps. One that jumps leaves the chain as it was.
    pub fn take(&mut self, lamport: u64) -> bool {
        let jumps = self.highest().is_some_and(|highest| lamport > highest);
        if !jumps {
            self.last = Some(lamport);
        }
        jumps
    }

    /// The highest number that is no jump.
    fn highest(self) -> Option<u64> {
        Some(self.base.max(self.last)?.saturating_add(LAMPORT_JUMP))
    }

    /// The number of an own entry: one more than all seen; but if others ran away, never so far that
    /// the own entry would be held.
    pub fn next(self, seen: u64) -> u64 {
        let next = seen.saturating_add(1);
        self.highest().map_or(next, |highest| next.min(highest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_may_lie_so_far_beyond_the_last_sound_one_and_no_further() {
        let mut chain = LamportChain::new(Some(10));
        assert!(!chain.take(10 + LAMPORT_JUMP));
        assert!(chain.take(11 + 2 * LAMPORT_JUMP));
        assert!(!chain.take(10 + 2 * LAMPORT_JUMP));
        assert!(chain.take(u64::MAX));
    }

    #[test]
    fn a_number_below_the_base_does_not_lower_the_chain() {
        let mut chain = LamportChain::new(Some(10));
        assert!(!chain.take(3));
        assert!(!chain.take(10 + LAMPORT_JUMP));
        assert_eq!(chain, LamportChain::new(Some(10)).after(10 + LAMPORT_JUMP));
    }

    #[test]
    fn a_chain_with_nothing_before_it_begins_anywhere() {
        let mut chain = LamportChain::new(None);
        assert_eq!(chain.next(1 << 40), (1 << 40) + 1);
        assert!(!chain.take(1 << 40));
        assert!(chain.take(1 << 41));
    }

    #[test]
    fn an_own_number_is_never_a_jump() {
        for before in [None, Some(0), Some(1 << 30)] {
            let mut chain = LamportChain::new(before);
            for seen in [0, 1 << 25, u64::MAX] {
                let own = chain.next(seen);
                assert!(!chain.take(own), "{before:?} {seen}");
            }
        }
    }
}
