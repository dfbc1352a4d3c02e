//! What time alone brings about: sign-offs and questions that lapse, dates that come near and are
//! over, drafts that are reminded of and deleted, talks with the desk in which nobody speaks, the work of those who are away, dates that were
//! guessed at before a year's holidays were known, and each morning's word about what is late.
//!
//! The moments are derived by the core and stored as projections, so due work is found by an
//! index; each piece is decided by the core again when it is done. What a look costs follows from
//! what is due, never from how much is closed.
//!
//! Several workers may look at once: whoever stores first wins, the others find nothing to do.

mod away;
mod digest;
mod talks;

use crate::app::App;
use crate::calendar::{begin_of, date_of};
use crate::county::County;
use crate::dialogue::{self, reply, rules_of, time};
use crate::enact::enact;
use crate::outbox::post;
use crate::routing;
use crate::storage::{StorageError, Told, Tx};
use crate::ticket::clock::{Rung, result_clock};
use crate::ticket::due::{self, Moment};
use crate::ticket::event::Actor;
use crate::ticket::lifecycle::Action;
use crate::ticket::{Call, ClockKind, Follower, Ticket, TicketId, lifecycle};
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
    for told in app.store.told(BATCH).await? {
        done += usize::from(stale_is_nothing(is_told(app, told, now).await)?);
    }
    for (_, follower) in app.store.due_drafts(now, BATCH).await? {
        done += usize::from(stale_is_nothing(draft_due(app, &follower, now).await)?);
    }
    for follower in app.store.due_talks(now, BATCH).await? {
        done += usize::from(stale_is_nothing(talks::due(app, &follower, now).await)?);
    }
    done += away::hand_over(app, now).await?;
    done += compute_again(app, now).await?;
    done += usize::from(digest::send(app, now).await?);
    Ok(done)
}

/// The next moment at which something is due, for whoever moves the clock.
pub async fn next(app: &App) -> Result<Option<DateTime<Utc>>, StorageError> {
    let now = app.clock.now();
    let moments = [
        app.store.next_due().await?,
        app.store.next_draft_due().await?,
        app.store.next_talk_due().await?,
        app.store.next_outbox_due().await?,
        app.store.next_media_due().await?,
        app.store.next_post_due().await?,
        app.store.told(1).await?.first().map(|told| told.at),
        app.store.next_leave(date_of(now)).await?.map(begin_of),
        digest::next(app, now).await?,
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
        Moment::Escalate => upward(&tx, &county, &ticket, now).await?,
    };
    let rules = rules_of(&county, &ticket.report.category);
    let Ok(change) = lifecycle::act(&ticket, action, &Actor::System, rules, now) else {
        return Ok(false);
    };
    enact(app, &tx, &county, &[change], now).await?;
    tx.commit().await?;
    Ok(true)
}

/// Somebody was told of a result: from then on the days count. Who moved on meanwhile moved on.
async fn is_told(app: &App, told: Told, now: DateTime<Utc>) -> Result<bool, StorageError> {
    let county = app.county_at(now).await?;
    let tx = app.store.begin().await?;
    if !tx.take_told(told.ticket).await? {
        return Ok(false);
    }
    if let Some(ticket) = tx.ticket(told.ticket).await? {
        let rules = rules_of(&county, &ticket.report.category);
        let action = Action::Told { channel: told.channel };
        if let Ok(change) = lifecycle::act(&ticket, action, &Actor::System, rules, now) {
            enact(app, &tx, &county, &[change], now).await?;
        }
    }
    tx.commit().await?;
    Ok(true)
}

/// One level up, where there is one; otherwise it is only said.
async fn upward(
    tx: &Tx,
    county: &County,
    ticket: &Ticket,
    now: DateTime<Utc>,
) -> Result<Action, StorageError> {
    let up = routing::one_up(tx, county, ticket, now).await?;
    if let Some(call) = up.filter(|call| !call.to.is_empty()) {
        let reason = format!("超过办理时限1个工作日，自动{}", call.reason);
        return Ok(Action::Escalate { call: Call { reason, ..call } });
    }
    let clock = result_clock(ticket).map_or(ClockKind::Result, |clock| clock.kind);
    Ok(Action::Ring { clock, help: None, rung: Rung::Escalated })
}

/// Dates that were guessed at by another calendar than the present one.
async fn compute_again(app: &App, now: DateTime<Utc>) -> Result<usize, StorageError> {
    let county = app.county_at(now).await?;
    let mut done = 0;
    for id in app.store.guessed_tickets(county.calendar().version(), BATCH).await? {
        let again = act(app, &county, id, Action::RecomputeClocks, now).await;
        done += usize::from(stale_is_nothing(again)?);
    }
    Ok(done)
}

/// Time does one thing with one ticket, in a transaction of its own.
async fn act(
    app: &App,
    county: &County,
    id: TicketId,
    action: Action,
    now: DateTime<Utc>,
) -> Result<bool, StorageError> {
    let tx = app.store.begin().await?;
    let Some(ticket) = tx.ticket(id).await? else { return Ok(false) };
    let rules = rules_of(county, &ticket.report.category);
    let Ok(change) = lifecycle::act(&ticket, action, &Actor::System, rules, now) else {
        return Ok(false);
    };
    enact(app, &tx, county, &[change], now).await?;
    tx.commit().await?;
    Ok(true)
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
    if due == time::Due::End {
        let media = conversation.state.draft.iter().flat_map(|draft| &draft.media);
        let ids: Vec<String> = media.map(|media| media.id.clone()).collect();
        tx.drop_unused_media(&ids, now).await?;
    }
    conversation.state = dialogue::time::lapse(conversation.state, due, now);
    conversation.due_at = time::next(&conversation.state).map(|(at, _)| at);
    tx.put_conversation(&conversation, now).await?;
    tx.commit().await?;
    Ok(true)
}
