//! Which moves the desk has on a ticket as it stands: found by trying each with sensible words.
//!
//! There is no second table of moves. What [`legal`] names is what [`act`](super::act) accepts, and
//! what it leaves out is refused, so a page never offers what cannot be done. It also tells who
//! would hear of each move, before it is made.
//!
//! Deliberately absent: permissions, which are the desk's accounts' affair, and words on buttons.

use super::{Action, Rules, act};
use crate::ticket::event::Actor;
use crate::ticket::notice::{Audience, NoticeKind};
use crate::ticket::{Call, Help, MemberId, Person, Ticket, TicketNumber};
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

/// Something that the desk can do with a ticket, without the words that go with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(missing_docs, reason = "named like the actions, which are documented there")]
pub enum Move {
    Accept,
    Dispatch,
    AnswerAtOnce,
    Ask,
    CancelQuestion,
    ApproveRejection,
    RefuseRejection,
    UpholdReturn,
    OverruleReturn,
    Pass,
    SendBack,
    GrantExtension,
    RefuseExtension,
    AnswerSupervision,
    Resume,
    AskVerification,
    Verify,
    CallHelp,
    WaiveHelp,
    Assign,
    HandOver,
    Escalate,
    Suspend,
    Supervise,
    ProposeRejection,
    FinalAnswer,
    Merge,
    Unmerge,
    Recategorise,
    Locate,
    Note,
    /// The resident's answer, told to the desk.
    GiveInfo,
    /// The resident adds something by telephone.
    Supplement,
    /// The resident wants it done again.
    Reopen,
    /// The resident takes it back.
    Withdraw,
}

/// A move that is possible now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Legal {
    /// Which.
    pub wanted: Move,
    /// What it is with sensible words: what a permission is asked for.
    pub sample: Action,
    /// Who would hear of it, and what.
    pub tells: Vec<(Audience, NoticeKind)>,
}

impl Move {
    /// Every move, in the order in which a page offers them.
    pub const ALL: [Self; 35] = [
        Self::Accept,
        Self::Dispatch,
        Self::AnswerAtOnce,
        Self::Ask,
        Self::CancelQuestion,
        Self::ApproveRejection,
        Self::RefuseRejection,
        Self::UpholdReturn,
        Self::OverruleReturn,
        Self::Pass,
        Self::SendBack,
        Self::GrantExtension,
        Self::RefuseExtension,
        Self::AnswerSupervision,
        Self::Resume,
        Self::AskVerification,
        Self::Verify,
        Self::CallHelp,
        Self::WaiveHelp,
        Self::Assign,
        Self::HandOver,
        Self::Escalate,
        Self::Suspend,
        Self::Supervise,
        Self::ProposeRejection,
        Self::FinalAnswer,
        Self::Merge,
        Self::Unmerge,
        Self::Recategorise,
        Self::Locate,
        Self::Note,
        Self::GiveInfo,
        Self::Supplement,
        Self::Reopen,
        Self::Withdraw,
    ];

    /// The name in addresses of forms.
    pub fn code(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Dispatch => "dispatch",
            Self::AnswerAtOnce => "answer",
            Self::Ask => "ask",
            Self::CancelQuestion => "cancel-question",
            Self::ApproveRejection => "approve-rejection",
            Self::RefuseRejection => "refuse-rejection",
            Self::UpholdReturn => "uphold",
            Self::OverruleReturn => "overrule",
            Self::Pass => "pass",
            Self::SendBack => "send-back",
            Self::GrantExtension => "extend",
            Self::RefuseExtension => "refuse-extension",
            Self::AnswerSupervision => "answer-supervision",
            Self::Resume => "resume",
            Self::AskVerification => "ask-verification",
            Self::Verify => "verify",
            Self::CallHelp => "help",
            Self::WaiveHelp => "waive-help",
            Self::Assign => "assign",
            Self::HandOver => "hand-over",
            Self::Escalate => "escalate",
            Self::Suspend => "suspend",
            Self::Supervise => "supervise",
            Self::ProposeRejection => "reject",
            Self::FinalAnswer => "final",
            Self::Merge => "merge",
            Self::Unmerge => "unmerge",
            Self::Recategorise => "category",
            Self::Locate => "place",
            Self::Note => "note",
            Self::GiveInfo => "give-info",
            Self::Supplement => "supplement",
            Self::Reopen => "reopen",
            Self::Withdraw => "withdraw",
        }
    }

    /// The move of this name.
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.code() == code)
    }

    /// It is the resident's word that somebody at the desk passes on.
    pub fn is_for_the_resident(self) -> bool {
        matches!(self, Self::GiveInfo | Self::Supplement | Self::Reopen | Self::Withdraw)
    }

    /// What the history says first when it is made: by this a repeated form is recognised.
    pub fn leaves(self) -> &'static str {
        match self {
            Self::Accept => "accepted",
            Self::Dispatch => "dispatched",
            Self::AnswerAtOnce | Self::FinalAnswer => "result_submitted",
            Self::Ask => "asked",
            Self::CancelQuestion => "question_cancelled",
            Self::ApproveRejection => "rejected",
            Self::RefuseRejection => "rejection_refused",
            Self::UpholdReturn => "return_upheld",
            Self::OverruleReturn => "return_overruled",
            Self::Pass => "checked",
            Self::SendBack => "sent_back",
            Self::GrantExtension => "extension_granted",
            Self::RefuseExtension => "extension_refused",
            Self::AnswerSupervision => "supervision_answered",
            Self::Resume => "resumed",
            Self::AskVerification => "verification_asked",
            Self::Verify => "verified",
            Self::CallHelp => "help_called",
            Self::WaiveHelp => "help_waived",
            Self::Assign => "assigned",
            Self::HandOver => "handed_over",
            Self::Escalate => "escalated",
            Self::Suspend => "suspended",
            Self::Supervise => "supervised",
            Self::ProposeRejection => "rejection_proposed",
            Self::Merge => "merged",
            Self::Unmerge => "unmerged",
            Self::Recategorise => "recategorised",
            Self::Locate => "located",
            Self::Note => "noted",
            Self::GiveInfo => "info_given",
            Self::Supplement => "supplemented",
            Self::Reopen => "reopened",
            Self::Withdraw => "withdrawn",
        }
    }

    /// The move with words that nobody could object to, whatever the ticket: what a permission is
    /// asked for.
    pub fn usual(self) -> Action {
        let words = || "…".to_owned();
        let somebody = Person { id: MemberId(Uuid::nil()), name: words() };
        let call = || Call { to: vec![somebody.clone()], reason: words(), ..Call::default() };
        match self {
            Self::Accept => Action::Accept,
            Self::Dispatch => Action::Dispatch { call: call() },
            Self::AnswerAtOnce => Action::AnswerAtOnce { text: words() },
            Self::Ask => Action::Ask { question: words() },
            Self::CancelQuestion => Action::CancelQuestion,
            Self::ApproveRejection => Action::ApproveRejection,
            Self::RefuseRejection => Action::RefuseRejection,
            Self::UpholdReturn => Action::UpholdReturn,
            Self::OverruleReturn => Action::OverruleReturn,
            Self::Pass => Action::Pass,
            Self::SendBack => Action::SendBack { reason: words() },
            Self::GrantExtension => Action::GrantExtension { minutes: None },
            Self::RefuseExtension => Action::RefuseExtension { reason: words() },
            Self::AnswerSupervision => Action::AnswerSupervision { text: words() },
            Self::Resume => Action::Resume,
            Self::AskVerification => Action::AskVerification { of: vec![somebody] },
            Self::Verify => Action::Verify { real: true, text: words(), media: Vec::new() },
            Self::CallHelp => {
                Action::CallHelp { call: call(), what: words(), required: true, minutes: None }
            }
            Self::WaiveHelp => Action::WaiveHelp { no: 1 },
            Self::Assign => Action::Assign { to: somebody },
            Self::HandOver => Action::HandOver { call: call(), from: somebody },
            Self::Escalate => Action::Escalate { call: call() },
            Self::Suspend => Action::Suspend { until: DateTime::UNIX_EPOCH, reason: words() },
            Self::Supervise => Action::Supervise { text: words() },
            Self::ProposeRejection => Action::ProposeRejection { reason: words() },
            Self::FinalAnswer => Action::FinalAnswer { text: words() },
            Self::Merge => Action::Merge { into: number(0) },
            Self::Unmerge => Action::Unmerge,
            Self::Recategorise => Action::Recategorise { category: words() },
            Self::Locate => Action::Locate { area: words(), path: vec![words()] },
            Self::Note => Action::Note { text: words() },
            Self::GiveInfo => told(Action::GiveInfo { text: words(), media: Vec::new() }),
            Self::Supplement => told(Action::Supplement { text: Some(words()), media: Vec::new() }),
            Self::Reopen => told(Action::Reopen { reason: words() }),
            Self::Withdraw => told(Action::Withdraw { reason: Some(words()) }),
        }
    }

    /// The same about this ticket; none where nobody is there whom it is about.
    fn sample(self, ticket: &Ticket, now: DateTime<Utc>) -> Option<Action> {
        let usual = self.usual();
        Some(match usual {
            Action::WaiveHelp { .. } => {
                let open = ticket.course.helps.iter().find(|help| help.is_open())?;
                Action::WaiveHelp { no: open.no }
            }
            Action::HandOver { call, .. } => {
                Action::HandOver { from: holders(ticket).into_iter().next()?, call }
            }
            Action::Suspend { reason, .. } => {
                Action::Suspend { until: now + TimeDelta::days(1), reason }
            }
            Action::Merge { into } if into == ticket.number => Action::Merge { into: number(1) },
            usual => usual,
        })
    }
}

/// A number of a day before there were any.
fn number(fresh: u128) -> TicketNumber {
    TicketNumber::draw(DateTime::UNIX_EPOCH, Uuid::from_u128(fresh))
}

/// Somebody at the desk was told so by the resident.
fn told(action: Action) -> Action {
    Action::OnBehalf { action: Box::new(action) }
}

/// Everybody who has something of a ticket that could go to somebody else, each once.
pub fn holders(ticket: &Ticket) -> Vec<Person> {
    let course = &ticket.course;
    let helpers = course.helps.iter().filter(|help| help.is_open()).flat_map(Help::people);
    let asked = course.verification.iter().filter(|asked| asked.answer.is_none());
    let mut holders: Vec<Person> = Vec::new();
    let all = ticket.handler.iter().chain(&ticket.called).chain(&course.holder.leader);
    for person in all.chain(helpers).chain(asked.flat_map(|asked| &asked.asked)) {
        if !holders.iter().any(|known| known.id == person.id) {
            holders.push(person.clone());
        }
    }
    holders
}

/// What an operator can do with a ticket now, for themself or in the name of its resident.
pub fn legal(ticket: &Ticket, by: &Person, rules: Rules<'_>, now: DateTime<Utc>) -> Vec<Legal> {
    let operator = Actor::Operator(by.clone());
    let possible = |wanted: Move| {
        let sample = wanted.sample(ticket, now)?;
        let done = act(ticket, sample.clone(), &operator, rules, now).ok()?;
        let tells = done.notices.iter().map(|notice| (notice.to, notice.kind)).collect();
        Some(Legal { wanted, sample, tells })
    };
    Move::ALL.into_iter().filter_map(possible).collect()
}
