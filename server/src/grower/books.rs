//! What a household's pages are made of: its statements under all its numbers, combined.

use std::collections::BTreeMap;

use courtyard_core::domain::{Fen, Grams, GrowerId, Month, ProductNo, UnitError};
use courtyard_core::ledger::words::{Thread, Topic};
use courtyard_core::ledger::{Arrived, Posted, StatedDebt, StatedSlip};
use courtyard_core::store::Store;

use crate::app::App;
use crate::statements::{Statements, StatementsError};
use crate::web::PageError;

/// A household under all its numbers.
#[derive(Debug)]
pub(super) struct Books {
    /// The name in the register; empty if it has none.
    pub(super) name: String,
    /// The village's name.
    pub(super) village: String,
    /// Each number with its entries and statements.
    pub(super) numbers: Vec<Statements>,
    delivered: BTreeMap<Month, Grams>,
}

/// A month of a household: what its statements say, added up.
#[derive(Debug, Default)]
pub(super) struct MonthOf {
    /// Whether it is closed.
    pub(super) closed: bool,
    /// Settlement weight of what was delivered, less what came back.
    pub(super) weight: Grams,
    /// Gross purchases (收购额): what was bought, with what was corrected.
    pub(super) gross: Fen,
    /// Of it what corrections changed.
    pub(super) corrected: Fen,
    /// What was paid in the month.
    pub(super) paid: Fen,
    /// What was kept back for debts in the month (扣还).
    pub(super) repaid: Fen,
    /// What was still owed at its end, of all months; for an open month, now.
    pub(super) unpaid: Fen,
    /// What stands at an estimate (待定价).
    pub(super) estimated: Fen,
    /// Its slips.
    pub(super) slips: Vec<StatedSlip>,
    /// Everything that moved in it.
    pub(super) rows: Vec<Posted>,
    /// What the household owes.
    pub(super) debts: Vec<StatedDebt>,
}

/// What moved in a month.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Moved {
    /// Gross purchases, with what was corrected.
    pub(super) gross: Fen,
    /// What was paid.
    pub(super) paid: Fen,
}

fn unread(error: StatementsError) -> PageError {
    match error {
        StatementsError::Store(error) => error.into(),
        StatementsError::Office(error) => error.into(),
        StatementsError::Unit(error) => too_large(error),
        StatementsError::Newer(_) => crate::office::OfficeError::Document(error.to_string()).into(),
    }
}

/// A sum that does not fit; no household delivers that much.
pub(super) fn too_large(error: UnitError) -> PageError {
    crate::office::OfficeError::Document(error.to_string()).into()
}

impl Books {
    /// Reads a household by the number on its card.
    pub(super) fn read(app: &App, store: &Store, grower: GrowerId) -> Result<Books, PageError> {
        let mut closed =
            |village, month| app.read(|reads| Ok(reads.closed_statements(village, month)?));
        let mut numbers = Vec::new();
        for number in known_as(store, grower)? {
            numbers.extend(Statements::read(store, number, &mut closed).map_err(unread)?);
        }
        let mut delivered: BTreeMap<Month, Grams> = BTreeMap::new();
        for number in &numbers {
            for (month, weight) in number.delivered().map_err(too_large)? {
                let sum = delivered.entry(month).or_default();
                *sum = sum.plus(weight).map_err(too_large)?;
            }
        }
        let shown = store.shown(grower)?;
        let name = store.grower(shown)?.map(|row| row.name).unwrap_or_default();
        let village = numbers.iter().find_map(|number| number.village);
        let villages = store.villages()?;
        let village = villages.into_iter().find(|row| Some(row.number) == village);
        let village = village.map(|row| row.name).unwrap_or_default();
        Ok(Books { name, village, numbers, delivered })
    }

    /// A month under all numbers.
    pub(super) fn month(&self, month: Month) -> Result<MonthOf, PageError> {
        let mut all = MonthOf {
            weight: self.weight(month),
            closed: !self.numbers.is_empty(),
            ..MonthOf::default()
        };
        for number in &self.numbers {
            all.closed &= number.kept(month).is_some();
            let statement = number.statement(month).map_err(too_large)?;
            for sum in &statement.sums {
                let gross = sum.bought.plus(sum.corrected).map_err(too_large)?;
                for (into, amount) in [
                    (&mut all.gross, gross),
                    (&mut all.corrected, sum.corrected),
                    (&mut all.paid, sum.paid),
                    (&mut all.repaid, sum.repaid),
                    (&mut all.unpaid, sum.unpaid),
                    (&mut all.estimated, sum.estimated),
                ] {
                    *into = into.plus(amount).map_err(too_large)?;
                }
            }
            all.slips.extend(statement.slips);
            all.rows.extend(statement.rows);
            all.debts.extend(statement.debts);
        }
        all.slips.sort_by_key(|slip| std::cmp::Reverse((slip.date, slip.id)));
        Ok(all)
    }

    /// What was bought, gross, and paid in each month in which anything moved.
    pub(super) fn moved(&self) -> Result<BTreeMap<Month, Moved>, PageError> {
        let mut months: BTreeMap<Month, Moved> = BTreeMap::new();
        for number in &self.numbers {
            for (month, sums) in number.moved().map_err(too_large)? {
                let all = months.entry(month).or_default();
                for sum in sums {
                    let gross = sum.bought.plus(sum.corrected).map_err(too_large)?;
                    all.gross = all.gross.plus(gross).map_err(too_large)?;
                    all.paid = all.paid.plus(sum.paid).map_err(too_large)?;
                }
            }
        }
        Ok(months)
    }

    /// Settlement weight of what was delivered in a month, less what came back.
    pub(super) fn weight(&self, month: Month) -> Grams {
        self.delivered.get(&month).copied().unwrap_or_default()
    }

    /// The entries under all numbers.
    pub(super) fn entries(&self) -> impl Iterator<Item = &Arrived> {
        self.numbers.iter().flat_map(|number| &number.entries)
    }
}

/// The numbers of a household.
pub(super) fn known_as(store: &Store, grower: GrowerId) -> Result<Vec<GrowerId>, PageError> {
    let numbers = store.household_numbers(grower)?;
    Ok(if numbers.is_empty() { vec![grower] } else { numbers })
}

/// Every objection of a household, the newest first.
pub(super) fn objections(store: &Store, numbers: &[GrowerId]) -> Result<Vec<Thread>, PageError> {
    let mut all = Vec::new();
    for number in numbers {
        all.extend(store.threads_of(*number)?);
    }
    all.retain(|thread| thread.topic == Topic::Objection);
    all.sort_by_key(|thread| {
        let first = thread.words.first().map(|word| (word.date, word.lamport));
        std::cmp::Reverse((first, thread.root))
    });
    Ok(all)
}

/// The catalogue's names.
#[derive(Debug)]
pub(super) struct Products(BTreeMap<ProductNo, String>);

impl Products {
    pub(super) fn read(store: &Store) -> Result<Products, PageError> {
        let all = store.products()?;
        Ok(Products(all.into_iter().map(|product| (product.number, product.name)).collect()))
    }

    /// The product's name, or its number if the catalogue does not have it.
    pub(super) fn name(&self, number: ProductNo) -> String {
        self.0.get(&number).cloned().unwrap_or_else(|| number.to_string())
    }
}
