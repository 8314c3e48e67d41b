//! A village of the county, and the entity that buys there.

use minicbor::{Decode, Encode};

use super::check::{Breach, Breaches, Check, Limits, Place};
use super::ids::{EntityNo, VillageNo};
use super::rule::Rule;

/// A village; the latest entry of a number holds.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Village {
    /// Its number.
    #[n(0)]
    pub number: VillageNo,
    /// Its name.
    #[n(1)]
    pub name: String,
    /// The entity on whose account its stewards buy.
    #[n(2)]
    pub entity: EntityNo,
}

impl Check for Village {
    fn check(&self, _: &Limits) -> Vec<Breach> {
        let mut found = Breaches::new();
        let named = !self.name.trim().is_empty();
        found.demand(named, Rule::PUBLISHED_NAME_EMPTY, Place::Entry);
        found.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::check::rules_of;

    #[test]
    fn a_village_has_a_name() {
        let village = |name: &str| Village {
            number: VillageNo::new(1),
            name: name.into(),
            entity: EntityNo::new(1),
        };
        assert!(village("V1").check(&Limits::LEDGER).is_empty());
        let breaches = village("").check(&Limits::LEDGER);
        assert_eq!(rules_of(&breaches), [Rule::PUBLISHED_NAME_EMPTY]);
    }
}
