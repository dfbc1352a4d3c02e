//! Who stands around a ticket where an order names nobody: one level up, and near the place.
//!
//! Two phases: the names follow from the county and the ticket, the people behind them are looked
//! up, and only then is it decided who of them it is. The decisions are the routes'.

use super::Turn;
use crate::county::route;
use crate::county::{AreaCode, County};
use crate::dialogue::calling::{call_suggested, known_of, matter_of};
use crate::dialogue::facts::Around;
use crate::ticket::{Call, Ticket};
use chrono::{DateTime, Utc};

/// The names of the people around a ticket.
pub fn names_around(
    county: &County,
    ticket: &Ticket,
    around: Around,
    now: DateTime<Utc>,
) -> Vec<String> {
    let matter = matter_of(ticket, now);
    match around {
        Around::Near => route::candidates(county, &matter),
        Around::Above => route::candidates_above(county, held_in(ticket).as_ref(), &matter),
    }
}

fn held_in(ticket: &Ticket) -> Option<AreaCode> {
    ticket.course.holder.area.as_deref().map(AreaCode::from)
}

impl Turn<'_> {
    /// The call of whoever is one level up, if anybody is.
    pub(super) fn upward_call(&self, ticket: &Ticket, reason: String) -> Option<Call> {
        let (county, people) = (self.view.county, &self.view.facts.people);
        let matter = matter_of(ticket, self.view.now);
        let held = held_in(ticket);
        let above = route::one_up(county, held.as_ref(), &matter, &known_of(people))?;
        let call = call_suggested(county, people, &above, &ticket.report.category, reason);
        (!call.to.is_empty()).then_some(call)
    }

    /// The names of those who could look on site, the best first.
    pub(super) fn near(&self, ticket: &Ticket) -> Vec<String> {
        let matter = matter_of(ticket, self.view.now);
        let known = known_of(&self.view.facts.people);
        let suggested = route::decide(self.view.county, &matter, &known).suggestions;
        let people = suggested.into_iter().filter(|one| one.unit.is_none());
        people.flat_map(|one| one.people).collect()
    }
}
