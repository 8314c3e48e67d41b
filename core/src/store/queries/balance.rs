//! The trial balance: every account's debits and credits, summed over all growers.

use crate::domain::{Fen, UnitError};
use crate::ledger::Account;
use crate::store::{Store, StoreError};

/// One account's totals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccountTotal {
    /// The account.
    pub account: Account,
    /// All debits; voids count negative.
    pub debit: Fen,
    /// All credits; voids count negative.
    pub credit: Fen,
}

/// Every account, and whether the two sides agree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrialBalance {
    /// In order of the accounts.
    pub accounts: Vec<AccountTotal>,
    /// Debits less credits: zero, or the books are wrong.
    pub difference: Fen,
}

impl Store {
    /// The trial balance over everything here.
    ///
    /// # Errors
    /// The store's own.
    pub fn trial_balance(&self) -> Result<TrialBalance, StoreError> {
        let mut statement = self.reader().prepare_cached(
            "SELECT account, entity, owner, sum(debit_fen), sum(credit_fen) FROM balances
             GROUP BY account, entity, owner ORDER BY account, entity, owner",
        )?;
        let mut rows = statement.query([])?;
        let mut accounts = Vec::new();
        let mut difference = Fen::ZERO;
        while let Some(row) = rows.next()? {
            let key = (row.get(0)?, row.get(1)?, row.get(2)?);
            let account = Account::from_key(key)
                .ok_or_else(|| StoreError::inconsistent(format!("account {key:?}")))?;
            let (debit, credit) = (Fen::new(row.get(3)?), Fen::new(row.get(4)?));
            difference = plus_less(difference, debit, credit)?;
            accounts.push(AccountTotal { account, debit, credit });
        }
        Ok(TrialBalance { accounts, difference })
    }
}

fn plus_less(sum: Fen, debit: Fen, credit: Fen) -> Result<Fen, UnitError> {
    sum.plus(debit)?.minus(credit)
}
