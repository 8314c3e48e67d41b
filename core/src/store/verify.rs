//! What makes a part of a book true: the chain of certificates up to the district's root key, the
//! derived head, and the device's signature over it. Used by phones, by servers and by `verify`.

use rusqlite::{Connection, Transaction};

use crate::document::{
    self, BookTip, DistrictId, DocumentId, Head, HeadStatement, OfficeCertificate, PublicKey,
};
use crate::domain::device::DeviceCertificate;
use crate::wire::BookPart;

use super::error::StoreError;
use super::meta;

/// Why something signed is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Distrust {
    /// The office's certificate is not signed by the district's root key.
    #[error("the office's certificate is not signed by the district's root key")]
    Office,
    /// The device's certificate is not signed by the office's key.
    #[error("the device's certificate is not signed by the office's key")]
    Certificate,
    /// The part is another device's than the certificate's.
    #[error("the part belongs to another device than the certificate names")]
    OtherDevice,
    /// The part does not fit into one book.
    #[error("the part does not fit into its book")]
    Overlong,
    /// The signature is not the device's over the head that these entries give.
    #[error("the signature is not the device's over the head that these entries give")]
    Signature,
}

impl Distrust {
    /// The stable code that what was set aside is listed under.
    pub const fn code(self) -> &'static str {
        match self {
            Distrust::Office => "trust.office_certificate",
            Distrust::Certificate => "trust.device_certificate",
            Distrust::OtherDevice => "trust.other_device",
            Distrust::Overlong => "trust.overlong",
            Distrust::Signature => "trust.signature",
        }
    }
}

/// Whom a store believes: a district, by its root key, and the office key that it vouches for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trust {
    district: DistrictId,
    root: PublicKey,
    office: OfficeCertificate,
}

impl Trust {
    /// Believes the district of this root key.
    ///
    /// # Errors
    /// [`Distrust::Office`] if the root key did not sign the office's certificate.
    pub fn new(root: PublicKey, office: OfficeCertificate) -> Result<Self, Distrust> {
        office.verify(&root).map_err(|_| Distrust::Office)?;
        Ok(Trust { district: DistrictId::of(&root), root, office })
    }

    /// Keeps it in a store.
    pub(crate) fn keep(&self, transaction: &Transaction<'_>) -> Result<(), StoreError> {
        let bytes =
            minicbor::to_vec((&self.root, &self.office)).map_err(StoreError::inconsistent)?;
        meta::set(transaction, meta::name::TRUST, bytes)
    }

    /// What a store keeps; it was checked when it was kept.
    pub(crate) fn kept(connection: &Connection) -> Result<Option<Self>, StoreError> {
        let bytes: Option<Vec<u8>> = meta::get(connection, meta::name::TRUST)?;
        let Some(bytes) = bytes else { return Ok(None) };
        let (root, office): (PublicKey, OfficeCertificate) =
            minicbor::decode(&bytes).map_err(StoreError::inconsistent)?;
        Ok(Some(Trust { district: DistrictId::of(&root), root, office }))
    }

    /// The district.
    pub const fn district(&self) -> &DistrictId {
        &self.district
    }

    /// Its root key.
    pub const fn root(&self) -> &PublicKey {
        &self.root
    }

    /// The root's word for the office key.
    pub const fn office(&self) -> &OfficeCertificate {
        &self.office
    }

    /// Whether the office certified this device.
    ///
    /// # Errors
    /// [`Distrust::Certificate`] if not.
    pub fn check_certificate(&self, certificate: &DeviceCertificate) -> Result<(), Distrust> {
        document::verify_device_certificate(certificate, &self.district, &self.office.public_key)
            .map_err(|_| Distrust::Certificate)
    }

    /// The head that a part gives after `tip`, if the device of this certificate signed it there.
    /// The certificate itself is checked apart, once.
    ///
    /// # Errors
    /// [`Distrust`]; nothing of the part is then to be believed.
    pub fn check_part(
        &self,
        certificate: &DeviceCertificate,
        previous: Option<Head>,
        tip: Option<BookTip>,
        part: &BookPart,
    ) -> Result<BookTip, Distrust> {
        if part.book.device != certificate.device {
            return Err(Distrust::OtherDevice);
        }
        let key = PublicKey(certificate.public_key);
        let tip = self.derive(&key, previous, tip, part)?;
        self.check_head(
            certificate,
            DocumentId::Book(part.book),
            tip.count,
            tip.head,
            &part.signature,
        )?;
        Ok(tip)
    }

    /// The head that these entries give, without asking who signed it.
    pub(crate) fn derive(
        &self,
        key: &PublicKey,
        previous: Option<Head>,
        tip: Option<BookTip>,
        part: &BookPart,
    ) -> Result<BookTip, Distrust> {
        let actor = document::Actor::of(key);
        let entries = part.entries.iter().map(Vec::as_slice);
        document::extend(&self.district, &actor, part.book, previous, tip, entries)
            .map_err(|_| Distrust::Overlong)
    }

    /// Whether the device signed this head of a document at this count.
    ///
    /// # Errors
    /// [`Distrust::Signature`] if not.
    pub fn check_head(
        &self,
        certificate: &DeviceCertificate,
        document: DocumentId,
        count: u32,
        head: Head,
        signature: &document::Signature,
    ) -> Result<(), Distrust> {
        let statement = HeadStatement {
            district: self.district,
            device: certificate.device,
            document,
            count,
            head,
        };
        statement
            .verify(&PublicKey(certificate.public_key), signature)
            .map_err(|_| Distrust::Signature)
    }
}
