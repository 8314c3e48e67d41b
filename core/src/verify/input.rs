//! What is checked: books and registers as a container holds them, damaged or not.

use crate::document::{BookId, BookTip, Edit, Head, RegisterId, Signature};
use crate::domain::{DeviceNo, EntryHash};

/// The first bytes of an entry's hash, as a container may list them: not signed, so they prove
/// nothing, but they tell which entry of a range was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct EntryMark(pub [u8; 8]);

impl EntryMark {
    /// The mark of these entry bytes.
    pub fn of(entry: &[u8]) -> Self {
        let hash = EntryHash::of(entry);
        let mut mark = [0; 8];
        mark.iter_mut().zip(hash.0).for_each(|(to, from)| *to = from);
        EntryMark(mark)
    }
}

/// An entry and its place in its book, from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryAt {
    /// The place that the container gives it.
    pub position: u32,
    /// Its bytes; empty if they cannot be read any more.
    pub bytes: Vec<u8>,
}

/// A device's signature over a book's head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Boundary {
    /// So many entries of the book it covers.
    pub count: u32,
    /// The signature.
    pub signature: Signature,
}

/// A book as a container holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedBook {
    /// Which book.
    pub book: BookId,
    /// Its entries, in ascending order of places.
    pub entries: Vec<EntryAt>,
    /// Whether the container gives every entry its place; if it only lists them, a missing one moves
    /// all after it.
    pub numbered: bool,
    /// The signatures that it holds.
    pub boundaries: Vec<Boundary>,
    /// What the container says of the book's end.
    pub recorded: Option<BookTip>,
    /// The marks of its entries, in order; empty if the container lists none.
    pub marks: Vec<EntryMark>,
}

/// An edit of a register as a container holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EditAt {
    /// Who wrote it.
    pub device: DeviceNo,
    /// Which of this device's edits, from 1.
    pub number: u32,
    /// The edit; `None` if it cannot be read any more.
    pub edit: Option<Edit>,
}

/// A device's signature over its newest edit of a register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EditBoundary {
    /// Whose.
    pub device: DeviceNo,
    /// The number of the edit whose head is signed.
    pub count: u32,
    /// The signature.
    pub signature: Signature,
}

/// One edition of a register as a container holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedRegister {
    /// Which register.
    pub register: RegisterId,
    /// Its edits, in an order in which each comes after what it depends on.
    pub edits: Vec<EditAt>,
    /// The signatures that the container holds.
    pub boundaries: Vec<EditBoundary>,
}

/// The head of a book at a count, known from elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownHead {
    /// Which book.
    pub book: BookId,
    /// Its entries then.
    pub count: u32,
    /// Its head then.
    pub head: Head,
}

/// How many edits a device had in a register, known from elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownEdits {
    /// Which register.
    pub register: RegisterId,
    /// Whose edits.
    pub device: DeviceNo,
    /// How many.
    pub count: u32,
}
