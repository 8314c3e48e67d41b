//! Canonical CBOR, item by item: shortest heads and definite lengths (RFC 8949 §4.2.1).
//!
//! Anything else is [`Unfit`] for columns and travels as its bytes.

/// The bytes are not what these columns hold; they travel another way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unfit;

/// What stands before an item's content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Head {
    /// An integer.
    Int(i64),
    /// So many bytes follow.
    Bytes(usize),
    /// So many bytes of text follow.
    Text(usize),
    /// So many items follow.
    Array(usize),
    /// Yes or no.
    Bool(bool),
    /// Nothing.
    Null,
}

const INT: u8 = 0;
const NEGATIVE: u8 = 1;
const BYTES: u8 = 2;
const TEXT: u8 = 3;
const ARRAY: u8 = 4;
const FALSE: u8 = 0xF4;
const TRUE: u8 = 0xF5;
const NULL: u8 = 0xF6;

/// Reads items.
#[derive(Debug, Clone)]
pub(crate) struct Items<'a> {
    rest: &'a [u8],
}

impl<'a> Items<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Items { rest: bytes }
    }

    /// Whether nothing is left.
    pub(crate) fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }

    /// The next head, without moving on.
    pub(crate) fn peek(&self) -> Result<Head, Unfit> {
        self.clone().head()
    }

    /// The next head.
    pub(crate) fn head(&mut self) -> Result<Head, Unfit> {
        let first = self.byte()?;
        match first {
            FALSE => return Ok(Head::Bool(false)),
            TRUE => return Ok(Head::Bool(true)),
            NULL => return Ok(Head::Null),
            _ => {}
        }
        let argument = self.argument(first & 0x1F)?;
        let length = || usize::try_from(argument).map_err(|_| Unfit);
        let int = || i64::try_from(argument).map_err(|_| Unfit);
        match first >> 5 {
            INT => Ok(Head::Int(int()?)),
            NEGATIVE => Ok(Head::Int(-1 - int()?)),
            BYTES => Ok(Head::Bytes(length()?)),
            TEXT => Ok(Head::Text(length()?)),
            ARRAY => Ok(Head::Array(length()?)),
            _ => Err(Unfit),
        }
    }

    /// So many bytes of content.
    pub(crate) fn content(&mut self, length: usize) -> Result<&'a [u8], Unfit> {
        let (content, rest) = self.rest.split_at_checked(length).ok_or(Unfit)?;
        self.rest = rest;
        Ok(content)
    }

    fn byte(&mut self) -> Result<u8, Unfit> {
        let (&byte, rest) = self.rest.split_first().ok_or(Unfit)?;
        self.rest = rest;
        Ok(byte)
    }

    /// A head's argument, in its shortest form only.
    fn argument(&mut self, low: u8) -> Result<u64, Unfit> {
        let (length, least) = match low {
            0..=23 => return Ok(u64::from(low)),
            24 => (1, 24),
            25 => (2, 1 << 8),
            26 => (4, 1 << 16),
            27 => (8, 1 << 32),
            _ => return Err(Unfit),
        };
        let argument =
            self.content(length)?.iter().fold(0_u64, |sum, &byte| (sum << 8) | u64::from(byte));
        if argument < least { Err(Unfit) } else { Ok(argument) }
    }
}

/// Writes a head.
pub(crate) fn put(out: &mut Vec<u8>, head: Head) {
    let length = |length: usize| u64::try_from(length).unwrap_or(u64::MAX);
    match head {
        Head::Int(value) if value >= 0 => put_argument(out, INT, value.unsigned_abs()),
        Head::Int(value) => put_argument(out, NEGATIVE, (!value).unsigned_abs()),
        Head::Bytes(bytes) => put_argument(out, BYTES, length(bytes)),
        Head::Text(bytes) => put_argument(out, TEXT, length(bytes)),
        Head::Array(items) => put_argument(out, ARRAY, length(items)),
        Head::Bool(false) => out.push(FALSE),
        Head::Bool(true) => out.push(TRUE),
        Head::Null => out.push(NULL),
    }
}

fn put_argument(out: &mut Vec<u8>, major: u8, argument: u64) {
    let major = major << 5;
    if let Ok(byte) = u8::try_from(argument) {
        if byte < 24 {
            out.push(major | byte);
        } else {
            out.extend([major | 24, byte]);
        }
    } else if let Ok(two) = u16::try_from(argument) {
        out.push(major | 25);
        out.extend(two.to_be_bytes());
    } else if let Ok(four) = u32::try_from(argument) {
        out.push(major | 26);
        out.extend(four.to_be_bytes());
    } else {
        out.push(major | 27);
        out.extend(argument.to_be_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn an_integer_is_written_as_minicbor_writes_it_and_read_back(value: i64, small in -300_i64..300) {
            for value in [value, small, value >> 32, value >> 48] {
                let mut out = Vec::new();
                put(&mut out, Head::Int(value));
                prop_assert_eq!(&out, &minicbor::to_vec(value).unwrap());
                prop_assert_eq!(Items::new(&out).head(), Ok(Head::Int(value)));
            }
        }

        #[test]
        fn any_head_that_is_read_is_written_back_the_same(bytes: [u8; 9]) {
            let mut items = Items::new(&bytes);
            if let Ok(head) = items.head() {
                let mut out = Vec::new();
                put(&mut out, head);
                prop_assert_eq!(&out[..], &bytes[..9 - items.rest.len()]);
            }
        }
    }

    #[test]
    fn a_longer_spelling_is_unfit() {
        for bytes in [
            &[0x18, 0x17][..],
            &[0x19, 0, 0xFF],
            &[0x9F],
            &[0x5F],
            &[0x3B, 255, 255, 255, 255, 255, 255, 255, 255],
        ] {
            assert_eq!(Items::new(bytes).head(), Err(Unfit), "{bytes:?}");
        }
    }
}
