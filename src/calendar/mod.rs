//! The working time of a county: its hours, public holidays and make-up working days (调休补班),
//! in Beijing time. Pure.
//!
//! [`Calendar`] counts working minutes and working days, and says in words how it counted.
//!
//! It promises that time is never lost or won: what [`Calendar::add`] adds,
//! [`Calendar::between`] finds again. A year whose holidays nobody has announced is counted by
//! Monday to Friday and the holidays with fixed dates, and what comes of it is marked
//! [`provisional`](Moment::provisional). Every question is answered, also at the ends of what a
//! date can be; nobody is told of more than two hundred years.
//!
//! A holiday has no working time even where work never rests: a county whose duty goes on over a
//! holiday has that day among its own days as [`Special::Working`].
//!
//! The days of 2025 and 2026 come from chinese-days (MIT, see `LICENSE-chinese-days`).
//!
//! Deliberately absent: where a county's own hours and days are read and stored, and what is due
//! when.

mod beijing;
mod hours;
mod vendored;
mod words;

pub use beijing::{begin_of, date_of, in_beijing};
pub use hours::WorkingHours;

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use sha2::{Digest, Sha256};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

/// How many days are looked at for one answer: two hundred years, far beyond any deadline, and
/// done in a moment.
const FARTHEST: usize = 200 * 366;

/// A day that is not what its day of the week says, with the festival it belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Special {
    /// Nobody works, like 清明.
    Holiday(String),
    /// It has the hours of an ordinary weekday (补班).
    Working(String),
}

/// When something is over that takes working time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// When.
    pub at: DateTime<Utc>,
    /// Whether it was counted over a day of a year whose holidays are not known.
    pub provisional: bool,
}

/// When a county works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    hours: WorkingHours,
    days: BTreeMap<NaiveDate, Special>,
    /// The compiled-in days with the county's own above them.
    all: BTreeMap<NaiveDate, Special>,
    official: BTreeSet<i32>,
    version: String,
}

impl Default for Calendar {
    fn default() -> Self {
        Self::new(WorkingHours::default(), BTreeMap::new())
    }
}

/// What a day is.
struct Day<'a> {
    date: NaiveDate,
    kind: Kind<'a>,
    spans: &'a [(u16, u16)],
    official: bool,
}

enum Kind<'a> {
    Ordinary,
    Holiday(&'a str),
    MakeUp,
}

impl<'a> Day<'a> {
    /// From when to when is worked.
    fn moments(&self) -> impl Iterator<Item = (DateTime<Utc>, DateTime<Utc>)> + use<'a> {
        let date = self.date;
        let moment = move |minute| beijing::moment_of(date, minute);
        self.spans.iter().map(move |(from, to)| (moment(*from), moment(*to)))
    }
}

impl Calendar {
    /// A county's calendar. The compiled-in days lie under `days`: a date in `days` wins. The
    /// holidays of a year are known if it is compiled in or has a date in `days`.
    pub fn new(hours: WorkingHours, days: BTreeMap<NaiveDate, Special>) -> Self {
        let mut all = vendored::days();
        all.extend(days.clone());
        let official = all.keys().map(Datelike::year).collect();
        let version = version(&hours, &all, &official);
        Self { hours, days, all, official, version }
    }

    /// The county's own days, as given.
    pub fn days(&self) -> &BTreeMap<NaiveDate, Special> {
        &self.days
    }

    /// The hours of ordinary days.
    pub fn hours(&self) -> &WorkingHours {
        &self.hours
    }

    /// The years whose holidays are known and a digest of what is counted by, like
    /// `2025-2026.1f3a9c2e`. It changes with the hours and the special days, and with nothing else.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The first year from one day to another whose holidays nobody announced.
    pub fn first_unknown_year(&self, from: NaiveDate, until: NaiveDate) -> Option<i32> {
        (from.year()..=until.year()).find(|year| !self.is_official(*year))
    }

    /// So many working minutes later. What ends with a span ends there and not when the next one
    /// begins: on Friday at 18:00, not on Monday at 8:00. Outside of hours, the next working
    /// minute is the first that counts.
    pub fn add(&self, from: DateTime<Utc>, minutes: u32) -> Moment {
        self.count(from, minutes, |_, _| {})
    }

    /// The working minutes from one moment to another, those begun left out; none if `to` is not
    /// after `from`.
    pub fn between(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> u32 {
        let worked = self
            .days_from(from)
            .take_while(|day| begin_of(day.date) < to)
            .flat_map(|day| day.moments())
            .map(|(begin, end)| end.min(to) - begin.max(from))
            .filter(|worked| *worked > TimeDelta::zero())
            .fold(TimeDelta::zero(), |sum, worked| sum + worked);
        u32::try_from(worked.num_minutes()).unwrap_or(u32::MAX)
    }

    /// The same time of day, so many working days later: what people understand.
    pub fn after_days(&self, from: DateTime<Utc>, days: u32) -> Moment {
        let mut reached = Moment { at: from, provisional: false };
        let mut left = days;
        for (later, day) in (1..).zip(self.days_from(from).skip(1)) {
            if left == 0 {
                break;
            }
            reached.provisional |= !day.official;
            if !day.spans.is_empty() {
                left -= 1;
                reached.at = from.checked_add_signed(TimeDelta::days(later)).unwrap_or(reached.at);
            }
        }
        reached
    }

    /// Whether there is working time on a day.
    pub fn is_working_day(&self, date: NaiveDate) -> bool {
        !self.day(date).spans.is_empty()
    }

    /// What a day is called that is not what its day of the week says.
    pub fn special(&self, date: NaiveDate) -> Option<Special> {
        let fixed = || holiday_every_year(date).filter(|_| !self.is_official(date.year()));
        let known = self.all.get(&date).cloned();
        known.or_else(|| fixed().map(|name| Special::Holiday(name.to_owned())))
    }

    /// Whether the holidays of a year are known.
    pub fn is_official(&self, year: i32) -> bool {
        self.official.contains(&year)
    }

    /// The minutes of an ordinary Monday: what 1 个工作日 means.
    pub fn day_minutes(&self) -> u32 {
        self.hours.weekdays().iter().map(|(from, to)| u32::from(to.saturating_sub(*from))).sum()
    }

    /// The end of so many working minutes; `each` hears of every day on the way and how much of
    /// it counted.
    fn count<'a>(
        &'a self,
        from: DateTime<Utc>,
        minutes: u32,
        mut each: impl FnMut(&Day<'a>, TimeDelta),
    ) -> Moment {
        let mut left = TimeDelta::minutes(minutes.into());
        let mut reached = Moment { at: from, provisional: false };
        for day in self.days_from(from) {
            reached.provisional |= !day.official;
            let before = left;
            for (begin, end) in day.moments().filter(|(_, end)| *end >= from) {
                let begin = begin.max(from);
                let worked = left.min(end - begin);
                reached.at = begin + worked;
                left -= worked;
                if left.is_zero() {
                    each(&day, before);
                    return reached;
                }
            }
            each(&day, before - left);
        }
        reached
    }

    fn days_from(&self, from: DateTime<Utc>) -> impl Iterator<Item = Day<'_>> {
        date_of(from).iter_days().take(FARTHEST).map(|date| self.day(date))
    }

    fn day(&self, date: NaiveDate) -> Day<'_> {
        let official = self.is_official(date.year());
        let (kind, spans) = match self.all.get(&date) {
            Some(Special::Working(_)) => (Kind::MakeUp, self.hours.weekdays()),
            Some(Special::Holiday(name)) => (Kind::Holiday(name), [].as_slice()),
            None => match holiday_every_year(date).filter(|_| !official) {
                Some(name) => (Kind::Holiday(name), [].as_slice()),
                None => (Kind::Ordinary, self.hours.of_ordinary(date)),
            },
        };
        Day { date, kind, spans, official }
    }
}

/// The holidays that the law fixes to dates of this calendar; the others follow the moon and the
/// sun, and the announcement of the year.
fn holiday_every_year(date: NaiveDate) -> Option<&'static str> {
    match (date.month(), date.day()) {
        (1, 1) => Some("元旦"),
        (5, 1..=2) => Some("劳动节"),
        (10, 1..=3) => Some("国庆节"),
        _ => None,
    }
}

fn version(
    hours: &WorkingHours,
    days: &BTreeMap<NaiveDate, Special>,
    official: &BTreeSet<i32>,
) -> String {
    let mut text = String::new();
    for spans in [hours.weekdays(), hours.saturday(), hours.sunday()] {
        let _ = writeln!(text, "{}", WorkingHours::write(spans));
    }
    for (date, special) in days {
        // Written with its quotes, a name cannot pass for another line.
        let _ = writeln!(text, "{date} {special:?}");
    }
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().take(4).fold(format!("{}.", runs(official, "-", "+")), |mut version, byte| {
        let _ = write!(version, "{byte:02x}");
        version
    })
}

/// Years in a row as the first and the last of them.
fn runs(years: &BTreeSet<i32>, to: &str, and: &str) -> String {
    let mut runs: Vec<(i32, i32)> = Vec::new();
    for year in years {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == *year => *last = *year,
            _ => runs.push((*year, *year)),
        }
    }
    let words: Vec<String> = runs
        .into_iter()
        .map(
            |(first, last)| {
                if first == last { first.to_string() } else { format!("{first}{to}{last}") }
            },
        )
        .collect();
    words.join(and)
}

#[cfg(test)]
mod tests;
