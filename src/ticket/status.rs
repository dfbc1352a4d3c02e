//! Where a ticket stands. Few states; each holds what is known only in it.
//!
//! [`Status`] is stored: a renamed variant or field needs a migration.

use super::TicketNumber;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Where a ticket stands, with what belongs to that state alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "at", rename_all = "snake_case")]
pub enum Status {
    /// 待受理: the desk has not looked at it. A proposed rejection waits for a second person.
    Submitted {
        /// A rejection that somebody proposed and a second person has to approve.
        rejection: Option<Rejection>,
    },
    /// One question to the resident is open; the clock stands still.
    NeedInfo {
        /// What was asked.
        question: String,
        /// When; the resident has five days.
        asked_at: DateTime<Utc>,
        /// Where it came from and goes back to.
        resume: Resume,
    },
    /// 不予受理. An end.
    Rejected {
        /// Reason and advice.
        because: Rejection,
        /// The resident may appeal once.
        appealed: bool,
    },
    /// 已受理, nobody called yet.
    Accepted,
    /// 已派单, nobody took it yet.
    Dispatched {
        /// When the call went out.
        since: DateTime<Utc>,
        /// A driven-back return: this call is final and cannot be declined again.
        binding: bool,
    },
    /// 退单: the desk decides whether it goes elsewhere.
    Returned {
        /// Why, in the words of who returned it.
        reason: String,
    },
    /// 办理中.
    InProgress {
        /// When the handler was called.
        called_at: DateTime<Utc>,
        /// Nobody took it in time, and silence is signing: any of those called may still take it.
        #[serde(default)]
        by_silence: bool,
    },
    /// 列入计划: paused until a date, for long matters.
    Suspended {
        /// When it goes on.
        until: DateTime<Utc>,
        /// Since when.
        #[serde(default)]
        since: Option<DateTime<Utc>>,
        /// A long matter: its time stands still meanwhile.
        #[serde(default)]
        clock_stands: bool,
    },
    /// The result waits for the leader's or desk's check.
    ResultSubmitted,
    /// The resident is asked whether it is solved.
    AwaitingSignoff {
        /// When the resident was asked.
        asked_at: DateTime<Utc>,
        /// When the one reminder goes out.
        #[serde(default)]
        remind_at: Option<DateTime<Utc>>,
        /// When it is closed without a word.
        #[serde(default)]
        lapse_at: Option<DateTime<Utc>>,
        /// Nobody knows yet that the resident was told: the days do not count.
        #[serde(default)]
        untold: bool,
        /// Whether the one reminder went out.
        reminded: bool,
        /// The resident said 没解决; the reason is still to come.
        objected_at: Option<DateTime<Utc>>,
    },
    /// 已办结. An end, until reopened.
    Closed {
        /// How it was closed.
        kind: ClosedKind,
    },
    /// The resident took it back. An end.
    Withdrawn,
    /// Handled together with another ticket. An end of its own course.
    Merged {
        /// The ticket that goes on.
        into: TicketNumber,
        /// When that one was closed, if it is: its resident may rate it then.
        #[serde(default)]
        closed_at: Option<DateTime<Utc>>,
    },
}

/// Why a ticket is not handled here, and what the resident can do instead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejection {
    /// The reason.
    pub reason: String,
    /// Who proposed it; somebody else has to approve.
    pub proposed_by: super::MemberId,
}

/// Where a question to the resident leads back to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Resume {
    /// To triage.
    Submitted,
    /// To dispatching.
    Accepted,
    /// To the handler, whose time for a return does not begin anew.
    InProgress {
        /// When the handler was called.
        called_at: DateTime<Utc>,
    },
}

/// How a ticket was closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClosedKind {
    /// The resident confirmed.
    Signed,
    /// The resident did not answer in time.
    Unsigned,
    /// 终结答复.
    FinalAnswer,
}

/// How it ended, apart from the state: a closed ticket is not a solved one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// 已解决
    Solved,
    /// 部分解决
    Partly,
    /// 已解释（政策或条件所限）
    Explained,
    /// 列入计划
    Planned,
    /// 转其他渠道
    Referred,
    /// 已答复
    Answered,
    /// 无效
    Invalid,
}

/// What the resident thinks of it, 1 to 5 in chat; the first three count as satisfied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rating {
    /// 非常满意
    VerySatisfied,
    /// 满意
    Satisfied,
    /// 基本满意
    FairlySatisfied,
    /// 不满意
    Dissatisfied,
    /// 非常不满意
    VeryDissatisfied,
}

/// A state's name without its data: for lists, refusals, figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the variants of `Status`, which are documented there")]
pub enum Stage {
    Submitted,
    NeedInfo,
    Rejected,
    Accepted,
    Dispatched,
    Returned,
    InProgress,
    Suspended,
    ResultSubmitted,
    AwaitingSignoff,
    Closed,
    Withdrawn,
    Merged,
}

impl Status {
    /// The state's name.
    pub fn stage(&self) -> Stage {
        match self {
            Self::Submitted { .. } => Stage::Submitted,
            Self::NeedInfo { .. } => Stage::NeedInfo,
            Self::Rejected { .. } => Stage::Rejected,
            Self::Accepted => Stage::Accepted,
            Self::Dispatched { .. } => Stage::Dispatched,
            Self::Returned { .. } => Stage::Returned,
            Self::InProgress { .. } => Stage::InProgress,
            Self::Suspended { .. } => Stage::Suspended,
            Self::ResultSubmitted => Stage::ResultSubmitted,
            Self::AwaitingSignoff { .. } => Stage::AwaitingSignoff,
            Self::Closed { .. } => Stage::Closed,
            Self::Withdrawn => Stage::Withdrawn,
            Self::Merged { .. } => Stage::Merged,
        }
    }
}

impl Stage {
    /// Every stage, in the order of a life.
    pub const ALL: [Self; 13] = [
        Self::Submitted,
        Self::NeedInfo,
        Self::Rejected,
        Self::Accepted,
        Self::Dispatched,
        Self::Returned,
        Self::InProgress,
        Self::Suspended,
        Self::ResultSubmitted,
        Self::AwaitingSignoff,
        Self::Closed,
        Self::Withdrawn,
        Self::Merged,
    ];

    /// The code in exports, scripts and the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::Submitted => "submitted",
            Self::NeedInfo => "need_info",
            Self::Rejected => "rejected",
            Self::Accepted => "accepted",
            Self::Dispatched => "dispatched",
            Self::Returned => "returned",
            Self::InProgress => "in_progress",
            Self::Suspended => "suspended",
            Self::ResultSubmitted => "result_submitted",
            Self::AwaitingSignoff => "awaiting_signoff",
            Self::Closed => "closed",
            Self::Withdrawn => "withdrawn",
            Self::Merged => "merged",
        }
    }
}

impl ClosedKind {
    /// The code in exports and scripts.
    pub fn code(self) -> &'static str {
        match self {
            Self::Signed => "signed",
            Self::Unsigned => "unsigned",
            Self::FinalAnswer => "final_answer",
        }
    }
}

impl Outcome {
    /// The code in exports and scripts.
    pub fn code(self) -> &'static str {
        match self {
            Self::Solved => "solved",
            Self::Partly => "partly",
            Self::Explained => "explained",
            Self::Planned => "planned",
            Self::Referred => "referred",
            Self::Answered => "answered",
            Self::Invalid => "invalid",
        }
    }
}

impl Rating {
    /// Best first, in the order of the digits in chat.
    pub const ALL: [Self; 5] = [
        Self::VerySatisfied,
        Self::Satisfied,
        Self::FairlySatisfied,
        Self::Dissatisfied,
        Self::VeryDissatisfied,
    ];

    /// The code in exports and scripts.
    pub fn code(self) -> &'static str {
        match self {
            Self::VerySatisfied => "very_satisfied",
            Self::Satisfied => "satisfied",
            Self::FairlySatisfied => "fairly_satisfied",
            Self::Dissatisfied => "dissatisfied",
            Self::VeryDissatisfied => "very_dissatisfied",
        }
    }

    /// The grade behind a digit in chat, 1 to 5.
    pub fn from_digit(digit: u8) -> Option<Self> {
        Self::ALL.get(usize::from(digit.checked_sub(1)?)).copied()
    }

    /// Whether it counts as satisfied.
    pub fn is_positive(self) -> bool {
        matches!(self, Self::VerySatisfied | Self::Satisfied | Self::FairlySatisfied)
    }
}
