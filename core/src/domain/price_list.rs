//! A price list version (价目表版本), complete: what is not on it has no list price.

use minicbor::{Decode, Encode};

use super::calendar::BusinessDate;
use super::ids::ProductNo;
use super::units::{Grade, LiPerKg};

/// The prices from one day onward, until a later version takes effect.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct PriceList {
    /// Its number, one more than the last; slips name it.
    #[n(0)]
    pub version: u32,
    /// The first business date on which it holds.
    #[n(1)]
    pub from: BusinessDate,
    /// One row a product and grade, sorted by both.
    #[n(2)]
    pub rows: Vec<PriceRow>,
}

/// The price of one product and grade.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct PriceRow {
    /// The product.
    #[n(0)]
    pub product: ProductNo,
    /// The grade.
    #[n(1)]
    pub grade: Grade,
    /// Its price.
    #[n(2)]
    pub price: LiPerKg,
}

impl PriceList {
    /// The price of this product and grade, if it is on the list.
    pub fn price(&self, product: ProductNo, grade: Grade) -> Option<LiPerKg> {
        self.rows.iter().find(|r| r.product == product && r.grade == grade).map(|r| r.price)
    }
}
