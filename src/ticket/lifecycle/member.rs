//! What a called member may do: take it, return it, report it done.

use super::{Case, Refused, Transition, Why};
use crate::ticket::event::{Actor, What};
use crate::ticket::notice::{Audience, Notice, NoticeKind};
use crate::ticket::{Finding, Media, MediaKind, Outcome, Person, Status, day};

impl Case<'_> {
    pub(super) fn is_handler(&self, person: &Person) -> bool {
        self.ticket.handler.as_ref().is_some_and(|handler| handler.id == person.id)
    }

    pub(super) fn is_called(&self, person: &Person) -> bool {
        self.ticket.called.iter().any(|called| called.id == person.id)
    }

    fn member(&self, wanted: &'static str) -> Result<&Person, Refused> {
        match self.by.person() {
            Some(person) if self.is_called(person) || self.is_handler(person) => Ok(person),
            _ => self.refuse(wanted, Why::NotYours),
        }
    }

    /// Several may be called; the first to take it is the one, the others hear who it was.
    pub(super) fn take(&self) -> Result<Transition, Refused> {
        let wanted = "be taken";
        if let Some(handler) = &self.ticket.handler
            && !self.by.person().is_some_and(|person| self.is_handler(person))
        {
            return self.refuse(wanted, Why::AlreadyTaken { by: handler.clone() });
        }
        let person = self.member(wanted)?.clone();
        match &self.ticket.status {
            Status::Dispatched { since, .. } => {
                let name = person.name.clone();
                Ok(self
                    .to(
                        Status::InProgress { called_at: *since },
                        What::Taken { automatically: false },
                    )
                    .with(|after| after.handler = Some(person))
                    .tell(Notice::with(Audience::Reporter, NoticeKind::Taken, name.clone()))
                    .tell(Notice::with(Audience::OthersCalled, NoticeKind::TakenByOther, name)))
            }
            Status::InProgress { .. } => self.refuse(wanted, Why::AlreadySo),
            _ => self.refuse(wanted, Why::NotFromHere),
        }
    }

    /// A call can be declined for one working day, once a person, and not when it is binding.
    pub(super) fn decline(&self, reason: String) -> Result<Transition, Refused> {
        let wanted = "be returned";
        let person = self.member(wanted)?.clone();
        let (since, binding) = match &self.ticket.status {
            Status::Dispatched { since, binding } => (*since, *binding),
            Status::InProgress { called_at } if self.is_handler(&person) => (*called_at, false),
            _ => return self.refuse(wanted, Why::NotFromHere),
        };
        let had_one = self.ticket.returned_by.contains(&person.id);
        if binding || had_one || self.now > day::after_working_days(since, 1) {
            return self.refuse(wanted, Why::TooLate);
        }
        if reason.trim().is_empty() {
            return self.refuse(wanted, Why::NeedsWords);
        }
        let others: Vec<Person> =
            self.ticket.called.iter().filter(|called| called.id != person.id).cloned().collect();
        let what = What::Declined { reason: reason.clone() };
        if others.is_empty() || self.is_handler(&person) {
            // The last one called stays on the list: an overruled return goes back to them.
            let note = format!("{}：{reason}", person.name);
            return Ok(self
                .to(Status::Returned { reason }, what)
                .with(|after| {
                    after.handler = None;
                    after.returned_by.push(person.id);
                    after.called = vec![person];
                })
                .tell(Notice::with(Audience::Desk, NoticeKind::Returned, note)));
        }
        Ok(self.stay(what).with(|after| {
            after.called = others;
            after.returned_by.push(person.id);
        }))
    }

    pub(super) fn finish(
        &self,
        text: String,
        outcome: Outcome,
        media: Vec<Media>,
    ) -> Result<Transition, Refused> {
        let wanted = "be finished";
        let Some(person) = self.by.person().filter(|person| self.is_handler(person)) else {
            return self.refuse(wanted, Why::NotYours);
        };
        if !matches!(self.ticket.status, Status::InProgress { .. }) {
            return self.refuse(wanted, Why::NotFromHere);
        }
        if text.trim().is_empty() {
            return self.refuse(wanted, Why::NeedsWords);
        }
        if self.rules.needs_photo && !media.iter().any(|m| m.kind == MediaKind::Photo) {
            return self.refuse(wanted, Why::NeedsPhoto);
        }
        let finding = Finding {
            text: text.clone(),
            outcome,
            media: media.clone(),
            by: person.clone(),
            at: self.now,
        };
        let what = What::ResultSubmitted { text: text.clone(), outcome, media };
        if self.rules.needs_check {
            return Ok(self
                .to(Status::ResultSubmitted, what)
                .with(|after| after.finding = Some(finding))
                .tell(Notice::with(Audience::Desk, NoticeKind::CheckWanted, text)));
        }
        Ok(self
            .to(self.awaiting_signoff(), what)
            .then(self, What::SignoffAsked)
            .with(|after| after.finding = Some(finding))
            .tell(Notice::with(Audience::Reporter, NoticeKind::Result, text)))
    }

    /// People say that it is done first and send the photo afterwards; until the resident has
    /// signed it off, the photo still belongs to the result.
    pub(super) fn add_evidence(&self, media: Vec<Media>) -> Result<Transition, Refused> {
        let wanted = "get a photo of its result";
        if !self.by.person().is_some_and(|person| self.is_handler(person)) {
            return self.refuse(wanted, Why::NotYours);
        }
        match (&self.ticket.status, &self.ticket.finding) {
            (Status::ResultSubmitted | Status::AwaitingSignoff { .. }, Some(_)) => {
                Ok(self.stay(What::EvidenceAdded { media: media.clone() }).with(|after| {
                    if let Some(finding) = &mut after.finding {
                        finding.media.extend(media);
                    }
                }))
            }
            _ => self.refuse(wanted, Why::NotFromHere),
        }
    }

    /// Who works on it, and whether it was given to anybody yet.
    pub(super) fn worker(&self) -> Option<Audience> {
        if self.ticket.handler.is_some() {
            Some(Audience::Handler)
        } else if matches!(self.ticket.status, Status::Dispatched { .. }) {
            Some(Audience::Called)
        } else {
            None
        }
    }

    /// Only the reporter may do this.
    pub(super) fn resident(&self, wanted: &'static str) -> Result<(), Refused> {
        match self.by {
            Actor::Resident => Ok(()),
            _ => self.refuse(wanted, Why::NotYours),
        }
    }
}
