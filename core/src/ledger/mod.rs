//! The ledger: a pure fold over all entries, in one order, into slips, contracts, payouts and
//! balances; and, by other code, the control totals that must agree with it.
//!
//! The fold reads entries only: no register, no clock, nothing that the district publishes. So
//! every replica that holds the same entries comes to the same fen, in whatever order they arrive.
//! It is partitioned by grower: an entry that sorts after everything of its grower is applied to
//! what stands; an earlier one makes that grower alone be folded again.
#![cfg_attr(
    not(test),
    deny(clippy::float_arithmetic, clippy::arithmetic_side_effects, clippy::as_conversions)
)]

pub mod account;
pub mod arrived;
pub mod memory;
pub mod order;
pub mod outcome;
pub mod records;

pub use account::{Account, Posting};
pub use arrived::Arrived;
pub use memory::MemoryRecords;
pub use order::{CloseIndex, OrderKey};
pub use outcome::{Outcome, Status};
pub use records::{
    Balance, ContractRecord, Delivery, LineRecord, PayoutRecord, ReadRecords, Records, SlipRecord,
    State, VersionRecord,
};
