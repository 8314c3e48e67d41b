//! One edition of a register: its edits applied anew, and the signatures over what they derive.

use std::collections::BTreeMap;

use crate::document::{Actor, ApplyError, DocumentId, HeadStatement, Register};
use crate::domain::DeviceNo;

use super::book::Writer;
use super::fault::EditsFault;
use super::input::{EditAt, EditBoundary, KnownEdits, SignedRegister};
use super::report::BrokenEdits;

/// One register on its way through the check.
pub(super) struct RegisterCheck<'r> {
    signed: &'r SignedRegister,
    writers: &'r dyn Fn(DeviceNo) -> Result<Writer, EditsFault>,
    document: Register,
    /// The earliest fault of each device.
    found: BTreeMap<DeviceNo, BrokenEdits>,
}

impl<'r> RegisterCheck<'r> {
    pub(super) fn new(
        signed: &'r SignedRegister,
        writers: &'r dyn Fn(DeviceNo) -> Result<Writer, EditsFault>,
    ) -> Self {
        let document = Register::new(signed.register);
        RegisterCheck { signed, writers, document, found: BTreeMap::new() }
    }

    /// Checks everything; answers the first fault of each device.
    pub(super) fn run(mut self, known: &[KnownEdits]) -> Vec<BrokenEdits> {
        self.apply_all();
        let mut boundaries: BTreeMap<DeviceNo, Vec<EditBoundary>> = BTreeMap::new();
        for edit in &self.signed.edits {
            boundaries.entry(edit.device).or_default();
        }
        for boundary in &self.signed.boundaries {
            boundaries.entry(boundary.device).or_default().push(*boundary);
        }
        for (device, mut boundaries) in boundaries {
            boundaries.sort_by_key(|boundary| boundary.count);
            self.check_boundaries(device, &boundaries);
        }
        for known in known {
            let here = (self.writers)(known.device)
                .map_or(0, |writer| self.document.count(&Actor::of(&writer.key)));
            if here < known.count {
                self.find(known.device, here + 1, known.count, EditsFault::Truncated);
            }
        }
        self.found.into_values().collect()
    }

    fn find(&mut self, device: DeviceNo, first: u32, last: u32, fault: EditsFault) {
        let register = self.signed.register;
        let broken = BrokenEdits { register, device, first, last, fault };
        let stands = self.found.entry(device).or_insert(broken);
        if (first, last) < (stands.first, stands.last) {
            *stands = broken;
        }
    }

    /// Applies every edit, those that came before what they stand on as soon as they can be.
    fn apply_all(&mut self) {
        let mut waiting: Vec<&EditAt> = self.signed.edits.iter().collect();
        loop {
            let mut left = Vec::new();
            let before = waiting.len();
            for edit in waiting {
                if let Err(fault) = self.apply(edit) {
                    left.push((edit, fault));
                }
            }
            if left.is_empty() || left.len() == before {
                for (edit, fault) in left {
                    let first = match fault {
                        // The missing one is named, not the one that shows it.
                        EditsFault::Gap => self.next_number(edit.device),
                        _ => edit.number,
                    };
                    self.find(edit.device, first, first, fault);
                }
                return;
            }
            waiting = left.into_iter().map(|(edit, _)| edit).collect();
        }
    }

    fn next_number(&self, device: DeviceNo) -> u32 {
        let writer = (self.writers)(device);
        writer.map_or(1, |writer| self.document.count(&Actor::of(&writer.key)).saturating_add(1))
    }

    /// Applies one edit. An error is one that another edit may still mend; any other is a fault.
    fn apply(&mut self, at: &EditAt) -> Result<(), EditsFault> {
        if self.found.get(&at.device).is_some_and(|broken| broken.first <= at.number) {
            return Ok(());
        }
        let writer = match (self.writers)(at.device) {
            Ok(writer) => writer,
            Err(fault) => {
                self.find(at.device, at.number, at.number, fault);
                return Ok(());
            }
        };
        let fault = match &at.edit {
            Some(edit) if edit.device == at.device && edit.number == at.number => {
                match self.document.apply(edit, &Actor::of(&writer.key)) {
                    Ok(_) | Err(ApplyError::Duplicate { .. }) => return Ok(()),
                    Err(ApplyError::MissingDeps) => return Err(EditsFault::MissingDeps),
                    Err(ApplyError::OutOfTurn { .. }) => return Err(EditsFault::Gap),
                    Err(ApplyError::Fork { .. }) => EditsFault::Fork,
                    Err(ApplyError::Malformed(_) | ApplyError::Automerge(_)) => {
                        EditsFault::Malformed
                    }
                }
            }
            _ => EditsFault::Undecodable,
        };
        self.find(at.device, at.number, at.number, fault);
        Ok(())
    }

    fn check_boundaries(&mut self, device: DeviceNo, boundaries: &[EditBoundary]) {
        let Ok(writer) = (self.writers)(device) else { return };
        let actor = Actor::of(&writer.key);
        let mut proved = 0;
        for boundary in boundaries {
            let Some(head) = self.document.head_of(&actor, boundary.count) else {
                let here = self.document.count(&actor);
                let last = boundary.count.max(here.saturating_add(1));
                return self.find(device, here.saturating_add(1), last, EditsFault::Gap);
            };
            let statement = HeadStatement {
                district: writer.district,
                device,
                document: DocumentId::Register(self.signed.register),
                count: boundary.count,
                head,
            };
            if statement.verify(&writer.key, &boundary.signature).is_err() {
                let first = boundary.count.min(proved + 1);
                return self.find(device, first, boundary.count, EditsFault::Signature);
            }
            proved = boundary.count;
        }
        let here = self.document.count(&actor);
        if proved < here {
            self.find(device, proved + 1, here, EditsFault::Unsigned);
        }
    }
}
