//! A selection of slips: what a list shows page by page, what its totals add up, and what a download
//! holds. One description for all three, so that they cannot differ.

mod page;
mod plan;
mod totals;
mod wanted;

#[cfg(test)]
mod tests;

use crate::domain::{BusinessDate, EntryId, GrowerId, ProductNo, VillageNo};
use crate::ledger::State;

pub use page::{Place, SlipPage, Turn};
pub use totals::{SelectionTotals, SlipSums};

/// Which slips. The default is all of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SlipSelection {
    /// Written in this village.
    pub village: Option<VillageNo>,
    /// Of this household, under every number that is linked with this one.
    pub grower: Option<GrowerId>,
    /// With a line of this product.
    pub product: Option<ProductNo>,
    /// From this day on.
    pub from: Option<BusinessDate>,
    /// Up to and with this day.
    pub to: Option<BusinessDate>,
    /// Standing like this.
    pub state: Option<Standing>,
    /// Only those of which something is owed.
    pub unpaid: bool,
    /// A slip's number or the beginning of it (`A7K-000127`, `a7k127`, `A7K`), or what finds a
    /// grower: a name, its pinyin or initials, a number, the end of a phone number.
    pub text: String,
}

/// How a slip stands, without what made it so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// It counts.
    Counted,
    /// It is held (留存待核).
    Held,
    /// It counted and was taken back (作废).
    Voided,
    /// The district refused it (不认可).
    Refused,
}

impl Standing {
    /// Every standing, in the order in which lists name them.
    pub const ALL: [Standing; 4] =
        [Standing::Counted, Standing::Held, Standing::Voided, Standing::Refused];

    /// The stable word: `counted`, `held`, `voided` or `refused`.
    pub const fn name(self) -> &'static str {
        match self {
            Standing::Counted => "counted",
            Standing::Held => "held",
            Standing::Voided => "voided",
            Standing::Refused => "refused",
        }
    }

    /// The standing with this word.
    pub fn named(name: &str) -> Option<Standing> {
        Standing::ALL.into_iter().find(|standing| standing.name() == name)
    }

    /// How the tables number it.
    const fn number(self) -> u8 {
        match self {
            Standing::Counted => 0,
            Standing::Held => 1,
            Standing::Voided => 2,
            Standing::Refused => 3,
        }
    }
}

impl From<State> for Standing {
    fn from(state: State) -> Standing {
        match state {
            State::Counted => Standing::Counted,
            State::Held => Standing::Held,
            State::Voided { .. } => Standing::Voided,
            State::Refused => Standing::Refused,
        }
    }
}

/// The days that a selection asks for, both with it.
fn days(selection: &SlipSelection) -> (i32, i32) {
    (
        selection.from.unwrap_or(BusinessDate::FIRST).days(),
        selection.to.unwrap_or(BusinessDate::LAST).days(),
    )
}

/// The keys of every entry of a device from one sequence to another, both with it.
fn keys(first: EntryId, last: EntryId) -> (i64, i64) {
    (first.key(), last.key())
}
