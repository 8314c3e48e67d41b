//! The unit of folding: what one entry comes to depends on the entries of its own partition alone.

use std::fmt;

use minicbor::{Decode, Encode};

use crate::domain::{EntityNo, GrowerId, VillageNo};

/// Where an entry that moves or promises anything lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub enum Partition {
    /// All that names a household.
    #[n(0)]
    Grower(#[n(0)] GrowerId),
    /// Floats and bank files: cash that is not yet any household's.
    #[n(1)]
    Cash {
        /// Whose cash.
        #[n(0)]
        entity: EntityNo,
        /// In which village; none for the county's own.
        #[n(1)]
        village: Option<VillageNo>,
    },
}

impl Partition {
    /// One integer for a database key: a grower's own key, or a negative number for cash.
    pub fn key(self) -> i64 {
        match self {
            Partition::Grower(grower) => grower.key(),
            Partition::Cash { entity, village } => {
                // The lowest bit tells village 0 from none.
                let village = village.map_or(0, |village| (i64::from(village.get()) << 1) | 1);
                !((i64::from(entity.get()) << 17) | village)
            }
        }
    }

    /// The partition behind a [`Partition::key`], or `None` if it is none.
    pub fn from_key(key: i64) -> Option<Self> {
        if key >= 0 {
            return GrowerId::from_key(key).map(Partition::Grower);
        }
        let key = !key;
        let entity = EntityNo::new(u16::try_from(key >> 17).ok()?);
        let number = u16::try_from((key >> 1) & 0xFFFF).ok()?;
        let village = match (key & 1, number) {
            (0, 0) => None,
            (0, _) => return None,
            _ => Some(VillageNo::new(number)),
        };
        Some(Partition::Cash { entity, village })
    }

    /// The household, if it is one's.
    pub const fn grower(self) -> Option<GrowerId> {
        match self {
            Partition::Grower(grower) => Some(grower),
            Partition::Cash { .. } => None,
        }
    }
}

impl From<GrowerId> for Partition {
    fn from(grower: GrowerId) -> Self {
        Partition::Grower(grower)
    }
}

impl fmt::Display for Partition {
    /// `H-A7K-12`, `cash:1,3`, `cash:0`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Partition::Grower(grower) => write!(f, "{grower}"),
            Partition::Cash { entity, village: None } => write!(f, "cash:{entity}"),
            Partition::Cash { entity, village: Some(village) } => {
                write!(f, "cash:{entity},{village}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::DeviceNo;

    #[test]
    fn a_partition_reads_back_from_its_key_and_no_two_share_one() {
        let mut seen = std::collections::BTreeSet::new();
        let growers = [(0, 0), (0, 1), (1, 0), (32_767, u32::MAX)]
            .map(|(device, n)| GrowerId::new(DeviceNo::new(device).unwrap(), n).into());
        let cash = [0, 1, u16::MAX].into_iter().flat_map(|entity| {
            [None, Some(0), Some(1), Some(u16::MAX)].map(|village| Partition::Cash {
                entity: EntityNo::new(entity),
                village: village.map(VillageNo::new),
            })
        });
        for partition in growers.into_iter().chain(cash) {
            let key = partition.key();
            assert_eq!(Partition::from_key(key), Some(partition));
            assert_eq!(key < 0, partition.grower().is_none(), "{partition}");
            assert!(seen.insert(key), "{partition}");
            let bytes = minicbor::to_vec(partition).unwrap();
            assert_eq!(minicbor::decode::<Partition>(&bytes).unwrap(), partition);
        }
        // Village 5 without its bit, and an entity beyond 16 bits.
        assert_eq!(Partition::from_key(!(5 << 1)), None);
        assert_eq!(Partition::from_key(i64::MIN), None);
    }

    #[test]
    fn a_partition_is_shown_by_what_it_is() {
        let entity = EntityNo::new(1);
        let village = Some(VillageNo::new(3));
        assert_eq!(Partition::Cash { entity, village }.to_string(), "cash:1,3");
        assert_eq!(Partition::Cash { entity, village: None }.to_string(), "cash:1");
        let grower: GrowerId = "H-A7K-12".parse().unwrap();
        assert_eq!(Partition::from(grower).to_string(), "H-A7K-12");
    }
}
