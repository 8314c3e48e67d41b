//! Exceptions of cash in stewards' hands: counts that differ, and money that a steward advanced.

use crate::domain::{EntityNo, EntryId, Fen, Holder, VillageNo};
use crate::ledger::float::CountRecord;

use super::{Around, Exception, ExceptionKind, Measure};

/// A holder's cash of one entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Till {
    /// Whose cash.
    pub entity: EntityNo,
    /// In whose hands.
    pub holder: Holder,
    /// Where the holder last moved it.
    pub village: Option<VillageNo>,
    /// How much; negative is what the holder advanced (垫付).
    pub balance: Fen,
    /// The last entry that moved it.
    pub last: EntryId,
}

/// One exception a count that differs and that nobody settled, and a float below zero.
pub(super) fn of_floats(around: &Around<'_>, found: &mut Vec<Exception>) {
    for count in around.counts.iter().filter(|count| count.is_open()) {
        found.push(Exception {
            kind: ExceptionKind::FloatDifference,
            grower: None,
            village: count.village,
            evidence: vec![count.id],
            subject: Some(subject(count.holder, count.entity)),
            rules: Vec::new(),
            measure: Some(measure(count)),
            since: Some(count.date),
        });
    }
    for till in around.tills.iter().filter(|till| till.balance < Fen::ZERO) {
        found.push(Exception {
            kind: ExceptionKind::StewardAdvanced,
            grower: None,
            village: till.village,
            evidence: vec![till.last],
            subject: Some(subject(till.holder, till.entity)),
            rules: Vec::new(),
            measure: Some(Measure { found: till.balance.get(), expected: Some(0) }),
            since: None,
        });
    }
}

fn measure(count: &CountRecord) -> Measure {
    Measure { found: count.counted.get(), expected: Some(count.expected.get()) }
}

/// `P12 1`: whose hands, and on whose account.
fn subject(holder: Holder, entity: EntityNo) -> String {
    format!("{holder} {entity}")
}
