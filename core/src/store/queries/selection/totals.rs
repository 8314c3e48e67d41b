//! What a whole selection comes to: from the sums of days where they hold it, otherwise from its
//! slips.

use rusqlite::types::Value;
use rusqlite::{Row, params_from_iter};

use crate::domain::{Fen, Grams, VillageNo};
use crate::store::{Store, StoreError, office};

use super::plan::{Plan, Purpose};
use super::wanted::Wanted;
use super::{SlipSelection, Standing, days};

/// What some slips come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SlipSums {
    /// How many.
    pub slips: i64,
    /// Net weight.
    pub net: Grams,
    /// Settlement weight.
    pub settlement: Grams,
    /// As printed.
    pub amount: Fen,
    /// What was paid of them.
    pub paid: Fen,
    /// What is still owed of them.
    pub unpaid: Fen,
}

/// What a selection comes to, by how its slips stand: only what counts is ever added up with more.
///
/// A slip that is held may say anything; here it counts at most as much as one slip may come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SelectionTotals {
    /// What counts.
    pub counted: SlipSums,
    /// What is held.
    pub held: SlipSums,
    /// What was voided.
    pub voided: SlipSums,
    /// What was refused.
    pub refused: SlipSums,
}

impl SelectionTotals {
    /// How many slips there are, however they stand.
    pub const fn slips(&self) -> i64 {
        let counted = self.counted.slips.saturating_add(self.held.slips);
        counted.saturating_add(self.voided.slips).saturating_add(self.refused.slips)
    }

    /// The sums of those that stand so.
    pub const fn of(&self, standing: Standing) -> SlipSums {
        match standing {
            Standing::Counted => self.counted,
            Standing::Held => self.held,
            Standing::Voided => self.voided,
            Standing::Refused => self.refused,
        }
    }

    fn take(&mut self, row: &Row<'_>) -> Result<(), StoreError> {
        let number: u8 = row.get(0)?;
        let standing = Standing::ALL.into_iter().find(|standing| standing.number() == number);
        let sums = match standing {
            Some(Standing::Counted) => &mut self.counted,
            Some(Standing::Held) => &mut self.held,
            Some(Standing::Voided) => &mut self.voided,
            Some(Standing::Refused) => &mut self.refused,
            None => return Err(StoreError::inconsistent(format!("state {number}"))),
        };
        *sums = SlipSums {
            slips: row.get(1)?,
            net: Grams::new(row.get(2)?),
            settlement: Grams::new(row.get(3)?),
            amount: Fen::new(row.get(4)?),
            paid: Fen::new(row.get(5)?),
            unpaid: Fen::new(row.get(6)?),
        };
        Ok(())
    }
}

/// A slip's figures, at most what one slip may come to, as `slip_figures` has them.
const BOUNDED: &str = "s.state, count(*),
    sum(max(-1000000000, min(1000000000, s.net_g))),
    sum(max(-1000000000, min(1000000000, s.settlement_g))),
    sum(max(-10000000000, min(10000000000, s.amount_fen))),
    sum(max(-10000000000, min(10000000000, s.paid_fen))),
    sum(max(-10000000000, min(10000000000, s.remaining_fen)))";

impl Store {
    /// What a selection comes to.
    ///
    /// # Errors
    /// The store's own.
    pub fn slip_totals(&self, selection: &SlipSelection) -> Result<SelectionTotals, StoreError> {
        let wanted = Wanted::of(self.reader(), selection)?;
        let (sql, parameters) = match wanted.is_nothing() && office::are_kept(self.reader())? {
            true => sums_sql(selection),
            false => {
                let plan = Plan::of(self.reader(), selection, &wanted, Purpose::Sum)?;
                let sql = format!("SELECT {BOUNDED} {} GROUP BY s.state", plan.text());
                (sql, plan.into_parameters())
            }
        };
        let mut statement = self.reader().prepare_cached(&sql)?;
        let mut rows = statement.query(params_from_iter(parameters))?;
        let mut totals = SelectionTotals::default();
        while let Some(row) = rows.next()? {
            totals.take(row)?;
        }
        Ok(totals)
    }
}

/// The day under which the sums of all days stand; before any business date.
const ALL_DAYS: i32 = -1_000_000;

/// How totals are read from the sums of days.
fn sums_sql(selection: &SlipSelection) -> (String, Vec<Value>) {
    let (from, to) = match (selection.from, selection.to) {
        (None, None) => (ALL_DAYS, ALL_DAYS),
        _ => days(selection),
    };
    let product = selection.product.map_or(-1, |product| i64::from(product.get()));
    let mut sql = "SELECT state, sum(slips), sum(net_g), sum(settlement_g), sum(amount_fen),
                          sum(paid_fen), sum(remaining_fen)
                   FROM slip_sums WHERE product = ? AND day BETWEEN ? AND ?"
        .to_owned();
    let mut parameters = vec![product, i64::from(from), i64::from(to)];
    if let Some(village) = selection.village.map(VillageNo::get) {
        sql.push_str(" AND village = ?");
        parameters.push(i64::from(village));
    }
    if let Some(state) = selection.state {
        sql.push_str(" AND state = ?");
        parameters.push(i64::from(state.number()));
    }
    if selection.unpaid {
        sql.push_str(" AND unpaid = 1");
    }
    sql.push_str(" GROUP BY state");
    (sql, parameters.into_iter().map(Value::from).collect())
}
