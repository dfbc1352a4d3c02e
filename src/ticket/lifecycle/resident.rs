//! What the reporter may do: add, answer, urge, take back, sign off, rate, ask for more.

use super::{Case, REOPEN_DAYS, Refused, Transition, Why};
use crate::ticket::event::{Actor, What};
use crate::ticket::notice::{Audience, Notice, NoticeKind};
use crate::ticket::{ClosedKind, Media, Outcome, Rating, Status};
use chrono::TimeDelta;

/// A ticket that came back twice goes to the desk the third time.
const ROUNDS_WITHOUT_DESK: u32 = 3;

impl Case<'_> {
    pub(super) fn give_info(&self, text: String, media: Vec<Media>) -> Result<Transition, Refused> {
        let wanted = "be answered by the resident";
        self.resident(wanted)?;
        let Status::NeedInfo { resume, .. } = &self.ticket.status else {
            return self.refuse(wanted, Why::NotFromHere);
        };
        let told = match self.worker() {
            Some(worker) => worker,
            None => Audience::Desk,
        };
        Ok(self
            .to(self.resumed(*resume), What::InfoGiven { text: text.clone() })
            .with(|after| after.report.media.extend(media))
            .tell(Notice::with(told, NoticeKind::Word, text)))
    }

    /// Until it is dispatched it becomes part of the ticket; later it is a word to the handler.
    pub(super) fn supplement(
        &self,
        text: Option<String>,
        media: Vec<Media>,
    ) -> Result<Transition, Refused> {
        let wanted = "be added to";
        self.resident(wanted)?;
        if self.ticket.is_ended() {
            return self.refuse(wanted, Why::NotFromHere);
        }
        let note = text.clone().unwrap_or_else(|| "居民补充了照片".to_owned());
        let done = self
            .stay(What::Supplemented { text, media: media.clone() })
            .with(|after| after.report.media.extend(media));
        Ok(match self.worker() {
            Some(worker) => done.tell(Notice::with(worker, NoticeKind::Word, note)),
            None => done,
        })
    }

    /// The number itself is not copied into the history, so that it can be erased later.
    pub(super) fn leave_contact(&self, phone: String) -> Result<Transition, Refused> {
        let wanted = "get a telephone number";
        self.resident(wanted)?;
        if self.ticket.is_ended() {
            return self.refuse(wanted, Why::NotFromHere);
        }
        let what = What::Corrected { slot: "contact".to_owned(), value: String::new() };
        Ok(self.stay(what).with(|after| after.report.contact = Some(phone)))
    }

    pub(super) fn confirm(&self, fully: bool) -> Result<Transition, Refused> {
        let wanted = "be signed off";
        self.resident(wanted)?;
        match &self.ticket.status {
            Status::AwaitingSignoff { .. } => {
                let outcome =
                    self.ticket.finding.as_ref().map_or(Outcome::Solved, |found| found.outcome);
                Ok(self
                    .close(ClosedKind::Signed, outcome, What::SignedOff { fully })
                    .tell(Notice::plain(Audience::Handler, NoticeKind::Thanks)))
            }
            Status::Closed { kind: ClosedKind::Signed } => self.refuse(wanted, Why::AlreadySo),
            _ => self.refuse(wanted, Why::NotFromHere),
        }
    }

    /// 没解决: the reason is asked for next; nothing moves before it, or a day, has come.
    pub(super) fn object(&self) -> Result<Transition, Refused> {
        let wanted = "be objected to";
        self.resident(wanted)?;
        match &self.ticket.status {
            Status::AwaitingSignoff {
                asked_at,
                remind_at,
                lapse_at,
                reminded,
                objected_at,
                ..
            } => {
                let status = Status::AwaitingSignoff {
                    asked_at: *asked_at,
                    remind_at: *remind_at,
                    lapse_at: *lapse_at,
                    // Who objects knows.
                    untold: false,
                    reminded: *reminded,
                    objected_at: objected_at.or(Some(self.now)),
                };
                Ok(self.to(status, What::Objected))
            }
            _ => self.refuse(wanted, Why::NotFromHere),
        }
    }

    /// With the resident's reason, or by time without one.
    pub(super) fn rework(&self, reason: Option<String>) -> Result<Transition, Refused> {
        let wanted = "be done again";
        if !matches!(self.by, Actor::System) {
            self.resident(wanted)?;
        }
        match &self.ticket.status {
            Status::AwaitingSignoff { .. } => {
                let note = reason.clone().unwrap_or_else(|| "居民未说明原因".to_owned());
                Ok(self
                    .to(self.back_to_handler(), What::Reworked { reason })
                    .redo(self)
                    .with(|after| after.round += 1)
                    .tell(Notice::with(Audience::Handler, NoticeKind::Rework, note)))
            }
            _ => self.refuse(wanted, Why::NotFromHere),
        }
    }

    pub(super) fn rate(&self, rating: Rating) -> Result<Transition, Refused> {
        let wanted = "be rated";
        self.resident(wanted)?;
        match &self.ticket.status {
            Status::Closed { .. } | Status::Merged { closed_at: Some(_), .. }
                if self.is_recent() =>
            {
                let first = self.ticket.rating.is_none();
                Ok(self
                    .stay(What::Rated { rating, first })
                    .with(|after| after.rating = Some(rating)))
            }
            Status::Closed { .. } | Status::Merged { closed_at: Some(_), .. } => {
                self.refuse(wanted, Why::TooLate)
            }
            _ => self.refuse(wanted, Why::NotFromHere),
        }
    }

    pub(super) fn withdraw(&self, reason: Option<String>) -> Result<Transition, Refused> {
        let wanted = "be withdrawn";
        self.resident(wanted)?;
        if matches!(self.ticket.status, Status::Withdrawn) {
            return self.refuse(wanted, Why::AlreadySo);
        }
        if !self.before_result() {
            return self.refuse(wanted, Why::TooLate);
        }
        let done = self.to(Status::Withdrawn, What::Withdrawn { reason });
        Ok(match self.worker() {
            Some(worker) => done.tell(Notice::plain(worker, NoticeKind::Gone)),
            None => done,
        })
    }

    /// Within 30 days, to the same people; the third time to the desk.
    pub(super) fn reopen(&self, reason: String) -> Result<Transition, Refused> {
        let wanted = "be reopened";
        self.resident(wanted)?;
        if !matches!(self.ticket.status, Status::Closed { .. }) {
            return self.refuse(wanted, Why::NotFromHere);
        }
        if !self.is_recent() {
            return self.refuse(wanted, Why::TooLate);
        }
        let what = What::Reopened { reason: reason.clone() };
        let to_desk = self.ticket.round >= ROUNDS_WITHOUT_DESK || self.ticket.called.is_empty();
        let status = if to_desk {
            Status::Accepted
        } else {
            Status::Dispatched { since: self.now, binding: false }
        };
        let done = self.to(status, what).redo(self).with(|after| {
            after.round += 1;
            after.handler = None;
            after.closed_at = None;
        });
        Ok(if to_desk {
            done.tell(Notice::with(Audience::Desk, NoticeKind::Returned, reason))
        } else {
            done.tell(Notice::plain(Audience::Called, NoticeKind::Task))
        })
    }

    pub(super) fn urge(&self) -> Result<Transition, Refused> {
        let wanted = "be urged";
        self.resident(wanted)?;
        if self.ticket.is_ended() || matches!(self.ticket.status, Status::AwaitingSignoff { .. }) {
            return self.refuse(wanted, Why::NotFromHere);
        }
        let told = self.worker().unwrap_or(Audience::Desk);
        Ok(self
            .stay(What::Urged)
            .with(|after| after.urged += 1)
            .tell(Notice::plain(told, NoticeKind::Urged)))
    }

    /// Against a rejection, once; triage starts again.
    pub(super) fn appeal(&self, text: String) -> Result<Transition, Refused> {
        let wanted = "be looked at again";
        self.resident(wanted)?;
        match &self.ticket.status {
            Status::Rejected { appealed: false, .. } => Ok(self
                .to(Status::Submitted { rejection: None }, What::Appealed { text: text.clone() })
                .redo(self)
                .with(|after| after.round += 1)
                .tell(Notice::with(Audience::Desk, NoticeKind::NewTicket, text))),
            Status::Rejected { .. } => self.refuse(wanted, Why::TooLate),
            _ => self.refuse(wanted, Why::NotFromHere),
        }
    }

    fn is_recent(&self) -> bool {
        let since = match &self.ticket.status {
            Status::Merged { closed_at: Some(at), .. } => *at,
            _ => self.ticket.closed_at.unwrap_or(self.ticket.submitted_at),
        };
        self.now <= since + TimeDelta::days(REOPEN_DAYS)
    }
}
