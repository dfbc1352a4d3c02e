//! When time alone moves a ticket: the next such moment follows from its state.
//!
//! The moment is stored beside the ticket as a projection, so due work is found by an index; it
//! is derived again whenever the ticket is stored, so it cannot be forgotten or left behind.

use super::{Status, Ticket, day, lifecycle::Action};
use chrono::{DateTime, TimeDelta, Utc};

/// How long the resident has to answer a question.
const INFO_DAYS: i64 = 5;
/// Working days without a word after which the ticket is closed unsigned.
const SIGNOFF_WORKING_DAYS: u32 = 5;
/// Working days after which the one reminder goes out.
const REMINDER_WORKING_DAYS: u32 = 3;
/// How long a 没解决 waits for its reason.
const REASON_HOURS: i64 = 24;

/// The next moment at which time alone brings something about, and what.
pub fn next(ticket: &Ticket) -> Option<(DateTime<Utc>, Action)> {
    match &ticket.status {
        Status::NeedInfo { asked_at, .. } => {
            Some((*asked_at + TimeDelta::days(INFO_DAYS), Action::LapseInfo))
        }
        Status::Suspended { until } => Some((*until, Action::Resume)),
        Status::AwaitingSignoff { objected_at: Some(at), .. } => {
            Some((*at + TimeDelta::hours(REASON_HOURS), Action::Rework { reason: None }))
        }
        Status::AwaitingSignoff { asked_at, reminded: false, .. } => {
            Some((day::after_working_days(*asked_at, REMINDER_WORKING_DAYS), Action::RemindSignoff))
        }
        Status::AwaitingSignoff { asked_at, .. } => {
            Some((day::after_working_days(*asked_at, SIGNOFF_WORKING_DAYS), Action::LapseSignoff))
        }
        Status::Submitted { .. }
        | Status::Rejected { .. }
        | Status::Accepted
        | Status::Dispatched { .. }
        | Status::Returned { .. }
        | Status::InProgress { .. }
        | Status::ResultSubmitted
        | Status::Closed { .. }
        | Status::Withdrawn
        | Status::Merged { .. } => None,
    }
}
