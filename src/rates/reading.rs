//! From a history to a [`Story`]: one event after the other, none beyond the moment.

use super::story::{
    Answer, Closing, Dispatch, Due, Given, Grade, Judged, Lead, Story, Subject, WishForTime,
    Withdrawal,
};
use crate::ticket::{
    ClockKind, ClosedKind, Deadline, MediaKind,
    event::{Actor, Event, What},
};
use chrono::{DateTime, Utc};

/// More time asked for in this last part of it is asked for late.
const LATE_PART: i32 = 10;

pub(super) fn read(subject: Subject, events: &[Event], at: DateTime<Utc>) -> Option<Story> {
    let mut happened = events.iter().filter(|event| event.at <= at);
    let first = happened.next()?;
    let What::Submitted { report, area_path } = &first.what else { return None };
    let story = Story {
        at,
        subject,
        submitted_at: first.at,
        category: report.category.clone(),
        area_path: area_path.clone(),
        due_accept: None,
        answered_at: None,
        accepted_at: None,
        rejected_at: None,
        withdrawn: None,
        merged_into: None,
        master_closed_at: None,
        leads: Vec::new(),
        dispatches: Vec::new(),
        results: Vec::new(),
        due: None,
        asked_since: None,
        suspended_since: None,
        answers: Vec::new(),
        grades: Vec::new(),
        closed: None,
        last_closed_at: None,
        redone: Vec::new(),
        wishes: Vec::new(),
        copies: Vec::new(),
    };
    let mut reading = Reading { story, called_again: None, clock: None, answered_now: None };
    for event in happened {
        reading.triage(event);
        reading.calls(event);
        reading.work(event);
        reading.end(event);
    }
    Some(reading.story)
}

/// A story while it is read.
struct Reading {
    story: Story,
    /// A call that comes true if its time to sign for it begins at the same moment.
    called_again: Option<(DateTime<Utc>, Lead)>,
    /// From when to when the time for the result of this round goes.
    clock: Option<(DateTime<Utc>, DateTime<Utc>)>,
    /// The event before was a result, at this moment.
    answered_now: Option<DateTime<Utc>>,
}

impl Reading {
    /// Up to the acceptance, and questions.
    fn triage(&mut self, event: &Event) {
        let story = &mut self.story;
        let at = event.at;
        match &event.what {
            What::Accepted | What::Unmerged => {
                story.answered_at.get_or_insert(at);
                story.accepted_at.get_or_insert(at);
            }
            What::Rejected { .. } => {
                story.answered_at.get_or_insert(at);
                story.rejected_at = Some(at);
            }
            What::Appealed { .. } => story.rejected_at = None,
            What::Asked { .. } => {
                story.answered_at.get_or_insert(at);
                story.asked_since.get_or_insert(at);
            }
            What::InfoGiven { .. } | What::InfoNotGiven | What::QuestionCancelled => {
                story.asked_since = None;
            }
            What::Recategorised { to, .. } => story.category.clone_from(to),
            What::Suspended { .. } => story.suspended_since = Some(at),
            What::Resumed => story.suspended_since = None,
            _ => {}
        }
    }

    /// Who was called, who signed, who leads.
    fn calls(&mut self, event: &Event) {
        let at = event.at;
        match &event.what {
            What::Dispatched { unit, tier, .. } | What::Escalated { unit, tier, .. } => {
                self.call(at, Lead { unit: unit.clone(), tier: *tier });
            }
            What::HandedOver { to, unit, .. } if !to.is_empty() => {
                let tier = self.lead().tier;
                self.called_again = Some((at, Lead { unit: unit.clone(), tier }));
            }
            What::Reopened { .. } | What::Reworked { .. } => {
                self.called_again = Some((at, self.lead()));
            }
            What::ClockSet { clock } => self.clock_set(at, clock),
            What::Taken { automatically } => {
                if let Some(dispatch) = self.story.dispatches.last_mut() {
                    if *automatically {
                        dispatch.auto = true;
                    } else {
                        dispatch.signed_at.get_or_insert(at);
                    }
                }
            }
            What::ReturnUpheld => {
                self.judged(Judged::Upheld);
                self.story.leads.push((at, Lead::default()));
            }
            // The dispatch stands, with another date to sign for it.
            What::ReturnOverruled => {
                self.called_again = None;
                self.judged(Judged::Overruled);
            }
            // Whoever leads the other ticket leads this one too, and is in its history.
            What::Merged { .. } | What::Unmerged => self.story.leads.push((at, Lead::default())),
            _ => {}
        }
    }

    fn lead(&self) -> Lead {
        self.story.leads.last().map(|(_, lead)| lead.clone()).unwrap_or_default()
    }

    fn call(&mut self, at: DateTime<Utc>, lead: Lead) {
        self.called_again = None;
        self.story.leads.push((at, lead.clone()));
        self.story.dispatches.push(Dispatch {
            at,
            lead,
            due_sign: None,
            signed_at: None,
            auto: false,
            returned: None,
        });
    }

    fn judged(&mut self, judged: Judged) {
        if let Some(dispatch) = self.story.dispatches.last_mut() {
            dispatch.returned = Some(judged);
        }
    }

    fn clock_set(&mut self, at: DateTime<Utc>, clock: &Deadline) {
        match clock.kind {
            ClockKind::Accept if self.story.answered_at.is_none() => {
                self.story.due_accept = Some(clock.due_at);
            }
            ClockKind::Sign => {
                let again = self.called_again.take().filter(|(called, _)| *called == at);
                if let Some((_, lead)) = again {
                    self.call(at, lead);
                }
                if let Some(dispatch) = self.story.dispatches.last_mut() {
                    dispatch.due_sign = Some(clock.due_at);
                }
            }
            ClockKind::Result => {
                self.story.due = Some(Due { at: clock.due_at, original: clock.original_due_at });
                self.clock = Some((clock.from, clock.due_at));
            }
            ClockKind::Redo => self.clock = Some((clock.from, clock.due_at)),
            _ => {}
        }
    }

    /// Results, and what the resident says to them.
    fn work(&mut self, event: &Event) {
        let at = event.at;
        let lead = self.lead();
        let round = self.story.round();
        let story = &mut self.story;
        let is_photo = |kind: MediaKind| kind == MediaKind::Photo;
        let is_own = event.by.person().is_none();
        match &event.what {
            What::ResultSubmitted { outcome, media, .. } => story.results.push(Given {
                at,
                lead,
                outcome: *outcome,
                has_photo: media.iter().any(|one| is_photo(one.kind)),
                round,
                sent_back: false,
                by_desk: false,
            }),
            What::EvidenceAdded { media } => {
                if let Some(given) = story.results.last_mut() {
                    given.has_photo |= media.iter().any(|one| is_photo(one.kind));
                }
            }
            What::SentBack { .. } => {
                if let Some(given) = story.results.last_mut() {
                    given.sent_back = true;
                }
            }
            // What the desk was told on the telephone is no word of the resident's own.
            What::SignedOff { .. } if is_own => story.answers.push(Answer { at, solved: true }),
            What::Objected => story.answers.push(Answer { at, solved: false }),
            What::Reworked { .. } => {
                if is_own {
                    story.answers.push(Answer { at, solved: false });
                }
                story.redone.push(at);
            }
            What::Rated { rating, .. } => {
                let by_staff = event.by != Actor::Resident;
                story.grades.push(Grade { at, rating: *rating, by_staff });
            }
            What::ExtensionAsked { .. } => {
                let late =
                    self.clock.is_some_and(|(from, due)| at >= due - (due - from) / LATE_PART);
                story.wishes.push(WishForTime { at, late });
            }
            _ => {}
        }
    }

    /// Ends, and what takes them back.
    fn end(&mut self, event: &Event) {
        let at = event.at;
        let story = &mut self.story;
        match &event.what {
            What::Closed { kind, outcome } => {
                if self.answered_now == Some(at)
                    && let Some(given) = story.results.last_mut()
                {
                    given.by_desk = true;
                }
                let kind = match kind {
                    ClosedKind::Signed if event.by.person().is_some() => ClosedKind::Unsigned,
                    kind => *kind,
                };
                story.closed = Some(Closing { at, kind, outcome: *outcome });
                story.last_closed_at = Some(at);
            }
            What::Reopened { .. } => {
                story.closed = None;
                story.redone.push(at);
            }
            What::Withdrawn { .. } => {
                let after_dispatch = !story.dispatches.is_empty();
                story.withdrawn = Some(Withdrawal { at, after_dispatch });
            }
            What::Merged { into } => {
                story.answered_at.get_or_insert(at);
                story.merged_into = Some(into.clone());
                story.master_closed_at = None;
            }
            What::MasterClosed { .. } => story.master_closed_at = Some(at),
            // It begins anew with a master's past behind it that is not its own.
            What::Unmerged => {
                story.merged_into = None;
                story.master_closed_at = None;
                story.grades.clear();
            }
            What::TookIn { number } => story.copies.push(number.clone()),
            What::LetGo { number } => story.copies.retain(|copy| copy != number),
            _ => {}
        }
        let is_result = matches!(event.what, What::ResultSubmitted { .. });
        self.answered_now = is_result.then_some(at);
    }
}
