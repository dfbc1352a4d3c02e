//! Which list of the desk a ticket stands in, and how far up. Pure.
//!
//! Every live ticket waits in exactly one list, which follows from its status ([`waits_in`]);
//! beside that it may be late, soon due, or of somebody who is not satisfied. All of it is stored
//! as a projection whenever the ticket is, so the desk's lists and their counts cannot disagree
//! with the tickets.
//!
//! Deliberately absent: who may see a list, and its words.

use super::{Status, Ticket, clock};
use chrono::{DateTime, TimeDelta, Utc};

/// How long a closed ticket stays in the list of the dissatisfied: as long as it can be reopened.
const DISSATISFIED_DAYS: i64 = super::lifecycle::REOPEN_DAYS;
/// The end of time, for what stays in a list as long as it lives.
const NEVER: i64 = 253_402_214_400;
/// Wider than any moment in milliseconds, so that one number orders by band and then by moment.
const BAND: i64 = 100_000_000_000_000;

/// A list of tickets at the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Queue {
    /// Nobody looked at it.
    New,
    /// A rejection was proposed; a second person has to judge it.
    Rejection,
    /// Accepted, nobody called yet.
    ToDispatch,
    /// Whoever was called returned it.
    Returned,
    /// A result waits to be checked.
    ToCheck,
    /// A question to the resident is open.
    Asked,
    /// Whoever was called has it.
    InHand,
    /// Put off to a date.
    PutOff,
    /// The resident is asked whether it is solved.
    SignOff,
    /// Past the warning, not late.
    DueSoon,
    /// A clock that runs is over.
    Late,
    /// The handler wishes for more time.
    Wishes,
    /// The resident is not satisfied: it is done again, or it was closed so in the last days.
    Dissatisfied,
    /// Somebody should know something and was not reached.
    Undeliverable,
    /// Those for which this operator answers, because they dealt with them first.
    Mine,
    /// Everything that is live.
    Live,
}

impl Queue {
    /// Every list, in the order of a day's work.
    pub const ALL: [Self; 16] = [
        Self::New,
        Self::ToDispatch,
        Self::Returned,
        Self::ToCheck,
        Self::Rejection,
        Self::Wishes,
        Self::Late,
        Self::DueSoon,
        Self::Dissatisfied,
        Self::Undeliverable,
        Self::Asked,
        Self::InHand,
        Self::SignOff,
        Self::PutOff,
        Self::Mine,
        Self::Live,
    ];

    /// The lists of which every live ticket is in exactly one.
    pub const WAITING: [Self; 9] = [
        Self::New,
        Self::Rejection,
        Self::ToDispatch,
        Self::Returned,
        Self::ToCheck,
        Self::Asked,
        Self::InHand,
        Self::PutOff,
        Self::SignOff,
    ];

    /// The code in addresses and in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Rejection => "rejection",
            Self::ToDispatch => "to_dispatch",
            Self::Returned => "returned",
            Self::ToCheck => "to_check",
            Self::Asked => "asked",
            Self::InHand => "in_hand",
            Self::PutOff => "put_off",
            Self::SignOff => "sign_off",
            Self::DueSoon => "due_soon",
            Self::Late => "late",
            Self::Wishes => "wishes",
            Self::Dissatisfied => "dissatisfied",
            Self::Undeliverable => "undeliverable",
            Self::Mine => "mine",
            Self::Live => "live",
        }
    }

    /// The list of this code.
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|queue| queue.code() == code)
    }
}

/// In which list a ticket waits; none when it has ended.
pub fn waits_in(ticket: &Ticket) -> Option<Queue> {
    Some(match &ticket.status {
        Status::Submitted { rejection: None } => Queue::New,
        Status::Submitted { rejection: Some(_) } => Queue::Rejection,
        Status::NeedInfo { .. } => Queue::Asked,
        Status::Accepted => Queue::ToDispatch,
        Status::Dispatched { .. } | Status::InProgress { .. } => Queue::InHand,
        Status::Returned { .. } => Queue::Returned,
        Status::Suspended { .. } => Queue::PutOff,
        Status::ResultSubmitted => Queue::ToCheck,
        Status::AwaitingSignoff { .. } => Queue::SignOff,
        Status::Rejected { .. }
        | Status::Closed { .. }
        | Status::Withdrawn
        | Status::Merged { .. } => return None,
    })
}

/// How far up a ticket stands, the least first: where somebody may be in danger, then by date,
/// then what has none, and what has ended last.
pub fn rank(ticket: &Ticket) -> i64 {
    let due = late_at(ticket);
    let band = match (ticket.report.urgent, due) {
        _ if ticket.is_ended() => 3,
        (true, _) => 0,
        (false, Some(_)) => 1,
        (false, None) => 2,
    };
    band * BAND + due.unwrap_or(ticket.submitted_at).timestamp_millis()
}

/// When the first of its running clocks is over.
pub fn late_at(ticket: &Ticket) -> Option<DateTime<Utc>> {
    clock::running(ticket).map(|deadline| deadline.due_at).min()
}

/// When the first of its running clocks warns.
pub fn warn_at(ticket: &Ticket) -> Option<DateTime<Utc>> {
    clock::running(ticket).map(|deadline| deadline.warn_at).min()
}

/// Until when it stands in the list of the dissatisfied, if it does.
pub fn dissatisfied_until(ticket: &Ticket) -> Option<DateTime<Utc>> {
    if !ticket.is_ended() {
        let objects = matches!(ticket.status, Status::AwaitingSignoff { objected_at: Some(_), .. });
        let is_again = ticket.round > 1 || objects;
        return is_again.then(|| DateTime::from_timestamp(NEVER, 0)).flatten();
    }
    let closed_at = match &ticket.status {
        Status::Merged { closed_at, .. } => *closed_at,
        _ => ticket.closed_at,
    };
    let is_bad = ticket.rating.is_some_and(|rating| !rating.is_positive());
    closed_at.filter(|_| is_bad).map(|at| at + TimeDelta::days(DISSATISFIED_DAYS))
}

#[cfg(test)]
mod tests {
    use super::Queue;

    #[test]
    fn a_list_is_found_by_its_code_and_every_ticket_waits_in_a_list_of_the_desk() {
        for queue in Queue::ALL {
            assert_eq!(Queue::of(queue.code()), Some(queue));
        }
        assert!(Queue::WAITING.iter().all(|queue| Queue::ALL.contains(queue)));
        assert_eq!(Queue::of("nothing"), None);
    }
}
