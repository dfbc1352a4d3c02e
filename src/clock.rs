//! Where the present moment comes from.
//!
//! Every request and every tick of a worker asks once and passes the answer down, so one
//! decision sees one moment, and a test or the demo can move time. Moments are cut to
//! milliseconds: PostgreSQL keeps microseconds, and a value that is read back must equal the
//! value that was written.
//!
//! Deliberately absent: time zones. The core thinks in UTC; [`crate::calendar`] knows Beijing.

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use std::sync::{Mutex, PoisonError};

/// A source of the present moment.
pub trait Clock: Send + Sync {
    /// The present moment, cut to milliseconds.
    fn now(&self) -> DateTime<Utc>;
}

/// The machine's clock.
#[derive(Debug, Default, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now().trunc_subsecs(3)
    }
}

/// A clock that stands still until somebody moves it: for replays and tests.
#[derive(Debug)]
pub struct StoppedClock(Mutex<DateTime<Utc>>);

impl StoppedClock {
    /// Stands at `now`.
    pub fn at(now: DateTime<Utc>) -> Self {
        Self(Mutex::new(now.trunc_subsecs(3)))
    }

    /// Stands at `now` from here on.
    pub fn set(&self, now: DateTime<Utc>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = now.trunc_subsecs(3);
    }

    /// Moves on by `step`.
    pub fn advance(&self, step: TimeDelta) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) += step;
    }
}

impl Clock for StoppedClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The machine's clock, moved forward by an offset that only grows: the demo's "3 days later".
#[derive(Debug, Default)]
pub struct ShiftedClock(Mutex<TimeDelta>);

impl ShiftedClock {
    /// A clock that is already `offset` ahead of the machine's.
    pub fn ahead_by(offset: TimeDelta) -> Self {
        Self(Mutex::new(offset))
    }

    /// Moves on by `step` and returns the offset in all.
    pub fn advance(&self, step: TimeDelta) -> TimeDelta {
        let mut offset = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *offset += step;
        *offset
    }
}

impl Clock for ShiftedClock {
    fn now(&self) -> DateTime<Utc> {
        SystemClock.now() + *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
