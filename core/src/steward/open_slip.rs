//! The slip that is open on the screen: kept with every change, so that a battery that runs out
//! costs nothing. It is also the one slip that a revoked phone may still finish.

use crate::desk::{KeptDraft, SlipDraft};

use super::counter::Bought;
use super::{Steward, StewardError};

/// The name of the draft.
const OPEN: &str = "open";

impl Steward {
    /// Keeps the slip that is being filled in. There is one at a time.
    ///
    /// # Errors
    /// [`StewardError::Revoked`] if this phone may begin no new slip, or the store's own.
    pub fn keep_open_slip(&mut self, draft: &SlipDraft) -> Result<(), StewardError> {
        if !self.has_open_slip()? {
            self.may_begin()?;
        }
        let bytes = draft.kept().to_bytes();
        let signer = self.signer.as_ref().ok_or(StewardError::NotEnrolled)?;
        self.store.work(signer, |work| work.keep_draft(OPEN, &bytes).map_err(StewardError::from))
    }

    /// Whether a slip is open.
    ///
    /// # Errors
    /// The store's own.
    pub fn has_open_slip(&self) -> Result<bool, StewardError> {
        Ok(self.store.draft(OPEN)?.is_some())
    }

    /// The slip that is open, at a visit of now: by whoever works at the phone, with the clocks as
    /// they are. None if none is open.
    ///
    /// # Errors
    /// [`StewardError::Unreadable`] if another build kept it in another form; it stays until it is
    /// given up. Else the store's own.
    pub fn open_slip(&self) -> Result<Option<SlipDraft>, StewardError> {
        let Some(bytes) = self.store.draft(OPEN)? else { return Ok(None) };
        let kept = KeptDraft::from_bytes(&bytes).ok_or(StewardError::Unreadable)?;
        let visit = self.visit(kept.grower, Some(kept.date))?;
        Ok(Some(kept.open(visit)))
    }

    /// Saves the open slip; with its entry the draft goes, in one transaction. A revoked phone may do
    /// this too: what stands on the scale is finished.
    ///
    /// # Errors
    /// [`StewardError::Unknown`] if none is open, [`StewardError::Problems`] with what cannot be
    /// saved, or the store's own.
    pub fn finish_open_slip(&mut self, draft: &SlipDraft) -> Result<Bought, StewardError> {
        if !self.has_open_slip()? {
            return Err(StewardError::Unknown { what: "未完成的单 an open slip".to_owned() });
        }
        self.save_draft(draft, &[], Some(OPEN))
    }

    /// Gives the open slip up.
    ///
    /// # Errors
    /// The store's own.
    pub fn discard_open_slip(&mut self) -> Result<(), StewardError> {
        let signer = self.signer.as_ref().ok_or(StewardError::NotEnrolled)?;
        self.store.work(signer, |work| work.remove_draft(OPEN).map_err(StewardError::from))
    }

    /// Whether anything new may be written here.
    pub(super) fn may_begin(&self) -> Result<(), StewardError> {
        if self.store.is_revoked()? { Err(StewardError::Revoked) } else { Ok(()) }
    }
}
