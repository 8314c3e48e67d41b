//! What entries posted, month by month: the rows of statements and vouchers. Made by folding the
//! entries of one partition again, so a row can always be taken back to its entry.

use std::borrow::Borrow;

use minicbor::{Decode, Encode};

use crate::domain::{
    BusinessDate, EntityNo, EntryHash, EntryId, GrowerId, Kind, Month, UnitError, VillageNo,
};

use super::account::Posting;
use super::arrived::Arrived;
use super::fold::apply;
use super::memory::MemoryRecords;
use super::outcome::Status;

/// An entry that counts, with what it moved.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Posted {
    /// The entry.
    #[n(0)]
    pub id: EntryId,
    /// The hash of its bytes.
    #[n(1)]
    pub hash: EntryHash,
    /// The number of its kind.
    #[n(2)]
    pub kind: u16,
    /// Whose household, if it is about one.
    #[n(3)]
    pub grower: Option<GrowerId>,
    /// On whose account.
    #[n(4)]
    pub entity: EntityNo,
    /// The village of the device that wrote it.
    #[n(5)]
    pub village: Option<VillageNo>,
    /// The business date as printed.
    #[n(6)]
    pub date: BusinessDate,
    /// The month in whose books it stands: its own, or if that was closed the earliest open one.
    #[n(7)]
    pub month: Month,
    /// What it moved.
    #[n(8)]
    pub postings: Vec<Posting>,
}

impl Posted {
    /// Whether it stands in a later month than its own (跨月补记).
    pub fn is_late(&self) -> bool {
        self.month > self.date.month()
    }

    /// The word of its kind.
    pub fn kind_name(&self) -> &'static str {
        Kind::from_number(self.kind).map_or("newer", Kind::name)
    }
}

/// Folds the entries of one partition, each in its place by the district's rulings, given in any
/// order and each once: what counts with what it moved, in the order of everything, and the records at the end.
///
/// # Errors
/// [`UnitError::Overflow`] if a balance does not fit.
pub fn posted<A: Borrow<Arrived>>(
    entries: impl IntoIterator<Item = A>,
    month_of: &dyn Fn(&Arrived) -> Month,
) -> Result<(Vec<Posted>, MemoryRecords), UnitError> {
    let mut records = MemoryRecords::new();
    let mut rows = Vec::new();
    let mut entries: Vec<A> = entries.into_iter().collect();
    entries.sort_by_cached_key(|a| a.borrow().order());
    for arrived in entries.iter().map(Borrow::borrow) {
        let outcome = apply(&mut records, arrived)?;
        let envelope = &arrived.entry.envelope;
        if outcome.status == Status::Counted {
            rows.push(Posted {
                id: arrived.id,
                hash: arrived.hash,
                kind: arrived.entry.body.kind().map_or(0, Kind::number),
                grower: arrived.entry.body.grower(),
                entity: envelope.entity,
                village: arrived.village,
                date: envelope.date,
                month: month_of(arrived),
                postings: outcome.postings,
            });
        }
    }
    Ok((rows, records))
}
