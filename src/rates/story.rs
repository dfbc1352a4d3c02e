//! What one ticket's history says up to a moment, with the times that figures need.

use crate::ticket::{
    Channel, ClosedKind, Follower, Outcome, Rating, Ticket, TicketNumber, Tier, event::Event,
};
use chrono::{DateTime, Utc};

/// What never changes about a ticket and does not stand in its history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// What people quote.
    pub number: TicketNumber,
    /// By which way it came in.
    pub channel: Channel,
    /// Whose phone it came from. Compared, never written out.
    pub reporter: Follower,
    /// The phone belongs to a member or operator.
    pub is_member: bool,
}

impl Subject {
    /// Of a ticket, whose present state is not looked at.
    pub fn of(ticket: &Ticket, is_member: bool) -> Self {
        Self {
            number: ticket.number.clone(),
            channel: ticket.channel,
            reporter: ticket.reporter.clone(),
            is_member,
        }
    }
}

/// Who led a ticket at some time: nobody, until it was dispatched.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lead {
    /// The unit's code, where it was called as such.
    pub unit: Option<String>,
    /// On which level.
    pub tier: Option<Tier>,
}

/// One call to lead a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dispatch {
    /// When.
    pub at: DateTime<Utc>,
    /// Who was called.
    pub lead: Lead,
    /// Until when it had to be signed for.
    pub due_sign: Option<DateTime<Utc>>,
    /// When somebody who was called took it.
    pub signed_at: Option<DateTime<Utc>>,
    /// Nobody did in time, and silence was taken for signing.
    pub auto: bool,
    /// It was returned, and the desk judged that.
    pub returned: Option<Judged>,
}

/// What the desk found of a return.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judged {
    /// It was right.
    Upheld,
    /// It was wrong; the dispatch stands.
    Overruled,
}

/// One result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// When; checking does not move it.
    pub at: DateTime<Utc>,
    /// Who led then.
    pub lead: Lead,
    /// How it ended.
    pub outcome: Outcome,
    /// It came with a photo, or one was sent after it.
    pub has_photo: bool,
    /// Counted from 1; one more each time the resident sends it back.
    pub round: u32,
    /// The check found it not good enough: it never reached the resident.
    pub sent_back: bool,
    /// The desk answered and closed in one: at once, or for good.
    pub by_desk: bool,
}

/// Until when the result was owed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// With the extensions that were granted.
    pub at: DateTime<Utc>,
    /// Without them.
    pub original: DateTime<Utc>,
}

/// What the resident said about the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answer {
    /// When.
    pub at: DateTime<Utc>,
    /// 已解决 or 基本解决, or else 没解决.
    pub solved: bool,
}

/// One grade.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grade {
    /// When.
    pub at: DateTime<Utc>,
    /// Which.
    pub rating: Rating,
    /// 代评: somebody else entered it.
    pub by_staff: bool,
}

/// How a ticket was closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closing {
    /// When.
    pub at: DateTime<Utc>,
    /// How.
    pub kind: ClosedKind,
    /// With which outcome.
    pub outcome: Outcome,
}

/// A ticket that was taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Withdrawal {
    /// When.
    pub at: DateTime<Utc>,
    /// Somebody had been called already.
    pub after_dispatch: bool,
}

/// A wish for more time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WishForTime {
    /// When.
    pub at: DateTime<Utc>,
    /// In the last tenth of what there was.
    pub late: bool,
}

/// What one ticket's history says up to [`Story::at`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Story {
    /// The moment up to which it is told.
    pub at: DateTime<Utc>,
    /// Number, channel, whose.
    pub subject: Subject,
    /// When it was submitted.
    pub submitted_at: DateTime<Utc>,
    /// What it is about, as the desk last saw it.
    pub category: String,
    /// Codes of the areas it lay in when it was submitted, the county first.
    pub area_path: Vec<String>,
    /// Until when the first answer was owed.
    pub due_accept: Option<DateTime<Utc>>,
    /// The first answer by a person or a rule: accepted, asked, rejected, merged.
    pub answered_at: Option<DateTime<Utc>>,
    /// The first acceptance.
    pub accepted_at: Option<DateTime<Utc>>,
    /// Rejected, and no appeal since.
    pub rejected_at: Option<DateTime<Utc>>,
    /// Taken back.
    pub withdrawn: Option<Withdrawal>,
    /// Handled with this one.
    pub merged_into: Option<TicketNumber>,
    /// When that one was closed, the latest time, even if it was opened again.
    pub master_closed_at: Option<DateTime<Utc>>,
    /// Who led from when.
    pub leads: Vec<(DateTime<Utc>, Lead)>,
    /// Calls, in order.
    pub dispatches: Vec<Dispatch>,
    /// Results, in order.
    pub results: Vec<Given>,
    /// Until when the result was owed.
    pub due: Option<Due>,
    /// The resident is being asked something, since then, and the time stands still.
    pub asked_since: Option<DateTime<Utc>>,
    /// It is put off since then; whether the time stands still is the category's to say.
    pub suspended_since: Option<DateTime<Utc>>,
    /// What the resident said about results, in order.
    pub answers: Vec<Answer>,
    /// Grades, in order.
    pub grades: Vec<Grade>,
    /// It is closed.
    pub closed: Option<Closing>,
    /// When it was last closed, even if it was opened again.
    pub last_closed_at: Option<DateTime<Utc>>,
    /// When the resident sent it back or had it opened again.
    pub redone: Vec<DateTime<Utc>>,
    /// Wishes for more time.
    pub wishes: Vec<WishForTime>,
    /// Other tickets that were handled with it.
    pub copies: Vec<TicketNumber>,
}

impl Story {
    /// What `events`, in their order, say up to `at`; none where it was not submitted by then.
    pub fn of(subject: Subject, events: &[Event], at: DateTime<Utc>) -> Option<Self> {
        super::reading::read(subject, events, at)
    }

    /// It does not go its own course: work on it counts at the ticket it is handled with.
    pub fn is_copy(&self) -> bool {
        self.merged_into.is_some()
    }

    /// It was taken back before anybody accepted it.
    pub fn is_withdrawn_early(&self) -> bool {
        self.withdrawn.is_some() && self.accepted_at.is_none()
    }

    /// Counted from 1; one more each time the resident sends it back.
    pub fn round(&self) -> u32 {
        u32::try_from(self.redone.len()).unwrap_or(u32::MAX).saturating_add(1)
    }

    /// Who led at this moment.
    pub fn lead_at(&self, at: DateTime<Utc>) -> Option<&Lead> {
        self.leads.iter().rev().find(|(since, _)| *since <= at).map(|(_, lead)| lead)
    }

    /// The results that reached the resident.
    pub fn standing(&self) -> impl DoubleEndedIterator<Item = &Given> {
        self.results.iter().filter(|given| !given.sent_back)
    }

    /// The result of the last round, if that round has one. A final answer is the desk's word on
    /// a result and not another one, unless there was none.
    pub fn last_result(&self) -> Option<&Given> {
        let round = self.round();
        let of_round = || self.standing().rev().filter(move |given| given.round == round);
        of_round().find(|given| !given.by_desk).or_else(|| of_round().next())
    }

    /// The last result that was there at this moment.
    pub fn result_before(&self, at: DateTime<Utc>) -> Option<&Given> {
        self.standing().rev().find(|given| given.at <= at)
    }

    /// The grades that the resident gave.
    pub fn own_grades(&self) -> impl DoubleEndedIterator<Item = &Grade> {
        self.grades.iter().filter(|grade| !grade.by_staff)
    }

    /// What the resident said last. Whoever reported a copy is asked for a grade only, and says
    /// by it whether it was solved.
    pub fn last_answer(&self) -> Option<Answer> {
        let by_grade = |grade: &Grade| Answer { at: grade.at, solved: grade.rating.is_positive() };
        let said = self.answers.last().copied();
        said.or_else(|| self.own_grades().next_back().filter(|_| self.is_copy()).map(by_grade))
    }
}
