//! Hours of the day: when somebody may be called, when a rule counts, when nobody is disturbed.
//!
//! Deliberately absent: days. Which of them are working days is the calendar's.

use std::fmt;

/// Minutes of an hour and of a day.
const HOUR: u16 = 60;
const DAY: u16 = 24 * HOUR;

/// Minutes from midnight in Beijing, end exclusive; may run over midnight (22:00–6:00).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hours {
    /// The first minute.
    pub from: u16,
    /// The minute behind the last; where it is the first one, the hours are empty.
    pub until: u16,
}

impl Default for Hours {
    /// The night, for a county that does not say when nobody is to be disturbed.
    fn default() -> Self {
        Self { from: 22 * HOUR, until: 7 * HOUR }
    }
}

impl Hours {
    /// No minute at all.
    pub const NEVER: Self = Self { from: 0, until: 0 };

    /// Reads `22:00-6:00` as people write it, with any dash and any colon.
    pub fn read(text: &str) -> Option<Self> {
        const DASHES: [char; 9] = ['-', '—', '–', '－', '−', '~', '～', '至', '到'];
        let mut ends = text.split(DASHES).map(str::trim).filter(|end| !end.is_empty());
        let from = minute(ends.next()?)?;
        let until = minute(ends.next()?.trim_start_matches("次日").trim())?;
        let is_one_span = ends.next().is_none() && from != until && from < DAY;
        is_one_span.then_some(Self { from, until })
    }

    /// Whether the minute lies within.
    pub fn contains(&self, minute: u16) -> bool {
        if self.from <= self.until {
            (self.from..self.until).contains(&minute)
        } else {
            minute >= self.from || minute < self.until
        }
    }
}

fn minute(text: &str) -> Option<u16> {
    let (hours, minutes) = text.split_once([':', '：'])?;
    let number = |digits: &str, count: std::ops::RangeInclusive<usize>| {
        let is_number = count.contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
        is_number.then(|| digits.parse::<u16>().ok()).flatten()
    };
    let (hours, minutes) = (number(hours, 1..=2)?, number(minutes, 2..=2)?);
    let minute = hours * HOUR + minutes;
    (minutes < HOUR && minute <= DAY).then_some(minute)
}

impl fmt::Display for Hours {
    /// `22:00—6:00`, or 无.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.from == self.until {
            return f.write_str("无");
        }
        let [(from, from_minutes), (until, until_minutes)] =
            [self.from, self.until].map(|minute| (minute / HOUR, minute % HOUR));
        write!(f, "{from}:{from_minutes:02}—{until}:{until_minutes:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_one_span_of_the_day_is_not_read() {
        for text in [
            "",
            "-",
            "8:00",
            "8-18",
            "8:00-",
            "25:00-26:00",
            "8:60-9:00",
            "24:01-6:00",
            "24:00-6:00",
            "8:00-8:00",
            "8:00-12:00 14:00-18:00",
            "+8:00-9:00",
            "8:0-9:00",
            "八点到九点",
            "8:00-65535:00",
            "99999:00-8:00",
        ] {
            assert_eq!(Hours::read(text), None, "{text}");
        }
    }

    #[test]
    fn any_dash_and_any_colon_will_do() {
        let night = Hours { from: 1320, until: 360 };
        for text in
            ["22:00-6:00", "22：00—06：00", "22:00——6:00", " 22:00 ～ 6:00 ", "22:00至次日6:00"]
        {
            assert_eq!(Hours::read(text), Some(night), "{text}");
        }
        assert_eq!(Hours::read("0:00-24:00"), Some(Hours { from: 0, until: 1440 }));
    }

    #[test]
    fn the_night_runs_over_midnight_and_ends_before_its_end() {
        let night = Hours::default();
        for (minute, is_night) in
            [(1319, false), (1320, true), (1439, true), (0, true), (419, true), (420, false)]
        {
            assert_eq!(night.contains(minute), is_night, "{minute}");
        }
        let day = Hours { from: 0, until: 1440 };
        assert!((0..1440).all(|minute| day.contains(minute)));
        assert!(!(0..1440).any(|minute| Hours::NEVER.contains(minute)));
    }

    #[test]
    fn what_is_written_can_be_read_again() {
        for hours in [Hours::default(), Hours { from: 0, until: 1440 }, Hours { from: 5, until: 9 }]
        {
            assert_eq!(Hours::read(&hours.to_string()), Some(hours));
        }
        assert_eq!(Hours::default().to_string(), "22:00—7:00");
        assert_eq!(Hours::NEVER.to_string(), "无");
    }
}
