//! What the district publishes: a fold of the county's books into catalogue, price lists, rules,
//! villages and device certificates.
//!
//! It takes entries in any order: of two values for one place, the order of everything decides.
//! Nothing here decides whether another entry counts; it feeds the desk, pages and exceptions.

use std::collections::BTreeMap;

use crate::domain::device::DeviceCertificate;
use crate::domain::price_list::PriceList;
use crate::domain::product::Product;
use crate::domain::rules::Rules;
use crate::domain::village::Village;
use crate::domain::{Body, BusinessDate, DeviceNo, ProductNo, VillageNo};

use super::arrived::Arrived;
use super::fold::own_reasons;
use super::order::OrderKey;

/// The district's lists and rules, as far as they arrived.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Published {
    products: BTreeMap<ProductNo, (OrderKey, Product)>,
    price_lists: BTreeMap<u32, (OrderKey, PriceList)>,
    rules: Option<(OrderKey, Rules)>,
    villages: BTreeMap<VillageNo, (OrderKey, Village)>,
    certificates: BTreeMap<DeviceNo, (OrderKey, DeviceCertificate)>,
}

impl Published {
    /// Folds these entries; what is not the county's to publish is passed over.
    pub fn fold<'a>(arrived: impl IntoIterator<Item = &'a Arrived>) -> Self {
        let mut published = Published::default();
        for arrived in arrived {
            published.apply(arrived);
        }
        published
    }

    /// Takes one entry, whenever it arrives; whether it was one of the county's that counts.
    pub fn apply(&mut self, arrived: &Arrived) -> bool {
        if !own_reasons(arrived).is_empty() {
            return false;
        }
        let key = arrived.order();
        match &arrived.entry.body {
            Body::Products(products) => {
                for product in &products.items {
                    latest(&mut self.products, product.number, key, product);
                }
            }
            Body::PriceList(list) => latest(&mut self.price_lists, list.version, key, list),
            Body::Rules(rules) => {
                if self.rules.as_ref().is_none_or(|(stands, _)| *stands <= key) {
                    self.rules = Some((key, rules.clone()));
                }
            }
            Body::Village(village) => latest(&mut self.villages, village.number, key, village),
            Body::DeviceCertificate(certificate) => {
                first(&mut self.certificates, certificate.device, key, certificate);
            }
            Body::Slip(_)
            | Body::Void(_)
            | Body::ContractVersion(_)
            | Body::Payout(_)
            | Body::Note(_)
            | Body::Unknown { .. } => return false,
        }
        true
    }

    /// The product with this number.
    pub fn product(&self, number: ProductNo) -> Option<&Product> {
        self.products.get(&number).map(|(_, product)| product)
    }

    /// The whole catalogue, in order of numbers.
    pub fn products(&self) -> impl Iterator<Item = &Product> {
        self.products.values().map(|(_, product)| product)
    }

    /// The price list version with this number: the one that a slip names.
    pub fn price_list(&self, version: u32) -> Option<&PriceList> {
        self.price_lists.get(&version).map(|(_, list)| list)
    }

    /// The price list version in force on a date: the highest that had taken effect.
    pub fn price_list_on(&self, date: BusinessDate) -> Option<&PriceList> {
        self.price_lists.values().rev().map(|(_, list)| list).find(|list| list.from <= date)
    }

    /// Every price list version, in order of numbers.
    pub fn price_lists(&self) -> impl Iterator<Item = &PriceList> {
        self.price_lists.values().map(|(_, list)| list)
    }

    /// The rules in force; [`Rules::default`] until the district publishes its own.
    pub fn rules(&self) -> Rules {
        self.rules.as_ref().map(|(_, rules)| rules.clone()).unwrap_or_default()
    }

    /// The village with this number.
    pub fn village(&self, number: VillageNo) -> Option<&Village> {
        self.villages.get(&number).map(|(_, village)| village)
    }

    /// Every village, in order of numbers.
    pub fn villages(&self) -> impl Iterator<Item = &Village> {
        self.villages.values().map(|(_, village)| village)
    }

    /// The certificate of this device. The first holds: a number is never given twice.
    pub fn certificate(&self, device: DeviceNo) -> Option<&DeviceCertificate> {
        self.certificates.get(&device).map(|(_, certificate)| certificate)
    }

    /// Every certificate, in order of device numbers.
    pub fn certificates(&self) -> impl Iterator<Item = &DeviceCertificate> {
        self.certificates.values().map(|(_, certificate)| certificate)
    }
}

fn latest<K: Ord, V: Clone>(
    map: &mut BTreeMap<K, (OrderKey, V)>,
    place: K,
    key: OrderKey,
    value: &V,
) {
    if map.get(&place).is_none_or(|(stands, _)| *stands <= key) {
        map.insert(place, (key, value.clone()));
    }
}

fn first<K: Ord, V: Clone>(
    map: &mut BTreeMap<K, (OrderKey, V)>,
    place: K,
    key: OrderKey,
    value: &V,
) {
    if map.get(&place).is_none_or(|(stands, _)| key < *stands) {
        map.insert(place, (key, value.clone()));
    }
}
