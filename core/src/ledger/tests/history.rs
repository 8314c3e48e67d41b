//! Random histories: what two phones, two offices and three households may do, rightly and wrongly.

use proptest::prelude::*;

use super::{history_cash, history_corrections, history_debt, rulings};
use crate::domain::contract::{Beyond, ContractVersion};
use crate::domain::device::DeviceRole;
use crate::domain::entry::Origin;
use crate::domain::payout::{Allocation, Payout};
use crate::domain::slip::{Line, PriceReason, Segment, Slip, Weighing};
use crate::domain::void::Void;
use crate::domain::{
    Area, BasisPoints, Body, Clock, ContractId, DeviceNo, EntityNo, Entry, EntryHash, EntryId,
    Envelope, Fen, Grade, Grams, GrowerId, LiPerKg, OperatorNo, ProductNo, VillageNo,
};
use crate::ledger::Arrived;

/// One act before it is an entry: small numbers that pick a device, a kind, a household, a target.
#[derive(Debug, Clone)]
pub(super) struct Act {
    pub(super) device: u16,
    pub(super) kind: u8,
    pub(super) grower: u32,
    pub(super) target: prop::sample::Index,
    pub(super) amount: i64,
    pub(super) rare: u8,
    pub(super) synced: bool,
}

/// Up to so many acts.
pub(super) fn acts(most: usize) -> impl Strategy<Value = Vec<Act>> {
    let act = (
        1_u16..=3,
        0_u8..history_debt::KINDS.end,
        1_u32..=3,
        any::<prop::sample::Index>(),
        1_i64..3_000,
        any::<u8>(),
        any::<bool>(),
    )
        .prop_map(|(device, kind, grower, target, amount, rare, synced)| Act {
            device,
            kind,
            grower,
            target,
            amount,
            rare,
            synced,
        });
    prop::collection::vec(act, 1..most)
}

/// The entries that these acts come to, each knowing only what its device had seen.
pub(super) fn entries(acts: &[Act]) -> Vec<Arrived> {
    let mut entries: Vec<Arrived> = Vec::new();
    // Sequence and Lamport number of each device, by number.
    let mut devices = [(0_u32, 0_u64); 5];
    let mut versions = [0_u32; 4];
    for act in acts {
        // What only the office writes it mostly writes itself.
        let of_office =
            (17..=19).contains(&act.kind) || history_corrections::is_of_office(act.kind);
        let of_office = of_office && act.rare % 8 != 5;
        let act = &Act { device: if of_office { 3 } else { act.device }, ..act.clone() };
        let newest = devices.iter().map(|d| d.1).max().unwrap();
        let number = rulings::writer(act);
        let device = &mut devices[usize::from(number)];
        device.0 += 1;
        device.1 = if act.synced { newest } else { device.1 } + 1;
        let id = EntryId::new(DeviceNo::new(number).unwrap(), device.0);
        let lamport = device.1;
        let body = body(act, &entries, id, &mut versions);
        let target = target(act, &entries, |_| true);
        let reissue_of =
            target.filter(|_| act.rare % 16 == 1).map(|t| Origin { id: t.id, hash: t.hash });
        let envelope = Envelope {
            lamport,
            date: "2020-07-01".parse().unwrap(),
            clock: Clock::default(),
            entity: EntityNo::new(if act.rare % 16 == 2 { 2 } else { 1 }),
            // Two people work at the office; a phone's steward is not named.
            operator: OperatorNo::new(if number == 3 {
                3 + u16::from(act.rare / 16 % 2)
            } else {
                0
            }),
            reissue_of,
        };
        let entry = Entry { envelope, body };
        let (role, village) = match number {
            3 => (DeviceRole::VillageOffice, Some(VillageNo::new(2))),
            4 => (DeviceRole::CountyOffice, None),
            _ => (DeviceRole::Phone, Some(VillageNo::new(1 + number % 2))),
        };
        entries.push(Arrived {
            lamport_jump: act.rare % 16 == 3,
            ..Arrived::new(id, EntryHash::of(&entry.encode()), role, village, entry)
        });
    }
    entries
}

/// An entry written before, of those that pass.
pub(super) fn target<'a>(
    act: &Act,
    entries: &'a [Arrived],
    passes: impl Fn(&Arrived) -> bool,
) -> Option<&'a Arrived> {
    let passing: Vec<&Arrived> = entries.iter().filter(|a| passes(a)).collect();
    if passing.is_empty() { None } else { Some(passing[act.target.index(passing.len())]) }
}

fn body(act: &Act, entries: &[Arrived], id: EntryId, versions: &mut [u32; 4]) -> Body {
    let grower = GrowerId::new(DeviceNo::new(1).unwrap(), act.grower);
    let contract = ContractId::new(DeviceNo::new(1).unwrap(), act.grower);
    match act.kind {
        0..=3 => slip(act, grower, contract),
        4..=6 => {
            // Usually a slip of this household that this phone wrote.
            let own = |a: &Arrived| {
                matches!(&a.entry.body, Body::Slip(s) if s.grower == grower)
                    && (a.id.device == id.device || act.rare % 16 == 5)
            };
            let slip = target(act, entries, own).map_or(EntryId::new(id.device, 999), |a| a.id);
            let (amount, rounding) = (Fen::new(act.amount), Fen::new(act.amount % 3));
            let cash = Fen::new(act.amount + act.amount % 3);
            let allocations = vec![Allocation { slip, amount }];
            let payout = Payout {
                grower,
                cash,
                allocations,
                rounding,
                repayments: Vec::new(),
                recipient: Default::default(),
            };
            history_debt::repaying(act, entries, payout).into()
        }
        7..=8 => {
            let target = target(act, entries, |a| a.entry.body.grower().is_some());
            let hash = target.map_or(EntryHash::of(b""), |a| a.hash);
            Void {
                target: target.map_or(id, |a| a.id),
                target_hash: if act.rare % 16 == 6 { EntryHash::of(b"") } else { hash },
                grower: target.and_then(|a| a.entry.body.grower()).unwrap_or(grower),
                reason: "称错了".into(),
                replacement: None,
            }
            .into()
        }
        kind if rulings::KINDS.contains(&kind) => rulings::body(act, entries),
        kind if history_cash::KINDS.contains(&kind) => history_cash::body(act, entries, id),
        kind if history_corrections::KINDS.contains(&kind) => {
            let Some((arrived, slip)) = bought(act, entries, grower) else {
                return self::slip(act, grower, contract);
            };
            let other = target(act, entries, |a| a.id != arrived.id && is_slip(a));
            let other = other.map(|a| a.id).filter(|_| !act.rare.is_multiple_of(4));
            history_corrections::body(act.kind, (arrived, slip), other, act.amount, act.rare)
        }
        kind if history_debt::KINDS.contains(&kind) => {
            history_debt::body(act, entries, grower, contract)
        }
        _ => {
            let version = &mut versions[usize::try_from(act.grower).unwrap()];
            *version += 1;
            let day = "2020-07-01".parse().unwrap();
            ContractVersion {
                contract,
                version: *version,
                grower,
                product: ProductNo::new(1),
                area: Area::new(300),
                quantity: Grams::new(200_000),
                floor: LiPerKg::new(2_000),
                from: day,
                to: day,
                tolerance: BasisPoints::new(1_000),
                beyond: Beyond::ListPrice,
                agreed: Default::default(),
            }
            .into()
        }
    }
}

fn is_slip(arrived: &Arrived) -> bool {
    matches!(arrived.entry.body, Body::Slip(_))
}

/// A slip of this household that was written before.
fn bought<'a>(
    act: &Act,
    entries: &'a [Arrived],
    grower: GrowerId,
) -> Option<(&'a Arrived, &'a Slip)> {
    let own = |a: &Arrived| matches!(&a.entry.body, Body::Slip(slip) if slip.grower == grower);
    let arrived = target(act, entries, own)?;
    let Body::Slip(slip) = &arrived.entry.body else { return None };
    Some((arrived, slip))
}

fn slip(act: &Act, grower: GrowerId, contract: ContractId) -> Body {
    let line = |product, weight_g| {
        let weight = Grams::new(weight_g);
        let mut line = Line {
            product: ProductNo::new(product),
            grade: Grade::default(),
            weighings: vec![Weighing { gross: weight, tare: Grams::ZERO }],
            deductions: Vec::new(),
            segments: vec![Segment {
                weight,
                price: LiPerKg::new(3_190),
                reason: if product == 1 && act.amount % 4 == 0 {
                    PriceReason::Pending
                } else {
                    PriceReason::List
                },
            }],
            amount: Fen::ZERO,
            contract: act.rare.is_multiple_of(2).then_some(contract),
            marks: Default::default(),
        };
        line.amount = line.computed_amount().unwrap();
        line
    };
    let mut lines = vec![line(1, act.amount)];
    if act.rare.is_multiple_of(4) {
        lines.push(line(1 + u32::from(act.rare % 8 / 4), act.amount + 7));
    }
    if act.rare % 16 == 7 {
        lines[0].amount = Fen::new(1);
    }
    Slip { grower, lines, price_list: None, visit: Default::default() }.into()
}
