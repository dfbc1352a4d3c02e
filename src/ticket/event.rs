//! What happened to a ticket, appended and never changed. Stored: a renamed variant needs a
//! migration. Figures are computed from these, not from the ticket's present state.

use super::call_back::CallResult;
use super::clock::{ClockKind, Deadline, Rung};
use super::{ClosedKind, Media, Outcome, Person, Rating, Report, TicketNumber, Tier};
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
#[serde(tag = "what", rename_all = "snake_case")]
#[expect(missing_docs, reason = "the variants are the words of the life cycle")]
pub enum What {
    Submitted {
        report: Report,
        area_path: Vec<String>,
    },
    Accepted,
    RejectionProposed {
        reason: String,
    },
    RejectionRefused,
    Rejected {
        reason: String,
    },
    Appealed {
        text: String,
    },
    Recategorised {
        from: String,
        to: String,
    },
    Located {
        from: Option<String>,
        to: String,
    },
    Dispatched {
        to: Vec<Person>,
        unit: Option<String>,
        reason: String,
        #[serde(default)]
        tier: Option<Tier>,
    },
    Taken {
        automatically: bool,
    },
    Declined {
        reason: String,
    },
    ReturnUpheld,
    ReturnOverruled,
    Asked {
        question: String,
    },
    InfoGiven {
        text: String,
    },
    InfoNotGiven,
    QuestionCancelled,
    ResultSubmitted {
        text: String,
        outcome: Outcome,
        media: Vec<Media>,
    },
    EvidenceAdded {
        media: Vec<Media>,
    },
    Checked,
    SentBack {
        reason: String,
    },
    SignoffAsked,
    SignoffReminded,
    SignedOff {
        fully: bool,
    },
    Objected,
    Reworked {
        reason: Option<String>,
    },
    Rated {
        rating: Rating,
        first: bool,
    },
    Closed {
        kind: ClosedKind,
        outcome: Outcome,
    },
    Reopened {
        reason: String,
    },
    Withdrawn {
        reason: Option<String>,
    },
    Merged {
        into: TicketNumber,
    },
    Unmerged,
    Suspended {
        until: DateTime<Utc>,
        reason: String,
    },
    Resumed,
    Supplemented {
        text: Option<String>,
        media: Vec<Media>,
    },
    Corrected {
        slot: String,
        value: String,
    },
    Noted {
        text: String,
    },
    Urged,
    ClockSet {
        clock: Deadline,
    },
    ClockRang {
        clock: ClockKind,
        help: Option<u32>,
        rung: Rung,
    },
    VerificationAsked {
        of: Vec<Person>,
    },
    Verified {
        real: bool,
        text: String,
        media: Vec<Media>,
    },
    Assigned {
        to: Person,
    },
    HelpCalled {
        no: u32,
        to: Vec<Person>,
        unit: Option<String>,
        part: String,
        required: bool,
    },
    HelpTaken {
        no: u32,
    },
    HelpDone {
        no: u32,
        text: String,
        media: Vec<Media>,
    },
    HelpReturned {
        no: u32,
        reason: String,
    },
    HelpWaived {
        no: u32,
    },
    HelpCancelled {
        no: u32,
        because: String,
    },
    Escalated {
        to: Vec<Person>,
        unit: Option<String>,
        tier: Option<Tier>,
        reason: String,
    },
    Supervised {
        text: String,
    },
    SupervisionAnswered {
        text: String,
    },
    ExtensionAsked {
        minutes: u32,
        reason: String,
    },
    ExtensionGranted {
        minutes: u32,
    },
    ExtensionRefused {
        reason: String,
    },
    HandedOver {
        from: Person,
        to: Vec<Person>,
        unit: Option<String>,
        because: String,
    },
    TookIn {
        number: TicketNumber,
    },
    LetGo {
        number: TicketNumber,
    },
    MasterClosed {
        kind: ClosedKind,
        outcome: Outcome,
    },
    MasterReopened,
    Called {
        result: CallResult,
        note: Option<String>,
    },
    Told {
        channel: String,
    },
}

impl What {
    /// The name of the entry in the stored history.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Submitted { .. } => "submitted",
            Self::Accepted => "accepted",
            Self::RejectionProposed { .. } => "rejection_proposed",
            Self::RejectionRefused => "rejection_refused",
            Self::Rejected { .. } => "rejected",
            Self::Appealed { .. } => "appealed",
            Self::Dispatched { .. } => "dispatched",
            Self::Taken { .. } => "taken",
            Self::Declined { .. } => "declined",
            Self::ReturnUpheld => "return_upheld",
            Self::ReturnOverruled => "return_overruled",
            Self::Asked { .. } => "asked",
            Self::InfoGiven { .. } => "info_given",
            Self::InfoNotGiven => "info_not_given",
            Self::QuestionCancelled => "question_cancelled",
            Self::ResultSubmitted { .. } => "result_submitted",
            Self::EvidenceAdded { .. } => "evidence_added",
            Self::Checked => "checked",
            Self::SentBack { .. } => "sent_back",
            Self::SignoffAsked => "signoff_asked",
            Self::SignoffReminded => "signoff_reminded",
            Self::SignedOff { .. } => "signed_off",
            Self::Objected => "objected",
            Self::Reworked { .. } => "reworked",
            Self::Rated { .. } => "rated",
            Self::Closed { .. } => "closed",
            Self::Reopened { .. } => "reopened",
            Self::Withdrawn { .. } => "withdrawn",
            Self::Merged { .. } => "merged",
            Self::Unmerged => "unmerged",
            Self::Suspended { .. } => "suspended",
            Self::Resumed => "resumed",
            Self::Supplemented { .. } => "supplemented",
            Self::Corrected { .. } => "corrected",
            Self::Noted { .. } => "noted",
            Self::Urged => "urged",
            Self::Recategorised { .. } => "recategorised",
            Self::Located { .. } => "located",
            Self::ClockSet { .. } => "clock_set",
            Self::ClockRang { .. } => "clock_rang",
            Self::VerificationAsked { .. } => "verification_asked",
            Self::Verified { .. } => "verified",
            Self::Assigned { .. } => "assigned",
            Self::HelpCalled { .. } => "help_called",
            Self::HelpTaken { .. } => "help_taken",
            Self::HelpDone { .. } => "help_done",
            Self::HelpReturned { .. } => "help_returned",
            Self::HelpWaived { .. } => "help_waived",
            Self::HelpCancelled { .. } => "help_cancelled",
            Self::Escalated { .. } => "escalated",
            Self::Supervised { .. } => "supervised",
            Self::SupervisionAnswered { .. } => "supervision_answered",
            Self::ExtensionAsked { .. } => "extension_asked",
            Self::ExtensionGranted { .. } => "extension_granted",
            Self::ExtensionRefused { .. } => "extension_refused",
            Self::HandedOver { .. } => "handed_over",
            Self::TookIn { .. } => "took_in",
            Self::LetGo { .. } => "let_go",
            Self::MasterClosed { .. } => "master_closed",
            Self::MasterReopened => "master_reopened",
            Self::Called { .. } => "called",
            Self::Told { .. } => "told",
        }
    }
}
