//! A village for the desk's tests: real entries, folded by the ledger, behind the catalogue.

use std::convert::Infallible;

use super::catalogue::{Catalogue, Visit};
use crate::domain::contract::{Beyond, ContractVersion};
use crate::domain::device::DeviceRole;
use crate::domain::price_list::{PriceList, PriceRow};
use crate::domain::product::{Product, Products};
use crate::domain::rules::Rules;
use crate::domain::{
    Area, BasisPoints, Body, BusinessDate, Clock, ContractId, DeviceNo, EntityNo, Entry, EntryHash,
    EntryId, Envelope, Fen, Grade, Grams, GrowerId, LiPerKg, OperatorNo, ProductNo, VillageNo,
};
use crate::ledger::{
    Arrived, ContractRecord, DebtRecord, MemoryRecords, Published, ReadRecords as _, Records as _,
    SlipRecord, fold,
};

/// 竹叶菜, in two grades.
pub(crate) const GREENS: ProductNo = ProductNo::new(1);
/// 红薯, on the catalogue and not on the list.
pub(crate) const SWEET_POTATO: ProductNo = ProductNo::new(2);

pub(crate) fn a() -> Grade {
    Grade::default()
}

pub(crate) fn b() -> Grade {
    Grade::new(1).unwrap()
}

pub(crate) fn phone(number: u16) -> DeviceNo {
    DeviceNo::new(number).unwrap()
}

pub(crate) fn grower() -> GrowerId {
    GrowerId::new(phone(1), 1)
}

/// 2020-07-01 06:03:50 in Shanghai.
pub(crate) const DAWN: Clock = Clock { wall_s: 1_593_554_630, uptime_s: 3_600 };

/// The grower at the scale of phone 1.
pub(crate) fn visit() -> Visit {
    Visit {
        grower: grower(),
        entity: EntityNo::new(1),
        device: phone(1),
        operator: OperatorNo::default(),
        date: "2020-07-01".parse().unwrap(),
        clock: DAWN,
        last_clock: Some(DAWN),
        own_household: false,
        day_confirmed: false,
    }
}

/// 400 jin and 10 % at 2.50 元/斤 on 0.3 mu; the line is at 220 kg.
pub(crate) fn contract() -> ContractVersion {
    ContractVersion {
        contract: ContractId::new(phone(1), 1),
        version: 1,
        grower: grower(),
        product: GREENS,
        area: Area::new(300),
        quantity: Grams::new(200_000),
        floor: LiPerKg::new(5_000),
        from: "2020-07-01".parse().unwrap(),
        to: "2020-09-30".parse().unwrap(),
        tolerance: BasisPoints::new(1_000),
        beyond: Beyond::ListPrice,
        agreed: Default::default(),
    }
}

/// Everything that the phones and the office wrote.
pub(crate) struct TestVillage {
    arrived: Vec<Arrived>,
    records: MemoryRecords,
    published: Published,
}

impl TestVillage {
    /// A catalogue of two products, and a list with the first: A at 3.19, B at 2.00 元/kg.
    pub(crate) fn new() -> Self {
        let product = |number, name: &str, grades| Product {
            number,
            code: name.into(),
            name: name.into(),
            category: "花叶类".into(),
            grades,
            grain_or_oil: false,
            usual_yield_per_mu: Some(Grams::new(1_000_000)),
        };
        let items = vec![product(GREENS, "竹叶菜", 2), product(SWEET_POTATO, "红薯", 1)];
        let row = |grade, price| PriceRow { product: GREENS, grade, price: LiPerKg::new(price) };
        let rows = vec![row(a(), 3_190), row(b(), 2_000)];
        let from = "2020-07-01".parse().unwrap();
        let mut village = TestVillage {
            arrived: Vec::new(),
            records: MemoryRecords::new(),
            published: Published::default(),
        };
        village.publish(Products { items });
        village.publish(PriceList { version: 7, from, rows });
        village
    }

    pub(crate) fn publish(&mut self, body: impl Into<Body>) {
        self.write(phone(9), DeviceRole::CountyOffice, visit().clock, body.into());
    }

    /// Saves an entry of phone 1 as of the visit.
    pub(crate) fn save(&mut self, body: impl Into<Body>) -> EntryId {
        self.save_on(phone(1), body)
    }

    pub(crate) fn save_on(&mut self, device: DeviceNo, body: impl Into<Body>) -> EntryId {
        self.write(device, DeviceRole::Phone, visit().clock, body.into())
    }

    /// The village's office writes it.
    pub(crate) fn save_at_office(&mut self, body: impl Into<Body>) -> EntryId {
        self.write(phone(7), DeviceRole::VillageOffice, visit().clock, body.into())
    }

    pub(crate) fn hash(&self, id: EntryId) -> EntryHash {
        self.arrived.iter().find(|a| a.id == id).unwrap().hash
    }

    fn write(&mut self, device: DeviceNo, role: DeviceRole, clock: Clock, body: Body) -> EntryId {
        let sequence = u32::try_from(self.arrived.len()).unwrap() + 1;
        let envelope = Envelope {
            lamport: u64::from(sequence),
            date: visit().date,
            clock,
            entity: EntityNo::new(1),
            operator: OperatorNo::new(0),
            reissue_of: None,
        };
        let entry = Entry { envelope, body };
        let id = EntryId::new(device, sequence);
        let hash = EntryHash::of(&entry.encode());
        self.arrived.push(Arrived::new(id, hash, role, Some(VillageNo::new(1)), entry));
        self.records = fold(&self.arrived).unwrap();
        self.published = Published::fold(&self.arrived);
        id
    }
}

impl Catalogue for TestVillage {
    type Error = Infallible;

    fn rules(&self) -> Result<Rules, Infallible> {
        Ok(self.published.rules())
    }

    fn product(&self, product: ProductNo) -> Result<Option<Product>, Infallible> {
        Ok(self.published.product(product).cloned())
    }

    fn price_list_on(&self, date: BusinessDate) -> Result<Option<u32>, Infallible> {
        Ok(self.published.price_list_on(date).map(|list| list.version))
    }

    fn list_price(
        &self,
        version: u32,
        product: ProductNo,
        grade: Grade,
    ) -> Result<Option<LiPerKg>, Infallible> {
        Ok(self.published.price_list(version).and_then(|list| list.price(product, grade)))
    }

    fn contracts(&self, grower: GrowerId) -> Result<Vec<ContractRecord>, Infallible> {
        Ok(self.records.contracts(grower).unwrap())
    }

    fn slips_between(
        &self,
        grower: GrowerId,
        from_wall_s: i64,
        to_wall_s: i64,
    ) -> Result<Vec<SlipRecord>, Infallible> {
        let mut slips = self.records.slips(grower).unwrap();
        slips.retain(|slip| (from_wall_s..=to_wall_s).contains(&slip.clock.wall_s));
        Ok(slips)
    }

    fn slip(&self, id: EntryId) -> Result<Option<SlipRecord>, Infallible> {
        let slip = |grower| self.records.slip(grower, id).unwrap();
        Ok(self.records.growers().into_iter().find_map(slip))
    }

    fn unpaid(&self, grower: GrowerId, entity: EntityNo) -> Result<Vec<SlipRecord>, Infallible> {
        let mut slips = self.records.slips(grower).unwrap();
        slips.retain(|slip| slip.entity == entity && slip.remaining > Fen::ZERO);
        slips.sort_by_key(|slip| slip.id.sequence);
        Ok(slips)
    }

    fn debts(&self, grower: GrowerId) -> Result<Vec<DebtRecord>, Infallible> {
        Ok(self.records.all_kept(grower.into()).unwrap())
    }
}
