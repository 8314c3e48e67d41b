//! Sums of what stands, kept along with the slips: by month and village, household, product. A page
//! reads these few rows instead of a season's slips.
//!
//! They are gathered over a transaction and written at its end, since a synced book is hundreds of
//! slips and few sums.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension as _};

use crate::domain::{BusinessDate, EntryId, Fen, UnitError, VillageNo};
use crate::ledger::{LineRecord, SlipChanges, SlipRecord, State};
use crate::store::error::StoreError;

/// Slips or lines, net grams, fen, and fen that are still owed.
type Sum = [i64; 4];

/// Sums that wait to be written.
#[derive(Debug, Default)]
pub(crate) struct Sums {
    /// By the month's first day and the village; 0 for none.
    villages: BTreeMap<(i32, i64), Sum>,
    /// By the month's first day and the household.
    growers: BTreeMap<(i32, i64), Sum>,
    /// By the month's first day and the product.
    products: BTreeMap<(i32, i64), Sum>,
}

/// What one slip that stands is of them.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Share {
    month: i32,
    village: i64,
    grower: i64,
    sum: Sum,
    /// Product, net grams, fen.
    lines: Vec<(i64, i64, i64)>,
}

impl Share {
    /// A slip's share; none unless it counts.
    pub(crate) fn of(slip: &SlipRecord) -> Result<Option<Share>, UnitError> {
        if slip.state != State::Counted {
            return Ok(None);
        }
        let mut lines = Vec::with_capacity(slip.lines.len());
        for (number, line) in (0_u16..).zip(&slip.lines) {
            let owed = owed(line, &slip.changes, number)?;
            lines.push((line.product.get().into(), line.net.get(), owed.get()));
        }
        Ok(Some(Share {
            month: month(slip.date),
            village: slip.village.map_or(0, VillageNo::get).into(),
            grower: slip.grower.key(),
            sum: [1, slip.net.get(), slip.paid.plus(slip.remaining)?.get(), slip.remaining.get()],
            lines,
        }))
    }

    /// The share of a slip as it stands in the tables, whatever its entry says by now.
    pub(super) fn stored(
        connection: &Connection,
        id: EntryId,
    ) -> Result<Option<Share>, StoreError> {
        let mut statement = connection.prepare_cached(
            "SELECT day, coalesce(village, 0), grower, net_g, paid_fen + remaining_fen,
                    remaining_fen
             FROM slips WHERE id = ?1 AND state = 0",
        )?;
        let found = statement.query_row([id.key()], |row| {
            let day: i32 = row.get(0)?;
            Ok(Share {
                month: BusinessDate::from_days(day).map_or(day, month),
                village: row.get(1)?,
                grower: row.get(2)?,
                sum: [1, row.get(3)?, row.get(4)?, row.get(5)?],
                lines: Vec::new(),
            })
        });
        let Some(mut share) = found.optional()? else { return Ok(None) };
        let mut statement = connection
            .prepare_cached("SELECT product, net_g, owed_fen FROM lines WHERE slip = ?1")?;
        let lines =
            statement.query_map([id.key()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        share.lines = lines.collect::<Result<_, _>>()?;
        Ok(Some(share))
    }
}

/// What a line comes to now: as printed or as fixed, less returns; nothing while its price is open.
pub(super) fn owed(
    line: &LineRecord,
    changes: &SlipChanges,
    number: u16,
) -> Result<Fen, UnitError> {
    let printed = if line.is_pending() { Fen::ZERO } else { line.amount };
    match changes.line(number) {
        Some(change) => {
            printed.plus(change.fixed.unwrap_or_default())?.minus(change.returned_amount)
        }
        None => Ok(printed),
    }
}

fn month(date: BusinessDate) -> i32 {
    date.month().first_day().days()
}

impl Sums {
    /// Takes the share of a slip in.
    pub(crate) fn add(&mut self, share: &Share) -> Result<(), StoreError> {
        self.count(share, 1)
    }

    /// Takes the share of a slip out.
    pub(super) fn take_out(&mut self, share: &Share) -> Result<(), StoreError> {
        self.count(share, -1)
    }

    fn count(&mut self, share: &Share, sign: i64) -> Result<(), StoreError> {
        let month = share.month;
        more(&mut self.villages, (month, share.village), share.sum, sign)?;
        more(&mut self.growers, (month, share.grower), share.sum, sign)?;
        for &(product, net_g, amount_fen) in &share.lines {
            more(&mut self.products, (month, product), [1, net_g, amount_fen, 0], sign)?;
        }
        Ok(())
    }

    /// Writes what was gathered.
    pub(crate) fn write(&mut self, connection: &Connection) -> Result<(), StoreError> {
        let gathered = std::mem::take(self);
        for (table, key, sums) in [
            ("sums_by_village", "village", gathered.villages),
            ("sums_by_grower", "grower", gathered.growers),
            ("sums_by_product", "product", gathered.products),
        ] {
            if sums.is_empty() {
                continue;
            }
            let mut add = connection.prepare_cached(&format!(
                "INSERT INTO {table} (month, {key}, count, net_g, amount_fen, unpaid_fen)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT DO UPDATE SET count = count + excluded.count,
                     net_g = net_g + excluded.net_g, amount_fen = amount_fen + excluded.amount_fen,
                     unpaid_fen = unpaid_fen + excluded.unpaid_fen"
            ))?;
            // A sum of nothing is no row: a rebuild would not make it either.
            let mut remove = connection.prepare_cached(&format!(
                "DELETE FROM {table} WHERE month = ?1 AND {key} = ?2 AND count = 0"
            ))?;
            for ((month, key), sum) in sums {
                let [count, net_g, amount_fen, unpaid_fen] = sum;
                if sum == Sum::default() {
                    continue;
                }
                add.execute((month, key, count, net_g, amount_fen, unpaid_fen))?;
                if count < 0 {
                    remove.execute((month, key))?;
                }
            }
        }
        Ok(())
    }
}

fn more(
    sums: &mut BTreeMap<(i32, i64), Sum>,
    key: (i32, i64),
    by: Sum,
    sign: i64,
) -> Result<(), StoreError> {
    for (to, by) in sums.entry(key).or_default().iter_mut().zip(by) {
        let sum = by.checked_mul(sign).and_then(|by| to.checked_add(by));
        *to = sum.ok_or_else(|| StoreError::inconsistent("a sum that does not fit"))?;
    }
    Ok(())
}
