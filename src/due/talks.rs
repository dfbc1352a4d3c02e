//! Talks with the desk in which nobody says anything: the desk is reminded, and the bot comes back.

use crate::app::App;
use crate::storage::StorageError;
use crate::talk;
use crate::ticket::Follower;
use chrono::{DateTime, Utc};

/// Does what is due with the talk of one person.
pub(super) async fn due(
    app: &App,
    follower: &Follower,
    now: DateTime<Utc>,
) -> Result<bool, StorageError> {
    let county = app.county_at(now).await?;
    let tx = app.store.begin().await?;
    let with = tx.open_conversation(follower, now).await?;
    let done = talk::time_passes(app, &tx, &county, with, now).await?;
    tx.commit().await?;
    Ok(done)
}
