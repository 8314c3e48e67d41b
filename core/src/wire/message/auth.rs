//! Who speaks: a session's token, or a signed challenge that opens one.

use crate::document::Signature;
use crate::domain::DeviceNo;
use crate::wire::bytes::{Reader, Writer};
use crate::wire::error::WireError;
use crate::wire::limits;

/// Names a session; random, known to the phone and the server only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Token(pub [u8; 16]);

/// Random bytes that the server gave to be signed, once; at most `challenge_bytes`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Challenge(pub Vec<u8>);

/// Who sends a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Auth {
    /// The holder of an open session.
    Token(Token),
    /// A device that opens a session with this very request.
    Signed {
        /// Which device.
        device: DeviceNo,
        /// The challenge that it was given.
        challenge: Challenge,
        /// Its signature over the challenge.
        signature: Signature,
    },
}

impl Challenge {
    pub(super) fn write(&self, w: &mut Writer) {
        w.sized(&self.0);
    }

    pub(super) fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        Ok(Challenge(r.sized(&limits::CHALLENGE_BYTES)?.to_vec()))
    }
}

impl Auth {
    pub(super) fn write(&self, w: &mut Writer) {
        match self {
            Auth::Token(token) => {
                w.byte(0);
                w.fixed(&token.0);
            }
            Auth::Signed { device, challenge, signature } => {
                w.byte(1);
                w.number(device.get());
                challenge.write(w);
                w.fixed(&signature.0);
            }
        }
    }

    pub(super) fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        match r.byte()? {
            0 => Ok(Auth::Token(Token(r.array()?))),
            1 => Ok(Auth::Signed {
                device: read_device(r)?,
                challenge: Challenge::read(r)?,
                signature: Signature(r.array()?),
            }),
            _ => Err(WireError::undecodable("unknown kind of authentication")),
        }
    }
}

/// A device number.
pub(super) fn read_device(r: &mut Reader<'_>) -> Result<DeviceNo, WireError> {
    DeviceNo::new(r.narrow()?).ok_or(WireError::undecodable("device number beyond 32767"))
}
