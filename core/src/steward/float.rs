//! The steward's cash (备用金): what is in hand, what waits to be accepted, hand-overs and counts.

use crate::domain::float::{FloatAccept, FloatCount, FloatIssue};
use crate::domain::{Body, EntityNo, EntryId, Fen, Holder};
use crate::ledger::{CountRecord, IssueRecord, Partition};
use crate::store::FloatMove;

use super::{Steward, StewardError};

/// A steward's float on this entity's account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FloatView {
    /// In whose hands.
    pub holder: Holder,
    /// Whose cash.
    pub entity: EntityNo,
    /// What is in hand; negative is what the steward advanced (垫付).
    pub balance: Fen,
    /// Cash that waits for this steward's word that it is there.
    pub to_accept: Vec<IssueRecord>,
    /// Cash that this steward gave, until the receiver accepts it.
    pub given: Vec<IssueRecord>,
    /// This steward's counts, the newest last.
    pub counts: Vec<CountRecord>,
    /// What moved it, the newest last.
    pub moves: Vec<FloatMove>,
}

/// What is in a steward's hands now, without how it came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct InHand {
    /// What is in hand; negative is what the steward advanced.
    pub balance: Fen,
    /// What the steward advanced of their own money (垫付).
    pub advanced: Fen,
}

impl InHand {
    fn of(balance: Fen) -> Self {
        InHand { balance, advanced: balance.negated().unwrap_or_default().max(Fen::ZERO) }
    }
}

impl FloatView {
    /// What the steward advanced of their own money (垫付).
    pub fn advanced(&self) -> Fen {
        InHand::of(self.balance).advanced
    }
}

impl Steward {
    /// In whose name cash moves here.
    ///
    /// # Errors
    /// [`StewardError::NotEnrolled`] or the store's own.
    pub fn holder(&self) -> Result<Holder, StewardError> {
        Ok(Holder::of_operator(self.device()?, self.operator()?))
    }

    /// What is in this steward's hands now. It reads sums, so it takes no longer after years.
    ///
    /// # Errors
    /// [`StewardError::NotEnrolled`] or the store's own.
    pub fn in_hand(&self) -> Result<InHand, StewardError> {
        let till = (self.entity()?, self.holder()?);
        Ok(InHand::of(self.store.floats()?.get(&till).copied().unwrap_or_default()))
    }

    /// This steward's float with its history.
    ///
    /// # Errors
    /// [`StewardError::NotEnrolled`] or the store's own.
    pub fn float(&self) -> Result<FloatView, StewardError> {
        let (holder, entity) = (self.holder()?, self.entity()?);
        let cash = self.cash()?;
        let mut issues = self.store.all_kept::<IssueRecord>(cash)?;
        issues.retain(IssueRecord::is_open);
        let (to_accept, mut given): (Vec<_>, Vec<_>) =
            issues.into_iter().partition(|issue| issue.to == holder);
        given.retain(|issue| issue.from == holder);
        let mut counts = self.store.all_kept::<CountRecord>(cash)?;
        counts.retain(|count| count.holder == holder && count.state.stands());
        let mut moves = self.store.float_moves()?;
        moves.retain(|m| m.holder == holder && m.entity == entity);
        let balance = self.in_hand()?.balance;
        Ok(FloatView { holder, entity, balance, to_accept, given, counts, moves })
    }

    /// Hands cash to somebody, or back to the office; it moves when they accept it.
    ///
    /// # Errors
    /// [`StewardError::Problems`] with what cannot be saved, or the store's own.
    pub fn hand_over(&mut self, to: Holder, amount: Fen) -> Result<EntryId, StewardError> {
        let body = Body::from(FloatIssue { from: self.holder()?, to, amount });
        self.must_pass(&body)?;
        Ok(self.save(self.today(), body, &[])?.id)
    }

    /// Says that cash which was set out for this steward is there.
    ///
    /// # Errors
    /// [`StewardError::Unknown`] if it is not here, [`StewardError::Problems`] if it is not for this
    /// steward or was accepted before, or the store's own.
    pub fn accept_float(&mut self, issue: EntryId) -> Result<EntryId, StewardError> {
        let found = self.store.all_kept::<IssueRecord>(self.cash()?)?;
        let found = found.into_iter().find(|record| record.id == issue);
        let found = found.ok_or_else(|| StewardError::Unknown { what: issue.to_string() })?;
        let body = Body::from(FloatAccept { issue, issue_hash: found.hash });
        Ok(self.save(self.today(), body, &[])?.id)
    }

    /// Writes down what was counted in this steward's till, and by how much it differs from what
    /// this phone knows. It posts nothing: the office decides on a difference.
    ///
    /// # Errors
    /// [`StewardError::Problems`] with what cannot be saved, or the store's own.
    pub fn count_float(&mut self, counted: Fen) -> Result<(EntryId, Fen), StewardError> {
        let view = self.float()?;
        let (holder, expected) = (view.holder, view.balance);
        let body = Body::from(FloatCount { holder, counted, expected });
        self.must_pass(&body)?;
        let difference = counted.minus(expected).unwrap_or_default();
        Ok((self.save(self.today(), body, &[])?.id, difference))
    }

    /// Where this steward's cash is folded.
    fn cash(&self) -> Result<Partition, StewardError> {
        Ok(Partition::Cash { entity: self.entity()?, village: Some(self.village()?) })
    }
}
