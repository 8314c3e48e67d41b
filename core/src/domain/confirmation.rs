//! A confirmation (确认): a grower's word on one exact entry: that a debt is theirs, that money was
//! received, that a proxy acted for them; or that it is not so.

use minicbor::{Decode, Encode};

use super::check::{Breach, Check, Limits};
use super::ids::{EntryHash, EntryId, GrowerId, PersonNo};

/// A grower's yes or no to an entry.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Confirmation {
    /// Whose word.
    #[n(0)]
    pub grower: GrowerId,
    /// The entry it is about.
    #[n(1)]
    pub target: EntryId,
    /// The hash of that entry's bytes: the word is bound to exactly this content.
    #[n(2)]
    pub target_hash: EntryHash,
    /// Who of the household spoke.
    #[n(3)]
    pub person: PersonNo,
    /// How it was given.
    #[n(4)]
    pub means: Means,
    /// Yes (确认) or no (有异议).
    #[n(5)]
    pub agrees: bool,
}

/// How a grower's word was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Means {
    /// Signed on paper, which is kept.
    #[n(0)]
    Paper,
    /// On the grower's own page, by card and PIN.
    #[n(1)]
    Page,
    /// Spoken before a witness who signed.
    #[n(2)]
    Witness,
}

impl Check for Confirmation {
    /// Nothing: whether it speaks of something is known from other entries.
    fn check(&self, _: &Limits) -> Vec<Breach> {
        Vec::new()
    }
}
