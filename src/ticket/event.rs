//! What happened to a ticket, appended and never changed. Stored: a renamed variant needs a
//! migration. Figures are computed from these, not from the ticket's present state.

use super::{ClosedKind, Media, Outcome, Person, Rating, Report, TicketNumber};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Who did it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "who", rename_all = "snake_case")]
pub enum Actor {
    /// The reporter.
    Resident,
    /// A volunteer, grid worker or team leader.
    Member(Person),
    /// Somebody at the desk.
    Operator(Person),
    /// Time, or a rule.
    System,
}

impl Actor {
    /// The member or operator behind it.
    pub fn person(&self) -> Option<&Person> {
        match self {
            Self::Member(person) | Self::Operator(person) => Some(person),
            Self::Resident | Self::System => None,
        }
    }
}

/// One entry of a ticket's history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub by: Actor,
    /// What.
    pub what: What,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[expect(missing_docs, reason = "the variants are the words of the life cycle")]
pub enum What {
    Submitted { report: Report, area_path: Vec<String> },
    Accepted,
    RejectionProposed { reason: String },
    RejectionRefused,
    Rejected { reason: String },
    Appealed { text: String },
    Dispatched { to: Vec<Person>, unit: Option<String>, reason: String },
    Taken { automatically: bool },
    Declined { reason: String },
    ReturnUpheld,
    ReturnOverruled,
    Asked { question: String },
    InfoGiven { text: String },
    InfoNotGiven,
    QuestionCancelled,
    ResultSubmitted { text: String, outcome: Outcome, media: Vec<Media> },
    Checked,
    SentBack { reason: String },
    SignoffAsked,
    SignoffReminded,
    SignedOff { fully: bool },
    Objected,
    Reworked { reason: Option<String> },
    Rated { rating: Rating, first: bool },
    Closed { kind: ClosedKind, outcome: Outcome },
    Reopened { reason: String },
    Withdrawn { reason: Option<String> },
    Merged { into: TicketNumber },
    Unmerged,
    Suspended { until: DateTime<Utc>, reason: String },
    Resumed,
    Supplemented { text: Option<String>, media: Vec<Media> },
    Corrected { slot: String, value: String },
    Noted { text: String },
    Urged,
}
