//! What people read of a ticket and of a place: short values, made from what is known.
//!
//! A resident's own words are quoted short and with private numbers masked. Deliberately absent:
//! sentences; they stand in `templates/`.

use crate::calendar::in_beijing;
use crate::county::{County, words};
use crate::ticket::{Deadline, Help, HelpStatus, Place, Stage, Status, Ticket, clock};
use chrono::{DateTime, Utc};
use serde::Serialize;

/// What people read of a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Card {
    /// The number.
    pub number: String,
    /// The first words of the matter.
    pub gist: String,
    /// The category's name.
    pub category: String,
    /// The place, short.
    pub place: String,
    /// The day of submission in Beijing, `3/2`.
    pub day: String,
    /// Where it stands.
    pub stage: Stage,
    /// How it was closed, if it is.
    pub closed_kind: Option<&'static str>,
    /// Who handles it, or who was called.
    pub handler: Option<String>,
    /// The words that go with the stage: a question, a reason, another number.
    pub note: Option<String>,
    /// A date that goes with the stage, `2026年5月3日`.
    pub until: Option<String>,
    /// Somebody may be in danger.
    pub urgent: bool,
    /// Until when its result is owed, or the reader's own part of it: `3月5日18:00前`.
    pub due: Option<String>,
    /// The day of it, as residents read it: `3月5日`.
    pub due_day: Option<String>,
    /// That moment is over.
    pub late: bool,
    /// The day may still move: the holidays of that year are not published yet.
    pub provisional: bool,
    /// How many of those who work on it together are done, and how many they are.
    pub helpers: Option<(usize, usize)>,
    /// What the reader alone is to do of it.
    pub part: Option<String>,
}

/// How long a quotation of somebody's words may be, in characters: one line on a phone.
const GIST_CHARACTERS: usize = 24;

/// How much of what was done is shown in passing.
const FOUND: usize = 40;

/// The first words of a text, on one line.
pub fn gist(text: &str) -> String {
    shortened(text, GIST_CHARACTERS)
}

/// A text on one line, cut to a number of characters.
pub fn shortened(text: &str, characters: usize) -> String {
    let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= characters {
        return line;
    }
    let cut: String = line.chars().take(characters.saturating_sub(1)).collect();
    format!("{cut}…")
}

/// `2026年3月2日`
pub fn long_day(moment: DateTime<Utc>) -> String {
    in_beijing(moment).format("%Y年%-m月%-d日").to_string()
}

/// `3/2`
pub fn short_day(moment: DateTime<Utc>) -> String {
    in_beijing(moment).format("%-m/%-d").to_string()
}

impl Card {
    /// What people read of this ticket.
    pub fn of(ticket: &Ticket, county: &County, now: DateTime<Utc>) -> Self {
        let (note, until) = match &ticket.status {
            Status::NeedInfo { question, .. } => (Some(question.clone()), None),
            Status::Rejected { because, .. } => (Some(because.reason.clone()), None),
            Status::Merged { into, .. } => (Some(into.to_string()), None),
            Status::Suspended { until, .. } => (None, Some(long_day(*until))),
            Status::Returned { reason } => (Some(reason.clone()), None),
            Status::AwaitingSignoff { .. } | Status::Closed { .. } => {
                (ticket.finding.as_ref().map(|finding| shortened(&finding.text, FOUND)), None)
            }
            _ => (None, None),
        };
        let called: Vec<&str> = ticket.called.iter().map(|person| person.name.as_str()).collect();
        let handler = match &ticket.handler {
            Some(person) => Some(person.name.clone()),
            None if called.is_empty() => None,
            None => Some(called.join("、")),
        };
        let card = Self {
            number: ticket.number.to_string(),
            gist: gist(&words::masked(&ticket.report.text).text),
            category: county
                .category(&ticket.report.category)
                .map_or_else(|| ticket.report.category.clone(), |category| category.name.clone()),
            place: place_words(&ticket.report.place, county),
            day: short_day(ticket.submitted_at),
            stage: ticket.status.stage(),
            closed_kind: match &ticket.status {
                Status::Closed { kind } => Some(kind.code()),
                _ => None,
            },
            handler,
            note,
            until,
            urgent: ticket.report.urgent,
            due: None,
            due_day: None,
            late: false,
            provisional: false,
            helpers: helpers(ticket),
            part: None,
        };
        let result = clock::running(ticket).find(|deadline| deadline.kind.is_result());
        card.with_due(result, now)
    }

    /// With this date.
    #[must_use]
    pub fn with_due(self, deadline: Option<&Deadline>, now: DateTime<Utc>) -> Self {
        let moment = deadline.map(|deadline| in_beijing(deadline.due_at));
        Self {
            due: moment.map(|moment| moment.format("%-m月%-d日%-H:%M前").to_string()),
            due_day: moment.map(|moment| moment.format("%-m月%-d日").to_string()),
            late: deadline.is_some_and(|deadline| now > deadline.due_at),
            provisional: deadline.is_some_and(|deadline| deadline.provisional),
            ..self
        }
    }
}

/// The lead and those whose parts the result waits for.
fn helpers(ticket: &Ticket) -> Option<(usize, usize)> {
    let is_done = |help: &&Help| matches!(help.status, HelpStatus::Done { .. });
    let counted = ticket
        .course
        .helps
        .iter()
        .filter(|help| help.required && (help.is_open() || is_done(help)));
    let all = counted.clone().count();
    let lead_is_done = ticket.finding.is_some()
        && matches!(
            ticket.status.stage(),
            Stage::ResultSubmitted | Stage::AwaitingSignoff | Stage::Closed
        );
    (all > 0).then(|| (counted.filter(is_done).count() + usize::from(lead_is_done), all + 1))
}

/// A place as people say it: the village and the spot in the resident's words.
pub fn place_words(place: &Place, county: &County) -> String {
    let area = place
        .area
        .as_ref()
        .map(|code| county.spoken_path(&code.as_str().into()))
        .filter(|path| !path.is_empty());
    let text = place.text.as_ref().map(|text| shortened(text, 30)).filter(|text| !text.is_empty());
    match (area, text) {
        (Some(area), Some(text)) if area.contains(&text) => area,
        (Some(area), Some(text)) => format!("{area}（{text}）"),
        (Some(area), None) => area,
        (None, Some(text)) => text,
        (None, None) if place.point.is_some() => "您发的位置".to_owned(),
        (None, None) => "还没说".to_owned(),
    }
}
