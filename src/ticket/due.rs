//! When time alone moves a ticket: the next such moment follows from its state.
//!
//! The moment is stored beside the ticket as a projection, so due work is found by an index; it
//! is derived again whenever the ticket is stored, so it cannot be forgotten or left behind.

use super::clock::{self, Rung};
use super::lifecycle::Action;
use super::{ClockKind, Status, Ticket};
use chrono::{DateTime, TimeDelta, Utc};

/// How long the resident has to answer a question.
const INFO_DAYS: i64 = 5;
/// How long a 没解决 waits for its reason.
const REASON_HOURS: i64 = 24;
/// How long after the days of a sign-off a ticket whose resident could not be told goes on.
const UNTOLD_DAYS: i64 = 15;
/// What stands for the way by which nobody was told.
pub const UNTOLD: &str = "nobody";
/// For tickets that were asked about before there was a calendar: at least as many days.
const OLD_REMINDER_DAYS: i64 = 5;
const OLD_SIGNOFF_DAYS: i64 = 7;

/// What time brings about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Moment {
    /// This, and nothing has to be known for it.
    Act(Action),
    /// One level up: who that is has to be looked up.
    Escalate,
}

/// The next moment at which time alone brings something about, and what.
pub fn next(ticket: &Ticket) -> Option<(DateTime<Utc>, Moment)> {
    let rings = clock::running(ticket).filter_map(|deadline| {
        let (at, rung) = deadline.next_ring()?;
        Some((at, ring(ticket, deadline.kind, rung)))
    });
    let is_worked_on =
        matches!(ticket.status, Status::Dispatched { .. } | Status::InProgress { .. });
    let open_helps = ticket.course.helps.iter().filter(|help| is_worked_on && help.is_open());
    let helps = open_helps.filter_map(|help| {
        let (at, rung) = help.deadline.as_ref()?.next_ring()?;
        let action = Action::Ring { clock: ClockKind::Help, help: Some(help.no), rung };
        Some((at, Moment::Act(action)))
    });
    of_status(ticket).into_iter().chain(rings).chain(helps).min_by_key(|(at, _)| *at)
}

fn ring(ticket: &Ticket, clock: ClockKind, rung: Rung) -> Moment {
    match (clock, rung, &ticket.status) {
        (ClockKind::Sign, Rung::Late, Status::Dispatched { .. }) => {
            Moment::Act(Action::SignBySilence)
        }
        (_, Rung::Escalated, _) => Moment::Escalate,
        _ => Moment::Act(Action::Ring { clock, help: None, rung }),
    }
}

fn of_status(ticket: &Ticket) -> Option<(DateTime<Utc>, Moment)> {
    let (at, action) = match &ticket.status {
        Status::NeedInfo { asked_at, .. } => {
            (*asked_at + TimeDelta::days(INFO_DAYS), Action::LapseInfo)
        }
        Status::Suspended { until, .. } => (*until, Action::Resume),
        Status::AwaitingSignoff { objected_at: Some(at), .. } => {
            (*at + TimeDelta::hours(REASON_HOURS), Action::Rework { reason: None })
        }
        Status::AwaitingSignoff { asked_at, lapse_at, untold: true, .. } => {
            // Nobody could tell them all the while: no ticket waits for ever.
            let since = lapse_at.unwrap_or(*asked_at);
            let action = Action::Told { channel: UNTOLD.to_owned() };
            (since + TimeDelta::days(UNTOLD_DAYS), action)
        }
        Status::AwaitingSignoff { asked_at, remind_at, reminded: false, .. } => {
            let old = *asked_at + TimeDelta::days(OLD_REMINDER_DAYS);
            (remind_at.unwrap_or(old), Action::RemindSignoff)
        }
        Status::AwaitingSignoff { asked_at, lapse_at, .. } => {
            let old = *asked_at + TimeDelta::days(OLD_SIGNOFF_DAYS);
            (lapse_at.unwrap_or(old), Action::LapseSignoff)
        }
        _ => return None,
    };
    Some((at, Moment::Act(action)))
}
