//! Working days as tickets count them: Monday to Friday in Beijing.
//!
//! Public holidays and make-up working days are not known here; a span over one of them is a day
//! or two shorter than by [`crate::calendar`].

pub(super) use crate::calendar::in_beijing;
use chrono::{DateTime, Datelike, TimeDelta, Utc, Weekday};

/// The same time of day, `days` working days later.
pub fn after_working_days(from: DateTime<Utc>, days: u32) -> DateTime<Utc> {
    let mut moment = from;
    let mut left = days;
    while left > 0 {
        moment += TimeDelta::days(1);
        if !matches!(in_beijing(moment).weekday(), Weekday::Sat | Weekday::Sun) {
            left -= 1;
        }
    }
    moment
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(text).unwrap().to_utc()
    }

    #[test]
    fn five_working_days_from_a_friday_end_on_the_next_friday() {
        assert_eq!(
            after_working_days(at("2026-03-06T09:00:00+08:00"), 5),
            at("2026-03-13T09:00:00+08:00")
        );
    }

    #[test]
    fn the_weekend_is_beijings_and_not_londons() {
        // 07:00 on Saturday in Beijing is still Friday in UTC.
        assert_eq!(
            after_working_days(at("2026-03-06T07:00:00+08:00"), 1),
            at("2026-03-09T07:00:00+08:00")
        );
    }
}
