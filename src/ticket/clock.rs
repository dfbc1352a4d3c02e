//! Deadlines: until when somebody has to act, by which rule, and how loudly that was said already.
//!
//! A [`Deadline`] is a snapshot with its sum: from when, how many working minutes, how many of
//! pause and extension, by which calendar. It is never changed in place: whatever moves it sets a
//! new one, and the history keeps the old. Clocks run from submission or dispatch, never from
//! signing. Which of them run follows from the ticket's status ([`running`]), so a clock cannot
//! go on unseen, and none has to be stopped.
//!
//! Deliberately absent: working hours and holidays, which are the [`Calendar`]'s.

use super::lifecycle::Rules;
use super::{Resume, Status, Ticket};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// Somebody in danger is answered by the clock on the wall, also at night.
pub const URGENT_ACCEPT: TimeDelta = TimeDelta::minutes(30);
/// A written answer to a supervision is owed within this many working days.
pub const REPLY_DAYS: u32 = 1;
/// A returned ticket goes elsewhere within this part of a working day.
const REDISPATCH_PARTS_OF_A_DAY: u32 = 2;
/// The last part of the time in which the owner is warned.
const WARNED_PART: u32 = 4;
/// A late ticket goes one level up after this many working days.
const ESCALATED_AFTER_DAYS: u32 = 1;
/// And to the supervisor after this many.
const SUPERVISED_AFTER_DAYS: u32 = 3;

/// What has to be done by then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClockKind {
    /// 受理: the desk answers.
    Accept,
    /// 签收: who was called takes it; silence is signing.
    Sign,
    /// 办结: the result.
    Result,
    /// 重办: the result of a further round; the first one's date stays for the figures.
    Redo,
    /// 核查: a result is checked.
    Check,
    /// 重派: a returned ticket goes elsewhere.
    Redispatch,
    /// 督办回复: the written answer to a supervision.
    Reply,
    /// 协办: a helper's part.
    Help,
}

impl ClockKind {
    /// The code in the history.
    pub fn code(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Sign => "sign",
            Self::Result => "result",
            Self::Redo => "redo",
            Self::Check => "check",
            Self::Redispatch => "redispatch",
            Self::Reply => "reply",
            Self::Help => "help",
        }
    }

    /// Whether it is the handler's time for the result.
    pub fn is_result(self) -> bool {
        matches!(self, Self::Result | Self::Redo)
    }
}

/// Why a deadline was set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Because {
    /// What it counts from has happened.
    Begun,
    /// Another category has another time.
    CategoryChanged,
    /// More time was granted.
    Extended,
    /// It stood still meanwhile.
    PauseEnded,
    /// The holidays of a year became known.
    CalendarChanged,
}

/// How loudly a deadline has rung; a new deadline begins in silence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rung {
    /// Not at all.
    #[default]
    Silent,
    /// A quarter of the time was left.
    Warned,
    /// It was over.
    Late,
    /// One working day late: one level up.
    Escalated,
    /// Three working days late: the supervisor.
    Supervised,
}

/// Until when, and the whole sum.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deadline {
    /// What has to be done.
    pub kind: ClockKind,
    /// Until when.
    pub due_at: DateTime<Utc>,
    /// Until when without extensions: what the figures call the original date.
    pub original_due_at: DateTime<Utc>,
    /// When the owner is warned.
    pub warn_at: DateTime<Utc>,
    /// When it goes one level up.
    pub escalate_at: DateTime<Utc>,
    /// When the supervisor asks.
    pub supervise_at: DateTime<Utc>,
    /// From when it counts.
    pub from: DateTime<Utc>,
    /// Working minutes by the rule.
    pub minutes: u32,
    /// Working minutes during which it stood still.
    pub paused: u32,
    /// Working minutes that were granted on top.
    pub extended: u32,
    /// It cannot be before this: a change of category never shortens the time.
    pub not_before: Option<DateTime<Utc>>,
    /// The code of the category whose rule it is.
    pub rule: String,
    /// The calendar by which it was computed.
    pub calendar: String,
    /// Holidays of a year that it touches are not published yet.
    pub provisional: bool,
    /// When it was computed.
    pub computed_at: DateTime<Utc>,
    /// Why.
    pub because: Because,
    /// How loudly it has rung.
    pub rung: Rung,
}

/// What a deadline is computed from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sum {
    pub(super) from: DateTime<Utc>,
    pub(super) minutes: u32,
    pub(super) paused: u32,
    pub(super) extended: u32,
    pub(super) not_before: Option<DateTime<Utc>>,
}

impl Sum {
    pub(super) fn begun(from: DateTime<Utc>, minutes: u32) -> Self {
        Self { from, minutes, paused: 0, extended: 0, not_before: None }
    }

    pub(super) fn of(deadline: &Deadline) -> Self {
        Self {
            from: deadline.from,
            minutes: deadline.minutes,
            paused: deadline.paused,
            extended: deadline.extended,
            not_before: deadline.not_before,
        }
    }
}

impl Deadline {
    /// Computes a deadline.
    pub(super) fn set(
        kind: ClockKind,
        sum: Sum,
        rules: Rules<'_>,
        because: Because,
        now: DateTime<Utc>,
    ) -> Self {
        let calendar = rules.calendar;
        let original = calendar.add(sum.from, sum.minutes.saturating_add(sum.paused));
        let total = sum.minutes.saturating_add(sum.paused).saturating_add(sum.extended);
        let due = calendar.add(sum.from, total);
        let due_at = sum.not_before.map_or(due.at, |floor| floor.max(due.at));
        let warn_at = calendar.add(sum.from, total.saturating_sub(sum.minutes / WARNED_PART)).at;
        let day = calendar.day_minutes();
        Self {
            kind,
            due_at,
            original_due_at: original.at,
            warn_at: warn_at.min(due_at),
            escalate_at: calendar.add(due_at, day.saturating_mul(ESCALATED_AFTER_DAYS)).at,
            supervise_at: calendar.add(due_at, day.saturating_mul(SUPERVISED_AFTER_DAYS)).at,
            from: sum.from,
            minutes: sum.minutes,
            paused: sum.paused,
            extended: sum.extended,
            not_before: sum.not_before,
            rule: rules.category.to_owned(),
            calendar: calendar.version().to_owned(),
            provisional: due.provisional,
            computed_at: now,
            because,
            rung: Rung::Silent,
        }
    }

    /// The same by the clock on the wall, for what does not wait for office hours.
    pub(super) fn later_by(&self, span: TimeDelta, now: DateTime<Utc>) -> Self {
        Self {
            due_at: self.due_at + span,
            original_due_at: self.original_due_at + span,
            warn_at: self.warn_at + span,
            computed_at: now,
            because: Because::PauseEnded,
            rung: Rung::Silent,
            ..self.clone()
        }
    }

    /// When it next has to be looked at, and how loudly it rings then.
    pub fn next_ring(&self) -> Option<(DateTime<Utc>, Rung)> {
        match self.rung {
            Rung::Silent => Some((self.warn_at, Rung::Warned)),
            Rung::Warned => Some((self.due_at, Rung::Late)),
            Rung::Late if self.kind.is_result() => Some((self.escalate_at, Rung::Escalated)),
            Rung::Escalated => Some((self.supervise_at, Rung::Supervised)),
            Rung::Late | Rung::Supervised => None,
        }
    }
}

/// The first deadline of a new ticket: somebody in danger does not wait for office hours.
pub(super) fn to_accept(urgent: bool, rules: Rules<'_>, now: DateTime<Utc>) -> Deadline {
    let sum = Sum::begun(now, rules.limits.accept);
    let usual = Deadline::set(ClockKind::Accept, sum, rules, Because::Begun, now);
    if !urgent {
        return usual;
    }
    let due_at = now + URGENT_ACCEPT;
    Deadline {
        due_at,
        original_due_at: due_at,
        warn_at: now + URGENT_ACCEPT / 2,
        provisional: false,
        ..usual
    }
}

/// Working minutes of the clocks that no category decides.
pub(super) fn fixed_minutes(kind: ClockKind, rules: Rules<'_>) -> u32 {
    let day = rules.calendar.day_minutes();
    match kind {
        ClockKind::Accept => rules.limits.accept,
        ClockKind::Sign => rules.limits.sign,
        ClockKind::Result | ClockKind::Redo | ClockKind::Help => rules.limits.result,
        ClockKind::Check => rules.limits.check,
        ClockKind::Redispatch => day / REDISPATCH_PARTS_OF_A_DAY,
        ClockKind::Reply => day.saturating_mul(REPLY_DAYS),
    }
}

/// The latest deadline of each kind.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Clocks(Vec<Deadline>);

impl Clocks {
    /// The latest deadline of a kind, whether it runs or not.
    pub fn get(&self, kind: ClockKind) -> Option<&Deadline> {
        self.0.iter().find(|deadline| deadline.kind == kind)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Deadline> {
        self.0.iter()
    }

    pub(super) fn put(&mut self, deadline: Deadline) {
        self.remove(deadline.kind);
        self.0.push(deadline);
    }

    pub(super) fn remove(&mut self, kind: ClockKind) {
        self.0.retain(|known| known.kind != kind);
    }

    pub(super) fn ring(&mut self, kind: ClockKind, rung: Rung) {
        for deadline in self.0.iter_mut().filter(|deadline| deadline.kind == kind) {
            deadline.rung = rung;
        }
    }
}

/// The clock of the result that holds in this round.
pub fn result_clock(ticket: &Ticket) -> Option<&Deadline> {
    let clocks = &ticket.course.clocks;
    clocks.get(ClockKind::Redo).or_else(|| clocks.get(ClockKind::Result))
}

/// The clocks that run in the ticket's status, helpers' clocks left aside.
pub fn running(ticket: &Ticket) -> impl Iterator<Item = &Deadline> {
    let clocks = &ticket.course.clocks;
    let by_status = match &ticket.status {
        Status::Submitted { .. } => [Some(ClockKind::Accept), None],
        Status::Dispatched { .. } => [Some(ClockKind::Sign), None],
        Status::Returned { .. } => [Some(ClockKind::Redispatch), None],
        Status::ResultSubmitted => [Some(ClockKind::Check), None],
        _ => [None, None],
    };
    let result = match &ticket.status {
        Status::Accepted
        | Status::Dispatched { .. }
        | Status::Returned { .. }
        | Status::InProgress { .. } => result_clock(ticket),
        // A long matter stands still; any other is late while it waits, and says so later.
        _ => None,
    };
    let reply = owed_answer(ticket);
    by_status.into_iter().flatten().filter_map(|kind| clocks.get(kind)).chain(result).chain(reply)
}

/// Until when the written answer to a supervision is owed, if one is.
pub fn owed_answer(ticket: &Ticket) -> Option<&Deadline> {
    let asked = ticket.course.supervision.as_ref().filter(|asked| asked.answer.is_none());
    asked.filter(|_| !ticket.is_ended()).and(ticket.course.clocks.get(ClockKind::Reply))
}

/// How a ticket shines on the board.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Lamp {
    /// In time, or nobody's turn.
    Green,
    /// A quarter of the time or less is left.
    Yellow,
    /// Late.
    Red,
}

/// The lamp of a ticket: the reddest of its running clocks.
pub fn lamp(ticket: &Ticket, now: DateTime<Utc>) -> Lamp {
    let of = |deadline: &Deadline| {
        if now > deadline.due_at {
            Lamp::Red
        } else if now >= deadline.warn_at {
            Lamp::Yellow
        } else {
            Lamp::Green
        }
    };
    running(ticket).map(of).max().unwrap_or(Lamp::Green)
}

/// Which clocks stand still while the resident is asked, or while a long matter is put off.
pub(super) fn paused_by(status: &Status) -> &'static [ClockKind] {
    match status {
        Status::NeedInfo { resume: Resume::Submitted, .. } => {
            &[ClockKind::Accept, ClockKind::Result, ClockKind::Redo]
        }
        Status::NeedInfo { .. } | Status::Suspended { clock_stands: true, .. } => {
            &[ClockKind::Result, ClockKind::Redo]
        }
        _ => &[],
    }
}
