//! A session apart from a sync: for a device that holds neither token nor challenge.

use crate::document::Signature;
use crate::domain::DeviceNo;
use crate::wire::error::WireError;
use crate::wire::message::auth::{Challenge, Token, read_device};
use crate::wire::message::{begin, open, yes_or_no};

/// Asks for a challenge, or opens a session with a signed one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SessionRequest {
    /// Asks for a challenge.
    Ask {
        /// Which device.
        device: DeviceNo,
    },
    /// Opens a session.
    Open {
        /// Which device.
        device: DeviceNo,
        /// The challenge that it was given.
        challenge: Challenge,
        /// Its signature over the challenge.
        signature: Signature,
    },
}

/// A challenge to sign, and a token if a session was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionResponse {
    /// The session that was opened.
    pub token: Option<Token>,
    /// What to sign next.
    pub challenge: Challenge,
}

impl SessionRequest {
    /// The bytes of the message.
    pub fn encode(&self) -> Vec<u8> {
        let mut w = begin();
        match self {
            SessionRequest::Ask { device } => {
                w.byte(0);
                w.number(device.get());
            }
            SessionRequest::Open { device, challenge, signature } => {
                w.byte(1);
                w.number(device.get());
                challenge.write(&mut w);
                w.fixed(&signature.0);
            }
        }
        w.finish()
    }

    /// Reads the message.
    ///
    /// # Errors
    /// [`WireError`].
    pub fn decode(bytes: &[u8]) -> Result<Self, WireError> {
        let mut r = open(bytes)?;
        let message = if yes_or_no(&mut r)? {
            SessionRequest::Open {
                device: read_device(&mut r)?,
                challenge: Challenge::read(&mut r)?,
                signature: Signature(r.array()?),
            }
        } else {
            SessionRequest::Ask { device: read_device(&mut r)? }
        };
        r.end()?;
        Ok(message)
    }
}

impl SessionResponse {
    /// The bytes of the message.
    pub fn encode(&self) -> Vec<u8> {
        let mut w = begin();
        w.byte(u8::from(self.token.is_some()));
        if let Some(token) = &self.token {
            w.fixed(&token.0);
        }
        self.challenge.write(&mut w);
        w.finish()
    }

    /// Reads the message.
    ///
    /// # Errors
    /// [`WireError`].
    pub fn decode(bytes: &[u8]) -> Result<Self, WireError> {
        let mut r = open(bytes)?;
        let token = if yes_or_no(&mut r)? { Some(Token(r.array()?)) } else { None };
        let message = SessionResponse { token, challenge: Challenge::read(&mut r)? };
        r.end()?;
        Ok(message)
    }
}
