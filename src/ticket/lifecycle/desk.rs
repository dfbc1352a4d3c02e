//! What the desk may do: triage, dispatch, judge returns and results, ask, put off, merge.

use super::{Case, Refused, Transition, Why};
use crate::ticket::event::{Actor, What};
use crate::ticket::notice::{Audience, Notice, NoticeKind};
use crate::ticket::status::Rejection;
use crate::ticket::{Call, ClosedKind, Outcome, Person, Resume, Status};
use chrono::{DateTime, TimeDelta, Utc};

/// Nothing is put off for longer.
const SUSPEND_DAYS: i64 = 180;

impl Case<'_> {
    /// Triage by the desk, or by a rule for categories that need no operator.
    pub(super) fn accept(&self) -> Result<Transition, Refused> {
        let wanted = "be accepted";
        if !matches!(self.by, Actor::System) {
            self.operator(wanted)?;
        }
        match &self.ticket.status {
            Status::Submitted { .. } => Ok(self
                .to(Status::Accepted, What::Accepted)
                .with(|after| after.accepted_at = after.accepted_at.or(Some(self.now)))
                .tell(Notice::plain(Audience::Reporter, NoticeKind::Accepted))),
            Status::Accepted => self.refuse(wanted, Why::AlreadySo),
            _ => self.refuse(wanted, Why::NotFromHere),
        }
    }

    pub(super) fn propose_rejection(&self, reason: String) -> Result<Transition, Refused> {
        let wanted = "be rejected";
        let operator = self.operator(wanted)?;
        if reason.trim().is_empty() {
            return self.refuse(wanted, Why::NeedsWords);
        }
        match &self.ticket.status {
            Status::Submitted { .. } => {
                let rejection =
                    Some(Rejection { reason: reason.clone(), proposed_by: operator.id });
                Ok(self.to(Status::Submitted { rejection }, What::RejectionProposed { reason }))
            }
            _ => self.refuse(wanted, Why::NotFromHere),
        }
    }

    /// Four eyes: who proposed a rejection cannot approve it.
    pub(super) fn approve_rejection(&self) -> Result<Transition, Refused> {
        let wanted = "be rejected for good";
        let operator = self.operator(wanted)?;
        match &self.ticket.status {
            Status::Submitted { rejection: Some(because) }
                if because.proposed_by == operator.id =>
            {
                self.refuse(wanted, Why::NeedsSecondPerson)
            }
            Status::Submitted { rejection: Some(because) } => {
                let reason = because.reason.clone();
                let appealed = self.ticket.round > 1;
                let status = Status::Rejected { because: because.clone(), appealed };
                Ok(self.to(status, What::Rejected { reason: reason.clone() }).tell(Notice::with(
                    Audience::Reporter,
                    NoticeKind::Rejected,
                    reason,
                )))
            }
            _ => self.refuse(wanted, Why::NotFromHere),
        }
    }

    pub(super) fn refuse_rejection(&self) -> Result<Transition, Refused> {
        let wanted = "be kept";
        self.operator(wanted)?;
        match &self.ticket.status {
            Status::Submitted { rejection: Some(_) } => {
                Ok(self.to(Status::Submitted { rejection: None }, What::RejectionRefused))
            }
            _ => self.refuse(wanted, Why::NotFromHere),
        }
    }

    pub(super) fn dispatch(&self, call: Call) -> Result<Transition, Refused> {
        let wanted = "be dispatched";
        if !matches!(self.by, Actor::System) {
            self.operator(wanted)?;
        }
        if call.to.is_empty() {
            return self.refuse(wanted, Why::NeedsSomebody);
        }
        match &self.ticket.status {
            Status::Accepted | Status::Returned { .. } => {
                let names = names(&call.to);
                let what = What::Dispatched {
                    to: call.to.clone(),
                    unit: call.unit.clone(),
                    reason: call.reason.clone(),
                    tier: call.tier,
                };
                let status = Status::Dispatched { since: self.now, binding: false };
                // Who sends a returned ticket elsewhere agrees with the return; figures count it.
                let done = if matches!(self.ticket.status, Status::Returned { .. }) {
                    self.to(status, What::ReturnUpheld).then(self, what)
                } else {
                    self.to(status, what)
                };
                Ok(done
                    .with(|after| after.called_by(call))
                    .tell(Notice::with(Audience::Reporter, NoticeKind::Dispatched, names))
                    .tell(Notice::plain(Audience::Called, NoticeKind::Task)))
            }
            Status::Dispatched { .. } => self.refuse(wanted, Why::AlreadySo),
            _ => self.refuse(wanted, Why::NotFromHere),
        }
    }

    pub(super) fn uphold_return(&self) -> Result<Transition, Refused> {
        let wanted = "have its return upheld";
        self.operator(wanted)?;
        match &self.ticket.status {
            Status::Returned { .. } => {
                let done = self.to(Status::Accepted, What::ReturnUpheld);
                Ok(done.with(|after| after.called_by(Call::default())))
            }
            _ => self.refuse(wanted, Why::NotFromHere),
        }
    }

    /// 驳回退单: back to whoever returned it, who cannot return it again.
    pub(super) fn overrule_return(&self) -> Result<Transition, Refused> {
        let wanted = "have its return overruled";
        self.operator(wanted)?;
        match &self.ticket.status {
            Status::Returned { .. } => Ok(self
                .to(Status::Dispatched { since: self.now, binding: true }, What::ReturnOverruled)
                .tell(Notice::plain(Audience::Called, NoticeKind::Task))),
            _ => self.refuse(wanted, Why::NotFromHere),
        }
    }

    /// By the desk before it is dispatched, by the handler while it is handled.
    pub(super) fn ask(&self, question: String) -> Result<Transition, Refused> {
        let wanted = "wait for an answer";
        if question.trim().is_empty() {
            return self.refuse(wanted, Why::NeedsWords);
        }
        let resume = match &self.ticket.status {
            Status::Submitted { .. } => Resume::Submitted,
            Status::Accepted => Resume::Accepted,
            Status::InProgress { called_at, .. } => Resume::InProgress { called_at: *called_at },
            Status::NeedInfo { resume, .. } => *resume,
            _ => return self.refuse(wanted, Why::NotFromHere),
        };
        match self.by {
            Actor::Operator(_) => {}
            Actor::Member(person) if self.is_handler(person) => {}
            _ => return self.refuse(wanted, Why::NotYours),
        }
        let status = Status::NeedInfo { question: question.clone(), asked_at: self.now, resume };
        Ok(self.to(status, What::Asked { question: question.clone() }).tell(Notice::with(
            Audience::Reporter,
            NoticeKind::Question,
            question,
        )))
    }

    pub(super) fn cancel_question(&self) -> Result<Transition, Refused> {
        let wanted = "go on without the answer";
        self.operator(wanted)?;
        match &self.ticket.status {
            Status::NeedInfo { resume, .. } => {
                Ok(self.to(self.resumed(*resume), What::QuestionCancelled))
            }
            _ => self.refuse(wanted, Why::NotFromHere),
        }
    }

    /// The check of a result: by the desk or a leader, never by who reported it.
    pub(super) fn pass(&self) -> Result<Transition, Refused> {
        let wanted = "pass the check";
        self.checker(wanted)?;
        let text = self.ticket.finding.as_ref().map(|f| f.text.clone()).unwrap_or_default();
        match &self.ticket.status {
            Status::ResultSubmitted => Ok(self
                .to(self.awaiting_signoff(), What::Checked)
                .then(self, What::SignoffAsked)
                .tell(Notice::with(Audience::Reporter, NoticeKind::Result, text))),
            _ => self.refuse(wanted, Why::NotFromHere),
        }
    }

    pub(super) fn send_back(&self, reason: String) -> Result<Transition, Refused> {
        let wanted = "be sent back";
        self.checker(wanted)?;
        if reason.trim().is_empty() {
            return self.refuse(wanted, Why::NeedsWords);
        }
        match &self.ticket.status {
            Status::ResultSubmitted => Ok(self
                .to(self.back_to_handler(), What::SentBack { reason: reason.clone() })
                .tell(Notice::with(Audience::Handler, NoticeKind::Rework, reason))),
            _ => self.refuse(wanted, Why::NotFromHere),
        }
    }

    fn checker(&self, wanted: &'static str) -> Result<(), Refused> {
        let Some(person) = self.by.person() else { return self.refuse(wanted, Why::NotYours) };
        if matches!(self.by, Actor::Member(_)) && !self.is_leader(person) {
            return self.refuse(wanted, Why::NotYours);
        }
        let reported = self.ticket.finding.as_ref().map(|finding| finding.by.id);
        if reported == Some(person.id) {
            return self.refuse(wanted, Why::NeedsSecondPerson);
        }
        Ok(())
    }

    pub(super) fn answer_at_once(&self, text: String) -> Result<Transition, Refused> {
        let wanted = "be answered at once";
        self.operator(wanted)?;
        if text.trim().is_empty() {
            return self.refuse(wanted, Why::NeedsWords);
        }
        match &self.ticket.status {
            Status::Accepted => {
                Ok(self.ended_by_desk(text, ClosedKind::Unsigned, Outcome::Answered))
            }
            _ => self.refuse(wanted, Why::NotFromHere),
        }
    }

    /// 终结答复: not by the person whose result was objected to.
    pub(super) fn final_answer(&self, text: String) -> Result<Transition, Refused> {
        let wanted = "be answered for good";
        self.operator(wanted)?;
        self.checker(wanted)?;
        if text.trim().is_empty() {
            return self.refuse(wanted, Why::NeedsWords);
        }
        match &self.ticket.status {
            Status::Accepted
            | Status::Returned { .. }
            | Status::InProgress { .. }
            | Status::Suspended { .. }
            | Status::ResultSubmitted
            | Status::AwaitingSignoff { .. } => {
                Ok(self.ended_by_desk(text, ClosedKind::FinalAnswer, Outcome::Explained))
            }
            _ => self.refuse(wanted, Why::NotFromHere),
        }
    }

    fn ended_by_desk(&self, text: String, kind: ClosedKind, outcome: Outcome) -> Transition {
        let finding = self.by.person().map(|by| crate::ticket::Finding {
            text: text.clone(),
            outcome,
            media: Vec::new(),
            by: by.clone(),
            at: self.now,
        });
        let what = What::ResultSubmitted { text: text.clone(), outcome, media: Vec::new() };
        let done = self
            .close(kind, outcome, what)
            .with(|after| after.finding = finding)
            .tell(Notice::with(Audience::Reporter, NoticeKind::Answer, text));
        match self.worker() {
            Some(worker) => done.tell(Notice::plain(worker, NoticeKind::Gone)),
            None => done,
        }
    }

    pub(super) fn suspend(
        &self,
        until: DateTime<Utc>,
        reason: String,
    ) -> Result<Transition, Refused> {
        let wanted = "be put off";
        // Four eyes: putting off is one of the ways to make a ticket disappear.
        if self.is_handler(self.operator(wanted)?) {
            return self.refuse(wanted, Why::NeedsSecondPerson);
        }
        if reason.trim().is_empty() {
            return self.refuse(wanted, Why::NeedsWords);
        }
        if until <= self.now || until > self.now + TimeDelta::days(SUSPEND_DAYS) {
            return self.refuse(wanted, Why::TooLate);
        }
        match &self.ticket.status {
            Status::InProgress { .. } => Ok(self
                .to(
                    Status::Suspended {
                        until,
                        since: Some(self.now),
                        clock_stands: self.rules.is_long,
                    },
                    What::Suspended { until, reason: reason.clone() },
                )
                .tell(Notice::with(Audience::Reporter, NoticeKind::Suspended, reason))),
            _ => self.refuse(wanted, Why::NotFromHere),
        }
    }

    pub(super) fn resume(&self) -> Result<Transition, Refused> {
        let wanted = "go on";
        let is_handler = self.by.person().is_some_and(|person| self.is_handler(person));
        if !is_handler && !matches!(self.by, Actor::System | Actor::Operator(_)) {
            return self.refuse(wanted, Why::NotYours);
        }
        match &self.ticket.status {
            Status::Suspended { .. } => Ok(self.to(self.back_to_handler(), What::Resumed)),
            _ => self.refuse(wanted, Why::NotFromHere),
        }
    }

    pub(super) fn note(&self, text: String) -> Result<Transition, Refused> {
        let wanted = "be noted on";
        if text.trim().is_empty() {
            return self.refuse(wanted, Why::NeedsWords);
        }
        let may = match self.by {
            Actor::Resident => false,
            Actor::Member(person) => self.is_called(person) || self.is_handler(person),
            Actor::Operator(_) | Actor::System => true,
        };
        if !may {
            return self.refuse(wanted, Why::NotYours);
        }
        Ok(self.stay(What::Noted { text }))
    }

    /// Every state that a resident can still leave by withdrawing, and a desk by merging.
    pub(super) fn before_result(&self) -> bool {
        matches!(
            self.ticket.status,
            Status::Submitted { .. }
                | Status::NeedInfo { .. }
                | Status::Accepted
                | Status::Dispatched { .. }
                | Status::Returned { .. }
                | Status::InProgress { .. }
                | Status::Suspended { .. }
        )
    }

    /// Back to the handler, for whom the time to return it is over since long; to whoever was
    /// called where the handler is gone, and to the desk where nobody is left.
    pub(super) fn back_to_handler(&self) -> Status {
        let called_at = self.ticket.accepted_at.unwrap_or(self.ticket.submitted_at);
        self.in_progress_since(called_at)
    }

    fn in_progress_since(&self, called_at: DateTime<Utc>) -> Status {
        if self.ticket.handler.is_some() {
            Status::InProgress { called_at, by_silence: false }
        } else if self.ticket.called.is_empty() {
            Status::Accepted
        } else {
            Status::Dispatched { since: self.now, binding: false }
        }
    }

    /// Where an answered question leads back to.
    pub(super) fn resumed(&self, resume: Resume) -> Status {
        match resume {
            Resume::Submitted => Status::Submitted { rejection: None },
            Resume::Accepted => Status::Accepted,
            Resume::InProgress { called_at } => self.in_progress_since(called_at),
        }
    }
}

pub(super) fn names(people: &[Person]) -> String {
    people.iter().map(|person| person.name.as_str()).collect::<Vec<_>>().join("、")
}
