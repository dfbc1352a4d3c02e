//! Days as people write them: `2026-03-02`, `2026年3月2日`, and from one day to another.
//!
//! Deliberately absent: words such as 明天, and days without a year, because a sheet is read again
//! next year.

use chrono::{Datelike, NaiveDate};

/// A workbook speaks of the present; another year is a slip of the finger.
const YEARS: std::ops::RangeInclusive<i32> = 2000..=2100;

/// Reads one day.
pub fn read_day(text: &str) -> Option<NaiveDate> {
    let text = text.trim().trim_end_matches(['日', '号']);
    let mut parts = text.split(['-', '/', '.', '年', '月']).map(str::trim);
    let mut number = |most: usize| {
        let part = parts.next()?;
        let is_number = part.len() <= most && part.bytes().all(|b| b.is_ascii_digit());
        is_number.then(|| part.parse::<u32>().ok()).flatten()
    };
    let (year, month, day) = (number(4)?, number(2)?, number(2)?);
    let day = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?;
    (parts.next().is_none() && YEARS.contains(&day.year())).then_some(day)
}

/// Reads `2026-03-02—2026-03-08`, or one day as a span of one. The order is not looked at.
pub fn read_days(text: &str) -> Option<(NaiveDate, NaiveDate)> {
    const DASHES: [char; 7] = ['—', '–', '－', '~', '～', '至', '到'];
    let spread = text.replace(" - ", "—");
    let has_dash = spread.contains(DASHES);
    // Where the parts of a day are told otherwise, a hyphen stands between two days.
    let is_hyphen_free = !has_dash && spread.contains(['/', '.', '年']);
    let is_dash = |c: char| DASHES.contains(&c) || is_hyphen_free && c == '-';
    let mut days = spread.split(is_dash).map(str::trim).filter(|day| !day.is_empty());
    let from = read_day(days.next()?)?;
    let until = days.next().map_or(Some(from), read_day)?;
    days.next().is_none().then_some((from, until))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, month, day).unwrap()
    }

    #[test]
    fn what_is_no_day_is_not_read() {
        for text in [
            "",
            "三月二号",
            "3月2日",
            "2026-02-29",
            "2026-13-01",
            "26-3-2",
            "20260-3-2",
            "1899-12-31",
            "2026-3-2-1",
            "2026-+3-2",
            "46083",
            "2026-03-02 09:00",
        ] {
            assert_eq!(read_day(text), None, "{text}");
            assert_eq!(read_days(text), None, "{text}");
        }
    }

    #[test]
    fn a_day_is_read_as_people_write_it() {
        for text in ["2026-03-02", "2026/3/2", "2026.3.2", "2026年3月2日", " 2026-3-2 "] {
            assert_eq!(read_day(text), Some(day(3, 2)), "{text}");
            assert_eq!(read_days(text), Some((day(3, 2), day(3, 2))), "{text}");
        }
    }

    #[test]
    fn a_span_may_be_written_with_any_dash() {
        for text in [
            "2026-03-02—2026-03-08",
            "2026-03-02——2026-03-08",
            "2026-3-2 - 2026-3-8",
            "2026-03-02至2026-03-08",
            "2026/3/2-2026/3/8",
            "2026年3月2日~2026年3月8日",
        ] {
            assert_eq!(read_days(text), Some((day(3, 2), day(3, 8))), "{text}");
        }
        assert_eq!(read_days("2026-03-02—2026-03-05—2026-03-08"), None);
        assert_eq!(read_days("2026-03-08—2026-03-02"), Some((day(3, 8), day(3, 2))));
    }
}
