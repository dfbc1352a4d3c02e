//! The demo's worker, and its time: somebody presses "3天后" and it is three days later.
//!
//! What falls due on the way happens in order, each at its own moment, as if the days had passed.
//! The clock's offset is stored before the clock moves, so time never runs backwards, not even
//! from one start to the next.

use crate::{
    app::App,
    clock::{Clock, ShiftedClock},
    due, outbox,
    storage::StorageError,
};
use chrono::TimeDelta;
use std::{sync::Arc, time::Duration};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// More moments than a year of a demo has: what goes on for longer feeds itself.
const ROUNDS: usize = 1000;
/// What another command put into the database waits at most so long.
const PATIENCE: Duration = Duration::from_secs(1);

/// The worker of a demo, who moves the clock as well.
pub(super) struct Time {
    pub(super) app: App,
    pub(super) clock: Arc<ShiftedClock>,
    /// How far the clock is ahead of the machine's.
    pub(super) ahead: TimeDelta,
    /// By how much somebody wants it moved.
    pub(super) wishes: UnboundedReceiver<TimeDelta>,
}

impl Time {
    /// Works until it is told to stop.
    pub(super) async fn run(mut self, stop: CancellationToken) {
        let worker = self.app.ids.fresh();
        let mut pulse = outbox::Pulse::default();
        while !stop.is_cancelled() {
            match self.settle(worker).await {
                Ok(()) => pulse.beat(&self.app).await,
                Err(error) => {
                    let error = &error as &dyn std::error::Error;
                    tracing::error!(error, "the worker could not look at its work");
                }
            }
            tokio::select! {
                Some(wish) = self.wishes.recv() => {
                    if let Err(error) = self.pass(wish, worker).await {
                        let error = &error as &dyn std::error::Error;
                        tracing::error!(error, "time could not be moved");
                    }
                }
                _ = self.app.bell.heard(PATIENCE) => {}
                () = stop.cancelled() => {}
            }
        }
    }

    /// Lets time pass: from one moment at which something is due to the next.
    async fn pass(&mut self, step: TimeDelta, worker: Uuid) -> Result<(), StorageError> {
        let target = self.clock.now() + step;
        for _ in 0..ROUNDS {
            self.settle(worker).await?;
            // What is due and yet does not happen must not stop time.
            match due::next(&self.app).await? {
                Some(next) if next > self.clock.now() && next <= target => {
                    self.advance(next - self.clock.now()).await?;
                }
                _ => break,
            }
        }
        self.advance(target - self.clock.now()).await?;
        self.settle(worker).await
    }

    async fn advance(&mut self, step: TimeDelta) -> Result<(), StorageError> {
        // The machine's clock goes on meanwhile.
        let step = step.max(TimeDelta::zero());
        self.app.store.set_demo_clock(self.ahead + step).await?;
        self.ahead = self.clock.advance(step);
        Ok(())
    }

    /// Everything that is due now is done, and everything that may leave now leaves.
    async fn settle(&self, worker: Uuid) -> Result<(), StorageError> {
        for _ in 0..ROUNDS {
            if outbox::tick(&self.app, worker).await?.is_idle() {
                break;
            }
        }
        Ok(())
    }
}
