//! Looking up what a step needs, inside the push's transaction, in one fixed order.

use super::Found;
use crate::county::County;
use crate::dialogue::{Facts, Needs, facts::Speaker, names_around};
use crate::invitation::code_hash;
use crate::storage::{StorageError, Tx};
use crate::ticket::lifecycle::REOPEN_DAYS;
use chrono::{DateTime, TimeDelta, Utc};

/// The answers to `needs`.
pub(super) async fn look_up(
    tx: &Tx,
    county: &County,
    speaker: &Speaker,
    needs: Needs,
    now: DateTime<Utc>,
) -> Result<Found, StorageError> {
    let mut facts = Facts::default();
    if needs.mine {
        let since = now - TimeDelta::days(REOPEN_DAYS);
        facts.mine = tx.tickets_of(&speaker.follower, since).await?;
        for one in &speaker.also {
            facts.mine.extend(tx.tickets_of(one, since).await?);
        }
        // Of several lists, each the latest first, one.
        facts.mine.sort_by_key(|ticket| std::cmp::Reverse(ticket.submitted_at));
    }
    if let Some(member) = needs.tasks {
        facts.tasks = tx.tasks_of(member).await?;
    }
    if let Some(area) = &needs.desk {
        facts.desk = tx.desk_queue(area.as_deref()).await?;
    }
    let known = |id| {
        let lists = [&facts.mine, &facts.tasks, &facts.desk];
        lists.into_iter().flatten().any(|ticket| ticket.id == id)
    };
    let others: Vec<_> = needs.tickets.into_iter().filter(|id| !known(*id)).collect();
    if !others.is_empty() {
        facts.tickets = tx.tickets(&others).await?;
    }
    if let Some(number) = &needs.number {
        facts.number = tx.ticket_by_number(number).await?;
    }
    let mut names = needs.people;
    if let Some(around) = needs.around {
        let found = [&facts.tasks, &facts.desk, &facts.tickets].into_iter().flatten();
        for ticket in found.chain(&facts.number) {
            names.extend(names_around(county, ticket, around, now));
        }
        names.sort_unstable();
        names.dedup();
    }
    if !names.is_empty() {
        facts.people = tx.find_members_by_name(&names).await?;
    }
    if let Some(code) = &needs.invitation {
        facts.invitation = Some(tx.find_invitation(&code_hash(code), now).await?);
    }
    if let Some(id) = needs.open_invitation {
        facts.invitation = Some(tx.open_invitation(id, now).await?);
    }
    Ok(facts)
}
