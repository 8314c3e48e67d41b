//! The audit: what a device holds against what the server holds, by count and head.
//!
//! After a restore the server lacks what came after its backup; the audit tells the device what to
//! send again, its own and what it keeps of others.

use crate::document::{BookId, Head, RegisterId};
use crate::domain::DeviceNo;
use crate::wire::error::WireError;
use crate::wire::limits;
use crate::wire::message::auth::{Auth, read_device};
use crate::wire::message::parts::{read_book, read_register};
use crate::wire::message::{begin, open, yes_or_no};

/// A book that a device holds, up to a count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeldBook {
    /// Which book.
    pub book: BookId,
    /// How many of its entries.
    pub count: u32,
    /// The head after the last of them.
    pub head: Head,
}

/// The edits of one device that a device holds, up to a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeldEdits {
    /// Which register.
    pub register: RegisterId,
    /// Whose edits.
    pub device: DeviceNo,
    /// The number of the last.
    pub count: u32,
}

/// What a device holds; several requests if it is over the limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRequest {
    /// Who asks.
    pub auth: Auth,
    /// Books.
    pub books: Vec<HeldBook>,
    /// Register edits.
    pub edits: Vec<HeldEdits>,
}

/// What the server has of a book of the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuditedBook {
    /// Which book.
    pub book: BookId,
    /// How many entries the server has; 0 if it has none.
    pub count: u32,
    /// Whether both have the same head at the smaller of the two counts. If not, one of them holds a
    /// fork.
    pub agrees: bool,
}

/// What the server has of a device's edits in a register of the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuditedEdits {
    /// Which register.
    pub register: RegisterId,
    /// Whose edits.
    pub device: DeviceNo,
    /// The number of the last that the server has; 0 if none.
    pub count: u32,
}

/// The server's answer, one row for each row of the request, in its order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditResponse {
    /// The server's epoch.
    pub epoch: u32,
    /// Books.
    pub books: Vec<AuditedBook>,
    /// Register edits.
    pub edits: Vec<AuditedEdits>,
}

impl AuditRequest {
    /// The bytes of the message.
    pub fn encode(&self) -> Vec<u8> {
        let mut w = begin();
        self.auth.write(&mut w);
        w.length(self.books.len());
        for held in &self.books {
            w.number(held.book.device.get());
            w.number(held.book.number);
            w.number(held.count);
            w.fixed(&held.head.0);
        }
        w.length(self.edits.len());
        for held in &self.edits {
            w.number(held.register.village.get());
            w.number(held.register.edition);
            w.number(held.device.get());
            w.number(held.count);
        }
        w.finish()
    }

    /// Reads the message.
    ///
    /// # Errors
    /// [`WireError`].
    pub fn decode(bytes: &[u8]) -> Result<Self, WireError> {
        let mut r = open(bytes)?;
        let auth = Auth::read(&mut r)?;
        let count = r.count(&limits::AUDIT_ROWS, 35)?;
        let mut books = Vec::with_capacity(count);
        for _ in 0..count {
            books.push(HeldBook {
                book: read_book(&mut r)?,
                count: r.narrow()?,
                head: Head(r.array()?),
            });
        }
        let count = r.count(&limits::AUDIT_ROWS, 4)?;
        let mut edits = Vec::with_capacity(count);
        for _ in 0..count {
            edits.push(HeldEdits {
                register: read_register(&mut r)?,
                device: read_device(&mut r)?,
                count: r.narrow()?,
            });
        }
        r.end()?;
        Ok(AuditRequest { auth, books, edits })
    }
}

impl AuditResponse {
    /// The bytes of the message.
    pub fn encode(&self) -> Vec<u8> {
        let mut w = begin();
        w.number(self.epoch);
        w.length(self.books.len());
        for row in &self.books {
            w.number(row.book.device.get());
            w.number(row.book.number);
            w.number(row.count);
            w.byte(u8::from(row.agrees));
        }
        w.length(self.edits.len());
        for row in &self.edits {
            w.number(row.register.village.get());
            w.number(row.register.edition);
            w.number(row.device.get());
            w.number(row.count);
        }
        w.finish()
    }

    /// Reads the message.
    ///
    /// # Errors
    /// [`WireError`].
    pub fn decode(bytes: &[u8]) -> Result<Self, WireError> {
        let mut r = open(bytes)?;
        let epoch = r.narrow()?;
        let count = r.count(&limits::AUDIT_ROWS, 4)?;
        let mut books = Vec::with_capacity(count);
        for _ in 0..count {
            books.push(AuditedBook {
                book: read_book(&mut r)?,
                count: r.narrow()?,
                agrees: yes_or_no(&mut r)?,
            });
        }
        let count = r.count(&limits::AUDIT_ROWS, 4)?;
        let mut edits = Vec::with_capacity(count);
        for _ in 0..count {
            edits.push(AuditedEdits {
                register: read_register(&mut r)?,
                device: read_device(&mut r)?,
                count: r.narrow()?,
            });
        }
        r.end()?;
        Ok(AuditResponse { epoch, books, edits })
    }
}
