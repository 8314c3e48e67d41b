//! Totals by village, by month and by day, and what does not count.

use std::collections::BTreeMap;

use rusqlite::Connection;
use serde::Serialize;

use crate::domain::{BusinessDate, EntryId, Fen, Grams, GrowerId, Month, Rule, VillageNo};
use crate::ledger::Partition;
use crate::store::{Store, StoreError};

use super::slips::entry_id;

/// How much was bought, of what stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Totals {
    /// Slips.
    pub purchases: i64,
    /// Net weight.
    pub net_g: Grams,
    /// What they came to.
    pub amount_fen: Fen,
}

impl Totals {
    fn plus(self, other: Totals) -> Result<Totals, StoreError> {
        Ok(Totals {
            purchases: self.purchases.saturating_add(other.purchases),
            net_g: self.net_g.plus(other.net_g)?,
            amount_fen: self.amount_fen.plus(other.amount_fen)?,
        })
    }
}

/// An entry that does not simply count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The entry.
    pub entry: EntryId,
    /// In whose partition.
    pub grower: Option<GrowerId>,
    /// Why, in order of precedence; empty for an entry of a newer kind.
    pub reasons: Vec<Rule>,
}

impl Store {
    /// What was bought in all, from one day to another, both with it.
    ///
    /// # Errors
    /// The store's own. So for every query.
    pub fn totals(&self, from: BusinessDate, to: BusinessDate) -> Result<Totals, StoreError> {
        let mut statement = self.reader().prepare_cached(
            "SELECT count(*), coalesce(sum(net_g), 0), coalesce(sum(amount_fen), 0)
             FROM slips WHERE state = 0 AND day BETWEEN ?1 AND ?2",
        )?;
        Ok(statement.query_row((from.days(), to.days()), |row| {
            Ok(Totals {
                purchases: row.get(0)?,
                net_g: Grams::new(row.get(1)?),
                amount_fen: Fen::new(row.get(2)?),
            })
        })?)
    }

    /// What was bought in each village, by the device that wrote the slip.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `totals`")]
    pub fn totals_by_village(&self) -> Result<BTreeMap<VillageNo, Totals>, StoreError> {
        let mut all = BTreeMap::new();
        grouped(self.reader(), "village", |key, totals| {
            let village = u16::try_from(key).map_err(StoreError::inconsistent)?;
            all.insert(VillageNo::new(village), totals);
            Ok(())
        })?;
        Ok(all)
    }

    /// What was bought in each month.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `totals`")]
    pub fn totals_by_month(&self) -> Result<BTreeMap<Month, Totals>, StoreError> {
        let mut all: BTreeMap<Month, Totals> = BTreeMap::new();
        grouped(self.reader(), "day", |key, totals| {
            let day = i32::try_from(key).ok().and_then(BusinessDate::from_days);
            let day = day.ok_or_else(|| StoreError::inconsistent(format!("day {key}")))?;
            let month = all.entry(day.month()).or_default();
            *month = month.plus(totals)?;
            Ok(())
        })?;
        Ok(all)
    }

    /// The cash that counted payouts handed out.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `totals`")]
    pub fn paid_in_cash(&self, from: BusinessDate, to: BusinessDate) -> Result<Fen, StoreError> {
        let mut statement = self.reader().prepare_cached(
            "SELECT coalesce(sum(cash_fen), 0) FROM payouts
             WHERE state = 0 AND day BETWEEN ?1 AND ?2",
        )?;
        let paid = statement.query_row((from.days(), to.days()), |row| row.get(0))?;
        Ok(Fen::new(paid))
    }

    /// How many growers have an entry here.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `totals`")]
    pub fn growers_with_slips(&self) -> Result<i64, StoreError> {
        let mut statement = self
            .reader()
            .prepare_cached("SELECT count(DISTINCT grower) FROM slips WHERE state = 0")?;
        Ok(statement.query_row([], |row| row.get(0))?)
    }

    /// Every entry that is held.
    #[expect(clippy::missing_errors_doc, reason = "said once, at `totals`")]
    pub fn held(&self) -> Result<Vec<Held>, StoreError> {
        self.uncounted("held")
    }

    /// Every entry of a kind or version that this build does not know: "1 entry of a newer kind".
    #[expect(clippy::missing_errors_doc, reason = "said once, at `totals`")]
    pub fn newer(&self) -> Result<Vec<Held>, StoreError> {
        self.uncounted("newer")
    }

    pub(in crate::store) fn uncounted(&self, status: &str) -> Result<Vec<Held>, StoreError> {
        let mut statement = self.reader().prepare_cached(
            "SELECT entry, partition, reasons FROM holds WHERE status = ?1 ORDER BY entry",
        )?;
        let mut rows = statement.query([status])?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            let reasons: String = row.get(2)?;
            all.push(Held {
                entry: entry_id(row.get(0)?)?,
                grower: row
                    .get::<_, Option<i64>>(1)?
                    .and_then(Partition::from_key)
                    .and_then(Partition::grower),
                reasons: reasons.split(' ').filter_map(Rule::by_code).collect(),
            });
        }
        Ok(all)
    }
}

/// The totals of what stands, for each value of a column that is not null.
fn grouped(
    connection: &Connection,
    column: &str,
    mut each: impl FnMut(i64, Totals) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {column}, count(*), sum(net_g), sum(amount_fen) FROM slips
         WHERE state = 0 AND {column} IS NOT NULL GROUP BY {column}"
    ))?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let totals = Totals {
            purchases: row.get(1)?,
            net_g: Grams::new(row.get(2)?),
            amount_fen: Fen::new(row.get(3)?),
        };
        each(row.get(0)?, totals)?;
    }
    Ok(())
}
