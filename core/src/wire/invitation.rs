//! An invitation: what a phone must know to be enrolled, in one line of text or a QR.
//!
//! `CY1.` and Crockford base 32 of a CBOR array `[address, code, tls_pin?, root]` and four bytes of
//! SHA-256 over it, so that a letter copied wrongly is noticed.

use std::fmt;
use std::str::FromStr;

use minicbor::bytes::ByteVec;
use minicbor::{Decoder, Encoder};
use sha2::{Digest as _, Sha256};

use crate::document::PublicKey;

const PREFIX: &str = "CY1.";
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

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
        let mut bytes = e.into_writer();
        let check = Sha256::digest(&bytes);
        bytes.extend(check.iter().take(4));
        bytes
    }

    fn read(bytes: &[u8]) -> Option<Invitation> {
        let (content, check) = bytes.split_at_checked(bytes.len().checked_sub(4)?)?;
        if Sha256::digest(content).get(..4) != Some(check) {
            return None;
        }
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
        f.write_str(PREFIX)?;
        let (mut held, mut bits) = (0_u32, 0_u32);
        let symbol = |five: u32, f: &mut fmt::Formatter<'_>| {
            let symbol = usize::try_from(five & 31).ok().and_then(|i| ALPHABET.get(i));
            write!(f, "{}", char::from(*symbol.unwrap_or(&b'0')))
        };
        for byte in self.bytes() {
            held = ((held << 8) | u32::from(byte)) & 0xFFFF;
            bits += 8;
            while bits >= 5 {
                bits -= 5;
                symbol(held >> bits, f)?;
            }
        }
        if bits > 0 {
            symbol(held << (5 - bits), f)?;
        }
        Ok(())
    }
}

impl FromStr for Invitation {
    type Err = InvitationError;

    /// Reads an invitation; spaces and line breaks in it, and small letters, do no harm.
    fn from_str(text: &str) -> Result<Self, InvitationError> {
        let text: String =
            text.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_uppercase()).collect();
        let letters = text.strip_prefix(PREFIX).ok_or(InvitationError::NotOne)?;
        let mut bytes = Vec::with_capacity(letters.len());
        let (mut held, mut bits) = (0_u32, 0_u32);
        for letter in letters.bytes() {
            let five = ALPHABET
                .iter()
                .position(|&a| a == letter)
                .and_then(|place| u32::try_from(place).ok())
                .ok_or(InvitationError::Damaged)?;
            held = ((held << 5) | five) & 0xFFFF;
            bits += 5;
            if bits >= 8 {
                bits -= 8;
                bytes.push(u8::try_from((held >> bits) & 0xFF).unwrap_or(0));
            }
        }
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
