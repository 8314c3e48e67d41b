//! One number for what a replica's ledger says about some growers: equal records, equal digest.

use minicbor::{Encode, Encoder};
use sha2::{Digest as _, Sha256};

use crate::domain::GrowerId;

use super::keep::ReadRecords;

/// SHA-256 over the canonical bytes of every slip, contract, payout and balance of these growers,
/// each grower once and in the order of their numbers.
///
/// # Errors
/// If the records cannot be read.
pub fn digest<R: ReadRecords>(
    records: &R,
    growers: impl IntoIterator<Item = GrowerId>,
) -> Result<[u8; 32], R::Error> {
    let mut growers: Vec<GrowerId> = growers.into_iter().collect();
    growers.sort_unstable();
    growers.dedup();
    let mut digest = Sha256::new();
    digest.update(b"courtyard ledger 1");
    for grower in growers {
        digest.update(canonical(&grower));
        digest.update(canonical(&records.slips(grower)?));
        digest.update(canonical(&records.contracts(grower)?));
        digest.update(canonical(&records.payouts(grower)?));
        digest.update(canonical(&records.balances(grower)?));
    }
    Ok(digest.finalize().into())
}

/// The record as deterministic CBOR (RFC 8949 §4.2.1): arrays of definite length, shortest
/// integers. Each is one whole item, so no two lists of records share their bytes.
fn canonical<T: Encode<()>>(record: &T) -> Vec<u8> {
    let mut encoder = Encoder::new(Vec::new());
    let written = encoder.encode(record);
    debug_assert!(written.is_ok(), "encoding to memory");
    encoder.into_writer()
}
