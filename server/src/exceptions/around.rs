//! What stands around the entries: phones, registers, words, tills, numbers that are missing.

use courtyard_core::document::BookId;
use courtyard_core::domain::rules::Rules;
use courtyard_core::domain::{BusinessDate, DeviceNo, EntryId, GrowerId, VillageNo};
use courtyard_core::ledger::CountRecord;
use courtyard_core::ledger::exceptions::{Around, Exception, of_around};
use courtyard_core::ledger::words::Thread;
use courtyard_core::store::{GrowerRow, LastMoves, SetAside, Spoken, Store, StoreError};

use super::phones::{Phone, silent};
use super::words;

/// What is known of it already.
pub(super) struct Known<'a> {
    pub(super) rules: Rules,
    pub(super) today: BusinessDate,
    pub(super) phones: &'a [Phone],
    pub(super) growers: &'a [GrowerRow],
    pub(super) threads: &'a [Thread],
    pub(super) counts: &'a [CountRecord],
    pub(super) last_moves: &'a LastMoves,
}

/// Derives it; it is little beside the entries.
pub(super) fn derive<'s>(
    store: &Store,
    known: &Known<'_>,
    spoken: impl Iterator<Item = &'s Spoken>,
) -> Result<Vec<Exception>, StoreError> {
    let village_of = |grower: GrowerId| {
        let place = known.growers.binary_search_by_key(&grower, |row| row.id).ok()?;
        known.growers.get(place).map(|row| row.village)
    };
    let candidates: Vec<(GrowerId, GrowerId, Option<VillageNo>)> =
        store.candidates(None)?.into_iter().map(|c| (c.one, c.other, village_of(c.one))).collect();
    let conflicts: Vec<(VillageNo, Option<GrowerId>, String)> =
        store.conflicts(None)?.into_iter().map(|c| (c.village, c.grower, c.key)).collect();
    let served = |device: DeviceNo| -> Result<Option<VillageNo>, StoreError> {
        Ok(store.certificate(device)?.and_then(|certificate| certificate.village))
    };
    let mut forks = Vec::new();
    for id in store.set_aside()?.iter().filter_map(fork) {
        forks.push((id, served(id.device)?));
    }
    let mut missing = Vec::new();
    for (device, first, last) in store.missing_among(spoken)? {
        missing.push((device, served(device)?, first, last));
    }
    let waiting = words::waiting(store, known.threads)?;
    let tills = store.tills_of(known.last_moves)?;
    let silent = silent(known.phones, known.today, known.rules.bookkeeping.silent_days);
    let around = Around {
        conflicts: &conflicts,
        candidates: &candidates,
        forks: &forks,
        words: &waiting,
        counts: known.counts,
        tills: &tills,
        silent: &silent,
        missing: &missing,
    };
    Ok(of_around(&known.rules, &around))
}

/// The number under which a second content came.
pub(super) fn fork(aside: &SetAside) -> Option<EntryId> {
    let book = aside.document.strip_prefix("book/")?.rsplit_once('/')?.1.parse().ok()?;
    let book = BookId { device: aside.device, number: book };
    (aside.code == "sync.fork").then(|| book.entry_at(aside.first))
}
