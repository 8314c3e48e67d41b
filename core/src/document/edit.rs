//! An edit of a register: what one device assigned at once, and what it had seen.

use minicbor::{Decode, Encode};

use super::ids::Head;
use crate::domain::DeviceNo;

/// What a field of a register holds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub enum Value {
    /// Words.
    #[n(0)]
    Text(#[n(0)] String),
    /// A number.
    #[n(1)]
    Int(#[n(0)] i64),
    /// Yes or no.
    #[n(2)]
    Bool(#[n(0)] bool),
    /// Bytes.
    #[n(3)]
    Bytes(#[cbor(n(0), with = "minicbor::bytes")] Vec<u8>),
    /// Cleared.
    #[n(4)]
    Null,
}

/// What one device assigned at once.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Edit {
    /// Who.
    #[n(0)]
    pub device: DeviceNo,
    /// Which of this device's edits in this edition, from 1.
    #[n(1)]
    pub number: u32,
    /// The heads that the device had seen, sorted.
    #[n(2)]
    pub deps: Vec<Head>,
    /// Key and value, in order.
    #[n(3)]
    pub assignments: Vec<(String, Value)>,
}
