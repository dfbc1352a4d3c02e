//! 并案: several reports of one matter. One ticket goes on as the master; the others follow it,
//! each with a resident who stays informed and rates for themself.

use super::{Case, Refused, Transition, Why};
use crate::ticket::event::{Actor, What};
use crate::ticket::notice::{Audience, Notice, NoticeKind};
use crate::ticket::{Call, ClosedKind, Outcome, Status, TicketNumber};

impl Case<'_> {
    /// The caller has made sure that the other ticket lives and is not itself merged.
    pub(super) fn merge(&self, into: &TicketNumber) -> Result<Transition, Refused> {
        let wanted = "be merged";
        // By rule when the resident, shown what is known already, says that it is the same.
        if !matches!(self.by, Actor::System) {
            self.operator(wanted)?;
        }
        if *into == self.ticket.number {
            return self.refuse(wanted, Why::AlreadySo);
        }
        let is_moved_on = match &self.ticket.status {
            Status::Merged { into: known, .. } if known == into => {
                return self.refuse(wanted, Why::AlreadySo);
            }
            Status::Merged { closed_at: None, .. } => true,
            _ => false,
        };
        if !is_moved_on && !self.before_result() {
            return self.refuse(wanted, Why::NotFromHere);
        }
        let status = Status::Merged { into: into.clone(), closed_at: None };
        let done = self.to(status, What::Merged { into: into.clone() });
        Ok(done
            .tell(Notice::with(Audience::Reporter, NoticeKind::Merged, into.to_string()))
            .tell(Notice::plain(Audience::Called, NoticeKind::Gone)))
    }

    pub(super) fn unmerge(&self) -> Result<Transition, Refused> {
        let wanted = "be split off";
        // By time, when the other ticket ended without an answer that could hold for this one; by
        // its resident, when it was closed with an answer that does not hold for them.
        let is_unsolved = matches!(self.by, Actor::Resident)
            && matches!(self.ticket.status, Status::Merged { closed_at: Some(_), .. });
        if !self.is_by_system() && !is_unsolved {
            self.operator(wanted)?;
        }
        match &self.ticket.status {
            Status::Merged { .. } => Ok(self
                .to(Status::Accepted, What::Unmerged)
                .with(|after| {
                    after.called_by(Call::default());
                    after.rating = None;
                    after.accepted_at = after.accepted_at.or(Some(self.now));
                })
                .tell(Notice::plain(Audience::Reporter, NoticeKind::Unmerged))
                .tell(Notice::plain(Audience::Desk, NoticeKind::NewTicket))),
            _ => self.refuse(wanted, Why::NotFromHere),
        }
    }

    /// The master's side: whoever works on it hears that one more resident waits.
    pub(super) fn take_in(&self, number: &TicketNumber) -> Result<Transition, Refused> {
        let wanted = "take another one in";
        self.time_alone(wanted)?;
        if self.ticket.is_ended() || *number == self.ticket.number {
            return self.refuse(wanted, Why::NotFromHere);
        }
        let done = self
            .stay(What::TookIn { number: number.clone() })
            .with(|after| after.course.copies += 1);
        Ok(match self.worker() {
            Some(worker) => {
                done.tell(Notice::with(worker, NoticeKind::CopyJoined, number.to_string()))
            }
            None => done,
        })
    }

    pub(super) fn let_go(&self, number: TicketNumber) -> Result<Transition, Refused> {
        let wanted = "let another one go";
        if !self.is_by_system() {
            self.operator(wanted)?;
        }
        if self.ticket.course.copies == 0 {
            return self.refuse(wanted, Why::AlreadySo);
        }
        Ok(self.stay(What::LetGo { number }).with(|after| {
            after.course.copies -= 1;
        }))
    }

    /// A copy never stays open behind its master's back.
    pub(super) fn follow_master(
        &self,
        kind: ClosedKind,
        outcome: Outcome,
    ) -> Result<Transition, Refused> {
        let wanted = "be closed with its master";
        self.time_alone(wanted)?;
        match &self.ticket.status {
            Status::Merged { into, closed_at: None } => {
                let status = Status::Merged { into: into.clone(), closed_at: Some(self.now) };
                Ok(self.to(status, What::MasterClosed { kind, outcome }).tell(Notice::with(
                    Audience::Reporter,
                    NoticeKind::MasterClosed,
                    into.as_str(),
                )))
            }
            _ => self.refuse(wanted, Why::NotFromHere),
        }
    }

    pub(super) fn master_reopened(&self) -> Result<Transition, Refused> {
        let wanted = "be opened with its master";
        self.time_alone(wanted)?;
        match &self.ticket.status {
            Status::Merged { into, closed_at: Some(_) } => {
                let status = Status::Merged { into: into.clone(), closed_at: None };
                Ok(self.to(status, What::MasterReopened))
            }
            _ => self.refuse(wanted, Why::NotFromHere),
        }
    }
}
