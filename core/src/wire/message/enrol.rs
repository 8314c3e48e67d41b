//! Enrolment: an invitation and a public key go up, certificates come down.

use minicbor::Decode;

use crate::document::{OfficeCertificate, PublicKey, Signature};
use crate::domain::VillageNo;
use crate::domain::device::DeviceCertificate;
use crate::wire::bytes::{Reader, Writer};
use crate::wire::error::WireError;
use crate::wire::limits;
use crate::wire::message::auth::{Challenge, Token};
use crate::wire::message::{begin, open};

/// A phone asks to be certified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnrolRequest {
    /// The code of the one-time invitation.
    pub invitation: Vec<u8>,
    /// The phone's new key.
    pub public_key: PublicKey,
    /// Its signature over the invitation: proof that it holds the key.
    pub signature: Signature,
}

/// The district's answer; the same again if the same key asks again with the same invitation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnrolResponse {
    /// The phone's certificate.
    pub certificate: DeviceCertificate,
    /// The district's root key, whose hash the invitation names.
    pub root: PublicKey,
    /// The root's word for the office key that signed the certificate.
    pub office: OfficeCertificate,
    /// The device that writes the county's books.
    pub county: DeviceCertificate,
    /// The office's own device for the phone's village.
    pub village_office: DeviceCertificate,
    /// The phone's village.
    pub village: VillageNo,
    /// An open session.
    pub token: Token,
    /// What to sign when the session has ended.
    pub challenge: Challenge,
}

impl EnrolRequest {
    /// The bytes of the message.
    pub fn encode(&self) -> Vec<u8> {
        let mut w = begin();
        w.sized(&self.invitation);
        w.fixed(&self.public_key.0);
        w.fixed(&self.signature.0);
        w.finish()
    }

    /// Reads the message.
    ///
    /// # Errors
    /// [`WireError`].
    pub fn decode(bytes: &[u8]) -> Result<Self, WireError> {
        let mut r = open(bytes)?;
        let message = EnrolRequest {
            invitation: r.sized(&limits::INVITATION_BYTES)?.to_vec(),
            public_key: PublicKey(r.array()?),
            signature: Signature(r.array()?),
        };
        r.end()?;
        Ok(message)
    }
}

impl EnrolResponse {
    /// The bytes of the message.
    pub fn encode(&self) -> Vec<u8> {
        let mut w = begin();
        write_certificate(&mut w, &self.certificate);
        w.fixed(&self.root.0);
        w.sized(&minicbor_bytes(&self.office));
        write_certificate(&mut w, &self.county);
        write_certificate(&mut w, &self.village_office);
        w.number(self.village.get());
        w.fixed(&self.token.0);
        self.challenge.write(&mut w);
        w.finish()
    }

    /// Reads the message.
    ///
    /// # Errors
    /// [`WireError`].
    pub fn decode(bytes: &[u8]) -> Result<Self, WireError> {
        let mut r = open(bytes)?;
        let message = EnrolResponse {
            certificate: read_certificate(&mut r)?,
            root: PublicKey(r.array()?),
            office: read_cbor(&mut r)?,
            county: read_certificate(&mut r)?,
            village_office: read_certificate(&mut r)?,
            village: VillageNo::new(r.narrow()?),
            token: Token(r.array()?),
            challenge: Challenge::read(&mut r)?,
        };
        r.end()?;
        Ok(message)
    }
}

/// A device's certificate as the CBOR that also stands in the county's book and in a slip's QR.
pub(super) fn write_certificate(w: &mut Writer, certificate: &DeviceCertificate) {
    w.sized(&minicbor_bytes(certificate));
}

/// Reads what [`write_certificate`] wrote.
pub(super) fn read_certificate(r: &mut Reader<'_>) -> Result<DeviceCertificate, WireError> {
    read_cbor(r)
}

fn minicbor_bytes<T: minicbor::Encode<()>>(value: &T) -> Vec<u8> {
    // Writing to memory cannot fail; an empty string would not read back.
    minicbor::to_vec(value).unwrap_or_default()
}

fn read_cbor<'b, T: Decode<'b, ()>>(r: &mut Reader<'b>) -> Result<T, WireError> {
    let bytes = r.sized(&limits::CERTIFICATE_BYTES)?;
    let mut d = minicbor::Decoder::new(bytes);
    let value = d.decode().map_err(|_| WireError::undecodable("a certificate cannot be read"))?;
    if d.position() == bytes.len() {
        Ok(value)
    } else {
        Err(WireError::undecodable("bytes follow a certificate"))
    }
}
