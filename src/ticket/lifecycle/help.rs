//! 协办: parts of others beside the lead's work. A part has its own people, its own date and its
//! own end; the lead's result waits for the required ones. Only the lead speaks to the resident.
//!
//! Taking, returning and finishing a part are the same words as for a ticket: who says them, and
//! whether they lead, decides which is meant.

use super::desk::names;
use super::{Case, Refused, Transition, Why};
use crate::ticket::clock::{self, Because, Deadline, Sum};
use crate::ticket::event::{Actor, What};
use crate::ticket::notice::{Audience, Notice, NoticeKind};
use crate::ticket::{Call, ClockKind, Help, HelpStatus, Media, Person, Status};

impl Transition {
    /// A part of somebody else's is somewhere else now.
    pub(super) fn help_to(self, no: u32, status: HelpStatus) -> Self {
        self.with(|after| {
            if let Some(help) = after.course.helps.iter_mut().find(|help| help.no == no) {
                help.status = status;
            }
        })
    }
}

impl Case<'_> {
    /// The open part that this person is called to, or has.
    pub(super) fn help_of(&self, person: &Person) -> Option<&Help> {
        self.ticket.course.helps.iter().find(|help| help.is_of(person.id))
    }

    /// Who was faster at the part that this person was called to as well.
    pub(super) fn part_taken_by_another(&self, person: &Person) -> Option<&Person> {
        self.ticket.course.helps.iter().find_map(|help| match &help.status {
            HelpStatus::Taken { by }
                if by.id != person.id && help.called.iter().any(|one| one.id == person.id) =>
            {
                Some(by)
            }
            _ => None,
        })
    }

    /// The lead's result waits for these.
    pub(super) fn helpers_awaited(&self) -> Option<String> {
        let open = self.ticket.course.helps.iter().filter(|help| help.required && help.is_open());
        let names: Vec<String> = open.map(|help| names(help.people())).collect();
        (!names.is_empty()).then(|| names.join("、"))
    }

    pub(super) fn call_help(
        &self,
        call: Call,
        what: String,
        required: bool,
        minutes: Option<u32>,
    ) -> Result<Transition, Refused> {
        let wanted = "get helpers";
        let is_lead = self.by.person().is_some_and(|person| self.is_handler(person));
        if !is_lead {
            self.operator(wanted)?;
        }
        let is_free = |person: &Person| !self.is_handler(person) && self.help_of(person).is_none();
        let to: Vec<Person> = call.to.into_iter().filter(is_free).collect();
        if to.is_empty() {
            return self.refuse(wanted, Why::NeedsSomebody);
        }
        if !matches!(self.ticket.status, Status::Dispatched { .. } | Status::InProgress { .. }) {
            return self.refuse(wanted, Why::NotFromHere);
        }
        let help = self.part(to, call.unit, what, required, minutes);
        Ok(self.with_part(help))
    }

    fn part(
        &self,
        called: Vec<Person>,
        unit: Option<String>,
        what: String,
        required: bool,
        minutes: Option<u32>,
    ) -> Help {
        let no = self.ticket.course.helps.iter().map(|help| help.no).max().unwrap_or(0) + 1;
        let minutes = minutes.unwrap_or(self.rules.limits.result);
        let sum = Sum::begun(self.now, minutes);
        let mut deadline =
            Deadline::set(ClockKind::Help, sum, self.rules, Because::Begun, self.now);
        // Never after the lead's own date, unless that is over already.
        if let Some(lead) = clock::result_clock(self.ticket)
            && lead.due_at > self.now
            && deadline.due_at > lead.due_at
        {
            deadline = Deadline {
                due_at: lead.due_at,
                original_due_at: lead.due_at,
                warn_at: deadline.warn_at.min(lead.warn_at),
                ..deadline
            };
        }
        let status = HelpStatus::Called;
        let deadline = Some(deadline);
        Help { no, unit, called, what, required, was_lead: false, status, deadline }
    }

    fn with_part(&self, help: Help) -> Transition {
        let Help { no, unit, called, what: part, required, .. } = help.clone();
        let words = part.clone();
        self.stay(What::HelpCalled { no, to: called, unit, part, required })
            .with(|after| after.course.helps.push(help))
            .tell(Notice::with(Audience::Helper(no), NoticeKind::HelpTask, words))
    }

    /// 一起去: who was called too, and came second, goes along.
    pub(super) fn join(&self) -> Result<Transition, Refused> {
        let wanted = "be joined";
        let Some(person) = self.by.person().filter(|person| self.is_called(person)) else {
            return self.refuse(wanted, Why::NotYours);
        };
        if !matches!(self.ticket.status, Status::InProgress { .. }) {
            return self.refuse(wanted, Why::NotFromHere);
        }
        if self.is_handler(person) || self.help_of(person).is_some() {
            return self.refuse(wanted, Why::AlreadySo);
        }
        let mut help = self.part(vec![person.clone()], None, "一起去".to_owned(), false, None);
        help.status = HelpStatus::Taken { by: person.clone() };
        let (no, note) = (help.no, format!("{}和您一起去", person.name));
        let mut done = self.with_part(help).then(self, What::HelpTaken { no }).tell(Notice::with(
            Audience::Handler,
            NoticeKind::HelpDone,
            note,
        ));
        done.notices.retain(|notice| notice.kind != NoticeKind::HelpTask);
        Ok(done)
    }

    pub(super) fn take_help(&self, help: &Help, person: Person) -> Result<Transition, Refused> {
        let wanted = "be taken";
        match &help.status {
            HelpStatus::Taken { by } if by.id == person.id => self.refuse(wanted, Why::AlreadySo),
            HelpStatus::Taken { by } => self.refuse(wanted, Why::AlreadyTaken { by: by.clone() }),
            _ => Ok(self
                .stay(What::HelpTaken { no: help.no })
                .help_to(help.no, HelpStatus::Taken { by: person })),
        }
    }

    pub(super) fn return_help(
        &self,
        help: &Help,
        person: Person,
        reason: String,
    ) -> Result<Transition, Refused> {
        let wanted = "be returned";
        if reason.trim().is_empty() {
            return self.refuse(wanted, Why::NeedsWords);
        }
        let note = format!("{}：{reason}", person.name);
        let told = self.worker().unwrap_or(Audience::Desk);
        Ok(self
            .stay(What::HelpReturned { no: help.no, reason: reason.clone() })
            .help_to(help.no, HelpStatus::Returned { by: person, reason })
            .tell(Notice::with(told, NoticeKind::HelpReturned, note.clone()))
            .tell(Notice::with(Audience::Desk, NoticeKind::HelpReturned, note)))
    }

    pub(super) fn finish_help(
        &self,
        help: &Help,
        person: Person,
        text: String,
        media: Vec<Media>,
    ) -> Result<Transition, Refused> {
        let wanted = "be finished";
        if text.trim().is_empty() {
            return self.refuse(wanted, Why::NeedsWords);
        }
        let note = format!("{}：{text}", person.name);
        let told = self.worker().unwrap_or(Audience::Desk);
        let what = What::HelpDone { no: help.no, text: text.clone(), media: media.clone() };
        Ok(self
            .stay(what)
            .help_to(help.no, HelpStatus::Done { by: person, text, media, at: self.now })
            .tell(Notice::with(told, NoticeKind::HelpDone, note)))
    }

    /// The supervisor lets the lead go on without that part.
    pub(super) fn waive_help(&self, no: u32) -> Result<Transition, Refused> {
        let wanted = "go on without a helper";
        let operator = self.operator(wanted)?.clone();
        if self.is_handler(&operator) {
            return self.refuse(wanted, Why::NeedsSecondPerson);
        }
        if !self.ticket.course.helps.iter().any(|help| help.no == no && help.is_open()) {
            return self.refuse(wanted, Why::NotFromHere);
        }
        Ok(self
            .stay(What::HelpWaived { no })
            .help_to(no, HelpStatus::Waived { by: operator })
            .tell(Notice::with(Audience::Helper(no), NoticeKind::HelpGone, "不再需要协办")))
    }

    /// Those who had the ticket go on helping when it goes to somebody else.
    pub(super) fn kept_as_helpers(&self, done: Transition, call: &Call) -> Transition {
        // Who returned it does not have it any more.
        if matches!(self.ticket.status, Status::Returned { .. }) {
            return done;
        }
        let goes_on = |person: &Person| call.to.iter().all(|called| called.id != person.id);
        let (called, status) = match &self.ticket.handler {
            Some(handler) => (vec![handler.clone()], HelpStatus::Taken { by: handler.clone() }),
            None => (self.ticket.called.clone(), HelpStatus::Called),
        };
        let called: Vec<Person> = called.into_iter().filter(goes_on).collect();
        if called.is_empty() {
            return done;
        }
        let unit = self.ticket.unit.clone();
        let mut help = self.part(called, unit, "继续协助办理".to_owned(), false, None);
        help.status = status;
        help.was_lead = true;
        let Help { no, unit, called, what: part, required, .. } = help.clone();
        done.then(self, What::HelpCalled { no, to: called, unit, part, required })
            .with(|after| after.course.helps.push(help))
            .tell(Notice::plain(Audience::Helper(no), NoticeKind::Escalated))
    }

    /// The actor as somebody who may be named in a part.
    pub(super) fn is_by_system(&self) -> bool {
        matches!(self.by, Actor::System)
    }
}
