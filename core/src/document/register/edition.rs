//! Editions: a register is begun anew from its current values, each year or for an erasure; what a
//! phone still writes in the old edition is carried into the new one.

use super::{ApplyError, Edit, EditFault, Register, Value};
use crate::document::ids::{Head, RegisterId};
use crate::document::keys::Actor;
use crate::domain::DeviceNo;

/// So many assignments make one edit of an opening: what a message takes.
const ASSIGNMENTS: usize = 100;

/// Why the next edition cannot be opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditionError {
    /// These keys hold several values; an opening could keep but one.
    #[error("{} fields have to be settled first", .0.len())]
    Unsettled(Vec<String>),
    /// There is no number after this edition's.
    #[error("there is no edition after this one")]
    Last,
    /// The edit was not written.
    #[error(transparent)]
    Apply(#[from] ApplyError),
}

/// An edition that was opened with what was in conflict still in conflict.
#[derive(Debug, Clone)]
pub struct Opened {
    /// The new edition.
    pub register: Register,
    /// The edits that made it, in order: the opener's, the carrier's, the opener's last.
    pub edits: Vec<(Edit, Head)>,
    /// Third and further values of a key, which two devices cannot hold.
    pub dropped: Vec<(String, Value)>,
}

/// What carrying a late edit forward wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carried {
    /// The edits, in order: the carrier's, then the settler's if it wrote one.
    pub edits: Vec<(Edit, Head)>,
    /// Values of earlier late edits that went out of sight: the two phones did not know of each
    /// other, and the carrier can hold but one of them.
    pub replaced: Vec<(String, Value)>,
}

impl Register {
    /// Opens the next edition with the current values of the keys that `keep` names; cleared fields
    /// are left out. Gives the new edition and the edits that made it.
    ///
    /// # Errors
    /// [`EditionError::Unsettled`] if a key to be kept holds several values.
    pub fn open_next_edition(
        &self,
        device: DeviceNo,
        actor: &Actor,
        keep: impl Fn(&str) -> bool,
    ) -> Result<(Register, Vec<(Edit, Head)>), EditionError> {
        let kept: Vec<_> = self.readings().filter(|(key, _)| keep(key)).collect();
        let unsettled: Vec<String> =
            kept.iter().filter(|(_, r)| r.is_conflict()).map(|(key, _)| key.clone()).collect();
        if !unsettled.is_empty() {
            return Err(EditionError::Unsettled(unsettled));
        }
        let edition = self.id.edition.checked_add(1).ok_or(EditionError::Last)?;
        let mut next = Register::new(RegisterId { edition, ..self.id });
        let values: Vec<(String, Value)> = kept
            .into_iter()
            .filter(|(_, reading)| !reading.value.is_null())
            .map(|(key, reading)| (key, reading.value))
            .collect();
        let edits = values
            .chunks(ASSIGNMENTS)
            .map(|values| next.commit(device, actor, values.to_vec()))
            .collect::<Result<_, _>>()?;
        Ok((next, edits))
    }

    /// Opens the next edition without waiting for anybody to settle conflicts: the opener writes the
    /// values that are shown, the carrier writes the others beside them, so that they conflict
    /// there too. Last the opener writes these marks.
    ///
    /// # Errors
    /// [`EditionError`], but never [`EditionError::Unsettled`].
    pub fn open_next_edition_unsettled(
        &self,
        opener: (DeviceNo, &Actor),
        carrier: (DeviceNo, &Actor),
        keep: impl Fn(&str) -> bool,
        marks: Vec<(String, Value)>,
    ) -> Result<Opened, EditionError> {
        let edition = self.id.edition.checked_add(1).ok_or(EditionError::Last)?;
        let mut register = Register::new(RegisterId { edition, ..self.id });
        let (mut shown, mut beside, mut dropped) = (Vec::new(), Vec::new(), Vec::new());
        for (key, reading) in self.readings().filter(|(key, _)| keep(key)) {
            let mut others = reading.others.into_iter();
            beside.extend(others.next().map(|value| (key.clone(), value)));
            dropped.extend(others.map(|value| (key.clone(), value)));
            // A cleared field beside a value is one side of a conflict, and is written as such.
            if !reading.value.is_null() || beside.last().is_some_and(|(of, _)| *of == key) {
                shown.push((key, reading.value));
            }
        }
        let mut edits = Vec::new();
        for values in shown.chunks(ASSIGNMENTS) {
            edits.push(register.commit(opener.0, opener.1, values.to_vec())?);
        }
        let mut deps: Vec<Head> = Vec::new();
        for values in beside.chunks(ASSIGNMENTS) {
            let written = register.commit_upon(carrier.0, carrier.1, deps, values.to_vec())?;
            deps = vec![written.1];
            edits.push(written);
        }
        if !marks.is_empty() {
            edits.push(register.commit(opener.0, opener.1, marks)?);
        }
        Ok(Opened { register, edits, dropped })
    }

    /// Carries an edit that came late for an old edition into this one.
    ///
    /// The carrier (a device that neither opened this edition nor edits it otherwise) writes beside
    /// everything that others wrote, so a differing value shows as a conflict. Where all that stands
    /// here is what the late writer saw in the `old` edition, the settler takes the late value.
    /// An erased edition is not at hand; every difference is a conflict then.
    ///
    /// # Errors
    /// [`ApplyError`] if an edit cannot be written.
    pub fn carry_forward(
        &mut self,
        carrier: (DeviceNo, &Actor),
        settler: (DeviceNo, &Actor),
        late: &Edit,
        old: Option<&Register>,
    ) -> Result<Carried, ApplyError> {
        let own = self.head_of(carrier.1, self.count(carrier.1));
        let deps: Vec<Head> = own.into_iter().collect();
        let seen = |key: &str, value: &Value| {
            old.and_then(|old| old.reading_at(key, &late.deps))
                .is_some_and(|reading| reading.values().any(|seen| seen == value))
        };
        let mut replaced = Vec::new();
        for (key, value) in &late.assignments {
            let visible = self.reading(key);
            let Some(carried) = self.reading_at(key, &deps) else { continue };
            let lost = carried.value != *value
                && visible.is_some_and(|r| r.values().any(|v| *v == carried.value))
                && !seen(key, &carried.value);
            if lost {
                replaced.push((key.clone(), carried.value));
            }
        }
        let mut edits = Vec::new();
        let news = late.assignments.clone();
        edits.extend(some_change(self.commit_upon(carrier.0, carrier.1, deps, news))?);
        let known: Vec<_> = late
            .assignments
            .iter()
            .filter(|(key, value)| {
                self.reading(key).is_some_and(|reading| {
                    reading.is_conflict() && reading.values().all(|v| v == value || seen(key, v))
                })
            })
            .cloned()
            .collect();
        if !known.is_empty() {
            edits.extend(some_change(self.commit(settler.0, settler.1, known))?);
        }
        Ok(Carried { edits, replaced })
    }
}

/// An edit that changes nothing is none.
fn some_change(
    written: Result<(Edit, Head), ApplyError>,
) -> Result<Option<(Edit, Head)>, ApplyError> {
    match written {
        Err(ApplyError::Malformed(EditFault::NothingChanges)) => Ok(None),
        other => other.map(Some),
    }
}
