//! When a message leaves, when it is tried again, and when it is given up. Pure.

use crate::calendar::{begin_of, date_of, in_beijing};
use crate::county::Hours;
use chrono::{DateTime, TimeDelta, Timelike, Utc};
use uuid::Uuid;

/// 2 s, 8 s, 32 s, 2 min, 8 min, 34 min, 2 h 16, 9 h: about twelve hours in all, long enough for
/// a night without a network at the county's computing centre.
const FIRST_SECONDS: i64 = 2;
const FACTOR: i64 = 4;
const ATTEMPTS: u32 = 9;

/// The pause after the given attempt (1 for the first), at most a fifth longer by a jitter that
/// follows from `seed`, so that messages do not come back all at once. None: give up.
pub(super) fn pause_after(attempt: u32, seed: Uuid) -> Option<TimeDelta> {
    if attempt >= ATTEMPTS {
        return None;
    }
    let seconds = FIRST_SECONDS * FACTOR.pow(attempt.saturating_sub(1));
    let jitter = i64::try_from(seed.as_u128() % 200).unwrap_or_default();
    Some(TimeDelta::milliseconds(seconds * 1000 + seconds * jitter))
}

/// The moment itself, or the end of the quiet hours that it falls in.
pub(super) fn not_in(quiet: Hours, moment: DateTime<Utc>) -> DateTime<Utc> {
    const DAY_MINUTES: u16 = 24 * 60;
    let here = in_beijing(moment);
    let minute = u16::try_from(here.hour() * 60 + here.minute()).unwrap_or_default();
    if !quiet.contains(minute) {
        return moment;
    }
    let until = if quiet.until > minute { quiet.until } else { quiet.until + DAY_MINUTES };
    let begun = TimeDelta::seconds(here.second().into())
        + TimeDelta::nanoseconds((here.nanosecond() % 1_000_000_000).into());
    moment + TimeDelta::minutes((until - minute).into()) - begun
}

/// The next full or half hour.
pub(super) fn half_hour(now: DateTime<Utc>) -> DateTime<Utc> {
    const STEP: i64 = 30 * 60;
    let next = (now.timestamp().div_euclid(STEP) + 1) * STEP;
    DateTime::from_timestamp(next, 0).unwrap_or(now)
}

/// The next half past eight in the morning.
pub(super) fn morning(now: DateTime<Utc>) -> DateTime<Utc> {
    const AT: TimeDelta = TimeDelta::minutes(8 * 60 + 30);
    let today = begin_of(date_of(now)) + AT;
    if now < today { today } else { today + TimeDelta::days(1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_gathered_leaves_at_the_half_hour_or_in_the_morning() {
        let at = |text: &str| DateTime::parse_from_rfc3339(text).unwrap().to_utc();
        for (now, soon, day) in [
            ("2026-03-02T09:00:00+08:00", "2026-03-02T09:30:00+08:00", "2026-03-03T08:30:00+08:00"),
            ("2026-03-02T08:29:59+08:00", "2026-03-02T08:30:00+08:00", "2026-03-02T08:30:00+08:00"),
            ("2026-03-02T23:59:59+08:00", "2026-03-03T00:00:00+08:00", "2026-03-03T08:30:00+08:00"),
        ] {
            assert_eq!(half_hour(at(now)), at(soon), "{now}");
            assert_eq!(morning(at(now)), at(day), "{now}");
        }
    }

    #[test]
    fn pauses_grow_and_end() {
        let seed = Uuid::from_u128(77);
        let pauses: Vec<TimeDelta> = (1..).map_while(|n| pause_after(n, seed)).collect();
        assert_eq!(pauses.len(), 8);
        assert!(pauses.windows(2).all(|pair| pair[0] < pair[1]));
        let all: TimeDelta = pauses.iter().sum();
        assert!(all > TimeDelta::hours(11) && all < TimeDelta::hours(16), "{all}");
    }

    #[test]
    fn quiet_hours_end_in_the_morning_to_the_second() {
        let at = |text: &str| DateTime::parse_from_rfc3339(text).unwrap().to_utc();
        let morning = at("2026-03-03T07:00:00+08:00");
        let night = Hours::default();
        for (moment, leaves) in [
            ("2026-03-02T21:59:59+08:00", at("2026-03-02T21:59:59+08:00")),
            ("2026-03-02T22:00:00+08:00", morning),
            ("2026-03-02T23:59:59.999+08:00", morning),
            ("2026-03-03T00:00:00+08:00", morning),
            ("2026-03-03T06:59:59.5+08:00", morning),
            ("2026-03-03T07:00:00+08:00", morning),
        ] {
            assert_eq!(not_in(night, at(moment)), leaves, "{moment}");
        }
        let noon = Hours { from: 720, until: 840 };
        let lunch = at("2026-03-02T12:30:00+08:00");
        assert_eq!(not_in(noon, lunch), at("2026-03-02T14:00:00+08:00"));
        assert_eq!(not_in(Hours::NEVER, lunch), lunch);
        let always = Hours { from: 0, until: 1440 };
        assert_eq!(not_in(always, lunch), at("2026-03-03T00:00:00+08:00"));
    }

    #[test]
    fn two_messages_do_not_come_back_at_the_same_moment() {
        assert_ne!(pause_after(3, Uuid::from_u128(1)), pause_after(3, Uuid::from_u128(2)));
    }
}
