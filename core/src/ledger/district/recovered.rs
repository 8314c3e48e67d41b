//! Entries that the office took over from paper: each stands under its own number and in its own
//! place, as if its phone had brought it, whichever comes first and whether the phone ever comes.

use std::collections::BTreeSet;

use crate::domain::recovered::RecoveredEntry;
use crate::domain::{Body, EntryHash, EntryId, Rule, VillageNo};

use super::{Arrived, District, OrderKey, Reach};

/// An entry that was taken over from paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recovered {
    /// The office's entry that did so.
    pub by: EntryId,
    /// The hash of what was taken over.
    pub hash: EntryHash,
    /// The village of both.
    pub village: Option<VillageNo>,
}

impl District {
    /// Keeps one that is sound.
    pub(super) fn take_recovered(
        &mut self,
        key: OrderKey,
        arrived: &Arrived,
        body: &RecoveredEntry,
    ) -> Reach {
        let recovered = Recovered { by: arrived.id, hash: body.hash(), village: arrived.village };
        self.recovered.entry(body.id()).or_default().insert(key, recovered);
        Reach::Entry(body.id())
    }

    /// What was taken over from paper under this number. The first holds; and none, if a month was
    /// closed over the number before: the entry itself was here then.
    pub fn recovered(&self, id: EntryId) -> Option<&Recovered> {
        let (key, recovered) =
            self.recovered.get(&id)?.iter().find(|(_, r)| !self.is_cut_off(r.by))?;
        let closed = self.covering(recovered.village, id).is_some_and(|(close, _)| close < *key);
        (!closed).then_some(recovered)
    }

    /// Places an entry whose number was taken over from paper, or that takes one over.
    pub(super) fn place_recovered(&self, arrived: &mut Arrived) {
        if let Body::RecoveredEntry(body) = &arrived.entry.body {
            let stands = self.recovered(body.id());
            arrived.overruled = match stands {
                Some(stands) if stands.hash == body.hash() => None,
                Some(_) => Some(Rule::ENTRY_DIFFERS_FROM_RECOVERED),
                // It is not sound by itself, or the month was closed over the number.
                None if self.recovered.contains_key(&body.id()) => Some(Rule::HOLD_TARGET_CLOSED),
                None => None,
            };
            return;
        }
        let Some(recovered) = self.recovered(arrived.id) else { return };
        if recovered.hash == arrived.hash {
            // The office vouches for it as it is.
            arrived.after_revocation = false;
            arrived.lamport_jump = false;
            let by = self.close_of(recovered.village, recovered.by);
            arrived.close = arrived.close.min(by);
        } else {
            arrived.overruled = Some(Rule::ENTRY_DIFFERS_FROM_RECOVERED);
        }
    }

    /// Adds what was taken over from paper and did not come by itself, each in its place. The
    /// entries are placed already; those that take over are among them.
    pub fn restore(&self, arrived: &mut Vec<Arrived>) {
        if self.recovered.is_empty() {
            return;
        }
        let originals: Vec<Arrived> =
            arrived.iter().filter_map(|entry| self.original_of(entry)).collect();
        if originals.is_empty() {
            return;
        }
        let here: BTreeSet<(EntryId, EntryHash)> =
            arrived.iter().map(|entry| (entry.id, entry.hash)).collect();
        arrived.extend(originals.into_iter().filter(|o| !here.contains(&(o.id, o.hash))));
    }

    /// The entry that this one took over from paper, in its place; `None` if it took none over, or
    /// another one did before it.
    pub fn original_of(&self, arrived: &Arrived) -> Option<Arrived> {
        let Body::RecoveredEntry(body) = &arrived.entry.body else { return None };
        let id = body.id();
        self.recovered(id).filter(|stands| stands.by == arrived.id)?;
        let certificate = &body.certificate;
        let entry = body.original().ok()?;
        let mut original =
            Arrived::new(id, body.hash(), certificate.role, certificate.village, entry);
        self.place(&mut original);
        Some(original)
    }
}
