//! One book: its chain derived anew, its signatures, its numbers.

use crate::document::{
    self, Actor, BOOK_ENTRIES, BookTip, DistrictId, DocumentId, Head, HeadStatement, PublicKey,
};
use crate::domain::Entry;

use super::fault::BookFault;
use super::input::{Boundary, EntryMark, KnownHead, SignedBook};
use super::report::BrokenBook;

/// Who wrote a book, once the certificates are checked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Writer {
    pub(super) district: DistrictId,
    pub(super) key: PublicKey,
}

/// What is known of the end of the book before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Before {
    /// This is the device's first book.
    Nothing,
    /// Its last head, which the device signed.
    Full(Head),
    /// Not enough to go on.
    Unknown,
}

/// Places of a book that a fault may lie at, from 0, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Found {
    first: u32,
    last: u32,
    fault: BookFault,
}

/// One book on its way through the check.
pub(super) struct BookCheck<'b> {
    book: &'b SignedBook,
    writer: Writer,
    found: Vec<Found>,
    /// The head before each entry and after the last, as far as there is no gap.
    heads: Vec<Head>,
    /// The places of `heads` that a signature proves.
    proved: u32,
}

impl<'b> BookCheck<'b> {
    pub(super) fn new(book: &'b SignedBook, writer: Writer) -> Self {
        BookCheck { book, writer, found: Vec::new(), heads: Vec::new(), proved: 0 }
    }

    /// Checks everything; answers the first fault, and what the next book stands on.
    pub(super) fn run(
        mut self,
        before: Before,
        known: &[KnownHead],
    ) -> (Option<BrokenBook>, Before) {
        let previous = match before {
            Before::Nothing => None,
            Before::Full(head) => Some(head),
            Before::Unknown => {
                self.find(0, 0, BookFault::BookBefore);
                // Its signed end is still worth something to the book after it.
                return (self.first_fault(), self.signed_end());
            }
        };
        self.derive(previous);
        self.check_boundaries();
        self.check_recorded();
        for known in known {
            self.check_known(known);
        }
        let end = match self.heads.get(BOOK_ENTRIES as usize) {
            Some(head) if self.proved == BOOK_ENTRIES => Before::Full(*head),
            _ => self.signed_end(),
        };
        (self.first_fault(), end)
    }

    fn find(&mut self, first: u32, last: u32, fault: BookFault) {
        self.found.push(Found { first, last, fault });
    }

    /// The earliest fault; of two at one place the more exact. An entry that is broken for certain is
    /// named instead of a range around it.
    fn first_fault(&self) -> Option<BrokenBook> {
        let earliest = self.found.iter().min_by_key(|f| (f.first, f.last))?;
        let within = |f: &&Found| {
            let certain = matches!(f.fault, BookFault::Undecodable | BookFault::Fork);
            certain && f.first >= earliest.first && f.last <= earliest.last
        };
        let found = self.found.iter().filter(within).min_by_key(|f| f.first).unwrap_or(earliest);
        Some(BrokenBook {
            book: self.book.book,
            first: self.book.book.entry_at(found.first),
            last: self.book.book.entry_at(found.last),
            fault: found.fault,
        })
    }

    /// How many entries stand in a row from the first.
    fn count(&self) -> u32 {
        u32::try_from(self.heads.len()).unwrap_or(u32::MAX).saturating_sub(1)
    }

    /// Derives the head at every place, up to the first gap.
    fn derive(&mut self, previous: Option<Head>) {
        let actor = Actor::of(&self.writer.key);
        let mut tip = document::open_book(&self.writer.district, &actor, self.book.book, previous);
        self.heads.push(tip.head);
        let mut placed: Vec<&[u8]> = Vec::with_capacity(self.book.entries.len());
        for entry in &self.book.entries {
            if entry.position < tip.count {
                let first = usize::try_from(entry.position).ok().and_then(|at| placed.get(at));
                if first.is_none_or(|first| *first != entry.bytes) {
                    self.find(entry.position, entry.position, BookFault::Fork);
                }
                continue;
            }
            if entry.position > tip.count {
                let missing = entry.position.saturating_sub(1).min(BOOK_ENTRIES - 1);
                self.find(tip.count.min(missing), missing, BookFault::Gap);
                return;
            }
            if Entry::decode(&entry.bytes).is_err() {
                self.find(tip.count, tip.count, BookFault::Undecodable);
            }
            match document::append(&tip, &actor, &entry.bytes) {
                Ok(next) => tip = next,
                Err(_) => {
                    self.find(tip.count, tip.count, BookFault::Overlong);
                    return;
                }
            }
            self.heads.push(tip.head);
            placed.push(&entry.bytes);
        }
    }

    fn is_signed(&self, head: Head, boundary: &Boundary) -> bool {
        let statement = HeadStatement {
            district: self.writer.district,
            device: self.book.book.device,
            document: DocumentId::Book(self.book.book),
            count: boundary.count,
            head,
        };
        statement.verify(&self.writer.key, &boundary.signature).is_ok()
    }

    /// Every signature must fit, and the last must cover the last entry.
    fn check_boundaries(&mut self) {
        let count = self.count();
        let mut boundaries = self.book.boundaries.clone();
        boundaries.sort_by_key(|boundary| boundary.count);
        for boundary in &boundaries {
            let head = usize::try_from(boundary.count).ok().and_then(|at| self.heads.get(at));
            let Some(&head) = head else {
                return self.find_missing(boundary.count);
            };
            if !self.is_signed(head, boundary) {
                let last = boundary.count.max(1) - 1;
                return self.find_changed(self.proved.min(last), last, BookFault::Signature);
            }
            self.proved = boundary.count;
        }
        if self.proved < count {
            self.find_changed(self.proved, count - 1, BookFault::Unsigned);
        }
    }

    /// Fewer entries are here than something signed or written says.
    fn find_missing(&mut self, wanted: u32) {
        let count = self.count();
        let last = wanted.clamp(count.saturating_add(1), BOOK_ENTRIES.max(count + 1)) - 1;
        if self.book.numbered {
            // The rest is here under its own numbers, so those that are not are the missing ones.
            self.find(count, last, BookFault::Gap);
        } else {
            self.find_changed(self.proved, last, BookFault::Gap);
        }
    }

    /// Something between these places is wrong; the container's marks may tell which entry.
    fn find_changed(&mut self, first: u32, last: u32, fault: BookFault) {
        let marks = self.book.marks.iter().enumerate();
        let differs = |(place, mark): &(usize, &EntryMark)| {
            let entry = self.book.entries.get(*place);
            entry.is_none_or(|entry| EntryMark::of(&entry.bytes) != **mark)
        };
        let place = marks
            .filter(|(place, _)| u32::try_from(*place).is_ok_and(|at| at >= first && at <= last))
            .find(differs)
            .and_then(|(place, _)| u32::try_from(place).ok());
        match place {
            Some(place) => self.find(place, place, fault),
            None => self.find(first, last, fault),
        }
    }

    /// What the container says of the book's end.
    fn check_recorded(&mut self) {
        let Some(recorded) = self.book.recorded else { return };
        let count = self.count();
        let last = count.saturating_sub(1);
        match recorded.count {
            more if more > count => self.find_missing(more),
            fewer if fewer < count => self.find(fewer, last, BookFault::Beyond),
            _ if self.proved == count && self.heads.last() != Some(&recorded.head) => {
                self.find(last, last, BookFault::OtherHead);
            }
            _ => {}
        }
        let marks = u32::try_from(self.book.marks.len()).unwrap_or(u32::MAX);
        if marks > 0 && marks < count {
            self.find(marks, last, BookFault::Beyond);
        }
    }

    fn check_known(&mut self, known: &KnownHead) {
        let at = usize::try_from(known.count).ok().and_then(|at| self.heads.get(at));
        match at {
            None => {
                let count = self.count();
                self.find(count, known.count.max(count + 1) - 1, BookFault::Truncated);
            }
            // Where the signatures do not prove as much, that is the fault, and it is found already.
            Some(head) if *head != known.head && known.count <= self.proved => {
                self.find(0, known.count.max(1) - 1, BookFault::OtherHistory);
            }
            Some(_) => {}
        }
    }

    /// The end of a full book as the container notes it, if the device signed just that: then the
    /// next book can be checked whatever happened to the entries of this one.
    fn signed_end(&self) -> Before {
        let Some(BookTip { count: BOOK_ENTRIES, head }) = self.book.recorded else {
            return Before::Unknown;
        };
        let full = |b: &&Boundary| b.count == BOOK_ENTRIES;
        if self.book.boundaries.iter().filter(full).any(|b| self.is_signed(head, b)) {
            Before::Full(head)
        } else {
            Before::Unknown
        }
    }
}
