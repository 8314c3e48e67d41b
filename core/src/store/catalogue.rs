//! The store as the desk sees it.

use rusqlite::Connection;

use crate::desk::Catalogue;
use crate::domain::product::Product;
use crate::domain::rules::Rules;
use crate::domain::{BusinessDate, EntityNo, EntryId, Grade, GrowerId, LiPerKg, ProductNo};
use crate::ledger::{ContractRecord, DebtRecord, ReadRecords as _, SlipRecord};

use super::error::StoreError;
use super::published;
use super::records::{self, SqlRecords};

/// Reads what a draft needs.
#[derive(Debug, Clone, Copy)]
pub struct StoreCatalogue<'c> {
    connection: &'c Connection,
}

impl<'c> StoreCatalogue<'c> {
    pub(crate) const fn new(connection: &'c Connection) -> Self {
        StoreCatalogue { connection }
    }

    fn slips(
        &self,
        sql: &str,
        parameters: impl rusqlite::Params,
    ) -> Result<Vec<SlipRecord>, StoreError> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let keys: Vec<i64> =
            statement.query_map(parameters, |row| row.get(0))?.collect::<Result<_, _>>()?;
        let ids = keys.into_iter().filter_map(EntryId::from_key);
        ids.filter_map(|id| records::slip(self.connection, id).transpose()).collect()
    }
}

impl Catalogue for StoreCatalogue<'_> {
    type Error = StoreError;

    fn rules(&self) -> Result<Rules, StoreError> {
        published::rules(self.connection)
    }

    fn product(&self, product: ProductNo) -> Result<Option<Product>, StoreError> {
        published::product(self.connection, product)
    }

    fn price_list_on(&self, date: BusinessDate) -> Result<Option<u32>, StoreError> {
        Ok(published::price_list_on(self.connection, date)?.map(|list| list.version))
    }

    fn list_price(
        &self,
        version: u32,
        product: ProductNo,
        grade: Grade,
    ) -> Result<Option<LiPerKg>, StoreError> {
        let list = published::price_list(self.connection, version)?;
        Ok(list.and_then(|list| list.price(product, grade)))
    }

    fn contracts(&self, grower: GrowerId) -> Result<Vec<ContractRecord>, StoreError> {
        SqlRecords::reader(self.connection).contracts(grower)
    }

    fn slips_between(
        &self,
        grower: GrowerId,
        from_wall_s: i64,
        to_wall_s: i64,
    ) -> Result<Vec<SlipRecord>, StoreError> {
        self.slips(
            "SELECT id FROM slips WHERE grower = ?1 AND wall_s BETWEEN ?2 AND ?3 AND state <> 2",
            (grower.key(), from_wall_s, to_wall_s),
        )
    }

    fn slip(&self, id: EntryId) -> Result<Option<SlipRecord>, StoreError> {
        records::slip(self.connection, id)
    }

    fn unpaid(&self, grower: GrowerId, entity: EntityNo) -> Result<Vec<SlipRecord>, StoreError> {
        self.slips(
            "SELECT s.id FROM slips s JOIN entries e ON e.id = s.id
             WHERE s.grower = ?1 AND s.entity = ?2 AND s.state = 0 AND s.remaining_fen > 0
             ORDER BY e.close_index, e.lamport, e.id",
            (grower.key(), entity.get()),
        )
    }

    fn debts(&self, grower: GrowerId) -> Result<Vec<DebtRecord>, StoreError> {
        SqlRecords::reader(self.connection).all_kept(grower.into())
    }
}
