//! The slip that is open on the screen: kept with every change, so that a battery that runs out
//! costs nothing. It is also the one slip that a revoked phone may still finish.

use crate::desk::SlipDraft;

use super::counter::Bought;
use super::{Steward, StewardError};

/// The name of the draft.
const OPEN: &str = "open";

impl Steward {
    /// Keeps the slip that is being filled in, in whatever form the screen reads it again. There is
    /// one at a time.
    ///
    /// # Errors
    /// [`StewardError::Revoked`] if this phone may begin no new slip, or the store's own.
    pub fn keep_open_slip(&mut self, bytes: &[u8]) -> Result<(), StewardError> {
        if self.open_slip()?.is_none() {
            self.may_begin()?;
        }
        let signer = self.signer.as_ref().ok_or(StewardError::NotEnrolled)?;
        self.store.work(signer, |work| work.keep_draft(OPEN, bytes).map_err(StewardError::from))
    }

    /// The slip that is open, as it was kept.
    ///
    /// # Errors
    /// The store's own.
    pub fn open_slip(&self) -> Result<Option<Vec<u8>>, StewardError> {
        Ok(self.store.draft(OPEN)?)
    }

    /// Saves the open slip; with its entry the draft goes, in one transaction. A revoked phone may do
    /// this too: what stands on the scale is finished.
    ///
    /// # Errors
    /// [`StewardError::Unknown`] if none is open, [`StewardError::Problems`] with what cannot be
    /// saved, or the store's own.
    pub fn finish_open_slip(&mut self, draft: &SlipDraft) -> Result<Bought, StewardError> {
        if self.open_slip()?.is_none() {
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
