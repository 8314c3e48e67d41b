//! Weighings from files that wait for the steward. Each is a draft under the key of its row, so a
//! file that is imported again, or a longer export of the same scale, offers only what is new.

use crate::desk::OfferedWeighing;
use crate::domain::check::Limits;
use crate::store::{ImportKey, StoreError};

use super::{Steward, StewardError};

/// A weighing that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// Its row.
    pub key: ImportKey,
    /// What the row says.
    pub weighing: OfferedWeighing,
}

/// What became of rows that were offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Offered {
    /// They wait for the steward now.
    pub added: usize,
    /// They waited already, became slips, or were dismissed.
    pub known: usize,
}

const PREFIX: &str = "weighing/";

/// The draft of the weighing of this row.
pub(super) fn name(key: &ImportKey) -> String {
    format!("{PREFIX}{}/{}", hex::encode(key.row_hash), key.occurrence)
}

fn key(name: &str) -> Option<ImportKey> {
    let (hash, occurrence) = name.strip_prefix(PREFIX)?.split_once('/')?;
    let mut row_hash = [0; 32];
    hex::decode_to_slice(hash, &mut row_hash).ok()?;
    Some(ImportKey { row_hash, occurrence: occurrence.parse().ok()? })
}

impl Steward {
    /// Offers weighings, all in one transaction.
    ///
    /// # Errors
    /// [`StewardError::NotEnrolled`] or the store's own; then none is offered.
    pub fn offer(&mut self, offers: &[Offer]) -> Result<Offered, StewardError> {
        let mut new = Vec::with_capacity(offers.len());
        for offer in offers {
            if !self.knows_row(&offer.key)? {
                let bytes = minicbor::to_vec(&offer.weighing).map_err(StoreError::inconsistent)?;
                new.push((name(&offer.key), bytes));
            }
        }
        let signer = self.signer.as_ref().ok_or(StewardError::NotEnrolled)?;
        self.store.work(signer, |work| -> Result<(), StewardError> {
            for (name, bytes) in &new {
                work.keep_draft(name, bytes)?;
            }
            Ok(())
        })?;
        Ok(Offered { added: new.len(), known: offers.len().saturating_sub(new.len()) })
    }

    /// Whether this row of a file waits, became a slip, or was dismissed.
    ///
    /// # Errors
    /// The store's own.
    pub fn knows_row(&self, key: &ImportKey) -> Result<bool, StewardError> {
        Ok(self.store.imported(key)?.is_some() || self.store.draft(&name(key))?.is_some())
    }

    /// The weighings that wait, the oldest first.
    ///
    /// # Errors
    /// The store's own.
    pub fn offers(&self) -> Result<Vec<Offer>, StewardError> {
        let mut offers = Vec::new();
        for (name, bytes) in self.store.drafts(PREFIX)? {
            let weighing: OfferedWeighing =
                minicbor::decode(&bytes).map_err(StoreError::inconsistent)?;
            if let Some(key) = key(&name)
                && !weighing.dismissed
            {
                offers.push(Offer { key, weighing });
            }
        }
        offers.sort_by(|a, b| {
            let order = |o: &Offer| (o.weighing.date, o.weighing.second_of_day, o.weighing.line);
            order(a).cmp(&order(b)).then_with(|| a.key.row_hash.cmp(&b.key.row_hash))
        });
        Ok(offers)
    }

    /// Wants these weighings no more. They are kept, so that the same file does not offer them
    /// again.
    ///
    /// # Errors
    /// [`StewardError::NotEnrolled`] or the store's own.
    pub fn dismiss(&mut self, offers: &[Offer]) -> Result<(), StewardError> {
        let signer = self.signer.as_ref().ok_or(StewardError::NotEnrolled)?;
        self.store.work(signer, |work| -> Result<(), StewardError> {
            for offer in offers {
                let dismissed = OfferedWeighing { dismissed: true, ..offer.weighing.clone() };
                let bytes = minicbor::to_vec(&dismissed).map_err(StoreError::inconsistent)?;
                work.keep_draft(&name(&offer.key), &bytes)?;
            }
            Ok(())
        })
    }

    /// What this district's slips are measured against.
    ///
    /// # Errors
    /// The store's own.
    pub fn limits(&self) -> Result<Limits, StewardError> {
        Ok(Limits::of(&crate::desk::Catalogue::rules(&self.store.catalogue())?))
    }
}
