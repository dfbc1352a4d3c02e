//! What was decided becomes so: the one way in which changes of tickets are stored and told.
//!
//! Intake, desk and due work decide differently and carry out alike, inside their own
//! transaction: each ticket in the version that was seen, then the tickets that follow it, then
//! the calls that need not be made any more, then the messages – in the lock order of the house.
//!
//! Deliberately absent: decisions, and the commit.

use crate::app::App;
use crate::county::County;
use crate::dialogue::rules_of;
use crate::outbox::post;
use crate::storage::{StorageError, Tx};
use crate::ticket::event::{Actor, What};
use crate::ticket::lifecycle::{self, Action, Transition};
use crate::ticket::{Outcome, Status, TicketNumber};
use chrono::{DateTime, Utc};

/// Stores and tells all of `changes`, in their order.
pub async fn enact(
    app: &App,
    tx: &Tx,
    county: &County,
    changes: &[Transition],
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    for change in changes {
        tx.save(change).await?;
    }
    let mut followed = Vec::new();
    for change in changes {
        Box::pin(follow(tx, county, change, now, &mut followed)).await?;
    }
    for change in changes.iter().chain(&followed).filter(|change| change.before.is_some()) {
        let heard = change.events.iter().any(|event| event.by == Actor::Resident);
        tx.settle_call_back(&change.after, heard, now).await?;
    }
    for change in changes.iter().chain(&followed) {
        Box::pin(post::notices(app, tx, county, change, now)).await?;
    }
    Ok(())
}

/// Tickets that are handled together move together: a copy is closed with its master, open again
/// with it, moves on with it, and is let go when it ends in another way.
async fn follow(
    tx: &Tx,
    county: &County,
    change: &Transition,
    now: DateTime<Utc>,
    followed: &mut Vec<Transition>,
) -> Result<(), StorageError> {
    let ticket = &change.after;
    let is_merged = change.events.iter().any(|event| matches!(event.what, What::Merged { .. }));
    let master = match &ticket.status {
        Status::Merged { into, .. } if is_merged => Some(into),
        _ => None,
    };
    if let Some(master) = master {
        taken_in(tx, county, master, &ticket.number, now, followed).await?;
    }
    if ticket.course.copies == 0 {
        return Ok(());
    }
    let action = match &ticket.status {
        Status::Closed { kind } => {
            let outcome = ticket.finding.as_ref().map_or(Outcome::Answered, |found| found.outcome);
            Action::FollowMaster { kind: *kind, outcome }
        }
        Status::Merged { into, .. } => Action::Merge { into: into.clone() },
        Status::Withdrawn | Status::Rejected { .. } => Action::Unmerge,
        _ => Action::MasterReopened,
    };
    for copy in tx.copies_of(&ticket.number).await? {
        let rules = rules_of(county, &copy.report.category);
        // One that is there already has nothing to follow.
        let Ok(moved) = lifecycle::act(&copy, action.clone(), &Actor::System, rules, now) else {
            continue;
        };
        tx.save(&moved).await?;
        if let Some(master) = master {
            taken_in(tx, county, master, &copy.number, now, followed).await?;
        }
        followed.push(moved);
    }
    Ok(())
}

/// The master's side of a merge; it may be changed several times in one go.
async fn taken_in(
    tx: &Tx,
    county: &County,
    master: &TicketNumber,
    number: &TicketNumber,
    now: DateTime<Utc>,
    followed: &mut Vec<Transition>,
) -> Result<(), StorageError> {
    // Many may report one matter at once, and all of them change the one ticket.
    let Some(master) = tx.hold_ticket(master).await? else { return Ok(()) };
    let rules = rules_of(county, &master.report.category);
    let action = Action::TakeIn { number: number.clone() };
    if let Ok(taken) = lifecycle::act(&master, action, &Actor::System, rules, now) {
        tx.save(&taken).await?;
        followed.push(taken);
    }
    Ok(())
}
