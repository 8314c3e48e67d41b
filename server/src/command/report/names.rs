//! Names for numbers, read once for a report.

use std::collections::BTreeMap;

use courtyard_core::domain::float::Holder;
use courtyard_core::domain::{BusinessDate, DeviceNo, GrowerId, OperatorNo, ProductNo, VillageNo};
use courtyard_core::store::{NameSpan, Store, StoreError};

use super::unread;
use crate::command::Failure;
use crate::command::place::no_village;

/// Villages and growers.
#[derive(Debug)]
pub(crate) struct Names {
    villages: BTreeMap<VillageNo, String>,
    growers: BTreeMap<GrowerId, String>,
    renamed: BTreeMap<GrowerId, Vec<NameSpan>>,
}

impl Names {
    pub(super) fn read(store: &Store) -> Result<Names, Failure> {
        Names::of(store).map_err(unread)
    }

    /// All that the store knows.
    ///
    /// # Errors
    /// The store's own.
    pub(crate) fn of(store: &Store) -> Result<Names, StoreError> {
        let villages = store.villages()?.into_iter().map(|v| (v.number, v.name));
        let growers = store.growers(None)?.into_iter().map(|g| (g.id, g.name));
        Ok(Names {
            villages: villages.collect(),
            growers: growers.collect(),
            renamed: store.renamed()?,
        })
    }

    /// The same without the names of households: for whom they are not.
    pub(crate) fn without_growers(store: &Store) -> Result<Names, StoreError> {
        let villages = store.villages()?.into_iter().map(|v| (v.number, v.name));
        Ok(Names {
            villages: villages.collect(),
            growers: BTreeMap::new(),
            renamed: BTreeMap::new(),
        })
    }

    /// The village's name, or its number if it has none; empty without a village.
    pub(super) fn village(&self, number: Option<VillageNo>) -> String {
        number.map_or_else(String::new, |number| {
            self.villages.get(&number).cloned().unwrap_or_else(|| number.to_string())
        })
    }

    /// The grower's name in the register; empty if they are in none.
    pub(super) fn grower(&self, id: GrowerId) -> String {
        self.growers.get(&id).cloned().unwrap_or_default()
    }

    /// The grower's name on a day: a slip shows the name that was true when it was written.
    pub(super) fn grower_on(&self, id: GrowerId, day: BusinessDate) -> String {
        let names = self.renamed.get(&id).and_then(|names| NameSpan::on(names, day));
        names.map_or_else(|| self.grower(id), str::to_owned)
    }

    /// The village that a person means by its name or number.
    pub(super) fn find(&self, asked: Option<&str>) -> Result<Option<VillageNo>, Failure> {
        let Some(asked) = asked.map(str::trim) else { return Ok(None) };
        let named = self.villages.iter().find(|(_, name)| *name == asked).map(|(n, _)| *n);
        let numbered = || {
            let number = asked.parse().ok().map(VillageNo::new)?;
            self.villages.contains_key(&number).then_some(number)
        };
        named.or_else(numbered).map(Some).ok_or_else(|| no_village(asked))
    }
}

/// Products of the catalogue.
pub(super) struct Products(BTreeMap<ProductNo, String>);

impl Products {
    pub(super) fn read(store: &Store) -> Result<Products, Failure> {
        let products = store.products().map_err(unread)?;
        Ok(Products(products.into_iter().map(|product| (product.number, product.name)).collect()))
    }

    /// The product's name, or its number if the catalogue does not have it.
    pub(super) fn name(&self, number: ProductNo) -> String {
        self.0.get(&number).cloned().unwrap_or_else(|| number.to_string())
    }
}

/// People of the roster, and whose phone is whose.
pub(super) struct People {
    names: BTreeMap<OperatorNo, String>,
    phones: BTreeMap<DeviceNo, String>,
}

impl People {
    pub(super) fn read(store: &Store) -> Result<People, Failure> {
        let roster = store.roster().map_err(unread)?;
        let names = roster.iter().map(|member| (member.number, member.name.clone()));
        let phones = roster.iter().filter(|member| member.active);
        let phones = phones.filter_map(|member| Some((member.device?, member.name.clone())));
        Ok(People { names: names.collect(), phones: phones.collect() })
    }

    /// Who holds the cash: the name in the roster, else the number or the phone's code.
    pub(super) fn holder(&self, holder: Holder) -> String {
        let name = match holder {
            Holder::Office => Some("县社 office".to_owned()),
            Holder::Person(number) => self.names.get(&number).cloned(),
            Holder::Phone(device) => self.phones.get(&device).cloned(),
        };
        name.unwrap_or_else(|| holder.to_string())
    }
}

#[cfg(test)]
mod tests {
    use courtyard_core::document::Value;
    use courtyard_core::document::register::keys::{grower_name_key, grower_since_key};

    use super::*;
    use crate::command::place::tests::node;

    #[test]
    fn a_slip_of_an_old_day_shows_the_old_name() {
        let (mut node, _folder) = node();
        let village = node.add_village("石桥村", None).unwrap();
        let h: GrowerId = "H-002-1".parse().unwrap();
        let fields = vec![
            (grower_name_key(h, 1), Value::from("王桂花")),
            (grower_name_key(h, 2), Value::from("王贵花")),
            (grower_since_key(h, 2), Value::from("2026-07-10")),
        ];
        node.edit_register(village, vec![fields]).unwrap();
        let names = Names::read(node.view().unwrap().store()).unwrap();
        assert_eq!(names.grower_on(h, "2026-07-09".parse().unwrap()), "王桂花");
        assert_eq!(names.grower_on(h, "2026-07-10".parse().unwrap()), "王贵花");
        assert_eq!(names.grower(h), "王贵花");
        let unknown = "H-002-2".parse().unwrap();
        assert_eq!(names.grower_on(unknown, "2026-07-10".parse().unwrap()), "");
    }
}
