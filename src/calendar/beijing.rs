//! Days on a clock in Beijing. Total: at the ends of what chrono knows, a moment is the nearest
//! one that has a day.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime, TimeDelta, Utc};

/// UTC+8 all year round; China has no daylight saving time.
const HOURS_EAST: i32 = 8;

/// The same moment on a clock in Beijing.
pub fn in_beijing(moment: DateTime<Utc>) -> DateTime<FixedOffset> {
    // chrono panics when it is asked for a local day that it cannot count to.
    let moment = moment.min(DateTime::<Utc>::MAX_UTC - TimeDelta::hours(HOURS_EAST.into()));
    match FixedOffset::east_opt(HOURS_EAST * 3600) {
        Some(beijing) => moment.with_timezone(&beijing),
        None => moment.fixed_offset(),
    }
}

/// The day that it is in Beijing.
pub fn date_of(moment: DateTime<Utc>) -> NaiveDate {
    in_beijing(moment).date_naive()
}

/// The first moment of a day in Beijing.
pub fn begin_of(date: NaiveDate) -> DateTime<Utc> {
    moment_of(date, 0)
}

/// So many minutes after the first moment of a day in Beijing; 1440 is the end of the day.
pub(super) fn moment_of(date: NaiveDate, minute: u16) -> DateTime<Utc> {
    let after_midnight_utc =
        TimeDelta::minutes(minute.into()) - TimeDelta::hours(HOURS_EAST.into());
    match date.and_time(NaiveTime::MIN).checked_add_signed(after_midnight_utc) {
        Some(moment) => moment.and_utc(),
        None if after_midnight_utc < TimeDelta::zero() => DateTime::<Utc>::MIN_UTC,
        None => DateTime::<Utc>::MAX_UTC,
    }
}
