//! Who stands around a ticket where an order names nobody: one level up, and near the place.
//!
//! Two phases: the names follow from the county and the ticket, the people behind them are looked
//! up, and only then is it known who they are.

use super::Turn;
use crate::county::{AreaCode, County};
use crate::dialogue::calling::call_of;
use crate::dialogue::facts::{Around, Named};
use crate::ticket::{Call, Ticket};

/// The names of the people around a ticket.
pub fn names_around(county: &County, ticket: &Ticket, around: Around) -> Vec<String> {
    match around {
        Around::Near => neighbours(county, ticket),
        Around::Above => one_up(county, ticket),
    }
}

/// The nearest area above the holder's that has a station or people of its own; at the root the
/// unit of the category.
fn one_up(county: &County, ticket: &Ticket) -> Vec<String> {
    let held = ticket.course.holder.area.as_ref().or_else(|| ticket.area_path.last());
    let Some(held) = held.map(|code| AreaCode::from(code.as_str())) else { return Vec::new() };
    for area in county.path(&held).iter().rev().skip(1) {
        if let Some(station) = county.station_of(&area.code) {
            return vec![station.name.clone()];
        }
        let people: Vec<String> = county
            .members_of(&area.code)
            .filter(|member| member.unit.is_none() && !member.role.is_operator())
            .map(|member| member.name.clone())
            .collect();
        if !people.is_empty() {
            return people;
        }
    }
    let category = county.category(&ticket.report.category);
    let unit = category.and_then(|category| category.unit.as_deref());
    let unit = unit.filter(|code| ticket.unit.as_deref() != Some(*code));
    unit.and_then(|code| county.unit(code)).map(|unit| unit.name.clone()).into_iter().collect()
}

/// The members nearest to the place: its own area with what lies in it, then level by level
/// upwards. Whoever serves the county as a whole is called by unit, not as a neighbour.
pub(super) fn neighbours(county: &County, ticket: &Ticket) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for code in ticket.area_path.iter().skip(1).rev() {
        let code = AreaCode::from(code.as_str());
        let here =
            std::iter::once(code.clone()).chain(county.children(&code).map(|a| a.code.clone()));
        let members = here.flat_map(|code| county.members_of(&code).collect::<Vec<_>>());
        for member in members.filter(|member| !member.role.is_operator()) {
            if !names.contains(&member.name) {
                names.push(member.name.clone());
            }
        }
        if names.len() >= super::MOST_CHOICES - 1 {
            break;
        }
    }
    names
}

impl Turn<'_> {
    /// The call of whoever is one level up, if anybody is.
    pub(super) fn upward_call(&self, ticket: &Ticket, reason: String) -> Option<Call> {
        let names = one_up(self.view.county, ticket);
        let people: Vec<Named> = self
            .view
            .facts
            .people
            .iter()
            .filter(|named| names.contains(&named.asked))
            .cloned()
            .collect();
        let unit = names.first().and_then(|name| self.view.county.unit_named(name));
        let unit = unit.map(|unit| unit.code.clone());
        let call = call_of(self.view.county, &people, unit, &ticket.report.category, reason);
        (!call.to.is_empty()).then_some(call)
    }
}
