//! What changes who answers for a ticket: escalation, assigning, and supervision.
//!
//! None of it begins the time of the result anew, and none of it changes who was asked first.

use super::desk::names;
use super::{Case, Refused, Transition, Why};
use crate::ticket::clock::{self, Because, Rung, Sum};
use crate::ticket::course::{Answer, Supervision};
use crate::ticket::event::{Actor, What};
use crate::ticket::notice::{Audience, Notice, NoticeKind};
use crate::ticket::{Call, ClockKind, Person, Status, Ticket};

/// What time writes when nobody did.
const SUPERVISED_BY_TIME: &str = "超过办理时限三个工作日，请书面说明原因和办结日期";

impl Ticket {
    /// Somebody else is called; what was before is in the history.
    pub(super) fn called_by(&mut self, call: Call) {
        self.called = call.to;
        self.unit = call.unit;
        self.handler = None;
        self.course.holder.leader = call.leader;
        self.course.holder.area = call.area;
        self.course.holder.tier = call.tier;
    }
}

impl Case<'_> {
    pub(super) fn is_leader(&self, person: &Person) -> bool {
        self.ticket.course.holder.leader.as_ref().is_some_and(|leader| leader.id == person.id)
    }

    /// One level up. The lower ones go on helping, and the date stays.
    pub(super) fn escalate(&self, call: Call) -> Result<Transition, Refused> {
        let wanted = "go one level up";
        let is_own = self.by.person().is_some_and(|person| self.is_handler(person));
        if !is_own && !self.is_by_system() {
            self.operator(wanted)?;
        }
        if !matches!(
            self.ticket.status,
            Status::Accepted
                | Status::Dispatched { .. }
                | Status::Returned { .. }
                | Status::InProgress { .. }
        ) {
            return self.refuse(wanted, Why::NotFromHere);
        }
        if call.to.is_empty() {
            return self.refuse(wanted, Why::NeedsSomebody);
        }
        let names = names(&call.to);
        let what = What::Escalated {
            to: call.to.clone(),
            unit: call.unit.clone(),
            tier: call.tier,
            reason: call.reason.clone(),
        };
        let done = self.to(Status::Dispatched { since: self.now, binding: true }, what);
        let done = self.kept_as_helpers(done, &call).with(|after| {
            after.called_by(call);
            after.course.escalations += 1;
        });
        Ok(done
            .with(|after| {
                let late = clock::result_clock(after).map(|known| (known.kind, known.rung));
                if let Some((kind, Rung::Late)) = late {
                    after.course.clocks.ring(kind, Rung::Escalated);
                }
            })
            .tell(Notice::with(Audience::Reporter, NoticeKind::Dispatched, names))
            .tell(Notice::plain(Audience::Called, NoticeKind::Task)))
    }

    /// The leader took it for the team and gives it to one of them.
    pub(super) fn assign(&self, to: Person) -> Result<Transition, Refused> {
        let wanted = "be given to somebody of the team";
        match self.by {
            Actor::Operator(_) => {}
            Actor::Member(person) if self.is_leader(person) => {}
            _ => return self.refuse(wanted, Why::NotYours),
        }
        if !matches!(self.ticket.status, Status::InProgress { .. }) {
            return self.refuse(wanted, Why::NotFromHere);
        }
        if self.is_handler(&to) {
            return self.refuse(wanted, Why::AlreadySo);
        }
        let name = to.name.clone();
        let id = to.id;
        Ok(self
            .stay(What::Assigned { to: to.clone() })
            .with(|after| {
                if !after.called.iter().any(|called| called.id == id) {
                    after.called.push(to.clone());
                }
                after.handler = Some(to);
            })
            .tell(Notice::with(Audience::Reporter, NoticeKind::Taken, name))
            .tell(Notice::plain(Audience::Handler, NoticeKind::Task)))
    }

    /// 督办: whoever has it owes an answer in writing.
    pub(super) fn supervise(&self, text: String) -> Result<Transition, Refused> {
        let wanted = "be supervised";
        let by = self.operator(wanted)?.clone();
        if self.is_handler(&by) {
            return self.refuse(wanted, Why::NeedsSecondPerson);
        }
        if self.ticket.is_ended() || self.worker().is_none() {
            return self.refuse(wanted, Why::NotFromHere);
        }
        let text = if text.trim().is_empty() { SUPERVISED_BY_TIME.to_owned() } else { text };
        let done = self.stay(What::Supervised { text: text.clone() });
        Ok(self.owing_an_answer(done, Some(by), text))
    }

    /// Three working days late: time supervises.
    pub(super) fn supervised_by_time(&self, done: Transition) -> Transition {
        if self.worker().is_none() {
            return done;
        }
        let text = SUPERVISED_BY_TIME.to_owned();
        let done = done.then(self, What::Supervised { text: text.clone() });
        self.owing_an_answer(done, None, text)
    }

    fn owing_an_answer(&self, done: Transition, by: Option<Person>, text: String) -> Transition {
        let asked = Supervision { by, text: text.clone(), at: self.now, answer: None };
        let minutes = clock::fixed_minutes(ClockKind::Reply, self.rules);
        let sum = Sum::begun(self.now, minutes);
        done.with(|after| {
            after.course.supervision = Some(asked);
            after.course.supervised += 1;
        })
        .clock(ClockKind::Reply, sum, Because::Begun, self.rules, self.now)
        .tell_worker(self, NoticeKind::Supervised, text.clone())
        .tell(Notice::with(Audience::Leader, NoticeKind::Supervised, text))
    }

    pub(super) fn answer_supervision(&self, text: String) -> Result<Transition, Refused> {
        let wanted = "be answered for";
        let Some(by) = self.by.person().filter(|person| {
            self.is_handler(person) || self.is_called(person) || self.is_leader(person)
        }) else {
            return self.refuse(wanted, Why::NotYours);
        };
        let asked = self.ticket.course.supervision.as_ref();
        if asked.is_none_or(|asked| asked.answer.is_some()) {
            return self.refuse(wanted, Why::NotFromHere);
        }
        if text.trim().is_empty() {
            return self.refuse(wanted, Why::NeedsWords);
        }
        let answer = Answer { by: by.clone(), text: text.clone(), at: self.now };
        let note = format!("{}：{text}", by.name);
        Ok(self
            .stay(What::SupervisionAnswered { text })
            .with(|after| {
                if let Some(asked) = &mut after.course.supervision {
                    asked.answer = Some(answer);
                }
            })
            .tell(Notice::with(Audience::Desk, NoticeKind::SupervisionAnswered, note)))
    }
}

impl Transition {
    /// A word to whoever works on it, if anybody does.
    pub(super) fn tell_worker(
        self,
        case: &Case<'_>,
        kind: NoticeKind,
        note: impl Into<String>,
    ) -> Self {
        match case.worker() {
            Some(worker) => self.tell(Notice::with(worker, kind, note)),
            None => self,
        }
    }
}
