//! The district's roster: who buys, weighs and inspects at the collection points. A person is
//! nominated by the village's committee and approved by the county co-op.

use minicbor::{Decode, Encode};

use super::check::{Breach, Breaches, Check, Limits, Place};
use super::ids::{DeviceNo, GrowerId, OperatorNo, VillageNo};
use super::rule::Rule;

/// A person of the roster; the latest entry of a number holds.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Member {
    /// Their number in the district, from 1, never given twice. It stands on what they write, and a
    /// float belongs to it.
    #[n(0)]
    pub number: OperatorNo,
    /// Their name.
    #[n(1)]
    pub name: String,
    /// The village where they work; none for the district office.
    #[n(2)]
    pub village: Option<VillageNo>,
    /// What they do there.
    #[n(3)]
    pub duty: Duty,
    /// Whether they work now: one who left stays in the roster.
    #[n(4)]
    pub active: bool,
    /// Their own household, so that a purchase from it is seen.
    #[n(5)]
    pub household: Option<GrowerId>,
    /// The phone that writes in their name when nobody has entered a PIN.
    #[n(6)]
    pub device: Option<DeviceNo>,
}

/// What a person of the roster does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Duty {
    /// 供销管家: answers for a village's purchases and its float.
    #[n(0)]
    Steward,
    /// 收购员.
    #[n(1)]
    Buyer,
    /// 司磅员.
    #[n(2)]
    Weigher,
    /// 质检员.
    #[n(3)]
    Inspector,
    /// A person of the district office: clerk, reviewer, manager.
    #[n(4)]
    Office,
}

impl Check for Member {
    fn check(&self, _: &Limits) -> Vec<Breach> {
        let mut found = Breaches::new();
        found.demand(!self.name.trim().is_empty(), Rule::PUBLISHED_NAME_EMPTY, Place::Entry);
        let numbered = self.number != OperatorNo::default();
        found.demand(numbered, Rule::ROSTER_NUMBER_ZERO, Place::Entry);
        found.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::check::rules_of;

    #[test]
    fn a_person_of_the_roster_has_a_name_and_a_number() {
        let member = |number, name: &str| Member {
            number: OperatorNo::new(number),
            name: name.into(),
            village: Some(VillageNo::new(1)),
            duty: Duty::Steward,
            active: true,
            household: None,
            device: None,
        };
        assert!(member(1, "王").check(&Limits::LEDGER).is_empty());
        assert_eq!(
            rules_of(&member(0, "").check(&Limits::LEDGER)),
            [Rule::PUBLISHED_NAME_EMPTY, Rule::ROSTER_NUMBER_ZERO]
        );
    }
}
