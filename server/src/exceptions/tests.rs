use std::collections::BTreeSet;

use courtyard_core::document::{
    Actor, BookId, BookTip, DeviceKey, Signature, Value, append, issue_device_certificate,
    open_book,
};
use courtyard_core::domain::confirmation::{Confirmation, Means};
use courtyard_core::domain::contract::{Beyond, ContractVersion};
use courtyard_core::domain::device::{DeviceCertificate, DeviceRole};
use courtyard_core::domain::float::FloatCount;
use courtyard_core::domain::hold::{Evidence, HoldDecision};
use courtyard_core::domain::payout::{Allocation, Payout};
use courtyard_core::domain::price_list::{PriceList, PriceRow};
use courtyard_core::domain::question::{Objection, Review};
use courtyard_core::domain::recovered::RecoveredEntry;
use courtyard_core::domain::returned::Return;
use courtyard_core::domain::slip::{Line, PriceReason, Segment, Slip, Weighing};
use courtyard_core::domain::void::Void;
use courtyard_core::domain::{
    Area, BasisPoints, Body, BusinessDate, Clock, ContractId, DeviceNo, EntityNo, Entry, EntryHash,
    EntryId, Envelope, Fen, Grade, Grams, GrowerId, Holder, LiPerKg, OperatorNo, PersonNo,
    ProductNo, Sequence, VillageNo,
};
use courtyard_core::ledger::exceptions::{
    Around, Exception, ExceptionKind, Facts, Folded, exceptions,
};
use courtyard_core::ledger::{ContractRecord, CountRecord, Published, SlipRecord};
use courtyard_core::store::Store;
use rand::rngs::ChaCha8Rng;
use rand::{RngExt as _, SeedableRng as _};

use super::around::fork;
use super::phones::silent;
use super::*;
use crate::command::place::tests::{MORNING_MS, node};
use crate::folder::read_key;
use crate::log::{Device, DeviceState, NewBatch};
use crate::node::Node;
use crate::office::publish::Stamp;

const VILLAGE: VillageNo = VillageNo::new(1);

/// Everything at once, from all entries: what the parts together must come to.
fn from_scratch(store: &Store, phones: &[Phone], today: BusinessDate) -> Vec<Exception> {
    let mut published = Published::default();
    let mut entries = Vec::new();
    let mut slips: Vec<SlipRecord> = Vec::new();
    let mut contracts: Vec<ContractRecord> = Vec::new();
    let (mut debts, mut payouts, mut excesses) = (Vec::new(), Vec::new(), Vec::new());
    for stored in store.entries_of(None).unwrap() {
        published.apply(&stored.arrived);
        entries.push(Folded::new(&stored.arrived, stored.status));
    }
    for partition in store.partitions().unwrap() {
        let mut seen = BTreeSet::new();
        for stored in store.entries_of(Some(partition)).unwrap() {
            if seen.insert(stored.arrived.id) {
                let slip = store.slip(stored.arrived.id).unwrap();
                slips.extend(slip.filter(|slip| Some(slip.grower) == partition.grower()));
            }
            entries.push(Folded::new(&stored.arrived, stored.status));
        }
        if let Some(grower) = partition.grower() {
            contracts.extend(store.contracts(grower).unwrap());
            debts.extend(store.all_kept(partition).unwrap());
            excesses.extend(store.all_kept(partition).unwrap());
            payouts.extend(store.payouts_of(grower).unwrap());
        }
    }
    let growers = store.growers(None).unwrap();
    let registered: BTreeSet<GrowerId> = growers.iter().map(|row| row.id).collect();
    let village_of = |grower| growers.iter().find(|row| row.id == grower).map(|row| row.village);
    let conflicts: Vec<_> =
        store.conflicts(None).unwrap().into_iter().map(|c| (c.village, c.grower, c.key)).collect();
    let candidates: Vec<_> = store
        .candidates(None)
        .unwrap()
        .into_iter()
        .map(|c| (c.one, c.other, village_of(c.one)))
        .collect();
    let served = |device| store.certificate(device).unwrap().and_then(|c| c.village);
    let forks: Vec<_> = store.set_aside().unwrap().iter().filter_map(fork).collect();
    let forks: Vec<_> = forks.into_iter().map(|id| (id, served(id.device))).collect();
    let missing: Vec<_> = store
        .missing_numbers()
        .unwrap()
        .into_iter()
        .map(|(device, first, last)| (device, served(device), first, last))
        .collect();
    let threads = store.threads().unwrap();
    let waiting = words::waiting(store, &threads).unwrap();
    let counts = store.kept_everywhere::<CountRecord>().unwrap();
    let tills = store.tills().unwrap();
    let silent = silent(phones, today, published.rules().bookkeeping.silent_days);
    let mut found = exceptions(&Facts {
        published: &published,
        is_registered: &|grower| registered.contains(&grower),
        slips: &slips,
        contracts: &contracts,
        entries: &entries,
        debts: &debts,
        payouts: &payouts,
        excesses: &excesses,
        today: Some(today),
        around: Around {
            conflicts: &conflicts,
            candidates: &candidates,
            forks: &forks,
            words: &waiting,
            counts: &counts,
            tills: &tills,
            silent: &silent,
            missing: &missing,
        },
    });
    let accepted = words::accepted(&threads);
    found.retain(|exception| !words::is_reviewed(exception, &accepted));
    found
}

/// A phone that writes into the log by itself.
struct Pen {
    device: DeviceNo,
    certificate: DeviceCertificate,
    actor: Actor,
    tip: BookTip,
    written: u32,
    clock: Clock,
}

/// A slip of one line.
fn slip(
    grower: GrowerId,
    net: Grams,
    price: LiPerKg,
    amount: Fen,
    reason: PriceReason,
    contract: Option<ContractId>,
    price_list: Option<u32>,
) -> Body {
    let tare = Grams::new(1_500);
    let line = Line {
        product: ProductNo::new(1),
        grade: Grade::default(),
        weighings: vec![Weighing { gross: net.plus(tare).unwrap(), tare }],
        deductions: Vec::new(),
        segments: vec![Segment { weight: net, price, reason }],
        amount,
        contract,
        marks: Default::default(),
    };
    Slip { grower, lines: vec![line], price_list, visit: Default::default() }.into()
}

/// A village whose phones, growers and office do this and that.
struct Village {
    node: Node,
    _folder: tempfile::TempDir,
    rng: ChaCha8Rng,
    pens: Vec<Pen>,
    /// What was written, with the hash and the grower.
    written: Vec<(EntryId, EntryHash, GrowerId, Body)>,
    lamport: u64,
    lists: u32,
    days: i32,
}

impl Village {
    fn new(seed: u64) -> Village {
        let (mut node, folder) = node();
        node.add_village("石桥村", None).unwrap();
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let office = read_key(&node.folder().office_key()).unwrap().unwrap();
        let county = node.read().unwrap().county().unwrap().unwrap();
        let pens = (0..3_u16)
            .map(|n| {
                let device = DeviceNo::new(100 + n).unwrap();
                let key = DeviceKey::from_seed(rng.random());
                let public = key.public();
                let (role, village) = (DeviceRole::Phone, Some(VILLAGE));
                let certificate = issue_device_certificate(
                    &office,
                    &county.district,
                    device,
                    &public,
                    role,
                    village,
                );
                let actor = Actor::of(&public);
                let book = BookId { device, number: 0 };
                let tip = open_book(&county.district, &actor, book, None);
                let clock = Clock { wall_s: MORNING_MS / 1_000, uptime_s: 100 };
                Pen { device, certificate, actor, tip, written: 0, clock }
            })
            .collect::<Vec<_>>();
        node.act(|_, tx, now_ms, _| {
            for pen in &pens {
                let (certificate, state) = (pen.certificate.clone(), DeviceState::Active);
                tx.put_device(&Device { certificate, state, lamport: 0, since_ms: now_ms })?;
            }
            Ok(())
        })
        .unwrap();
        let written = Vec::new();
        Village { node, _folder: folder, rng, pens, written, lamport: 100, lists: 0, days: 0 }
    }

    fn below(&mut self, n: usize) -> usize {
        self.rng.random_range(0..n)
    }

    fn any<T: Copy>(&mut self, of: &[T]) -> T {
        let place = self.below(of.len());
        of[place]
    }

    fn grower(&mut self) -> GrowerId {
        let number = self.any(&[1, 1, 2, 2, 3, 4]);
        GrowerId::new(DeviceNo::new(2).unwrap(), number)
    }

    /// Something that was written before, of which this is true.
    fn former(&mut self, wanted: impl Fn(&Body) -> bool) -> Option<(EntryId, EntryHash, GrowerId)> {
        let all: Vec<_> = self.written.iter().filter(|(.., body)| wanted(body)).collect();
        if all.is_empty() {
            return None;
        }
        let place = self.rng.random_range(0..all.len());
        let (id, hash, grower, _) = all[place];
        Some((*id, *hash, *grower))
    }

    fn envelope(&mut self, pen: usize) -> Envelope {
        self.lamport += 1;
        let step_s = self.any(&[40, 700, 86_400]);
        let clock = &mut self.pens[pen].clock;
        *clock = Clock { wall_s: clock.wall_s + step_s, uptime_s: clock.uptime_s + step_s };
        let mut clock = *clock;
        if self.rng.random_bool(0.05) {
            clock.wall_s = 946_656_000;
        }
        let date = BusinessDate::at(self.pens[pen].clock.wall_s);
        let (entity, operator) = (EntityNo::new(0), OperatorNo::new(0));
        Envelope { lamport: self.lamport, date, clock, entity, operator, reissue_of: None }
    }

    fn write(&mut self, grower: GrowerId, body: Body) {
        let pen = self.below(self.pens.len());
        let envelope = self.envelope(pen);
        let bytes = Entry { envelope, body: body.clone() }.encode();
        let pen = &mut self.pens[pen];
        let start = pen.written;
        pen.tip = append(&pen.tip, &pen.actor, &bytes).unwrap();
        pen.written += 1;
        let id = EntryId::new(pen.device, pen.written);
        self.written.push((id, EntryHash::of(&bytes), grower, body));
        let (tip, book) = (pen.tip, BookId { device: pen.device, number: 0 });
        let (entries, village, signature) = (&[bytes], Some(VILLAGE), Signature([0; 64]));
        self.node
            .act(|_, tx, now_ms, _| {
                tx.append(&NewBatch { book, start, entries, signature, tip, village, now_ms })?;
                Ok(())
            })
            .unwrap();
    }

    fn publish(&mut self, village: Option<VillageNo>, body: impl Into<Body>) {
        let body = body.into();
        self.node
            .act(|office, tx, now_ms, _| {
                office.publish(tx, village, &[body], Stamp::today(now_ms))?;
                Ok(())
            })
            .unwrap();
    }

    fn slip(&mut self) -> (GrowerId, Body) {
        let grower = self.grower();
        let net = Grams::new(self.any(&[1_000, 11_352, 11_400, 11_300, 250_000]));
        let price = LiPerKg::new(self.any(&[3_190, 3_190, 3_000, 100, 1]));
        let contract = self.any(&[None, None, Some(ContractId::new(DeviceNo::default(), 1))]);
        let amount = (net.get() * price.get() + 5_000) / 10_000 + self.any(&[0, 0, 0, 0, 1]);
        let reason = self.any(&[PriceReason::List, PriceReason::Stated, PriceReason::Pending]);
        let price_list = self.any(&[None, Some(1)]);
        (grower, slip(grower, net, price, Fen::new(amount), reason, contract, price_list))
    }

    fn contract(&mut self) -> (GrowerId, Body) {
        let grower = self.grower();
        let day = BusinessDate::at(MORNING_MS / 1_000);
        let body = ContractVersion {
            contract: ContractId::new(DeviceNo::default(), 1),
            version: 1,
            grower,
            product: ProductNo::new(1),
            area: Area::new(1_000),
            quantity: Grams::new(20_000),
            floor: LiPerKg::new(3_000),
            from: day,
            to: BusinessDate::from_days(day.days() + 300).unwrap(),
            tolerance: BasisPoints::new(1_000),
            beyond: Beyond::ListPrice,
            agreed: Default::default(),
        };
        (grower, body.into())
    }

    fn payout(&mut self, slip: EntryId, grower: GrowerId) -> Body {
        let amount = Fen::new(self.any(&[319, 3_621, 90_000]));
        Payout {
            grower,
            cash: amount,
            allocations: vec![Allocation { slip, amount }],
            rounding: Fen::ZERO,
            repayments: Vec::new(),
            recipient: Default::default(),
        }
        .into()
    }

    /// One thing happens.
    fn step(&mut self) {
        let is_slip = |body: &Body| matches!(body, Body::Slip(_));
        match self.below(20) {
            0..=6 => {
                let (grower, body) = self.slip();
                self.write(grower, body);
            }
            7 => {
                let (grower, body) = self.contract();
                self.write(grower, body);
            }
            8 | 9 => {
                let Some((slip, _, grower)) = self.former(is_slip) else { return };
                let body = self.payout(slip, grower);
                self.write(grower, body);
            }
            10 => {
                // A slip that is not here yet, or never will be.
                let grower = self.grower();
                let last = self.pens[0].written + 3;
                let body = self.payout(EntryId::new(self.pens[0].device, last), grower);
                self.publish(Some(VILLAGE), body);
            }
            11 => {
                let changed = |body: &Body| is_slip(body) || matches!(body, Body::Payout(_));
                let Some((target, target_hash, grower)) = self.former(changed) else { return };
                let reason = "错".into();
                let body = Void { target, target_hash, grower, reason, replacement: None };
                self.write(grower, body.into());
            }
            12 => {
                let Some((slip, slip_hash, grower)) = self.former(is_slip) else { return };
                let (weight, reason) = (Grams::new(500), "退".into());
                let body = Return { grower, slip, slip_hash, line: 1, weight, reason };
                self.write(grower, body.into());
            }
            13 => {
                let paid = |body: &Body| matches!(body, Body::Payout(_));
                let Some((target, target_hash, grower)) = self.former(paid) else { return };
                let (person, agrees) = (PersonNo::default(), self.rng.random_bool(0.7));
                let means = Means::Paper;
                let body = Confirmation { grower, target, target_hash, person, means, agrees };
                self.write(grower, body.into());
            }
            14 => {
                self.lists += 1;
                let (product, grade) = (ProductNo::new(1), Grade::default());
                let price = LiPerKg::new(self.any(&[3_190, 3_200]));
                let rows = vec![PriceRow { product, grade, price }];
                let from = BusinessDate::at(MORNING_MS / 1_000);
                self.publish(None, PriceList { version: self.lists, from, rows });
            }
            15 => {
                let Some((target, target_hash, grower)) = self.former(is_slip) else { return };
                let text = "看".into();
                if self.rng.random_bool(0.5) {
                    let accepts = self.rng.random_bool(0.7);
                    self.publish(Some(VILLAGE), Review { target, target_hash, accepts, text });
                } else {
                    let person = PersonNo::default();
                    let body = Objection { grower, target, target_hash, person, text };
                    self.publish(Some(VILLAGE), body);
                }
            }
            16 => {
                let Some((target, target_hash, _)) = self.former(is_slip) else { return };
                let decision = HoldDecision {
                    target,
                    target_hash,
                    admits: self.rng.random_bool(0.5),
                    settles: vec!["purchase.amount_disagrees".into()],
                    evidence: Evidence::Paper,
                    reason: "核".into(),
                    grower: None,
                };
                self.publish(Some(VILLAGE), decision);
            }
            17 => {
                let grower = self.grower();
                let name = self.any(&["王秀英", "李国华"]);
                let row = vec![(format!("grower/{grower}/name/1"), Value::from(name))];
                // The name may stand there already.
                let _ = self.node.edit_register(VILLAGE, vec![row]);
            }
            18 => {
                let holder = Holder::Phone(self.pens[0].device);
                let (counted, expected) = (Fen::new(100), Fen::new(self.any(&[100, 200])));
                let grower = self.grower();
                self.write(grower, FloatCount { holder, counted, expected }.into());
            }
            _ => match self.below(3) {
                0 => self.take_over_paper(),
                1 => self.days += 20,
                _ => {
                    let device = self.pens[2].device;
                    // A second time it is revoked already.
                    let _ = self.node.revoke(device, "丢失");
                }
            },
        }
    }

    /// The office takes a slip over from paper that the phone has not brought, or brings otherwise.
    fn take_over_paper(&mut self) {
        // A sound one: of two held entries under one number the store keeps the reasons of one only.
        let grower = self.grower();
        let (amount, price) = (Fen::new(3_621), LiPerKg::new(3_190));
        let body = slip(grower, Grams::new(11_352), price, amount, PriceReason::List, None, None);
        let envelope = self.envelope(0);
        let pen = &self.pens[0];
        let taken = RecoveredEntry {
            certificate: pen.certificate.clone(),
            sequence: Sequence::new(pen.written + 1),
            previous: pen.tip.head.0,
            entry: Entry { envelope, body }.encode(),
            signature: [0; 64],
            office_key: [0; 32],
            office_signature: [0; 64],
        };
        self.publish(Some(VILLAGE), taken);
    }

    fn today(&self) -> BusinessDate {
        let first = BusinessDate::at(MORNING_MS / 1_000);
        BusinessDate::from_days(first.days() + self.days).unwrap()
    }
}

#[test]
fn what_is_derived_step_by_step_is_what_all_entries_show_at_once() {
    let mut seen: BTreeSet<ExceptionKind> = BTreeSet::new();
    for seed in 0..8 {
        let mut village = Village::new(seed);
        let mut parts = Parts::default();
        for round in 0..25 {
            for _ in 0..village.below(8) {
                village.step();
            }
            let phones = phones(village.node.read().unwrap().as_ref()).unwrap();
            let (today, view) = (village.today(), village.node.view().unwrap());
            let store = view.store();
            let wanted = from_scratch(store, &phones, today);
            let found: Vec<Exception> = parts
                .update(store, &phones, today)
                .unwrap()
                .iter()
                .map(|e| (**e).clone())
                .collect();
            let differ = |a: &[Exception], b: &[Exception]| -> Vec<Exception> {
                a.iter().filter(|e| !b.contains(e)).cloned().collect()
            };
            let differs = (differ(&found, &wanted), differ(&wanted, &found));
            assert_eq!(differs, (vec![], vec![]), "seed {seed} round {round}");
            assert_eq!(found, wanted, "seed {seed} round {round}");
            seen.extend(wanted.iter().map(|exception| exception.kind));
        }
    }
    let wanted = [
        ExceptionKind::HeldEntry,
        ExceptionKind::OffListPrice,
        ExceptionKind::ZeroAmount,
        ExceptionKind::LikelyDuplicate,
        ExceptionKind::ContractExceeded,
        ExceptionKind::UnregisteredGrower,
        ExceptionKind::ClockDoubt,
        ExceptionKind::WeightOutlier,
        ExceptionKind::Overpaid,
        ExceptionKind::OverduePayable,
        ExceptionKind::FloatDifference,
        ExceptionKind::StewardAdvanced,
        ExceptionKind::SequenceMissing,
        ExceptionKind::PhoneSilent,
        ExceptionKind::OpenObjection,
        ExceptionKind::ReviewReopened,
    ];
    for kind in wanted {
        assert!(seen.contains(&kind), "{kind:?} never arose");
    }
}

#[tokio::test]
async fn the_board_is_derived_once_the_view_is_followed_and_no_more_once_the_server_stops() {
    let mut village = Village::new(1);
    for _ in 0..30 {
        village.step();
    }
    let Village { node, _folder, .. } = village;
    let app = crate::server::inline_app(node).unwrap();
    let (shown, told) = tokio::sync::watch::channel(crate::view::Shown::default());
    let kept = tokio::spawn(keeper::keep(app.clone(), told));
    tokio::task::yield_now().await;
    // Nothing was followed yet.
    assert!(app.boards().current().is_none());
    shown.send_modify(|shown| shown.number = 1);
    while app.boards().current().is_none() {
        tokio::task::yield_now().await;
    }
    let kept_board = app.boards().current().unwrap();
    let on_the_spot = board(&app).unwrap().unwrap();
    assert_eq!(kept_board, on_the_spot);
    assert!(!kept_board.exceptions.is_empty());
    let all = Filter::default();
    let sum = |counts: Vec<usize>| counts.into_iter().sum::<usize>();
    assert_eq!(sum(kept_board.by_kind(all).into_values().collect()), kept_board.exceptions.len());
    assert_eq!(sum(kept_board.by_owner(all).into_values().collect()), kept_board.exceptions.len());
    shown.send_modify(|shown| shown.stopping = true);
    kept.await.unwrap();
}
