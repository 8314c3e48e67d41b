//! Households under several numbers: groups of growers from the links that stand. A link changes
//! views and sums, never postings.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::{Body, EntryId, GrowerId};

use super::arrived::Arrived;

/// A link and whether it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Its entry.
    pub id: EntryId,
    /// The number that is shown.
    pub kept: GrowerId,
    /// The other.
    pub other: GrowerId,
    /// What it rests on.
    pub reason: String,
    /// The entry that undid it.
    pub unlinked_by: Option<EntryId>,
    lamport: u64,
}

/// Which numbers are one household.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Identities {
    links: Vec<Link>,
    shown: BTreeMap<GrowerId, GrowerId>,
}

impl Identities {
    /// Folds counted links and unlinks, given in any order; other entries are passed over.
    pub fn fold<'a>(arrived: impl IntoIterator<Item = &'a Arrived>) -> Identities {
        let mut links = Vec::new();
        let mut undone: BTreeMap<EntryId, (u64, EntryId)> = BTreeMap::new();
        for one in arrived {
            let lamport = one.entry.envelope.lamport;
            match &one.entry.body {
                Body::IdentityLink(link) => links.push(Link {
                    id: one.id,
                    kept: link.kept,
                    other: link.other,
                    reason: link.reason.clone(),
                    unlinked_by: None,
                    lamport,
                }),
                Body::IdentityUnlink(unlink) => {
                    // Of two, the first in order is named; both undo it.
                    let place = (lamport, one.id);
                    let stands = undone.entry(unlink.link).or_insert(place);
                    *stands = (*stands).min(place);
                }
                _ => {}
            }
        }
        links.sort_by_key(|link| (link.lamport, link.id));
        for link in &mut links {
            link.unlinked_by = undone.get(&link.id).map(|(_, by)| *by);
        }
        let shown = groups(links.iter().filter(|link| link.unlinked_by.is_none()));
        Identities { links, shown }
    }

    /// The number under which a grower is shown: their own unless a link says otherwise.
    pub fn shown(&self, grower: GrowerId) -> GrowerId {
        self.shown.get(&grower).copied().unwrap_or(grower)
    }

    /// Every number of a grower's household, the shown one first; their own alone if none is linked.
    pub fn numbers(&self, grower: GrowerId) -> Vec<GrowerId> {
        let shown = self.shown(grower);
        let others = self.shown.iter().filter(|(other, as_)| **as_ == shown && **other != shown);
        std::iter::once(shown).chain(others.map(|(other, _)| *other)).collect()
    }

    /// Every linked number with the one that is shown for it, which is linked to itself.
    pub fn all(&self) -> impl Iterator<Item = (GrowerId, GrowerId)> {
        self.shown.iter().map(|(grower, shown)| (*grower, *shown))
    }

    /// Every link, in order, undone ones too.
    pub fn links(&self) -> &[Link] {
        &self.links
    }
}

/// The numbers of these links, each with the one shown for its group: the kept one of the group's
/// last link.
fn groups<'a>(links: impl Iterator<Item = &'a Link>) -> BTreeMap<GrowerId, GrowerId> {
    let mut shown: BTreeMap<GrowerId, GrowerId> = BTreeMap::new();
    for link in links {
        let of = |number: GrowerId| shown.get(&number).copied().unwrap_or(number);
        let joined = BTreeSet::from([of(link.kept), of(link.other)]);
        for as_ in shown.values_mut().filter(|as_| joined.contains(as_)) {
            *as_ = link.kept;
        }
        shown.insert(link.kept, link.kept);
        shown.insert(link.other, link.kept);
    }
    shown
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::device::DeviceRole;
    use crate::domain::identity::{IdentityLink, IdentityUnlink};
    use crate::domain::{
        BusinessDate, Clock, DeviceNo, EntityNo, Entry, EntryHash, Envelope, OperatorNo,
    };

    fn grower(counter: u32) -> GrowerId {
        GrowerId::new(DeviceNo::default(), counter)
    }

    fn id(sequence: u32) -> EntryId {
        EntryId::new(DeviceNo::default(), sequence)
    }

    fn wrote(sequence: u32, body: impl Into<Body>) -> Arrived {
        let envelope = Envelope {
            lamport: u64::from(sequence),
            date: BusinessDate::FIRST,
            clock: Clock::default(),
            entity: EntityNo::new(0),
            operator: OperatorNo::new(1),
            reissue_of: None,
        };
        let entry = Entry { envelope, body: body.into() };
        let hash = EntryHash::of(&entry.encode());
        Arrived::new(id(sequence), hash, DeviceRole::VillageOffice, None, entry)
    }

    fn link(sequence: u32, kept: u32, other: u32) -> Arrived {
        let (kept, other) = (grower(kept), grower(other));
        wrote(sequence, IdentityLink { kept, other, reason: "同一身份证".into() })
    }

    fn unlink(sequence: u32, link: u32) -> Arrived {
        wrote(sequence, IdentityUnlink { link: id(link), reason: "两户".into() })
    }

    #[test]
    fn linked_numbers_are_one_household_under_the_kept_number() {
        let one = Identities::fold(&[link(1, 1, 2)]);
        assert_eq!(one.numbers(grower(2)), [grower(1), grower(2)]);
        assert_eq!(one.numbers(grower(3)), [grower(3)]);
        assert_eq!(one.shown(grower(2)), grower(1));
        // A chain is one group, and the last link says which number is shown.
        let three = Identities::fold(&[link(1, 1, 2), link(2, 3, 2)]);
        assert_eq!(three.numbers(grower(1)), [grower(3), grower(1), grower(2)]);
        let four = Identities::fold(&[link(1, 1, 2), link(2, 3, 4), link(3, 1, 4)]);
        assert_eq!(four.numbers(grower(3)), [1, 2, 3, 4].map(grower));
    }

    #[test]
    fn an_unlink_restores_and_leaves_other_links() {
        let undone = Identities::fold(&[link(1, 1, 2), unlink(2, 1)]);
        assert_eq!(undone.numbers(grower(1)), [grower(1)]);
        assert_eq!(undone.all().count(), 0);
        assert_eq!(undone.links().first().unwrap().unlinked_by, Some(id(2)));
        let left = Identities::fold(&[link(1, 1, 2), link(2, 3, 2), unlink(3, 2)]);
        assert_eq!(left.numbers(grower(2)), [grower(1), grower(2)]);
        assert_eq!(left.numbers(grower(3)), [grower(3)]);
        // Linked again, it stands by the new link.
        let again = Identities::fold(&[link(1, 1, 2), unlink(2, 1), link(3, 2, 1)]);
        assert_eq!(again.shown(grower(1)), grower(2));
    }

    proptest! {
        #[test]
        fn households_do_not_depend_on_arrival(
            order in Just((0..6).collect::<Vec<usize>>()).prop_shuffle(),
        ) {
            let entries = [
                link(1, 1, 2), link(2, 3, 4), link(3, 1, 4), unlink(4, 2), link(5, 5, 1), unlink(6, 2),
            ];
            let shuffled: Vec<&Arrived> = order.iter().map(|&place| &entries[place]).collect();
            let folded = Identities::fold(shuffled);
            prop_assert_eq!(&folded, &Identities::fold(&entries));
            prop_assert_eq!(folded.numbers(grower(2)), [5, 1, 2, 4].map(grower));
        }
    }
}
