//! From people and a unit to a [`Call`]: who leads them, and on which level of the tree they work;
//! and between tickets and what routing knows of them.

use super::facts::Named;
use crate::calendar::in_beijing;
use crate::county::route::{Available, Matter, Suggestion};
use crate::county::{AreaCode, County, Level};
use crate::ticket::{Call, Person, Ticket, Tier};
use chrono::{DateTime, Timelike, Utc};

/// The call of these people, in this order, each once.
///
/// Where a unit is called about a matter of the four-order rule, only its leader is: the leader
/// takes it for the team.
pub fn call_of(
    county: &County,
    people: &[Named],
    unit: Option<String>,
    category: &str,
    reason: String,
) -> Call {
    let mut to: Vec<Person> = Vec::new();
    for named in people {
        if !to.iter().any(|known| known.id == named.person.id) {
            to.push(named.person.clone());
        }
    }
    let known = unit.as_deref().and_then(|code| county.unit(code));
    let leader = known
        .and_then(|unit| unit.leader.as_deref())
        .and_then(|name| to.iter().find(|person| person.name == name))
        .cloned();
    let is_four_order = county.category(category).is_some_and(|category| category.four_order);
    if let Some(leader) = leader.as_ref().filter(|_| is_four_order) {
        to = vec![leader.clone()];
    }
    let area = known
        .map(|unit| unit.area.as_str().to_owned())
        .or_else(|| people.first().and_then(|named| named.area.clone()));
    let tier = area.as_deref().and_then(|code| tier_of(county, code));
    Call { to, unit, leader, area, tier, reason }
}

/// What routing has to know of a ticket.
pub fn matter_of(ticket: &Ticket, now: DateTime<Utc>) -> Matter<'_> {
    let area = ticket.report.place.area.as_ref().or(ticket.area_path.last());
    let area = area.map(String::as_str);
    let channel = ticket.channel.code();
    let urgent = ticket.report.urgent;
    Matter { urgent, ..matter_at(&ticket.report.category, area, channel, now) }
}

/// A need of this category and area, as it is routed now.
pub(super) fn matter_at<'a>(
    category: &'a str,
    area: Option<&str>,
    channel: &'a str,
    now: DateTime<Utc>,
) -> Matter<'a> {
    let here = in_beijing(now);
    let minute = here.hour() * 60 + here.minute();
    Matter {
        category,
        area: area.map(AreaCode::from),
        channel,
        day: here.date_naive(),
        minute: u16::try_from(minute).unwrap_or_default(),
        urgent: false,
    }
}

/// What routing asks of people by name, answered from those who were looked up.
pub fn known_of(people: &[Named]) -> impl Fn(&str) -> Option<Available> {
    |name: &str| {
        let named = people.iter().find(|named| named.person.name == name)?;
        Some(Available { load: named.load, reachable: named.reachable })
    }
}

/// The call that a suggestion means; empty if none of its people was looked up.
pub fn call_suggested(
    county: &County,
    people: &[Named],
    suggestion: &Suggestion,
    category: &str,
    reason: String,
) -> Call {
    let named = |name: &String| people.iter().find(|named| named.person.name == *name).cloned();
    let called: Vec<Named> = suggestion.people.iter().filter_map(named).collect();
    call_of(county, &called, suggestion.unit.clone(), category, reason)
}

/// The level of an area, as tickets remember it.
pub(super) fn tier_of(county: &County, area: &str) -> Option<Tier> {
    Some(match county.area(&AreaCode::from(area))?.level {
        Level::County => Tier::County,
        Level::Township => Tier::Township,
        Level::Community => Tier::Community,
        Level::Village => Tier::Village,
        Level::Grid => Tier::Grid,
    })
}
