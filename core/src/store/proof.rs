//! The proof of an own entry, for the QR on its slip.

use crate::document::{self, BookId};
use crate::domain::EntryId;
use crate::wire::{ProofParts, SlipProof};

use super::Store;
use super::error::StoreError;
use super::signer::Signer;
use super::{books, entries};

impl Store {
    /// The proof of an entry that this signer wrote; `None` if it is not here, or another's.
    ///
    /// The head of its save is derived again and signed again. Ed25519 signs the same bytes in the
    /// same way (RFC 8032), so this is the very signature that was made when the entry was saved,
    /// and no save has to keep one.
    ///
    /// # Errors
    /// The store's own.
    pub fn slip_proof(
        &self,
        signer: &Signer,
        id: EntryId,
    ) -> Result<Option<SlipProof>, StoreError> {
        let Some(trust) = self.trusted()? else { return Ok(None) };
        if id.device != signer.device() {
            return Ok(None);
        }
        let book = BookId::of(id);
        let Some(row) = books::get(self.reader(), book)? else { return Ok(None) };
        let position = BookId::position_of(id);
        if position >= row.tip.count {
            return Ok(None);
        }
        let mut written =
            entries::bytes_from(self.reader(), book.entry_at(0), position.saturating_add(1))?;
        let Some(entry) = written.pop() else { return Ok(None) };
        let previous = books::previous_head(self.reader(), book)?
            .map_err(|_| StoreError::inconsistent("the book before is not full"))?;
        let (district, actor) = (signer.district(), signer.actor());
        let before = written.iter().map(Vec::as_slice);
        let before = document::extend(district, actor, book, previous, None, before)
            .map_err(StoreError::inconsistent)?;
        let tip = document::append(&before, actor, &entry).map_err(StoreError::inconsistent)?;
        let signature = signer.sign_head(document::DocumentId::Book(book), tip.count, tip.head);
        let parts = ProofParts {
            certificate: signer.certificate(),
            office: trust.office(),
            id,
            previous: before.head,
            signature,
        };
        Ok(Some(SlipProof::new(&parts, entry)))
    }
}
