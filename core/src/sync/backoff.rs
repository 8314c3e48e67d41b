//! How long to wait after a failure: longer each time up to a cap, with jitter, so that a village's
//! phones do not come back all at once.

use rand_core::CryptoRng;

/// The wait after the first failure.
pub const FIRST_MS: u64 = 2_000;
/// The longest wait.
pub const LONGEST_MS: u64 = 15 * 60 * 1_000;

/// The wait after so many failures in a row: between half and the whole of twice the wait before.
pub fn after(failures: u32, rng: &mut dyn CryptoRng) -> u64 {
    let doublings = failures.saturating_sub(1).min(16);
    let whole = FIRST_MS.saturating_mul(1 << doublings).min(LONGEST_MS);
    let half = whole / 2;
    half + rng.next_u64() % (half + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sync::testing::TestRng;

    #[test]
    fn waits_grow_to_a_cap_and_differ() {
        let mut rng = TestRng(7);
        for (failures, whole) in [(1, 2_000), (2, 4_000), (5, 32_000), (10, 900_000), (99, 900_000)]
        {
            let waits: Vec<u64> = (0..50).map(|_| after(failures, &mut rng)).collect();
            assert!(waits.iter().all(|wait| (whole / 2..=whole).contains(wait)), "{failures}");
            assert!(waits.iter().any(|wait| *wait != waits[0]));
        }
    }
}
