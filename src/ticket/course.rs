//! What runs beside a ticket's status: clocks, helpers, a check on site, a supervision, a wish for
//! more time, who holds it on which level.
//!
//! All of it follows from the history, like the ticket itself. It is stored as one value: a
//! renamed field needs a migration, a new one a default.

use super::clock::{Clocks, Deadline};
use super::{Media, MemberId, Person};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// On which level of the county's tree somebody works. Ordered from the ground up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the levels of the tree, as `county::Level` explains them")]
pub enum Tier {
    Grid,
    Village,
    Community,
    Township,
    County,
}

impl Tier {
    /// Every tier, from the ground up.
    pub const ALL: [Self; 5] =
        [Self::Grid, Self::Village, Self::Community, Self::Township, Self::County];

    /// The code in the history and in reports.
    pub fn code(self) -> &'static str {
        match self {
            Self::Grid => "grid",
            Self::Village => "village",
            Self::Community => "community",
            Self::Township => "township",
            Self::County => "county",
        }
    }
}

/// Who is called to a ticket, and why these.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Call {
    /// Any of them may take it.
    pub to: Vec<Person>,
    /// The unit, where it was called as such.
    pub unit: Option<String>,
    /// Who leads it: signs by silence, checks, is told when it is late.
    pub leader: Option<Person>,
    /// The code of the area whose people they are.
    pub area: Option<String>,
    /// On which level that is.
    pub tier: Option<Tier>,
    /// Why these, in words; stands in the history.
    pub reason: String,
}

/// Beside the status.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Course {
    /// Deadlines.
    pub clocks: Clocks,
    /// Who holds it now.
    pub holder: Holder,
    /// Parts of others, in the order in which they were called.
    pub helps: Vec<Help>,
    /// A check on site before it is accepted.
    pub verification: Option<Verification>,
    /// The latest supervision.
    pub supervision: Option<Supervision>,
    /// How often it was supervised.
    pub supervised: u32,
    /// A wish for more time that nobody judged yet.
    pub extension: Option<ExtensionWish>,
    /// How often more time was granted.
    pub extensions: u32,
    /// How often it went one level up.
    pub escalations: u32,
    /// How often it came back from somebody who was called.
    pub returns: u32,
    /// Other tickets that are handled together with this one.
    pub copies: u32,
}

/// Who holds a ticket: the last call in short.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Holder {
    /// Who leads those who were called.
    pub leader: Option<Person>,
    /// The area whose people they are.
    pub area: Option<String>,
    /// On which level.
    pub tier: Option<Tier>,
}

/// Somebody else's part of a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Help {
    /// Counted from 1 within the ticket.
    pub no: u32,
    /// The unit, where it was called as such.
    pub unit: Option<String>,
    /// Any of them may take it.
    pub called: Vec<Person>,
    /// What they are to do.
    pub what: String,
    /// The lead cannot report a result before it is done or waived.
    pub required: bool,
    /// They had the ticket before it went one level up: what they finish is the result.
    pub was_lead: bool,
    /// Where it stands.
    pub status: HelpStatus,
    /// Until when; never after the lead's own date.
    pub deadline: Option<Deadline>,
}

/// Where a helper's part stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
#[expect(missing_docs, reason = "the states of a small ticket, named like those of a large one")]
pub enum HelpStatus {
    Called,
    Taken { by: Person },
    Done { by: Person, text: String, media: Vec<Media>, at: DateTime<Utc> },
    Returned { by: Person, reason: String },
    Waived { by: Person },
    Cancelled { because: String },
}

impl Help {
    /// Something is still expected of somebody.
    pub fn is_open(&self) -> bool {
        matches!(self.status, HelpStatus::Called | HelpStatus::Taken { .. })
    }

    /// Who works on it, or everybody who was called.
    pub fn people(&self) -> &[Person] {
        match &self.status {
            HelpStatus::Taken { by } | HelpStatus::Done { by, .. } => std::slice::from_ref(by),
            _ => &self.called,
        }
    }

    /// Whether this person did it.
    pub fn was_done_by(&self, person: MemberId) -> bool {
        matches!(&self.status, HelpStatus::Done { by, .. } if by.id == person)
    }

    /// Whether this person may do something about it.
    pub fn is_of(&self, person: MemberId) -> bool {
        self.is_open() && self.people().iter().any(|called| called.id == person)
    }
}

/// A check on site: is it as the resident says?
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verification {
    /// Who is asked.
    pub asked: Vec<Person>,
    /// Who asks.
    pub by: Person,
    /// When.
    pub at: DateTime<Utc>,
    /// What was found.
    pub answer: Option<Verified>,
}

/// What a check on site found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verified {
    /// Who went there.
    pub by: Person,
    /// When.
    pub at: DateTime<Utc>,
    /// 属实
    pub real: bool,
    /// In their words.
    pub text: String,
    /// Evidence.
    pub media: Vec<Media>,
}

/// 督办: somebody above asks, and a written answer is owed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Supervision {
    /// Who asks; none where time does.
    pub by: Option<Person>,
    /// What.
    pub text: String,
    /// When.
    pub at: DateTime<Utc>,
    /// The answer.
    pub answer: Option<Answer>,
}

/// The written answer to a supervision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Who answers.
    pub by: Person,
    /// In their words.
    pub text: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// 延期申请: a handler's wish for more time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExtensionWish {
    /// Who asks.
    pub by: Person,
    /// When; it has to be before the time is over.
    pub at: DateTime<Utc>,
    /// How many working minutes more.
    pub minutes: u32,
    /// Why.
    pub reason: String,
}
