//! A village of the county, and the entity that buys there.

use minicbor::{Decode, Encode};

use super::ids::{EntityNo, VillageNo};

/// A village; the latest entry of a number holds.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Village {
    /// Its number.
    #[n(0)]
    pub number: VillageNo,
    /// Its name.
    #[n(1)]
    pub name: String,
    /// The entity on whose account its stewards buy.
    #[n(2)]
    pub entity: EntityNo,
}
