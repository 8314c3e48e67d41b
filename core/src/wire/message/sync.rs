//! The one exchange that matters: what a device has written goes up, what is new for it comes down.

use crate::document::{BookId, RegisterId};
use crate::domain::DeviceNo;
use crate::domain::device::DeviceCertificate;
use crate::wire::bytes::{Reader, Writer};
use crate::wire::error::WireError;
use crate::wire::limits;
use crate::wire::message::auth::{Auth, Challenge, Token, read_device};
use crate::wire::message::enrol::{read_certificate, write_certificate};
use crate::wire::message::parts::{self, BookPart, EditPart, read_book, read_register};
use crate::wire::message::refused::Refusal;
use crate::wire::message::{begin, open};

/// Up to where a device has taken what the server numbered.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cursor {
    /// Changes when the server was restored from a backup; 0 before the first answer.
    pub epoch: u32,
    /// The server's own bytes; empty before the first answer.
    pub position: Vec<u8>,
}

/// What a device sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncRequest {
    /// Who sends.
    pub auth: Auth,
    /// The newest generation of row columns that the sender reads: [`crate::wire::rows::COLUMNS`].
    pub columns: u16,
    /// Where it stands.
    pub cursor: Cursor,
    /// Certificates of the other devices whose parts are sent again after a restore.
    pub certificates: Vec<DeviceCertificate>,
    /// Entries, by book and in order.
    pub books: Vec<BookPart>,
    /// Register edits, by device and in order.
    pub edits: Vec<EditPart>,
}

/// What the server answers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SyncResponse {
    /// The newest generation of row columns that the server reads.
    pub columns: u16,
    /// The session that was opened, or that replaces the one of the request.
    pub token: Option<Token>,
    /// What to sign when the session has ended; comes with a token.
    pub challenge: Option<Challenge>,
    /// The device is revoked: it may still send what it has written, and gets nothing.
    pub upload_only: bool,
    /// There is more for this device: ask again at once.
    pub more: bool,
    /// Sealed numbers changed since the device was here: it asks for their last four characters.
    pub tails: bool,
    /// Where the device stands when it has taken this answer.
    pub cursor: Cursor,
    /// How many entries of each book that was sent are now durable at the server.
    pub have: Vec<(BookId, u32)>,
    /// The number of the last edit that is durable at the server, for each register and device.
    pub have_edits: Vec<(RegisterId, DeviceNo, u32)>,
    /// What was not accepted, and why.
    pub refused: Vec<Refusal>,
    /// The office's own devices, for a device that begins anew or whose epoch is another: a restored
    /// office writes new books under new numbers. Every other device's certificate is an entry.
    pub certificates: Vec<DeviceCertificate>,
    /// New entries for this device.
    pub books: Vec<BookPart>,
    /// New register edits for this device.
    pub edits: Vec<EditPart>,
}

const TOKEN: u8 = 1;
const CHALLENGE: u8 = 2;
const UPLOAD_ONLY: u8 = 4;
const MORE: u8 = 8;
const CERTIFICATES: u8 = 16;
const TAILS: u8 = 32;

impl SyncRequest {
    /// The bytes of the message.
    pub fn encode(&self) -> Vec<u8> {
        let mut w = begin();
        self.auth.write(&mut w);
        w.number(self.columns);
        self.cursor.write(&mut w);
        w.length(self.certificates.len());
        for certificate in &self.certificates {
            write_certificate(&mut w, certificate);
        }
        parts::write(&mut w, &self.books, &self.edits);
        w.finish()
    }

    /// Reads the message.
    ///
    /// # Errors
    /// [`WireError`]; nothing larger than the limits is allocated on the way.
    pub fn decode(bytes: &[u8]) -> Result<Self, WireError> {
        let mut r = open(bytes)?;
        let auth = Auth::read(&mut r)?;
        let columns = r.narrow()?;
        let cursor = Cursor::read(&mut r)?;
        let count = r.count(&limits::CERTIFICATES, 1)?;
        let mut certificates = Vec::with_capacity(count);
        for _ in 0..count {
            certificates.push(read_certificate(&mut r)?);
        }
        let (books, edits) = parts::read(r)?;
        Ok(SyncRequest { auth, columns, cursor, certificates, books, edits })
    }
}

impl SyncResponse {
    /// The bytes of the message.
    pub fn encode(&self) -> Vec<u8> {
        let mut w = begin();
        let flag = |set: bool, bit: u8| if set { bit } else { 0 };
        w.byte(
            flag(self.token.is_some(), TOKEN)
                | flag(self.challenge.is_some(), CHALLENGE)
                | flag(self.upload_only, UPLOAD_ONLY)
                | flag(self.more, MORE)
                | flag(self.tails, TAILS)
                | flag(!self.certificates.is_empty(), CERTIFICATES),
        );
        w.number(self.columns);
        if let Some(token) = &self.token {
            w.fixed(&token.0);
        }
        if let Some(challenge) = &self.challenge {
            challenge.write(&mut w);
        }
        self.cursor.write(&mut w);
        w.length(self.have.len());
        for (book, count) in &self.have {
            w.number(book.device.get());
            w.number(book.number);
            w.number(*count);
        }
        w.length(self.have_edits.len());
        for (register, device, number) in &self.have_edits {
            w.number(register.village.get());
            w.number(register.edition);
            w.number(device.get());
            w.number(*number);
        }
        w.length(self.refused.len());
        for refusal in &self.refused {
            refusal.write(&mut w);
        }
        if !self.certificates.is_empty() {
            w.length(self.certificates.len());
            for certificate in &self.certificates {
                write_certificate(&mut w, certificate);
            }
        }
        parts::write(&mut w, &self.books, &self.edits);
        w.finish()
    }

    /// Reads the message.
    ///
    /// # Errors
    /// [`WireError`]; nothing larger than the limits is allocated on the way.
    pub fn decode(bytes: &[u8]) -> Result<Self, WireError> {
        let mut r = open(bytes)?;
        let flags = r.byte()?;
        if flags & !(TOKEN | CHALLENGE | UPLOAD_ONLY | MORE | CERTIFICATES | TAILS) != 0 {
            return Err(WireError::undecodable("unknown flags"));
        }
        let columns = r.narrow()?;
        let token = if flags & TOKEN != 0 { Some(Token(r.array()?)) } else { None };
        let challenge = if flags & CHALLENGE != 0 { Some(Challenge::read(&mut r)?) } else { None };
        let cursor = Cursor::read(&mut r)?;
        let count = r.count(&limits::ANSWER_ROWS, 3)?;
        let mut have = Vec::with_capacity(count);
        for _ in 0..count {
            have.push((read_book(&mut r)?, r.narrow()?));
        }
        let count = r.count(&limits::ANSWER_ROWS, 4)?;
        let mut have_edits = Vec::with_capacity(count);
        for _ in 0..count {
            have_edits.push((read_register(&mut r)?, read_device(&mut r)?, r.narrow()?));
        }
        let count = r.count(&limits::ANSWER_ROWS, 4)?;
        let mut refused = Vec::with_capacity(count);
        for _ in 0..count {
            refused.push(Refusal::read(&mut r)?);
        }
        let count = match flags & CERTIFICATES {
            0 => 0,
            _ => r.count(&limits::CERTIFICATES, 1)?,
        };
        let mut certificates = Vec::with_capacity(count);
        for _ in 0..count {
            certificates.push(read_certificate(&mut r)?);
        }
        let (books, edits) = parts::read(r)?;
        Ok(SyncResponse {
            columns,
            token,
            challenge,
            upload_only: flags & UPLOAD_ONLY != 0,
            more: flags & MORE != 0,
            tails: flags & TAILS != 0,
            cursor,
            have,
            have_edits,
            refused,
            certificates,
            books,
            edits,
        })
    }
}

impl Cursor {
    fn write(&self, w: &mut Writer) {
        w.number(self.epoch);
        w.sized(&self.position);
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        Ok(Cursor { epoch: r.narrow()?, position: r.sized(&limits::CURSOR_BYTES)?.to_vec() })
    }
}
