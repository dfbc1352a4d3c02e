//! Bringing what the platform has: within three days, again and again, and then never more.
//!
//! A row is taken in hand for a while, so that two workers do not fetch one photo, and one that
//! dies in between leaves it to be fetched again; keeping the same bytes twice changes nothing.
//! What is said of a failure is a [`Why`], which pages put into words.
//!
//! Deliberately absent: what happens to messages; nobody waits for a photo.

use super::{Ready, Unfit, picture::BadPicture};
use crate::{
    app::App,
    storage::{Fetched, MediaRow, MediaStage, StorageError},
    telemetry::Chain,
    wechat::client::{Class, ClientError, Interface, Unclear},
};
use chrono::{DateTime, TimeDelta, Utc};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// The platform keeps what was sent so long.
pub const LIFE: TimeDelta = TimeDelta::days(3);
/// Longer than a fetch, a look and a put take together.
const LEASE: TimeDelta = TimeDelta::minutes(4);
/// How many are looked at in one round.
const BATCH: u64 = 10;
/// What the platform calls wrong is asked for once more, in case it was early, and not for days.
const WRONG_AT_MOST: u32 = 3;
/// How long a draft that is still spoken of keeps its photos before somebody looks again.
const STILL_WANTED: TimeDelta = TimeDelta::days(1);
/// How long the worker sleeps.
const PATIENCE: Duration = Duration::from_secs(1);
/// An interface that rests is not asked; the next look is after this.
const REST: TimeDelta = TimeDelta::minutes(5);

/// Why something is not here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// The platform did not answer, or not now.
    Platform,
    /// The platform does not know it any more.
    Gone,
    /// The platform refuses it.
    Refused,
    /// It was too large.
    TooLarge,
    /// Something between us and the platform answered.
    NotAFile,
    /// A file of a kind that we do not keep.
    UnknownKind,
    /// It cannot be decoded.
    Broken,
    /// The place where we keep bytes could not be reached.
    NotKept,
    /// The three days are over.
    Expired,
}

impl Why {
    /// Every reason.
    pub const ALL: [Self; 9] = [
        Self::Platform,
        Self::Gone,
        Self::Refused,
        Self::TooLarge,
        Self::NotAFile,
        Self::UnknownKind,
        Self::Broken,
        Self::NotKept,
        Self::Expired,
    ];

    /// The code that is stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::Platform => "platform",
            Self::Gone => "gone",
            Self::Refused => "refused",
            Self::TooLarge => "too_large",
            Self::NotAFile => "not_a_file",
            Self::UnknownKind => "unknown_kind",
            Self::Broken => "broken",
            Self::NotKept => "not_kept",
            Self::Expired => "expired",
        }
    }

    /// The reason of this code.
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|why| why.code() == code)
    }

    /// Nothing changes it: the bytes are what they are.
    fn is_final(self) -> bool {
        matches!(self, Self::TooLarge | Self::UnknownKind | Self::Broken | Self::Expired)
    }

    fn is_the_platforms_word(self) -> bool {
        matches!(self, Self::Gone | Self::Refused)
    }
}

/// Works beside the sender of messages until it is told to stop.
pub(crate) async fn keep_fetching(app: &App, stop: &CancellationToken) {
    let mut failures: u32 = 0;
    while !stop.is_cancelled() {
        match run(app).await {
            Ok(0) => failures = 0,
            Ok(_) => {
                failures = 0;
                continue;
            }
            Err(error) => {
                failures = failures.saturating_add(1);
                tracing::error!(error = %Chain(&error), failures, "photos could not be looked for");
            }
        }
        let pause = PATIENCE * failures.clamp(1, 30);
        // Nothing rings for a photo.
        let _ = tokio::time::timeout(pause, stop.cancelled()).await;
    }
}

/// Looks once at what is due; how much it was.
pub async fn run(app: &App) -> Result<usize, StorageError> {
    let mut done = 0;
    for row in app.store.due_media(app.clock.now(), BATCH).await? {
        let now = app.clock.now();
        if !app.store.lease_media(&row, now + LEASE).await? {
            continue;
        }
        done += 1;
        match row.stage {
            MediaStage::Waiting => Box::pin(fetch(app, &row)).await?,
            MediaStage::Kept | MediaStage::Lost => unused(app, &row, now).await?,
            MediaStage::Dropped => drop_it(app, &row).await?,
        }
    }
    Ok(done)
}

/// Nothing used it so far: it goes, unless a draft still speaks of it.
async fn unused(app: &App, row: &MediaRow, now: DateTime<Utc>) -> Result<(), StorageError> {
    if app.store.is_media_in_a_draft(&row.id).await? {
        return app.store.put_off_media(&row.id, now + STILL_WANTED).await;
    }
    app.store.drop_media(std::slice::from_ref(&row.id), now).await
}

async fn drop_it(app: &App, row: &MediaRow) -> Result<(), StorageError> {
    match app.media.objects.delete(&row.id, row.at).await {
        Ok(()) => app.store.forget_media(&row.id).await,
        Err(error) => {
            tracing::warn!(error = %Chain(&error), "a photo could not be deleted; again later");
            Ok(())
        }
    }
}

async fn fetch(app: &App, row: &MediaRow) -> Result<(), StorageError> {
    let attempt = row.attempts.saturating_add(1);
    let outcome = match brought(app, row).await {
        Ok(ready) => keep(app, row, ready).await,
        Err(why) => Err(why),
    };
    let now = app.clock.now();
    let fetched = match outcome {
        Ok(media_type) => Fetched::Kept { media_type: media_type.to_owned() },
        Err(Some(why)) => after(why, attempt, row.at, now),
        // Not asked at all.
        Err(None) => after(Why::Platform, 0, row.at, now),
    };
    let told = match &fetched {
        Fetched::Kept { .. } => "kept",
        Fetched::Again { .. } => "again",
        Fetched::Lost { .. } => "lost",
    };
    metrics::counter!("lianxin_media_total", "outcome" => told).increment(1);
    if let Fetched::Lost { why } = &fetched {
        tracing::warn!(account = row.account, why, attempt, "something that was sent is lost");
    }
    let is_wanted = app.store.finish_media(row, &fetched).await?;
    if !is_wanted && matches!(fetched, Fetched::Kept { .. }) {
        // It was let go meanwhile, perhaps before its bytes were there.
        drop_it(app, row).await?;
    }
    Ok(())
}

/// The bytes, looked at; why not, or nothing where the platform rests.
async fn brought(app: &App, row: &MediaRow) -> Result<Ready, Option<Why>> {
    let now = app.clock.now();
    if now >= row.at + LIFE {
        return Err(Some(Why::Expired));
    }
    if !app.client.circuits().allows(&row.account, Interface::MediaGet, None, now) {
        return Err(None);
    }
    let file = app.client.media(&row.account, &row.id).await.map_err(|error| {
        tracing::info!(account = row.account, error = %Chain(&error), "something was not fetched");
        Some(why_of(&error))
    })?;
    app.media.prepare(file.bytes).await.map_err(|unfit| {
        Some(match unfit {
            Unfit::TooLarge | Unfit::Picture(BadPicture::TooMany) => Why::TooLarge,
            Unfit::NotAFile => Why::NotAFile,
            Unfit::UnknownKind => Why::UnknownKind,
            Unfit::Picture(BadPicture::Broken) => Why::Broken,
        })
    })
}

async fn keep(app: &App, row: &MediaRow, ready: Ready) -> Result<&'static str, Option<Why>> {
    app.media.put(row, ready.parts).await.map_err(|error| {
        tracing::error!(error = %Chain(&error), "something that was fetched could not be kept");
        Some(Why::NotKept)
    })?;
    Ok(ready.media_type)
}

fn why_of(error: &ClientError) -> Why {
    const UNKNOWN_ID: i64 = 40007;
    match error {
        ClientError::Unknown(Unclear::TooLong) => Why::TooLarge,
        ClientError::Api { code: UNKNOWN_ID, .. } => Why::Gone,
        _ if error.class() == Class::Data => Why::Refused,
        _ => Why::Platform,
    }
}

/// What follows a failure: another attempt, later and later, or none.
fn after(why: Why, attempt: u32, came: DateTime<Utc>, now: DateTime<Utc>) -> Fetched {
    let is_over = why.is_the_platforms_word() && attempt >= WRONG_AT_MOST;
    if why.is_final() || is_over {
        return Fetched::Lost { why: why.code().to_owned() };
    }
    // The last look is the one that says that the time is over.
    let at = (now + pause_after(attempt)).min((came + LIFE).max(now));
    Fetched::Again { at, why: why.code().to_owned() }
}

fn pause_after(attempt: u32) -> TimeDelta {
    match attempt {
        0 => REST,
        1 => TimeDelta::seconds(10),
        2 => TimeDelta::minutes(1),
        3 => TimeDelta::minutes(5),
        4 => TimeDelta::minutes(30),
        5 => TimeDelta::hours(2),
        _ => TimeDelta::hours(6),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(text).unwrap().to_utc()
    }

    #[test]
    fn every_reason_has_a_code_of_its_own() {
        for why in Why::ALL {
            assert_eq!(Why::of(why.code()), Some(why));
        }
    }

    #[test]
    fn attempts_go_on_until_the_three_days_are_over_and_end_with_them() {
        let came = moment("2026-03-02T09:00:00+08:00");
        let (mut now, mut attempts) = (came, 0);
        while now < came + LIFE {
            attempts += 1;
            assert!(attempts < 50, "there is no end");
            let Fetched::Again { at, .. } = after(Why::Platform, attempts, came, now) else {
                panic!("given up after {attempts}");
            };
            assert!(at > now && at <= came + LIFE);
            now = at;
        }
        assert!(attempts > 10, "{attempts}");
        let over = after(Why::Expired, attempts, came, now);
        assert_eq!(over, Fetched::Lost { why: "expired".to_owned() });
    }

    #[test]
    fn what_the_platform_calls_wrong_is_asked_for_three_times() {
        let now = moment("2026-03-02T09:00:00+08:00");
        assert!(matches!(after(Why::Gone, 2, now, now), Fetched::Again { .. }));
        assert!(matches!(after(Why::Gone, 3, now, now), Fetched::Lost { .. }));
        assert!(matches!(after(Why::Broken, 1, now, now), Fetched::Lost { .. }));
        assert!(matches!(after(Why::NotKept, 9, now, now), Fetched::Again { .. }));
    }
}
