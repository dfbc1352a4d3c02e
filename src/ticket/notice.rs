//! What follows from a change for the people concerned: who is told what.
//!
//! A notice names its audience by part played, not by person: the shell knows where people can
//! be reached. Its words stand in `templates/notices/`.
//!
//! Deliberately absent: channels. How a notice leaves is the outbox's business.

use super::MemberId;
use serde::{Deserialize, Serialize};

/// Whom a notice is for, by the part they play in the ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// The resident who reported it.
    Reporter,
    /// Who took it.
    Handler,
    /// Everybody who was called in this round.
    Called,
    /// Everybody who was called, but for the one who took it.
    OthersCalled,
    /// Who leads those who were called.
    Leader,
    /// Who is called to, or took, a helper's part.
    Helper(u32),
    /// Who is asked to look on site.
    Verifiers,
    /// One person.
    Member(MemberId),
    /// The supervisors of the county.
    Supervisors,
    /// The operators on whose desk it lies.
    Desk,
}

/// What a notice says. Closed, so that a new one shows every place to visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// To the desk: a new ticket waits.
    NewTicket,
    /// To the reporter: taken in.
    Accepted,
    /// To the reporter: somebody was called.
    Dispatched,
    /// To the reporter: somebody took it.
    Taken,
    /// To the reporter: not handled here, and why.
    Rejected,
    /// To the reporter: one question.
    Question,
    /// To the reporter: done, please confirm.
    Result,
    /// To the reporter: please confirm, once more.
    SignoffReminder,
    /// To the reporter: closed without their word; they may still ask for more.
    ClosedUnsigned,
    /// To the reporter: answered at once, or for good.
    Answer,
    /// To the reporter: put off to a date.
    Suspended,
    /// To the reporter: handled together with another one.
    Merged,
    /// To the reporter: goes on by itself again.
    Unmerged,
    /// To members: a task.
    Task,
    /// To the other members: somebody was faster.
    TakenByOther,
    /// To the handler: the resident answered, or added something.
    Word,
    /// To the handler: the resident asks where it is.
    Urged,
    /// To the handler: the resident or the checker sent it back.
    Rework,
    /// To the handler: the resident took it back, or it went elsewhere.
    Gone,
    /// To the handler: confirmed and closed.
    Thanks,
    /// To the desk: a member returned it.
    Returned,
    /// To the desk: a result waits for a check.
    CheckWanted,
    /// To the desk: the resident is in danger, or asks for a person.
    Alarm,
    /// To the reporter: an unfinished report waits.
    DraftReminder,
    /// To whoever has to act: a quarter of the time is left.
    DueSoon,
    /// To whoever has to act, and who leads them: the time is over.
    Overdue,
    /// To a member: silence is signing, it is theirs now.
    AutoSigned,
    /// To helpers: a part of somebody's ticket.
    HelpTask,
    /// To the lead: a helper's part is done.
    HelpDone,
    /// To the lead: a helper cannot do their part.
    HelpReturned,
    /// To helpers: their part is not needed any more, and why.
    HelpGone,
    /// To a grid worker: please look whether it is so.
    VerifyTask,
    /// To the desk: what was found on site.
    Verified,
    /// To who has it: somebody above asks, and an answer in writing is owed.
    Supervised,
    /// To the desk: the written answer.
    SupervisionAnswered,
    /// To the desk: the handler wishes for more time.
    ExtensionAsked,
    /// To the handler: more time.
    ExtensionGranted,
    /// To the handler: no more time, and why.
    ExtensionRefused,
    /// To who had it: it went one level up, they go on helping.
    Escalated,
    /// To the desk: somebody is away, and nobody else could be called.
    HandedOver,
    /// To the reporter of a ticket that was handled with another: done, please rate.
    MasterClosed,
    /// To who has it: one more resident reports the same.
    CopyJoined,
    /// To a member, once a working day: what of theirs is late.
    Digest,
    /// The rest of a long answer.
    Continuation,
    /// To the desk: a resident wants to talk to somebody.
    HumanWanted,
    /// To a resident who asked for somebody: the words of the desk.
    DeskWords,
    /// To a resident who talked with the desk: the bot is back.
    BotBack,
}

impl NoticeKind {
    /// Every kind.
    pub const ALL: [Self; 47] = [
        Self::NewTicket,
        Self::Accepted,
        Self::Dispatched,
        Self::Taken,
        Self::Rejected,
        Self::Question,
        Self::Result,
        Self::SignoffReminder,
        Self::ClosedUnsigned,
        Self::Answer,
        Self::Suspended,
        Self::Merged,
        Self::Unmerged,
        Self::Task,
        Self::TakenByOther,
        Self::Word,
        Self::Urged,
        Self::Rework,
        Self::Gone,
        Self::Thanks,
        Self::Returned,
        Self::CheckWanted,
        Self::Alarm,
        Self::DraftReminder,
        Self::DueSoon,
        Self::Overdue,
        Self::AutoSigned,
        Self::HelpTask,
        Self::HelpDone,
        Self::HelpReturned,
        Self::HelpGone,
        Self::VerifyTask,
        Self::Verified,
        Self::Supervised,
        Self::SupervisionAnswered,
        Self::ExtensionAsked,
        Self::ExtensionGranted,
        Self::ExtensionRefused,
        Self::Escalated,
        Self::HandedOver,
        Self::MasterClosed,
        Self::CopyJoined,
        Self::Digest,
        Self::Continuation,
        Self::HumanWanted,
        Self::DeskWords,
        Self::BotBack,
    ];

    /// The name in template files, in the outbox and in the account's template list.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NewTicket => "new_ticket",
            Self::Accepted => "accepted",
            Self::Dispatched => "dispatched",
            Self::Taken => "taken",
            Self::Rejected => "rejected",
            Self::Question => "question",
            Self::Result => "result",
            Self::SignoffReminder => "signoff_reminder",
            Self::ClosedUnsigned => "closed_unsigned",
            Self::Answer => "answer",
            Self::Suspended => "suspended",
            Self::Merged => "merged",
            Self::Unmerged => "unmerged",
            Self::Task => "task",
            Self::TakenByOther => "taken_by_other",
            Self::Word => "word",
            Self::Urged => "urged",
            Self::Rework => "rework",
            Self::Gone => "gone",
            Self::Thanks => "thanks",
            Self::Returned => "returned",
            Self::CheckWanted => "check_wanted",
            Self::Alarm => "alarm",
            Self::DraftReminder => "draft_reminder",
            Self::DueSoon => "due_soon",
            Self::Overdue => "overdue",
            Self::AutoSigned => "auto_signed",
            Self::HelpTask => "help_task",
            Self::HelpDone => "help_done",
            Self::HelpReturned => "help_returned",
            Self::HelpGone => "help_gone",
            Self::VerifyTask => "verify_task",
            Self::Verified => "verified",
            Self::Supervised => "supervised",
            Self::SupervisionAnswered => "supervision_answered",
            Self::ExtensionAsked => "extension_asked",
            Self::ExtensionGranted => "extension_granted",
            Self::ExtensionRefused => "extension_refused",
            Self::Escalated => "escalated",
            Self::HandedOver => "handed_over",
            Self::MasterClosed => "master_closed",
            Self::CopyJoined => "copy_joined",
            Self::Digest => "digest",
            Self::Continuation => "continuation",
            Self::HumanWanted => "human_wanted",
            Self::DeskWords => "desk_words",
            Self::BotBack => "bot_back",
        }
    }

    /// Its free words are shown nowhere else at once: where only a template can be sent, they
    /// wait for the person's next message.
    pub fn holds_words(self) -> bool {
        matches!(
            self,
            Self::Rejected
                | Self::Answer
                | Self::Suspended
                | Self::Word
                | Self::Rework
                | Self::Returned
                | Self::CheckWanted
                | Self::Alarm
                | Self::HelpTask
                | Self::HelpDone
                | Self::HelpReturned
                | Self::HelpGone
                | Self::Verified
                | Self::Supervised
                | Self::SupervisionAnswered
                | Self::ExtensionAsked
                | Self::ExtensionRefused
                | Self::HandedOver
                | Self::HumanWanted
                | Self::DeskWords
        )
    }

    /// A reminder that time alone brings: it does not wake anybody, and waits for the morning.
    pub fn waits_for_morning(self) -> bool {
        matches!(self, Self::DueSoon | Self::Overdue | Self::Digest | Self::SignoffReminder)
    }

    /// Says something only at its own moment: where it cannot be sent then, it is not kept.
    pub fn is_of_the_moment(self) -> bool {
        matches!(self, Self::DraftReminder | Self::BotBack)
    }

    /// A mere step on the way: it may wait a moment, and a newer word on the same ticket to the
    /// same person replaces it, so that three steps in one minute are one message.
    pub fn is_passing(self) -> bool {
        matches!(self, Self::Accepted | Self::Dispatched)
    }
}

/// One notice of a transition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// To whom.
    pub to: Audience,
    /// What.
    pub kind: NoticeKind,
    /// The free words it carries: a question, a reason, a result.
    pub note: Option<String>,
}

impl Notice {
    /// A notice without words of its own.
    pub fn plain(to: Audience, kind: NoticeKind) -> Self {
        Self { to, kind, note: None }
    }

    /// A notice that carries somebody's words.
    pub fn with(to: Audience, kind: NoticeKind, note: impl Into<String>) -> Self {
        Self { to, kind, note: Some(note.into()) }
    }
}
