//! The directions of a walk: the writing side takes items from an entry and codes them; the reading
//! side decodes them and puts them down as canonical CBOR; the trying side does both without a code.

use super::cbor::{Head, Items, Unfit, put};
use super::coder::{BitReader, BitWriter, Bits};
use crate::wire::limits;

/// One direction of a walk.
pub(crate) trait Side: Bits {
    /// The entry's next item, without moving on; `None` where the stream is read.
    fn peek(&self) -> Result<Option<Head>, Unfit>;
    /// The entry's next item; `None` where the stream is read.
    fn next(&mut self) -> Result<Option<Head>, Unfit>;
    /// So many bytes of the entry's content; `None` where the stream is read.
    fn content(&mut self, length: usize) -> Result<Option<&[u8]>, Unfit>;
    /// Puts an item down, where the stream is read.
    fn put(&mut self, head: Head) -> Result<(), Unfit>;
    /// Puts content down, where the stream is read.
    fn put_content(&mut self, bytes: &[u8]) -> Result<(), Unfit>;
}

/// Takes items from an entry and codes them.
pub(crate) struct Writing<'a, 'w> {
    pub(crate) items: Items<'a>,
    pub(crate) bits: &'w mut BitWriter,
}

/// Decodes items and puts them down.
pub(crate) struct Reading<'a, 'r> {
    pub(crate) out: Vec<u8>,
    pub(crate) bits: &'r mut BitReader<'a>,
}

/// Takes items from an entry and puts them down at once: what comes out differs from what went in
/// exactly if the columns do not fit.
pub(crate) struct Trying<'a> {
    pub(crate) items: Items<'a>,
    pub(crate) out: Vec<u8>,
}

impl Bits for Writing<'_, '_> {
    fn code(&mut self, bit: bool, one: u16) -> bool {
        self.bits.code(bit, one)
    }
}

impl Side for Writing<'_, '_> {
    fn peek(&self) -> Result<Option<Head>, Unfit> {
        self.items.peek().map(Some)
    }
    fn next(&mut self) -> Result<Option<Head>, Unfit> {
        self.items.head().map(Some)
    }
    fn content(&mut self, length: usize) -> Result<Option<&[u8]>, Unfit> {
        self.items.content(length).map(Some)
    }
    fn put(&mut self, _: Head) -> Result<(), Unfit> {
        Ok(())
    }
    fn put_content(&mut self, _: &[u8]) -> Result<(), Unfit> {
        Ok(())
    }
}

impl Bits for Reading<'_, '_> {
    fn code(&mut self, bit: bool, one: u16) -> bool {
        self.bits.code(bit, one)
    }
}

impl Side for Reading<'_, '_> {
    fn peek(&self) -> Result<Option<Head>, Unfit> {
        Ok(None)
    }
    fn next(&mut self) -> Result<Option<Head>, Unfit> {
        Ok(None)
    }
    fn content(&mut self, _: usize) -> Result<Option<&[u8]>, Unfit> {
        Ok(None)
    }
    fn put(&mut self, head: Head) -> Result<(), Unfit> {
        put(&mut self.out, head);
        // Every item takes room, so a stream that never ends stops here or at its own end.
        if self.out.len() > limits::ENTRY_BYTES.len() || self.bits.overrun() {
            return Err(Unfit);
        }
        Ok(())
    }
    fn put_content(&mut self, bytes: &[u8]) -> Result<(), Unfit> {
        self.out.extend_from_slice(bytes);
        if self.out.len() > limits::ENTRY_BYTES.len() { Err(Unfit) } else { Ok(()) }
    }
}

impl Bits for Trying<'_> {
    fn code(&mut self, bit: bool, _: u16) -> bool {
        bit
    }
}

impl Side for Trying<'_> {
    fn peek(&self) -> Result<Option<Head>, Unfit> {
        self.items.peek().map(Some)
    }
    fn next(&mut self) -> Result<Option<Head>, Unfit> {
        self.items.head().map(Some)
    }
    fn content(&mut self, length: usize) -> Result<Option<&[u8]>, Unfit> {
        self.items.content(length).map(Some)
    }
    fn put(&mut self, head: Head) -> Result<(), Unfit> {
        put(&mut self.out, head);
        Ok(())
    }
    fn put_content(&mut self, bytes: &[u8]) -> Result<(), Unfit> {
        self.out.extend_from_slice(bytes);
        Ok(())
    }
}
