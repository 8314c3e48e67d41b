//! Which document: a book of a device, a register of a village; and the head that stands for all
//! that was written in it.

use std::fmt;
use std::str::FromStr;

use minicbor::{Decode, Decoder, Encode};

use super::book::BOOK_ENTRIES;
use super::keys::{HexError, bytes};
use crate::domain::{DeviceNo, EntryId, VillageNo};

bytes! {
    /// The hash of an Automerge change, and so of everything that it stands on.
    Head[32]
}

/// A book (单号段): 200 consecutive entries of one device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode)]
#[cbor(array)]
pub struct BookId {
    /// Whose.
    #[n(0)]
    pub device: DeviceNo,
    /// Which, from 0; at most [`BookId::MAX_NUMBER`].
    #[n(1)]
    pub number: u32,
}

impl BookId {
    /// The last number whose 200 sequences all exist.
    pub const MAX_NUMBER: u32 = u32::MAX / BOOK_ENTRIES - 1;

    /// The book of this device with this number, or `None` beyond [`BookId::MAX_NUMBER`].
    pub const fn new(device: DeviceNo, number: u32) -> Option<Self> {
        if number <= Self::MAX_NUMBER { Some(BookId { device, number }) } else { None }
    }

    /// The book that holds this entry.
    pub fn of(entry: EntryId) -> Self {
        let number = entry.sequence.get().saturating_sub(1) / BOOK_ENTRIES;
        BookId { device: entry.device, number }
    }

    /// The place of an entry in its book, from 0.
    pub fn position_of(entry: EntryId) -> u32 {
        entry.sequence.get().saturating_sub(1) % BOOK_ENTRIES
    }

    /// The sequence of its first entry.
    pub const fn first_sequence(self) -> u32 {
        self.number.saturating_mul(BOOK_ENTRIES).saturating_add(1)
    }

    /// The entry at this place, from 0.
    pub const fn entry_at(self, position: u32) -> EntryId {
        EntryId::new(self.device, self.first_sequence().saturating_add(position))
    }

    /// The book before, whose last head its header holds; none before the first.
    pub fn previous(self) -> Option<Self> {
        let number = self.number.checked_sub(1)?;
        Some(BookId { number, ..self })
    }

    /// The book after, or `None` after the last.
    pub fn next(self) -> Option<Self> {
        BookId::new(self.device, self.number.checked_add(1)?)
    }
}

impl<'b, C> Decode<'b, C> for BookId {
    fn decode(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Self, minicbor::decode::Error> {
        if d.array()? != Some(2) {
            return Err(minicbor::decode::Error::message("a book is [device, number]"));
        }
        BookId::new(d.decode_with(ctx)?, d.u32()?)
            .ok_or_else(|| minicbor::decode::Error::message("book number beyond the last"))
    }
}

impl fmt::Display for BookId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "book/{}/{}", self.device, self.number)
    }
}

/// One edition of a village's register (名册).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(array)]
pub struct RegisterId {
    /// Whose people and points.
    #[n(0)]
    pub village: VillageNo,
    /// Which edition, from 0: one a year, and one for every erasure.
    #[n(1)]
    pub edition: u32,
}

impl fmt::Display for RegisterId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "register/{}/{}", self.village, self.edition)
    }
}

/// Any document that a head can be signed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DocumentId {
    /// A book.
    Book(BookId),
    /// A register.
    Register(RegisterId),
}

impl fmt::Display for DocumentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DocumentId::Book(book) => book.fmt(f),
            DocumentId::Register(register) => register.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_hundred_sequences_fill_a_book() {
        let device: DeviceNo = "A7K".parse().unwrap();
        for (sequence, number, position) in
            [(1, 0, 0), (200, 0, 199), (201, 1, 0), (400, 1, 199), (401, 2, 0)]
        {
            let entry = EntryId::new(device, sequence);
            let book = BookId::of(entry);
            assert_eq!((book.number, BookId::position_of(entry)), (number, position));
            assert_eq!(book.entry_at(position), entry);
        }
        assert_eq!(BookId::new(device, 1).unwrap().first_sequence(), 201);
        assert_eq!(BookId::new(device, 1).unwrap().previous(), BookId::new(device, 0));
        assert_eq!(BookId::new(device, 0).unwrap().previous(), None);
        assert_eq!(BookId::new(device, 3).unwrap().to_string(), "book/A7K/3");
    }

    #[test]
    fn a_book_beyond_the_last_sequence_is_none() {
        let device = DeviceNo::new(1).unwrap();
        let last = BookId::new(device, BookId::MAX_NUMBER).unwrap();
        assert_eq!(u64::from(last.first_sequence()) + 199, 4_294_967_200);
        assert_eq!(last.next(), None);
        assert_eq!(BookId::new(device, BookId::MAX_NUMBER + 1), None);
        let bytes = minicbor::to_vec((device, BookId::MAX_NUMBER + 1)).unwrap();
        assert!(minicbor::decode::<BookId>(&bytes).is_err());
        let bytes = minicbor::to_vec(last).unwrap();
        assert_eq!(minicbor::decode::<BookId>(&bytes).unwrap(), last);
    }
}
