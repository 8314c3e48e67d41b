//! The direct encoder: Automerge's binary change chunk for the two shapes a book has. The format is
//! the public "Automerge Binary Document Format" specification; Automerge itself is the oracle.
//!
//! A chunk's hash is SHA-256 over its type, the length of its body and the body. A body holds the
//! hashes it stands on, actor, sequence, first operation, time, message, other actors, the columns'
//! lengths, and the columns. Operation 1 makes the list, 2 puts the header, `p + 3` inserts entry
//! `p`; so change `p + 2` needs nothing but `p`, the head before it, and the entry.

use sha2::{Digest as _, Sha256};

use crate::document::ids::Head;
use crate::document::keys::Actor;

/// The chunk type of a change, uncompressed.
const CHANGE: u8 = 1;

/// Numbers of the columns: what it is of, shifted left by four, and how it is encoded.
mod column {
    pub(super) const OBJECT_ACTOR: u8 = 0x01;
    pub(super) const OBJECT_COUNTER: u8 = 0x02;
    pub(super) const KEY_ACTOR: u8 = 0x11;
    pub(super) const KEY_COUNTER: u8 = 0x13;
    pub(super) const KEY_TEXT: u8 = 0x15;
    pub(super) const INSERT: u8 = 0x34;
    pub(super) const ACTION: u8 = 0x42;
    pub(super) const VALUE_META: u8 = 0x56;
    pub(super) const VALUE: u8 = 0x57;
    pub(super) const PREDECESSORS: u8 = 0x70;
}

/// -1 and -2 as a length: one literal, two literals follow.
const ONE: u8 = 0x7F;
const TWO: u8 = 0x7E;

/// Actions: make a list, set a value.
const MAKE_LIST: u8 = 2;
const SET: u8 = 1;

/// Writes changes of one actor, one after the other, into one buffer.
pub(super) struct ChangeWriter<'a> {
    actor: &'a Actor,
    body: Vec<u8>,
}

impl<'a> ChangeWriter<'a> {
    pub(super) fn new(actor: &'a Actor) -> Self {
        ChangeWriter { actor, body: Vec::with_capacity(256) }
    }

    /// The opening change: the list at `entries`, these bytes at `header`.
    pub(super) fn opening(&mut self, header: &[u8]) -> Head {
        self.start(None, 1, 1);
        let meta = Leb::bytes_value(header.len());
        self.columns(&[
            (column::KEY_TEXT, 16),
            (column::INSERT, 1),
            (column::ACTION, 3),
            (column::VALUE_META, 2 + meta.len()),
            (column::VALUE, header.len()),
            (column::PREDECESSORS, 2),
        ]);
        self.body.push(TWO);
        self.body.extend(b"\x07entries\x06header");
        // Two times "not an insert"; two actions; a value of no length for the list; the bytes.
        self.body.extend([2, TWO, MAKE_LIST, SET, TWO, 0]);
        self.body.extend(meta.as_slice());
        self.body.extend(header);
        // A run of two operations that replace nothing.
        self.body.extend([2, 0]);
        self.hash()
    }

    /// The change that puts an entry at this position, from 0, which is the end of the list.
    pub(super) fn entry(&mut self, position: u32, previous: &Head, entry: &[u8]) -> Head {
        let position = u64::from(position);
        self.start(Some(previous), position + 2, position + 3);
        // It stands after the operation that inserted the entry before it; the first stands at the
        // head of the list, which is counter 0 and no actor.
        let after = Leb::signed(if position == 0 { 0 } else { position + 2 });
        let meta = Leb::bytes_value(entry.len());
        self.columns(&[
            (column::OBJECT_ACTOR, 2),
            (column::OBJECT_COUNTER, 2),
            (column::KEY_ACTOR, if position == 0 { 0 } else { 2 }),
            (column::KEY_COUNTER, 1 + after.len()),
            (column::INSERT, 2),
            (column::ACTION, 2),
            (column::VALUE_META, 1 + meta.len()),
            (column::VALUE, entry.len()),
            (column::PREDECESSORS, 2),
        ]);
        self.body.extend([ONE, 0, ONE, 1]);
        if position != 0 {
            self.body.extend([ONE, 0]);
        }
        self.body.push(ONE);
        self.body.extend(after.as_slice());
        // No false, one true: an insert.
        self.body.extend([0, 1, ONE, SET, ONE]);
        self.body.extend(meta.as_slice());
        self.body.extend(entry);
        self.body.extend([ONE, 0]);
        self.hash()
    }

    fn start(&mut self, previous: Option<&Head>, sequence: u64, first_operation: u64) {
        self.body.clear();
        self.body.push(u8::from(previous.is_some()));
        if let Some(previous) = previous {
            self.body.extend(previous.0);
        }
        self.body.push(16);
        self.body.extend(self.actor.0);
        self.body.extend(Leb::unsigned(sequence).as_slice());
        self.body.extend(Leb::unsigned(first_operation).as_slice());
        // Time 0, no message, no other actors.
        self.body.extend([0, 0, 0]);
    }

    /// The columns' numbers and lengths; an empty column is left out.
    fn columns(&mut self, columns: &[(u8, usize)]) {
        let count_at = self.body.len();
        let mut count = 0_u8;
        self.body.push(count);
        for &(number, length) in columns.iter().filter(|(_, length)| *length > 0) {
            count += 1;
            self.body.push(number);
            match u8::try_from(length) {
                Ok(short @ ..0x80) => self.body.push(short),
                _ => self.body.extend(Leb::of_length(length).as_slice()),
            }
        }
        if let Some(place) = self.body.get_mut(count_at) {
            *place = count;
        }
    }

    fn hash(&self) -> Head {
        let mut hasher = Sha256::new();
        hasher.update([CHANGE]);
        hasher.update(Leb::of_length(self.body.len()).as_slice());
        hasher.update(&self.body);
        Head(hasher.finalize().into())
    }

    /// The whole chunk that was written last, as Automerge keeps it: what the oracle compares.
    #[cfg(test)]
    pub(super) fn chunk(&self) -> Vec<u8> {
        let mut chunk = vec![0x85, 0x6F, 0x4A, 0x83];
        chunk.extend(&self.hash().0[..4]);
        chunk.push(CHANGE);
        chunk.extend(Leb::of_length(self.body.len()).as_slice());
        chunk.extend(&self.body);
        chunk
    }
}

/// A LEB128 integer, without the heap.
struct Leb {
    bytes: [u8; 10],
    length: usize,
}

impl Leb {
    fn unsigned(value: u64) -> Self {
        Leb::groups(value, 0x7F)
    }

    /// A value that is never negative, as signed LEB128: the sign bit of the last group stays free.
    fn signed(value: u64) -> Self {
        Leb::groups(value, 0x3F)
    }

    fn groups(mut value: u64, last_at_most: u64) -> Self {
        let mut leb = Leb { bytes: [0; 10], length: 0 };
        for place in &mut leb.bytes {
            leb.length += 1;
            let [low, ..] = value.to_le_bytes();
            if value <= last_at_most {
                *place = low;
                break;
            }
            *place = low | 0x80;
            value >>= 7;
        }
        leb
    }

    fn of_length(length: usize) -> Self {
        Leb::unsigned(u64::try_from(length).unwrap_or(u64::MAX))
    }

    /// A value's length and its type, bytes.
    fn bytes_value(length: usize) -> Self {
        let length = u64::try_from(length).unwrap_or(u64::MAX);
        Leb::unsigned((length << 4) | 7)
    }

    fn len(&self) -> usize {
        self.length
    }

    fn as_slice(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }
}
