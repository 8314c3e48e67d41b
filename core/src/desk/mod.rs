//! What a screen needs: drafts of slips and payouts, with running totals, what cannot be saved and
//! what to look at again, in words. The apps and the command line only draw it.
//!
//! Pure: the desk reads the store through [`Catalogue`] and writes nothing. A warning never stops a
//! save; only a problem does, and it says which number to look at.
#![cfg_attr(
    not(test),
    deny(clippy::float_arithmetic, clippy::arithmetic_side_effects, clippy::as_conversions)
)]

pub mod candidates;
pub mod catalogue;
pub mod correcting;
pub mod debt;
pub mod message;
pub mod offered;
pub mod payout;
pub mod slip;

#[cfg(test)]
mod village;

pub use candidates::{Candidate, Evidence};
pub use catalogue::{Catalogue, Visit};
pub use debt::{DebtDraft, DebtReview, Given};
pub use message::{Finding, Message};
pub use offered::OfferedWeighing;
pub use payout::{PayoutDraft, PayoutReview, RepaymentOffer, debt_words};
pub use slip::{
    DraftLine, DraftWeighing, KeptDraft, LineReview, NoSuchPlace, SlipDraft, SlipReview,
    WeighingState, progress_text,
};
