//! What a grower is given ahead, says about it, and gives back.

use crate::desk::{DebtDraft, DebtReview};
use crate::domain::confirmation::{Confirmation, Means};
use crate::domain::debt::Purse;
use crate::domain::receipt::Receipt;
use crate::domain::{Body, BusinessDate, EntryId, Fen, GrowerId, PersonNo};
use crate::ledger::DebtRecord;
use crate::store::ImportKey;

use super::{Steward, StewardError};

impl Steward {
    /// What a debt comes to, and what speaks against it.
    ///
    /// # Errors
    /// The store's own.
    pub fn review_debt(&self, draft: &DebtDraft) -> Result<DebtReview, StewardError> {
        Ok(draft.review(&self.store.catalogue())?)
    }

    /// Gives ahead: money, inputs on credit, a deposit. Answers its number and how much it is.
    ///
    /// # Errors
    /// [`StewardError::Problems`] with what cannot be saved, or the store's own.
    pub fn lend(
        &mut self,
        draft: &DebtDraft,
        key: Option<&ImportKey>,
    ) -> Result<(EntryId, Fen), StewardError> {
        let review = self.review_debt(draft)?;
        let amount = review.amount;
        let body = review.finish().map_err(StewardError::Problems)?;
        let keys = key.map(std::slice::from_ref).unwrap_or_default();
        Ok((self.save(draft.visit.date, body, keys)?.id, amount))
    }

    /// Writes a grower's yes or no to a debt, a payout or another entry of theirs.
    ///
    /// # Errors
    /// [`StewardError::Unknown`] if it is not here or is no grower's, [`StewardError::Problems`] if
    /// the word would be held, or the store's own.
    pub fn confirm(
        &mut self,
        target: EntryId,
        agrees: bool,
        person: PersonNo,
        means: Means,
        date: BusinessDate,
        key: Option<&ImportKey>,
    ) -> Result<EntryId, StewardError> {
        let unknown = || StewardError::Unknown { what: target.to_string() };
        let entry = self.store.entry(target)?.ok_or_else(unknown)?;
        let grower = entry.arrived.entry.body.grower().ok_or_else(unknown)?;
        let target_hash = entry.arrived.hash;
        let word = Confirmation { grower, target, target_hash, person, means, agrees };
        let keys = key.map(std::slice::from_ref).unwrap_or_default();
        Ok(self.save(date, word.into(), keys)?.id)
    }

    /// Takes money that a grower gives back on a debt.
    ///
    /// # Errors
    /// [`StewardError::Unknown`] if there is no such debt here, [`StewardError::Problems`] with what
    /// cannot be saved, or the store's own.
    pub fn receive(
        &mut self,
        debt: EntryId,
        amount: Fen,
        purse: Purse,
        date: BusinessDate,
    ) -> Result<(EntryId, DebtRecord), StewardError> {
        let unknown = || StewardError::Unknown { what: debt.to_string() };
        let entry = self.store.entry(debt)?.ok_or_else(unknown)?;
        let grower = entry.arrived.entry.body.grower().ok_or_else(unknown)?;
        let body = Body::from(Receipt { grower, debt, amount, purse });
        self.must_pass(&body)?;
        let id = self.save(date, body, &[])?.id;
        let after = self.debts(Some(grower), true)?.into_iter().find(|record| record.id == debt);
        Ok((id, after.ok_or_else(unknown)?))
    }

    /// The debts of a grower or of all; those that are repaid, held or voided only if asked for.
    ///
    /// # Errors
    /// The store's own.
    pub fn debts(
        &self,
        grower: Option<GrowerId>,
        all: bool,
    ) -> Result<Vec<DebtRecord>, StewardError> {
        let mut debts = match grower {
            Some(grower) => self.store.all_kept::<DebtRecord>(grower.into())?,
            None => self.store.kept_everywhere::<DebtRecord>()?,
        };
        if !all {
            debts.retain(|debt| debt.left().is_ok_and(|left| left != Fen::ZERO));
        }
        Ok(debts)
    }
}
