//! What is printed beside the rates, so that nobody helps them along unseen.

use super::{
    entries::{Entries, Expected},
    figure::{Check, Figure},
    story::Story,
};
use crate::ticket::ClosedKind;
use chrono::TimeDelta;

/// Closed so near to the due date that it looks made to fit.
const NEAR: TimeDelta = TimeDelta::hours(1);

impl Story {
    pub(super) fn checks<'a>(&'a self, expected: &Expected, entries: &mut Entries<'a>) {
        self.checks_of_grades(entries);
        if self.is_copy() {
            return;
        }
        if let Some(closing) = self.closed {
            let lead = self.lead_at(closing.at);
            let unsigned = closing.kind == ClosedKind::Unsigned;
            entries.push(Figure::Check(Check::ClosedUnsigned), unsigned, lead);
            if let Some(due) = self.due {
                let is_near = (closing.at - due.at).abs() <= NEAR;
                entries.push(Figure::Check(Check::ClosedNearDue), is_near, lead);
            }
        }
        // Where the desk answers, nobody went there to take a photo.
        if expected.photo.contains(&self.category) {
            for given in self.standing().filter(|given| !given.by_desk) {
                let lead = Some(&given.lead);
                entries.push(Figure::Check(Check::WithoutPhoto), !given.has_photo, lead);
            }
        }
        for wish in &self.wishes {
            entries.push(Figure::Check(Check::LateExtension), wish.late, self.lead_at(wish.at));
        }
        if let Some(last) = self.dispatches.last() {
            let gone = self.withdrawn.is_some_and(|gone| gone.after_dispatch);
            entries.push(Figure::Check(Check::WithdrawnAfterDispatch), gone, Some(&last.lead));
        }
    }

    fn checks_of_grades<'a>(&'a self, entries: &mut Entries<'a>) {
        for grade in &self.grades {
            let lead = self.led_result(grade.at);
            entries.push(Figure::Check(Check::RatedByStaff), grade.by_staff, lead);
        }
        if let Some(last) = self.own_grades().next_back() {
            let lead = self.led_result(last.at);
            entries.push(Figure::Check(Check::RatedByMember), self.subject.is_member, lead);
        }
    }
}
