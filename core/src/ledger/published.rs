//! What the district publishes: a fold of the county's books into catalogue, price lists, rules,
//! villages and device certificates.
//!
//! It takes entries in any order: of two values for one place, the order of everything decides.
//! Nothing here decides whether another entry counts; it feeds the desk, pages and exceptions.

use std::collections::BTreeMap;

use crate::domain::device::DeviceCertificate;
use crate::domain::price_list::PriceList;
use crate::domain::product::Product;
use crate::domain::revocation::DeviceRevocation;
use crate::domain::roster::Member;
use crate::domain::rules::Rules;
use crate::domain::village::Village;
use crate::domain::{Body, BusinessDate, DeviceNo, OperatorNo, ProductNo, VillageNo};

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
    revocations: BTreeMap<DeviceNo, (OrderKey, DeviceRevocation)>,
    roster: BTreeMap<OperatorNo, (OrderKey, Member)>,
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
        if !arrived.unsettled(own_reasons(arrived)).is_empty() {
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
            Body::DeviceRevocation(revocation) => {
                first(&mut self.revocations, revocation.device, key, revocation);
            }
            Body::Steward(member) => latest(&mut self.roster, member.number, key, member),
            Body::Slip(_)
            | Body::Void(_)
            | Body::ContractVersion(_)
            | Body::Payout(_)
            | Body::Note(_)
            | Body::RecoveredEntry(_)
            | Body::Return(_)
            | Body::PriceFix(_)
            | Body::Adjustment(_)
            | Body::Prepayment(_)
            | Body::InputCredit(_)
            | Body::Deposit(_)
            | Body::Confirmation(_)
            | Body::Receipt(_)
            | Body::BankReserve(_)
            | Body::BankApprove(_)
            | Body::BankFile(_)
            | Body::BankResult(_)
            | Body::FloatIssue(_)
            | Body::FloatAccept(_)
            | Body::FloatCount(_)
            | Body::FloatDifference(_)
            | Body::Question(_)
            | Body::Answer(_)
            | Body::Objection(_)
            | Body::Review(_)
            | Body::HoldDecision(_)
            | Body::IdentityLink(_)
            | Body::IdentityUnlink(_)
            | Body::MonthClose(_)
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

    /// The person of the roster with this number.
    pub fn member(&self, number: OperatorNo) -> Option<&Member> {
        self.roster.get(&number).map(|(_, member)| member)
    }

    /// The whole roster, in order of numbers.
    pub fn roster(&self) -> impl Iterator<Item = &Member> {
        self.roster.values().map(|(_, member)| member)
    }

    /// The end of this device, if the district has ended it. The first holds: what it wrote until
    /// then stands as it came.
    pub fn revocation(&self, device: DeviceNo) -> Option<&DeviceRevocation> {
        self.revocations.get(&device).map(|(_, revocation)| revocation)
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::device::DeviceRole;
    use crate::domain::price_list::PriceRow;
    use crate::domain::product::Products;
    use crate::domain::{
        Clock, EntityNo, Entry, EntryHash, EntryId, Envelope, Fen, Grade, LiPerKg, OperatorNo,
    };

    fn arrived(role: DeviceRole, sequence: u32, lamport: u64, body: Body) -> Arrived {
        let envelope = Envelope {
            lamport,
            date: day(1),
            clock: Clock::default(),
            entity: EntityNo::new(0),
            operator: OperatorNo::new(0),
            reissue_of: None,
        };
        let entry = Entry { envelope, body };
        let id = EntryId::new(DeviceNo::default(), sequence);
        Arrived::new(id, EntryHash::of(&entry.encode()), role, None, entry)
    }

    fn day(day: i32) -> BusinessDate {
        BusinessDate::from_days(18_000 + day).unwrap()
    }

    fn list(version: u32, from: i32) -> Body {
        let product = ProductNo::new(1);
        let price = LiPerKg::new(i64::from(version) * 1_000);
        let rows = vec![PriceRow { product, grade: Grade::default(), price }];
        PriceList { version, from: day(from), rows }.into()
    }

    fn product(name: &str) -> Body {
        let product = Product {
            number: ProductNo::new(1),
            code: "1".into(),
            name: name.into(),
            category: String::new(),
            grades: 2,
            grain_or_oil: false,
            usual_yield_per_mu: None,
        };
        Products { items: vec![product] }.into()
    }

    fn county(bodies: Vec<Body>) -> Vec<Arrived> {
        let numbered = bodies.into_iter().zip(1_u32..);
        numbered.map(|(body, n)| arrived(DeviceRole::CountyOffice, n, u64::from(n), body)).collect()
    }

    #[test]
    fn the_list_in_force_is_the_highest_version_that_had_taken_effect() {
        let entries = county(vec![list(1, 1), list(2, 10), list(3, 5)]);
        let published = Published::fold(&entries);
        let on = |date| published.price_list_on(day(date)).map(|l| l.version);
        assert_eq!(on(0), None);
        assert_eq!(on(1), Some(1));
        assert_eq!(on(4), Some(1));
        // Version 3 was published later and holds from day 5; version 2 never comes into force.
        assert_eq!(on(5), Some(3));
        assert_eq!(on(30), Some(3));
        assert_eq!(published.price_list(2).unwrap().from, day(10));
    }

    #[test]
    fn only_the_county_publishes() {
        let phone = arrived(DeviceRole::Phone, 1, 1, list(1, 1));
        let mut jumped = arrived(DeviceRole::CountyOffice, 1, 1, list(1, 1));
        jumped.lamport_jump = true;
        let mut published = Published::default();
        assert!(!published.apply(&phone));
        assert!(!published.apply(&jumped));
        assert_eq!(published, Published::default());
        assert_eq!(published.rules(), Rules::default());
    }

    #[test]
    fn a_device_number_keeps_its_first_certificate() {
        let certificate = |key: u8| -> Body {
            DeviceCertificate {
                device: DeviceNo::default(),
                public_key: [key; 32],
                role: DeviceRole::Phone,
                village: Some(VillageNo::new(1)),
                signature: [0; 64],
            }
            .into()
        };
        let entries = county(vec![certificate(1), certificate(2)]);
        let published = Published::fold(entries.iter().rev());
        assert_eq!(published.certificate(DeviceNo::default()).unwrap().public_key, [1; 32]);
    }

    proptest! {
        #[test]
        fn what_is_published_does_not_depend_on_arrival(order in Just((0..7).collect::<Vec<usize>>()).prop_shuffle()) {
            let rules = |unit| Body::from(Rules { cash_unit: Fen::new(unit), ..Rules::default() });
            let village = |name: &str| -> Body {
                Village { number: VillageNo::new(1), name: name.into(), entity: EntityNo::new(1) }.into()
            };
            let entries = county(vec![
                product("菠菜"), product("本地菠菜"), list(1, 1), rules(1), rules(10), village("上庄"), village("下庄"),
            ]);
            let published = Published::fold(order.iter().map(|&place| &entries[place]));
            prop_assert_eq!(&published, &Published::fold(&entries));
            prop_assert_eq!(&published.product(ProductNo::new(1)).unwrap().name, "本地菠菜");
            prop_assert_eq!(published.rules().cash_unit, Fen::new(10));
            prop_assert_eq!(&published.village(VillageNo::new(1)).unwrap().name, "下庄");
        }
    }
}
