//! The district's catalogue: what is bought, in which grades.

use minicbor::{Decode, Encode};

use super::ids::ProductNo;
use super::units::Grams;

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
