//! Working time in words: how long something takes, and how a deadline was counted.

use super::{Calendar, Day, Kind, begin_of, date_of, in_beijing, runs};
use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc, Weekday};
use std::{collections::BTreeSet, fmt::Write as _};

/// More than so many holidays, or make-up days, are not named one by one.
const NAMED: usize = 3;

/// Holidays in a row.
struct Skipped<'a> {
    names: Vec<&'a str>,
    first: NaiveDate,
    last: NaiveDate,
}

impl Calendar {
    /// Working minutes as people say them: `5 个工作日`, `半个工作日`, `2 个半工作日`, `3 小时`.
    pub fn span_words(&self, minutes: u32) -> String {
        let day = self.day_minutes().max(1);
        let (days, rest) = (minutes / day, minutes % day);
        match (days, rest) {
            (0, 0) => clock_words(0),
            (_, 0) => format!("{days} 个工作日"),
            (0, _) if rest * 2 == day => "半个工作日".to_owned(),
            (_, _) if rest * 2 == day => format!("{days} 个半工作日"),
            (0, _) => clock_words(rest),
            (_, _) => format!("{days} 个工作日又 {}", clock_words(rest)),
        }
    }

    /// How so many working minutes are counted, for people to follow:
    /// `2 个工作日，跳过清明 4/4–4/6，4/8（周三）12:00 前`.
    pub fn arithmetic(&self, from: DateTime<Utc>, minutes: u32) -> String {
        let mut skipped = Vec::new();
        let mut make_ups = Vec::new();
        let mut unknown = BTreeSet::new();
        let end = self.count(from, minutes, |day, counted| {
            match day.kind {
                Kind::Holiday(name) => skip(&mut skipped, day.date, name),
                Kind::MakeUp => make_ups.extend(self.make_up_words(day, counted)),
                Kind::Ordinary => {}
            }
            if !day.official {
                unknown.insert(day.date.year());
            }
        });
        let mut parts = vec![self.span_words(minutes)];
        parts.extend(skipped_words(&skipped));
        if make_ups.len() > NAMED {
            parts.push(format!("{} 个补班日照常计", make_ups.len()));
        } else {
            parts.append(&mut make_ups);
        }
        parts.push(end_words(from, end.at));
        let mut words = parts.join("，");
        if end.provisional {
            let years = runs(&unknown, "–", "、");
            let _ = write!(words, "（{years} 年放假安排还没公布，先按周一至周五算）");
        }
        words
    }

    fn make_up_words(&self, day: &Day<'_>, counted: TimeDelta) -> Option<String> {
        let minutes = u32::try_from(counted.num_minutes()).ok().filter(|minutes| *minutes > 0)?;
        let whole = minutes == self.day_minutes();
        let counted = if whole { "1 天".to_owned() } else { clock_words(minutes) };
        Some(format!("{} {} 补班计 {counted}", weekday_words(day.date), day_words(day.date)))
    }
}

fn skip<'a>(skipped: &mut Vec<Skipped<'a>>, date: NaiveDate, name: &'a str) {
    match skipped.last_mut() {
        Some(before) if before.last.succ_opt() == Some(date) => {
            before.last = date;
            if !before.names.contains(&name) {
                before.names.push(name);
            }
        }
        _ => skipped.push(Skipped { names: vec![name], first: date, last: date }),
    }
}

fn skipped_words(skipped: &[Skipped<'_>]) -> Option<String> {
    if skipped.len() > NAMED {
        let days: i64 =
            skipped.iter().map(|one| (one.last - one.first).num_days().saturating_add(1)).sum();
        return Some(format!("跳过 {} 个假期共 {days} 天", skipped.len()));
    }
    let words: Vec<String> = skipped
        .iter()
        .map(|one| {
            let names = one.names.join("、");
            let (first, last) = (day_words(one.first), day_words(one.last));
            if first == last {
                format!("{names} {first}")
            } else {
                format!("{names} {first}–{last}")
            }
        })
        .collect();
    (!words.is_empty()).then(|| format!("跳过{}", words.join("、")))
}

/// The end of a day is its 24:00: 0:00 of the next day would be taken for a day more.
fn end_words(from: DateTime<Utc>, end: DateTime<Utc>) -> String {
    let date = date_of(end);
    let (date, clock) = match date.pred_opt() {
        Some(before) if begin_of(date) == end => (before, "24:00".to_owned()),
        _ => (date, in_beijing(end).format("%-H:%M").to_string()),
    };
    let year = date.year();
    let year = if year == date_of(from).year() { String::new() } else { format!("{year}/") };
    format!("{year}{}（{}）{clock} 前", day_words(date), weekday_words(date))
}

fn clock_words(minutes: u32) -> String {
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes} 分钟"),
        (hours, 0) => format!("{hours} 小时"),
        (hours, minutes) => format!("{hours} 小时 {minutes} 分钟"),
    }
}

fn day_words(date: NaiveDate) -> String {
    format!("{}/{}", date.month(), date.day())
}

fn weekday_words(date: NaiveDate) -> &'static str {
    match date.weekday() {
        Weekday::Mon => "周一",
        Weekday::Tue => "周二",
        Weekday::Wed => "周三",
        Weekday::Thu => "周四",
        Weekday::Fri => "周五",
        Weekday::Sat => "周六",
        Weekday::Sun => "周日",
    }
}
