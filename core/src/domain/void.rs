//! A void (作废; accountants say 红冲): negative entries on the same side, linked to the original,
//! which stays as it is.

use minicbor::{Decode, Encode};

use super::ids::{EntryHash, EntryId, GrowerId};

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
