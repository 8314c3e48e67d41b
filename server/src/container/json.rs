//! The file of `export json`: everything that a stranger needs to check a district, in one JSON
//! value. Bytes are hexadecimal.

use std::path::Path;

use courtyard_core::document::{
    BookId, BookTip, OfficeCertificate, PublicKey, RegisterId, Signature,
};
use courtyard_core::domain::{DeviceNo, VillageNo};
use courtyard_core::verify::{
    Boundary, EditAt, EditBoundary, EntryAt, EntryMark, SignedBook, SignedRegister,
};
use serde::{Deserialize, Serialize};

use super::{Container, ContainerError, Kind, Source, Take};

/// The format that this build writes and reads.
pub const FORMAT: u32 = 1;

/// The file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Export {
    /// [`FORMAT`].
    pub format: u32,
    /// The district.
    pub district: String,
    /// Its root key.
    pub root: String,
    /// The root's word for the office key, as CBOR.
    pub office: String,
    /// The devices' certificates, as CBOR.
    pub certificates: Vec<String>,
    /// The books, by device and number.
    pub books: Vec<ExportBook>,
    /// The registers, by village and edition.
    pub registers: Vec<ExportRegister>,
}

/// A book.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportBook {
    /// The device's book code.
    pub device: String,
    /// Which of its books, from 0.
    pub number: u32,
    /// Its entries, as CBOR.
    pub entries: Vec<String>,
    /// The first 8 bytes of each entry's SHA-256: unsigned, they only help to name what was changed.
    #[serde(default)]
    pub marks: Vec<String>,
    /// The device's signatures.
    pub signatures: Vec<ExportSignature>,
    /// How many entries it has.
    pub count: u32,
    /// The head after the last.
    pub head: String,
}

/// A signature over a head.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportSignature {
    /// Whose, in a register.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    /// So many entries or edits it covers.
    pub count: u32,
    /// The signature.
    pub signature: String,
}

/// A register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportRegister {
    /// Whose people and points.
    pub village: u16,
    /// Which edition.
    pub edition: u32,
    /// Its edits, in an order in which each comes after what it depends on.
    pub edits: Vec<ExportEdit>,
    /// The devices' signatures.
    pub signatures: Vec<ExportSignature>,
}

/// An edit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportEdit {
    /// Who wrote it.
    pub device: String,
    /// Which of its edits, from 1.
    pub number: u32,
    /// The edit, as CBOR.
    pub edit: String,
}

pub(super) fn open(path: &Path) -> Result<Container, ContainerError> {
    let io = |error| ContainerError::Io { path: path.to_owned(), error };
    let bytes = std::fs::read(path).map_err(io)?;
    let unknown = || ContainerError::Unknown(path.to_owned());
    let value: serde_json::Value = serde_json::from_slice(&bytes).map_err(|_| unknown())?;
    if value.get("format").and_then(serde_json::Value::as_u64) != Some(u64::from(FORMAT)) {
        return Err(unknown());
    }
    let export: Export = serde_json::from_value(value)
        .map_err(|error| ContainerError::Damaged(error.to_string()))?;
    let damaged = |what: &str| ContainerError::Damaged(format!("{what} cannot be read"));
    let root: PublicKey = export.root.parse().map_err(|_| damaged("the root key"))?;
    let office: OfficeCertificate =
        cbor(&export.office).ok_or_else(|| damaged("the office's certificate"))?;
    let mut certificates = Vec::new();
    let mut broken = Vec::new();
    for (place, text) in export.certificates.iter().enumerate() {
        match cbor(text) {
            Some(certificate) => certificates.push(certificate),
            None => broken.push(format!("certificate {place} cannot be read")),
        }
    }
    Ok(Container {
        kind: Kind::Export,
        root,
        office,
        certificates,
        known: Vec::new(),
        known_edits: Vec::new(),
        damaged: broken,
        source: Source::Json(Box::new(export)),
    })
}

fn cbor<T: for<'b> minicbor::Decode<'b, ()>>(text: &str) -> Option<T> {
    minicbor::decode(&hex::decode(text).ok()?).ok()
}

fn device(text: &str) -> Result<DeviceNo, ContainerError> {
    text.parse().map_err(|_| ContainerError::Damaged(format!("{text:?} is no device")))
}

/// A signature; what is none reads as zeros, which no check passes.
fn signature(text: &str) -> Signature {
    text.parse().unwrap_or(Signature([0; 64]))
}

pub(super) fn each_book(export: &Export, take: Take<'_, SignedBook>) -> Result<(), ContainerError> {
    for book in &export.books {
        let id = BookId::new(device(&book.device)?, book.number)
            .ok_or_else(|| ContainerError::Damaged(format!("book {}", book.number)))?;
        // What is no hexadecimal is handed on as an unreadable entry.
        let entries = book.entries.iter().map(|text| hex::decode(text).unwrap_or_default());
        let mark = |text: &String| {
            let mut mark = [0; 8];
            hex::decode_to_slice(text, &mut mark).ok().map(|()| EntryMark(mark))
        };
        take(SignedBook {
            book: id,
            entries: (0..)
                .zip(entries)
                .map(|(position, bytes)| EntryAt { position, bytes })
                .collect(),
            numbered: false,
            boundaries: book
                .signatures
                .iter()
                .map(|s| Boundary { count: s.count, signature: signature(&s.signature) })
                .collect(),
            recorded: book.head.parse().ok().map(|head| BookTip { count: book.count, head }),
            // One that cannot be read would move all after it; then they help nobody.
            marks: book.marks.iter().map(mark).collect::<Option<_>>().unwrap_or_default(),
        })?;
    }
    Ok(())
}

pub(super) fn each_register(
    export: &Export,
    take: Take<'_, SignedRegister>,
) -> Result<(), ContainerError> {
    for register in &export.registers {
        let mut signed = SignedRegister {
            register: RegisterId {
                village: VillageNo::new(register.village),
                edition: register.edition,
            },
            edits: Vec::new(),
            boundaries: Vec::new(),
        };
        for at in &register.edits {
            let (device, edit) = (device(&at.device)?, cbor(&at.edit));
            signed.edits.push(EditAt { device, number: at.number, edit });
        }
        for at in &register.signatures {
            signed.boundaries.push(EditBoundary {
                device: device(at.device.as_deref().unwrap_or_default())?,
                count: at.count,
                signature: signature(&at.signature),
            });
        }
        take(signed)?;
    }
    Ok(())
}

/// A book as the file holds it.
pub fn export_book(signed: &SignedBook, tip: BookTip) -> ExportBook {
    ExportBook {
        device: signed.book.device.to_string(),
        number: signed.book.number,
        entries: signed.entries.iter().map(|entry| hex::encode(&entry.bytes)).collect(),
        marks: signed.entries.iter().map(|e| hex::encode(EntryMark::of(&e.bytes).0)).collect(),
        signatures: signed
            .boundaries
            .iter()
            .map(|b| ExportSignature {
                device: None,
                count: b.count,
                signature: b.signature.to_string(),
            })
            .collect(),
        count: tip.count,
        head: tip.head.to_string(),
    }
}

/// A register as the file holds it.
pub fn export_register(signed: &SignedRegister) -> ExportRegister {
    let edit = |at: &EditAt| {
        let edit = at.edit.as_ref()?;
        let bytes = minicbor::to_vec(edit).unwrap_or_default();
        let device = at.device.to_string();
        Some(ExportEdit { device, number: at.number, edit: hex::encode(bytes) })
    };
    let signatures = signed.boundaries.iter().map(|b| ExportSignature {
        device: Some(b.device.to_string()),
        count: b.count,
        signature: b.signature.to_string(),
    });
    ExportRegister {
        village: signed.register.village.get(),
        edition: signed.register.edition,
        edits: signed.edits.iter().filter_map(edit).collect(),
        signatures: signatures.collect(),
    }
}
