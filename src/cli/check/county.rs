//! The county as it is loaded: rules that find nobody, holidays that nobody announced, work that
//! waits for somebody who is away.

use super::Findings;
use crate::{
    calendar::{Calendar, date_of},
    county::{County, route::rules_off},
    storage::{Absent, StorageError, Store},
    telemetry::Chain,
};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

/// Dates are counted at least so far ahead.
const AHEAD: TimeDelta = TimeDelta::days(60);
/// So many people are named.
const NAMED: usize = 10;

/// Looks at it all.
pub(super) async fn look(store: &Store, now: DateTime<Utc>, findings: &mut Findings) {
    match read(store, date_of(now)).await {
        Ok(Some((county, absent))) => {
            look_at_rules(&county, findings);
            look_at_calendar(county.calendar(), date_of(now), findings);
            look_at_absent(&absent, findings);
        }
        Ok(None) => {}
        Err(error) => findings.wrong("county", Chain(&error), "import the county again"),
    }
}

async fn read(
    store: &Store,
    today: NaiveDate,
) -> Result<Option<(County, Vec<Absent>)>, StorageError> {
    let Some((_, county)) = store.county().await? else { return Ok(None) };
    Ok(Some((county, store.absent_with_work(today).await?)))
}

fn look_at_rules(county: &County, findings: &mut Findings) {
    let off = rules_off(county);
    if off.is_empty() {
        return findings
            .good("routes", format!("{} rules, none without a target", county.rules().len()));
    }
    for off in off {
        let mend = "mend the sheet 路由, or whom it names, and import again";
        findings.odd(&format!("route “{}”", off.rule), format!("switched off: {}", off.why), mend);
    }
}

fn look_at_calendar(calendar: &Calendar, today: NaiveDate, findings: &mut Findings) {
    match first_unknown_year(calendar, today) {
        None => findings.good("calendar", "the holidays of the next 60 days are known"),
        Some(year) => findings.wrong(
            "calendar",
            format!("the holidays of {year} are not known, so dates are guessed at"),
            "write them into the sheet 日历 as soon as they are announced, and import again",
        ),
    }
}

/// The first year among the next days of which nobody knows the holidays.
fn first_unknown_year(calendar: &Calendar, today: NaiveDate) -> Option<i32> {
    let last = today.checked_add_signed(AHEAD).unwrap_or(today);
    calendar.first_unknown_year(today, last)
}

fn look_at_absent(absent: &[Absent], findings: &mut Findings) {
    if absent.is_empty() {
        return findings.good("work", "none waits for somebody who is away");
    }
    let names: Vec<&str> =
        absent.iter().take(NAMED).map(|absent| absent.person.name.as_str()).collect();
    let more = if absent.len() > NAMED { " …" } else { "" };
    findings.odd(
        "work",
        format!("{} who are away still have some: {}{more}", absent.len(), names.join("、")),
        "see that `serve` or `work` runs, which hands it over",
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_is_missed_sixty_days_before_it_begins() {
        let calendar = Calendar::default();
        let unknown = |day: &str| first_unknown_year(&calendar, day.parse().unwrap());
        assert_eq!(unknown("2026-11-01"), None);
        assert_eq!(unknown("2026-11-02"), Some(2027));
        assert_eq!(unknown("2026-12-31"), Some(2027));
        assert_eq!(unknown("2024-12-31"), Some(2024));
    }
}
