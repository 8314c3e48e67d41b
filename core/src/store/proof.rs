//! The proof of an own entry, for the QR on its slip; and who signed any entry, looked at anew.

use crate::document::{self, BookId, Head, PublicKey};
use crate::domain::EntryId;
use crate::wire::{BookPart, ProofParts, SlipProof};

use super::Store;
use super::error::StoreError;
use super::signer::Signer;
use super::verify::Distrust;
use super::{books, certificates, entries};

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

/// Where an entry stands in its device's book and who signed it there, looked at anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedEntry {
    /// The book.
    pub book: BookId,
    /// Its place there, from 1.
    pub place: u32,
    /// How many entries the head that was checked is over.
    pub count: u32,
    /// That head, derived from the entries.
    pub head: Head,
    /// The device's key, as the district certified it.
    pub key: PublicKey,
    /// Why it is not to be believed; none if every signature holds.
    pub distrust: Option<Distrust>,
    /// The proof that a QR carries, where the device's signature over exactly this place is here.
    pub proof: Option<SlipProof>,
}

impl Store {
    /// Derives the head of an entry's book from its entries, and checks the certificate of its
    /// device and the device's signature over that head. `None` if the entry, its book or its
    /// certificate is not here: then it was taken over from paper.
    ///
    /// # Errors
    /// The store's own.
    pub fn signed_entry(&self, id: EntryId) -> Result<Option<SignedEntry>, StoreError> {
        let Some(trust) = self.trusted()? else { return Ok(None) };
        let book = BookId::of(id);
        let position = BookId::position_of(id);
        let Some(row) = books::get(self.reader(), book)? else { return Ok(None) };
        let Some(certificate) = certificates::of(self.reader(), id.device)? else {
            return Ok(None);
        };
        if position >= row.tip.count {
            return Ok(None);
        }
        let entries = entries::bytes_from(self.reader(), book.entry_at(0), row.tip.count)?;
        let last = entries.last().cloned();
        let previous = books::previous_head(self.reader(), book)?.ok().flatten();
        let part = BookPart { book, start: 0, entries, signature: row.signature };
        let checked = trust
            .check_certificate(&certificate)
            .and_then(|()| trust.check_part(&certificate, previous, None, &part));
        let place = position.saturating_add(1);
        let mut proof = None;
        if checked.is_ok()
            && place == row.tip.count
            && let Some(entry) = last
        {
            let key = PublicKey(certificate.public_key);
            let actor = document::Actor::of(&key);
            let before = part.entries.split_last().map_or(&[][..], |(_, before)| before);
            let before = before.iter().map(Vec::as_slice);
            let before = document::extend(trust.district(), &actor, book, previous, None, before)
                .map_err(StoreError::inconsistent)?;
            let parts = ProofParts {
                certificate: &certificate,
                office: trust.office(),
                id,
                previous: before.head,
                signature: row.signature,
            };
            proof = Some(SlipProof::new(&parts, entry));
        }
        Ok(Some(SignedEntry {
            book,
            place,
            count: row.tip.count,
            head: checked.map_or(row.tip.head, |tip| tip.head),
            key: PublicKey(certificate.public_key),
            distrust: checked.err(),
            proof,
        }))
    }
}
