//! At the counter: sign a contract, buy, pay, take back, note. Each is one entry, saved whole.

use crate::desk::Message;
use crate::desk::{Finding, PayoutDraft, PayoutReview, SlipDraft, SlipReview, Visit};
use crate::domain::check::{Limits, Place};
use crate::domain::contract::{Agreed, Beyond, ContractVersion};
use crate::domain::doubt::clock_in_doubt;
use crate::domain::note::Note;
use crate::domain::payout::Repayment;
use crate::domain::{
    Area, BasisPoints, Body, BusinessDate, ContractId, EntryId, Fen, Grams, GrowerId, LiPerKg,
    PersonNo, ProductNo, Rule,
};
use crate::store::{ImportKey, NewEntry, Saved};

use super::{Steward, StewardError, offers};

/// The terms of a contract to be signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ContractTerms {
    /// Whose courtyard.
    pub grower: GrowerId,
    /// What is grown.
    pub product: ProductNo,
    /// On how much land.
    pub area: Area,
    /// Expected quantity.
    pub quantity: Grams,
    /// 保底价.
    pub floor: LiPerKg,
    /// First day of delivery.
    pub from: BusinessDate,
    /// Last day of delivery.
    pub to: BusinessDate,
    /// How far beyond the quantity its price still holds.
    pub tolerance: BasisPoints,
    /// What holds beyond that.
    pub beyond: Beyond,
    /// What else is agreed.
    pub agreed: Agreed,
}

/// A slip that is saved, with what the desk said of it.
#[derive(Debug, Clone)]
pub struct Bought {
    /// Its number, to be printed.
    pub id: EntryId,
    /// Lines, weights and amounts as saved.
    pub net: Grams,
    /// Settlement weight.
    pub settlement: Grams,
    /// What it comes to, lines at a pending price left out.
    pub amount: Fen,
    /// What its lines at a pending price are estimated at.
    pub estimate: Fen,
    /// What to look at again; the clock's doubt among it.
    pub warnings: Vec<Finding>,
    /// The clock is before the last known time or runs apart from the time since start-up: the
    /// business date should be confirmed once today.
    pub clock_in_doubt: bool,
}

/// A payout that is saved.
#[derive(Debug, Clone)]
pub struct Paid {
    /// Its number.
    pub id: EntryId,
    /// The cash handed over.
    pub cash: Fen,
    /// What rounding added for the grower.
    pub rounding: Fen,
    /// What is still unpaid to this grower here.
    pub owed_after: Fen,
    /// What was kept back for debts.
    pub repayments: Vec<Repayment>,
    /// What the grower is to be told.
    pub notices: Vec<Message>,
}

impl Steward {
    /// Who stands at the counter, on this business date or today.
    ///
    /// # Errors
    /// [`StewardError::NotEnrolled`] or the store's own.
    pub fn visit(
        &self,
        grower: GrowerId,
        date: Option<BusinessDate>,
    ) -> Result<Visit, StewardError> {
        let device = self.device()?;
        Ok(Visit {
            day_confirmed: self.confirmed_today()?.is_some(),
            grower,
            entity: self.entity()?,
            device,
            operator: self.operator()?,
            date: date.unwrap_or_else(|| self.today()),
            clock: self.clock.read(),
            last_clock: self.store.last_clock(device)?,
            own_household: self.is_own_household(grower)?,
        })
    }

    /// What a draft comes to, what cannot be saved and what to look at.
    ///
    /// # Errors
    /// The store's own.
    pub fn review_slip(&self, draft: &SlipDraft) -> Result<SlipReview, StewardError> {
        Ok(draft.review(&self.store.catalogue())?)
    }

    /// Saves a draft as a slip. With an import key, a row that was saved before gives `None`.
    ///
    /// # Errors
    /// [`StewardError::Problems`] with what cannot be saved, or the store's own.
    pub fn save_slip(
        &mut self,
        draft: &SlipDraft,
        key: Option<&ImportKey>,
    ) -> Result<Option<Bought>, StewardError> {
        self.save_slip_of(draft, key.map(std::slice::from_ref).unwrap_or_default())
    }

    /// Saves a draft as a slip that several rows of imported files became; weighings that were
    /// offered from these rows are offered no more. `None` if one of them was saved before.
    ///
    /// # Errors
    /// As [`save_slip`](Self::save_slip).
    pub fn save_slip_of(
        &mut self,
        draft: &SlipDraft,
        keys: &[ImportKey],
    ) -> Result<Option<Bought>, StewardError> {
        for key in keys {
            if self.store.imported(key)?.is_some() {
                return Ok(None);
            }
        }
        self.may_begin()?;
        self.save_draft(draft, keys, None).map(Some)
    }

    /// Saves a draft as a slip; with its entry the kept draft of this name goes.
    pub(super) fn save_draft(
        &mut self,
        draft: &SlipDraft,
        keys: &[ImportKey],
        kept: Option<&str>,
    ) -> Result<Bought, StewardError> {
        let review = self.review_slip(draft)?;
        let (net, settlement) = (review.net, review.settlement);
        let (amount, estimate) = (review.amount, review.estimate);
        let warnings = review.warnings.clone();
        let slip = review.finish().map_err(StewardError::Problems)?;
        let people = [Some(slip.visit.seller), Some(slip.visit.deliverer)];
        self.must_know_persons(slip.grower, people)?;
        let visit = *draft.visit();
        let now = self.clock.read();
        let saved = self.save_unless_held(visit.date, slip.into(), keys, kept)?;
        let clock_in_doubt = clock_in_doubt(visit.last_clock, now);
        let id = saved.id;
        Ok(Bought { id, net, settlement, amount, estimate, warnings, clock_in_doubt })
    }

    /// Signs a courtyard contract: its first version.
    ///
    /// # Errors
    /// [`StewardError::Problems`] with what cannot be signed, or the store's own.
    pub fn sign_contract(
        &mut self,
        terms: &ContractTerms,
        key: Option<&ImportKey>,
    ) -> Result<(ContractId, EntryId), StewardError> {
        let contract = self.store.next_contract(self.device()?)?;
        let version = ContractVersion {
            contract,
            version: 1,
            grower: terms.grower,
            product: terms.product,
            area: terms.area,
            quantity: terms.quantity,
            floor: terms.floor,
            from: terms.from,
            to: terms.to,
            tolerance: terms.tolerance,
            beyond: terms.beyond,
            agreed: terms.agreed,
        };
        self.must_pass(&Body::from(version.clone()))?;
        let saved = self.save(
            self.today(),
            version.into(),
            key.map(std::slice::from_ref).unwrap_or_default(),
        )?;
        Ok((contract, saved.id))
    }

    /// What a payout comes to.
    ///
    /// # Errors
    /// The store's own.
    pub fn review_payout(&self, draft: &PayoutDraft) -> Result<PayoutReview, StewardError> {
        Ok(draft.review(&self.store.catalogue())?)
    }

    /// Pays in cash.
    ///
    /// # Errors
    /// [`StewardError::Problems`] with what cannot be paid, or the store's own.
    pub fn pay(
        &mut self,
        draft: &PayoutDraft,
        date: BusinessDate,
        key: Option<&ImportKey>,
    ) -> Result<Paid, StewardError> {
        let review = self.review_payout(draft)?;
        let (cash, rounding, owed_after) = (review.cash, review.rounding, review.left);
        let (repayments, notices) = (review.repayments.clone(), review.notices.clone());
        let payout = review.finish().map_err(StewardError::Problems)?;
        let recipient = payout.recipient;
        self.must_know_persons(payout.grower, [Some(recipient.payee), recipient.proxy])?;
        let saved =
            self.save(date, payout.into(), key.map(std::slice::from_ref).unwrap_or_default())?;
        Ok(Paid { id: saved.id, cash, rounding, owed_after, repayments, notices })
    }

    /// Writes a note.
    ///
    /// # Errors
    /// [`StewardError::Problems`] if it says nothing, or the store's own.
    pub fn note(&mut self, about: Option<EntryId>, text: &str) -> Result<EntryId, StewardError> {
        let body = Body::from(Note { about, text: text.trim().to_owned() });
        self.must_pass(&body)?;
        Ok(self.save(self.today(), body, &[])?.id)
    }

    /// Demands that the register of the household has these people; 0 is its head.
    pub(super) fn must_know_persons(
        &self,
        grower: GrowerId,
        persons: impl IntoIterator<Item = Option<PersonNo>>,
    ) -> Result<(), StewardError> {
        let named: Vec<u16> = persons
            .into_iter()
            .flatten()
            .map(PersonNo::get)
            .filter(|number| *number != 0)
            .collect();
        if named.is_empty() {
            return Ok(());
        }
        let known = self.store.persons(grower)?;
        match named.into_iter().find(|number| !known.iter().any(|row| row.number == *number)) {
            Some(missing) => Err(StewardError::Unknown { what: format!("{grower}-{missing}") }),
            None => Ok(()),
        }
    }

    pub(super) fn must_pass(&self, body: &Body) -> Result<(), StewardError> {
        let rules = crate::desk::Catalogue::rules(&self.store.catalogue())?;
        let breaches = body.check(&Limits::of(&rules));
        if breaches.is_empty() {
            return Ok(());
        }
        Err(StewardError::Problems(
            breaches
                .into_iter()
                .map(|b| Finding { rule: b.rule, place: b.place, message: Message::of(b.rule) })
                .collect(),
        ))
    }

    /// Saves an entry, unless this phone is revoked or the ledger would hold it.
    pub(super) fn save(
        &mut self,
        date: BusinessDate,
        body: Body,
        keys: &[ImportKey],
    ) -> Result<Saved, StewardError> {
        self.may_begin()?;
        self.save_unless_held(date, body, keys, None)
    }

    /// Saves an entry also if the ledger holds it for what the district may admit: it waits there.
    pub(super) fn save_asking(
        &mut self,
        date: BusinessDate,
        body: Body,
    ) -> Result<Saved, StewardError> {
        self.may_begin()?;
        self.save_unless(date, body, &[], None, |rule| !rule.is_admissible())
    }

    /// A phone never writes what it can know not to count.
    fn save_unless_held(
        &mut self,
        date: BusinessDate,
        body: Body,
        keys: &[ImportKey],
        kept: Option<&str>,
    ) -> Result<Saved, StewardError> {
        self.save_unless(date, body, keys, kept, |_| true)
    }

    /// Saves an entry unless one of these reasons would hold it.
    fn save_unless(
        &mut self,
        date: BusinessDate,
        body: Body,
        keys: &[ImportKey],
        kept: Option<&str>,
        stops: impl Fn(&Rule) -> bool,
    ) -> Result<Saved, StewardError> {
        let new = NewEntry {
            date,
            clock: self.clock.read(),
            entity: self.entity()?,
            operator: self.operator()?,
            body,
            reissue_of: None,
        };
        let signer = self.signer.as_ref().ok_or(StewardError::NotEnrolled)?;
        self.store.work(signer, |work| {
            let saved = work.save(new.clone())?;
            if let Some(outcome) = &saved.outcome
                && outcome.status.reasons().iter().any(&stops)
            {
                return Err(StewardError::Problems(findings(outcome.status.reasons())));
            }
            for key in keys {
                work.keep_import(key, saved.id)?;
                work.remove_draft(&offers::name(key))?;
            }
            if let Some(kept) = kept {
                work.remove_draft(kept)?;
            }
            Ok(saved)
        })
    }
}

pub(super) fn findings(rules: &[Rule]) -> Vec<Finding> {
    rules
        .iter()
        .map(|&rule| Finding { rule, place: Place::Entry, message: Message::of(rule) })
        .collect()
}
