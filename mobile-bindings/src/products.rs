//! Products with today's prices.

use courtyard_core::desk::Catalogue as _;
use courtyard_core::domain::product::Product as Published;
use courtyard_core::domain::{Grade, GrowerId, ProductNo};
use courtyard_core::steward::Steward;

use crate::courtyard::Courtyard;
use crate::error::CourtyardError;
use crate::growers::grower_id;

/// A product of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Product {
    /// Its number on lines and lists.
    pub number: u32,
    /// The catalogue's own code.
    pub code: String,
    /// 品名.
    pub name: String,
    /// 品类.
    pub category: String,
    /// Its grades from the best, with today's list price.
    pub grades: Vec<GradePrice>,
    /// Whether the asked grower has a contract of it.
    pub contracted: bool,
}

/// A grade and what the list says of it today.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct GradePrice {
    /// Its letter.
    pub grade: String,
    /// The list price of today; none if the list has none.
    pub price_li_per_kg: Option<i64>,
}

/// A grade's letter as handed back.
pub(crate) fn grade(letter: &str) -> Result<Grade, CourtyardError> {
    Ok(letter.parse::<Grade>()?)
}

/// Products in the order given, with today's prices; those under contract first.
fn shown(
    steward: &Steward,
    products: Vec<Published>,
    grower: Option<GrowerId>,
) -> Result<Vec<Product>, CourtyardError> {
    let mut contracted: Vec<ProductNo> = Vec::new();
    if let Some(grower) = grower {
        for record in steward.contracts(Some(grower))? {
            contracted.extend(record.in_force().map(|version| version.terms.product));
        }
    }
    let catalogue = steward.store().catalogue();
    let list = catalogue.price_list_on(steward.today())?;
    let mut all = Vec::new();
    for product in products {
        let mut grades = Vec::new();
        for grade in (0..product.grades).filter_map(Grade::new) {
            let price = match list {
                Some(list) => catalogue.list_price(list, product.number, grade)?,
                None => None,
            };
            let price_li_per_kg = price.map(|price| price.get());
            grades.push(GradePrice { grade: grade.to_string(), price_li_per_kg });
        }
        all.push(Product {
            number: product.number.get(),
            code: product.code,
            name: product.name,
            category: product.category,
            grades,
            contracted: contracted.contains(&product.number),
        });
    }
    all.sort_by_key(|product| !product.contracted);
    Ok(all)
}

#[uniffi::export]
impl Courtyard {
    /// Every product; those that this grower has a contract of first.
    ///
    /// # Errors
    /// [`CourtyardError::Store`], or [`CourtyardError::Typed`] for no grower's number.
    pub fn products(&self, grower: Option<String>) -> Result<Vec<Product>, CourtyardError> {
        let steward = self.steward();
        let grower = grower.as_deref().map(grower_id).transpose()?;
        shown(&steward, steward.store().products()?, grower)
    }

    /// Products whose name, code, pinyin or initials fit what was typed.
    ///
    /// # Errors
    /// [`CourtyardError::Store`], or [`CourtyardError::Typed`] for no grower's number.
    pub fn search_products(
        &self,
        text: String,
        grower: Option<String>,
    ) -> Result<Vec<Product>, CourtyardError> {
        let steward = self.steward();
        let grower = grower.as_deref().map(grower_id).transpose()?;
        shown(&steward, steward.search_products(&text)?, grower)
    }
}
