//! Forks: other content under a number that is taken.

use crate::document::PublicKey;
use crate::domain::device::DeviceCertificate;
use crate::wire::BookPart;

use super::error::StoreError;
use super::ingest::{FORK, Fate, Ingest};
use super::parked::Wait;
use super::{books, entries};

impl Ingest<'_, '_> {
    /// Other content under a number that is taken: the first stays. Only what the device really
    /// signed is evidence of a fork.
    pub(crate) fn fork(
        &mut self,
        certificate: &DeviceCertificate,
        part: &BookPart,
    ) -> Result<Fate, StoreError> {
        let Ok(previous) = books::previous_head(self.transaction, part.book)? else {
            return Ok(Fate::Waits(Wait::Before));
        };
        let key = PublicKey(certificate.public_key);
        let before = entries::bytes_from(self.transaction, part.book.entry_at(0), part.start)?;
        let mine = BookPart { start: 0, entries: before, ..*part };
        let signed = self
            .trust
            .derive(&key, previous, None, &mine)
            .and_then(|tip| self.trust.check_part(certificate, previous, Some(tip), part));
        Ok(Fate::Aside(match signed {
            Ok(_) => FORK,
            Err(distrust) => distrust.code(),
        }))
    }
}
