//! A selection page by page, newest first, from one place to the next; and all of it, one by one.

use rusqlite::{Connection, Row};

use crate::domain::{BusinessDate, EntityNo, EntryId, Fen, Grams, ProductNo, VillageNo};
use crate::store::queries::slips::{SlipRow, date, entry_id, grower_id};
use crate::store::records::state_of;
use crate::store::{Store, StoreError};

use super::SlipSelection;
use super::plan::{Plan, Purpose};
use super::wanted::Wanted;

/// A slip's place in the list: what was added or paid in the meantime moves none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Its business date.
    pub day: BusinessDate,
    /// Its number.
    pub id: EntryId,
}

/// Where a page lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// The page after this place: what is older.
    Older(Place),
    /// The page before this place: what is newer.
    Newer(Place),
}

/// A page of slips, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SlipPage {
    /// Its slips.
    pub rows: Vec<SlipRow>,
    /// Where the page with newer ones lies, if there are any.
    pub newer: Option<Turn>,
    /// Where the page with older ones lies, if there are any.
    pub older: Option<Turn>,
}

const COLUMNS: &str = "s.id, s.grower, s.entity, s.village, s.day, s.net_g, s.settlement_g,
    s.amount_fen, s.paid_fen, s.remaining_fen, s.state, s.voided_by";

impl Store {
    /// One page of a selection: the newest, or that at a turn.
    ///
    /// # Errors
    /// The store's own.
    pub fn slip_page(
        &self,
        selection: &SlipSelection,
        turn: Option<Turn>,
        limit: u32,
    ) -> Result<SlipPage, StoreError> {
        let wanted = Wanted::of(self.reader(), selection)?;
        let most = usize::try_from(limit.max(1)).unwrap_or(usize::MAX);
        let rows = |turn, limit| page(self.reader(), selection, &wanted, turn, limit);
        // One more, to know whether there are more.
        let mut found = rows(turn, limit.max(1).saturating_add(1))?;
        let more = found.len() > most;
        found.truncate(most);
        if let Some(Turn::Newer(_)) = turn {
            found.reverse();
        }
        let place = |row: &SlipRow| Place { day: row.date, id: row.id };
        let (first, last) = (found.first().map(place), found.last().map(place));
        let (newer, older) = match turn {
            None => (None, last.filter(|_| more)),
            Some(Turn::Older(_)) => {
                let newer = match first {
                    Some(first) => !rows(Some(Turn::Newer(first)), 1)?.is_empty(),
                    None => false,
                };
                (first.filter(|_| newer), last.filter(|_| more))
            }
            Some(Turn::Newer(_)) => {
                let older = match last {
                    Some(last) => !rows(Some(Turn::Older(last)), 1)?.is_empty(),
                    None => false,
                };
                (first.filter(|_| more), last.filter(|_| older))
            }
        };
        Ok(SlipPage { rows: found, newer: newer.map(Turn::Newer), older: older.map(Turn::Older) })
    }

    /// What was bought with a slip, in the order of its lines, each product once.
    ///
    /// # Errors
    /// The store's own.
    pub fn products_on(&self, slip: EntryId) -> Result<Vec<ProductNo>, StoreError> {
        let mut statement = self
            .reader()
            .prepare_cached("SELECT product FROM lines WHERE slip = ?1 ORDER BY line")?;
        let mut all = Vec::new();
        for number in statement.query_map([slip.key()], |row| row.get(0))? {
            let product = ProductNo::new(number?);
            if !all.contains(&product) {
                all.push(product);
            }
        }
        Ok(all)
    }

    /// Gives every slip of a selection, newest first, until `take` answers false. They are read at
    /// one state of the store.
    ///
    /// # Errors
    /// The store's own.
    pub fn each_slip(
        &self,
        selection: &SlipSelection,
        mut take: impl FnMut(SlipRow) -> bool,
    ) -> Result<(), StoreError> {
        let wanted = Wanted::of(self.reader(), selection)?;
        let plan = Plan::of(self.reader(), selection, &wanted, Purpose::All)?;
        let (day, id) = (plan.day, plan.id);
        let sql = format!("SELECT {COLUMNS} {} ORDER BY {day} DESC, {id} DESC", plan.text());
        let mut statement = self.reader().prepare_cached(&sql)?;
        let mut rows = statement.query(plan.parameters())?;
        while let Some(found) = rows.next()? {
            if !take(slip(found)?) {
                break;
            }
        }
        Ok(())
    }
}

/// The rows nearest to a turn, in the order in which it goes.
fn page(
    connection: &Connection,
    selection: &SlipSelection,
    wanted: &Wanted,
    turn: Option<Turn>,
    limit: u32,
) -> Result<Vec<SlipRow>, StoreError> {
    let (sql, plan) = page_sql(connection, selection, wanted, turn)?;
    let mut statement = connection.prepare_cached(&format!("{sql} LIMIT {limit}"))?;
    let mut rows = statement.query(plan.parameters())?;
    let mut all = Vec::new();
    while let Some(found) = rows.next()? {
        all.push(slip(found)?);
    }
    Ok(all)
}

/// How a page is read, without its limit.
pub(super) fn page_sql(
    connection: &Connection,
    selection: &SlipSelection,
    wanted: &Wanted,
    turn: Option<Turn>,
) -> Result<(String, Plan), StoreError> {
    let mut plan = Plan::of(connection, selection, wanted, Purpose::Page)?;
    let way = match turn {
        None => "DESC",
        Some(Turn::Older(place)) => {
            plan.beyond(place.day.days(), place.id, true);
            "DESC"
        }
        Some(Turn::Newer(place)) => {
            plan.beyond(place.day.days(), place.id, false);
            "ASC"
        }
    };
    let (day, id) = (plan.day, plan.id);
    let sql = format!("SELECT {COLUMNS} {} ORDER BY {day} {way}, {id} {way}", plan.text());
    Ok((sql, plan))
}

fn slip(row: &Row<'_>) -> Result<SlipRow, StoreError> {
    Ok(SlipRow {
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
    })
}
