//! Whom the county's routing calls to a ticket, looked up inside a transaction: the shell around
//! [`crate::county::route`] for due work and for the desk. In chat the dialogue does the same.
//!
//! Deliberately absent: decisions, and what becomes of the call.

use crate::county::route::{self, Available, Decision, Matter};
use crate::county::{AreaCode, County};
use crate::dialogue::{Named, call_of, call_suggested, known_of, matter_of};
use crate::storage::{StorageError, Store, Tx};
use crate::ticket::{Call, Person, Ticket};
use chrono::{DateTime, Utc};
use std::collections::HashMap;

/// Whom the county calls to a ticket that nobody has yet, or why that is nobody.
pub async fn first_call(
    tx: &Tx,
    county: &County,
    ticket: &Ticket,
    now: DateTime<Utc>,
) -> Result<Result<Call, String>, StorageError> {
    let matter = matter_of(ticket, now);
    let people = tx.find_members_by_name(&route::candidates(county, &matter)).await?;
    let decision = route::decide(county, &matter, &known_of(&people));
    let category = &ticket.report.category;
    Ok(match decision.suggestions.first() {
        Some(best) => Ok(call_suggested(county, &people, best, category, best.reason.clone())),
        None => Err(decision.why_nobody()),
    })
}

/// What the county's routing would do with a need, and what is known of everybody it looked at, by
/// name. Nothing is written.
pub async fn would_call(
    store: &Store,
    county: &County,
    matter: &Matter<'_>,
) -> Result<(Decision, HashMap<String, Available>), StorageError> {
    let names = route::everybody_near(county, matter);
    let people = store.find_members_by_name(&names).await?;
    let known = known_of(&people);
    let decision = route::decide(county, matter, &known);
    let looked_at = names.into_iter().filter_map(|name| known(&name).map(|one| (name, one)));
    let looked_at = looked_at.collect();
    Ok((decision, looked_at))
}

/// One level up: who stands above those who hold the ticket; none at the top. The call's reason
/// says to whom it goes.
pub async fn one_up(
    tx: &Tx,
    county: &County,
    ticket: &Ticket,
    now: DateTime<Utc>,
) -> Result<Option<Call>, StorageError> {
    let matter = matter_of(ticket, now);
    let held_in = ticket.course.holder.area.as_deref().map(AreaCode::from);
    let names = route::candidates_above(county, held_in.as_ref(), &matter);
    let people = tx.find_members_by_name(&names).await?;
    let known = known_of(&people);
    let holds = |name: &str| ticket.called.iter().chain(&ticket.handler).any(|p| p.name == name);
    let up = route::one_up(county, held_in.as_ref(), &matter, &|name| {
        known(name).filter(|_| !holds(name))
    });
    let category = &ticket.report.category;
    Ok(up.map(|up| call_suggested(county, &people, &up, category, up.reason.clone())))
}

/// Who could be called now, the best first, with what is known of them: how much they have in
/// hand, and whether a phone tells them.
pub async fn suggested(
    tx: &Tx,
    county: &County,
    ticket: &Ticket,
    now: DateTime<Utc>,
) -> Result<(route::Decision, Vec<Named>), StorageError> {
    let matter = matter_of(ticket, now);
    let people = tx.find_members_by_name(&route::candidates(county, &matter)).await?;
    let decision = route::decide(county, &matter, &known_of(&people));
    Ok((decision, people))
}

/// The call of the suggestion with these people, for the reason it was made; none where nobody
/// suggests them (any more).
pub async fn called_as_suggested(
    tx: &Tx,
    county: &County,
    ticket: &Ticket,
    names: &[String],
    now: DateTime<Utc>,
) -> Result<Option<Call>, StorageError> {
    let (decision, people) = suggested(tx, county, ticket, now).await?;
    let category = &ticket.report.category;
    let meant = decision.suggestions.iter().find(|suggestion| suggestion.people == names);
    Ok(meant.map(|one| call_suggested(county, &people, one, category, one.reason.clone())))
}

/// Who is called by these names of members and units, in this order; the first name that nobody
/// bears, where there is one.
pub async fn called(
    tx: &Tx,
    county: &County,
    category: &str,
    names: &[String],
    reason: String,
) -> Result<Result<Call, String>, StorageError> {
    let people = tx.find_members_by_name(names).await?;
    if let Some(nobody) = names.iter().find(|name| people.iter().all(|p| p.asked != **name)) {
        return Ok(Err(nobody.clone()));
    }
    let in_order: Vec<Named> = names
        .iter()
        .flat_map(|name| people.iter().filter(move |named| named.asked == *name))
        .cloned()
        .collect();
    let unit = names.iter().find_map(|name| county.unit_named(name));
    let unit = unit.map(|unit| unit.code.clone());
    Ok(Ok(call_of(county, &in_order, unit, category, reason)))
}

/// Who has the ticket instead of somebody who is away: the others who were called with them, the
/// others of their unit, or whom the county suggests now; nobody, if there is nobody. The call's
/// reason begins with `because`.
pub async fn instead_of(
    tx: &Tx,
    county: &County,
    ticket: &Ticket,
    away: &Person,
    because: &str,
    now: DateTime<Utc>,
) -> Result<Call, StorageError> {
    let mut matter = matter_of(ticket, now);
    // Leave begins at midnight, and its work is for those of the next day, not of the night.
    let is_night = county.settings().quiet.contains(matter.minute) && !matter.urgent;
    if is_night && let Some((begin, _)) = county.calendar().hours().weekdays().first() {
        matter.minute = *begin;
    }
    let others: Vec<String> =
        ticket.called.iter().filter(|one| one.id != away.id).map(|one| one.name.clone()).collect();
    let unit = ticket.unit.as_deref().and_then(|code| county.unit(code));
    let colleagues: Vec<String> = unit
        .into_iter()
        .flat_map(|unit| county.members_of_unit(&unit.code))
        .map(|member| member.name.clone())
        .collect();
    let mut names = route::candidates(county, &matter);
    names.extend(others.iter().chain(&colleagues).cloned());
    names.sort();
    names.dedup();
    let people = tx.find_members_by_name(&names).await?;
    let known = known_of(&people);
    let is_here = |name: &String| {
        *name != away.name
            && known(name).is_some_and(|one| one.reachable)
            && county.member(name).is_some_and(|member| !member.is_away(matter.day))
    };
    let category = &ticket.report.category;
    for (names, whose) in [(others, "一起接到的人"), (colleagues, "同单位的人")] {
        let looked_up = |name: &String| people.iter().find(|one| one.person.name == *name).cloned();
        let here: Vec<Named> =
            names.iter().filter(|name| is_here(name)).filter_map(looked_up).collect();
        if !here.is_empty() {
            let reason = format!("{because}，转给{whose}");
            return Ok(call_of(county, &here, ticket.unit.clone(), category, reason));
        }
    }
    let decision =
        route::decide(county, &matter, &|name| known(name).filter(|_| name != away.name));
    if let Some(best) = decision.suggestions.first() {
        let reason = format!("{because}，{}", best.reason);
        return Ok(call_suggested(county, &people, best, category, reason));
    }
    let reason = format!("{because}，没有别人能接：{}", decision.why_nobody());
    Ok(Call { reason, ..Call::default() })
}
