//! How a ticket begins: in a chat, or with somebody who writes down what a resident told them.
//!
//! Whoever wrote it down is not the reporter. One ledger, one number, and clocks that run from the
//! same moment, whichever way it came in.

use super::{Rules, Transition};
use crate::ticket::clock;
use crate::ticket::event::{Actor, Event, What};
use crate::ticket::notice::{Audience, Notice, NoticeKind};
use crate::ticket::{
    Channel, ClockKind, Course, Follower, Person, Report, Status, Ticket, TicketId, TicketNumber,
};
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// Whose need it is, by which way it came in, and through whose hands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// Whose need it is.
    pub reporter: Follower,
    /// Their name, where somebody else wrote it down.
    pub name: Option<String>,
    /// By which way.
    pub channel: Channel,
    /// Who wrote it down.
    pub entered_by: Option<Person>,
}

impl Origin {
    /// The reporter's own chat.
    pub fn chat(reporter: Follower) -> Self {
        Self { reporter, name: None, channel: Channel::Wechat, entered_by: None }
    }
}

/// A new ticket from a chat.
pub fn open(
    id: Uuid,
    reporter: Follower,
    report: Report,
    area_path: Vec<String>,
    rules: Rules<'_>,
    now: DateTime<Utc>,
) -> Transition {
    let number = TicketNumber::draw(now, id);
    enter((id, number), Origin::chat(reporter), report, area_path, rules, now)
}

/// A new ticket. Its number is drawn apart from its identity where the identity is given: a number
/// that is taken can be drawn again.
pub fn enter(
    (id, number): (Uuid, TicketNumber),
    origin: Origin,
    report: Report,
    area_path: Vec<String>,
    rules: Rules<'_>,
    now: DateTime<Utc>,
) -> Transition {
    let urgent = report.urgent;
    let by = origin.entered_by.clone().map_or(Actor::Resident, Actor::Operator);
    // A telephone number is not copied into the history, so that it can be erased later.
    let told = Report { contact: None, ..report.clone() };
    let what = What::Submitted { report: told, area_path: area_path.clone() };
    let after = Ticket {
        id: TicketId(id),
        number,
        reporter: origin.reporter,
        reporter_name: origin.name,
        channel: origin.channel,
        report,
        area_path,
        status: Status::Submitted { rejection: None },
        round: 1,
        called: Vec::new(),
        handler: None,
        unit: None,
        // Whoever was asked first is responsible first.
        accountable: origin.entered_by.clone(),
        entered_by: origin.entered_by,
        finding: None,
        rating: None,
        returned_by: Vec::new(),
        urged: 0,
        course: Course::default(),
        submitted_at: now,
        accepted_at: None,
        closed_at: None,
        version: 1,
    };
    let opened = Transition {
        before: None,
        after,
        events: vec![Event { at: now, by, what }],
        notices: vec![Notice::plain(Audience::Desk, NoticeKind::NewTicket)],
    };
    let result = clock::Sum::begun(now, rules.limits.result);
    opened.set(clock::to_accept(urgent, rules, now), now).clock(
        ClockKind::Result,
        result,
        clock::Because::Begun,
        rules,
        now,
    )
}
