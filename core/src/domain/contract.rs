//! A courtyard contract (庭院经济种植合同), version by version: what is grown, how much is
//! expected, the floor price and what holds beyond the quantity.

use minicbor::{Decode, Encode};

use super::calendar::BusinessDate;
use super::ids::{ContractId, GrowerId, ProductNo};
use super::units::{Area, BasisPoints, Grams, LiPerKg};

/// One version of a contract; a later version replaces the terms from its entry onward.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct ContractVersion {
    /// Which contract.
    #[n(0)]
    pub contract: ContractId,
    /// 1 for the first.
    #[n(1)]
    pub version: u32,
    /// Whose courtyard.
    #[n(2)]
    pub grower: GrowerId,
    /// What is grown.
    #[n(3)]
    pub product: ProductNo,
    /// On how much land, in 毫.
    #[n(4)]
    pub area: Area,
    /// Expected quantity, in grams of settlement weight of every grade.
    #[n(5)]
    pub quantity: Grams,
    /// 保底价.
    #[n(6)]
    pub floor: LiPerKg,
    /// First day of delivery.
    #[n(7)]
    pub from: BusinessDate,
    /// Last day of delivery.
    #[n(8)]
    pub to: BusinessDate,
    /// How far beyond the quantity the contract's price still holds.
    #[n(9)]
    pub tolerance: BasisPoints,
    /// What holds beyond quantity × (1 + tolerance).
    #[n(10)]
    pub beyond: Beyond,
}

/// The price beyond a contract's quantity and tolerance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Beyond {
    /// The list price (随行就市).
    #[n(0)]
    ListPrice,
    /// The contract's price for all of it.
    #[n(1)]
    ContractPrice,
}
