//! A payout (付款) in cash: what was handed over, and which slips it pays.

use minicbor::{Decode, Encode};

use super::ids::{EntryId, GrowerId};
use super::units::Fen;

/// Cash handed to a grower.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Payout {
    /// Who is paid.
    #[n(0)]
    pub grower: GrowerId,
    /// The cash that left the float, in fen.
    #[n(1)]
    pub cash: Fen,
    /// Which slips it pays, and how much of each.
    #[n(2)]
    pub allocations: Vec<Allocation>,
    /// What rounding in the grower's favour adds (抹零): cash less the allocations. It goes to
    /// purchase cost.
    #[n(3)]
    pub rounding: Fen,
}

/// So much of one slip.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Allocation {
    /// The slip.
    #[n(0)]
    pub slip: EntryId,
    /// How much of it is paid, in fen.
    #[n(1)]
    pub amount: Fen,
}
