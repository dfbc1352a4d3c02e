//! From when to when a county works on an ordinary weekday, a Saturday and a Sunday.
//!
//! It promises that spans are in order and do not overlap, and that there is working time on
//! weekdays. Deliberately absent: hours of single days of the week, and hours over midnight.

use chrono::{Datelike, NaiveDate, Weekday};

/// The minutes of a day.
const DAY: u16 = 24 * 60;

/// When a county works. A span is from a minute after midnight to another.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct WorkingHours {
    weekdays: Vec<(u16, u16)>,
    saturday: Vec<(u16, u16)>,
    sunday: Vec<(u16, u16)>,
}

impl Default for WorkingHours {
    /// Monday to Friday, 8:00–12:00 and 14:00–18:00.
    fn default() -> Self {
        let weekdays = vec![(8 * 60, 12 * 60), (14 * 60, 18 * 60)];
        Self { weekdays, saturday: Vec::new(), sunday: Vec::new() }
    }
}

impl WorkingHours {
    /// Hours of these spans; `None` if they are not in order, overlap, are empty or leave the
    /// day, and if weekdays have none.
    pub fn of(
        weekdays: &[(u16, u16)],
        saturday: &[(u16, u16)],
        sunday: &[(u16, u16)],
    ) -> Option<Self> {
        let good = [weekdays, saturday, sunday].into_iter().all(in_order) && !weekdays.is_empty();
        good.then(|| Self {
            weekdays: weekdays.to_vec(),
            saturday: saturday.to_vec(),
            sunday: sunday.to_vec(),
        })
    }

    /// Reads the spans of a day as people write them, like `8:00-12:00、14：00～18：00`. Nothing
    /// is a day without work; `None` is something else.
    pub fn read(text: &str) -> Option<Vec<(u16, u16)>> {
        let mut words: Vec<String> = text
            .chars()
            .map(plain)
            .collect::<String>()
            // A dash is a word of its own.
            .replace('-', " - ")
            .split_whitespace()
            .map(str::to_owned)
            .collect();
        // ——, as keyboards in Chinese write it.
        words.dedup_by(|word, before| *word == "-" && *before == "-");
        let spans: Option<Vec<_>> = words
            .chunks(3)
            .map(|span| match span {
                [from, dash, to] if dash == "-" => Some((minute(from)?, minute(to)?)),
                _ => None,
            })
            .collect();
        spans.filter(|spans| in_order(spans))
    }

    /// Spans as [`Self::read`] reads them: `8:00-12:00 14:00-18:00`.
    pub fn write(spans: &[(u16, u16)]) -> String {
        let clock = |minute: u16| format!("{}:{:02}", minute / 60, minute % 60);
        let spans: Vec<String> =
            spans.iter().map(|(from, to)| format!("{}-{}", clock(*from), clock(*to))).collect();
        spans.join(" ")
    }

    /// The spans of a day from Monday to Friday.
    pub fn weekdays(&self) -> &[(u16, u16)] {
        &self.weekdays
    }

    /// The spans of a Saturday.
    pub fn saturday(&self) -> &[(u16, u16)] {
        &self.saturday
    }

    /// The spans of a Sunday.
    pub fn sunday(&self) -> &[(u16, u16)] {
        &self.sunday
    }

    /// The spans of a day that is neither a holiday nor a make-up working day.
    pub(super) fn of_ordinary(&self, date: NaiveDate) -> &[(u16, u16)] {
        match date.weekday() {
            Weekday::Sat => &self.saturday,
            Weekday::Sun => &self.sunday,
            _ => &self.weekdays,
        }
    }
}

fn in_order(spans: &[(u16, u16)]) -> bool {
    let mut free_from = 0;
    spans.iter().all(|(from, to)| {
        let good = free_from <= *from && from < to && *to <= DAY;
        free_from = *to;
        good
    })
}

/// One sign for what people write in many ways.
fn plain(sign: char) -> char {
    match sign {
        '：' => ':',
        '－' | '–' | '—' | '−' | '~' | '～' | '〜' | '至' | '到' => '-',
        '、' | '，' | ',' | '；' | ';' => ' ',
        '０'..='９' => {
            let digit = u32::from(sign) - u32::from('０');
            char::from_digit(digit, 10).unwrap_or(sign)
        }
        _ => sign,
    }
}

fn minute(clock: &str) -> Option<u16> {
    let (hour, minute) = clock.split_once(':')?;
    let digits = |text: &str| text.chars().all(|sign| sign.is_ascii_digit());
    if !(1..=2).contains(&hour.len()) || minute.len() != 2 || !digits(hour) || !digits(minute) {
        return None;
    }
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    (minute < 60 && hour * 60 + minute <= DAY).then_some(hour * 60 + minute)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_read_however_people_write_them() {
        let usual = Some(vec![(480, 720), (840, 1080)]);
        for text in [
            "8:00-12:00 14:00-18:00",
            "08:00-12:00,14:00-18:00",
            "8：00～12：00、14：00～18：00",
            "８：００—１２：００，１４：００—１８：００",
            "8:00——12:00；14:00——18:00",
            "8:00至12:00 14:00至18:00",
            " 8:00 - 12:00\n14:00 – 18:00 ",
        ] {
            assert_eq!(WorkingHours::read(text), usual, "{text}");
        }
        assert_eq!(WorkingHours::read("0:00-24:00"), Some(vec![(0, 1440)]));
        assert_eq!(WorkingHours::read(" "), Some(Vec::new()));
    }

    #[test]
    fn what_could_mean_something_else_is_not_read() {
        for text in [
            "8:00",
            "8:00-",
            "8:00-12:00-14:00",
            "8:00-12:0014:00-18:00",
            "8:0-12:00",
            "8:60-12:00",
            "8:00-24:01",
            "12:00-8:00",
            "22:00-6:00",
            "8:00-8:00",
            "8:00-12:00 11:00-18:00",
            "14:00-18:00 8:00-12:00",
            "8-12",
            "下午2:00-6:00",
            "+8:00-12:00",
            "99999:00-12:00",
            "休息",
        ] {
            assert_eq!(WorkingHours::read(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        for spans in [vec![], vec![(0, 1440)], vec![(485, 720), (720, 1080)]] {
            assert_eq!(WorkingHours::read(&WorkingHours::write(&spans)), Some(spans));
        }
    }

    #[test]
    fn hours_without_work_on_weekdays_or_out_of_order_are_none() {
        let day = [(480, 720)];
        assert!(WorkingHours::of(&day, &[], &[]).is_some());
        assert_eq!(WorkingHours::of(&[], &day, &day), None);
        assert_eq!(WorkingHours::of(&day, &[(0, 1441)], &[]), None);
        assert_eq!(WorkingHours::of(&day, &[], &[(600, 700), (650, 800)]), None);
        assert_eq!(WorkingHours::of(&[(600, 600)], &[], &[]), None);
    }
}
