//! A season at a glance: what was bought by month, village and product, from the sums that are kept
//! along with the slips.

use std::collections::BTreeMap;

use crate::domain::{BusinessDate, Fen, Grams, Month, ProductNo, VillageNo};
use crate::store::{Store, StoreError};

use super::slips::date;

/// What was bought and stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Bought {
    /// Slips; of products, lines.
    pub count: i64,
    /// Net weight.
    pub net: Grams,
    /// What they come to after returns, fixed prices and adjustments; of products, without
    /// adjustments, which are about a whole slip.
    pub amount: Fen,
    /// What of that is still owed; of products, nothing.
    pub unpaid: Fen,
}

impl Bought {
    /// Both together.
    ///
    /// # Errors
    /// [`StoreError::Inconsistent`] if a sum does not fit.
    pub fn plus(self, other: Bought) -> Result<Bought, StoreError> {
        Ok(Bought {
            count: self.count.saturating_add(other.count),
            net: self.net.plus(other.net)?,
            amount: self.amount.plus(other.amount)?,
            unpaid: self.unpaid.plus(other.unpaid)?,
        })
    }

    /// All of them together.
    ///
    /// # Errors
    /// [`StoreError::Inconsistent`] if a sum does not fit.
    pub fn sum<'b>(all: impl IntoIterator<Item = &'b Bought>) -> Result<Bought, StoreError> {
        all.into_iter().try_fold(Bought::default(), |sum, one| sum.plus(*one))
    }
}

impl Store {
    /// What was bought on one day.
    ///
    /// # Errors
    /// The store's own. So for every query.
    pub fn bought_on(&self, day: BusinessDate) -> Result<Bought, StoreError> {
        let mut statement = self.reader().prepare_cached(
            "SELECT count(*), coalesce(sum(net_g), 0), coalesce(sum(paid_fen + remaining_fen), 0),
                    coalesce(sum(remaining_fen), 0)
             FROM slips WHERE state = 0 AND day = ?1",
        )?;
        Ok(statement.query_row([day.days()], |row| bought(row, 0))?)
    }

    /// What was bought in each month and village that bought anything; none for devices without a
    /// village.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `bought_on`")]
    pub fn bought_by_village(
        &self,
    ) -> Result<BTreeMap<(Month, Option<VillageNo>), Bought>, StoreError> {
        let mut statement = self.reader().prepare_cached(
            "SELECT month, village, count, net_g, amount_fen, unpaid_fen FROM sums_by_village",
        )?;
        let mut rows = statement.query([])?;
        let mut all = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let village: u16 = row.get(1)?;
            let village = (village != 0).then(|| VillageNo::new(village));
            all.insert((date(row.get(0)?)?.month(), village), bought(row, 2)?);
        }
        Ok(all)
    }

    /// What was bought of each product from one month to another, both with it.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `bought_on`")]
    pub fn bought_by_product(
        &self,
        from: Month,
        to: Month,
    ) -> Result<BTreeMap<ProductNo, Bought>, StoreError> {
        let mut statement = self.reader().prepare_cached(
            "SELECT product, sum(count), sum(net_g), sum(amount_fen), sum(unpaid_fen)
             FROM sums_by_product WHERE month BETWEEN ?1 AND ?2 GROUP BY product",
        )?;
        let mut rows = statement.query(months(from, to))?;
        let mut all = BTreeMap::new();
        while let Some(row) = rows.next()? {
            all.insert(ProductNo::new(row.get(0)?), bought(row, 1)?);
        }
        Ok(all)
    }

    /// How many households sold something from one month to another, both with it; and how many
    /// pairs of household and month that are.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `bought_on`")]
    pub fn active_households(&self, from: Month, to: Month) -> Result<(i64, i64), StoreError> {
        let mut statement = self.reader().prepare_cached(
            "SELECT count(DISTINCT grower), count(*) FROM sums_by_grower
             WHERE month BETWEEN ?1 AND ?2",
        )?;
        Ok(statement.query_row(months(from, to), |row| Ok((row.get(0)?, row.get(1)?)))?)
    }

    /// The first day in these months on which something was bought.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `bought_on`")]
    pub fn first_purchase(
        &self,
        from: Month,
        to: Month,
    ) -> Result<Option<BusinessDate>, StoreError> {
        let mut statement = self.reader().prepare_cached(
            "SELECT day FROM slips WHERE state = 0 AND day >= ?1 AND day < ?2
             ORDER BY day LIMIT 1",
        )?;
        let days = (from.first_day().days(), to.first_day_after().days());
        let mut rows = statement.query(days)?;
        rows.next()?.map(|row| date(row.get(0)?)).transpose()
    }

    /// The last day on which something was bought.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `bought_on`")]
    pub fn last_purchase(&self) -> Result<Option<BusinessDate>, StoreError> {
        let mut statement = self
            .reader()
            .prepare_cached("SELECT day FROM slips WHERE state = 0 ORDER BY day DESC LIMIT 1")?;
        let mut rows = statement.query([])?;
        rows.next()?.map(|row| date(row.get(0)?)).transpose()
    }
}

/// The first days of two months, as the sums name them.
fn months(from: Month, to: Month) -> (i32, i32) {
    (from.first_day().days(), to.first_day().days())
}

/// Count, net weight, amount and unpaid, of which the first stands in this column.
fn bought(row: &rusqlite::Row<'_>, first: usize) -> rusqlite::Result<Bought> {
    Ok(Bought {
        count: row.get(first)?,
        net: Grams::new(row.get(first + 1)?),
        amount: Fen::new(row.get(first + 2)?),
        unpaid: Fen::new(row.get(first + 3)?),
    })
}
