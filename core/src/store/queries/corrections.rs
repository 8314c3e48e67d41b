//! What was corrected of a grower's slips, and prices that changed while a phone was offline.

use std::collections::HashMap;

use crate::domain::price_list::PriceList;
use crate::domain::slip::{PriceReason, amount_of};
use crate::domain::{BusinessDate, EntryId, Fen, Grade, GrowerId, LiPerKg, ProductNo, VillageNo};
use crate::ledger::{CorrectionRecord, ReadRecords as _, SlipRecord};
use crate::store::records::SqlRecords;
use crate::store::{SlipFilter, Store, StoreError};

/// A line at the price of a list that was no longer in force on its day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceDifference {
    /// Whose slip.
    pub grower: GrowerId,
    /// The slip.
    pub slip: EntryId,
    /// Its line, counted from 0.
    pub line: u16,
    /// The village where it was bought.
    pub village: Option<VillageNo>,
    /// The business date.
    pub date: BusinessDate,
    /// What was bought.
    pub product: ProductNo,
    /// In which grade.
    pub grade: Grade,
    /// The list on the phone, and its price: printed, and honoured.
    pub printed: (u32, LiPerKg),
    /// The list in force that day, and its price.
    pub in_force: (u32, LiPerKg),
    /// What the grower would have got more at that price; negative is less.
    pub difference: Fen,
}

impl Store {
    /// Every correction of a grower's slips, in order of their numbers: what the grower is told.
    ///
    /// # Errors
    /// The store's own.
    pub fn corrections_of(&self, grower: GrowerId) -> Result<Vec<CorrectionRecord>, StoreError> {
        SqlRecords::reader(self.reader()).all_kept(grower.into())
    }

    /// Lines at the price of a list that had changed while the phone was offline, of these slips: by
    /// grower, day and number.
    ///
    /// # Errors
    /// The store's own.
    pub fn price_differences(&self, of: SlipFilter) -> Result<Vec<PriceDifference>, StoreError> {
        let mut lists: HashMap<BusinessDate, Option<PriceList>> = HashMap::new();
        let mut all = Vec::new();
        for row in self.slips(SlipFilter { limit: u32::MAX, ..of })? {
            let Some(slip) = self.slip(row.id)?.filter(|slip| slip.state.stands()) else {
                continue;
            };
            if let std::collections::hash_map::Entry::Vacant(day) = lists.entry(slip.date) {
                day.insert(self.price_list_on(slip.date)?);
            }
            let Some(Some(in_force)) = lists.get(&slip.date) else { continue };
            let Some(version) = slip.price_list.filter(|&v| v != in_force.version) else {
                continue;
            };
            if let Some(printed) = self.price_list(version)? {
                of_slip(&slip, &printed, in_force, &mut all)?;
            }
        }
        all.sort_by_key(|row| (row.grower, row.date, row.slip, row.line));
        Ok(all)
    }
}

fn of_slip(
    slip: &SlipRecord,
    printed: &PriceList,
    in_force: &PriceList,
    all: &mut Vec<PriceDifference>,
) -> Result<(), StoreError> {
    for (number, line) in (0_u16..).zip(&slip.lines) {
        let (Some(old), Some(new)) =
            (printed.price(line.product, line.grade), in_force.price(line.product, line.grade))
        else {
            continue;
        };
        let left = slip.segments_left(number)?;
        let mut again = left.clone();
        for segment in &mut again {
            segment.price = match segment.reason {
                PriceReason::List | PriceReason::Excess if segment.price == old => new,
                // The floor is agreed; the list counts only above it.
                PriceReason::Floor => segment.price.max(new),
                _ => segment.price,
            };
        }
        let difference = amount_of(&again)?.minus(amount_of(&left)?)?;
        if difference != Fen::ZERO {
            all.push(PriceDifference {
                grower: slip.grower,
                slip: slip.id,
                line: number,
                village: slip.village,
                date: slip.date,
                product: line.product,
                grade: line.grade,
                printed: (printed.version, old),
                in_force: (in_force.version, new),
                difference,
            });
        }
    }
    Ok(())
}
