//! How often one address may do what costs the office something: a bucket of tokens for each.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};

/// Tries at once, before the rate holds: a village's phones enrol together at one table.
const BURST: i64 = 60;
/// A try more for each of these.
const REFILL_MS: i64 = 1_000;
/// Addresses remembered; beyond it those that are full again are forgotten.
const ADDRESSES: usize = 10_000;

/// A limit for each address.
#[derive(Debug)]
pub struct RateLimit {
    /// When each address will have all its tries again.
    full_at_ms: Mutex<HashMap<IpAddr, i64>>,
}

impl RateLimit {
    /// Nobody has tried yet.
    pub fn new() -> Self {
        RateLimit { full_at_ms: Mutex::new(HashMap::new()) }
    }

    /// Takes a try of this address.
    ///
    /// # Errors
    /// How many milliseconds to wait, if it has none left.
    pub fn take(&self, address: IpAddr, now_ms: i64) -> Result<(), u64> {
        let mut full = self.full_at_ms.lock().unwrap_or_else(PoisonError::into_inner);
        if full.len() >= ADDRESSES {
            full.retain(|_, full_at| *full_at > now_ms);
        }
        let full_at = full.entry(network(address)).or_insert(now_ms);
        // A clock that was set back must not shut anybody out.
        let next = (*full_at).clamp(now_ms, now_ms.saturating_add(BURST * REFILL_MS)) + REFILL_MS;
        let over = next - now_ms - BURST * REFILL_MS;
        *full_at = next - REFILL_MS;
        if over > 0 {
            return Err(u64::try_from(over).unwrap_or(0));
        }
        *full_at = next;
        Ok(())
    }
}

impl Default for RateLimit {
    fn default() -> Self {
        Self::new()
    }
}

/// One customer holds a whole /64 of IPv6.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_tries_too_often_waits_and_others_do_not() {
        let limit = RateLimit::new();
        let noisy: IpAddr = "10.0.0.1".parse().unwrap();
        for _ in 0..BURST {
            limit.take(noisy, 5_000).unwrap();
        }
        assert_eq!(limit.take(noisy, 5_000), Err(1_000));
        assert_eq!(limit.take(noisy, 5_400), Err(600));
        limit.take("10.0.0.2".parse().unwrap(), 5_000).unwrap();
        limit.take(noisy, 6_000).unwrap();
        assert!(limit.take(noisy, 6_000).is_err());
        // The clock was set back by an hour.
        limit.take(noisy, 6_000 - 3_600_000).unwrap_err();
        limit.take(noisy, 7_000 - 3_600_000).unwrap();
    }

    #[test]
    fn one_ipv6_network_is_one_address() {
        let limit = RateLimit::new();
        for host in 0..BURST {
            limit.take(format!("2001:db8::{host}").parse().unwrap(), 0).unwrap();
        }
        assert!(limit.take("2001:db8::ffff".parse().unwrap(), 0).is_err());
        limit.take("2001:db8:0:1::1".parse().unwrap(), 0).unwrap();
    }
}
