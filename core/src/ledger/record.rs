//! Records of every kind beside slips, contracts and payouts: kept under a key, in one table.
//!
//! A new kind of record is one line in [`Record`] and a struct; no storage knows its fields.

use minicbor::{Decode, Encode};

use crate::domain::{
    BasisPoints, BusinessDate, ContractId, EntityNo, EntryHash, EntryId, Fen, GrowerId, OperatorNo,
    UnitError, VillageNo,
};

use super::account::Account;
use super::bank::{BatchRecord, ExcessRecord, ReserveRecord};
use super::correction::CorrectionRecord;
use super::float::{CountRecord, IssueRecord};
use super::records::State;

/// Where a record is kept within its partition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordKey {
    /// What it is.
    pub kind: RecordKind,
    /// Which one: most often the key of the entry that made it.
    pub id: i64,
}

/// A struct that is kept as a [`Record`].
pub trait Kept: Into<Record> {
    /// Its kind.
    const KIND: RecordKind;

    /// The record as this struct, or `None` if it is of another kind.
    fn of(record: Record) -> Option<Self>;
}

macro_rules! records {
    ($($(#[$doc:meta])* $variant:ident($record:ty) = $number:literal by |$kept:ident| $id:expr;)*) => {
        /// Anything that the fold keeps beside slips, contracts and payouts.
        #[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
        pub enum Record {
            $($(#[$doc])* #[n($number)] $variant(#[n(0)] $record),)*
        }

        /// A kind of [`Record`].
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum RecordKind {
            $($(#[$doc])* $variant,)*
        }

        impl RecordKind {
            /// Every kind, in order of their numbers.
            pub const ALL: &[RecordKind] = &[$(RecordKind::$variant,)*];

            /// The number in tables and bytes; ascending in the order of the kinds.
            pub const fn number(self) -> u8 {
                match self { $(RecordKind::$variant => $number,)* }
            }
        }

        impl Record {
            /// Where it is kept.
            pub fn key(&self) -> RecordKey {
                match self {
                    $(Record::$variant($kept) => {
                        RecordKey { kind: RecordKind::$variant, id: $id }
                    })*
                }
            }
        }

        $(
            impl From<$record> for Record {
                fn from(record: $record) -> Record {
                    Record::$variant(record)
                }
            }

            impl Kept for $record {
                const KIND: RecordKind = RecordKind::$variant;

                fn of(record: Record) -> Option<Self> {
                    match record {
                        Record::$variant(record) => Some(record),
                        _ => None,
                    }
                }
            }
        )*
    };
}

records! {
    /// What a grower owes: a prepayment, an input credit, a deposit or a refund.
    Debt(DebtRecord) = 0 by |debt| debt.id.key();
    /// What a grower gave back in money.
    Receipt(ReceiptRecord) = 1 by |receipt| receipt.id.key();
    /// What one grower gets in a bank batch.
    Reserve(ReserveRecord) = 10 by |reserve| reserve.id.key();
    /// A bank batch: its approval and its file.
    Batch(BatchRecord) = 11 by |batch| batch.batch.key();
    /// Cash set out for somebody, or handed over.
    FloatIssue(IssueRecord) = 12 by |issue| issue.id.key();
    /// What was counted in somebody's till.
    FloatCount(CountRecord) = 13 by |count| count.id.key();
    /// What the bank paid a grower too much.
    Excess(ExcessRecord) = 14 by |excess| excess.id.key();
    /// A correction of a slip: a return, a price fix or an adjustment.
    Correction(CorrectionRecord) = 32 by |correction| correction.id.key();
}

/// What a grower owes an entity, and how much of it was paid back.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct DebtRecord {
    /// The entry that made it.
    #[n(0)]
    pub id: EntryId,
    /// The hash of its bytes.
    #[n(1)]
    pub hash: EntryHash,
    /// Who owes.
    #[n(2)]
    pub grower: GrowerId,
    /// To whom.
    #[n(3)]
    pub entity: EntityNo,
    /// The village of the device that wrote it.
    #[n(4)]
    pub village: Option<VillageNo>,
    /// The business date as printed.
    #[n(5)]
    pub date: BusinessDate,
    /// Why.
    #[n(6)]
    pub kind: DebtKind,
    /// The contract that it belongs to.
    #[n(7)]
    pub contract: Option<ContractId>,
    /// How much at first.
    #[n(8)]
    pub amount: Fen,
    /// How much of it was paid back (扣还, 收款).
    #[n(9)]
    pub repaid: Fen,
    /// From which day it may be withheld.
    #[n(10)]
    pub due: BusinessDate,
    /// The share of a payable that may be withheld for it, as agreed.
    #[n(11)]
    pub share: BasisPoints,
    /// The entry by which the grower confirmed it.
    #[n(12)]
    pub confirmed: Option<EntryId>,
    /// Whether the grower disputes it.
    #[n(13)]
    pub disputed: bool,
    /// How it stands.
    #[n(14)]
    pub state: State,
    /// Where what was given came from; none for a refund.
    #[n(15)]
    pub source: Option<Account>,
    /// Who worked at the device.
    #[n(16)]
    pub operator: OperatorNo,
}

/// Money that a grower gave back on a debt (收款); a held one is recorded too.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct ReceiptRecord {
    /// Its number.
    #[n(0)]
    pub id: EntryId,
    /// The hash of its bytes.
    #[n(1)]
    pub hash: EntryHash,
    /// From whom.
    #[n(2)]
    pub grower: GrowerId,
    /// To whom.
    #[n(3)]
    pub entity: EntityNo,
    /// The business date as printed.
    #[n(4)]
    pub date: BusinessDate,
    /// The debt.
    #[n(5)]
    pub debt: EntryId,
    /// How much.
    #[n(6)]
    pub amount: Fen,
    /// Where the money went.
    #[n(7)]
    pub into: Account,
    /// How it stands.
    #[n(8)]
    pub state: State,
    /// Who worked at the device.
    #[n(9)]
    pub operator: OperatorNo,
}

/// Why a grower owes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum DebtKind {
    /// Money in advance of a delivery (预付货款).
    #[n(0)]
    Prepayment,
    /// Inputs bought on credit (农资赊销).
    #[n(1)]
    InputCredit,
    /// A deposit on a contract (定金).
    #[n(2)]
    Deposit,
    /// Money that was paid and is no longer owed (应收退款).
    #[n(3)]
    Refund,
}

impl DebtRecord {
    /// What is still owed: nothing unless it counts and stands.
    ///
    /// # Errors
    /// [`UnitError::Overflow`] if it does not fit.
    pub fn left(&self) -> Result<Fen, UnitError> {
        if self.state.stands() { self.amount.minus(self.repaid) } else { Ok(Fen::ZERO) }
    }
}

impl DebtKind {
    /// The word in tables and reports.
    pub const fn name(self) -> &'static str {
        match self {
            DebtKind::Prepayment => "prepayment",
            DebtKind::InputCredit => "input_credit",
            DebtKind::Deposit => "deposit",
            DebtKind::Refund => "refund",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::DeviceNo;
    use crate::ledger::{MemoryRecords, Partition, ReadRecords as _, Records as _, digest};

    fn debt(sequence: u32) -> DebtRecord {
        let id = EntryId::new(DeviceNo::default(), sequence);
        DebtRecord {
            id,
            hash: EntryHash::of(b"debt"),
            grower: GrowerId::new(DeviceNo::default(), 1),
            entity: EntityNo::new(1),
            village: Some(VillageNo::new(2)),
            date: "2020-07-01".parse().unwrap(),
            kind: DebtKind::InputCredit,
            contract: None,
            amount: Fen::new(10_000),
            repaid: Fen::new(2_500),
            due: "2020-09-01".parse().unwrap(),
            share: BasisPoints::new(3_000),
            confirmed: Some(id),
            disputed: false,
            state: State::Counted,
            source: None,
            operator: OperatorNo::default(),
        }
    }

    #[test]
    fn a_record_reads_back_from_its_bytes() {
        let record = Record::from(debt(7));
        let bytes = minicbor::to_vec(&record).unwrap();
        assert_eq!(minicbor::decode::<Record>(&bytes).unwrap(), record);
        assert_eq!(record.key(), RecordKey { kind: RecordKind::Debt, id: debt(7).id.key() });
        assert_eq!(DebtRecord::of(record), Some(debt(7)));
    }

    #[test]
    fn kinds_have_ascending_numbers_as_the_table_sorts_them() {
        assert!(RecordKind::ALL.is_sorted_by(|a, b| a < b && a.number() < b.number()));
    }

    #[test]
    fn records_are_listed_in_order_of_their_keys_and_cleared_with_their_partition() {
        let partition = Partition::Grower(debt(1).grower);
        let other = Partition::Cash { entity: EntityNo::new(1), village: None };
        let mut records = MemoryRecords::new();
        for sequence in [9, 2, 5] {
            records.put_record(partition, debt(sequence).into()).unwrap();
        }
        let ids: Vec<u32> = records
            .all_kept::<DebtRecord>(partition)
            .unwrap()
            .iter()
            .map(|debt| debt.id.sequence.get())
            .collect();
        assert_eq!(ids, [2, 5, 9]);
        assert_eq!(records.records(other).unwrap(), []);
        assert_eq!(records.kept::<DebtRecord>(other, debt(2).id.key()).unwrap(), None);
        let before = digest(&records, [partition]).unwrap();
        let repaid = DebtRecord { repaid: Fen::new(10_000), ..debt(2) };
        records.put_record(partition, repaid.clone().into()).unwrap();
        assert_eq!(records.kept(partition, repaid.id.key()).unwrap(), Some(repaid));
        assert_ne!(digest(&records, [partition]).unwrap(), before);
        records.clear(partition).unwrap();
        assert_eq!(records.records(partition).unwrap(), []);
    }

    #[test]
    fn nothing_is_left_of_a_debt_that_does_not_stand() {
        assert_eq!(debt(1).left().unwrap(), Fen::new(7_500));
        let held = DebtRecord { state: State::Held, ..debt(1) };
        assert_eq!(held.left().unwrap(), Fen::ZERO);
    }
}
