//! What reports, lists and screens read: sums and rows of the projections.
//!
//! Every figure counts what stands: held and voided slips are listed, never summed.

mod apart;
mod balance;
mod bank;
mod corrections;
mod float;
mod headline;
mod income;
mod kept;
mod season;
mod selection;
mod slips;
mod totals;

pub use balance::{AccountTotal, TrialBalance};
pub use bank::{Batch, BatchState, BatchSum};
pub use corrections::PriceDifference;
pub use float::{FloatMove, Flow, LastMoves, moves_of};
pub use headline::{Headline, HeadlineRow};
pub use income::{Income, IncomeRow};
pub use season::Bought;
pub use selection::{Place, SelectionTotals, SlipPage, SlipSelection, SlipSums, Standing, Turn};
pub use slips::{PayoutRow, SlipFilter, SlipRow};
pub use totals::{Held, Totals};

pub(crate) use slips::grower_id;
