//! What the phone's clocks say, asked of the platform.

use std::sync::Arc;

use courtyard_core::domain::Clock;
use courtyard_core::steward::DeviceClock;

/// The phone's clocks. The wall clock may be wrong by years: it decides no order, and what it says
/// is kept beside the time since start-up as evidence.
#[uniffi::export(with_foreign)]
pub trait ClockEvidence: Send + Sync {
    /// Seconds since 1970-01-01 UTC by the wall clock.
    fn wall_s(&self) -> i64;
    /// Seconds since the phone started, sleep included.
    fn uptime_s(&self) -> i64;
}

/// The platform's clocks as the core reads them.
pub(crate) struct PlatformClock(pub(crate) Arc<dyn ClockEvidence>);

impl DeviceClock for PlatformClock {
    fn read(&self) -> Clock {
        Clock { wall_s: self.0.wall_s(), uptime_s: self.0.uptime_s() }
    }
}
