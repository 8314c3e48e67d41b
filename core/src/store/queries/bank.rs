//! Bank batches as a whole: their lines lie with the growers, their approval and file with the cash.

use std::collections::BTreeMap;

use crate::domain::bank::BankOutcome;
use crate::domain::{BatchId, BusinessDate, EntityNo, Fen, OperatorNo, UnitError, VillageNo};
use crate::ledger::{BatchRecord, ReserveRecord};
use crate::store::{Store, StoreError};

/// How far a batch is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum BatchState {
    /// Reserved; nobody has approved it.
    Prepared,
    /// A second person approved it; no file was made.
    Approved,
    /// The bank has the file; a line waits for its result.
    Filed,
    /// Every line has its end.
    Settled,
}

impl BatchState {
    /// The word in tables and reports.
    pub const fn name(self) -> &'static str {
        match self {
            BatchState::Prepared => "prepared",
            BatchState::Approved => "approved",
            BatchState::Filed => "filed",
            BatchState::Settled => "settled",
        }
    }

    /// The words for people.
    pub const fn words(self) -> &'static str {
        match self {
            BatchState::Prepared => "待复核 prepared",
            BatchState::Approved => "已复核 approved",
            BatchState::Filed => "已交银行 filed",
            BatchState::Settled => "已完结 settled",
        }
    }
}

/// So many lines, and what they come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BatchSum {
    /// How many.
    pub lines: u32,
    /// What they come to.
    pub amount: Fen,
}

impl BatchSum {
    fn add(&mut self, amount: Fen) -> Result<(), UnitError> {
        self.lines = self.lines.saturating_add(1);
        self.amount = self.amount.plus(amount)?;
        Ok(())
    }
}

/// A bank batch (批量付款).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// Its number.
    pub number: BatchId,
    /// Who pays.
    pub entity: EntityNo,
    /// The village whose office prepared it.
    pub village: Option<VillageNo>,
    /// The business date of its first reserve.
    pub date: BusinessDate,
    /// Who prepared it.
    pub prepared_by: OperatorNo,
    /// Every reserve that counts, in order of their numbers.
    pub reserves: Vec<ReserveRecord>,
    /// All of them.
    pub all: BatchSum,
    /// Those without an end.
    pub open: BatchSum,
    /// What the bank paid.
    pub paid: BatchSum,
    /// What the bank returned (退票).
    pub returned: BatchSum,
    /// What the office gave up.
    pub released: BatchSum,
    /// Its approval and file.
    pub record: Option<BatchRecord>,
}

impl Batch {
    /// How far it is.
    pub fn state(&self) -> BatchState {
        let filed = self.record.as_ref().map(|record| record.file.is_some());
        match (filed, self.open.lines) {
            (_, 0) => BatchState::Settled,
            (None, _) => BatchState::Prepared,
            (Some(false), _) => BatchState::Approved,
            (Some(true), _) => BatchState::Filed,
        }
    }

    fn of(first: &ReserveRecord) -> Batch {
        Batch {
            number: first.batch,
            entity: first.entity,
            village: first.village,
            date: first.date,
            prepared_by: first.operator,
            reserves: Vec::new(),
            all: BatchSum::default(),
            open: BatchSum::default(),
            paid: BatchSum::default(),
            returned: BatchSum::default(),
            released: BatchSum::default(),
            record: None,
        }
    }

    fn add(&mut self, reserve: ReserveRecord) -> Result<(), UnitError> {
        self.all.add(reserve.amount)?;
        let line = match reserve.settled.as_ref().map(|settled| &settled.outcome) {
            None => &mut self.open,
            Some(BankOutcome::Paid(_)) => &mut self.paid,
            Some(BankOutcome::Returned(_)) => &mut self.returned,
            Some(BankOutcome::Released(_)) => &mut self.released,
        };
        line.add(reserve.amount)?;
        self.date = self.date.min(reserve.date);
        self.reserves.push(reserve);
        Ok(())
    }
}

impl Store {
    /// Every bank batch with its lines, in order of their numbers; reserves that are held are not
    /// in them.
    ///
    /// # Errors
    /// The store's own.
    pub fn bank_batches(&self) -> Result<Vec<Batch>, StoreError> {
        let mut batches: BTreeMap<BatchId, Batch> = BTreeMap::new();
        let mut reserves = self.kept_everywhere::<ReserveRecord>()?;
        reserves.retain(|reserve| reserve.state.stands());
        reserves.sort_unstable_by_key(|reserve| reserve.id);
        for reserve in reserves {
            let batch = batches.entry(reserve.batch).or_insert_with(|| Batch::of(&reserve));
            batch.add(reserve)?;
        }
        for record in self.kept_everywhere::<BatchRecord>()? {
            if let Some(batch) = batches.get_mut(&record.batch) {
                batch.record = Some(record);
            }
        }
        Ok(batches.into_values().collect())
    }

    /// One bank batch.
    ///
    /// # Errors
    /// The store's own.
    pub fn bank_batch(&self, number: BatchId) -> Result<Option<Batch>, StoreError> {
        Ok(self.bank_batches()?.into_iter().find(|batch| batch.number == number))
    }

    /// The highest number that a device gave to a batch, held ones too; 0 before the first.
    ///
    /// # Errors
    /// The store's own.
    pub fn last_batch(&self, device: crate::domain::DeviceNo) -> Result<u32, StoreError> {
        let all = self.kept_everywhere::<ReserveRecord>()?;
        let own = all.iter().filter(|reserve| reserve.batch.device == device);
        Ok(own.map(|reserve| reserve.batch.counter).max().unwrap_or(0))
    }
}
