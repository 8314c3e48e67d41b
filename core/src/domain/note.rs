//! A note: words beside an entry or a day. It moves nothing.

use minicbor::{Decode, Encode};

use super::ids::EntryId;

/// A steward's or the office's remark.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Note {
    /// The entry it speaks of, if any.
    #[n(0)]
    pub about: Option<EntryId>,
    /// The words; no names of growers and no phone numbers.
    #[n(1)]
    pub text: String,
}
