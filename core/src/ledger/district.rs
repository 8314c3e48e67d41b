//! The district's rulings: month closes, decisions on held entries, revocations of devices; and what
//! each entry's place is by them. A pure fold that takes entries in any order.
//!
//! A ruling counts by its own fields, its device and its place among the other rulings alone, so no
//! ruling depends on what it speaks of, and either may arrive first. A decision never admits a
//! ruling: it is written again.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::domain::close::MonthClose;
use crate::domain::device::DeviceRole;
use crate::domain::hold::HoldDecision;
use crate::domain::{Body, DeviceNo, EntryId, Kind, Rule, VillageNo};

use super::arrived::{Arrived, Ruling};
use super::fold::is_sound;
use super::lamport::LamportChain;
use super::order::{CloseIndex, OrderKey};

mod month;
mod reach;
mod recovered;

pub use reach::Reach;
pub use recovered::Recovered;

/// The rulings that are here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct District {
    /// Every sound close of a village, in the order in which they were written.
    closes: BTreeMap<VillageNo, BTreeMap<OrderKey, Close>>,
    /// Every sound decision, by what it decides on.
    decisions: BTreeMap<EntryId, BTreeMap<OrderKey, Decision>>,
    /// Every sound revocation, by the device that it ends.
    revocations: BTreeMap<DeviceNo, BTreeMap<OrderKey, Revocation>>,
    /// Every sound entry that was taken over from paper, by the number that it has.
    recovered: BTreeMap<EntryId, BTreeMap<OrderKey, Recovered>>,
    /// The lowest Lamport number of a county entry that carries a device's certificate.
    certified: BTreeMap<DeviceNo, u64>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Close {
    id: EntryId,
    body: Arc<MonthClose>,
    counts: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Decision {
    id: EntryId,
    village: Option<VillageNo>,
    body: Arc<HoldDecision>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Revocation {
    id: EntryId,
    count: u32,
    counts: bool,
}

/// The kinds that [`District::apply`] takes.
pub const RULINGS: &[Kind] = &[
    Kind::DeviceCertificate,
    Kind::DeviceRevocation,
    Kind::RecoveredEntry,
    Kind::HoldDecision,
    Kind::MonthClose,
];

impl District {
    /// Folds the rulings among these entries, given in any order.
    pub fn fold<'a>(arrived: impl IntoIterator<Item = &'a Arrived>) -> District {
        let mut district = District::default();
        for arrived in arrived {
            district.take(arrived);
        }
        district.settle();
        district
    }

    /// Takes one entry, whenever it arrives. Answers which entries may have changed their place;
    /// `None` if it is no ruling that counts by itself.
    pub fn apply(&mut self, arrived: &Arrived) -> Option<Reach> {
        let reach = self.take(arrived)?;
        match reach {
            Reach::Village(village) => self.settle_village(village),
            Reach::Beyond(..) | Reach::Everything => self.settle(),
            Reach::Entry(_) | Reach::Lamports(_) => {}
        }
        Some(reach)
    }

    /// Keeps a ruling, without saying yet which count.
    fn take(&mut self, arrived: &Arrived) -> Option<Reach> {
        let key = moment(arrived);
        let id = arrived.id;
        if let Body::DeviceCertificate(certificate) = &arrived.entry.body {
            // What a device says of itself vouches for nothing.
            if arrived.role != DeviceRole::CountyOffice || id.device == certificate.device {
                return None;
            }
            let lowest = self.certified.entry(certificate.device).or_insert(key.lamport);
            *lowest = key.lamport.min(*lowest);
            return Some(Reach::Lamports(certificate.device));
        }
        if !is_sound(arrived) {
            return None;
        }
        match &arrived.entry.body {
            Body::MonthClose(close) => {
                let close = Close { id, body: Arc::new(close.clone()), counts: false };
                let village = close.body.village;
                self.closes.entry(village).or_default().insert(key, close);
                Some(Reach::Village(village))
            }
            Body::HoldDecision(decision) => {
                let target = decision.target;
                let body = Arc::new(decision.clone());
                let decision = Decision { id, village: arrived.village, body };
                self.decisions.entry(target).or_default().insert(key, decision);
                Some(Reach::Entry(target))
            }
            Body::DeviceRevocation(revocation) => {
                let (device, count) = (revocation.device, revocation.count);
                let revocation = Revocation { id, count, counts: false };
                self.revocations.entry(device).or_default().insert(key, revocation);
                let rules = self.has_ruled(device);
                Some(if rules { Reach::Everything } else { Reach::Beyond(device, count) })
            }
            Body::RecoveredEntry(body) => Some(self.take_recovered(key, arrived, body)),
            _ => None,
        }
    }

    /// Whether a ruling of this device is here.
    fn has_ruled(&self, device: DeviceNo) -> bool {
        let of = |id: EntryId| id.device == device;
        self.closes.values().flat_map(BTreeMap::values).any(|c| of(c.id))
            || self.decisions.values().flat_map(BTreeMap::values).any(|d| of(d.id))
            || self.revocations.values().flat_map(BTreeMap::values).any(|r| of(r.id))
            || self.recovered.values().flat_map(BTreeMap::values).any(|r| of(r.by))
    }

    /// Says which revocations and closes count.
    fn settle(&mut self) {
        // A revocation counts unless an earlier one cut its own device off before it.
        let mut all: Vec<(OrderKey, DeviceNo, EntryId)> = Vec::new();
        for (&device, revocations) in &mut self.revocations {
            for (&key, revocation) in revocations {
                revocation.counts = false;
                all.push((key, device, revocation.id));
            }
        }
        all.sort_unstable();
        for (key, device, id) in all {
            let counts = !self.is_cut_off(id);
            let revocation = self.revocations.get_mut(&device).and_then(|r| r.get_mut(&key));
            if let Some(revocation) = revocation {
                revocation.counts = counts;
            }
        }
        let villages: Vec<VillageNo> = self.closes.keys().copied().collect();
        for village in villages {
            self.settle_village(village);
        }
    }

    /// Says which closes of a village count: those of a later month than all that count before.
    fn settle_village(&mut self, village: VillageNo) {
        let mut closes = self.closes.remove(&village).unwrap_or_default();
        let mut last = None;
        for close in closes.values_mut() {
            close.counts = !self.is_cut_off(close.id) && last < Some(close.body.month);
            if close.counts {
                last = Some(close.body.month);
            }
        }
        self.closes.insert(village, closes);
    }

    /// Whether an entry lies beyond the number that a revocation of its device names.
    fn is_cut_off(&self, id: EntryId) -> bool {
        self.cuts(id).next().is_some()
    }

    /// The revocations that count and beyond whose number an entry lies.
    fn cuts(&self, id: EntryId) -> impl Iterator<Item = OrderKey> + '_ {
        let revocations = self.revocations.get(&id.device).into_iter().flatten();
        revocations
            .filter(move |(_, r)| r.counts && id.sequence.get() > r.count)
            .map(|(&key, _)| key)
    }

    /// The closes of a village that count, in order.
    fn counted(&self, village: VillageNo) -> impl Iterator<Item = (OrderKey, &Close)> {
        let closes = self.closes.get(&village).into_iter().flatten();
        closes.filter(|(_, close)| close.counts).map(|(&key, close)| (key, close))
    }

    /// The first counted close of its device's village that covers an entry.
    fn covering(&self, village: Option<VillageNo>, id: EntryId) -> Option<(OrderKey, &Close)> {
        self.counted(village?).find(|(_, close)| close.body.covers(id))
    }

    /// The close that covers an entry of a device of this village.
    pub fn close_of(&self, village: Option<VillageNo>, id: EntryId) -> CloseIndex {
        let covering = self.covering(village, id);
        covering.map_or(CloseIndex::OPEN, |(key, _)| CloseIndex::new(key.lamport))
    }

    /// Gives an entry its place: the close that covers it, and what the rulings say of it.
    pub fn place(&self, arrived: &mut Arrived) {
        let covering = self.covering(arrived.village, arrived.id).map(|(key, _)| key);
        let older = |key: OrderKey| covering.is_none_or(|close| close > key);
        arrived.close = covering.map_or(CloseIndex::OPEN, |key| CloseIndex::new(key.lamport));
        arrived.overruled = None;
        if is_ruling(&arrived.entry.body) {
            // One that is not sound has no effect for that.
            arrived.overruled = is_sound(arrived).then(|| self.overruled(arrived)).flatten();
            arrived.after_revocation = self.is_cut_off(arrived.id);
            arrived.ruling = None;
        } else {
            arrived.after_revocation = self.cuts(arrived.id).any(older);
            let decided = self.decisions.get(&arrived.id).into_iter().flatten();
            let mut decided = decided.filter(|(key, decision)| {
                older(**key)
                    && decision.village == arrived.village
                    && decision.body.target_hash == arrived.hash
                    && !self.is_cut_off(decision.id)
            });
            arrived.ruling = decided.next_back().map(|(_, decision)| decision.ruling());
            self.place_recovered(arrived);
        }
    }

    /// Why other closes leave a close or a decision without effect.
    fn overruled(&self, arrived: &Arrived) -> Option<Rule> {
        let key = moment(arrived);
        match &arrived.entry.body {
            Body::MonthClose(close) => {
                let mut before = self.counted(close.village).take_while(|(other, _)| *other < key);
                before
                    .any(|(_, other)| other.body.month >= close.month)
                    .then_some(Rule::CLOSE_MONTH_NOT_NEXT)
            }
            Body::HoldDecision(decision) => {
                let covering = self.covering(arrived.village, decision.target);
                covering.is_some_and(|(close, _)| close < key).then_some(Rule::HOLD_TARGET_CLOSED)
            }
            _ => None,
        }
    }

    /// The Lamport numbers that a device's first entry is measured against: that of the county's
    /// entry that carries its certificate. A device that no entry here vouches for begins at 0, but
    /// a county office, which the office key alone vouches for, begins anywhere.
    pub fn chain(&self, device: DeviceNo, role: DeviceRole) -> LamportChain {
        let certified = self.certified.get(&device).copied();
        LamportChain::new(match role {
            DeviceRole::CountyOffice => certified,
            DeviceRole::VillageOffice | DeviceRole::Phone => certified.or(Some(0)),
        })
    }
}

impl Decision {
    fn ruling(&self) -> Ruling {
        Ruling { by: self.id, admits: self.body.admits, settles: self.body.rules() }
    }
}

/// Where a ruling stands among the rulings: closes do not move it.
const fn moment(arrived: &Arrived) -> OrderKey {
    OrderKey::new(CloseIndex::OPEN, arrived.entry.envelope.lamport, arrived.id)
}

const fn is_ruling(body: &Body) -> bool {
    matches!(body, Body::MonthClose(_) | Body::HoldDecision(_) | Body::DeviceRevocation(_))
}

#[cfg(test)]
mod tests;
