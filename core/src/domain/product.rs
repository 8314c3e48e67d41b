//! The district's catalogue: what is bought, in which grades.

use std::collections::BTreeSet;

use minicbor::{Decode, Encode};

use super::check::{Breach, Breaches, Check, Limits, Place};
use super::ids::ProductNo;
use super::rule::Rule;
use super::units::{Grade, Grams};

/// New or changed products; a product number that stands here again replaces what stood before.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Products {
    /// One or more products.
    #[n(0)]
    pub items: Vec<Product>,
}

/// One product of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Product {
    /// Its short number, on lines and price lists.
    #[n(0)]
    pub number: ProductNo,
    /// The catalogue's own code.
    #[n(1)]
    pub code: String,
    /// 品名.
    #[n(2)]
    pub name: String,
    /// 品类.
    #[n(3)]
    pub category: String,
    /// How many grades it has, from A.
    #[n(4)]
    pub grades: u8,
    /// Grain or oil crop (粮食/油料): no repayment is ever taken from it
    /// (粮食流通管理条例: no withholding, prompt payment).
    #[n(5)]
    pub grain_or_oil: bool,
    /// Usual yield in grams per mu (亩), for the warning beyond plausible yield.
    #[n(6)]
    pub usual_yield_per_mu: Option<Grams>,
}

impl Check for Products {
    fn check(&self, _: &Limits) -> Vec<Breach> {
        let mut found = Breaches::new();
        let mut seen = BTreeSet::new();
        for (row, product) in self.items.iter().enumerate() {
            let at = Place::Line(row);
            let graded = (1..=Grade::COUNT).contains(&product.grades);
            let usual = product.usual_yield_per_mu.is_none_or(|y| y > Grams::ZERO);
            found.demand(!product.name.trim().is_empty(), Rule::PUBLISHED_NAME_EMPTY, at);
            found.demand(graded, Rule::PUBLISHED_GRADES_OUT_OF_RANGE, at);
            found.demand(usual, Rule::PUBLISHED_LIMIT_OUT_OF_RANGE, at);
            found.demand(seen.insert(product.number), Rule::PUBLISHED_ROW_TWICE, at);
        }
        found.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::check::rules_of;

    #[test]
    fn a_product_has_a_name_and_grades_and_stands_once() {
        let sound = Product {
            number: ProductNo::new(1),
            code: "102900005115786".into(),
            name: "竹叶菜".into(),
            category: "花叶类".into(),
            grades: 26,
            grain_or_oil: false,
            usual_yield_per_mu: Some(Grams::new(1_500_000)),
        };
        let broken = |items: Vec<Product>| rules_of(&Products { items }.check(&Limits::LEDGER));
        assert!(broken(vec![sound.clone()]).is_empty());
        assert_eq!(broken(vec![sound.clone(), sound.clone()]), [Rule::PUBLISHED_ROW_TWICE]);
        let nameless = Product { name: " ".into(), ..sound.clone() };
        assert_eq!(broken(vec![nameless]), [Rule::PUBLISHED_NAME_EMPTY]);
        for grades in [0, 27] {
            let odd = Product { grades, ..sound.clone() };
            assert_eq!(broken(vec![odd]), [Rule::PUBLISHED_GRADES_OUT_OF_RANGE]);
        }
        let barren = Product { usual_yield_per_mu: Some(Grams::ZERO), ..sound };
        assert_eq!(broken(vec![barren]), [Rule::PUBLISHED_LIMIT_OUT_OF_RANGE]);
    }
}
