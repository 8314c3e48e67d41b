//! Takes over a slip from paper: its QR proves it, so it counts under its own number.

use courtyard_core::document::BookId;
use courtyard_core::domain::{Body, EntryId, Limits, Rule};
use courtyard_core::wire::{SlipProof, limits};

use super::error::CommandError;
use super::{OfficeError, county};
use crate::deed::{Deed, On};
use crate::log::{LogError, Reads};

/// What became of a slip on paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recovery {
    /// The village's office wrote this entry, which takes it over.
    TakenOver(EntryId),
    /// The phone itself has sent it already, and it is the same.
    Here,
}

impl Deed<'_> {
    /// Takes over what this proof proves.
    ///
    /// # Errors
    /// [`CommandError::Said`] if the proof does not hold, or other content came under its number;
    /// [`CommandError::Rule`] if it is no entry of a grower of a village.
    pub fn recover(&mut self, proof: &SlipProof) -> Result<Recovery, OfficeError> {
        let root = county(self.reads())?.root;
        let verified = proof.verify(&root).map_err(|fault| {
            let words = fault.words();
            let en = format!("{} ({})", words.en, fault.code());
            CommandError::Said { zh: words.zh.to_owned(), en }
        })?;
        let id = verified.id;
        if let Some(came) = entry_of(self.reads(), id)? {
            if courtyard_core::domain::EntryHash::of(&came) == verified.hash {
                return Ok(Recovery::Here);
            }
            return Err(CommandError::Said {
                zh: format!(
                    "{id} 已由手机上传，内容与这张纸单不同：同号两份，请按分叉核实。没有改动任何东西。"
                ),
                en: format!(
                    "{id} came from its phone with other content than this paper: a fork to look \
                     into. Nothing was changed."
                ),
            }
            .into());
        }
        let village =
            verified.certificate.village.ok_or(CommandError::Rule(Rule::RECOVERED_UNREADABLE))?;
        let body = Body::from(proof.clone().into_recovered());
        if let Some(breach) = body.check(&Limits::LEDGER).first() {
            return Err(CommandError::Rule(breach.rule).into());
        }
        // Whatever is written from now on comes after it, unless its number runs away.
        let (lamport, known) = (verified.entry.envelope.lamport, county(self.reads())?.lamport);
        if lamport > known && lamport <= known.saturating_add(limits::LAMPORT_JUMP.value) {
            self.tx.raise_lamport(id.device, lamport)?;
        }
        let on = On { village: Some(village), entity: verified.entry.envelope.entity, date: None };
        let written = self.write(on, &[body])?;
        let by = written.first().copied();
        by.map(Recovery::TakenOver)
            .ok_or_else(|| OfficeError::Document("nothing was written".to_owned()))
    }
}

/// The bytes of an entry that came from its device.
fn entry_of(reads: &dyn Reads, id: EntryId) -> Result<Option<Vec<u8>>, LogError> {
    let position = BookId::position_of(id);
    for batch in reads.book_batches(BookId::of(id), position)? {
        let mut numbered = batch.entries.into_iter().zip(batch.start..);
        if let Some((bytes, _)) = numbered.find(|(_, number)| *number == position) {
            return Ok(Some(bytes));
        }
    }
    Ok(None)
}
