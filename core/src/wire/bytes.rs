//! The plain part of a message: bytes and variable-length integers, read with limits first.
//!
//! An integer is LEB128: seven bits a byte, low first, the high bit set on all but the last; the
//! shortest form only, so that a message has one spelling.

use super::error::WireError;
use super::limits::Limit;

/// Writes the plain part of a message.
#[derive(Debug, Default)]
pub struct Writer {
    out: Vec<u8>,
}

impl Writer {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    /// One byte.
    pub fn byte(&mut self, byte: u8) {
        self.out.push(byte);
    }

    /// A variable-length integer.
    pub fn number(&mut self, number: impl Into<u64>) {
        let mut rest: u64 = number.into();
        loop {
            let low = u8::try_from(rest & 0x7F).unwrap_or(0);
            rest >>= 7;
            if rest == 0 {
                self.out.push(low);
                return;
            }
            self.out.push(low | 0x80);
        }
    }

    /// A length as a variable-length integer.
    pub fn length(&mut self, length: usize) {
        self.number(u64::try_from(length).unwrap_or(u64::MAX));
    }

    /// Bytes whose length the reader knows.
    pub fn fixed(&mut self, bytes: &[u8]) {
        self.out.extend_from_slice(bytes);
    }

    /// Bytes with their length before them.
    pub fn sized(&mut self, bytes: &[u8]) {
        self.length(bytes.len());
        self.fixed(bytes);
    }

    /// What was written.
    pub fn finish(self) -> Vec<u8> {
        self.out
    }
}

/// Reads the plain part of a message.
#[derive(Debug, Clone)]
pub struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// Reads from these bytes.
    pub fn new(bytes: &'a [u8]) -> Self {
        Reader { rest: bytes }
    }

    /// How many bytes are left.
    pub fn left(&self) -> usize {
        self.rest.len()
    }

    /// One byte.
    ///
    /// # Errors
    /// [`WireError::Undecodable`] at the end.
    pub fn byte(&mut self) -> Result<u8, WireError> {
        let (&first, rest) =
            self.rest.split_first().ok_or(WireError::undecodable("the message is cut short"))?;
        self.rest = rest;
        Ok(first)
    }

    /// A variable-length integer.
    ///
    /// # Errors
    /// [`WireError::Undecodable`] if it is cut, longer than 64 bits, or not in its shortest form.
    pub fn number(&mut self) -> Result<u64, WireError> {
        let mut number = 0_u64;
        for place in 0..10_u32 {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7F);
            if place == 9 && bits > 1 {
                return Err(WireError::undecodable("an integer is longer than 64 bits"));
            }
            number |= bits << (7 * place);
            if byte & 0x80 == 0 {
                if byte == 0 && place > 0 {
                    return Err(WireError::undecodable("an integer is not in its shortest form"));
                }
                return Ok(number);
            }
        }
        Err(WireError::undecodable("an integer is longer than 64 bits"))
    }

    /// A variable-length integer of a narrower type.
    ///
    /// # Errors
    /// [`WireError::Undecodable`] if it is no integer or does not fit.
    pub fn narrow<T: TryFrom<u64>>(&mut self) -> Result<T, WireError> {
        T::try_from(self.number()?)
            .map_err(|_| WireError::undecodable("an integer does not fit its field"))
    }

    /// A count of things of at least `least` bytes each, checked against its limit and against what
    /// is left.
    ///
    /// # Errors
    /// [`WireError::OverLimit`], or [`WireError::Undecodable`] if so many cannot follow.
    pub fn count(&mut self, limit: &'static Limit, least: usize) -> Result<usize, WireError> {
        let found = self.number()?;
        limit.check(found)?;
        let count = usize::try_from(found)
            .map_err(|_| WireError::undecodable("a count does not fit memory"))?;
        if count.saturating_mul(least) > self.left() {
            return Err(WireError::undecodable("the message is cut short"));
        }
        Ok(count)
    }

    /// So many bytes.
    ///
    /// # Errors
    /// [`WireError::Undecodable`] if fewer are left.
    pub fn take(&mut self, length: usize) -> Result<&'a [u8], WireError> {
        let (taken, rest) = self
            .rest
            .split_at_checked(length)
            .ok_or(WireError::undecodable("the message is cut short"))?;
        self.rest = rest;
        Ok(taken)
    }

    /// An array of a known length.
    ///
    /// # Errors
    /// [`WireError::Undecodable`] if fewer bytes are left.
    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], WireError> {
        <[u8; N]>::try_from(self.take(N)?)
            .map_err(|_| WireError::undecodable("the message is cut short"))
    }

    /// Bytes with their length before them.
    ///
    /// # Errors
    /// [`WireError::OverLimit`], or [`WireError::Undecodable`] if fewer are left.
    pub fn sized(&mut self, limit: &'static Limit) -> Result<&'a [u8], WireError> {
        let length = self.count(limit, 1)?;
        self.take(length)
    }

    /// Everything that is left.
    pub fn rest(&mut self) -> &'a [u8] {
        std::mem::take(&mut self.rest)
    }

    /// Nothing may be left.
    ///
    /// # Errors
    /// [`WireError::Undecodable`] if something is.
    pub fn end(&self) -> Result<(), WireError> {
        if self.rest.is_empty() {
            Ok(())
        } else {
            Err(WireError::undecodable("bytes follow the message"))
        }
    }
}
