//! Registers (名册): an Automerge document of a village that several phones edit at once.
//!
//! Flat keys at the root hold plain values. Every replica derives the same change from an [`Edit`]:
//! where its heads are the edit's, it commits; otherwise it forks at them, commits, and merges.

pub mod keys;

mod edit;
mod edition;
mod reading;
#[cfg(test)]
mod tests;
mod typed;

pub use edit::{Edit, EditFault, Value};
pub use edition::{Carried, EditionError, Opened};
pub use reading::Reading;
pub use typed::{plain, typed};

use std::collections::BTreeMap;
use std::fmt;

use automerge::transaction::{CommitOptions, Transactable as _};
use automerge::{ActorId, Automerge, AutomergeError, ChangeHash, ROOT, ReadDoc as _, ScalarValue};
use sha2::{Digest as _, Sha256};

use super::ids::{Head, RegisterId};
use super::keys::Actor;
use crate::domain::DeviceNo;

/// One edition of a village's register, in memory.
#[derive(Clone)]
pub struct Register {
    id: RegisterId,
    doc: Automerge,
    written: BTreeMap<Actor, Vec<Written>>,
    /// The fork that the last concurrent edit was written on: a phone's edits come in runs, and
    /// each of a run stands on the one before.
    branch: Option<Automerge>,
}

/// What is kept of an edit, to know it when it comes again.
#[derive(Clone, Copy)]
struct Written {
    digest: [u8; 32],
    head: Head,
}

/// Why an edit is not applied. The register stays as it was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ApplyError {
    /// It is none that this library writes.
    #[error(transparent)]
    Malformed(#[from] EditFault),
    /// It is already here.
    #[error("the edit is already here")]
    Duplicate {
        /// Its change.
        head: Head,
    },
    /// Another edit of this device has its number: the first stays.
    #[error("another edit of this device has this number")]
    Fork {
        /// The change of the edit that stays.
        kept: Head,
    },
    /// An edit of this device before it is not here yet.
    #[error("this device's edit {expected} comes first")]
    OutOfTurn {
        /// The number that is wanted.
        expected: u32,
    },
    /// It stands on edits that are not here yet: park it.
    #[error("the edit stands on others that are not here yet")]
    MissingDeps,
    /// Automerge refused to write it.
    #[error("Automerge: {0}")]
    Automerge(String),
}

impl From<AutomergeError> for ApplyError {
    fn from(error: AutomergeError) -> Self {
        ApplyError::Automerge(error.to_string())
    }
}

impl Register {
    /// An edition with nothing in it.
    pub fn new(id: RegisterId) -> Self {
        Register { id, doc: Automerge::new(), written: BTreeMap::new(), branch: None }
    }

    /// Which edition it is.
    pub fn id(&self) -> RegisterId {
        self.id
    }

    /// The newest changes, in ascending order; none in an empty register.
    pub fn heads(&self) -> Vec<Head> {
        heads_of(&self.doc)
    }

    /// How many edits of this writer are here.
    pub fn count(&self, actor: &Actor) -> u32 {
        self.written.get(actor).map_or(0, |edits| u32::try_from(edits.len()).unwrap_or(u32::MAX))
    }

    /// The change of this writer's edit with this number, from 1.
    pub fn head_of(&self, actor: &Actor, number: u32) -> Option<Head> {
        let place = usize::try_from(number.checked_sub(1)?).ok()?;
        Some(self.written.get(actor)?.get(place)?.head)
    }

    /// Writes an edit upon all that is here; so it settles a conflict in any key it assigns. Keys
    /// may come in any order; of one that comes twice, the last counts.
    ///
    /// # Errors
    /// [`ApplyError::Malformed`] for a wrong key, or with [`EditFault::NothingChanges`].
    pub fn commit(
        &mut self,
        device: DeviceNo,
        actor: &Actor,
        assignments: Vec<(String, Value)>,
    ) -> Result<(Edit, Head), ApplyError> {
        let deps = self.heads();
        self.commit_upon(device, actor, deps, assignments)
    }

    fn commit_upon(
        &mut self,
        device: DeviceNo,
        actor: &Actor,
        deps: Vec<Head>,
        assignments: Vec<(String, Value)>,
    ) -> Result<(Edit, Head), ApplyError> {
        let assignments: BTreeMap<String, Value> = assignments.into_iter().collect();
        let assignments = assignments.into_iter().collect();
        let number = self.count(actor).saturating_add(1);
        let edit = Edit { device, number, deps, assignments };
        let head = self.apply(&edit, actor)?;
        Ok((edit, head))
    }

    /// Applies an edit of this writer, and gives the change that it derives.
    ///
    /// # Errors
    /// [`ApplyError`]; nothing is changed then.
    pub fn apply(&mut self, edit: &Edit, actor: &Actor) -> Result<Head, ApplyError> {
        edit.check()?;
        let digest = digest(edit);
        let expected = self.count(actor).saturating_add(1);
        if edit.number > expected {
            return Err(ApplyError::OutOfTurn { expected });
        }
        if edit.number < expected {
            let place = usize::try_from(edit.number).unwrap_or(usize::MAX).saturating_sub(1);
            let Some(Written { digest: known, head }) =
                self.written.get(actor).and_then(|edits| edits.get(place)).copied()
            else {
                return Err(ApplyError::OutOfTurn { expected });
            };
            return Err(if known == digest {
                ApplyError::Duplicate { head }
            } else {
                ApplyError::Fork { kept: head }
            });
        }
        let head = if heads_of(&self.doc) == edit.deps {
            write(&mut self.doc, actor, &edit.assignments)?
        } else {
            self.write_on_branch(edit, actor)?
        };
        self.written.entry(*actor).or_default().push(Written { digest, head });
        Ok(head)
    }

    /// Writes an edit that did not see all that is here.
    fn write_on_branch(&mut self, edit: &Edit, actor: &Actor) -> Result<Head, ApplyError> {
        let deps: Vec<ChangeHash> = edit.deps.iter().map(|head| ChangeHash(head.0)).collect();
        if !self.doc.get_missing_deps(&deps).is_empty() {
            return Err(ApplyError::MissingDeps);
        }
        let mut branch = match self.branch.take() {
            Some(branch) if heads_of(&branch) == edit.deps => branch,
            _ => self.doc.fork_at(&deps)?,
        };
        if heads_of(&branch) != edit.deps {
            return Err(EditFault::DepsNotHeads.into());
        }
        let own = self.written.get(actor).and_then(|edits| edits.last());
        if own.is_some_and(|own| !branch.get_missing_deps(&[ChangeHash(own.head.0)]).is_empty()) {
            return Err(EditFault::NotOnOwn.into());
        }
        let head = write(&mut branch, actor, &edit.assignments)?;
        self.doc.merge(&mut branch)?;
        self.branch = Some(branch);
        Ok(head)
    }

    /// The bytes of Automerge's `save()`, for export.
    pub fn to_automerge(&self) -> Vec<u8> {
        self.doc.save()
    }
}

impl fmt::Debug for Register {
    /// Not its content: people's names do not belong in logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {:?}", self.id, self.heads())
    }
}

fn heads_of(doc: &Automerge) -> Vec<Head> {
    doc.get_heads().iter().map(|head| Head(head.0)).collect()
}

fn digest(edit: &Edit) -> [u8; 32] {
    let bytes = minicbor::to_vec(edit).unwrap_or_default();
    Sha256::digest(bytes).into()
}

/// Writes one change upon the document's heads.
fn write(
    doc: &mut Automerge,
    actor: &Actor,
    assignments: &[(String, Value)],
) -> Result<Head, ApplyError> {
    doc.set_actor(ActorId::from(&actor.0[..]));
    let mut transaction = doc.transaction();
    for (key, value) in assignments {
        transaction.put(ROOT, key.as_str(), ScalarValue::from(value))?;
    }
    let (change, _) = transaction.commit_with(CommitOptions::default().with_time(0));
    // Automerge leaves out what assigns the value that already stands there alone.
    change.map(|hash| Head(hash.0)).ok_or(ApplyError::Malformed(EditFault::NothingChanges))
}

impl From<&Value> for ScalarValue {
    fn from(value: &Value) -> Self {
        match value {
            Value::Text(text) => ScalarValue::Str(text.as_str().into()),
            Value::Int(number) => ScalarValue::Int(*number),
            Value::Bool(yes) => ScalarValue::Boolean(*yes),
            Value::Bytes(bytes) => ScalarValue::Bytes(bytes.clone()),
            Value::Null => ScalarValue::Null,
        }
    }
}
