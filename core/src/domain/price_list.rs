//! A price list version (价目表版本), complete: what is not on it has no list price.

use std::collections::BTreeSet;

use minicbor::{Decode, Encode};

use super::calendar::BusinessDate;
use super::check::{Breach, Breaches, Check, Limits, Place};
use super::ids::ProductNo;
use super::rule::Rule;
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

impl Check for PriceList {
    fn check(&self, _: &Limits) -> Vec<Breach> {
        let mut found = Breaches::new();
        let mut seen = BTreeSet::new();
        for (number, row) in self.rows.iter().enumerate() {
            let at = Place::Line(number);
            let priced = row.price > LiPerKg::ZERO;
            found.demand(priced, Rule::PUBLISHED_PRICE_NOT_POSITIVE, at);
            let first = seen.insert((row.product, row.grade));
            found.demand(first, Rule::PUBLISHED_ROW_TWICE, at);
        }
        found.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_gives_each_product_and_grade_one_positive_price() {
        let row = |product, price| PriceRow {
            product: ProductNo::new(product),
            grade: Grade::default(),
            price: LiPerKg::new(price),
        };
        let rows = vec![row(1, 3_190), row(2, 0), row(1, 3_200)];
        let list = PriceList { version: 1, from: "2020-07-01".parse().unwrap(), rows };
        assert_eq!(
            list.check(&Limits::LEDGER),
            [
                Breach::new(Rule::PUBLISHED_PRICE_NOT_POSITIVE, Place::Line(1)),
                Breach::new(Rule::PUBLISHED_ROW_TWICE, Place::Line(2)),
            ]
        );
        assert_eq!(list.price(ProductNo::new(1), Grade::default()), Some(LiPerKg::new(3_190)));
    }
}
