//! In how many villages, from how many households, how much, since when: one query.

use crate::domain::{BusinessDate, Fen, Grams, VillageNo};
use crate::store::{Store, StoreError};

use super::slips::date;

/// What was bought in a village, or in all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct HeadlineRow {
    /// The village; none for slips without one.
    pub village: Option<VillageNo>,
    /// Households with a slip that stands.
    pub households: i64,
    /// Household and month, each pair with a slip once.
    pub household_months: i64,
    /// Slips.
    pub slips: i64,
    /// Net weight.
    pub net: Grams,
    /// What they come to after returns, fixed prices and adjustments.
    pub amount: Fen,
    /// The first and the last day.
    pub days: Option<(BusinessDate, BusinessDate)>,
}

/// The headline: each village, and all of them together.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Headline {
    /// In order of the villages.
    pub villages: Vec<HeadlineRow>,
    /// All together: a household that sold in two villages counts once.
    pub total: HeadlineRow,
}

impl Store {
    /// What was bought from one day to another, both with it.
    ///
    /// # Errors
    /// The store's own.
    pub fn headline(&self, from: BusinessDate, to: BusinessDate) -> Result<Headline, StoreError> {
        let mut statement = self.reader().prepare_cached(
            "WITH standing AS (
                 SELECT village, grower, net_g, paid_fen + remaining_fen AS amount_fen, day,
                        grower || strftime(' %Y-%m', day * 86400, 'unixepoch') AS month
                 FROM slips WHERE state = 0 AND day BETWEEN ?1 AND ?2)
             SELECT 0, village, count(DISTINCT grower), count(DISTINCT month), count(*), sum(net_g),
                    sum(amount_fen), min(day), max(day)
             FROM standing GROUP BY village
             UNION ALL
             SELECT 1, NULL, count(DISTINCT grower), count(DISTINCT month), count(*),
                    coalesce(sum(net_g), 0), coalesce(sum(amount_fen), 0), min(day), max(day)
             FROM standing
             ORDER BY 1, 2",
        )?;
        let mut rows = statement.query((from.days(), to.days()))?;
        let mut headline = Headline::default();
        while let Some(row) = rows.next()? {
            let days: (Option<i32>, Option<i32>) = (row.get(7)?, row.get(8)?);
            let found = HeadlineRow {
                village: row.get::<_, Option<u16>>(1)?.map(VillageNo::new),
                households: row.get(2)?,
                household_months: row.get(3)?,
                slips: row.get(4)?,
                net: Grams::new(row.get(5)?),
                amount: Fen::new(row.get(6)?),
                days: match days {
                    (Some(first), Some(last)) => Some((date(first)?, date(last)?)),
                    _ => None,
                },
            };
            if row.get::<_, bool>(0)? {
                headline.total = found;
            } else {
                headline.villages.push(found);
            }
        }
        Ok(headline)
    }
}
