//! The end of a device: what it wrote beyond the last number that the district knows is held.

use minicbor::{Decode, Encode};

use super::check::{Breach, Breaches, Check, Limits, MAX_WORDS};
use super::ids::DeviceNo;
use super::rule::Rule;

/// The district's word that a device writes no more; nothing that it wrote is dropped.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct DeviceRevocation {
    /// Which device.
    #[n(0)]
    pub device: DeviceNo,
    /// How many of its entries stand: its last number that the district accepts as it came. What
    /// lies beyond is held and admitted or refused one by one.
    #[n(1)]
    pub count: u32,
    /// Why: lost, stolen, copied, its steward dismissed.
    #[n(2)]
    pub reason: String,
}

impl Check for DeviceRevocation {
    fn check(&self, _: &Limits) -> Vec<Breach> {
        let mut found = Breaches::new();
        found.words(&self.reason, Rule::REASON_EMPTY, Rule::REASON_TOO_LONG, MAX_WORDS);
        found.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::check::rules_of;

    #[test]
    fn a_revocation_says_why() {
        let silent =
            DeviceRevocation { device: DeviceNo::default(), count: 12, reason: " ".into() };
        assert_eq!(rules_of(&silent.check(&Limits::LEDGER)), [Rule::REASON_EMPTY]);
        let lost = DeviceRevocation { reason: "手机丢失".into(), ..silent };
        assert!(lost.check(&Limits::LEDGER).is_empty());
    }
}
