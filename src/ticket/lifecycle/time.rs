//! What time alone brings about; [`crate::ticket::due`] says when.

use super::{Case, Refused, Transition, Why};
use crate::ticket::event::{Actor, What};
use crate::ticket::notice::{Audience, Notice, NoticeKind};
use crate::ticket::{ClosedKind, Outcome, Status};

impl Case<'_> {
    pub(super) fn time_alone(&self, wanted: &'static str) -> Result<(), Refused> {
        match self.by {
            Actor::System => Ok(()),
            _ => self.refuse(wanted, Why::NotYours),
        }
    }

    /// No answer to a question: the ticket goes on, marked 未补充.
    pub(super) fn lapse_info(&self) -> Result<Transition, Refused> {
        let wanted = "go on without the answer";
        self.time_alone(wanted)?;
        let Status::NeedInfo { resume, .. } = &self.ticket.status else {
            return self.refuse(wanted, Why::NotFromHere);
        };
        let told = self.worker().unwrap_or(Audience::Desk);
        Ok(self.to(self.resumed(*resume), What::InfoNotGiven).tell(Notice::with(
            told,
            NoticeKind::Word,
            "（到期没有回音，请先继续办理）",
        )))
    }

    pub(super) fn remind_signoff(&self) -> Result<Transition, Refused> {
        let wanted = "be reminded of";
        self.time_alone(wanted)?;
        match &self.ticket.status {
            Status::AwaitingSignoff {
                asked_at,
                remind_at,
                lapse_at,
                reminded: false,
                objected_at,
                untold,
            } => {
                let status = Status::AwaitingSignoff {
                    asked_at: *asked_at,
                    remind_at: *remind_at,
                    lapse_at: *lapse_at,
                    untold: *untold,
                    reminded: true,
                    objected_at: *objected_at,
                };
                Ok(self
                    .to(status, What::SignoffReminded)
                    .tell(Notice::plain(Audience::Reporter, NoticeKind::SignoffReminder)))
            }
            _ => self.refuse(wanted, Why::NotFromHere),
        }
    }

    pub(super) fn lapse_signoff(&self) -> Result<Transition, Refused> {
        let wanted = "be closed without a word";
        self.time_alone(wanted)?;
        match &self.ticket.status {
            Status::AwaitingSignoff { .. } => {
                let kind = ClosedKind::Unsigned;
                let outcome =
                    self.ticket.finding.as_ref().map_or(Outcome::Solved, |found| found.outcome);
                let done = self
                    .to(Status::Closed { kind }, What::Closed { kind, outcome })
                    .with(|after| after.closed_at = Some(self.now));
                Ok(done.tell(Notice::plain(Audience::Reporter, NoticeKind::ClosedUnsigned)))
            }
            _ => self.refuse(wanted, Why::NotFromHere),
        }
    }

    /// 到期未签收，视为签收: the leader's where one was called, otherwise the first one's.
    pub(super) fn sign_by_silence(&self) -> Result<Transition, Refused> {
        let wanted = "be signed for by silence";
        self.time_alone(wanted)?;
        let Status::Dispatched { since, .. } = &self.ticket.status else {
            return self.refuse(wanted, Why::NotFromHere);
        };
        let leader = self.ticket.course.holder.leader.as_ref();
        let leader = leader.filter(|leader| self.is_called(leader));
        let Some(person) = leader.or(self.ticket.called.first()).cloned() else {
            return self.refuse(wanted, Why::NeedsSomebody);
        };
        let status = Status::InProgress { called_at: *since, by_silence: true };
        Ok(self
            .to(status, What::Taken { automatically: true })
            .with(|after| after.handler = Some(person))
            .tell(Notice::plain(Audience::Handler, NoticeKind::AutoSigned)))
    }
}
