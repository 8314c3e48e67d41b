//! Heads kept elsewhere: what `export heads` writes and a backup's manifest holds.
//!
//! `{"district", "books": [{"book": "book/A7K/0", "count", "head"}], "edits": [{"register":
//! "register/1/0", "device": "A7K", "count"}]}`; other fields are passed over, so that a manifest
//! can be given as it is.

use std::path::Path;

use courtyard_core::document::{BookId, RegisterId};
use courtyard_core::domain::VillageNo;
use courtyard_core::verify::{KnownEdits, KnownHead};
use serde::{Deserialize, Serialize};

use crate::backup::{BookHead, EditCount};

/// The file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heads {
    /// The district.
    pub district: String,
    /// Count and head of every book.
    pub books: Vec<BookHead>,
    /// Edits of every device in every register edition.
    #[serde(default)]
    pub edits: Vec<EditCount>,
}

impl Heads {
    /// Reads a file.
    ///
    /// # Errors
    /// Why it is none, in words.
    pub fn read(path: &Path) -> Result<Heads, String> {
        let bytes = std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
        serde_json::from_slice(&bytes).map_err(|error| format!("{}: {error}", path.display()))
    }

    /// What it demands of a container.
    ///
    /// # Errors
    /// The first text that cannot be read.
    pub fn known(&self) -> Result<(Vec<KnownHead>, Vec<KnownEdits>), String> {
        let mut heads = Vec::new();
        for head in &self.books {
            let wrong = || format!("{} at {}: not a book with its head", head.book, head.head);
            let book = book(&head.book).ok_or_else(wrong)?;
            let digest = head.head.parse().map_err(|_| wrong())?;
            heads.push(KnownHead { book, count: head.count, head: digest });
        }
        let mut edits = Vec::new();
        for known in &self.edits {
            let wrong = || format!("{} of {}: not a register", known.register, known.device);
            let register = register(&known.register).ok_or_else(wrong)?;
            let device = known.device.parse().map_err(|_| wrong())?;
            edits.push(KnownEdits { register, device, count: known.count });
        }
        Ok((heads, edits))
    }
}

/// Reads `book/A7K/0`.
fn book(text: &str) -> Option<BookId> {
    let (device, number) = text.strip_prefix("book/")?.split_once('/')?;
    BookId::new(device.parse().ok()?, number.parse().ok()?)
}

/// Reads `register/1/0`.
fn register(text: &str) -> Option<RegisterId> {
    let (village, edition) = text.strip_prefix("register/")?.split_once('/')?;
    Some(RegisterId {
        village: VillageNo::new(village.parse().ok()?),
        edition: edition.parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_documents_read_back_as_printed() {
        let id = BookId::new("A7K".parse().unwrap(), 12).unwrap();
        assert_eq!(book(&id.to_string()), Some(id));
        let id = RegisterId { village: VillageNo::new(3), edition: 1 };
        assert_eq!(register(&id.to_string()), Some(id));
        for wrong in ["", "book/A7K", "book/A7K/x", "book/A7/0", "register/1/0"] {
            assert_eq!(book(wrong), None);
        }
    }
}
