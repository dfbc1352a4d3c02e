//! What leaves: messages are rows written with the change that caused them; a worker sends them.
//!
//! Delivery is at least once, except where the platform could not tell a repeat (see
//! [`deliver`]). The worker is woken by the bell or by the clock and does the same either way: it
//! looks at the database, which knows what is due. Nothing is deleted on failure: what cannot be
//! delivered stays as a dead letter that somebody can send again.
//!
//! Deliberately absent: transactions around a send, and the choice of words.

mod deliver;
mod further;
mod gather;
mod groups;
mod ledger;
mod link;
pub mod message;
pub mod post;
pub mod preview;
mod put_up;
mod schedule;
mod ways;

use crate::app::App;
use crate::due;
use crate::figures;
use crate::life::{self, Watch};
use crate::media::fetch;
use crate::menus;
use crate::storage::{Finished, Leased, StorageError, Trail};
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::join_all;
use std::collections::BTreeMap;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// How long a worker may hold a message: longer than [`BEGIN_WITHIN`] and the slowest delivery,
/// which is two channels with a refused token each.
const LEASE: TimeDelta = TimeDelta::seconds(120);
/// What is not begun by then goes back: a slow platform must not keep the last of a row so long
/// that another worker takes it meanwhile.
const BEGIN_WITHIN: TimeDelta = TimeDelta::seconds(30);
/// How many messages are taken at once.
const BATCH: u64 = 20;
/// How often answers are cleared that no repeat will ask for.
const SWEEP: TimeDelta = TimeDelta::hours(1);
/// How often the worker writes down that it is alive.
const BEAT: TimeDelta = TimeDelta::seconds(15);
/// How long the worker sleeps when nobody rings: what other processes put in waits at most so.
const PATIENCE: Duration = Duration::from_secs(1);

/// What one look at the outbox did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tick {
    /// Messages that were tried.
    pub tried: usize,
    /// Things that time alone brought about.
    pub due: usize,
    /// Tickets whose figures were brought up to date.
    pub counted: usize,
    /// Photos, voices and films that were fetched, or let go.
    pub fetched: usize,
    /// People whose tag at the platform was brought to what they are.
    pub tagged: usize,
}

impl Tick {
    /// Nothing was left to do.
    pub fn is_idle(self) -> bool {
        let Self { tried, due, counted, fetched, tagged } = self;
        tried + due + counted + fetched + tagged == 0
    }
}

/// Writes down that the worker is alive, and not more often than anybody looks.
#[derive(Debug)]
pub struct Pulse(DateTime<Utc>);

impl Default for Pulse {
    fn default() -> Self {
        Self(DateTime::<Utc>::MIN_UTC)
    }
}

impl Pulse {
    /// To be called after each look that succeeded.
    pub async fn beat(&mut self, app: &App) {
        let now = app.clock.now();
        // A clock may be set back.
        let is_fresh = (TimeDelta::zero()..BEAT).contains(&(now - self.0));
        if !is_fresh && app.store.beat(now).await.is_ok() {
            self.0 = now;
        }
    }
}

/// Works until it is told to stop; the message at hand is finished first. Photos are fetched
/// beside it, because a slow one must not keep anybody's message.
pub async fn run(app: &App, stop: &CancellationToken) {
    tokio::join!(
        keep_sending(app, stop),
        fetch::keep_fetching(app, stop),
        put_up::keep_putting_up(app, stop)
    );
}

async fn keep_sending(app: &App, stop: &CancellationToken) {
    let worker = app.ids.fresh();
    let mut failures: u32 = 0;
    let mut swept = DateTime::<Utc>::MIN_UTC;
    let mut pulse = Pulse::default();
    let mut watch = Watch::default();
    while !stop.is_cancelled() {
        let done = look(app, worker).await;
        let now = app.clock.now();
        if done.is_ok() && now - swept >= SWEEP && sweep(app, now).await.is_ok() {
            swept = now;
        }
        if done.is_ok() {
            pulse.beat(app).await;
        }
        if done.is_ok()
            && let Err(error) = Box::pin(life::run(app, &mut watch)).await
        {
            let error = &error as &dyn std::error::Error;
            tracing::error!(error, "the accounts could not be looked after");
        }
        match &done {
            Ok(_) => failures = 0,
            Err(error) => {
                failures = failures.saturating_add(1);
                let error = error as &dyn std::error::Error;
                tracing::error!(error, failures, "the worker could not look at its work");
            }
        }
        #[expect(clippy::cast_precision_loss, reason = "seconds since 1970 fit many times over")]
        metrics::gauge!("lianxin_worker_heartbeat_seconds").set(app.clock.now().timestamp() as f64);
        if done.is_ok_and(|tick| !tick.is_idle()) {
            continue;
        }
        let pause = PATIENCE * failures.clamp(1, 30);
        tokio::select! {
            _ = app.bell.heard(pause) => {}
            () = stop.cancelled() => {}
        }
    }
}

/// Forgets what nobody asks for any more.
async fn sweep(app: &App, now: DateTime<Utc>) -> Result<(), StorageError> {
    app.store.clear_old_answers(now).await?;
    app.store.clear_old_talks(now).await
}

/// One look at everything, photos last.
pub async fn tick(app: &App, worker: Uuid) -> Result<Tick, StorageError> {
    let done = look(app, worker).await?;
    let put_up = Box::pin(put_up::run(app)).await?;
    Ok(Tick { fetched: put_up + Box::pin(fetch::run(app)).await?, ..done })
}

/// One look: what time brings about first, because it may put messages in.
async fn look(app: &App, worker: Uuid) -> Result<Tick, StorageError> {
    // On the heap: whoever waits for a tick would carry all that time can bring about.
    let due = Box::pin(due::run(app)).await?;
    let tried = send_due(app, worker).await? + Box::pin(groups::speak(app)).await?;
    let tagged = Box::pin(menus::tags::run(app)).await?;
    // Nobody waits for figures: they come last.
    let counted = Box::pin(figures::run(app)).await?;
    Ok(Tick { tried, due, counted, fetched: 0, tagged })
}

/// Sends what is due now. Messages to one person leave in order, different people at once.
async fn send_due(app: &App, worker: Uuid) -> Result<usize, StorageError> {
    let now = app.clock.now();
    let leased = app.store.lease_due(worker, now, LEASE, BATCH).await?;
    let tried = leased.len();
    let mut by_person: BTreeMap<_, Vec<Leased>> = BTreeMap::new();
    for message in leased {
        by_person.entry(message.to.clone()).or_default().push(message);
    }
    let sent = join_all(by_person.into_values().map(|messages| async move {
        let (gathered, messages): (Vec<Leased>, Vec<Leased>) =
            messages.into_iter().partition(|message| message.gathered);
        if !gathered.is_empty() {
            Box::pin(gather::deliver(app, worker, gathered)).await?;
        }
        for message in &messages {
            let begun = app.clock.now();
            let (finished, trail) = if begun < now + BEGIN_WITHIN {
                deliver::deliver(app, message).await?
            } else {
                (Finished::PutOff { until: begun }, Trail::default())
            };
            ways::count(&finished);
            let ended = app.clock.now();
            app.store.finish_by(message.id, worker, &finished, &trail, ended).await?;
        }
        Ok::<(), StorageError>(())
    }))
    .await;
    sent.into_iter().collect::<Result<(), _>>()?;
    Ok(tried)
}
