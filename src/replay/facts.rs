//! A ticket against what a script asks about it. Pure.

use super::asks::{Fact, Key};
use crate::calendar::in_beijing;
use crate::ticket::clock::{self, Lamp};
use crate::ticket::event::{Event, What};
use crate::ticket::{ClosedKind, Stage, Status, Ticket};
use chrono::{DateTime, Utc};

/// All that can be asked about.
pub(super) struct Known<'a> {
    /// The ticket as it stands.
    pub(super) ticket: &'a Ticket,
    /// What happened to it.
    pub(super) history: &'a [Event],
    /// The moment of asking.
    pub(super) now: DateTime<Utc>,
}

/// How the ticket differs from the fact, if it does.
pub(super) fn differs(known: &Known<'_>, fact: &Fact) -> Option<String> {
    match fact {
        Fact::Is(key, wanted) => {
            let found = known.value(*key).unwrap_or_else(|| "-".to_owned());
            (found != *wanted).then(|| format!("{} is {found}", key.name()))
        }
        Fact::PlaceHas(text) => {
            let found = known.ticket.report.place.text.as_deref().unwrap_or("-");
            (!found.contains(text)).then(|| format!("place is {found}"))
        }
        Fact::TextHas(text) => {
            let found = &known.ticket.report.text;
            (!found.contains(text)).then(|| format!("text is {found}"))
        }
    }
}

impl Known<'_> {
    fn value(&self, key: Key) -> Option<String> {
        let Self { ticket, .. } = self;
        let (report, course) = (&ticket.report, &ticket.course);
        Some(match key {
            Key::Status => ticket.status.stage().code().to_owned(),
            Key::Category => report.category.clone(),
            Key::Area => ticket.area_path.last()?.clone(),
            Key::Unit => ticket.unit.clone()?,
            Key::Handler => ticket.handler.as_ref()?.name.clone(),
            Key::Rating => ticket.rating?.code().to_owned(),
            Key::Outcome => ticket.finding.as_ref()?.outcome.code().to_owned(),
            Key::Round => ticket.round.to_string(),
            Key::Channel => ticket.channel.code().to_owned(),
            Key::Urgent => report.urgent.to_string(),
            Key::Confidential => report.confidential.to_string(),
            Key::Photos => report.photos().to_string(),
            Key::Due => {
                let due_at = in_beijing(clock::result_clock(ticket)?.due_at);
                due_at.format("%Y-%m-%dT%H:%M").to_string()
            }
            Key::Late => self.is_late().to_string(),
            Key::Lamp => lamp_code(clock::lamp(ticket, self.now)).to_owned(),
            Key::Helpers => course.helps.iter().filter(|help| help.is_open()).count().to_string(),
            Key::Extensions => course.extensions.to_string(),
            Key::Supervised => course.supervised.to_string(),
            Key::Escalations => course.escalations.to_string(),
            Key::Signed => self.signed()?.to_owned(),
            Key::Kind => kind_code(&ticket.status)?.to_owned(),
            Key::Copies => course.copies.to_string(),
        })
    }

    /// Whether the result came, or is still to come, after its date. What waits for the resident
    /// or stands still by plan is nobody's delay.
    fn is_late(&self) -> bool {
        let Some(deadline) = clock::result_clock(self.ticket) else { return false };
        match self.ticket.status.stage() {
            Stage::ResultSubmitted | Stage::AwaitingSignoff | Stage::Closed => {
                self.ticket.finding.as_ref().is_some_and(|found| found.at > deadline.due_at)
            }
            _ => {
                let is_running = clock::running(self.ticket).any(|known| known == deadline);
                is_running && self.now > deadline.due_at
            }
        }
    }

    /// By hand or by silence, whichever was the latest since it was last given to somebody.
    fn signed(&self) -> Option<&'static str> {
        self.history.iter().rev().find_map(|event| match event.what {
            What::Taken { automatically: true } => Some(Some("auto")),
            What::Taken { automatically: false } => Some(Some("hand")),
            What::Dispatched { .. }
            | What::Escalated { .. }
            | What::HandedOver { .. }
            | What::ReturnOverruled
            | What::Reopened { .. }
            | What::Unmerged => Some(None),
            _ => None,
        })?
    }
}

fn lamp_code(lamp: Lamp) -> &'static str {
    match lamp {
        Lamp::Green => "green",
        Lamp::Yellow => "yellow",
        Lamp::Red => "red",
    }
}

fn kind_code(status: &Status) -> Option<&'static str> {
    match status {
        Status::Closed { kind: ClosedKind::Signed } => Some("signed"),
        Status::Closed { kind: ClosedKind::Unsigned } => Some("unsigned"),
        Status::Closed { kind: ClosedKind::FinalAnswer } => Some("final_answer"),
        _ => None,
    }
}
