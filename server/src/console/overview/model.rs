//! What the overview shows, read from the view's sums.

use std::collections::BTreeMap;
use std::sync::Arc;

use courtyard_core::domain::{BusinessDate, Fen, Month, ProductNo, VillageNo};
use courtyard_core::store::Store;
use courtyard_core::store::queries::Bought;

use super::phones::Phones;
use crate::exceptions::Board;
use crate::view::ViewError;
use crate::web::PageError;

/// What the page shows.
pub(super) struct Model {
    pub(super) today: BusinessDate,
    /// Bought today, this month and in the season.
    pub(super) day: Bought,
    pub(super) month: Bought,
    pub(super) season: Season,
    /// The years in which anything was bought, oldest first.
    pub(super) years: Vec<i16>,
    /// The last day of a purchase, of whatever year.
    pub(super) last: Option<BusinessDate>,
    /// What is owed for all slips of all years.
    pub(super) unpaid: Fen,
    pub(super) held: usize,
    pub(super) villages: BTreeMap<VillageNo, String>,
    pub(super) products: BTreeMap<ProductNo, String>,
    pub(super) has_prices: bool,
    pub(super) silent_days: u16,
    pub(super) phones: Phones,
    /// None while they are being derived.
    pub(super) open: Option<Arc<Board>>,
}

/// A year's purchases: produce is bought from spring to winter.
#[derive(Debug, Default)]
pub(super) struct Season {
    pub(super) year: i16,
    pub(super) total: Bought,
    /// Households that sold something, and pairs of household and month.
    pub(super) households: i64,
    pub(super) household_months: i64,
    pub(super) since: Option<BusinessDate>,
    pub(super) by_village: BTreeMap<Option<VillageNo>, Pair>,
    pub(super) by_product: BTreeMap<ProductNo, Pair>,
    /// By the number of the month, from the first with a purchase to the last of the season.
    pub(super) by_month: BTreeMap<i8, Pair>,
    /// Whether there is a year before to compare with.
    pub(super) compares: bool,
}

/// The season's, and the same months' of the year before.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Pair {
    pub(super) now: Bought,
    pub(super) before: Bought,
}

impl Model {
    pub(super) fn read(store: &Store, now_ms: i64, asked: Option<i16>) -> Result<Model, PageError> {
        Model::of_view(store, now_ms, asked).map_err(|error| ViewError::from(error).into())
    }

    fn of_view(
        store: &Store,
        now_ms: i64,
        asked: Option<i16>,
    ) -> Result<Model, courtyard_core::store::StoreError> {
        let today = BusinessDate::at(now_ms.div_euclid(1_000));
        let sums = store.bought_by_village()?;
        let mut years: Vec<i16> = sums.keys().map(|(month, _)| month.year()).collect();
        years.dedup();
        let newest = years.last().copied().unwrap_or(today.month().year());
        let year = asked.filter(|year| years.contains(year)).unwrap_or(newest);
        let of_month = sums.iter().filter(|((month, _), _)| *month == today.month());
        let month = Bought::sum(of_month.map(|(_, bought)| bought))?;
        Ok(Model {
            today,
            day: store.bought_on(today)?,
            month,
            season: Season::read(store, &sums, year, today)?,
            years,
            last: store.last_purchase()?,
            unpaid: Bought::sum(sums.values())?.unpaid,
            held: store.held()?.len(),
            villages: store.villages()?.into_iter().map(|v| (v.number, v.name)).collect(),
            products: store.products()?.into_iter().map(|p| (p.number, p.name)).collect(),
            has_prices: store.newest_price_list()?.is_some(),
            silent_days: store.rules()?.bookkeeping.silent_days,
            phones: Phones::default(),
            open: None,
        })
    }

    /// The name of a village in lists.
    pub(super) fn village(&self, village: Option<VillageNo>) -> String {
        let Some(number) = village else { return "–".to_owned() };
        self.villages.get(&number).cloned().unwrap_or_else(|| number.to_string())
    }
}

impl Season {
    fn read(
        store: &Store,
        sums: &BTreeMap<(Month, Option<VillageNo>), Bought>,
        year: i16,
        today: BusinessDate,
    ) -> Result<Season, courtyard_core::store::StoreError> {
        let mut season = Season { year, ..Season::default() };
        // In the year that runs, last year's same months; in one that is over, all of them.
        let last = if year == today.month().year() { today.month().month() } else { 12 };
        for (&(month, village), &bought) in sums {
            if month.year() == year {
                season.total = season.total.plus(bought)?;
                for pair in season.pairs(month, village) {
                    pair.now = pair.now.plus(bought)?;
                }
            } else if Some(month.year()) == year.checked_sub(1) && month.month() <= last {
                season.compares = true;
                for pair in season.pairs(month, village) {
                    pair.before = pair.before.plus(bought)?;
                }
            }
        }
        let Some((from, to)) = of_year(year, 12) else { return Ok(season) };
        (season.households, season.household_months) = store.active_households(from, to)?;
        season.since = store.first_purchase(from, to)?;
        for (product, bought) in store.bought_by_product(from, to)? {
            season.by_product.entry(product).or_default().now = bought;
        }
        let before = year.checked_sub(1).and_then(|before| of_year(before, last));
        if let Some((from, to)) = before.filter(|_| season.compares) {
            for (product, bought) in store.bought_by_product(from, to)? {
                season.by_product.entry(product).or_default().before = bought;
            }
        }
        Ok(season)
    }

    fn pairs(&mut self, month: Month, village: Option<VillageNo>) -> [&mut Pair; 2] {
        [
            self.by_village.entry(village).or_default(),
            self.by_month.entry(month.month()).or_default(),
        ]
    }

    /// Gross purchases per household and month in which it sold something, cut to a fen.
    pub(super) fn per_household_month(&self) -> Fen {
        let mean = self.total.amount.get().checked_div(self.household_months);
        mean.map_or(Fen::ZERO, Fen::new)
    }

    /// In how many villages something was bought.
    pub(super) fn village_count(&self) -> usize {
        self.by_village.values().filter(|pair| pair.now.count > 0).count()
    }
}

/// The first month of a year and the one of this number.
fn of_year(year: i16, last: i8) -> Option<(Month, Month)> {
    let month = |month: i8| format!("{year:04}-{month:02}").parse().ok();
    Some((month(1)?, month(last)?))
}
