//! Which numbers of a device are known, and which are missing: the last that came, those that were
//! taken over from paper, and those that other entries speak of.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::{Body, DeviceNo, Entry, EntryId, Kind, Sequence};

use super::Store;
use super::error::StoreError;

/// The numbers of a device, as far as anything here knows of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DeviceNumbers {
    /// The last entry that came from the device itself; 0 if none did.
    pub last: u32,
    /// The highest number that anything speaks of.
    pub known_to: u32,
    /// Numbers beyond the last that were taken over from paper.
    pub recovered: Vec<u32>,
    /// Numbers up to the highest known that are not here, as ranges with both ends.
    pub missing: Vec<(u32, u32)>,
    /// How many of its entries are held.
    pub held: u32,
}

/// What stands behind the last entry that came from a device.
#[derive(Debug, Default)]
struct Beyond {
    recovered: BTreeSet<u32>,
    named: BTreeSet<u32>,
}

/// The numbers that an entry speaks of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Spoken {
    named: Vec<EntryId>,
    recovered: Option<EntryId>,
}

impl Spoken {
    /// Of an entry with this body; of one taken over from paper, also what it speaks of itself.
    pub fn of(body: &Body) -> Spoken {
        let mut named = body.named();
        let Body::RecoveredEntry(taken) = body else { return Spoken { named, recovered: None } };
        named.extend(taken.original().iter().flat_map(|entry| entry.body.named()));
        Spoken { named, recovered: Some(taken.id()) }
    }

    /// Whether any of them is no entry of these devices, given the last number of each.
    pub fn is_beyond(&self, positions: &BTreeMap<DeviceNo, Sequence>) -> bool {
        let last = |id: &EntryId| positions.get(&id.device).map_or(0, |last| last.get());
        self.named.iter().chain(&self.recovered).any(|id| id.sequence.get() > last(id))
    }
}

/// Whether a number lies beyond the last of its device.
fn is_beyond(lasts: &BTreeMap<DeviceNo, u32>, id: EntryId) -> bool {
    id.sequence.get() > lasts.get(&id.device).copied().unwrap_or_default()
}

fn take(all: &mut BTreeMap<DeviceNo, Beyond>, spoken: &Spoken, wanted: impl Fn(EntryId) -> bool) {
    for &id in spoken.named.iter().filter(|id| wanted(**id)) {
        all.entry(id.device).or_default().named.insert(id.sequence.get());
    }
    if let Some(id) = spoken.recovered.filter(|id| wanted(*id)) {
        all.entry(id.device).or_default().recovered.insert(id.sequence.get());
    }
}

fn missing(
    all: BTreeMap<DeviceNo, Beyond>,
    lasts: &BTreeMap<DeviceNo, u32>,
) -> Vec<(DeviceNo, u32, u32)> {
    let mut missing = Vec::new();
    for (device, beyond) in all {
        let numbers = beyond.numbers(lasts.get(&device).copied().unwrap_or_default());
        missing.extend(numbers.missing.into_iter().map(|(from, to)| (device, from, to)));
    }
    missing
}

impl Store {
    /// The numbers of a device: what came, what is missing. A gap shows only by what stands behind
    /// it: a slip taken over from paper, a payout, a void, an answer, or an entry issued again.
    ///
    /// # Errors
    /// The store's own.
    pub fn numbers_of(&self, device: DeviceNo) -> Result<DeviceNumbers, StoreError> {
        let last = self.last_of(device)?.map_or(0, |id| id.sequence.get());
        let beyond = self.beyond(Some(device), &BTreeMap::from([(device, last)]))?;
        let beyond = beyond.into_values().next().unwrap_or_default();
        Ok(DeviceNumbers { held: self.held_of(device)?, ..beyond.numbers(last) })
    }

    /// Numbers that something here speaks of and that are not here, of every device: as ranges with
    /// both ends.
    ///
    /// # Errors
    /// The store's own.
    pub fn missing_numbers(&self) -> Result<Vec<(DeviceNo, u32, u32)>, StoreError> {
        let lasts = self.lasts()?;
        Ok(missing(self.beyond(None, &lasts)?, &lasts))
    }

    /// The same, where it is known already of what the entries speak.
    ///
    /// # Errors
    /// The store's own.
    pub fn missing_among<'a>(
        &self,
        spoken: impl IntoIterator<Item = &'a Spoken>,
    ) -> Result<Vec<(DeviceNo, u32, u32)>, StoreError> {
        let lasts = self.lasts()?;
        let mut all: BTreeMap<DeviceNo, Beyond> = BTreeMap::new();
        for spoken in spoken {
            take(&mut all, spoken, |id| is_beyond(&lasts, id));
        }
        self.reissued_beyond(&mut all, |id| is_beyond(&lasts, id))?;
        Ok(missing(all, &lasts))
    }

    /// The last number of every device.
    fn lasts(&self) -> Result<BTreeMap<DeviceNo, u32>, StoreError> {
        let positions = self.positions()?.into_iter();
        Ok(positions.map(|(device, last)| (device, last.get())).collect())
    }

    /// What the entries here say of numbers beyond the last of each device, or of one device only.
    fn beyond(
        &self,
        only: Option<DeviceNo>,
        lasts: &BTreeMap<DeviceNo, u32>,
    ) -> Result<BTreeMap<DeviceNo, Beyond>, StoreError> {
        let mut all: BTreeMap<DeviceNo, Beyond> = BTreeMap::new();
        let wanted =
            |id: EntryId| is_beyond(lasts, id) && only.is_none_or(|device| device == id.device);
        // Slips are most of all entries and speak of no other; those that were issued again stand
        // in a table of their own.
        let mut statement =
            self.reader().prepare_cached("SELECT bytes FROM entries WHERE kind <> ?1")?;
        let mut rows = statement.query([Kind::Slip.number()])?;
        while let Some(row) = rows.next()? {
            let bytes = row.get_ref(0)?.as_blob().map_err(StoreError::inconsistent)?;
            let entry = Entry::decode(bytes).map_err(StoreError::inconsistent)?;
            take(&mut all, &Spoken::of(&entry.body), wanted);
        }
        self.reissued_beyond(&mut all, wanted)?;
        Ok(all)
    }

    /// What was issued again under other numbers.
    fn reissued_beyond(
        &self,
        all: &mut BTreeMap<DeviceNo, Beyond>,
        wanted: impl Fn(EntryId) -> bool,
    ) -> Result<(), StoreError> {
        let mut statement = self.reader().prepare_cached("SELECT origin FROM reissues")?;
        for key in statement.query_map([], |row| row.get::<_, i64>(0))? {
            if let Some(id) = EntryId::from_key(key?).filter(|id| wanted(*id)) {
                all.entry(id.device).or_default().named.insert(id.sequence.get());
            }
        }
        Ok(())
    }

    /// How many entries of a device are held.
    ///
    /// # Errors
    /// The store's own.
    pub fn held_of(&self, device: DeviceNo) -> Result<u32, StoreError> {
        let range = (EntryId::new(device, 0).key(), EntryId::new(device, u32::MAX).key());
        let mut statement = self.reader().prepare_cached(
            "SELECT count(*) FROM holds WHERE entry BETWEEN ?1 AND ?2 AND status = 'held'",
        )?;
        Ok(statement.query_row(range, |row| row.get(0))?)
    }
}

impl Beyond {
    /// The numbers of a device whose last entry is this one.
    fn numbers(self, last: u32) -> DeviceNumbers {
        let known_to = self.named.last().copied().unwrap_or(last).max(last);
        let mut missing = Vec::new();
        let mut next = last.saturating_add(1);
        for &number in self.recovered.iter().chain([&known_to.saturating_add(1)]) {
            if number > next {
                missing.push((next, number.saturating_sub(1)));
            }
            next = next.max(number.saturating_add(1));
        }
        let recovered = self.recovered.into_iter().collect();
        DeviceNumbers { last, known_to, recovered, missing, held: 0 }
    }
}
