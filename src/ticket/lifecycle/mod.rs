//! What may happen to a ticket, and what must follow: `(ticket, action, actor) -> transition`.
//!
//! The whole table of moves stands in [`act`]; an illegal one is [`Refused`] with from, wanted
//! and why. A transition carries the version it saw, so a lost race is found when it is stored.
//!
//! Deliberately absent: organisation (who covers which area is the caller's question), clocks of
//! units, joint handling, and anything that reads or writes.

mod desk;
mod member;
mod resident;
mod time;

use super::event::{Actor, Event, What};
use super::notice::{Audience, Notice, NoticeKind};
use super::{
    Channel, ClosedKind, Follower, Media, Outcome, Person, Rating, Report, Stage, Status, Ticket,
    TicketId, TicketNumber,
};
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// A change that was decided: the ticket after it, what happened, who must hear of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transition {
    /// The version that was seen; none for a ticket that is new.
    pub before: Option<i64>,
    /// The ticket after it.
    pub after: Ticket,
    /// What happened, in order.
    pub events: Vec<Event>,
    /// Who must hear of it.
    pub notices: Vec<Notice>,
}

/// Something that somebody wants done with a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are the words that go with the action")]
pub enum Action {
    /// 受理
    Accept,
    /// 不予受理, to be approved by a second person.
    ProposeRejection { reason: String },
    /// The second person agrees.
    ApproveRejection,
    /// The second person does not agree.
    RefuseRejection,
    /// 派单: any of these may take it.
    Dispatch { to: Vec<Person>, unit: Option<String>, reason: String },
    /// A return was right: dispatch it elsewhere.
    UpholdReturn,
    /// A return was wrong: it goes back for good.
    OverruleReturn,
    /// One question to the resident; a newer one replaces it.
    Ask { question: String },
    /// The question is not needed any more.
    CancelQuestion,
    /// The result is good: ask the resident.
    Pass,
    /// The result is not good enough.
    SendBack { reason: String },
    /// An enquiry that is answered without anybody going there.
    AnswerAtOnce { text: String },
    /// 终结答复
    FinalAnswer { text: String },
    /// 列入计划
    Suspend { until: DateTime<Utc>, reason: String },
    /// The planned date has come, or somebody goes on earlier.
    Resume,
    /// 并案
    Merge { into: TicketNumber },
    /// 拆开
    Unmerge,
    /// A remark that only the desk sees.
    Note { text: String },
    /// 接单
    Take,
    /// 退单
    Decline { reason: String },
    /// 办结
    Finish { text: String, outcome: Outcome, media: Vec<Media> },
    /// Photos of the result that came after its words.
    AddEvidence { media: Vec<Media> },
    /// The resident's answer to the question.
    GiveInfo { text: String, media: Vec<Media> },
    /// 补充
    Supplement { text: Option<String>, media: Vec<Media> },
    /// A telephone number for this ticket.
    LeaveContact { phone: String },
    /// 已解决 or 基本解决
    Confirm { fully: bool },
    /// 没解决; the reason comes next.
    Object,
    /// 没解决, with the reason, or without one after a day.
    Rework { reason: Option<String> },
    /// The grade.
    Rate { rating: Rating },
    /// 撤回
    Withdraw { reason: Option<String> },
    /// 要求重办
    Reopen { reason: String },
    /// 催办
    Urge,
    /// Against a rejection, once.
    Appeal { text: String },
    /// Five days without the asked-for information.
    LapseInfo,
    /// The one reminder before the sign-off lapses.
    RemindSignoff,
    /// Five working days without a word.
    LapseSignoff,
}

/// What the category asks of a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rules {
    /// A leader or the desk checks the result before the resident is asked.
    pub needs_check: bool,
    /// A result needs a photo.
    pub needs_photo: bool,
}

/// An action that is not possible.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a ticket that is {from:?} cannot {wanted}: {why:?}")]
pub struct Refused {
    /// Where the ticket stands.
    pub from: Stage,
    /// What was wanted.
    pub wanted: &'static str,
    /// Why not.
    pub why: Why,
}

/// Why an action is not possible.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// The table has no such move.
    NotFromHere,
    /// Somebody was faster.
    AlreadyTaken {
        /// Who.
        by: Person,
    },
    /// It is so already.
    AlreadySo,
    /// The actor was not called, or plays another part.
    NotYours,
    /// A second person is needed.
    NeedsSecondPerson,
    /// The time for it is over.
    TooLate,
    /// Words are missing.
    NeedsWords,
    /// A photo is missing.
    NeedsPhoto,
    /// Nobody was named.
    NeedsSomebody,
}

/// How long a closed ticket can be reopened or rated.
pub const REOPEN_DAYS: i64 = 30;

/// A new ticket.
pub fn open(
    id: Uuid,
    reporter: Follower,
    report: Report,
    area_path: Vec<String>,
    now: DateTime<Utc>,
) -> Transition {
    let what = What::Submitted { report: report.clone(), area_path: area_path.clone() };
    let after = Ticket {
        id: TicketId(id),
        number: TicketNumber::draw(now, id),
        reporter,
        channel: Channel::Wechat,
        report,
        area_path,
        status: Status::Submitted { rejection: None },
        round: 1,
        called: Vec::new(),
        handler: None,
        unit: None,
        accountable: None,
        finding: None,
        rating: None,
        returned_by: Vec::new(),
        urged: 0,
        submitted_at: now,
        accepted_at: None,
        closed_at: None,
        version: 1,
    };
    Transition {
        before: None,
        after,
        events: vec![Event { at: now, by: Actor::Resident, what }],
        notices: vec![Notice::plain(Audience::Desk, NoticeKind::NewTicket)],
    }
}

/// Decides an action on a ticket.
pub fn act(
    ticket: &Ticket,
    action: Action,
    by: &Actor,
    rules: Rules,
    now: DateTime<Utc>,
) -> Result<Transition, Refused> {
    let case = Case { ticket, by, rules, now };
    match action {
        Action::Accept => case.accept(),
        Action::ProposeRejection { reason } => case.propose_rejection(reason),
        Action::ApproveRejection => case.approve_rejection(),
        Action::RefuseRejection => case.refuse_rejection(),
        Action::Dispatch { to, unit, reason } => case.dispatch(to, unit, reason),
        Action::UpholdReturn => case.uphold_return(),
        Action::OverruleReturn => case.overrule_return(),
        Action::Ask { question } => case.ask(question),
        Action::CancelQuestion => case.cancel_question(),
        Action::Pass => case.pass(),
        Action::SendBack { reason } => case.send_back(reason),
        Action::AnswerAtOnce { text } => case.answer_at_once(text),
        Action::FinalAnswer { text } => case.final_answer(text),
        Action::Suspend { until, reason } => case.suspend(until, reason),
        Action::Resume => case.resume(),
        Action::Merge { into } => case.merge(&into),
        Action::Unmerge => case.unmerge(),
        Action::Note { text } => case.note(text),
        Action::Take => case.take(),
        Action::Decline { reason } => case.decline(reason),
        Action::Finish { text, outcome, media } => case.finish(text, outcome, media),
        Action::AddEvidence { media } => case.add_evidence(media),
        Action::GiveInfo { text, media } => case.give_info(text, media),
        Action::Supplement { text, media } => case.supplement(text, media),
        Action::LeaveContact { phone } => case.leave_contact(phone),
        Action::Confirm { fully } => case.confirm(fully),
        Action::Object => case.object(),
        Action::Rework { reason } => case.rework(reason),
        Action::Rate { rating } => case.rate(rating),
        Action::Withdraw { reason } => case.withdraw(reason),
        Action::Reopen { reason } => case.reopen(reason),
        Action::Urge => case.urge(),
        Action::Appeal { text } => case.appeal(text),
        Action::LapseInfo => case.lapse_info(),
        Action::RemindSignoff => case.remind_signoff(),
        Action::LapseSignoff => case.lapse_signoff(),
    }
}

/// One action on one ticket, while it is decided.
struct Case<'a> {
    ticket: &'a Ticket,
    by: &'a Actor,
    rules: Rules,
    now: DateTime<Utc>,
}

impl Case<'_> {
    fn refuse<T>(&self, wanted: &'static str, why: Why) -> Result<T, Refused> {
        Err(Refused { from: self.ticket.status.stage(), wanted, why })
    }

    /// The desk acts; the first one to do so stays accountable.
    fn operator(&self, wanted: &'static str) -> Result<&Person, Refused> {
        match self.by {
            Actor::Operator(person) => Ok(person),
            _ => self.refuse(wanted, Why::NotYours),
        }
    }

    /// The transition to `status` with one entry in the history.
    fn to(&self, status: Status, what: What) -> Transition {
        let mut after = self.ticket.clone();
        after.status = status;
        after.version += 1;
        if after.accountable.is_none() {
            after.accountable = self.by.person().cloned();
        }
        let event = Event { at: self.now, by: self.by.clone(), what };
        Transition {
            before: Some(self.ticket.version),
            after,
            events: vec![event],
            notices: Vec::new(),
        }
    }

    /// The same state, one more entry.
    fn stay(&self, what: What) -> Transition {
        self.to(self.ticket.status.clone(), what)
    }

    /// Closes, and says how and with which outcome.
    fn close(&self, kind: ClosedKind, outcome: Outcome, what: What) -> Transition {
        self.to(Status::Closed { kind }, what)
            .then(self, What::Closed { kind, outcome })
            .with(|after| after.closed_at = Some(self.now))
    }

    /// Asks the resident to sign off.
    fn awaiting_signoff(&self) -> Status {
        Status::AwaitingSignoff { asked_at: self.now, reminded: false, objected_at: None }
    }
}

impl Transition {
    fn tell(mut self, notice: Notice) -> Self {
        self.notices.push(notice);
        self
    }

    fn with(mut self, change: impl FnOnce(&mut Ticket)) -> Self {
        change(&mut self.after);
        self
    }

    fn then(mut self, case: &Case<'_>, what: What) -> Self {
        self.events.push(Event { at: case.now, by: case.by.clone(), what });
        self
    }
}

#[cfg(test)]
mod tests;
