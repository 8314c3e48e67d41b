//! Register edits at the door: applied to the register, the derived head checked against the
//! signature, then appended; what waits for other edits is parked and tried again.

use courtyard_core::document::{
    ApplyError, DocumentId, Edit, Head, HeadStatement, Register, RegisterId, Signature,
};
use courtyard_core::domain::device::DeviceRole;
use courtyard_core::wire::{Door, EditPart, Refusal, Refused};

use super::accept::{Accepted, evidence};
use super::{Office, OfficeError, actor, signed};
use crate::log::{Device, LogError, NewEditBatch, Reads, Transaction};

/// What came of edits that follow what the log has.
enum Outcome {
    Taken { head: Head },
    Waits,
    Refused { number: u32, door: Door },
}

impl Office {
    /// Takes a part of register edits that `writer` wrote.
    pub(super) fn accept_edits(
        &mut self,
        tx: &mut dyn Transaction,
        writer: &Device,
        part: &EditPart,
        now_ms: i64,
        accepted: &mut Accepted,
    ) -> Result<(), OfficeError> {
        let (register, device) = (part.register, part.device);
        let mut refuse = |number: u32, door: Door| {
            let what = Refused::Edit { register, device, number };
            accepted.refused.push(Refusal::new(what, door));
        };
        let Some(first) = part.edits.first() else { return Ok(()) };
        if !in_turn(part) {
            refuse(first.number, Door::EditOutOfTurn);
            return Ok(());
        }
        if let Some(door) = misplaced(tx.reads(), writer, register)? {
            // Of an erased edition not even evidence is kept: the phone writes what it has not
            // sent yet again, in the newest edition.
            let erased = door == Door::EditionUnknown
                && tx.editions(register.village)?.last().is_some_and(|newest| register < *newest);
            if !erased && self.was_signed(tx.reads(), writer, part, first.number)? {
                self.set_edits_aside(tx, part, &part.edits, door, now_ms)?;
            }
            refuse(first.number, door);
            return Ok(());
        }
        if is_lost(tx.reads(), register)? && writer.certificate.role == DeviceRole::Phone {
            // Opened after the backup that this server was restored from: it waits until some phone
            // sends what the office wrote when it was opened.
            tx.park(&NewEditBatch {
                register,
                device,
                edits: &part.edits,
                head: None,
                signature: part.signature,
                now_ms,
            })?;
            return Ok(());
        }
        let have = tx.edit_count(register, device)?;
        if first.number > have.saturating_add(1) {
            return Ok(());
        }
        let known = usize::try_from(have + 1 - first.number).unwrap_or(usize::MAX);
        let (again, new) = part.edits.split_at(known.min(part.edits.len()));
        if let Some(differs) = first_difference(tx.reads(), part, again)? {
            let from = usize::try_from(differs - first.number).unwrap_or(0);
            let forked = part.edits.get(from..).unwrap_or_default();
            if !self.was_signed(tx.reads(), writer, part, differs)? {
                refuse(first.number, Door::BadSignature);
                return Ok(());
            }
            self.set_edits_aside(tx, part, forked, Door::Fork, now_ms)?;
            refuse(differs, Door::Fork);
            return Ok(());
        }
        if new.is_empty() {
            return Ok(());
        }
        match self.apply_new(tx, writer, register, new, &part.signature, now_ms)? {
            Outcome::Taken { .. } => {
                accepted.edits += new.len();
                self.try_parked(tx, register, now_ms)?;
            }
            Outcome::Waits => tx.park(&NewEditBatch {
                register,
                device,
                edits: new,
                head: None,
                signature: part.signature,
                now_ms,
            })?,
            Outcome::Refused { number, door } => refuse(number, door),
        }
        Ok(())
    }

    /// Applies edits that follow the log's last of this writer, and appends them.
    fn apply_new(
        &mut self,
        tx: &mut dyn Transaction,
        writer: &Device,
        id: RegisterId,
        edits: &[Edit],
        signature: &Signature,
        now_ms: i64,
    ) -> Result<Outcome, OfficeError> {
        let (mut register, _) = self.registers.take(tx.reads(), id)?;
        let outcome = self.derive(writer, id, &mut register, edits, signature);
        // Unless it is taken, the register at hand may hold a half; it was taken out, so dropping
        // it here is what forgets it.
        if let Outcome::Taken { head } = outcome {
            // An edition that a restore had lost is open again; for any other this changes nothing.
            tx.open_edition(id, now_ms)?;
            let number = tx.append_edits(&NewEditBatch {
                register: id,
                device: writer.number(),
                edits,
                head: Some(head),
                signature: *signature,
                now_ms,
            })?;
            self.registers.keep(id, register, number);
            self.carry_late(tx, id, edits, now_ms)?;
        }
        Ok(outcome)
    }

    fn derive(
        &self,
        writer: &Device,
        id: RegisterId,
        register: &mut Register,
        edits: &[Edit],
        signature: &Signature,
    ) -> Outcome {
        let first = edits.first().map_or(0, |edit| edit.number);
        let mut newest = None;
        for edit in edits {
            match register.apply(edit, &actor(writer)) {
                Ok(head) => newest = Some((edit.number, head)),
                Err(ApplyError::MissingDeps) => return Outcome::Waits,
                Err(_) => {
                    return Outcome::Refused { number: edit.number, door: Door::UndecodableItem };
                }
            }
        }
        let Some((count, head)) = newest else { return Outcome::Waits };
        let statement = HeadStatement {
            district: *self.keys.district(),
            device: writer.number(),
            document: DocumentId::Register(id),
            count,
            head,
        };
        if signed(writer, &statement, signature) {
            Outcome::Taken { head }
        } else {
            Outcome::Refused { number: first, door: Door::BadSignature }
        }
    }

    /// Tries parked edits again, until none of them moves.
    fn try_parked(
        &mut self,
        tx: &mut dyn Transaction,
        id: RegisterId,
        now_ms: i64,
    ) -> Result<(), OfficeError> {
        loop {
            let mut moved = false;
            for parked in tx.parked(id)? {
                let have = tx.edit_count(id, parked.device)?;
                let first = parked.edits.first().map_or(0, |edit| edit.number);
                let Some(writer) = tx.device(parked.device)? else { continue };
                if first <= have {
                    // It came again by itself meanwhile.
                    tx.unpark(parked.number)?;
                    continue;
                }
                if first != have + 1 {
                    continue;
                }
                let signature = parked.signature;
                match self.apply_new(tx, &writer, id, &parked.edits, &signature, now_ms)? {
                    Outcome::Waits => {}
                    Outcome::Taken { .. } => {
                        tx.unpark(parked.number)?;
                        moved = true;
                    }
                    Outcome::Refused { .. } => tx.unpark(parked.number)?,
                }
            }
            if !moved {
                return Ok(());
            }
        }
    }

    /// Whether the writer really signed edits that are not taken: derived in a register of their
    /// own, without what the log holds of this writer from `differs` on.
    fn was_signed(
        &self,
        reads: &dyn Reads,
        writer: &Device,
        part: &EditPart,
        differs: u32,
    ) -> Result<bool, OfficeError> {
        let mut register = Register::new(part.register);
        for batch in reads.register_edits_after(part.register, 0)? {
            let own = batch.device == writer.number();
            let Some(wrote) = reads.device(batch.device)? else { continue };
            for edit in batch.edits.iter().filter(|edit| !own || edit.number < differs) {
                // What stands on an edit that was left out cannot be applied, nor is it needed.
                let _ = register.apply(edit, &actor(&wrote));
            }
        }
        let edits: Vec<Edit> =
            part.edits.iter().filter(|edit| edit.number >= differs).cloned().collect();
        let id = part.register;
        let outcome = self.derive(writer, id, &mut register, &edits, &part.signature);
        Ok(matches!(outcome, Outcome::Taken { .. }))
    }

    fn set_edits_aside(
        &self,
        tx: &mut dyn Transaction,
        part: &EditPart,
        edits: &[Edit],
        door: Door,
        now_ms: i64,
    ) -> Result<(), LogError> {
        let mut out = minicbor::Encoder::new(Vec::new());
        out.array(2)
            .and_then(|e| e.bytes(&part.signature.0))
            .and_then(|e| e.encode(edits))
            .map_err(|e| LogError::Corrupt(e.to_string()))?;
        let subject = part.register.to_string();
        tx.put_aside(&evidence(part.device, door, subject, out.into_writer(), now_ms))
    }
}

/// Whether the part's edits are its device's and numbered without a gap.
fn in_turn(part: &EditPart) -> bool {
    let first = part.edits.first().map_or(1, |edit| edit.number);
    first > 0
        && part
            .edits
            .iter()
            .zip(first..)
            .all(|(edit, number)| edit.device == part.device && edit.number == number)
}

/// Why a device may not edit this register: there is one check, here at the door.
fn misplaced(
    reads: &dyn Reads,
    writer: &Device,
    register: RegisterId,
) -> Result<Option<Door>, LogError> {
    let county = writer.certificate.role == DeviceRole::CountyOffice;
    if !county && writer.certificate.village != Some(register.village) {
        return Ok(Some(Door::OtherVillage));
    }
    let open = reads.editions(register.village)?.contains(&register) || is_lost(reads, register)?;
    Ok(if open { None } else { Some(Door::EditionUnknown) })
}

/// Whether a register's edition is beyond the newest that the log knows: the log was restored from
/// a backup that was made before it was opened.
fn is_lost(reads: &dyn Reads, register: RegisterId) -> Result<bool, LogError> {
    let newest = reads.editions(register.village)?.last().copied();
    Ok(newest.is_some_and(|newest| register.edition == newest.edition.saturating_add(1)))
}

/// The number of the first edit in `again` that differs from what the log holds.
fn first_difference(
    reads: &dyn Reads,
    part: &EditPart,
    again: &[Edit],
) -> Result<Option<u32>, LogError> {
    if again.is_empty() {
        return Ok(None);
    }
    let stored = reads.register_edits_after(part.register, 0)?;
    let mut stored = stored.iter().filter(|b| b.device == part.device).flat_map(|b| b.edits.iter());
    for edit in again {
        if stored.by_ref().find(|s| s.number == edit.number) != Some(edit) {
            return Ok(Some(edit.number));
        }
    }
    Ok(None)
}
