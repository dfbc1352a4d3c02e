//! Pictures and voices of the county's texts are put up at the platform before anybody needs them: it
//! keeps them for three days, and nothing is put up while a push waits for its answer.
//!
//! What cannot be put up is tried again after a while; until then texts say their words alone.
//!
//! Deliberately absent: which text shows what.

use crate::app::App;
use crate::storage::{PutUp, ShownFile, StorageError};
use crate::wechat::client::{Interface, Upload, UploadKind};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// The platform keeps them for three days.
const AGAIN_AFTER: TimeDelta = TimeDelta::hours(60);
/// What failed is tried again.
const PATIENCE: TimeDelta = TimeDelta::minutes(5);
/// One call is slow; the rest comes with the next look.
const AT_ONCE: usize = 3;

/// How often it is looked for.
const PAUSE: Duration = Duration::from_secs(30);

/// Looks now and then, until it is told to stop.
pub(super) async fn keep_putting_up(app: &App, stop: &CancellationToken) {
    while !stop.is_cancelled() {
        if let Err(error) = run(app).await {
            tracing::error!(%error, "the files of the texts could not be looked at");
        }
        let _ = tokio::time::timeout(PAUSE, stop.cancelled()).await;
    }
}

/// Puts up what is missing, and tells how much it was.
pub(super) async fn run(app: &App) -> Result<usize, StorageError> {
    let kept: Vec<ShownFile> = app.store.shown_files().await?;
    let mut done = 0;
    for account in app.accounts.iter() {
        let now = app.clock.now();
        let wanted = wanted(app, &account.slug, &kept);
        if wanted.is_empty() {
            continue;
        }
        if !app.client.circuits().allows(&account.slug, Interface::MediaUpload, None, now) {
            continue;
        }
        let up = app.store.put_up(&account.slug).await?;
        let missing = wanted.iter().filter(|(name, hash)| is_due(up.get(*name), hash, now));
        for (name, hash) in missing.take(AT_ONCE) {
            let Some(file) = file(app, &account.slug, name, hash).await? else { continue };
            let kind = if is_voice(name) { UploadKind::Voice } else { UploadKind::Image };
            let put = app.client.upload(&account.slug, kind, &file).await;
            if let Err(error) = &put {
                tracing::warn!(account = account.slug, %error, "a file of the texts is not put up");
            }
            let up = PutUp { hash: hash.clone(), media_id: put.ok(), at: now };
            app.store.note_put_up(&account.slug, name, &up).await?;
            done += 1;
        }
    }
    Ok(done)
}

/// The files by name with what their bytes add up to: those of the console stand before those of the
/// folder.
fn wanted(app: &App, account: &str, kept: &[ShownFile]) -> BTreeMap<String, String> {
    let mut wanted: BTreeMap<String, String> = app
        .words_of(account)
        .files()
        .iter()
        .map(|(name, bytes)| (name.clone(), ShownFile::sum(bytes)))
        .collect();
    wanted.extend(kept.iter().map(|file| (file.name.clone(), file.hash.clone())));
    wanted
}

fn is_due(up: Option<&PutUp>, hash: &str, now: DateTime<Utc>) -> bool {
    up.is_none_or(|up| {
        let again = if up.media_id.is_some() { AGAIN_AFTER } else { PATIENCE };
        up.hash != hash || now >= up.at + again
    })
}

async fn file(
    app: &App,
    account: &str,
    name: &str,
    hash: &str,
) -> Result<Option<Upload>, StorageError> {
    let kept = app.store.shown_bytes(name).await?;
    let bytes = kept.or_else(|| app.words_of(account).files().get(name).cloned());
    let ending = name.rsplit_once('.').map_or("jpg", |(_, ending)| ending).to_lowercase();
    let media_type = match ending.as_str() {
        "png" => "image/png",
        "gif" => "image/gif",
        "mp3" => "audio/mpeg",
        "amr" => "audio/amr",
        _ => "image/jpeg",
    };
    // The platform wants a name in plain letters.
    let plain = format!("{}.{ending}", hash.get(..16).unwrap_or("file"));
    Ok(bytes.map(|bytes| Upload { name: plain, media_type: media_type.to_owned(), bytes }))
}

fn is_voice(name: &str) -> bool {
    let ending = Path::new(name).extension().and_then(|ending| ending.to_str());
    ending.is_some_and(|ending| matches!(&*ending.to_lowercase(), "mp3" | "amr"))
}
