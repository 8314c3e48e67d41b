//! At the counter: what is taken back, and produce that comes back.

use crate::domain::returned::Return;
use crate::domain::void::Void;
use crate::domain::{Body, BusinessDate, EntryId, Fen, Grams, Rule};
use crate::store::ImportKey;

use super::counter::findings;
use super::{Steward, StewardError};

/// A return that is saved.
#[derive(Debug, Clone)]
pub struct GivenBack {
    /// Its number.
    pub id: EntryId,
    /// What it takes off what is owed for the slip.
    pub amount: Fen,
    /// What of that had been paid: the grower owes it now (应收退款).
    pub refund: Fen,
}

/// What is to be taken back, and why.
#[derive(Debug, Clone, Copy)]
pub struct TakeBack<'a> {
    /// The slip, payout or contract version.
    pub target: EntryId,
    /// Why.
    pub reason: &'a str,
    /// The slip in its place, if it is written already: what was paid moves there.
    pub replacement: Option<EntryId>,
    /// Write it also if a second person must agree: it then waits for the district.
    pub ask: bool,
}

impl Steward {
    /// Takes back a slip, a payout or a contract version, whole.
    ///
    /// # Errors
    /// [`StewardError::Unknown`] if it is not here, [`StewardError::Problems`] if the ledger would
    /// hold the void, or the store's own.
    pub fn void(
        &mut self,
        back: TakeBack<'_>,
        date: BusinessDate,
        key: Option<&ImportKey>,
    ) -> Result<EntryId, StewardError> {
        let unknown = || StewardError::Unknown { what: back.target.to_string() };
        let entry = self.store.entry(back.target)?.ok_or_else(unknown)?;
        let grower = entry.arrived.entry.body.grower().ok_or_else(unknown)?;
        let body = Body::from(Void {
            target: back.target,
            target_hash: entry.arrived.hash,
            grower,
            reason: back.reason.trim().to_owned(),
            replacement: back.replacement,
        });
        self.must_pass(&body)?;
        let saved = if back.ask {
            self.save_asking(date, body)?
        } else {
            self.save(date, body, key.map(std::slice::from_ref).unwrap_or_default())?
        };
        Ok(saved.id)
    }

    /// Takes note of produce that comes back: so much of a line, counted from 0, at its price. From
    /// the district's limit on it needs the office. What comes too late is written only to `ask`: it
    /// then waits for the district.
    ///
    /// # Errors
    /// [`StewardError::Unknown`] if the slip is not here, [`StewardError::Problems`] if the ledger
    /// would hold the return or a second person must agree, or the store's own.
    #[expect(clippy::too_many_arguments, reason = "what comes back, and how it is written")]
    pub fn give_back(
        &mut self,
        slip: EntryId,
        line: u16,
        weight: Grams,
        reason: &str,
        ask: bool,
        date: BusinessDate,
        key: Option<&ImportKey>,
    ) -> Result<GivenBack, StewardError> {
        let found = self.store.slip(slip)?;
        let found = found.ok_or_else(|| StewardError::Unknown { what: slip.to_string() })?;
        let body = Body::from(Return {
            grower: found.grower,
            slip,
            slip_hash: found.hash,
            line,
            weight,
            reason: reason.trim().to_owned(),
        });
        self.must_pass(&body)?;
        let too_large = |_| StewardError::Problems(findings(&[Rule::PURCHASE_TOO_LARGE]));
        let amount = found.worth_of(line, weight).map_err(too_large)?;
        if amount >= self.store.rules()?.bookkeeping.second_person_from {
            return Err(StewardError::Problems(findings(&[Rule::SAME_PERSON])));
        }
        let refund = amount.minus(found.remaining).map_err(too_large)?.max(Fen::ZERO);
        let keys = key.map(std::slice::from_ref).unwrap_or_default();
        let saved = if ask { self.save_asking(date, body)? } else { self.save(date, body, keys)? };
        Ok(GivenBack { id: saved.id, amount, refund })
    }
}
