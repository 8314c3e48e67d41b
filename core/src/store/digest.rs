//! Digests that two replicas compare: the heads of books, and what the ledger made of the entries.
//! The same function on phones and on the server's view.

use rusqlite::Connection;
use sha2::{Digest as _, Sha256};

use crate::document::{Actor, PublicKey, extend};
use crate::domain::{GrowerId, VillageNo};
use crate::ledger::{self, Partition};

use super::Store;
use super::books;
use super::certificates;
use super::entries;
use super::error::StoreError;
use super::growers;
use super::records::SqlRecords;
use super::verify::Trust;

/// What a replica holds of a village.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Digests {
    /// Over (book, count, head) of every book of the village's devices and of the county's.
    pub heads: [u8; 32],
    /// Over every slip, contract, payout, record and balance of the village's growers and cash.
    pub ledger: [u8; 32],
}

impl Store {
    /// The digests of what this store holds in the scope of a village.
    ///
    /// # Errors
    /// The store's own.
    pub fn digests(&self, village: VillageNo) -> Result<Digests, StoreError> {
        digests(self.reader(), village)
    }
}

fn digests(connection: &Connection, village: VillageNo) -> Result<Digests, StoreError> {
    let trust = Trust::kept(connection)?.ok_or(StoreError::NotEnrolled)?;
    let devices = certificates::in_scope(connection, Some(village))?;
    let mut heads = Sha256::new();
    heads.update(b"courtyard heads 1");
    for &device in &devices {
        let Some(certificate) = certificates::of(connection, device)? else { continue };
        let actor = Actor::of(&PublicKey(certificate.public_key));
        let mut previous = None;
        for row in books::of_device(connection, device)? {
            // The head from the entries' bytes beside the one that is kept: a damaged file must
            // differ whichever of them it damaged.
            let bytes = entries::bytes_from(connection, row.book.entry_at(0), row.tip.count)?;
            let entries = bytes.iter().map(Vec::as_slice);
            let tip = extend(trust.district(), &actor, row.book, previous, None, entries)
                .map_err(StoreError::inconsistent)?;
            heads.update(books::key(row.book).to_be_bytes());
            heads.update(tip.count.to_be_bytes());
            heads.update(tip.head.0);
            heads.update(row.tip.head.0);
            previous = Some(tip.head);
        }
    }
    let mut partitions = Vec::new();
    for partition in entries::partitions(connection)? {
        let where_it_lies = match partition {
            Partition::Grower(grower) => village_of(connection, grower)?,
            Partition::Cash { village, .. } => village,
        };
        if where_it_lies == Some(village) {
            partitions.push(partition);
        }
    }
    let ledger = ledger::digest(&SqlRecords::reader(connection), partitions)?;
    Ok(Digests { heads: heads.finalize().into(), ledger })
}

/// The village of the device that registered a grower; for one whom the county registered, the
/// village in whose register they stand.
fn village_of(connection: &Connection, grower: GrowerId) -> Result<Option<VillageNo>, StoreError> {
    let standing = certificates::standing(connection, grower.device)?;
    if let Some((_, Some(village))) = standing {
        return Ok(Some(village));
    }
    growers::village(connection, grower)
}
