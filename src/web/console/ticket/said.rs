//! What the resident said and sent, where it is, and what was done about it.
//!
//! Telephone numbers are masked, also inside of texts, until somebody asks for them. Deliberately
//! absent: where pictures and voices are, which [`super::sent`] knows.

use super::sent::{Album, Sent};
use crate::county::{AreaCode, County, words as private};
use crate::replies::history;
use crate::ticket::event::{Actor, Event, What};
use crate::ticket::{Point, Ticket};
use crate::web::console::words;
use chrono::{DateTime, Utc};
use serde::Serialize;

/// Something that was said.
#[derive(Serialize)]
pub(super) struct Said {
    who: String,
    when: String,
    /// What it was: 补充, 回答, 要求重办.
    what: &'static str,
    text: String,
    media: Vec<Sent>,
}

/// Where it is.
#[derive(Serialize)]
pub(super) struct Place {
    text: Option<String>,
    area: Option<String>,
    point: Option<String>,
    /// A page of a map on another site.
    map: Option<String>,
}

impl Place {
    /// In one line.
    pub(super) fn words(&self) -> String {
        let parts = [self.area.as_deref(), self.text.as_deref()];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}

/// How a text is shown: as it is to whoever asked for the numbers in it.
pub(super) fn shown(text: &str, is_open: bool) -> String {
    if is_open { text.to_owned() } else { private::masked(text).text }
}

/// Everything the resident said, oldest first.
pub(super) fn by_resident(
    ticket: &Ticket,
    events: &[Event],
    album: &Album,
    is_open: bool,
    now: DateTime<Utc>,
) -> Vec<Said> {
    events.iter().filter_map(|event| one(ticket, event, album, is_open, now)).collect()
}

fn one(
    ticket: &Ticket,
    event: &Event,
    album: &Album,
    is_open: bool,
    now: DateTime<Utc>,
) -> Option<Said> {
    let (what, text) = match &event.what {
        What::Submitted { report, .. } => ("反映", report.text.as_str()),
        What::Supplemented { text, .. } => ("补充", text.as_deref().unwrap_or("发来了照片或语音")),
        What::InfoGiven { text } => ("回答", text.as_str()),
        What::Appealed { text } => ("申诉", text.as_str()),
        What::Reworked { reason } => ("没解决", reason.as_deref().unwrap_or("没有说明原因")),
        What::Reopened { reason } => ("要求重办", reason.as_str()),
        What::Withdrawn { reason } => ("撤回", reason.as_deref().unwrap_or_default()),
        _ => return None,
    };
    let who = match &event.by {
        Actor::Operator(person) | Actor::Member(person) => format!("居民（{}代填）", person.name),
        Actor::Resident => "居民".to_owned(),
        Actor::System => "系统".to_owned(),
    };
    // What was sent later is kept with the report.
    let media = match event.what {
        What::Submitted { .. } => album.sent(&ticket.report.media),
        _ => Vec::new(),
    };
    let (when, text) = (words::when(event.at, now), shown(text, is_open));
    Some(Said { who, when, what, text, media })
}

/// Where it is, with a way to a map.
pub(super) fn place(county: &County, ticket: &Ticket) -> Place {
    let place = &ticket.report.place;
    let area = place.area.as_deref().map(AreaCode::from).map(|code| county.spoken_path(&code));
    Place {
        text: place.text.clone(),
        area: area.filter(|area| !area.is_empty()),
        point: place.point.map(|Point { lat, lng }| format!("{lat:.5}，{lng:.5}")),
        map: place.point.map(map),
    }
}

/// The platform's points and this map are both of GCJ-02.
fn map(Point { lat, lng }: Point) -> String {
    format!("https://uri.amap.com/marker?position={lng:.6},{lat:.6}&coordinate=gaode")
}

/// A line of the history.
#[derive(Serialize)]
pub(super) struct Line {
    when: String,
    words: String,
    /// Dates follow from what was done, and are read more rarely.
    minor: bool,
}

/// The whole history in words, the latest first.
pub(super) fn history(county: &County, events: &[Event], now: DateTime<Utc>) -> Vec<Line> {
    let line = |event: &Event| Line {
        when: words::when(event.at, now),
        words: history::line(county, event).words(),
        minor: matches!(
            event.what,
            What::ClockSet { .. } | What::ClockRang { .. } | What::SignoffAsked
        ),
    };
    events.iter().rev().map(line).collect()
}

/// What was reported as the result.
#[derive(Serialize)]
pub(super) struct Result {
    by: String,
    when: String,
    outcome: &'static str,
    text: String,
    media: Vec<Sent>,
}

/// The latest result.
pub(super) fn result(
    ticket: &Ticket,
    album: &Album,
    is_open: bool,
    now: DateTime<Utc>,
) -> Option<Result> {
    let found = ticket.finding.as_ref()?;
    Some(Result {
        by: found.by.name.clone(),
        when: words::when(found.at, now),
        outcome: super::names::outcome(found.outcome),
        text: shown(&found.text, is_open),
        media: album.sent(&found.media),
    })
}

/// The first words of a text, on one line, with numbers masked.
pub(super) fn gist(text: &str, characters: usize) -> String {
    let masked = private::masked(text).text;
    let line = masked.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= characters {
        return line;
    }
    line.chars().take(characters.saturating_sub(1)).chain(['…']).collect()
}
