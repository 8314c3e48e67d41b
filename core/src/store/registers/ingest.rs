//! Takes other devices' edits: a part whole or not at all, alone or together with parts that it
//! stands on and that stand on it.

use std::collections::BTreeMap;

use crate::document::{Actor, ApplyError, DocumentId, Edit, Head, PublicKey, Register, RegisterId};
use crate::domain::device::DeviceCertificate;
use crate::store::certificates;
use crate::store::error::StoreError;
use crate::store::ingest::{Checked, FORK, Fate, Ingest, UNREADABLE, small};
use crate::store::parked::Wait;
use crate::wire::EditPart;

use super::rows::{Tip, put_tip};

/// A part on its way into a register.
struct Coming<'p> {
    part: &'p EditPart,
    certificate: DeviceCertificate,
    actor: Actor,
    /// Edits of it that were gone through.
    done: usize,
    /// Its last head, once it was gone through.
    head: Option<Head>,
    fate: Fate,
}

impl Coming<'_> {
    fn is_through(&self) -> bool {
        self.done == self.part.edits.len()
    }

    /// Applies as many of its edits as can be; the new ones go to `new`. Answers whether any could.
    fn advance(&mut self, register: &mut Register, new: &mut Vec<Edit>) -> bool {
        let begun = self.done;
        self.fate = Fate::Taken;
        while let Some(edit) = self.part.edits.get(self.done) {
            if edit.device != self.part.device {
                self.fate = Fate::Aside(UNREADABLE);
                break;
            }
            match register.apply(edit, &self.actor) {
                Ok(change) => {
                    self.head = Some(change);
                    new.push(edit.clone());
                }
                Err(ApplyError::Duplicate { head }) => self.head = Some(head),
                Err(ApplyError::Fork { .. }) => self.fate = Fate::Aside(FORK),
                Err(ApplyError::OutOfTurn { .. }) => self.fate = Fate::Waits(Wait::Before),
                Err(ApplyError::MissingDeps) => self.fate = Fate::Waits(Wait::Dependencies),
                Err(ApplyError::Malformed(_) | ApplyError::Automerge(_)) => {
                    self.fate = Fate::Aside(UNREADABLE);
                }
            }
            if !matches!(self.fate, Fate::Taken) {
                break;
            }
            self.done = self.done.saturating_add(1);
        }
        self.done > begun
    }
}

impl Ingest<'_, '_> {
    /// Takes a part of a register, whole or not at all.
    pub(crate) fn edit_part(&mut self, part: &EditPart) -> Result<Fate, StoreError> {
        let fates = self.edit_parts(&[part])?;
        Ok(fates.into_iter().next().unwrap_or(Fate::Waits(Wait::Dependencies)))
    }

    /// Tries parts that wait together: each may stand on edits of the others.
    pub(crate) fn edit_parts(&mut self, parts: &[&EditPart]) -> Result<Vec<Fate>, StoreError> {
        let mut fates: Vec<Fate> = Vec::with_capacity(parts.len());
        let mut by_register: BTreeMap<RegisterId, Vec<(usize, Coming<'_>)>> = BTreeMap::new();
        for (place, &part) in parts.iter().enumerate() {
            fates.push(Fate::Waits(Wait::Certificate));
            let Some(certificate) = certificates::of(self.transaction, part.device)? else {
                continue;
            };
            let actor = Actor::of(&PublicKey(certificate.public_key));
            let fate = Fate::Waits(Wait::Dependencies);
            let coming = Coming { part, certificate, actor, done: 0, head: None, fate };
            by_register.entry(part.register).or_default().push((place, coming));
        }
        for (id, coming) in by_register {
            if self.registers.is_erased(self.transaction, id)? {
                // The office removed this edition; nothing of it may come back.
                for (place, _) in coming {
                    if let Some(slot) = fates.get_mut(place) {
                        *slot = Fate::Taken;
                    }
                }
                continue;
            }
            for (place, fate) in self.take_together(id, coming)? {
                if let Some(slot) = fates.get_mut(place) {
                    *slot = fate;
                }
            }
        }
        Ok(fates)
    }

    fn take_together(
        &mut self,
        id: RegisterId,
        mut coming: Vec<(usize, Coming<'_>)>,
    ) -> Result<Vec<(usize, Fate)>, StoreError> {
        let mut fates = Vec::new();
        loop {
            // Tried on the register in memory; if it does not come out whole, it is read again.
            let register = self.registers.at(self.transaction, id)?;
            let mut new = Vec::new();
            let mut moved = true;
            while std::mem::take(&mut moved) {
                for (_, part) in &mut coming {
                    moved |= !part.is_through() && part.advance(register, &mut new);
                }
            }
            let (whole, rest): (Vec<_>, Vec<_>) =
                coming.into_iter().partition(|(_, part)| self.is_whole(id, part));
            let clean = rest.is_empty();
            fates.extend(rest.into_iter().map(|(place, part)| (place, self.fate_of(id, &part))));
            if clean {
                self.keep_edits(id, &new, &whole)?;
                fates.extend(whole.into_iter().map(|(place, _)| (place, Fate::Taken)));
                return Ok(fates);
            }
            self.registers.forget_one(id);
            if whole.is_empty() {
                return Ok(fates);
            }
            coming = whole;
            for (_, part) in &mut coming {
                (part.done, part.head) = (0, None);
            }
        }
    }

    /// Whether a part went through and its device signed where it ends.
    fn is_whole(&self, id: RegisterId, coming: &Coming<'_>) -> bool {
        coming.is_through() && self.check_edits(id, coming).is_ok()
    }

    fn fate_of(&self, id: RegisterId, coming: &Coming<'_>) -> Fate {
        match self.check_edits(id, coming) {
            Err(code) if coming.is_through() => Fate::Aside(code),
            _ => coming.fate,
        }
    }

    fn check_edits(&self, id: RegisterId, coming: &Coming<'_>) -> Result<(), &'static str> {
        let (Some(head), Some(last)) = (coming.head, coming.part.edits.last()) else {
            return Ok(());
        };
        match self.checked {
            Checked::AtTheDoor => Ok(()),
            Checked::Here => {
                let document = DocumentId::Register(id);
                let signature = &coming.part.signature;
                self.trust
                    .check_head(&coming.certificate, document, last.number, head, signature)
                    .map_err(|distrust| distrust.code())
            }
        }
    }

    fn keep_edits(
        &mut self,
        id: RegisterId,
        new: &[Edit],
        whole: &[(usize, Coming<'_>)],
    ) -> Result<(), StoreError> {
        let came: usize = whole.iter().map(|(_, coming)| coming.part.edits.len()).sum();
        let duplicates = small(came.saturating_sub(new.len()));
        self.done.duplicates = self.done.duplicates.saturating_add(duplicates);
        if new.is_empty() {
            return Ok(());
        }
        self.registers.keep(self.transaction, id, new)?;
        for (_, coming) in whole {
            let (Some(head), Some(last)) = (coming.head, coming.part.edits.last()) else {
                continue;
            };
            let count = last.number;
            let tip = Tip { count, head, signature: coming.part.signature, acknowledged: count };
            put_tip(self.transaction, id, coming.part.device, &tip)?;
        }
        self.took_edits(small(new.len()));
        Ok(())
    }
}
