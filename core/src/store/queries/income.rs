//! A grower's income by delivery month.

use rusqlite::Connection;
use serde::Serialize;

use crate::domain::{Fen, Grams, GrowerId, Month, VillageNo};
use crate::store::{Store, StoreError, identities};

/// The income of a month, grower by grower. Gross purchases, never "added income".
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Income {
    /// Every grower with a slip that stands in the month, in order of their numbers; linked numbers
    /// under the one that is shown.
    pub growers: Vec<IncomeRow>,
    /// The sum over them.
    pub total: IncomeRow,
}

/// What was bought of one grower in a month, by the date of delivery.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct IncomeRow {
    /// The grower, such as `H-A7K-12`; empty in the total.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub grower: String,
    /// The name in the register; empty if the grower is not in it, and in the total.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The village in which the grower was registered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub village: Option<u16>,
    /// How many slips stand.
    pub slips: i64,
    /// Their net weight.
    pub net_g: Grams,
    /// What they come to after returns, fixed prices and adjustments.
    pub amount_fen: Fen,
    /// What was paid of them.
    pub paid_fen: Fen,
    /// What is still owed of them.
    pub unpaid_fen: Fen,
}

impl Store {
    /// The income of a month, of all growers or of one, of all villages or of one.
    ///
    /// # Errors
    /// The store's own.
    pub fn income(
        &self,
        month: Month,
        grower: Option<GrowerId>,
        village: Option<VillageNo>,
    ) -> Result<Income, StoreError> {
        income(self.reader(), month, grower, village)
    }
}

pub(crate) fn income(
    connection: &Connection,
    month: Month,
    grower: Option<GrowerId>,
    village: Option<VillageNo>,
) -> Result<Income, StoreError> {
    let grower = grower.map(|grower| identities::shown(connection, grower)).transpose()?;
    let mut statement = connection.prepare_cached(
        "SELECT coalesce(i.shown, s.grower) AS shown, coalesce(g.name, ''),
                coalesce(g.village, max(s.village)), count(*), sum(s.net_g),
                sum(s.paid_fen + s.remaining_fen), sum(s.paid_fen), sum(s.remaining_fen)
         FROM slips s LEFT JOIN identities i ON i.grower = s.grower
             LEFT JOIN growers g ON g.id = coalesce(i.shown, s.grower)
         WHERE s.state = 0 AND s.day >= ?1 AND s.day < ?2
             AND (?3 IS NULL OR coalesce(i.shown, s.grower) = ?3)
             AND (?4 IS NULL OR s.village = ?4)
         GROUP BY 1 ORDER BY 1",
    )?;
    let mut rows = statement.query((
        month.first_day().days(),
        month.first_day_after().days(),
        grower.map(GrowerId::key),
        village.map(VillageNo::get),
    ))?;
    let mut growers = Vec::new();
    let mut total = IncomeRow::default();
    while let Some(row) = rows.next()? {
        let key: i64 = row.get(0)?;
        let id = GrowerId::from_key(key)
            .ok_or_else(|| StoreError::inconsistent(format!("grower key {key}")))?;
        let row = IncomeRow {
            grower: id.to_string(),
            name: row.get(1)?,
            village: row.get(2)?,
            slips: row.get(3)?,
            net_g: Grams::new(row.get(4)?),
            amount_fen: Fen::new(row.get(5)?),
            paid_fen: Fen::new(row.get(6)?),
            unpaid_fen: Fen::new(row.get(7)?),
        };
        total.slips = total.slips.saturating_add(row.slips);
        total.net_g = total.net_g.plus(row.net_g)?;
        total.amount_fen = total.amount_fen.plus(row.amount_fen)?;
        total.paid_fen = total.paid_fen.plus(row.paid_fen)?;
        total.unpaid_fen = total.unpaid_fen.plus(row.unpaid_fen)?;
        growers.push(row);
    }
    Ok(Income { growers, total })
}
