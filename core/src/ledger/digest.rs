//! One number for what a replica's ledger says about some partitions: equal records, equal digest.

use minicbor::{Encode, Encoder};
use sha2::{Digest as _, Sha256};

use super::keep::ReadRecords;
use super::partition::Partition;

/// SHA-256 over the canonical bytes of every slip, contract, payout, record and balance of these
/// partitions, each once and in their order.
///
/// # Errors
/// If the records cannot be read.
pub fn digest<R: ReadRecords>(
    records: &R,
    partitions: impl IntoIterator<Item = Partition>,
) -> Result<[u8; 32], R::Error> {
    let mut partitions: Vec<Partition> = partitions.into_iter().collect();
    partitions.sort_unstable();
    partitions.dedup();
    let mut digest = Sha256::new();
    digest.update(b"courtyard ledger 2");
    for partition in partitions {
        digest.update(canonical(&partition));
        if let Some(grower) = partition.grower() {
            digest.update(canonical(&records.slips(grower)?));
            digest.update(canonical(&records.contracts(grower)?));
            digest.update(canonical(&records.payouts(grower)?));
        }
        digest.update(canonical(&records.records(partition)?));
        digest.update(canonical(&records.balances(partition)?));
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
