//! The one place that reads the machine's clock; everything else takes the time as an argument.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use courtyard_core::domain::Clock;
use courtyard_core::steward::DeviceClock;

/// Where the server gets the time. No order and no merge depends on it: only expiry, rate limits
/// and what a log line shows.
pub trait ServerClock: Send + Sync {
    /// Milliseconds since 1970-01-01 UTC.
    fn now_ms(&self) -> i64;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl ServerClock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one home of the wall clock")]
    fn now_ms(&self) -> i64 {
        std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .ok()
            .and_then(|d| i64::try_from(d.as_millis()).ok())
            .unwrap_or(0)
    }
}

impl DeviceClock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one home of the wall clock")]
    fn read(&self) -> Clock {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        let wall_s = since.ok().and_then(|d| i64::try_from(d.as_secs()).ok()).unwrap_or(0);
        Clock { wall_s, uptime_s: uptime_s() }
    }
}

/// Seconds since the machine started, where the system says so in `/proc/uptime`; else 0, which
/// bears no witness.
fn uptime_s() -> i64 {
    let text = std::fs::read_to_string("/proc/uptime").unwrap_or_default();
    text.split('.').next().and_then(|seconds| seconds.parse().ok()).unwrap_or(0)
}

/// Measures how long something took, for what a person is told of a run.
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch(std::time::Instant);

impl Stopwatch {
    /// Starts it.
    #[expect(clippy::disallowed_methods, reason = "the one home of the machine's clock")]
    pub fn start() -> Self {
        Stopwatch(std::time::Instant::now())
    }

    /// Seconds since it was started.
    pub fn seconds(self) -> f64 {
        self.0.elapsed().as_secs_f64()
    }
}

/// A clock that stands where it was set: for tests and simulation.
#[derive(Debug, Clone, Default)]
pub struct SetClock(Arc<AtomicI64>);

impl SetClock {
    /// A clock that stands at this many milliseconds since 1970-01-01 UTC.
    pub fn at(now_ms: i64) -> Self {
        SetClock(Arc::new(AtomicI64::new(now_ms)))
    }

    /// Sets it; every clone shows the new time.
    pub fn set(&self, now_ms: i64) {
        self.0.store(now_ms, Ordering::SeqCst);
    }
}

impl ServerClock for SetClock {
    fn now_ms(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}
