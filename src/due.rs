//! What time alone brings about: sign-offs and questions that lapse, drafts that are reminded of
//! and deleted. The moments are derived by the core and stored as projections, so due work is
//! found by an index; each piece is decided by the core again when it is done.
//!
//! Several workers may look at once: whoever stores first wins, the others find nothing to do.

use crate::app::App;
use crate::dialogue::{self, reply, rules_of, time};
use crate::enact::enact;
use crate::outbox::post;
use crate::storage::StorageError;
use crate::ticket::clock::Rung;
use crate::ticket::due::{self, Moment};
use crate::ticket::event::Actor;
use crate::ticket::lifecycle::Action;
use crate::ticket::{ClockKind, Follower, Ticket, TicketId, lifecycle};
use chrono::{DateTime, Utc};

/// How much is done before the outbox has its turn.
const BATCH: u64 = 50;

/// Does what is due now and tells how much it was.
pub async fn run(app: &App) -> Result<usize, StorageError> {
    let now = app.clock.now();
    let mut done = 0;
    for (_, id) in app.store.due_tickets(now, BATCH).await? {
        done += usize::from(stale_is_nothing(ticket_due(app, id, now).await)?);
    }
    for (_, follower) in app.store.due_drafts(now, BATCH).await? {
        done += usize::from(stale_is_nothing(draft_due(app, &follower, now).await)?);
    }
    Ok(done)
}

/// The next moment at which something is due, for whoever moves the clock.
pub async fn next(app: &App) -> Result<Option<DateTime<Utc>>, StorageError> {
    let moments = [
        app.store.next_due().await?,
        app.store.next_draft_due().await?,
        app.store.next_outbox_due().await?,
    ];
    Ok(moments.into_iter().flatten().min())
}

fn stale_is_nothing(outcome: Result<bool, StorageError>) -> Result<bool, StorageError> {
    match outcome {
        Err(StorageError::Stale { .. }) => Ok(false),
        outcome => outcome,
    }
}

async fn ticket_due(app: &App, id: TicketId, now: DateTime<Utc>) -> Result<bool, StorageError> {
    let county = app.county_at(now).await?;
    let tx = app.store.begin().await?;
    let Some(ticket) = tx.ticket(id).await? else { return Ok(false) };
    let Some((at, moment)) = due::next(&ticket) else { return Ok(false) };
    if at > now {
        return Ok(false);
    }
    let action = match moment {
        Moment::Act(action) => action,
        Moment::Escalate => upward(&ticket),
    };
    let rules = rules_of(&county, &ticket.report.category);
    let Ok(change) = lifecycle::act(&ticket, action, &Actor::System, rules, now) else {
        return Ok(false);
    };
    enact(app, &tx, &county, &[change], now).await?;
    tx.commit().await?;
    Ok(true)
}

/// One level up, where there is one; otherwise it is only said.
fn upward(_ticket: &Ticket) -> Action {
    Action::Ring { clock: ClockKind::Result, help: None, rung: Rung::Escalated }
}

async fn draft_due(
    app: &App,
    follower: &Follower,
    now: DateTime<Utc>,
) -> Result<bool, StorageError> {
    let tx = app.store.begin().await?;
    let mut conversation = tx.open_conversation(follower, now).await?;
    let due = time::next(&conversation.state).filter(|(at, _)| *at <= now);
    let Some((_, due)) = due else {
        // The projection is behind: bring it up to date, or it is found again and again.
        conversation.due_at = time::next(&conversation.state).map(|(at, _)| at);
        tx.put_conversation(&conversation, now).await?;
        tx.commit().await?;
        return Ok(false);
    };
    if due == time::Due::Remind && conversation.following {
        let draft = conversation.state.draft.as_ref();
        let gist = draft.and_then(|draft| draft.text.get()).map(|text| reply::gist(text));
        post::draft_reminder(app, &tx, follower, gist.unwrap_or_default(), now).await?;
    }
    conversation.state = dialogue::time::lapse(conversation.state, due, now);
    conversation.due_at = time::next(&conversation.state).map(|(at, _)| at);
    tx.put_conversation(&conversation, now).await?;
    tx.commit().await?;
    Ok(true)
}
