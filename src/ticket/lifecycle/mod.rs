//! What may happen to a ticket, and what must follow: `(ticket, action, actor) -> transition`.
//!
//! The whole table of moves stands in [`act`]; an illegal one is [`Refused`] with from, wanted
//! and why. A transition carries the version it saw, so a lost race is found when it is stored.
//!
//! Deliberately absent: organisation (who covers which area, who leads whom and who comes next is
//! the caller's to know, and arrives as a [`Call`]), and anything that reads or writes.

mod action;
mod away;
mod call;
mod clocks;
mod desk;
mod entry;
mod help;
mod legal;
mod locate;
mod member;
mod merge;
mod resident;
mod time;
mod upward;
mod verify;

use super::event::{Actor, Event, What};
use super::notice::Notice;
use super::{ClosedKind, Outcome, Person, Stage, Status, Ticket};
use chrono::{DateTime, Utc};

pub use action::{Action, Limits, Rules};
pub use entry::{Origin, enter, open};
pub use legal::{Legal, Move, holders, legal};

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
    /// A part of somebody else's is not done yet.
    NeedsHelpers {
        /// Whose.
        names: String,
    },
    /// The leader takes it for the team.
    LeadersToTake {
        /// Who leads.
        leader: Person,
    },
    /// It was granted as often as it can be.
    OftenEnough,
}

/// Working days without a word after which the ticket is closed unsigned.
const SIGNOFF_WORKING_DAYS: u32 = 5;
/// Working days after which the one reminder goes out.
const REMINDER_WORKING_DAYS: u32 = 3;

/// How long a closed ticket can be reopened or rated.
pub const REOPEN_DAYS: i64 = 30;

/// Decides an action on a ticket.
pub fn act(
    ticket: &Ticket,
    action: Action,
    by: &Actor,
    rules: Rules<'_>,
    now: DateTime<Utc>,
) -> Result<Transition, Refused> {
    let case = Case { ticket, by, rules, now, for_resident: false };
    Ok(case.with_its_clocks(case.heard(case.decide(action)?)))
}

impl Case<'_> {
    fn decide(&self, action: Action) -> Result<Transition, Refused> {
        let case = self;
        match action {
            Action::Accept => case.accept(),
            Action::ProposeRejection { reason } => case.propose_rejection(reason),
            Action::ApproveRejection => case.approve_rejection(),
            Action::RefuseRejection => case.refuse_rejection(),
            Action::Recategorise { category } => case.recategorise(category),
            Action::Locate { area, path } => case.locate(area, path),
            Action::AskVerification { of } => case.ask_verification(of),
            Action::Verify { real, text, media } => case.verify(real, text, media),
            Action::Dispatch { call } => case.dispatch(call),
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
            Action::TakeIn { number } => case.take_in(&number),
            Action::LetGo { number } => case.let_go(number),
            Action::FollowMaster { kind, outcome } => case.follow_master(kind, outcome),
            Action::MasterReopened => case.master_reopened(),
            Action::CallHelp { call, what, required, minutes } => {
                case.call_help(call, what, required, minutes)
            }
            Action::WaiveHelp { no } => case.waive_help(no),
            Action::Join => case.join(),
            Action::Escalate { call } => case.escalate(call),
            Action::HandOver { from, call } => case.hand_over(&from, call),
            Action::Assign { to } => case.assign(to),
            Action::Supervise { text } => case.supervise(text),
            Action::AnswerSupervision { text } => case.answer_supervision(text),
            Action::AskExtension { minutes, reason } => case.ask_extension(minutes, reason),
            Action::GrantExtension { minutes } => case.grant_extension(minutes),
            Action::RefuseExtension { reason } => case.refuse_extension(reason),
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
            Action::SignBySilence => case.sign_by_silence(),
            Action::Ring { clock, help, rung } => case.ring(clock, help, rung),
            Action::RecomputeClocks => case.recompute_clocks(),
            Action::Told { channel } => case.told(channel),
            Action::RecordCall { result, note } => case.record_call(result, note),
            Action::OnBehalf { action } => case.on_behalf(*action),
        }
    }
}

/// One action on one ticket, while it is decided.
struct Case<'a> {
    ticket: &'a Ticket,
    by: &'a Actor,
    rules: Rules<'a>,
    now: DateTime<Utc>,
    /// An operator says what the resident said on the telephone.
    for_resident: bool,
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

    /// So many working days from now.
    fn working_days(&self, days: u32) -> DateTime<Utc> {
        self.rules.calendar.after_days(self.now, days).at
    }

    /// Asks the resident to sign off; the days count from the moment they are told.
    fn awaiting_signoff(&self) -> Status {
        Status::AwaitingSignoff {
            asked_at: self.now,
            remind_at: Some(self.working_days(REMINDER_WORKING_DAYS)),
            lapse_at: Some(self.working_days(SIGNOFF_WORKING_DAYS)),
            untold: true,
            reminded: false,
            objected_at: None,
        }
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
