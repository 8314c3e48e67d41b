//! Whether the phone's clock can be believed. It decides only whether a person is asked for the
//! date; no order and no amount depends on it.

use crate::domain::Clock;

/// 2020-01-01 in Shanghai: no slip of this ledger is older, so an earlier clock was never set.
const EARLIEST_WALL_S: i64 = 1_577_808_000;

/// A clock that the network corrects may step back a little.
const STEP_BACK_S: i64 = 60;

/// The wall clock may lag the time since start-up by so much before it counts as set back.
const LAG_S: i64 = 600;

/// The wall clock may lead the time since start-up by so much: a phone that was off for a week and
/// is now up for longer than before looks the same as one whose clock ran away.
const LEAD_S: i64 = 7 * 86_400;

/// Whether the clock is before the last known time, or runs away from the time since start-up.
pub fn is_in_doubt(last: Option<Clock>, now: Clock) -> bool {
    if now.wall_s < EARLIEST_WALL_S {
        return true;
    }
    let Some(last) = last else { return false };
    let walked = now.wall_s.saturating_sub(last.wall_s);
    let ran = now.uptime_s.saturating_sub(last.uptime_s);
    if walked < STEP_BACK_S.saturating_neg() {
        return true;
    }
    // The time since start-up goes back only by a restart; then it bears no witness.
    ran >= 0 && (walked < ran.saturating_sub(LAG_S) || walked > ran.saturating_add(LEAD_S))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clock(wall_s: i64, uptime_s: i64) -> Clock {
        Clock { wall_s, uptime_s }
    }

    /// 2020-07-01 06:03:50 in Shanghai, an hour after start-up.
    const LAST: Clock = Clock { wall_s: 1_593_554_630, uptime_s: 3_600 };

    #[test]
    fn a_clock_that_walks_with_the_time_since_start_up_is_believed() {
        for (walked, ran) in [(0, 0), (37, 37), (-30, 5), (86_400, 86_400), (3_000, 3_590)] {
            let now = clock(LAST.wall_s + walked, LAST.uptime_s + ran);
            assert!(!is_in_doubt(Some(LAST), now), "{walked} {ran}");
        }
        // After a restart the time since start-up is small again.
        assert!(!is_in_doubt(Some(LAST), clock(LAST.wall_s + 5_000_000, 20)));
        assert!(!is_in_doubt(None, LAST));
    }

    #[test]
    fn the_year_2000_and_a_year_ahead_are_doubted() {
        assert!(is_in_doubt(None, clock(946_684_800, 60)));
        assert!(is_in_doubt(Some(LAST), clock(946_684_800, 60)));
        assert!(is_in_doubt(Some(LAST), clock(LAST.wall_s + 365 * 86_400, LAST.uptime_s + 60)));
        assert!(is_in_doubt(Some(LAST), clock(LAST.wall_s - 61, 20)));
        assert!(is_in_doubt(Some(LAST), clock(LAST.wall_s + 1, LAST.uptime_s + 602)));
    }

    #[test]
    fn any_two_readings_can_be_compared() {
        for wall_s in [i64::MIN, 0, i64::MAX] {
            for uptime_s in [i64::MIN, 0, i64::MAX] {
                let strange = clock(wall_s, uptime_s);
                let _ = is_in_doubt(Some(strange), LAST);
                let _ = is_in_doubt(Some(LAST), strange);
            }
        }
    }
}
