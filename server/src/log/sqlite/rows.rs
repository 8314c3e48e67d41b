//! Between the database's columns and the log's records.

use courtyard_core::document::{BookId, Edit, Head, RegisterId, Signature};
use courtyard_core::domain::device::{DeviceCertificate, DeviceRole};
use courtyard_core::domain::{DeviceNo, GrowerId, PersonNo, VillageNo};
use rusqlite::Row;
use rusqlite::types::ValueRef;

use crate::log::{
    Batch, Card, Device, DeviceState, EditBatch, LogError, NumberKind, NumberOf, SealedNumber, blob,
};

/// SQLite's integers are signed; no counter here comes near the edge.
pub(super) fn int(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

pub(super) fn count(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}

pub(super) fn village_column(village: Option<VillageNo>) -> i64 {
    village.map_or(0, |v| i64::from(v.get()))
}

pub(super) fn role_column(role: DeviceRole) -> i64 {
    match role {
        DeviceRole::Phone => 0,
        DeviceRole::VillageOffice => 1,
        DeviceRole::CountyOffice => 2,
    }
}

pub(super) fn corrupt(what: &str) -> LogError {
    LogError::Corrupt(what.to_owned())
}

pub(super) fn number<T: TryFrom<i64>>(row: &Row<'_>, column: usize) -> Result<T, LogError> {
    let value: i64 = row.get(column)?;
    T::try_from(value).map_err(|_| corrupt("a number out of its range"))
}

pub(super) fn device_number(row: &Row<'_>, column: usize) -> Result<DeviceNo, LogError> {
    DeviceNo::new(number(row, column)?).ok_or_else(|| corrupt("a device number out of range"))
}

pub(super) fn bytes<const N: usize>(row: &Row<'_>, column: usize) -> Result<[u8; N], LogError> {
    let value = row.get_ref(column)?.as_blob().map_err(|_| corrupt("a column is no blob"))?;
    value.try_into().map_err(|_| corrupt("a blob of another length"))
}

pub(super) fn cbor<T>(row: &Row<'_>, column: usize) -> Result<T, LogError>
where
    T: for<'b> minicbor::Decode<'b, ()>,
{
    let value = row.get_ref(column)?.as_blob().map_err(|_| corrupt("a column is no blob"))?;
    minicbor::decode(value).map_err(|e| LogError::Corrupt(e.to_string()))
}

pub(super) fn to_cbor<T: minicbor::Encode<()>>(value: &T) -> Result<Vec<u8>, LogError> {
    minicbor::to_vec(value).map_err(|e| LogError::Corrupt(e.to_string()))
}

/// Columns: certificate, state, lamport, since_ms.
pub(super) fn device(row: &Row<'_>) -> Result<Device, LogError> {
    let certificate: DeviceCertificate = cbor(row, 0)?;
    let state = DeviceState::from_number(row.get(1)?)
        .ok_or_else(|| corrupt("a device state that nobody wrote"))?;
    Ok(Device { certificate, state, lamport: number(row, 2)?, since_ms: row.get(3)? })
}

/// Columns: number, device, book, start, signature, entries.
pub(super) fn batch(row: &Row<'_>) -> Result<Batch, LogError> {
    let entries = row.get_ref(5)?.as_blob().map_err(|_| corrupt("a batch is no blob"))?;
    Ok(Batch {
        number: number(row, 0)?,
        book: BookId { device: device_number(row, 1)?, number: number(row, 2)? },
        start: number(row, 3)?,
        signature: Signature(bytes(row, 4)?),
        entries: blob::unpack(entries)?,
    })
}

/// Columns: number, village, edition, device, signature, head or NULL, edits.
pub(super) fn edit_batch(row: &Row<'_>) -> Result<EditBatch, LogError> {
    let head = match row.get_ref(5)? {
        ValueRef::Null => None,
        _ => Some(Head(bytes(row, 5)?)),
    };
    let edits: Vec<Edit> = cbor(row, 6)?;
    Ok(EditBatch {
        number: number(row, 0)?,
        register: RegisterId { village: VillageNo::new(number(row, 1)?), edition: number(row, 2)? },
        device: device_number(row, 3)?,
        signature: Signature(bytes(row, 4)?),
        head,
        edits,
    })
}

/// Columns: grower, person, kind, ciphertext, last_four, put_ms, put_by, approved_by.
pub(super) fn sealed(row: &Row<'_>) -> Result<SealedNumber, LogError> {
    let grower = GrowerId::from_key(row.get(0)?).ok_or_else(|| corrupt("a grower's number"))?;
    let kind: String = row.get(2)?;
    let kind = NumberKind::by_name(&kind).ok_or_else(|| corrupt("a sort of number"))?;
    Ok(SealedNumber {
        of: NumberOf { grower, person: PersonNo::new(number(row, 1)?), kind },
        ciphertext: row.get(3)?,
        last_four: row.get(4)?,
        put_ms: row.get(5)?,
        by: row.get(6)?,
        approved_by: row.get(7)?,
    })
}

/// Columns: token_hash, grower, pin_hash, issued_ms, issued_by, wrong_pins, locked_until_ms,
/// revoked_ms.
pub(super) fn card(row: &Row<'_>) -> Result<Card, LogError> {
    Ok(Card {
        token_hash: bytes(row, 0)?,
        grower: GrowerId::from_key(row.get(1)?).ok_or_else(|| corrupt("a grower's number"))?,
        pin_hash: row.get(2)?,
        issued_ms: row.get(3)?,
        issued_by: row.get(4)?,
        wrong_pins: number(row, 5)?,
        locked_until_ms: row.get(6)?,
        revoked_ms: row.get(7)?,
    })
}

/// A value as a dump shows it.
pub(super) fn text(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => "-".to_owned(),
        ValueRef::Integer(i) => i.to_string(),
        ValueRef::Real(r) => r.to_string(),
        ValueRef::Text(t) => String::from_utf8_lossy(t).into_owned(),
        ValueRef::Blob(b) => hex::encode(b),
    }
}
