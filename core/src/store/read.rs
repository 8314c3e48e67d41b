//! What anybody may read of a store: entries, what the district publishes, drafts, counts.

use std::collections::BTreeMap;

use rusqlite::Rows;

use crate::document::{Head, Signature};
use crate::domain::device::DeviceCertificate;
use crate::domain::price_list::PriceList;
use crate::domain::product::Product;
use crate::domain::rules::Rules;
use crate::domain::village::Village;
use crate::domain::{
    BusinessDate, ContractId, DeviceNo, EntityNo, Entry, EntryId, GrowerId, Rule, Sequence,
    VillageNo,
};
use crate::ledger::{
    Arrived, ContractRecord, Partition, PayoutRecord, ReadRecords as _, SlipRecord, Status,
};

use super::catalogue::StoreCatalogue;
use super::entries::{self, Standings, Stored};
use super::error::StoreError;
use super::import_keys::{self, ImportKey};
use super::records::{self, SqlRecords};
use super::recovered;
use super::{Store, books, certificates, drafts, published};

/// An entry with all that is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEntry {
    /// The entry, its hash, and what its device may write.
    pub arrived: Arrived,
    /// Its canonical bytes.
    pub bytes: Vec<u8>,
    /// Whether it counts.
    pub status: Status,
}

/// What proves an entry: the head of its book, and its device's signature over it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BookProof {
    /// How many entries of the book the head is over.
    pub count: u32,
    /// The head.
    pub head: Head,
    /// The device's signature.
    pub signature: Signature,
    /// How many of them the server is known to have.
    pub acknowledged: u32,
}

impl Store {
    /// One entry with all that is known of it.
    ///
    /// # Errors
    /// The store's own. So for every method here.
    pub fn entry(&self, id: EntryId) -> Result<Option<StoredEntry>, StoreError> {
        let Some(mut stored) = recovered::any(self.reader(), id)? else { return Ok(None) };
        self.district()?.place(&mut stored.arrived);
        let status = self.status_of(id)?;
        Ok(Some(StoredEntry { arrived: stored.arrived, bytes: stored.bytes, status }))
    }

    fn status_of(&self, id: EntryId) -> Result<Status, StoreError> {
        let mut statement =
            self.reader().prepare_cached("SELECT status, reasons FROM holds WHERE entry = ?1")?;
        let mut rows = statement.query([id.key()])?;
        let Some(row) = rows.next()? else { return Ok(Status::Counted) };
        let (status, reasons): (String, String) = (row.get(0)?, row.get(1)?);
        Ok(status_named(&status, &reasons))
    }

    /// The entries that name this one, in order of their numbers: those of its partition, and those
    /// that lie in none, such as notes.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `entry`")]
    pub fn about(&self, id: EntryId) -> Result<Vec<EntryId>, StoreError> {
        let mut statement = self.reader().prepare_cached(
            "SELECT other.id, other.bytes FROM entries this
             JOIN entries other ON other.partition = this.partition WHERE this.id = ?1
             UNION
             SELECT other.id, other.bytes FROM recovered this
             JOIN entries other ON other.partition = this.partition WHERE this.id = ?1
             UNION
             SELECT id, bytes FROM entries WHERE partition IS NULL
             ORDER BY 1",
        )?;
        let mut rows = statement.query([id.key()])?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            let bytes: Vec<u8> = row.get(1)?;
            if Entry::decode(&bytes).map_err(StoreError::inconsistent)?.body.names(id) {
                all.extend(EntryId::from_key(row.get(0)?));
            }
        }
        Ok(all)
    }

    /// The head and signature over the book that holds this entry.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `entry`")]
    pub fn proof(&self, id: EntryId) -> Result<Option<BookProof>, StoreError> {
        let row = books::get(self.reader(), crate::document::BookId::of(id))?;
        Ok(row.map(|row| BookProof {
            count: row.tip.count,
            head: row.tip.head,
            signature: row.signature,
            acknowledged: row.acknowledged,
        }))
    }

    /// The newest entry of a device.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `entry`")]
    pub fn last_of(&self, device: DeviceNo) -> Result<Option<EntryId>, StoreError> {
        let newest = books::newest(self.reader(), device)?;
        Ok(newest.and_then(|row| Some(row.book.entry_at(row.tip.count.checked_sub(1)?))))
    }

    /// The newest sequence of every device of which an entry is here.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `entry`")]
    pub fn positions(&self) -> Result<Vec<(DeviceNo, Sequence)>, StoreError> {
        let mut all = Vec::new();
        for device in certificates::in_scope(self.reader(), None)? {
            all.extend(self.last_of(device)?.map(|id| (device, id.sequence)));
        }
        Ok(all)
    }

    /// A slip and how it stands.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `entry`")]
    pub fn slip(&self, id: EntryId) -> Result<Option<SlipRecord>, StoreError> {
        records::slip(self.reader(), id)
    }

    /// A payout and how it stands.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `entry`")]
    pub fn payout(&self, id: EntryId) -> Result<Option<PayoutRecord>, StoreError> {
        records::payout(self.reader(), id)
    }

    /// A contract, its versions and what was delivered on it.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `entry`")]
    pub fn contract(
        &self,
        grower: GrowerId,
        contract: ContractId,
    ) -> Result<Option<ContractRecord>, StoreError> {
        records::contract(self.reader(), grower, contract)
    }

    /// Every contract of a grower.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `entry`")]
    pub fn contracts(&self, grower: GrowerId) -> Result<Vec<ContractRecord>, StoreError> {
        SqlRecords::reader(self.reader()).contracts(grower)
    }

    /// Every entry of a partition, in the order of the ledger; `None` for those that lie in none.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `entry`")]
    pub fn entries_of(&self, partition: Option<Partition>) -> Result<Vec<StoredEntry>, StoreError> {
        let uncounted = self.uncounted_of(partition)?;
        let all = {
            let district = self.district()?;
            entries::of_partition(self.reader(), partition, &district, &mut Standings::default())?
        };
        Ok(all.into_iter().map(|stored| StoredEntry::standing(stored, &uncounted)).collect())
    }

    /// The entries of a partition that do not simply count.
    fn uncounted_of(
        &self,
        partition: Option<Partition>,
    ) -> Result<BTreeMap<EntryId, Status>, StoreError> {
        let mut statement = self
            .reader()
            .prepare_cached("SELECT entry, status, reasons FROM holds WHERE partition IS ?1")?;
        uncounted(statement.query([partition.map(Partition::key)])?)
    }

    /// Every partition of which there is an entry, cash first, then growers in order of their
    /// numbers.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `entry`")]
    pub fn partitions(&self) -> Result<Vec<Partition>, StoreError> {
        entries::partitions(self.reader())
    }

    /// Every grower of whom there is an entry, in order of their numbers.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `entry`")]
    pub fn growers_with_entries(&self) -> Result<Vec<GrowerId>, StoreError> {
        entries::growers(self.reader())
    }

    /// The store as the desk sees it.
    pub const fn catalogue(&self) -> StoreCatalogue<'_> {
        StoreCatalogue::new(self.reader())
    }

    /// The whole catalogue of products, in order of numbers.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `entry`")]
    pub fn products(&self) -> Result<Vec<Product>, StoreError> {
        published::products(self.reader())
    }

    /// The price list version in force on a date.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `entry`")]
    pub fn price_list_on(&self, date: BusinessDate) -> Result<Option<PriceList>, StoreError> {
        published::price_list_on(self.reader(), date)
    }

    /// The price list with this version.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `entry`")]
    pub fn price_list(&self, version: u32) -> Result<Option<PriceList>, StoreError> {
        published::price_list(self.reader(), version)
    }

    /// The newest price list version that was published, in force or not.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `entry`")]
    pub fn newest_price_list(&self) -> Result<Option<u32>, StoreError> {
        published::newest_price_list(self.reader())
    }

    /// The rules in force.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `entry`")]
    pub fn rules(&self) -> Result<Rules, StoreError> {
        published::rules(self.reader())
    }

    /// Every village, in order of numbers.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `entry`")]
    pub fn villages(&self) -> Result<Vec<Village>, StoreError> {
        published::villages(self.reader())
    }

    /// The entity on whose account a village buys.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `entry`")]
    pub fn entity_of(&self, village: VillageNo) -> Result<EntityNo, StoreError> {
        published::entity_of(self.reader(), village)
    }

    /// The certificate of a device.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `entry`")]
    pub fn certificate(&self, device: DeviceNo) -> Result<Option<DeviceCertificate>, StoreError> {
        certificates::of(self.reader(), device)
    }

    /// The draft of this name.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `entry`")]
    pub fn draft(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        drafts::get(self.reader(), name)
    }

    /// Every draft whose name begins with this, in order of their names.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `entry`")]
    pub fn drafts(&self, prefix: &str) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        drafts::list(self.reader(), prefix)
    }

    /// The entry that this row of an imported file became, if it was imported before.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `entry`")]
    pub fn imported(&self, key: &ImportKey) -> Result<Option<EntryId>, StoreError> {
        import_keys::entry_of(self.reader(), key)
    }
}

impl StoredEntry {
    /// An entry with its status, given those that do not simply count.
    pub(super) fn standing(stored: Stored, uncounted: &BTreeMap<EntryId, Status>) -> StoredEntry {
        let arrived = &stored.arrived;
        // Two may have one number: what was taken over from paper, and what came after it.
        let differs = vec![Rule::ENTRY_DIFFERS_FROM_RECOVERED];
        let held = uncounted.get(&arrived.id).cloned().unwrap_or(Status::Counted);
        let status = match arrived.overruled {
            Some(Rule::ENTRY_DIFFERS_FROM_RECOVERED) => Status::Held(differs),
            _ if held.reasons() == differs => Status::Counted,
            _ => held,
        };
        StoredEntry { arrived: stored.arrived, bytes: stored.bytes, status }
    }
}

/// Reads `entry, status, reasons` of `holds`.
pub(super) fn uncounted(mut rows: Rows<'_>) -> Result<BTreeMap<EntryId, Status>, StoreError> {
    let mut all = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let (status, reasons): (String, String) = (row.get(1)?, row.get(2)?);
        let id = EntryId::from_key(row.get(0)?);
        all.extend(id.map(|id| (id, status_named(&status, &reasons))));
    }
    Ok(all)
}

/// The status that a row of `holds` names.
fn status_named(status: &str, reasons: &str) -> Status {
    match status {
        "newer" => Status::Newer,
        "refused" => Status::Refused(rules_named(reasons)),
        _ => Status::Held(rules_named(reasons)),
    }
}

fn rules_named(codes: &str) -> Vec<Rule> {
    codes.split(' ').filter_map(Rule::by_code).collect()
}
