//! What the door did not take out of a message whose other parts it took.

use crate::document::{BookId, RegisterId};
use crate::domain::DeviceNo;
use crate::wire::bytes::{Reader, Writer};
use crate::wire::error::WireError;
use crate::wire::message::auth::read_device;
use crate::wire::message::parts::{read_book, read_register};
use crate::wire::refusal::Door;

/// Something that was not accepted. Its sender keeps it, sets it aside with the reason, and goes on
/// with everything else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What.
    pub what: Refused,
    /// Why, as a number of the table in [`Door`]; a newer server may know more.
    pub reason: u16,
}

/// What was not accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// A part of a book, from its first entry to its end.
    Part {
        /// Which book.
        book: BookId,
        /// How many entries of the book come before the first refused one.
        start: u32,
    },
    /// One edit, and all later ones of its part.
    Edit {
        /// Which register.
        register: RegisterId,
        /// Whose edit.
        device: DeviceNo,
        /// The edit's number.
        number: u32,
    },
}

impl Refusal {
    /// A refusal for a reason of this build's table.
    pub fn new(what: Refused, door: Door) -> Self {
        Refusal { what, reason: door.number() }
    }

    /// The reason, or `None` if it is of a newer build.
    pub fn door(&self) -> Option<Door> {
        Door::from_number(self.reason)
    }

    pub(super) fn write(&self, w: &mut Writer) {
        match &self.what {
            Refused::Part { book, start } => {
                w.byte(0);
                w.number(book.device.get());
                w.number(book.number);
                w.number(*start);
            }
            Refused::Edit { register, device, number } => {
                w.byte(1);
                w.number(register.village.get());
                w.number(register.edition);
                w.number(device.get());
                w.number(*number);
            }
        }
        w.number(self.reason);
    }

    pub(super) fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        let what = match r.byte()? {
            0 => Refused::Part { book: read_book(r)?, start: r.narrow()? },
            1 => Refused::Edit {
                register: read_register(r)?,
                device: read_device(r)?,
                number: r.narrow()?,
            },
            _ => return Err(WireError::undecodable("unknown kind of refusal")),
        };
        Ok(Refusal { what, reason: r.narrow()? })
    }
}
