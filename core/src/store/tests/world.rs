//! A small district for tests: keys from fixed seeds, stores in a folder that goes away.

use std::collections::BTreeMap;
use std::path::PathBuf;

use rusqlite::Connection;
use rusqlite::types::Value as Sql;

use crate::document::{DeviceKey, OfficeCertificate, issue_device_certificate};
use crate::domain::contract::{Beyond, ContractVersion};
use crate::domain::debt::{DebtTerms, Prepayment, Purse};
use crate::domain::device::{DeviceCertificate, DeviceRole};
use crate::domain::payout::{Allocation, Payout};
use crate::domain::price_list::{PriceList, PriceRow};
use crate::domain::product::{Product, Products};
use crate::domain::roster::{Duty, Member};
use crate::domain::slip::{Line, PriceReason, Segment, Slip, Weighing};
use crate::domain::village::Village;
use crate::domain::void::Void;
use crate::domain::{
    Area, BasisPoints, Body, BusinessDate, Clock, ContractId, DeviceNo, EntityNo, EntryHash,
    EntryId, Fen, Grade, Grams, GrowerId, LiPerKg, OperatorNo, ProductNo, VillageNo,
};
use crate::store::*;
use crate::sync::Replica as _;
use crate::wire::{BookPart, EditPart};

pub(crate) const VILLAGE: VillageNo = VillageNo::new(1);
pub(crate) const LEAVES: ProductNo = ProductNo::new(1);
pub(crate) const ENTITY: EntityNo = EntityNo::new(1);

pub(crate) fn device(number: u16) -> DeviceNo {
    DeviceNo::new(number).unwrap()
}

pub(crate) fn grower(number: u16, counter: u32) -> GrowerId {
    GrowerId::new(device(number), counter)
}

/// Not random: the tests ask for salts only.
pub(crate) struct Counter(pub(crate) u8);

impl rand_core::TryRng for Counter {
    type Error = std::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        self.0 = self.0.wrapping_add(1);
        Ok(u32::from(self.0))
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        self.0 = self.0.wrapping_add(1);
        Ok(u64::from(self.0))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
        self.0 = self.0.wrapping_add(1);
        bytes.fill(self.0);
        Ok(())
    }
}

impl rand_core::TryCryptoRng for Counter {}

/// The key and the certificates of a district; device 0 is the county's, device 1 the village's.
pub(crate) struct District {
    office: DeviceKey,
    pub(crate) trust: Trust,
    pub(crate) folder: tempfile::TempDir,
}

impl District {
    pub(crate) fn new() -> Self {
        let root = DeviceKey::from_seed([1; 32]);
        let office = DeviceKey::from_seed([2; 32]);
        let certificate = OfficeCertificate::issue(&root, &office.public());
        let trust = Trust::new(root.public(), certificate).unwrap();
        District { office, trust, folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn signer(&self, number: u16) -> Signer {
        let (role, village) = match number {
            0 => (DeviceRole::CountyOffice, None),
            1 => (DeviceRole::VillageOffice, Some(VILLAGE)),
            _ => (DeviceRole::Phone, Some(VILLAGE)),
        };
        let mut seed = [9; 32];
        seed[..2].copy_from_slice(&number.to_be_bytes());
        let key = DeviceKey::from_seed(seed);
        let district = *self.trust.district();
        let certificate = issue_device_certificate(
            &self.office,
            &district,
            device(number),
            &key.public(),
            role,
            village,
        );
        Signer::new(key, district, certificate).unwrap()
    }

    pub(crate) fn certificates(&self, numbers: &[u16]) -> Vec<DeviceCertificate> {
        numbers.iter().map(|&number| self.signer(number).certificate().clone()).collect()
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A store that knows the district and the devices of these numbers.
    pub(crate) fn store(&self, name: &str, known: &[u16]) -> Store {
        let mut store = Store::open(OpenOptions::rebuildable(self.path(name))).unwrap();
        store.trust(&self.trust).unwrap();
        let certificates = self.certificates(known);
        let incoming = Incoming { certificates: &certificates, ..Incoming::default() };
        store.ingest(incoming, Checked::Here).unwrap();
        store
    }
}

pub(crate) fn new_entry(body: impl Into<Body>) -> NewEntry {
    NewEntry {
        date: "2020-07-01".parse::<BusinessDate>().unwrap(),
        clock: Clock { wall_s: 1_593_554_630, uptime_s: 3_600 },
        entity: ENTITY,
        operator: OperatorNo::new(0),
        body: body.into(),
        reissue_of: None,
    }
}

pub(crate) fn slip(grower: GrowerId, net_g: i64) -> Slip {
    let (net, price) = (Grams::new(net_g), LiPerKg::new(3_190));
    let segments = vec![Segment { weight: net, price, reason: PriceReason::Stated }];
    let mut line = Line {
        product: LEAVES,
        grade: Grade::default(),
        weighings: vec![Weighing { gross: Grams::new(net_g + 1_500), tare: Grams::new(1_500) }],
        deductions: Vec::new(),
        segments,
        amount: Fen::ZERO,
        contract: None,
        marks: Default::default(),
    };
    line.amount = line.computed_amount().unwrap();
    Slip { grower, lines: vec![line], price_list: None, visit: Default::default() }
}

pub(crate) fn on_contract(mut slip: Slip, contract: ContractId) -> Slip {
    slip.lines[0].contract = Some(contract);
    slip
}

pub(crate) fn contract(grower: GrowerId, contract: ContractId) -> ContractVersion {
    ContractVersion {
        contract,
        version: 1,
        grower,
        product: LEAVES,
        area: Area::new(300),
        quantity: Grams::new(200_000),
        floor: LiPerKg::new(2_500),
        from: "2020-03-01".parse().unwrap(),
        to: "2020-12-31".parse().unwrap(),
        tolerance: BasisPoints::new(1_000),
        beyond: Beyond::ListPrice,
        agreed: Default::default(),
    }
}

/// Money paid ahead out of the phone's float.
pub(crate) fn prepayment(grower: GrowerId, amount: Fen) -> Body {
    let due = "2020-07-01".parse().unwrap();
    let terms = DebtTerms { due, share: BasisPoints::new(5_000) };
    Prepayment { grower, contract: None, amount, terms, purse: Purse::Float }.into()
}

pub(crate) fn payout(grower: GrowerId, slip: EntryId, amount: Fen) -> Payout {
    let allocations = vec![Allocation { slip, amount }];
    Payout {
        grower,
        cash: amount,
        allocations,
        rounding: Fen::ZERO,
        repayments: Vec::new(),
        recipient: Default::default(),
    }
}

pub(crate) fn void(grower: GrowerId, target: EntryId, target_hash: EntryHash) -> Void {
    Void { target, target_hash, grower, reason: "typed twice".into(), replacement: None }
}

/// What the county publishes before anything is bought.
pub(crate) fn catalogue() -> Vec<Body> {
    let leaves = Product {
        number: LEAVES,
        code: "102900005115786".into(),
        name: "竹叶菜".into(),
        category: "花叶类".into(),
        grades: 3,
        grain_or_oil: false,
        usual_yield_per_mu: None,
    };
    let row = PriceRow { product: LEAVES, grade: Grade::default(), price: LiPerKg::new(3_190) };
    let list = PriceList { version: 1, from: "2020-07-01".parse().unwrap(), rows: vec![row] };
    let village = Village { number: VILLAGE, name: "柳树湾".into(), entity: ENTITY };
    let buyer = Member {
        number: OperatorNo::new(3),
        name: "陈秀英".into(),
        village: Some(VILLAGE),
        duty: Duty::Steward,
        active: true,
        household: Some(grower(5, 3)),
        device: Some(device(5)),
    };
    vec![Products { items: vec![leaves] }.into(), list.into(), village.into(), buyer.into()]
}

/// Saves one entry, in a transaction of its own.
pub(crate) fn save(store: &mut Store, signer: &Signer, body: impl Into<Body>) -> Saved {
    let new = new_entry(body);
    store.work(signer, |work| work.save(new.clone())).unwrap()
}

/// Everything that a device has written and the server has not acknowledged.
pub(crate) fn parts(store: &mut Store, signer: &Signer) -> (Vec<BookPart>, Vec<EditPart>) {
    let out = StoreReplica::new(store, signer, Clock::default()).outgoing(usize::MAX).unwrap();
    (out.books, out.edits)
}

/// Every row of every projection, table by table.
pub(crate) fn projections(store: &Store) -> Vec<(String, Vec<Vec<Sql>>)> {
    let connection = store.reader();
    assert_eq!(sums_of(connection), scanned(connection));
    let tables = schema::projection_tables(connection).unwrap();
    tables.into_iter().map(|table| (table.clone(), rows(store, &table))).collect()
}

/// Every row of a table, sorted.
pub(crate) fn rows(store: &Store, table: &str) -> Vec<Vec<Sql>> {
    let mut statement = store.reader().prepare(&format!("SELECT * FROM {table}")).unwrap();
    let columns = statement.column_count();
    let mut rows: Vec<Vec<Sql>> = statement
        .query_map([], |row| (0..columns).map(|i| row.get(i)).collect())
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    rows.sort_by_key(|row| format!("{row:?}"));
    rows
}

/// Table, first day of the month, key; count, net, amount, unpaid.
type SumRows = BTreeMap<(&'static str, i32, i64), [i64; 4]>;

/// The sums that are kept.
pub(crate) fn sums_of(connection: &Connection) -> SumRows {
    let mut all = SumRows::new();
    for (table, key) in [
        ("sums_by_village", "village"),
        ("sums_by_grower", "grower"),
        ("sums_by_product", "product"),
    ] {
        let sql = format!("SELECT month, {key}, count, net_g, amount_fen, unpaid_fen FROM {table}");
        let mut statement = connection.prepare(&sql).unwrap();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let sum = [2, 3, 4, 5].map(|column| row.get(column).unwrap());
            all.insert((table, row.get(0).unwrap(), row.get(1).unwrap()), sum);
        }
    }
    all
}

/// The same from the slips themselves.
pub(crate) fn scanned(connection: &Connection) -> SumRows {
    let mut all = SumRows::new();
    for (table, sql) in [
        (
            "sums_by_village",
            "SELECT day, coalesce(village, 0), net_g, paid_fen + remaining_fen, remaining_fen
             FROM slips WHERE state = 0",
        ),
        (
            "sums_by_grower",
            "SELECT day, grower, net_g, paid_fen + remaining_fen, remaining_fen
             FROM slips WHERE state = 0",
        ),
        (
            "sums_by_product",
            "SELECT day, product, l.net_g, owed_fen, 0
             FROM slips s JOIN lines l ON l.slip = s.id WHERE state = 0",
        ),
    ] {
        let mut statement = connection.prepare(sql).unwrap();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let day = BusinessDate::from_days(row.get(0).unwrap()).unwrap();
            let key = (table, day.month().first_day().days(), row.get(1).unwrap());
            let sum = all.entry(key).or_default();
            sum[0] += 1;
            for (at, column) in [(1, 2), (2, 3), (3, 4)] {
                sum[at] += row.get::<_, i64>(column).unwrap();
            }
        }
    }
    all
}
