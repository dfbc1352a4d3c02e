//! What a called member may do: take it, return it, report it done.

use super::{Case, Refused, Transition, Why};
use crate::ticket::event::{Actor, What};
use crate::ticket::notice::{Audience, Notice, NoticeKind};
use crate::ticket::{ClockKind, Finding, HelpStatus, Media, MediaKind, Outcome, Person, Status};
use chrono::{DateTime, Utc};

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
        if let Some(person) = self.by.person()
            && !self.is_handler(person)
            && let Some(help) = self.help_of(person).filter(|help| !help.was_lead)
        {
            return self.take_help(help, person.clone());
        }
        if let Some(person) = self.by.person()
            && !self.is_called(person)
            && let Some(by) = self.part_taken_by_another(person)
        {
            return self.refuse(wanted, Why::AlreadyTaken { by: by.clone() });
        }
        // Whom silence made the handler is the handler until one of the others comes.
        let is_open = matches!(self.ticket.status, Status::InProgress { by_silence: true, .. });
        if let Some(handler) = &self.ticket.handler
            && !is_open
            && !self.by.person().is_some_and(|person| self.is_handler(person))
        {
            return self.refuse(wanted, Why::AlreadyTaken { by: handler.clone() });
        }
        let person = self.member(wanted)?.clone();
        if self.rules.four_order
            && self.ticket.unit.is_some()
            && let Some(leader) = &self.ticket.course.holder.leader
            && leader.id != person.id
        {
            return self.refuse(wanted, Why::LeadersToTake { leader: leader.clone() });
        }
        match &self.ticket.status {
            Status::Dispatched { since: called_at, .. }
            | Status::InProgress { called_at, by_silence: true } => {
                let name = person.name.clone();
                Ok(self
                    .to(
                        Status::InProgress { called_at: *called_at, by_silence: false },
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
        if let Some(person) = self.by.person()
            && !self.is_handler(person)
            && let Some(help) = self.help_of(person)
        {
            return self.return_help(help, person.clone(), reason);
        }
        let person = self.member(wanted)?.clone();
        let (since, binding) = match &self.ticket.status {
            Status::Dispatched { since, binding } => (*since, *binding),
            Status::InProgress { called_at, by_silence } if self.is_handler(&person) => {
                (*called_at, *by_silence)
            }
            _ => return self.refuse(wanted, Why::NotFromHere),
        };
        let had_one = self.ticket.returned_by.contains(&person.id);
        if binding || had_one || self.now > self.to_be_signed_by(since) {
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
                    after.course.returns += 1;
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
        let Some(person) = self.by.person() else { return self.refuse(wanted, Why::NotYours) };
        let help = if self.is_handler(person) { None } else { self.help_of(person) };
        // Whoever had it before it went one level up may still bring the result, until somebody
        // above takes it.
        let is_still_theirs = help.is_some_and(|help| help.was_lead)
            && matches!(self.ticket.status, Status::Dispatched { .. });
        match help {
            Some(help) if !is_still_theirs => {
                return self.finish_help(help, person.clone(), text, media);
            }
            Some(_) => {}
            None if self.is_handler(person) => {}
            None => return self.refuse(wanted, Why::NotYours),
        }
        if !is_still_theirs && !matches!(self.ticket.status, Status::InProgress { .. }) {
            return self.refuse(wanted, Why::NotFromHere);
        }
        if let Some(names) = self.helpers_awaited() {
            return self.refuse(wanted, Why::NeedsHelpers { names });
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
        let what = What::ResultSubmitted { text: text.clone(), outcome, media: media.clone() };
        let done = if self.rules.needs_check {
            let checker = if self.rules.four_order && self.has_other_leader(person) {
                Audience::Leader
            } else {
                Audience::Desk
            };
            self.to(Status::ResultSubmitted, what).tell(Notice::with(
                checker,
                NoticeKind::CheckWanted,
                text.clone(),
            ))
        } else {
            self.to(self.awaiting_signoff(), what)
                .then(self, What::SignoffAsked)
                .tell(Notice::with(Audience::Reporter, NoticeKind::Result, text.clone()))
        };
        let handler = person.clone();
        let done = done.with(|after| {
            after.finding = Some(finding);
            // Who is done needs no more time.
            after.course.extension = None;
            if !after.called.iter().any(|called| called.id == handler.id) {
                after.called.push(handler.clone());
            }
            after.handler = Some(handler.clone());
        });
        Ok(match help {
            Some(help) => {
                let by = person.clone();
                done.help_to(
                    help.no,
                    HelpStatus::Done { by, text: text.clone(), media: vec![], at: self.now },
                )
                .then(self, What::HelpDone { no: help.no, text, media: vec![] })
                .tell(Notice::plain(Audience::OthersCalled, NoticeKind::Gone))
            }
            None => done,
        })
    }

    fn has_other_leader(&self, person: &Person) -> bool {
        self.ticket.course.holder.leader.as_ref().is_some_and(|leader| leader.id != person.id)
    }

    /// Until when a call can be returned: as long as it can be signed for.
    fn to_be_signed_by(&self, since: DateTime<Utc>) -> DateTime<Utc> {
        let clock = self.ticket.course.clocks.get(ClockKind::Sign);
        clock.map_or_else(|| self.rules.calendar.after_days(since, 1).at, |clock| clock.due_at)
    }

    /// People say that it is done first and send the photo afterwards; until the resident has
    /// signed it off, the photo still belongs to the result. So it does to a helper's part, and
    /// to what was found on site.
    pub(super) fn add_evidence(&self, media: Vec<Media>) -> Result<Transition, Refused> {
        let wanted = "get a photo of its result";
        let Some(person) = self.by.person() else { return self.refuse(wanted, Why::NotYours) };
        let what = What::EvidenceAdded { media: media.clone() };
        if self.is_handler(person) {
            return match (&self.ticket.status, &self.ticket.finding) {
                (Status::ResultSubmitted | Status::AwaitingSignoff { .. }, Some(_)) => {
                    Ok(self.stay(what).with(|after| {
                        if let Some(finding) = &mut after.finding {
                            finding.media.extend(media);
                        }
                    }))
                }
                _ => self.refuse(wanted, Why::NotFromHere),
            };
        }
        let course = &self.ticket.course;
        let is_part = course.helps.iter().any(|help| help.was_done_by(person.id));
        let is_answer = course.verification.as_ref().is_some_and(|asked| {
            asked.answer.as_ref().is_some_and(|answer| answer.by.id == person.id)
        });
        if !is_part && !is_answer {
            return self.refuse(wanted, Why::NotYours);
        }
        if self.ticket.is_ended() {
            return self.refuse(wanted, Why::NotFromHere);
        }
        let id = person.id;
        Ok(self.stay(what).with(|after| {
            let course = &mut after.course;
            let part = course.helps.iter_mut().rev().find(|help| help.was_done_by(id));
            let site = course.verification.as_mut().and_then(|asked| asked.answer.as_mut());
            match (part.map(|help| &mut help.status), site) {
                (Some(HelpStatus::Done { media: kept, .. }), _) => kept.extend(media),
                (_, Some(answer)) => answer.media.extend(media),
                _ => {}
            }
        }))
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

    /// Only the reporter may do this, or somebody at the desk who was told so by them.
    pub(super) fn resident(&self, wanted: &'static str) -> Result<(), Refused> {
        match self.by {
            Actor::Resident => Ok(()),
            Actor::Operator(_) if self.for_resident => Ok(()),
            _ => self.refuse(wanted, Why::NotYours),
        }
    }
}
