//! What a slip's QR says: one entry, its place in its book, and the signatures that prove it.
//!
//! `CQ1.` and base 32 of [`RecoveredEntry`]'s CBOR. From it alone, and the district's root key,
//! anyone derives the head of the book and sees that this phone signed this slip at this place. No
//! name stands in it: an entry has none. As a QR it is the address of the server's public check,
//! with that text at its end, so that any phone's camera opens it.

use std::fmt;
use std::str::FromStr;

use minicbor::Decoder;

use super::base32::{self, Unread};
use super::{item, limits};
use crate::document::{
    self, Actor, BookId, BookTip, DistrictId, DocumentId, Head, HeadStatement, OfficeCertificate,
    PublicKey, Signature, verify_device_certificate,
};
use crate::domain::device::DeviceCertificate;
use crate::domain::recovered::RecoveredEntry;
use crate::domain::{Entry, EntryHash, EntryId};

use super::refusal::Words;

const PREFIX: &str = "CQ1.";

/// Where a server checks a slip: a capital, because a QR's alphanumeric mode has no small letters.
const CHECK_PATH: &str = "/C/";

/// Longer addresses of a server than this are not looked at.
const MOST_ADDRESS_BYTES: usize = 2_048;

/// The proof of one entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlipProof(RecoveredEntry);

/// What a proof proves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedSlip {
    /// The entry's number.
    pub id: EntryId,
    /// The hash of its bytes.
    pub hash: EntryHash,
    /// The entry.
    pub entry: Entry,
    /// The device that wrote it, as the district certified it.
    pub certificate: DeviceCertificate,
}

/// Why a text or a proof is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProofFault {
    /// It is no slip's QR.
    #[error("the text of a slip's QR begins with CQ1.")]
    NotOne,
    /// It was cut or a letter is wrong.
    #[error("the text is cut, or a letter of it is wrong")]
    Damaged,
    /// What it carries is no entry.
    #[error("what it carries is no entry")]
    Undecodable,
    /// The root key did not sign the office's.
    #[error("the office's key is not signed by the given root key")]
    OfficeNotUnderRoot,
    /// The office did not certify the device.
    #[error("the device's certificate is not signed by the district's office")]
    CertificateNotUnderOffice,
    /// The device did not sign the entry at this place.
    #[error("the signature does not fit the entry at this place")]
    Signature,
}

impl ProofFault {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            ProofFault::NotOne => "proof.not_one",
            ProofFault::Damaged => "proof.damaged",
            ProofFault::Undecodable => "proof.undecodable",
            ProofFault::OfficeNotUnderRoot => "proof.office_not_under_root",
            ProofFault::CertificateNotUnderOffice => "proof.certificate_not_under_office",
            ProofFault::Signature => "proof.signature",
        }
    }

    /// What happened and what to do.
    pub const fn words(self) -> Words {
        match self {
            ProofFault::NotOne => Words {
                zh: "这不是收购单上的二维码内容。请重新扫码，粘贴整行。",
                en: "This is not the text of a slip's QR. Scan it again and paste the whole line.",
            },
            ProofFault::Damaged => Words {
                zh: "二维码内容不完整，或有字写错。请重新扫码，粘贴整行。",
                en: "The text is cut, or a letter of it is wrong. Scan it again and paste the whole line.",
            },
            ProofFault::Undecodable => Words {
                zh: "二维码里的内容读不懂，可能是新版本开的单。请升级后再试。",
                en: "What the QR carries cannot be read; a newer version may have written it. Update and try again.",
            },
            ProofFault::OfficeNotUnderRoot => Words {
                zh: "这张单不是本县社的：县社证书不是由给定的根公钥签发。请核对根公钥。",
                en: "This slip is not of the district: its office is not under the given root key. Check the root key.",
            },
            ProofFault::CertificateNotUnderOffice => Words {
                zh: "这张单的手机证书不是本县社签发的，不能采信。请留下原件交县社核实。",
                en: "The phone's certificate is not the office's, so this slip cannot be believed. Keep the paper and ask the office.",
            },
            ProofFault::Signature => Words {
                zh: "这张单的签名与内容不符，不能采信。请留下原件交县社核实。",
                en: "The signature does not fit this slip, so it cannot be believed. Keep the paper and ask the office.",
            },
        }
    }
}

/// Where an entry stands and who vouches for it.
#[derive(Debug, Clone, Copy)]
pub struct ProofParts<'a> {
    /// The certificate of the device that wrote it.
    pub certificate: &'a DeviceCertificate,
    /// The root's word for the office that signed the certificate.
    pub office: &'a OfficeCertificate,
    /// The entry's number.
    pub id: EntryId,
    /// The head of the book before it.
    pub previous: Head,
    /// The signature over the book's count and head with it.
    pub signature: Signature,
}

impl SlipProof {
    /// The proof of this entry. Nothing is checked.
    pub fn new(parts: &ProofParts<'_>, entry: Vec<u8>) -> Self {
        SlipProof(RecoveredEntry {
            certificate: parts.certificate.clone(),
            sequence: parts.id.sequence,
            previous: parts.previous.0,
            entry,
            signature: parts.signature.0,
            office_key: parts.office.public_key.0,
            office_signature: parts.office.signature.0,
        })
    }

    /// The proof that an entry of the office carries.
    pub fn of(recovered: &RecoveredEntry) -> Self {
        SlipProof(recovered.clone())
    }

    /// The entry's own fields, for the office to write down.
    pub fn into_recovered(self) -> RecoveredEntry {
        self.0
    }

    /// The number that it claims; believe it after [`SlipProof::verify`].
    pub const fn id(&self) -> EntryId {
        self.0.id()
    }

    /// The hash of the entry's bytes.
    pub fn hash(&self) -> EntryHash {
        self.0.hash()
    }

    /// The text of the QR.
    pub fn to_text(&self) -> String {
        // Writing to memory cannot fail; an empty proof would not read back.
        base32::write(PREFIX, &minicbor::to_vec(&self.0).unwrap_or_default())
    }

    /// The text of the QR where a server is known: the address at which it checks the slip, in
    /// letters of a QR's alphanumeric mode. Scheme and host are the same in capitals; a path of the
    /// server's own is kept as it is written.
    pub fn to_address(&self, server: &str) -> String {
        let server = server.trim().trim_end_matches('/');
        let host = server.find("://").map_or(0, |scheme| scheme.saturating_add(3));
        let path = server.get(host..).and_then(|rest| rest.find('/'));
        let (host, path) =
            server.split_at(path.map_or(server.len(), |path| host.saturating_add(path)));
        format!("{}{path}{CHECK_PATH}{}", host.to_ascii_uppercase(), self.to_text())
    }

    /// What it proves to whoever trusts this root key.
    ///
    /// # Errors
    /// [`ProofFault`]: then nothing of it is to be believed.
    pub fn verify(&self, root: &PublicKey) -> Result<VerifiedSlip, ProofFault> {
        let proof = &self.0;
        let district = DistrictId::of(root);
        let office_key = PublicKey(proof.office_key);
        let signature = Signature(proof.office_signature);
        OfficeCertificate { district, public_key: office_key, signature }
            .verify(root)
            .map_err(|_| ProofFault::OfficeNotUnderRoot)?;
        verify_device_certificate(&proof.certificate, &district, &office_key)
            .map_err(|_| ProofFault::CertificateNotUnderOffice)?;
        let key = PublicKey(proof.certificate.public_key);
        let id = proof.id();
        // Sequences count from 1; the last few of 32 bits are in no book.
        let book = BookId::of(id);
        if proof.sequence.get() == 0 || BookId::new(book.device, book.number).is_none() {
            return Err(ProofFault::Undecodable);
        }
        let before = BookTip { count: BookId::position_of(id), head: Head(proof.previous) };
        let tip = document::append(&before, &Actor::of(&key), &proof.entry)
            .map_err(|_| ProofFault::Undecodable)?;
        HeadStatement {
            district,
            device: id.device,
            document: DocumentId::Book(book),
            count: tip.count,
            head: tip.head,
        }
        .verify(&key, &Signature(proof.signature))
        .map_err(|_| ProofFault::Signature)?;
        // A phone may have signed what is over a limit; the office could not carry it.
        item::check(&proof.entry).map_err(|_| ProofFault::Undecodable)?;
        let entry = proof.original().map_err(|_| ProofFault::Undecodable)?;
        Ok(VerifiedSlip { id, hash: proof.hash(), entry, certificate: proof.certificate.clone() })
    }
}

impl fmt::Display for SlipProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_text())
    }
}

impl FromStr for SlipProof {
    type Err = ProofFault;

    /// Reads the text, alone or at the end of a server's address; spaces and line breaks in it, and
    /// small letters, do no harm. Whose address it is does not matter: the signatures decide.
    fn from_str(text: &str) -> Result<Self, ProofFault> {
        // Five bits a letter: more than an entry and its signatures can be is not decoded at all.
        let most = limits::ENTRY_BYTES.len().saturating_mul(2);
        if text.len() > most.saturating_add(MOST_ADDRESS_BYTES) {
            return Err(ProofFault::Damaged);
        }
        let bytes = base32::read(PREFIX, behind_address(text)).map_err(|unread| match unread {
            Unread::Prefix => ProofFault::NotOne,
            Unread::Damaged => ProofFault::Damaged,
        })?;
        let mut d = Decoder::new(&bytes);
        let proof = d.decode().map_err(|_| ProofFault::Undecodable)?;
        if d.position() == bytes.len() {
            Ok(SlipProof(proof))
        } else {
            Err(ProofFault::Undecodable)
        }
    }
}

/// What stands behind the last slash of an address; a bare text has none.
fn behind_address(text: &str) -> &str {
    match text.rsplit_once('/') {
        Some((address, text)) if address.contains("://") => text,
        _ => text,
    }
}

#[cfg(test)]
mod tests;
