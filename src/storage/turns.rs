//! Who writes next on SQLite: first come, first served, within this process.
//!
//! SQLite has one writer at a time and lets those who wait try again now and then. Under load
//! some of them would try in vain until they give up, while others, who came later, go first.
//!
//! Deliberately absent: PostgreSQL, which has queues of its own, and other processes: beside a
//! server there are short commands only, and for them SQLite's own patience is enough.

use std::sync::Arc;
use tokio::sync::{Mutex, OwnedMutexGuard};

/// The row in which writers wait; none where the database has its own.
#[derive(Debug, Clone)]
pub(super) struct Turns(Option<Arc<Mutex<()>>>);

/// Somebody's turn to write; the next one's when it is dropped.
#[derive(Debug)]
pub(super) struct Turn(
    #[expect(dead_code, reason = "dropping it ends the turn")] Option<OwnedMutexGuard<()>>,
);

impl Turn {
    /// Of somebody who only looks, for whom nobody has to wait.
    pub(super) fn of_a_reader() -> Self {
        Self(None)
    }
}

impl Turns {
    /// The row of the database at this address.
    pub(super) fn on(url: &str) -> Self {
        Self(url.starts_with("sqlite").then(Arc::default))
    }

    /// Waits in the row.
    pub(super) async fn next(&self) -> Turn {
        match &self.0 {
            Some(row) => Turn(Some(row.clone().lock_owned().await)),
            None => Turn(None),
        }
    }
}
