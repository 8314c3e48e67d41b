//! The last four characters of sealed ID and bank numbers: a side table of a village, outside all
//! documents, which a phone shows beside a household.

use crate::domain::{GrowerId, PersonNo};
use crate::wire::error::WireError;
use crate::wire::limits;
use crate::wire::message::auth::{Auth, read_device};
use crate::wire::message::{begin, open, yes_or_no};

/// Asks for the table, unless it is still the one that is held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TailsRequest {
    /// Who asks.
    pub auth: Auth,
    /// The version that is held; zeros before the first.
    pub held: [u8; 8],
}

/// One number's end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tail {
    /// The household.
    pub grower: GrowerId,
    /// The person; 0 is its head.
    pub person: PersonNo,
    /// `id` or `bank`.
    pub kind: String,
    /// The last four characters.
    pub last_four: String,
}

/// The whole table of the asker's village, or nothing if the version held is the newest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TailsResponse {
    /// What is held is the newest.
    Held,
    /// The table, in place of what is held.
    Table {
        /// Its version.
        version: [u8; 8],
        /// Its rows.
        tails: Vec<Tail>,
    },
}

impl TailsRequest {
    /// The bytes of the message.
    pub fn encode(&self) -> Vec<u8> {
        let mut w = begin();
        self.auth.write(&mut w);
        w.fixed(&self.held);
        w.finish()
    }

    /// Reads the message.
    ///
    /// # Errors
    /// [`WireError`].
    pub fn decode(bytes: &[u8]) -> Result<Self, WireError> {
        let mut r = open(bytes)?;
        let message = TailsRequest { auth: Auth::read(&mut r)?, held: r.array()? };
        r.end()?;
        Ok(message)
    }
}

impl TailsResponse {
    /// The bytes of the message.
    pub fn encode(&self) -> Vec<u8> {
        let mut w = begin();
        match self {
            TailsResponse::Held => w.byte(0),
            TailsResponse::Table { version, tails } => {
                w.byte(1);
                w.fixed(version);
                w.length(tails.len());
                for tail in tails {
                    w.number(tail.grower.device.get());
                    w.number(tail.grower.counter);
                    w.number(tail.person.get());
                    w.sized(tail.kind.as_bytes());
                    w.sized(tail.last_four.as_bytes());
                }
            }
        }
        w.finish()
    }

    /// Reads the message.
    ///
    /// # Errors
    /// [`WireError`]; nothing larger than the limits is allocated on the way.
    pub fn decode(bytes: &[u8]) -> Result<Self, WireError> {
        let mut r = open(bytes)?;
        if !yes_or_no(&mut r)? {
            r.end()?;
            return Ok(TailsResponse::Held);
        }
        let version = r.array()?;
        let count = r.count(&limits::TAILS, 5)?;
        let mut tails = Vec::with_capacity(count);
        let text = |bytes: &[u8]| {
            String::from_utf8(bytes.to_vec()).map_err(|_| WireError::undecodable("not a text"))
        };
        for _ in 0..count {
            tails.push(Tail {
                grower: GrowerId::new(read_device(&mut r)?, r.narrow()?),
                person: PersonNo::new(r.narrow()?),
                kind: text(r.sized(&limits::TAIL_BYTES)?)?,
                last_four: text(r.sized(&limits::TAIL_BYTES)?)?,
            });
        }
        r.end()?;
        Ok(TailsResponse::Table { version, tails })
    }
}
