//! The ledger: a pure fold over all entries, in one order, into slips, contracts, payouts and
//! balances; and, by other code, the control totals that must agree with it.
//!
//! The fold reads entries only: no register, no clock, nothing that the district publishes. So
//! every replica that holds the same entries comes to the same fen, in whatever order they arrive.
//! It is partitioned, by grower and by cash box: an entry that sorts after everything of its
//! partition is applied to what stands; an earlier one makes that partition alone be folded again.
//!
//! A kind of entry has one file here; [`mod@fold`] names it once.
#![cfg_attr(
    not(test),
    deny(clippy::float_arithmetic, clippy::arithmetic_side_effects, clippy::as_conversions)
)]

pub mod account;
mod adjustment;
pub mod arrived;
pub mod audit;
mod bank;
pub mod changes;
mod confirmation;
mod contract;
pub mod correction;
mod debt;
pub mod delivered;
pub mod digest;
pub mod district;
mod due;
pub mod exceptions;
mod float;
pub mod fold;
pub mod identity;
pub mod keep;
pub mod lamport;
pub mod memory;
pub mod merkle;
pub mod order;
pub mod outcome;
pub mod partition;
mod payout;
pub mod posted;
mod price_fix;
pub mod published;
mod receipt;
pub mod record;
pub mod records;
mod returned;
mod slip;
pub mod statement;
mod void;
pub mod voucher;
pub mod words;

pub use account::{Account, Posting};
pub use arrived::{Arrived, Ruling};
pub use bank::{BatchRecord, ExcessRecord, FileRecord, ReserveRecord, Settled};
pub use changes::{LineChange, SlipChanges};
pub use correction::{CorrectionKind, CorrectionRecord};
pub use delivered::delivered;
pub use digest::digest;
pub use district::District;
pub use float::{CountRecord, IssueRecord};
pub use fold::{apply, fold, refold};
pub use keep::{ReadRecords, Records};
pub use lamport::LamportChain;
pub use memory::MemoryRecords;
pub use order::{CloseIndex, OrderKey};
pub use outcome::{Outcome, Status};
pub use partition::Partition;
pub use payout::{PayoutEffect, RepaymentRecord, Word};
pub use posted::{Posted, posted};
pub use published::Published;
pub use record::{DebtKind, DebtRecord, Kept, ReceiptRecord, Record, RecordKey, RecordKind};
pub use records::{
    Balance, ContractRecord, Delivery, LineRecord, PayoutRecord, SlipRecord, State, VersionRecord,
};
pub use statement::{StatedDebt, StatedLine, StatedSlip, StatedSum, Statement, moved_by_month};

#[cfg(test)]
mod tests;
