//! The clocks of a transition: set when what they count from happens, moved when a pause ends.
//!
//! No action sets a clock by itself: what follows from the change of status is done here, after
//! every decision and in one place, so that no way into a status is without its clock.

use super::{Case, Refused, Rules, Transition, Why};
use crate::ticket::clock::{self, Because, Deadline, Rung, Sum};
use crate::ticket::course::HelpStatus;
use crate::ticket::event::{Actor, Event, What};
use crate::ticket::notice::{Audience, Notice, NoticeKind};
use crate::ticket::{ClockKind, Status};
use chrono::{DateTime, Utc};

/// More time can be had so often.
pub(super) const EXTENSIONS: u32 = 3;
/// And so much at a time, in working days.
pub(super) const EXTENSION_DAYS: u32 = 3;

impl Transition {
    /// Keeps a deadline, and the sum of it in the history.
    pub(super) fn set(mut self, deadline: Deadline, now: DateTime<Utc>) -> Self {
        let by = self.events.first().map_or(Actor::System, |event| event.by.clone());
        self.events.push(Event { at: now, by, what: What::ClockSet { clock: deadline.clone() } });
        self.after.course.clocks.put(deadline);
        self
    }

    pub(super) fn clock(
        self,
        kind: ClockKind,
        sum: Sum,
        because: Because,
        rules: Rules<'_>,
        now: DateTime<Utc>,
    ) -> Self {
        self.set(Deadline::set(kind, sum, rules, because, now), now)
    }

    /// Nobody is called without hearing of it, by whichever way they were.
    fn told_to_those_called(self) -> Self {
        let task = Notice::plain(Audience::Called, NoticeKind::Task);
        if self.notices.contains(&task) { self } else { self.tell(task) }
    }

    /// Another round has a time of its own; the first date stays for the figures.
    pub(super) fn redo(mut self, case: &Case<'_>) -> Self {
        self.after.course.clocks.ring(ClockKind::Result, Rung::Supervised);
        let sum = Sum::begun(case.now, case.rules.limits.result);
        self.clock(ClockKind::Redo, sum, Because::Begun, case.rules, case.now)
    }
}

impl Case<'_> {
    /// What a change of status does to the clocks, and an end to what runs beside.
    pub(super) fn with_its_clocks(&self, done: Transition) -> Transition {
        let mut done = self.after_a_pause(done);
        let (before, after) = (self.ticket.status.stage(), done.after.status.stage());
        let begun = match &done.after.status {
            Status::Dispatched { since, .. } if *since == self.now => Some(ClockKind::Sign),
            Status::Returned { .. } if before != after => Some(ClockKind::Redispatch),
            Status::ResultSubmitted if before != after => Some(ClockKind::Check),
            Status::Submitted { .. } if done.after.round > self.ticket.round => {
                Some(ClockKind::Accept)
            }
            _ => None,
        };
        if begun == Some(ClockKind::Accept) {
            let urgent = done.after.report.urgent;
            done = done.set(clock::to_accept(urgent, self.rules, self.now), self.now);
        } else if let Some(kind) = begun {
            let sum = Sum::begun(self.now, clock::fixed_minutes(kind, self.rules));
            done = done.clock(kind, sum, Because::Begun, self.rules, self.now);
        }
        if begun == Some(ClockKind::Sign) {
            done = done.told_to_those_called();
        }
        // A ticket from before there were clocks gets its own when it first moves.
        let is_worked_on = !done.after.is_ended() && clock::result_clock(&done.after).is_none();
        if is_worked_on {
            let sum = Sum::begun(self.ticket.submitted_at, self.rules.limits.result);
            done = done.clock(ClockKind::Result, sum, Because::Begun, self.rules, self.now);
        }
        if done.after.is_ended() && !self.ticket.is_ended() { self.ended(done) } else { done }
    }

    /// Time during which the resident was asked, or a long matter was put off, is given back.
    fn after_a_pause(&self, mut done: Transition) -> Transition {
        let since = match &self.ticket.status {
            Status::NeedInfo { asked_at, .. } => *asked_at,
            Status::Suspended { since: Some(since), .. } => *since,
            _ => return done,
        };
        if done.after.status.stage() == self.ticket.status.stage() || done.after.is_ended() {
            return done;
        }
        let stood = self.rules.calendar.between(since, self.now);
        for kind in clock::paused_by(&self.ticket.status) {
            let Some(known) = self.ticket.course.clocks.get(*kind) else { continue };
            if *kind == ClockKind::Accept && self.ticket.report.urgent {
                let later = known.later_by(self.now - since, self.now);
                done = done.set(later, self.now);
                continue;
            }
            if known.due_at <= since || stood == 0 {
                continue;
            }
            let sum = Sum { paused: known.paused.saturating_add(stood), ..Sum::of(known) };
            done = done.clock(*kind, sum, Because::PauseEnded, self.rules, self.now);
        }
        done
    }

    /// Helpers hear that their part is not needed any more, and why.
    fn ended(&self, mut done: Transition) -> Transition {
        let because = match &done.after.status {
            Status::Withdrawn => "居民已经撤回",
            Status::Merged { .. } => "已并入另一件一起办理",
            _ => "这件事已经办结",
        };
        let open: Vec<u32> =
            self.ticket.course.helps.iter().filter(|help| help.is_open()).map(|h| h.no).collect();
        for no in open {
            done = done
                .help_to(no, HelpStatus::Cancelled { because: because.to_owned() })
                .then(self, What::HelpCancelled { no, because: because.to_owned() })
                .tell(Notice::with(Audience::Helper(no), NoticeKind::HelpGone, because));
        }
        done.after.course.extension = None;
        done
    }

    /// 延期: before the time is over, three times at most.
    pub(super) fn ask_extension(
        &self,
        minutes: u32,
        reason: String,
    ) -> Result<Transition, Refused> {
        let wanted = "get more time";
        if !self.by.person().is_some_and(|person| self.is_handler(person)) {
            return self.refuse(wanted, Why::NotYours);
        }
        if reason.trim().is_empty() {
            return self.refuse(wanted, Why::NeedsWords);
        }
        self.may_be_extended(wanted, self.now)?;
        let by = self.by.person().cloned();
        let minutes = minutes.min(self.longest_extension());
        let what = What::ExtensionAsked { minutes, reason: reason.clone() };
        let wish = by.map(|by| crate::ticket::course::ExtensionWish {
            by,
            at: self.now,
            minutes,
            reason: reason.clone(),
        });
        Ok(self.stay(what).with(|after| after.course.extension = wish).tell(Notice::with(
            Audience::Desk,
            NoticeKind::ExtensionAsked,
            reason,
        )))
    }

    fn longest_extension(&self) -> u32 {
        self.rules.calendar.day_minutes().saturating_mul(EXTENSION_DAYS)
    }

    fn may_be_extended(
        &self,
        wanted: &'static str,
        asked_at: DateTime<Utc>,
    ) -> Result<Deadline, Refused> {
        if !matches!(self.ticket.status, Status::InProgress { .. } | Status::Dispatched { .. }) {
            return self.refuse(wanted, Why::NotFromHere);
        }
        if self.ticket.course.extensions >= EXTENSIONS {
            return self.refuse(wanted, Why::OftenEnough);
        }
        match clock::result_clock(self.ticket) {
            Some(known) if asked_at <= known.due_at => Ok(known.clone()),
            _ => self.refuse(wanted, Why::TooLate),
        }
    }

    /// By the desk, on a wish or of its own accord; never by who wished for it.
    pub(super) fn grant_extension(&self, minutes: Option<u32>) -> Result<Transition, Refused> {
        let wanted = "get more time";
        let operator = self.operator(wanted)?;
        let wish = self.ticket.course.extension.as_ref();
        if self.is_handler(operator) || wish.is_some_and(|wish| wish.by.id == operator.id) {
            return self.refuse(wanted, Why::NeedsSecondPerson);
        }
        let known = self.may_be_extended(wanted, wish.map_or(self.now, |wish| wish.at))?;
        let wished = wish.map(|wish| wish.minutes);
        let longest = self.longest_extension();
        let minutes = minutes.or(wished).unwrap_or(longest).min(longest);
        let sum = Sum { extended: known.extended.saturating_add(minutes), ..Sum::of(&known) };
        Ok(self
            .stay(What::ExtensionGranted { minutes })
            .with(|after| {
                after.course.extension = None;
                after.course.extensions += 1;
            })
            .clock(known.kind, sum, Because::Extended, self.rules, self.now)
            .tell_worker(
                self,
                NoticeKind::ExtensionGranted,
                self.rules.calendar.span_words(minutes),
            ))
    }

    pub(super) fn refuse_extension(&self, reason: String) -> Result<Transition, Refused> {
        let wanted = "be refused more time";
        self.operator(wanted)?;
        if self.ticket.course.extension.is_none() {
            return self.refuse(wanted, Why::NotFromHere);
        }
        Ok(self
            .stay(What::ExtensionRefused { reason: reason.clone() })
            .with(|after| after.course.extension = None)
            .tell_worker(self, NoticeKind::ExtensionRefused, reason))
    }

    /// Another category has other times, counted from the submission as ever; nobody's time
    /// becomes shorter by it.
    pub(super) fn recategorise(&self, category: String) -> Result<Transition, Refused> {
        let wanted = "be about something else";
        self.operator(wanted)?;
        if category == self.ticket.report.category {
            return self.refuse(wanted, Why::AlreadySo);
        }
        if self.ticket.is_ended() {
            return self.refuse(wanted, Why::NotFromHere);
        }
        let from = self.ticket.report.category.clone();
        let mut done =
            self.stay(What::Recategorised { from, to: category.clone() }).with(|after| {
                after.report.category = category;
                // What was confidential once stays so.
                after.report.confidential |= self.rules.confidential;
            });
        for (kind, minutes) in [
            (ClockKind::Accept, self.rules.limits.accept),
            (ClockKind::Result, self.rules.limits.result),
            (ClockKind::Redo, self.rules.limits.result),
        ] {
            let Some(known) = self.ticket.course.clocks.get(kind) else { continue };
            let is_waiting = matches!(self.ticket.status, Status::Submitted { .. });
            // Somebody in danger is answered in the same time, whatever it is about.
            if kind == ClockKind::Accept && (!is_waiting || self.ticket.report.urgent) {
                continue;
            }
            // The longer of both, so that what is granted or given back later counts in full.
            let minutes = minutes.max(known.minutes);
            let sum = Sum { minutes, not_before: Some(known.due_at), ..Sum::of(known) };
            done = done.clock(kind, sum, Because::CategoryChanged, self.rules, self.now);
        }
        Ok(done)
    }

    /// A year's holidays became known: what was guessed is computed again by the same sum.
    pub(super) fn recompute_clocks(&self) -> Result<Transition, Refused> {
        let wanted = "have its dates computed again";
        self.time_alone(wanted)?;
        let version = self.rules.calendar.version();
        let guessed: Vec<Deadline> = self
            .ticket
            .course
            .clocks
            .iter()
            .filter(|known| known.provisional && known.calendar != version)
            .cloned()
            .collect();
        let mut done = Transition {
            before: Some(self.ticket.version),
            after: self.ticket.clone(),
            events: Vec::new(),
            notices: Vec::new(),
        };
        done.after.version += 1;
        for known in guessed {
            let sum = Sum::of(&known);
            done = done.clock(known.kind, sum, Because::CalendarChanged, self.rules, self.now);
        }
        if done.events.is_empty() { self.refuse(wanted, Why::AlreadySo) } else { Ok(done) }
    }

    /// A deadline comes near or is over: whoever has to act is told once, and who leads them.
    pub(super) fn ring(
        &self,
        kind: ClockKind,
        help: Option<u32>,
        rung: Rung,
    ) -> Result<Transition, Refused> {
        let wanted = "be reminded of";
        self.time_alone(wanted)?;
        if self.ticket.is_ended() {
            return self.refuse(wanted, Why::NotFromHere);
        }
        let what = What::ClockRang { clock: kind, help, rung };
        let done = self.stay(what).with(|after| match help {
            Some(no) => {
                let part = after.course.helps.iter_mut().find(|part| part.no == no);
                if let Some(deadline) = part.and_then(|part| part.deadline.as_mut()) {
                    deadline.rung = rung;
                }
            }
            None => after.course.clocks.ring(kind, rung),
        });
        let notice = match rung {
            Rung::Silent | Rung::Warned => NoticeKind::DueSoon,
            Rung::Late | Rung::Escalated | Rung::Supervised => NoticeKind::Overdue,
        };
        let told = self.who_hears(kind, help, rung);
        let done = told
            .into_iter()
            .fold(done, |done, to| done.tell(Notice::with(to, notice, kind.code())));
        Ok(if rung == Rung::Supervised { self.supervised_by_time(done) } else { done })
    }

    fn who_hears(&self, kind: ClockKind, help: Option<u32>, rung: Rung) -> Vec<Audience> {
        let worker = self.worker().unwrap_or(Audience::Desk);
        match (kind, rung) {
            (ClockKind::Help, Rung::Warned) => help.map(Audience::Helper).into_iter().collect(),
            (ClockKind::Help, _) => {
                help.map(Audience::Helper).into_iter().chain([worker]).collect()
            }
            (ClockKind::Accept | ClockKind::Redispatch, Rung::Warned) => vec![Audience::Desk],
            (ClockKind::Accept | ClockKind::Redispatch, _) => {
                vec![Audience::Desk, Audience::Supervisors]
            }
            (ClockKind::Check, _) => vec![Audience::Leader, Audience::Desk],
            (_, Rung::Warned) => vec![worker],
            (_, Rung::Late) => vec![worker, Audience::Leader],
            (_, Rung::Supervised) => vec![Audience::Supervisors],
            (_, _) => vec![worker, Audience::Leader, Audience::Supervisors],
        }
    }
}
