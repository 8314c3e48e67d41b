//! What a steward looks at: one entry with its history, growers and products by what was typed,
//! and how the device stands.

use crate::domain::product::Product;
use crate::domain::{EntryId, GrowerId, ProductNo};
use crate::ledger::ContractRecord;
use crate::store::{Conflict, Counts, StoredEntry, search_keys};
use crate::wire::SlipProof;

use super::{Steward, StewardError};

/// One entry with everything that belongs to it.
#[derive(Debug, Clone)]
pub struct EntryView {
    /// The entry.
    pub entry: StoredEntry,
    /// Entries that name it: voids, payouts, notes; in order.
    pub about: Vec<StoredEntry>,
}

/// How the device stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// What waits, is set aside, held or in conflict.
    pub counts: Counts,
    /// When a sync last went through, in seconds since 1970 by this device's clock.
    pub last_sync_s: Option<i64>,
    /// Room for more slips is held back on the disk.
    pub reserved: bool,
    /// The district has ended this device: it only sends what it holds.
    pub revoked: bool,
}

impl Steward {
    /// One entry with what belongs to it.
    ///
    /// # Errors
    /// [`StewardError::Unknown`] if it is not here, or the store's own.
    pub fn show(&self, id: EntryId) -> Result<EntryView, StewardError> {
        let entry = self.store.entry(id)?;
        let entry = entry.ok_or_else(|| StewardError::Unknown { what: id.to_string() })?;
        let mut about = self.store.entries_of(entry.arrived.partition())?;
        about.retain(|other| other.arrived.entry.body.names(id));
        Ok(EntryView { entry, about })
    }

    /// What proves an own entry to whoever holds the district's root key: the QR on its slip.
    ///
    /// # Errors
    /// [`StewardError::NotOwn`], [`StewardError::Unknown`] if it is not here, or the store's own.
    pub fn slip_proof(&self, id: EntryId) -> Result<SlipProof, StewardError> {
        let own = self.signer()?;
        let former = if own.device() == id.device { None } else { self.former(id.device)? };
        let signer = former.as_ref().unwrap_or(own);
        if signer.device() != id.device {
            return Err(StewardError::NotOwn(id));
        }
        let proof = self.store.slip_proof(signer, id)?;
        proof.ok_or_else(|| StewardError::Unknown { what: id.to_string() })
    }

    /// The text of the QR on an own entry: the address at which the server of this device checks
    /// it, which also carries the whole proof.
    ///
    /// # Errors
    /// As [`slip_proof`](Self::slip_proof).
    pub fn slip_qr(&self, id: EntryId) -> Result<String, StewardError> {
        let proof = self.slip_proof(id)?;
        Ok(self.server().map_or_else(|_| proof.to_text(), |it| proof.to_address(&it.address)))
    }

    /// The product of this number, code or name.
    ///
    /// # Errors
    /// [`StewardError::Unknown`], [`StewardError::Ambiguous`] or the store's own.
    pub fn product(&self, typed: &str) -> Result<Product, StewardError> {
        let typed = typed.trim();
        let all = self.store.products()?;
        let by = |fits: &dyn Fn(&Product) -> bool| -> Vec<Product> {
            all.iter().filter(|p| fits(p)).cloned().collect()
        };
        let number = typed.parse().ok().map(ProductNo::new);
        let mut found = by(&|p| p.code == typed || p.name == typed);
        if found.is_empty() {
            found = by(&|p| Some(p.number) == number);
        }
        let what = typed.to_owned();
        match found.as_slice() {
            [] => Err(StewardError::Unknown { what }),
            [one] => Ok(one.clone()),
            many => {
                let candidates: Vec<String> =
                    many.iter().map(|p| format!("{} {} ({})", p.number, p.name, p.code)).collect();
                Err(StewardError::Ambiguous { what, candidates: candidates.join(", ") })
            }
        }
    }

    /// Products whose name or code holds this text, or whose pinyin or initials begin with it.
    ///
    /// # Errors
    /// The store's own.
    pub fn search_products(&self, typed: &str) -> Result<Vec<Product>, StewardError> {
        let typed = typed.trim().to_lowercase();
        let mut all = self.store.products()?;
        all.retain(|product| {
            let keys = search_keys(&product.name);
            product.name.to_lowercase().contains(&typed)
                || product.code.contains(&typed)
                || keys.pinyin.starts_with(&typed)
                || keys.initials.starts_with(&typed)
        });
        Ok(all)
    }

    /// Register fields of the village with several values, until someone settles them.
    ///
    /// # Errors
    /// [`StewardError::NotEnrolled`] or the store's own.
    pub fn conflicts(&self) -> Result<Vec<Conflict>, StewardError> {
        let village = self.village()?;
        Ok(self.store.conflicts(Some(village))?)
    }

    /// The contracts of a grower, or of every grower, with what was delivered.
    ///
    /// # Errors
    /// The store's own.
    pub fn contracts(&self, grower: Option<GrowerId>) -> Result<Vec<ContractRecord>, StewardError> {
        let growers = match grower {
            Some(grower) => vec![grower],
            None => self.store.growers_with_entries()?,
        };
        let mut all = Vec::new();
        for grower in growers {
            all.extend(self.store.contracts(grower)?);
        }
        Ok(all)
    }

    /// Whether a grower of this number is in the register here.
    ///
    /// # Errors
    /// [`StewardError::Unknown`] if not, or the store's own.
    pub fn must_know(&self, grower: GrowerId) -> Result<(), StewardError> {
        match self.store.grower(grower)? {
            Some(_) => Ok(()),
            None => Err(StewardError::Unknown { what: grower.to_string() }),
        }
    }

    /// How this device stands.
    ///
    /// # Errors
    /// [`StewardError::NotEnrolled`] or the store's own.
    pub fn status(&self) -> Result<Status, StewardError> {
        self.device()?;
        Ok(Status {
            counts: self.store.counts()?,
            last_sync_s: self.store.last_sync_s()?,
            reserved: self.store.is_reserved(),
            revoked: self.store.is_revoked()?,
        })
    }
}
