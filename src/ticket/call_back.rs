//! 回访: what has to be told by telephone, because nothing else reaches the resident. Pure.
//!
//! Which notices are worth a call, for how long they are, when a call is tried again, and what
//! follows from what the resident said. What has to be told follows from the ticket and is not kept
//! twice.
//!
//! Deliberately absent: how it came to be known that somebody cannot be reached, and rows.

use super::lifecycle::Action;
use super::notice::NoticeKind;
use super::{Rating, Stage, Status, Ticket};
use crate::calendar::Calendar;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Nobody is called more often than this about one thing.
pub const TRIES: u32 = 3;
/// Working minutes until somebody who did not answer is called again.
const PAUSE: u32 = 120;

/// What came of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallResult {
    /// The resident was told.
    Reached,
    /// Nobody answered, or they had no time.
    NotAnswered,
    /// Somebody else answered, or there is no such number.
    WrongNumber,
    /// Nobody knows a number.
    NoNumber,
}

impl CallResult {
    /// Every result, in the order of a form.
    pub const ALL: [Self; 4] =
        [Self::Reached, Self::NotAnswered, Self::WrongNumber, Self::NoNumber];

    /// The code in forms and in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::Reached => "reached",
            Self::NotAnswered => "not_answered",
            Self::WrongNumber => "wrong_number",
            Self::NoNumber => "no_number",
        }
    }
}

/// A call as it is written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Call {
    /// The resident was told, and said this.
    Reached(Heard),
    /// Nobody answered.
    NotAnswered,
    /// It is another number, which may be known now.
    WrongNumber {
        /// The right one.
        right: Option<String>,
    },
    /// Nobody knows a number.
    NoNumber,
}

/// What the resident said when they were called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// Nothing that changes anything.
    Nothing,
    /// The answer to the question.
    Answer {
        /// In their words.
        text: String,
    },
    /// It is solved.
    Solved {
        /// 已解决, not only 基本解决.
        fully: bool,
        /// Their grade, 代评.
        grade: Option<Rating>,
    },
    /// It is not.
    NotSolved {
        /// Why.
        reason: String,
    },
    /// The grade alone, 代评.
    Graded {
        /// Their grade.
        grade: Rating,
    },
    /// They do not accept the rejection.
    Disagrees {
        /// Why.
        text: String,
    },
}

impl Call {
    /// What came of it.
    pub fn result(&self) -> CallResult {
        match self {
            Self::Reached(_) => CallResult::Reached,
            Self::NotAnswered => CallResult::NotAnswered,
            Self::WrongNumber { .. } => CallResult::WrongNumber,
            Self::NoNumber => CallResult::NoNumber,
        }
    }

    /// What is done with the ticket for the resident, in this order.
    pub fn actions(&self, ticket: &Ticket) -> Vec<Action> {
        let is_closed = matches!(ticket.status, Status::Closed { .. });
        let for_them = match self {
            Self::WrongNumber { right: Some(phone) } => {
                vec![Action::LeaveContact { phone: phone.clone() }]
            }
            Self::Reached(heard) => match heard.clone() {
                Heard::Nothing => Vec::new(),
                Heard::Answer { text } => vec![Action::GiveInfo { text, media: Vec::new() }],
                Heard::Solved { fully, grade } => {
                    // Closed without a word it stays so; the word comes late, the grade counts.
                    let sign = (!is_closed).then_some(Action::Confirm { fully });
                    sign.into_iter().chain(grade.map(|rating| Action::Rate { rating })).collect()
                }
                Heard::NotSolved { reason } if is_closed => vec![Action::Reopen { reason }],
                Heard::NotSolved { reason } => vec![Action::Rework { reason: Some(reason) }],
                Heard::Graded { grade } => vec![Action::Rate { rating: grade }],
                Heard::Disagrees { text } => vec![Action::Appeal { text }],
            },
            Self::NotAnswered | Self::WrongNumber { right: None } | Self::NoNumber => Vec::new(),
        };
        let behalf = |action| Action::OnBehalf { action: Box::new(action) };
        for_them.into_iter().map(behalf).collect()
    }

    /// When to call again, after so many tries with this one; not at all where it is told, or
    /// nothing more can be done by telephone.
    pub fn again(
        &self,
        tries: u32,
        calendar: &Calendar,
        now: DateTime<Utc>,
    ) -> Option<DateTime<Utc>> {
        match self {
            Self::NotAnswered if tries < TRIES => Some(calendar.add(now, PAUSE).at),
            Self::WrongNumber { right: Some(_) } => Some(now),
            _ => None,
        }
    }
}

/// In which states a ticket is while this notice still has to be told; empty where a notice is not
/// worth a call: mere steps on the way, and what was told before.
pub fn worth_a_call(kind: NoticeKind) -> &'static [Stage] {
    match kind {
        NoticeKind::Question => &[Stage::NeedInfo],
        NoticeKind::Result => &[Stage::AwaitingSignoff, Stage::Closed],
        NoticeKind::Rejected => &[Stage::Rejected],
        NoticeKind::Suspended => &[Stage::Suspended],
        NoticeKind::Answer => &[Stage::Closed],
        NoticeKind::MasterClosed => &[Stage::Merged],
        _ => &[],
    }
}

/// The free words of what has to be told, from the ticket as it stands.
pub fn words(ticket: &Ticket) -> String {
    match &ticket.status {
        Status::NeedInfo { question, .. } => question.clone(),
        Status::Rejected { because, .. } => because.reason.clone(),
        Status::Merged { into, .. } => into.to_string(),
        _ => ticket.finding.as_ref().map(|found| found.text.clone()).unwrap_or_default(),
    }
}
