//! What a season with all its bookkeeping comes to, beside the purchases.

use std::collections::BTreeMap;

use courtyard_core::domain::bank::BankOutcome;
use courtyard_core::domain::{BusinessDate, Fen};
use courtyard_core::ledger::{DebtRecord, ReserveRecord};
use courtyard_core::store::{Store, StoreError};
use serde::Serialize;

use crate::command::report::exceptions_by_kind;

/// The bookkeeping of a season.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Books {
    /// Debts of which something is left.
    pub debts_open: usize,
    /// What is left of them.
    pub debts_left_fen: Fen,
    /// What the bank paid.
    pub bank_paid_fen: Fen,
    /// Lines that the bank returned.
    pub bank_returned: usize,
    /// Months that villages closed.
    pub closes: usize,
    /// Entries that came after the close of their month (跨月补记).
    pub late: usize,
    /// What the office should look at, by kind.
    pub exceptions: BTreeMap<&'static str, usize>,
}

impl Books {
    /// Reads it from the server's view, looking on this day.
    pub(super) fn of(store: &Store, today: BusinessDate) -> Result<Books, StoreError> {
        let mut books = Books::default();
        for debt in store.kept_everywhere::<DebtRecord>()? {
            let left = debt.left()?;
            if left != Fen::ZERO {
                books.debts_open = books.debts_open.saturating_add(1);
                books.debts_left_fen = books.debts_left_fen.plus(left)?;
            }
        }
        for reserve in store.kept_everywhere::<ReserveRecord>()? {
            match reserve.settled.map(|settled| settled.outcome) {
                Some(BankOutcome::Paid(_)) => {
                    books.bank_paid_fen = books.bank_paid_fen.plus(reserve.amount)?;
                }
                Some(BankOutcome::Returned(_)) => {
                    books.bank_returned = books.bank_returned.saturating_add(1);
                }
                Some(BankOutcome::Released(_)) | None => {}
            }
        }
        let district = store.district()?;
        for village in store.villages()? {
            books.closes = books.closes.saturating_add(district.closes(village.number).count());
        }
        for partition in store.partitions()? {
            let entries = store.entries_of(Some(partition))?;
            let late = entries.iter().filter(|entry| district.is_late(&entry.arrived)).count();
            books.late = books.late.saturating_add(late);
        }
        books.exceptions = exceptions_by_kind(store, today)?;
        Ok(books)
    }

    /// A few lines for a person.
    pub(super) fn text(&self) -> String {
        let all: usize = self.exceptions.values().sum();
        format!(
            "未清往来 debts open {}：{}；银行已付 by bank {}，退票 returned {}\n\
             结账 closes {}，跨月补记 late {}，待办 exceptions {}（{} 类 kinds）",
            self.debts_open,
            self.debts_left_fen.text(),
            self.bank_paid_fen.text(),
            self.bank_returned,
            self.closes,
            self.late,
            all,
            self.exceptions.len(),
        )
    }
}
