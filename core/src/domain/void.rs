//! A void (作废; accountants say 红冲): negative entries on the same side, linked to the original,
//! which stays as it is.

use minicbor::{Decode, Encode};

use super::check::{Breach, Breaches, Check, Limits, MAX_WORDS, Place};
use super::ids::{EntryHash, EntryId, GrowerId};
use super::rule::Rule;

/// Takes back one slip, contract version or payout, whole.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Void {
    /// The entry taken back.
    #[n(0)]
    pub target: EntryId,
    /// The hash of exactly the bytes that were seen.
    #[n(1)]
    pub target_hash: EntryHash,
    /// The target's grower, so that the void is folded with it whichever arrives first.
    #[n(2)]
    pub grower: GrowerId,
    /// Why, in the steward's words; never empty.
    #[n(3)]
    pub reason: String,
    /// The slip that takes its place, when it is already written.
    #[n(4)]
    pub replacement: Option<EntryId>,
}

impl Check for Void {
    fn check(&self, _: &Limits) -> Vec<Breach> {
        let mut found = Breaches::new();
        let words = self.reason.chars().count();
        found.demand(!self.reason.trim().is_empty(), Rule::VOID_REASON_EMPTY, Place::Entry);
        found.demand(words <= MAX_WORDS, Rule::VOID_REASON_TOO_LONG, Place::Entry);
        let other = self.replacement != Some(self.target);
        found.demand(other, Rule::VOID_REPLACES_ITSELF, Place::Entry);
        found.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::check::rules_of;
    use crate::domain::ids::DeviceNo;

    #[test]
    fn a_void_needs_a_reason_and_another_slip_in_its_place() {
        let device = DeviceNo::default();
        let sound = Void {
            target: EntryId::new(device, 1),
            target_hash: EntryHash::of(b"slip"),
            grower: GrowerId::new(device, 1),
            reason: "称错了".into(),
            replacement: Some(EntryId::new(device, 2)),
        };
        assert!(sound.check(&Limits::LEDGER).is_empty());
        let wordless = Void { reason: " \u{3000}\n".into(), ..sound.clone() };
        assert_eq!(rules_of(&wordless.check(&Limits::LEDGER)), [Rule::VOID_REASON_EMPTY]);
        let longest = Void { reason: "错".repeat(MAX_WORDS), ..sound.clone() };
        assert!(longest.check(&Limits::LEDGER).is_empty());
        let longer = Void { reason: "错".repeat(MAX_WORDS + 1), ..sound.clone() };
        assert_eq!(rules_of(&longer.check(&Limits::LEDGER)), [Rule::VOID_REASON_TOO_LONG]);
        let circular = Void { replacement: Some(sound.target), ..sound };
        assert_eq!(rules_of(&circular.check(&Limits::LEDGER)), [Rule::VOID_REPLACES_ITSELF]);
    }
}
