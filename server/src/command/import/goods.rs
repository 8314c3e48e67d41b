//! Products as a file names them: by code or by name, in a grade that they have.

use std::collections::BTreeMap;

use courtyard_core::domain::Grade;
use courtyard_core::domain::product::Product;

use super::Bad;
use super::values::unreadable;

/// The catalogue by code and by name.
#[derive(Debug, Default)]
pub(super) struct Goods(BTreeMap<String, Vec<Product>>);

impl Goods {
    /// Of these products.
    pub(super) fn of(products: impl IntoIterator<Item = Product>) -> Goods {
        let mut goods: BTreeMap<String, Vec<Product>> = BTreeMap::new();
        for product in products {
            goods.entry(product.code.clone()).or_default().push(product.clone());
            if product.name != product.code {
                goods.entry(product.name.clone()).or_default().push(product);
            }
        }
        Goods(goods)
    }

    /// The product of this code or name. A scale's own number is none of the catalogue's.
    pub(super) fn find(&self, line: u64, text: &str) -> Result<&Product, Bad> {
        match self.0.get(text).map(Vec::as_slice) {
            Some([product]) => Ok(product),
            Some([_, ..]) => Err(Bad::new(
                line,
                format!("目录里有不止一个“{text}”，请用编码。"),
                format!("The catalogue has more than one {text:?}. Use the code."),
            )),
            _ => Err(Bad::new(
                line,
                format!("目录里没有“{text}”，请先同步或导入品名。"),
                format!("The catalogue has no {text:?}. Sync, or import the products first."),
            )),
        }
    }
}

/// The grade in this cell, one that the product has; none if the cell is empty.
pub(super) fn grade(
    line: u64,
    text: &str,
    product: Option<&Product>,
) -> Result<Option<Grade>, Bad> {
    if text.is_empty() {
        return Ok(None);
    }
    let grade: Grade = text.parse().map_err(unreadable(line))?;
    match product {
        Some(product) if grade.get() >= product.grades => Err(Bad::new(
            line,
            format!("{} 只有 {} 个等级，没有 {grade}。", product.name, product.grades),
            format!("{} has {} grades, and no {grade}.", product.name, product.grades),
        )),
        _ => Ok(Some(grade)),
    }
}
