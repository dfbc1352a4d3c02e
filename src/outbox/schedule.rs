//! When a message is tried again, and when it is given up. Pure.

use chrono::TimeDelta;
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

#[cfg(test)]
mod tests {
    use super::*;

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
    fn two_messages_do_not_come_back_at_the_same_moment() {
        assert_ne!(pause_after(3, Uuid::from_u128(1)), pause_after(3, Uuid::from_u128(2)));
    }
}
