//! Figures that are kept, so that a page of them costs a look and not a count of all tickets.
//!
//! Whoever saves a ticket leaves a wish in the same transaction. In each of the worker's rounds
//! [`run`] takes some of them: it reads what happened to these tickets, makes of it what they
//! count for now, takes away from the sums what they counted for before and adds what they count
//! for now, all in one short transaction. Time counts too: a ticket knows the moment from which it
//! counts otherwise. After an upgrade every ticket is counted once, the latest first.
//!
//! It promises that when nothing waits the sums are the figures of `rates`, computed from all
//! histories at this moment; and that nobody who reports or works waits for it: what is long –
//! reading histories – happens outside of the transaction.
//!
//! [`overview`] looks up what a page shows of them, for a [`stretch::Stretch`] of time.
//!
//! Deliberately absent: what a figure means (`rates`), and how it is shown.

pub mod accounts;
pub mod overview;
pub mod stretch;

use crate::app::App;
use crate::calendar::date_of;
use crate::county::County;
use crate::rates::{Asks, Counted, Expected, Story, Subject, Sums};
use crate::storage::{StorageError, Uncounted};
use crate::ticket::{Follower, Ticket, TicketId, event::Event};
use chrono::{DateTime, Utc};
use std::collections::HashSet;

/// How many tickets are counted in one round: on SQLite others write only when it is done.
const BATCH: u64 = 100;

/// Counts what has to be counted again, some of it, and tells how many tickets it was.
pub async fn run(app: &App) -> Result<usize, StorageError> {
    match round(app).await {
        // Figures are no reason to stop what people wait for.
        Err(error) if !matches!(error, StorageError::Database { .. }) || error.is_transient() => {
            let error = &error as &dyn std::error::Error;
            tracing::error!(error, "figures could not be brought up to date");
            Ok(0)
        }
        done => done,
    }
}

/// What the categories of this county ask for.
pub fn expected(county: &County) -> Expected {
    let categories = county.categories().iter();
    Expected::of(
        categories.map(|category| (&*category.code, category.needs_photo, category.is_long)),
    )
}

async fn round(app: &App) -> Result<usize, StorageError> {
    let now = app.clock.now();
    let mut due = app.store.uncounted(now, BATCH).await?;
    let expected = expected(&*app.county_at(now).await?);
    if due.tickets.is_empty() {
        // Once a day it is looked at anew: two workers may have held two counties for a moment.
        let mark = format!("{} {:?}", date_of(now), expected);
        if app.store.figures_expect().await? == Some(mark.clone()) {
            return Ok(0);
        }
        let asks = |category: &str| Asks::of(&expected, category);
        due.tickets = app.store.counted_otherwise(asks, BATCH).await?;
        if due.tickets.is_empty() {
            let tx = app.store.begin().await?;
            tx.begin_counting().await?;
            tx.set_figures_expect(&mark).await?;
            tx.commit().await?;
            return Ok(0);
        }
    }
    count(app, &due, &expected, now).await?;
    Ok(due.tickets.len())
}

async fn count(
    app: &App,
    due: &Uncounted,
    expected: &Expected,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    let Read { stories, spoiled } = read(app, &due.tickets).await?;
    let phones: Vec<Follower> = stories.iter().map(|(ticket, _)| ticket.reporter.clone()).collect();
    let members = app.store.members_among(&phones).await?;
    let counted: Vec<(TicketId, i64, Counted)> = stories
        .iter()
        .filter_map(|(ticket, events)| {
            let counted = counted(ticket, events, &members, expected, now)?;
            Some((ticket.id, ticket.version, counted))
        })
        .collect();

    let tx = app.store.begin().await?;
    tx.begin_counting().await?;
    let known = tx.counted(&due.tickets).await?;
    let mut sums = Sums::default();
    let mut changed = Vec::new();
    let mut seen: HashSet<TicketId> = spoiled.iter().copied().collect();
    for (id, version, counted) in counted {
        seen.insert(id);
        if let Some((known_in, before)) = known.get(&id) {
            // Another worker knew more, or there is nothing new.
            if *known_in > version || *before == counted {
                continue;
            }
            sums.take(before);
        }
        sums.add(&counted);
        changed.push((id, version, counted));
    }
    let gone: Vec<TicketId> = due.tickets.iter().copied().filter(|id| !seen.contains(id)).collect();
    for (_, before) in gone.iter().filter_map(|id| known.get(id)) {
        sums.take(before);
    }
    tx.put_counted(&changed).await?;
    tx.forget_counted(&gone).await?;
    tx.change_sums(sums).await?;
    for id in spoiled {
        tx.leave_uncounted(id).await?;
    }
    tx.end_counting(due).await?;
    tx.commit().await
}

/// What happened to tickets, and those of which it cannot be read.
struct Read {
    stories: Vec<(Ticket, Vec<Event>)>,
    spoiled: Vec<TicketId>,
}

/// One spoiled row must not keep all others from being counted.
async fn read(app: &App, ids: &[TicketId]) -> Result<Read, StorageError> {
    match app.store.stories(ids).await {
        Ok(stories) => return Ok(Read { stories, spoiled: Vec::new() }),
        Err(StorageError::Inconsistent { .. }) => {}
        Err(error) => return Err(error),
    }
    let mut read = Read { stories: Vec::new(), spoiled: Vec::new() };
    for id in ids {
        match app.store.stories(&[*id]).await {
            Ok(story) => read.stories.extend(story),
            Err(error @ StorageError::Inconsistent { .. }) => {
                let error = &error as &dyn std::error::Error;
                tracing::error!(error, "a ticket could not be counted");
                read.spoiled.push(*id);
            }
            Err(error) => return Err(error),
        }
    }
    Ok(read)
}

fn counted(
    ticket: &Ticket,
    events: &[Event],
    members: &HashSet<Follower>,
    expected: &Expected,
    now: DateTime<Utc>,
) -> Option<Counted> {
    // Another machine's clock may be a little ahead.
    let at = events.last().map_or(now, |last| last.at.max(now));
    let subject = Subject::of(ticket, members.contains(&ticket.reporter));
    Story::of(subject, events, at).map(|story| Counted::of(&story, expected))
}
