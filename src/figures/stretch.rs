//! A month, a quarter or a year, as figures are looked at and reported.

use crate::rates::Period;
use chrono::{Datelike, Months, NaiveDate};
use std::fmt;

/// A month, a quarter or a year in Beijing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    first: NaiveDate,
    kind: Kind,
}

/// How long it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the three of them")]
pub enum Kind {
    Month,
    Quarter,
    Year,
}

impl Kind {
    /// Every kind, the shortest first.
    pub const ALL: [Self; 3] = [Self::Month, Self::Quarter, Self::Year];

    fn months(self) -> u32 {
        match self {
            Self::Month => 1,
            Self::Quarter => 3,
            Self::Year => 12,
        }
    }
}

impl Stretch {
    /// The one of this kind that the day lies in.
    pub fn of(day: NaiveDate, kind: Kind) -> Self {
        let month = day.month0() - day.month0() % kind.months();
        let first = NaiveDate::from_ymd_opt(day.year(), month + 1, 1).unwrap_or(day);
        Self { first, kind }
    }

    /// Reads `2026-03`, `2026-q1` or `2026`.
    pub fn read(text: &str) -> Option<Self> {
        let (year, rest) = text.split_once('-').unwrap_or((text, ""));
        if year.len() != 4 || !year.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let year: i32 = year.parse().ok()?;
        let number = |text: &str| text.parse::<u32>().ok();
        let (month, kind) = match (rest.strip_prefix('q'), text.len()) {
            (Some(quarter), 7) => {
                (number(quarter)?.checked_sub(1)?.checked_mul(3)?.checked_add(1)?, Kind::Quarter)
            }
            (None, 7) => (number(rest)?, Kind::Month),
            (None, 4) => (1, Kind::Year),
            _ => return None,
        };
        Some(Self { first: NaiveDate::from_ymd_opt(year, month, 1)?, kind })
    }

    /// How long it is.
    pub fn kind(self) -> Kind {
        self.kind
    }

    /// Its first day.
    pub fn first(self) -> NaiveDate {
        self.first
    }

    /// Its last day.
    pub fn last(self) -> NaiveDate {
        self.after().first.pred_opt().unwrap_or(self.first)
    }

    /// The one before it.
    #[must_use]
    pub fn before(self) -> Self {
        self.moved(-1)
    }

    /// The one after it.
    #[must_use]
    pub fn after(self) -> Self {
        self.moved(1)
    }

    /// The same one of the year before.
    #[must_use]
    pub fn year_before(self) -> Self {
        let first = self.first.checked_sub_months(Months::new(12)).unwrap_or(self.first);
        Self { first, ..self }
    }

    fn moved(self, by: i32) -> Self {
        let months = Months::new(self.kind.months());
        let first = match by {
            ..0 => self.first.checked_sub_months(months),
            _ => self.first.checked_add_months(months),
        };
        Self { first: first.unwrap_or(self.first), ..self }
    }

    /// Its months.
    pub fn months(self) -> Vec<Period> {
        let month = |nth| self.first.checked_add_months(Months::new(nth));
        (0..self.kind.months()).filter_map(month).map(Period::month_of).collect()
    }

    /// Its days.
    pub fn days(self) -> Vec<NaiveDate> {
        self.first.iter_days().take_while(|day| *day <= self.last()).collect()
    }

    /// As people say it.
    pub fn words(self) -> String {
        let year = self.first.year();
        match self.kind {
            Kind::Month => format!("{year}年{}月", self.first.month()),
            Kind::Quarter => format!("{year}年第{}季度", self.first.month0() / 3 + 1),
            Kind::Year => format!("{year}年"),
        }
    }
}

impl fmt::Display for Stretch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let year = self.first.year();
        match self.kind {
            Kind::Month => write!(f, "{year:04}-{:02}", self.first.month()),
            Kind::Quarter => write!(f, "{year:04}-q{}", self.first.month0() / 3 + 1),
            Kind::Year => write!(f, "{year:04}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Stretch {
        Stretch::read(text).unwrap()
    }

    #[test]
    fn what_is_no_stretch_is_not_read() {
        for text in [
            "",
            "2026-13",
            "2026-00",
            "2026-q0",
            "2026-q5",
            "2026-3",
            "26-03",
            "+026-03",
            "2026-qx",
            "2026-03-01",
            "２０２６",
            "2026-q99999999999",
        ] {
            assert_eq!(Stretch::read(text), None, "{text}");
        }
    }

    #[test]
    fn a_stretch_has_a_first_and_a_last_day_and_neighbours() {
        for (text, last, before, year_before, months) in [
            ("2026-03", "2026-03-31", "2026-02", "2025-03", 1),
            ("2026-01", "2026-01-31", "2025-12", "2025-01", 1),
            ("2028-02", "2028-02-29", "2028-01", "2027-02", 1),
            ("2026-q1", "2026-03-31", "2025-q4", "2025-q1", 3),
            ("2026", "2026-12-31", "2025", "2025", 12),
        ] {
            let stretch = read(text);
            assert_eq!(stretch.to_string(), text);
            assert_eq!(stretch.last().to_string(), last);
            assert_eq!(stretch.before().to_string(), before);
            assert_eq!(stretch.year_before().to_string(), year_before);
            assert_eq!(stretch.before().after(), stretch);
            assert_eq!(stretch.months().len(), months);
            assert_eq!(stretch.days().last(), Some(&stretch.last()));
            assert_eq!(Stretch::of(stretch.last(), stretch.kind()), stretch);
        }
        assert_eq!(read("2026-q4").words(), "2026年第4季度");
    }
}
