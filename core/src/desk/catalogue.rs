//! What the desk reads while a draft is open, and what it knows about the visit.

use crate::domain::product::Product;
use crate::domain::rules::Rules;
use crate::domain::{
    BusinessDate, Clock, DeviceNo, EntityNo, EntryId, Grade, GrowerId, Holder, LiPerKg, OperatorNo,
    ProductNo,
};
use crate::ledger::{ContractRecord, DebtRecord, SlipRecord};

/// A price older than so many lists says nothing of today's.
const LISTS_BACK: u32 = 60;

/// The store as the desk sees it: read-only, as far as it is synced.
pub trait Catalogue {
    /// Why the store cannot be read.
    type Error;

    /// The rules in force.
    fn rules(&self) -> Result<Rules, Self::Error>;

    /// The product with this number.
    fn product(&self, product: ProductNo) -> Result<Option<Product>, Self::Error>;

    /// The number of the price list version in force on this date.
    fn price_list_on(&self, date: BusinessDate) -> Result<Option<u32>, Self::Error>;

    /// The price on this version of the list.
    fn list_price(
        &self,
        version: u32,
        product: ProductNo,
        grade: Grade,
    ) -> Result<Option<LiPerKg>, Self::Error>;

    /// The last price that a list named before the one of this date, or that one's own: what a
    /// pending price is estimated by where no floor was agreed.
    fn last_price(
        &self,
        date: BusinessDate,
        product: ProductNo,
        grade: Grade,
    ) -> Result<Option<LiPerKg>, Self::Error> {
        let newest = self.price_list_on(date)?.unwrap_or_default();
        let oldest = newest.saturating_sub(LISTS_BACK);
        for version in (oldest..=newest).rev() {
            if let Some(price) = self.list_price(version, product, grade)? {
                return Ok(Some(price));
            }
        }
        Ok(None)
    }

    /// Every contract of this grower, with what was delivered on it.
    fn contracts(&self, grower: GrowerId) -> Result<Vec<ContractRecord>, Self::Error>;

    /// This grower's slips whose wall clock lies in this span, in any order; voided ones may be
    /// left out.
    fn slips_between(
        &self,
        grower: GrowerId,
        from_wall_s: i64,
        to_wall_s: i64,
    ) -> Result<Vec<SlipRecord>, Self::Error>;

    /// The slip with this number, whosever it is.
    fn slip(&self, id: EntryId) -> Result<Option<SlipRecord>, Self::Error>;

    /// This grower's slips of this entity of which something is unpaid, oldest first in the order
    /// of the ledger.
    fn unpaid(&self, grower: GrowerId, entity: EntityNo) -> Result<Vec<SlipRecord>, Self::Error>;

    /// Every debt of this grower, in order of their numbers, repaid ones too.
    fn debts(&self, grower: GrowerId) -> Result<Vec<DebtRecord>, Self::Error>;
}

/// Who stands at the scale, where and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Visit {
    /// The grower.
    pub grower: GrowerId,
    /// On whose account is bought or paid.
    pub entity: EntityNo,
    /// The phone.
    pub device: DeviceNo,
    /// Who works at it; 0 if nobody is named.
    pub operator: OperatorNo,
    /// The business date that the slip will show.
    pub date: BusinessDate,
    /// What the clocks say now.
    pub clock: Clock,
    /// What they said at this phone's last entry.
    pub last_clock: Option<Clock>,
    /// Whether the grower is the steward's own household.
    pub own_household: bool,
    /// Whether a person has confirmed the day since the clock is in doubt: they are asked once.
    pub day_confirmed: bool,
}

impl Visit {
    /// Whose cash is handed over.
    pub fn holder(&self) -> Holder {
        Holder::of_operator(self.device, self.operator)
    }
}
