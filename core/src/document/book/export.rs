//! A book as an Automerge file, for the world outside: Automerge writes every change itself, and
//! the file is given out only if its head is the one that this library derives.

use automerge::transaction::{CommitOptions, Transactable as _};
use automerge::{ActorId, Automerge, AutomergeError, ObjId, ObjType, ROOT, ScalarValue};

use super::{BookError, extend, header};
use crate::document::ids::{BookId, Head};
use crate::document::keys::{Actor, DistrictId};

/// Why a book cannot be given out as an Automerge file.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// More entries than fit.
    #[error(transparent)]
    Book(#[from] BookError),
    /// Automerge refused to write it.
    #[error("Automerge: {0}")]
    Automerge(#[from] AutomergeError),
    /// Automerge's head is not ours: a defect of this library or of Automerge's version.
    #[error("Automerge derives {theirs:?} where this library derives {ours}")]
    OtherHead {
        /// The head derived here.
        ours: Head,
        /// Automerge's heads.
        theirs: Vec<Head>,
    },
}

/// Writes a book through Automerge, and returns the bytes of its `save()`.
///
/// # Errors
/// [`ExportError`] if there are too many entries, or if Automerge's head differs from ours.
pub fn book_to_automerge(
    district: &DistrictId,
    actor: &Actor,
    book: BookId,
    previous: Option<Head>,
    entries: &[&[u8]],
) -> Result<Vec<u8>, ExportError> {
    let ours = extend(district, actor, book, previous, None, entries.iter().copied())?.head;
    let (mut doc, list) = open_in_automerge(actor, &header(district, book, previous))?;
    for (position, entry) in entries.iter().enumerate() {
        append_in_automerge(&mut doc, &list, position, entry)?;
    }
    let theirs: Vec<Head> = doc.get_heads().iter().map(|head| Head(head.0)).collect();
    if theirs != [ours] {
        return Err(ExportError::OtherHead { ours, theirs });
    }
    Ok(doc.save())
}

/// The document with its opening change, and its list.
pub(super) fn open_in_automerge(
    actor: &Actor,
    header: &[u8],
) -> Result<(Automerge, ObjId), AutomergeError> {
    let mut doc = Automerge::new().with_actor(ActorId::from(&actor.0[..]));
    let mut transaction = doc.transaction();
    let list = transaction.put_object(ROOT, "entries", ObjType::List)?;
    transaction.put(ROOT, "header", ScalarValue::Bytes(header.to_vec()))?;
    transaction.commit_with(CommitOptions::default().with_time(0));
    Ok((doc, list))
}

/// One more change: the entry at the end of the list.
pub(super) fn append_in_automerge(
    doc: &mut Automerge,
    list: &ObjId,
    position: usize,
    entry: &[u8],
) -> Result<(), AutomergeError> {
    let mut transaction = doc.transaction();
    transaction.insert(list, position, ScalarValue::Bytes(entry.to_vec()))?;
    transaction.commit_with(CommitOptions::default().with_time(0));
    Ok(())
}
