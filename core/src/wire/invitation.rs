//! An invitation: what a phone must know to be enrolled, in one line of text or a QR.
//!
//! `CY1.` and Crockford base 32 of a CBOR array `[address, code, tls_pin?, root]` and four bytes of
//! SHA-256 over it, so that a letter copied wrongly is noticed.

use std::fmt;
use std::str::FromStr;

use minicbor::bytes::ByteVec;
use minicbor::{Decoder, Encoder};

use super::base32::{self, Unread};
use crate::document::PublicKey;

const PREFIX: &str = "CY1.";

/// What the office gives to a new phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Where the server is, such as `https://192.168.1.10:8443`.
    pub address: String,
    /// The one-time code.
    pub code: Vec<u8>,
    /// SHA-256 of the SPKI of the server's TLS key; `None` for plain HTTP.
    pub tls_pin: Option<[u8; 32]>,
    /// The district's root key, by which everything else is checked.
    pub root: PublicKey,
}

/// A text that is no invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvitationError {
    /// It does not begin as one.
    #[error("an invitation begins with CY1.")]
    NotOne,
    /// It was cut or a letter is wrong.
    #[error("the invitation is cut, or a letter of it is wrong")]
    Damaged,
}

impl Invitation {
    fn bytes(&self) -> Vec<u8> {
        let mut e = Encoder::new(Vec::with_capacity(128));
        let written = (|| {
            e.array(4)?.str(&self.address)?.bytes(&self.code)?;
            match &self.tls_pin {
                Some(pin) => e.bytes(pin)?,
                None => e.null()?,
            };
            e.bytes(&self.root.0)?;
            Ok::<_, minicbor::encode::Error<std::convert::Infallible>>(())
        })();
        debug_assert!(written.is_ok(), "encoding to memory");
        e.into_writer()
    }

    fn read(content: &[u8]) -> Option<Invitation> {
        let mut d = Decoder::new(content);
        if d.array().ok()? != Some(4) {
            return None;
        }
        let address = d.str().ok()?.to_owned();
        let code = d.bytes().ok()?.to_vec();
        let pin: Option<ByteVec> = d.decode().ok()?;
        let tls_pin = match pin {
            Some(pin) => Some(pin.as_slice().try_into().ok()?),
            None => None,
        };
        let root = PublicKey(d.bytes().ok()?.try_into().ok()?);
        (d.position() == content.len()).then_some(Invitation { address, code, tls_pin, root })
    }
}

impl fmt::Display for Invitation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&base32::write(PREFIX, &self.bytes()))
    }
}

impl FromStr for Invitation {
    type Err = InvitationError;

    /// Reads an invitation; spaces and line breaks in it, and small letters, do no harm.
    fn from_str(text: &str) -> Result<Self, InvitationError> {
        let bytes = base32::read(PREFIX, text).map_err(|unread| match unread {
            Unread::Prefix => InvitationError::NotOne,
            Unread::Damaged => InvitationError::Damaged,
        })?;
        Invitation::read(&bytes).ok_or(InvitationError::Damaged)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn invitation(tls_pin: Option<[u8; 32]>) -> Invitation {
        Invitation {
            address: "https://192.168.1.10:8443".to_owned(),
            code: (0..10).collect(),
            tls_pin,
            root: PublicKey([9; 32]),
        }
    }

    #[test]
    fn an_invitation_reads_back_also_when_copied_by_hand() {
        for pin in [None, Some([7; 32])] {
            let invitation = invitation(pin);
            let text = invitation.to_string();
            assert!(text.starts_with("CY1."));
            assert_eq!(text.parse::<Invitation>().unwrap(), invitation);
            let by_hand = format!(" {}\n{} ", &text[..30].to_lowercase(), &text[30..]);
            assert_eq!(by_hand.parse::<Invitation>().unwrap(), invitation);
        }
    }

    #[test]
    fn a_wrong_letter_or_a_cut_is_noticed() {
        let text = invitation(Some([7; 32])).to_string();
        for place in 4..text.len() - 1 {
            let mut wrong = text.clone().into_bytes();
            wrong[place] = if wrong[place] == b'0' { b'1' } else { b'0' };
            let wrong = String::from_utf8(wrong).unwrap();
            assert_eq!(wrong.parse::<Invitation>(), Err(InvitationError::Damaged), "at {place}");
        }
        for cut in 4..text.len() - 1 {
            assert!(text[..cut].parse::<Invitation>().is_err(), "cut at {cut}");
        }
        assert_eq!("hello".parse::<Invitation>(), Err(InvitationError::NotOne));
    }
}
