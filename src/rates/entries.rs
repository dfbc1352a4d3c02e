//! Where a story counts: at most once for each figure, or once for each dispatch or result.
//!
//! Every entry belongs to whoever led when it happened; where nobody led, to nobody.

use super::{
    figure::{Count, Figure, Level, Rate},
    story::{Dispatch, Given, Judged, Lead, Story},
};
use crate::ticket::{ClosedKind, Tier};
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;

/// What categories ask for, by their codes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Expected {
    /// A result needs a photo.
    pub photo: BTreeSet<String>,
    /// Long matters: their time stands still while they are put off.
    pub long: BTreeSet<String>,
}

impl Expected {
    /// What these categories ask for: code, whether a result needs a photo, whether it is a long
    /// matter.
    pub fn of<'a>(categories: impl Iterator<Item = (&'a str, bool, bool)>) -> Self {
        let mut expected = Self::default();
        for (code, photo, long) in categories {
            if photo {
                expected.photo.insert(code.to_owned());
            }
            if long {
                expected.long.insert(code.to_owned());
            }
        }
        expected
    }
}

/// One mark on one side, or both, of one figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry<'a> {
    /// Of which figure.
    pub figure: Figure,
    /// It is in the numerator too.
    pub counts: bool,
    /// Who led when it happened.
    pub lead: Option<&'a Lead>,
}

/// Entries while they are gathered.
pub(super) struct Entries<'a>(Vec<Entry<'a>>);

impl<'a> Entries<'a> {
    pub(super) fn push(&mut self, figure: Figure, counts: bool, lead: Option<&'a Lead>) {
        self.0.push(Entry { figure, counts, lead });
    }

    fn rate(&mut self, rate: Rate, counts: bool, lead: Option<&'a Lead>) {
        self.push(Figure::Rate(rate), counts, lead);
    }

    fn count(&mut self, count: Count, lead: Option<&'a Lead>) {
        self.push(Figure::Count(count), true, lead);
    }
}

impl Story {
    /// Where it counts.
    pub fn entries(&self, expected: &Expected) -> Vec<Entry<'_>> {
        let mut entries = Entries(Vec::new());
        if !self.is_copy() {
            self.answering(&mut entries);
            self.calling(&mut entries);
            self.finishing(expected, &mut entries);
            self.levels(&mut entries);
        }
        self.people(&mut entries);
        self.counts(&mut entries);
        self.checks(expected, &mut entries);
        entries.0
    }

    fn answering<'a>(&'a self, entries: &mut Entries<'a>) {
        if self.is_withdrawn_early() {
            return;
        }
        // The desk's own work: nobody leads it yet.
        entries.rate(Rate::Acceptance, self.accepted_at.is_some(), None);
        if let Some(due) = self.due_accept
            && (self.answered_at.is_some() || due <= self.at)
        {
            let in_time = self.answered_at.is_some_and(|answered| answered <= due);
            entries.rate(Rate::Response, in_time, None);
        }
    }

    fn calling<'a>(&'a self, entries: &mut Entries<'a>) {
        for Dispatch { lead, due_sign, signed_at, returned, .. } in &self.dispatches {
            let lead = Some(lead);
            if let Some(due) = due_sign.filter(|due| *due <= self.at) {
                let in_time = signed_at.is_some_and(|signed| signed <= due);
                entries.rate(Rate::Signing, in_time, lead);
            }
            entries.rate(Rate::ReturnUpheld, *returned == Some(Judged::Upheld), lead);
            entries.rate(Rate::ReturnOverruled, *returned == Some(Judged::Overruled), lead);
        }
    }

    fn finishing<'a>(&'a self, expected: &Expected, entries: &mut Entries<'a>) {
        if let Some(last) = self.standing().next_back() {
            let sent_back = self.redone.first().and_then(|at| self.result_before(*at));
            let lead = &sent_back.unwrap_or(last).lead;
            entries.rate(Rate::Redo, !self.redone.is_empty(), Some(lead));
        }
        if self.accepted_at.is_none() {
            return;
        }
        let closed = self.closed.is_some();
        let lead = self.lead_at(self.closed.map_or(self.at, |closing| closing.at));
        entries.rate(Rate::Completion, closed, lead);
        if let Some(closing) = self.closed {
            entries.rate(Rate::Signoff, closing.kind == ClosedKind::Signed, lead);
        }
        let Some(due) = self.due else {
            if closed {
                entries.rate(Rate::CompletionDue, true, lead);
            }
            return;
        };
        let was_due = self.was_due(due.at, expected);
        if closed || (was_due && self.withdrawn.is_none()) {
            entries.rate(Rate::CompletionDue, closed, lead);
        }
        if closed || was_due {
            let (first, last) = (self.standing().next(), self.last_result());
            let whose = |given: Option<&'a Given>| {
                given.map_or_else(|| self.lead_at(due.at), |given| Some(&given.lead))
            };
            let by = |given: Option<&Given>, due| given.is_some_and(|given| given.at <= due);
            entries.rate(Rate::OnTime, by(last, due.at), whose(last));
            entries.rate(Rate::OnTimeFirst, by(first, due.at), whose(first));
            entries.rate(Rate::OnTimeRaw, by(last, due.original), whose(last));
        }
    }

    /// Whether the date came while it ran: it does not come any more once the ticket was taken
    /// back, nor while it stands still.
    fn was_due(&self, due: DateTime<Utc>, expected: &Expected) -> bool {
        let is_long = expected.long.contains(&self.category);
        let stands_since = [self.asked_since, self.suspended_since.filter(|_| is_long)]
            .into_iter()
            .flatten()
            .min();
        let until = stands_since.into_iter().chain(self.withdrawn.map(|gone| gone.at)).min();
        due <= until.unwrap_or(self.at)
    }

    /// On which level the result was brought that holds.
    fn levels<'a>(&'a self, entries: &mut Entries<'a>) {
        let Some(given) = self.standing().next_back() else { return };
        for level in Level::ALL {
            let counts = given.lead.tier.is_some_and(|tier| match level {
                Level::At(wanted) => tier == wanted,
                Level::TownshipOrBelow => tier <= Tier::Township,
            });
            entries.push(Figure::Level(level), counts, Some(&given.lead));
        }
    }

    /// What residents say, those of copies included.
    fn people<'a>(&'a self, entries: &mut Entries<'a>) {
        if let Some(answer) = self.last_answer() {
            entries.rate(Rate::Solved, answer.solved, self.led_result(answer.at));
        }
        if let Some(last) = self.own_grades().next_back() {
            let lead = self.led_result(last.at);
            entries.rate(Rate::Satisfaction, last.rating.is_positive(), lead);
        }
        if let Some(first) = self.own_grades().next() {
            let lead = self.led_result(first.at);
            entries.rate(Rate::SatisfactionFirst, first.rating.is_positive(), lead);
        }
        let invited_at = if self.is_copy() { self.master_closed_at } else { self.last_closed_at };
        if let Some(at) = invited_at {
            let took_part = self.own_grades().next().is_some();
            entries.rate(Rate::Participation, took_part, self.lead_at(at));
        }
    }

    /// Who led when the result was brought that was judged at this moment.
    pub(super) fn led_result(&self, at: DateTime<Utc>) -> Option<&Lead> {
        self.result_before(at).map(|given| &given.lead)
    }

    fn counts<'a>(&'a self, entries: &mut Entries<'a>) {
        let lead = self.lead_at(self.closed.map_or(self.at, |closing| closing.at));
        entries.count(Count::Received, lead);
        if self.is_copy() {
            entries.count(Count::Merged, lead);
        } else if self.is_withdrawn_early() {
            entries.count(Count::WithdrawnEarly, lead);
        } else {
            if self.accepted_at.is_some() {
                entries.count(Count::Accepted, lead);
            }
            if self.rejected_at.is_some() {
                entries.count(Count::Rejected, lead);
            }
            if self.closed.is_some() {
                entries.count(Count::Completed, lead);
            }
        }
        if let Some(last) = self.own_grades().next_back().filter(|last| last.rating.is_positive()) {
            entries.count(Count::Satisfied, self.led_result(last.at));
        }
    }
}
