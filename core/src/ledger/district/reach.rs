//! Which entries a ruling may give another place, for replicas that fold incrementally.

use crate::domain::{DeviceNo, EntryId, VillageNo};

use super::{Decision, District, OrderKey};

/// The entries whose place may have changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// This entry.
    Entry(EntryId),
    /// The entries of this device beyond this number.
    Beyond(DeviceNo, u32),
    /// The entries of every device of this village; and, besides their close, those of them that
    /// [`District::ruled_in`] gives.
    Village(VillageNo),
    /// The soundness of this device's Lamport numbers.
    Lamports(DeviceNo),
    /// Any: a device whose rulings counted was cut off.
    Everything,
}

impl District {
    /// The entries of a village that are decided on or cut off, and the village's closes and
    /// decisions: those whose ruling a close can change, not only their order.
    pub fn ruled_in(&self, village: VillageNo) -> RuledIn {
        let closes = self.closes.get(&village).into_iter().flatten().map(|(_, close)| close.id);
        let of_village = |(_, d): &(&OrderKey, &Decision)| d.village == Some(village);
        let decisions = self.decisions.iter().flat_map(|(&target, decisions)| {
            decisions.iter().filter(of_village).flat_map(move |(_, d)| [target, d.id])
        });
        // Where one that was taken over from paper stands depends on the close of another entry.
        let recovered = self.recovered.iter().flat_map(|(&id, recovered)| {
            let here = recovered.values().filter(move |r| r.village == Some(village));
            here.flat_map(move |r| [id, r.by])
        });
        let mut entries: Vec<EntryId> = closes.chain(decisions).chain(recovered).collect();
        entries.sort_unstable();
        entries.dedup();
        let cut_off = self.revocations.iter().filter_map(|(&device, revocations)| {
            let counted = revocations.values().filter(|r| r.counts);
            Some((device, counted.map(|r| r.count).min()?))
        });
        RuledIn { entries, cut_off: cut_off.collect() }
    }
}

/// What [`District::ruled_in`] gives.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RuledIn {
    /// Single entries, in order of their numbers.
    pub entries: Vec<EntryId>,
    /// Devices of any village, and beyond which number each is cut off.
    pub cut_off: Vec<(DeviceNo, u32)>,
}
