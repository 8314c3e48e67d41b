//! Digests that two replicas compare: the heads of books, and what the ledger made of the entries.
//! The same function on phones and on the server's view.

use rusqlite::Connection;
use sha2::{Digest as _, Sha256};

use crate::domain::{GrowerId, VillageNo};
use crate::ledger;

use super::Store;
use super::books;
use super::certificates;
use super::entries;
use super::error::StoreError;
use super::records::SqlRecords;

/// What a replica holds of a village.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Digests {
    /// Over (book, count, head) of every book of the village's devices and of the county's.
    pub heads: [u8; 32],
    /// Over every slip, contract, payout and balance of the growers whom the village's devices
    /// registered.
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
    let devices = certificates::in_scope(connection, Some(village))?;
    let mut heads = Sha256::new();
    heads.update(b"courtyard heads 1");
    for &device in &devices {
        for row in books::of_device(connection, device)? {
            heads.update(books::key(row.book).to_be_bytes());
            heads.update(row.tip.count.to_be_bytes());
            heads.update(row.tip.head.0);
        }
    }
    let growers: Vec<GrowerId> = entries::growers(connection)?
        .into_iter()
        .filter(|grower| devices.contains(&grower.device))
        .collect();
    let ledger = ledger::digest(&SqlRecords::reader(connection), growers)?;
    Ok(Digests { heads: heads.finalize().into(), ledger })
}
