//! 交接: somebody is away or gone, and whatever they had goes to others, or to the desk; and
//! whoever has a ticket without having taken it hears of it.
//!
//! It promises that nothing stays with who is away, in whatever state the ticket is: no call, no
//! part of somebody else's work, no look on site, no lead of others.

use super::{Case, Refused, Transition, Why};
use crate::ticket::event::What;
use crate::ticket::notice::{Audience, Notice, NoticeKind};
use crate::ticket::{Call, Help, HelpStatus, Person, Stage, Status};

fn without(people: &[Person], from: &Person) -> Vec<Person> {
    people.iter().filter(|one| one.id != from.id).cloned().collect()
}

impl Case<'_> {
    /// Somebody is away or gone. Whatever they had, nothing stays with them.
    pub(super) fn hand_over(&self, from: &Person, call: Call) -> Result<Transition, Refused> {
        let wanted = "be handed over";
        if !self.is_by_system() {
            self.operator(wanted)?;
        }
        if self.ticket.is_ended() {
            return self.refuse(wanted, Why::NotFromHere);
        }
        let (is_handler, is_called) = (self.is_handler(from), self.is_called(from));
        let helps = self.ticket.course.helps.iter().filter(|help| help.is_of(from.id));
        let helps: Vec<&Help> = helps.collect();
        let is_asked = self.is_asked_to_look(from);
        if !is_handler && !is_called && helps.is_empty() && !is_asked && !self.is_leader(from) {
            return self.refuse(wanted, Why::AlreadySo);
        }
        let call = Call { to: without(&call.to, from), ..call };
        let what = What::HandedOver {
            from: from.clone(),
            to: call.to.clone(),
            unit: call.unit.clone(),
            because: call.reason.clone(),
        };
        let mut done = self.stay(what);
        for help in helps {
            done = self.hand_over_help(done, help, from, &call);
        }
        if is_asked {
            done = self.hand_over_look(done, from, &call);
        }
        let others = without(&self.ticket.called, from);
        // Somebody else handles it, or was called too: only the name goes.
        let is_held = self.ticket.handler.is_some() && !is_handler;
        if is_held || (!is_handler && (!others.is_empty() || !is_called)) {
            let done = done.with(|after| after.called = others);
            return Ok(self.hand_over_lead_of_others(done, from, &call));
        }
        Ok(self.lead_handed_over(done, call))
    }

    fn is_asked_to_look(&self, person: &Person) -> bool {
        let asked = self.ticket.course.verification.as_ref().filter(|asked| asked.answer.is_none());
        asked.is_some_and(|asked| asked.asked.iter().any(|one| one.id == person.id))
    }

    fn lead_handed_over(&self, done: Transition, call: Call) -> Transition {
        let nobody = call.to.is_empty();
        let because = call.reason.clone();
        let mut done = done.with(|after| after.called_by(call));
        let is_worked_on = matches!(
            self.ticket.status,
            Status::Dispatched { .. } | Status::InProgress { .. } | Status::Returned { .. }
        );
        if is_worked_on {
            done.after.status = if nobody {
                Status::Accepted
            } else {
                Status::Dispatched { since: self.now, binding: false }
            };
        }
        if nobody {
            return done.tell(Notice::with(Audience::Desk, NoticeKind::HandedOver, because));
        }
        if is_worked_on {
            done.tell(Notice::plain(Audience::Called, NoticeKind::Task))
        } else {
            done
        }
    }

    /// Who leads those who have it checks their result; where nobody leads any more, the desk does.
    fn hand_over_lead_of_others(&self, done: Transition, from: &Person, call: &Call) -> Transition {
        if !self.is_leader(from) {
            return done;
        }
        let is_same_unit = self.ticket.unit.is_some() && self.ticket.unit == call.unit;
        let leader = call.leader.clone().filter(|leader| is_same_unit && leader.id != from.id);
        let checker = if leader.is_some() { Audience::Leader } else { Audience::Desk };
        let done = done.with(|after| after.course.holder.leader = leader);
        match (&self.ticket.status, &self.ticket.finding) {
            (Status::ResultSubmitted, Some(finding)) => {
                let words = finding.text.clone();
                done.tell(Notice::with(checker, NoticeKind::CheckWanted, words))
            }
            _ => done,
        }
    }

    fn hand_over_help(
        &self,
        done: Transition,
        help: &Help,
        from: &Person,
        call: &Call,
    ) -> Transition {
        let no = help.no;
        let others = without(&help.called, from);
        if matches!(help.status, HelpStatus::Called) && !others.is_empty() {
            return done.with(|after| {
                if let Some(help) = after.course.helps.iter_mut().find(|help| help.no == no) {
                    help.called = others;
                }
            });
        }
        let is_free = |one: &Person| !self.is_handler(one) && self.help_of(one).is_none();
        let to = if others.is_empty() { call.to.clone() } else { others };
        let to: Vec<Person> = to.into_iter().filter(is_free).collect();
        if to.is_empty() {
            let because = format!("{}不在岗", from.name);
            let told = self.worker().unwrap_or(Audience::Desk);
            return done
                .help_to(no, HelpStatus::Cancelled { because: because.clone() })
                .then(self, What::HelpCancelled { no, because: because.clone() })
                .tell(Notice::with(told, NoticeKind::HelpReturned, because));
        }
        done.help_to(no, HelpStatus::Called)
            .with(|after| {
                if let Some(help) = after.course.helps.iter_mut().find(|help| help.no == no) {
                    help.called = to;
                }
            })
            .tell(Notice::with(Audience::Helper(no), NoticeKind::HelpTask, help.what.clone()))
    }

    /// A look on site: the others who were asked go, or somebody else is asked, or it is dropped.
    fn hand_over_look(&self, done: Transition, from: &Person, call: &Call) -> Transition {
        let Some(asked) = &self.ticket.course.verification else { return done };
        let others = without(&asked.asked, from);
        if !others.is_empty() {
            return done.with(|after| {
                if let Some(asked) = &mut after.course.verification {
                    asked.asked = others;
                }
            });
        }
        let to = call.to.clone();
        if to.is_empty() {
            let because = format!("请{}去核实，但{}", from.name, call.reason);
            return done.with(|after| after.course.verification = None).tell(Notice::with(
                Audience::Desk,
                NoticeKind::HandedOver,
                because,
            ));
        }
        done.then(self, What::VerificationAsked { of: to.clone() })
            .with(|after| {
                if let Some(asked) = &mut after.course.verification {
                    asked.asked = to;
                }
            })
            .tell(Notice::plain(Audience::Verifiers, NoticeKind::VerifyTask))
    }

    /// Whoever had it may be gone when an answer, a date or a 没解决 brings a ticket back: those
    /// who have it now hear of it, or the desk.
    pub(super) fn heard(&self, done: Transition) -> Transition {
        let told = |audience| done.notices.iter().any(|notice| notice.to == audience);
        let before = self.ticket.status.stage();
        match &done.after.status {
            Status::Dispatched { since, .. } if *since == self.now && !told(Audience::Called) => {
                done.tell(Notice::plain(Audience::Called, NoticeKind::Task))
            }
            Status::Accepted
                if !told(Audience::Desk)
                    && matches!(
                        before,
                        Stage::Suspended | Stage::ResultSubmitted | Stage::AwaitingSignoff
                    ) =>
            {
                let because = "原来的办理人不在岗了";
                done.tell(Notice::with(Audience::Desk, NoticeKind::HandedOver, because))
            }
            _ => done,
        }
    }
}
