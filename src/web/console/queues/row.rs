//! A ticket as one row of a list.

use super::super::{ticket::names, words};
use crate::{
    county::County,
    ticket::{Channel, Lamp, Status, Ticket, clock},
};
use chrono::{DateTime, Utc};
use serde::Serialize;

/// So much of what was said tells which matter it is.
const FIRST_WORDS: usize = 60;

/// A ticket in a list.
#[derive(Serialize)]
pub(super) struct Row {
    number: String,
    version: i64,
    what: String,
    place: String,
    category: String,
    stage: &'static str,
    lamp: &'static str,
    clock: String,
    age: String,
    submitted: String,
    who: String,
    /// Said only where it is not the usual way.
    channel: Option<&'static str>,
    urgent: bool,
    confidential: bool,
    round: u32,
    urged: u32,
    photos: usize,
}

impl Row {
    pub(super) fn of(ticket: &Ticket, county: &County, now: DateTime<Utc>) -> Self {
        let report = &ticket.report;
        let (lamp, clock) = clock_of(ticket, now);
        let is_usual = matches!(ticket.channel, Channel::Wechat);
        Self {
            number: ticket.number.as_str().to_owned(),
            version: ticket.version,
            what: first_words(&report.text, FIRST_WORDS),
            place: place_of(ticket, county),
            category: county
                .category(&report.category)
                .map_or_else(|| report.category.clone(), |category| category.name.clone()),
            stage: words::stage(ticket.status.stage()),
            lamp,
            clock,
            age: words::how_long(now - ticket.submitted_at),
            submitted: words::when(ticket.submitted_at, now),
            who: who_has(ticket, county),
            channel: (!is_usual).then(|| names::channel(ticket.channel)),
            urgent: report.urgent,
            confidential: report.confidential,
            round: ticket.round,
            urged: ticket.urged,
            photos: report.photos(),
        }
    }
}

/// The lamp, and what it means in words: colour never says it alone.
fn clock_of(ticket: &Ticket, now: DateTime<Utc>) -> (&'static str, String) {
    let Some(due) = clock::running(ticket).map(|deadline| deadline.due_at).min() else {
        return ("grey", if ticket.is_ended() { "已结束" } else { "不计时" }.to_owned());
    };
    let time = words::how_long(due - now);
    match clock::lamp(ticket, now) {
        Lamp::Red => ("red", format!("超时{time}")),
        Lamp::Yellow => ("yellow", format!("快到期 剩{time}")),
        Lamp::Green => ("green", format!("剩{time}")),
    }
}

/// Where it is: the area where one is known, and else what was said.
fn place_of(ticket: &Ticket, county: &County) -> String {
    let place = &ticket.report.place;
    let area = place.area.as_deref().map(|code| county.spoken_path(&code.into()));
    match area.filter(|area| !area.is_empty()) {
        Some(area) => area,
        None => place.text.as_deref().map_or_else(String::new, |text| first_words(text, 30)),
    }
}

fn who_has(ticket: &Ticket, county: &County) -> String {
    let unit = ticket.unit.as_deref().and_then(|code| county.unit(code));
    let unit = unit.map(|unit| unit.name.as_str()).unwrap_or_default();
    let with_unit = |name: &str| match unit {
        "" => name.to_owned(),
        unit => format!("{unit} {name}"),
    };
    match (&ticket.status, &ticket.handler, ticket.called.as_slice()) {
        (Status::Submitted { .. } | Status::Accepted | Status::Returned { .. }, _, _) => {
            "值班台".to_owned()
        }
        (_, Some(handler), _) => with_unit(&handler.name),
        (_, None, [one]) => with_unit(&one.name),
        (_, None, [one, others @ ..]) => {
            with_unit(&format!("{}等{}人", one.name, others.len() + 1))
        }
        (_, None, []) => unit.to_owned(),
    }
}

/// The first words of a text, on one line.
fn first_words(text: &str, most: usize) -> String {
    let mut short = String::new();
    let mut blank = false;
    for (count, sign) in text.trim().chars().enumerate() {
        if count >= most {
            short.push('…');
            break;
        }
        let is_blank = sign.is_whitespace() || sign.is_control();
        if !is_blank {
            short.push(sign);
        } else if !blank {
            short.push(' ');
        }
        blank = is_blank;
    }
    short
}

#[cfg(test)]
mod tests {
    use super::first_words;

    #[test]
    fn the_first_words_are_one_line() {
        assert_eq!(first_words("路灯\n\n  不亮", 60), "路灯 不亮");
        assert_eq!(first_words("一二三四", 3), "一二三…");
        assert_eq!(first_words("", 60), "");
    }
}
