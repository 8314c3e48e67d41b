//! Lists of slips and payouts, newest first.

use rusqlite::Connection;

use crate::domain::{BusinessDate, EntityNo, EntryId, Fen, Grams, GrowerId, VillageNo};
use crate::ledger::State;
use crate::store::records::state_of;
use crate::store::{Store, StoreError};

/// Which slips or payouts to list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SlipFilter {
    /// Of one grower.
    pub grower: Option<GrowerId>,
    /// Of one village.
    pub village: Option<VillageNo>,
    /// From this day on.
    pub from: Option<BusinessDate>,
    /// Up to and with this day.
    pub to: Option<BusinessDate>,
    /// At most so many.
    pub limit: u32,
    /// After so many.
    pub offset: u32,
}

impl Default for SlipFilter {
    /// The newest hundred of all.
    fn default() -> Self {
        SlipFilter { grower: None, village: None, from: None, to: None, limit: 100, offset: 0 }
    }
}

/// A slip in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlipRow {
    /// Its number.
    pub id: EntryId,
    /// Whose produce.
    pub grower: GrowerId,
    /// Who bought.
    pub entity: EntityNo,
    /// The village that its device serves.
    pub village: Option<VillageNo>,
    /// The business date.
    pub date: BusinessDate,
    /// Net weight.
    pub net: Grams,
    /// Settlement weight.
    pub settlement: Grams,
    /// What it comes to.
    pub amount: Fen,
    /// What was paid of it.
    pub paid: Fen,
    /// What is still owed.
    pub remaining: Fen,
    /// How it stands.
    pub state: State,
}

/// A payout in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayoutRow {
    /// Its number.
    pub id: EntryId,
    /// Who was paid.
    pub grower: GrowerId,
    /// Who paid.
    pub entity: EntityNo,
    /// The business date.
    pub date: BusinessDate,
    /// The cash that left the float.
    pub cash: Fen,
    /// What rounding added for the grower.
    pub rounding: Fen,
    /// How it stands.
    pub state: State,
}

impl Store {
    /// Slips, newest first.
    ///
    /// # Errors
    /// The store's own.
    pub fn slips(&self, filter: SlipFilter) -> Result<Vec<SlipRow>, StoreError> {
        slips(self.reader(), filter)
    }

    /// Counted slips of which something is still owed, the oldest first.
    ///
    /// # Errors
    /// The store's own.
    pub fn unpaid(&self, village: Option<VillageNo>) -> Result<Vec<EntryId>, StoreError> {
        let mut statement = self.reader().prepare_cached(
            "SELECT id FROM slips WHERE state = 0 AND remaining_fen > 0
                 AND (?1 IS NULL OR village = ?1) ORDER BY day, id",
        )?;
        let mut rows = statement.query([village.map(VillageNo::get)])?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            all.push(entry_id(row.get(0)?)?);
        }
        Ok(all)
    }

    /// Payouts, newest first.
    ///
    /// # Errors
    /// The store's own.
    pub fn payouts(&self, filter: SlipFilter) -> Result<Vec<PayoutRow>, StoreError> {
        payouts(self.reader(), filter)
    }
}

/// The grower asked for, under every number of the household.
const GROWERS: &str = "grower IN (SELECT ?1 UNION SELECT other.grower FROM identities asked
     JOIN identities other ON other.shown = asked.shown WHERE asked.grower = ?1)";

/// The filter as the parameters ?1 to ?6 of a list.
type Parameters = (Option<i64>, Option<u16>, i32, i32, u32, u32);

fn parameters(filter: SlipFilter) -> Parameters {
    (
        filter.grower.map(GrowerId::key),
        filter.village.map(VillageNo::get),
        filter.from.map_or(i32::MIN, BusinessDate::days),
        filter.to.map_or(i32::MAX, BusinessDate::days),
        filter.limit,
        filter.offset,
    )
}

pub(crate) fn slips(
    connection: &Connection,
    filter: SlipFilter,
) -> Result<Vec<SlipRow>, StoreError> {
    // Two texts, so that each walks the index that fits it.
    let which = match filter.grower {
        Some(_) => GROWERS,
        None => "?1 IS NULL",
    };
    let mut statement = connection.prepare_cached(&format!(
        "SELECT id, grower, entity, village, day, net_g, settlement_g, amount_fen, paid_fen,
                remaining_fen, state, voided_by
         FROM slips WHERE {which} AND (?2 IS NULL OR village = ?2) AND day BETWEEN ?3 AND ?4
         ORDER BY day DESC, id DESC LIMIT ?5 OFFSET ?6"
    ))?;
    let mut rows = statement.query(parameters(filter))?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(SlipRow {
            id: entry_id(row.get(0)?)?,
            grower: grower_id(row.get(1)?)?,
            entity: EntityNo::new(row.get(2)?),
            village: row.get::<_, Option<u16>>(3)?.map(VillageNo::new),
            date: date(row.get(4)?)?,
            net: Grams::new(row.get(5)?),
            settlement: Grams::new(row.get(6)?),
            amount: Fen::new(row.get(7)?),
            paid: Fen::new(row.get(8)?),
            remaining: Fen::new(row.get(9)?),
            state: state_of(row.get(10)?, row.get(11)?)?,
        });
    }
    Ok(all)
}

pub(crate) fn payouts(
    connection: &Connection,
    filter: SlipFilter,
) -> Result<Vec<PayoutRow>, StoreError> {
    let which = match filter.grower {
        Some(_) => GROWERS,
        None => "?1 IS NULL",
    };
    let mut statement = connection.prepare_cached(&format!(
        "SELECT id, grower, entity, day, cash_fen, rounding_fen, state, voided_by
         FROM payouts WHERE {which} AND (?2 IS NULL OR village = ?2) AND day BETWEEN ?3 AND ?4
         ORDER BY day DESC, id DESC LIMIT ?5 OFFSET ?6"
    ))?;
    let mut rows = statement.query(parameters(filter))?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(PayoutRow {
            id: entry_id(row.get(0)?)?,
            grower: grower_id(row.get(1)?)?,
            entity: EntityNo::new(row.get(2)?),
            date: date(row.get(3)?)?,
            cash: Fen::new(row.get(4)?),
            rounding: Fen::new(row.get(5)?),
            state: state_of(row.get(6)?, row.get(7)?)?,
        });
    }
    Ok(all)
}

pub(crate) fn entry_id(key: i64) -> Result<EntryId, StoreError> {
    EntryId::from_key(key).ok_or_else(|| StoreError::inconsistent(format!("entry key {key}")))
}

pub(crate) fn grower_id(key: i64) -> Result<GrowerId, StoreError> {
    GrowerId::from_key(key).ok_or_else(|| StoreError::inconsistent(format!("grower key {key}")))
}

pub(crate) fn date(days: i32) -> Result<BusinessDate, StoreError> {
    BusinessDate::from_days(days)
        .ok_or_else(|| StoreError::inconsistent(format!("day number {days}")))
}
