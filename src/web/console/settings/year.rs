//! A year at a glance: which days are worked, which are not, and what is only guessed.

use super::{Desk, Stop};
use crate::calendar::{Calendar, Special, date_of};
use actix_web::{HttpResponse, web::Query};
use chrono::{Datelike, Months, NaiveDate, TimeDelta, Weekday};
use serde::{Deserialize, Serialize};

/// From so many days before a year without known holidays, somebody has to do something.
const AHEAD: TimeDelta = TimeDelta::days(60);
/// Nobody plans further.
const YEARS: std::ops::RangeInclusive<i32> = 2025..=2100;

#[derive(Deserialize)]
pub(super) struct Which {
    year: Option<i32>,
}

#[derive(Serialize)]
struct Glance {
    year: i32,
    before: Option<i32>,
    after: Option<i32>,
    is_known: bool,
    unknown_soon: Option<i32>,
    working_days: usize,
    months: Vec<Month>,
    own: Vec<Vec<String>>,
    hours: Vec<(&'static str, String)>,
}

#[derive(Serialize)]
struct Month {
    number: u32,
    /// Weeks from Monday, with gaps.
    weeks: Vec<Vec<Option<Day>>>,
    working_days: usize,
}

#[derive(Serialize)]
struct Day {
    number: u32,
    /// For the style sheet.
    kind: &'static str,
    /// Beside the number, because colour alone tells nobody.
    letter: &'static str,
    words: String,
    is_today: bool,
}

/// The first year among the next days of which nobody knows the holidays.
pub(super) fn unknown_soon(desk: &Desk) -> Option<i32> {
    let today = date_of(desk.now);
    let last = today.checked_add_signed(AHEAD).unwrap_or(today);
    let calendar = desk.county.calendar();
    (today.year()..=last.year()).find(|year| !calendar.is_official(*year))
}

pub(super) async fn page(desk: Desk, which: Query<Which>) -> Result<HttpResponse, Stop> {
    desk.needs_whole_county()?;
    let today = date_of(desk.now);
    let year = which.year.unwrap_or(today.year()).clamp(*YEARS.start(), *YEARS.end());
    let calendar = desk.county.calendar();
    let months: Vec<Month> =
        (1..=12).filter_map(|number| month(calendar, year, number, today)).collect();
    let form = desk.form("calendar")?;
    let own = crate::county::written::rows(desk.county.register(), form);
    let hours = calendar.hours();
    let spans = |spans: &[(u16, u16)]| match spans {
        [] => "不上班".to_owned(),
        spans => crate::calendar::WorkingHours::write(spans),
    };
    let content = Glance {
        year,
        before: Some(year - 1).filter(|year| YEARS.contains(year)),
        after: Some(year + 1).filter(|year| YEARS.contains(year)),
        is_known: calendar.is_official(year),
        unknown_soon: unknown_soon(&desk),
        working_days: months.iter().map(|month| month.working_days).sum(),
        months,
        own,
        hours: vec![
            ("周一到周五", spans(hours.weekdays())),
            ("周六", spans(hours.saturday())),
            ("周日", spans(hours.sunday())),
        ],
    };
    desk.page("settings/year.html", "settings", &format!("{year}年日历"), content)
}

fn month(calendar: &Calendar, year: i32, number: u32, today: NaiveDate) -> Option<Month> {
    let first = NaiveDate::from_ymd_opt(year, number, 1)?;
    let end = first.checked_add_months(Months::new(1))?;
    let gap = usize::try_from(first.weekday().num_days_from_monday()).unwrap_or(0);
    let mut days: Vec<Option<Day>> = std::iter::repeat_with(|| None).take(gap).collect();
    days.extend(first.iter_days().take_while(|d| *d < end).map(|d| Some(day(calendar, d, today))));
    while !days.len().is_multiple_of(7) {
        days.push(None);
    }
    let mut weeks = Vec::new();
    let mut days = days.into_iter().peekable();
    while days.peek().is_some() {
        weeks.push(days.by_ref().take(7).collect());
    }
    let worked = first.iter_days().take_while(|d| *d < end);
    let working_days = worked.filter(|date| calendar.is_working_day(*date)).count();
    Some(Month { number, weeks, working_days })
}

fn day(calendar: &Calendar, date: NaiveDate, today: NaiveDate) -> Day {
    let is_weekend = matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
    let (kind, letter, what) = match calendar.special(date) {
        Some(Special::Holiday(name)) => ("holiday", "休", format!("放假：{name}")),
        Some(Special::Working(name)) => ("makeup", "班", format!("补班：{name}")),
        None if calendar.is_working_day(date) => ("working", "", "上班".to_owned()),
        None if is_weekend => ("weekend", "", "周末".to_owned()),
        None => ("weekend", "", "不上班".to_owned()),
    };
    Day {
        number: date.day(),
        kind,
        letter,
        words: format!("{}月{}日，{what}", date.month(), date.day()),
        is_today: date == today,
    }
}
