//! Values and rules of the field: weights, prices, money, ids, and every kind of entry.
//!
//! Pure: no clock, no I/O, no Automerge, no SQL.
#![cfg_attr(
    not(test),
    deny(clippy::float_arithmetic, clippy::arithmetic_side_effects, clippy::as_conversions)
)]

pub mod adjustment;
pub mod bank;
pub mod calendar;
pub mod check;
pub mod close;
pub mod confirmation;
pub mod contract;
pub mod debt;
pub mod device;
pub mod doubt;
pub mod entry;
pub mod float;
pub mod hold;
pub mod identity;
pub mod ids;
pub mod note;
pub mod payout;
pub mod price_fix;
pub mod price_list;
pub mod pricing;
pub mod product;
pub mod question;
pub mod receipt;
pub mod recovered;
pub mod renumber;
pub mod returned;
pub mod revocation;
pub mod roster;
pub mod rule;
pub mod rules;
pub mod slip;
pub mod units;
pub mod village;
pub mod void;

pub use calendar::{BusinessDate, Clock, Month};
pub use check::{Breach, Check, Limits, Place};
pub use entry::{Body, Entry, Envelope, Kind};
pub use float::Holder;
pub use ids::{
    BatchId, ContractId, DeviceNo, EntityNo, EntryHash, EntryId, GrowerId, OperatorNo, PersonNo,
    ProductNo, Sequence, VillageNo,
};
pub use rule::Rule;
pub use units::{Area, BasisPoints, Fen, Grade, Grams, LiPerKg, UnitError};
