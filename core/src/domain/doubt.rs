//! What makes a person look twice: the desk asks the steward, and the office finds it again among
//! the exceptions. No order, no amount and no hold depends on it.

use std::ops::RangeInclusive;

use super::calendar::Clock;
use super::rule::Rule;
use super::units::{Area, BasisPoints, Grams, LiPerKg};

/// About twice or half the list is within a tenth of it, in hundredths of the list: 元/斤 taken for
/// 元/kg, or the reverse, on a day when the list moved a little.
const DOUBLE: RangeInclusive<i128> = 180..=220;
const HALF: RangeInclusive<i128> = 45..=55;
/// Beyond these hundredths of the list a price is far off.
const FAR: RangeInclusive<i128> = 67..=150;

/// Two weights are near when they differ by at most so much of the larger.
const NEAR: BasisPoints = BasisPoints::new(500);

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
pub fn clock_in_doubt(last: Option<Clock>, now: Clock) -> bool {
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

/// How a price lies to the list's, if far enough to ask about it.
pub fn off_list(price: LiPerKg, list: LiPerKg) -> Option<Rule> {
    let hundredths =
        i128::from(price.get()).saturating_mul(100).checked_div(i128::from(list.get()))?;
    if DOUBLE.contains(&hundredths) {
        Some(Rule::WARN_PRICE_ABOUT_DOUBLE)
    } else if HALF.contains(&hundredths) {
        Some(Rule::WARN_PRICE_ABOUT_HALF)
    } else if FAR.contains(&hundredths) {
        None
    } else {
        Some(Rule::WARN_PRICE_FAR_OFF_LIST)
    }
}

/// Whether two weights may be the same crate, weighed twice.
pub fn is_near(one: Grams, other: Grams) -> bool {
    let larger = one.max(other);
    match (larger.minus(one.min(other)), larger.share(NEAR)) {
        (Ok(difference), Ok(near)) => difference <= near,
        _ => false,
    }
}

/// What this much land usually yields, given the usual yield in grams per mu.
pub fn usual_yield(area: Area, usual_per_mu: Grams) -> Option<Grams> {
    // Grams per mu × 毫, 1,000 毫 to the mu.
    let thousandths = i128::from(usual_per_mu.get()).saturating_mul(i128::from(area.get()));
    thousandths.checked_div(1_000).and_then(|g| i64::try_from(g).ok()).map(Grams::new)
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
            assert!(!clock_in_doubt(Some(LAST), now), "{walked} {ran}");
        }
        // After a restart the time since start-up is small again.
        assert!(!clock_in_doubt(Some(LAST), clock(LAST.wall_s + 5_000_000, 20)));
        assert!(!clock_in_doubt(None, LAST));
    }

    #[test]
    fn the_year_2000_and_a_year_ahead_are_doubted() {
        assert!(clock_in_doubt(None, clock(946_684_800, 60)));
        assert!(clock_in_doubt(Some(LAST), clock(946_684_800, 60)));
        assert!(clock_in_doubt(Some(LAST), clock(LAST.wall_s + 365 * 86_400, LAST.uptime_s + 60)));
        assert!(clock_in_doubt(Some(LAST), clock(LAST.wall_s - 61, 20)));
        assert!(clock_in_doubt(Some(LAST), clock(LAST.wall_s + 1, LAST.uptime_s + 602)));
    }

    #[test]
    fn any_two_readings_can_be_compared() {
        for wall_s in [i64::MIN, 0, i64::MAX] {
            for uptime_s in [i64::MIN, 0, i64::MAX] {
                let strange = clock(wall_s, uptime_s);
                let _ = clock_in_doubt(Some(strange), LAST);
                let _ = clock_in_doubt(Some(LAST), strange);
            }
        }
    }
}
