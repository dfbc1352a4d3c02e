//! Photos, voices and films that people send: fetched, checked, made harmless, kept, shown.
//!
//! What somebody sends in chat is with the platform for three days. The push leaves a row, in its
//! own transaction; [`fetch`] brings the bytes. Whatever they are said to be, [`content`] tells
//! what they are, and a picture is made anew by [`picture`]: turned as it was held, and without
//! the place and the phone that the camera wrote into it. What came is kept beside it, for nobody
//! but administrators. Nothing here is public: whoever calls [`read`] has seen that the person may
//! see it.
//!
//! It promises that a row that says *kept* has its bytes, that bytes without such a row do not
//! stay, and that one picture at a time is unpacked.
//!
//! Deliberately absent: who may see what, and making voices playable: browsers do not know AMR, and
//! what a person sent is handed on as it came.

pub mod content;
pub mod fetch;
pub mod objects;
pub mod picture;

use crate::{
    app::App,
    config::MediaPlace,
    storage::{Fetched, Incoming, MediaRow, MediaStage, StorageError},
    ticket::{Media, MediaKind},
};
use chrono::{DateTime, TimeDelta, Utc};
use content::{Content, Strange};
use objects::{Objects, ObjectsError, Part};
use picture::{BadPicture, LARGEST, Picture};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// An arrival that was broken off is cleared away after so long.
const ARRIVAL: TimeDelta = TimeDelta::hours(1);

/// Where bytes lie, and who may unpack a picture now. Cheap to clone.
#[derive(Clone)]
pub struct Shelf {
    /// Where they lie.
    pub objects: Objects,
    /// A picture of fifty million points takes two hundred megabytes while it is looked at.
    turns: Arc<Semaphore>,
}

/// How large something is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// At most 480 points; only pictures have it.
    Thumbnail,
    /// All of it.
    Whole,
}

/// Something that is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct Kept {
    /// What it is, from a closed list.
    pub media_type: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for Kept {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Kept({}, {} bytes)", self.media_type, self.bytes.len())
    }
}

/// Why nothing can be kept of what came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// More bytes than are looked at.
    #[error("it is too large")]
    TooLarge,
    /// A page or an answer of some machine in between.
    #[error("it is no file")]
    NotAFile,
    /// A file of a kind that we do not know.
    #[error("it is a file of an unknown kind")]
    UnknownKind,
    /// It says that it is a picture, and is none.
    #[error("it is no whole picture")]
    Picture(#[source] BadPicture),
}

/// Why an upload was not taken in.
#[derive(Debug, thiserror::Error)]
pub enum TakeInError {
    /// It is nothing that can be kept, or no picture.
    #[error("what was uploaded cannot be kept")]
    Unfit(#[source] Unfit),
    /// It is something else than a picture.
    #[error("what was uploaded is no picture")]
    NoPicture,
    /// The place where bytes lie cannot be reached.
    #[error("what was uploaded could not be kept")]
    Objects(#[from] ObjectsError),
    /// The database cannot.
    #[error("what was uploaded could not be written down")]
    Storage(#[from] StorageError),
}

/// Why something that is kept cannot be read or deleted.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The place where bytes lie cannot be reached.
    #[error("the bytes cannot be reached")]
    Objects(#[from] ObjectsError),
    /// The database cannot.
    #[error("what is known of it cannot be reached")]
    Storage(#[from] StorageError),
}

/// Bytes that were looked at, ready to be kept.
struct Ready {
    media_type: &'static str,
    parts: Vec<(Part, Vec<u8>)>,
}

impl Shelf {
    /// A shelf at the place that was chosen; nothing is touched yet.
    pub fn at(place: &MediaPlace) -> Result<Self, ObjectsError> {
        Ok(Self { objects: Objects::at(place)?, turns: Arc::new(Semaphore::new(1)) })
    }

    /// Tells what bytes are and makes them harmless.
    async fn prepare(&self, bytes: Vec<u8>) -> Result<Ready, Unfit> {
        if bytes.len() > LARGEST {
            return Err(Unfit::TooLarge);
        }
        let content = Content::of(&bytes).map_err(|strange| match strange {
            Strange::Text => Unfit::NotAFile,
            Strange::Unknown => Unfit::UnknownKind,
        })?;
        let Content::Picture(format) = content else {
            let parts = vec![(Part::Whole, bytes)];
            return Ok(Ready { media_type: content.media_type(), parts });
        };
        // It is never closed.
        let _turn = self.turns.acquire().await;
        let work = tokio::task::spawn_blocking(move || {
            let remade = picture::remade(&bytes, format);
            (remade, bytes)
        });
        let broken = |_| Unfit::Picture(BadPicture::Broken);
        let (remade, original) = work.await.map_err(broken)?;
        let Picture { whole, media_type, thumbnail } = remade.map_err(Unfit::Picture)?;
        let parts =
            vec![(Part::Original, original), (Part::Thumbnail, thumbnail), (Part::Whole, whole)];
        Ok(Ready { media_type, parts })
    }

    async fn put(&self, row: &MediaRow, parts: Vec<(Part, Vec<u8>)>) -> Result<(), ObjectsError> {
        for (part, bytes) in parts {
            self.objects.put(&row.id, row.at, part, bytes).await?;
        }
        Ok(())
    }
}

/// Takes in a photo that came by a page and not by chat: looks at it, turns it, keeps it.
pub async fn take_in(
    app: &App,
    account: &str,
    bytes: Vec<u8>,
    now: DateTime<Utc>,
) -> Result<Media, TakeInError> {
    let ready = app.media.prepare(bytes).await.map_err(TakeInError::Unfit)?;
    if !ready.media_type.starts_with("image/") {
        return Err(TakeInError::NoPicture);
    }
    let incoming = Incoming {
        id: format!("up-{}", app.ids.fresh()),
        account: account.to_owned(),
        openid: None,
        kind: MediaKind::Photo,
    };
    // Until it is kept the row says that it is to be deleted, so nothing stays without one.
    let row = app.store.begin_media(&incoming, ARRIVAL, now).await?;
    app.media.put(&row, ready.parts).await?;
    let kept = Fetched::Kept { media_type: ready.media_type.to_owned() };
    app.store.finish_media(&row, &kept).await?;
    Ok(Media { kind: MediaKind::Photo, id: incoming.id, at: now })
}

/// What is kept under an id. Whoever calls has seen that the person may see it.
pub async fn read(app: &App, media_id: &str, size: Size) -> Result<Option<Kept>, ReadError> {
    let Some((row, media_type)) = kept(app, media_id).await? else { return Ok(None) };
    let is_picture = media_type.starts_with("image/");
    let (part, media_type) = match size {
        Size::Thumbnail if is_picture => (Part::Thumbnail, "image/jpeg".to_owned()),
        Size::Thumbnail => return Ok(None),
        Size::Whole => (Part::Whole, media_type),
    };
    let bytes = app.media.objects.get(&row.id, row.at, part).await?;
    Ok(bytes.map(|bytes| Kept { media_type, bytes }))
}

/// The bytes as they came, with everything that the camera wrote into them.
pub async fn original(app: &App, media_id: &str) -> Result<Option<Vec<u8>>, ReadError> {
    let Some((row, media_type)) = kept(app, media_id).await? else { return Ok(None) };
    let is_picture = media_type.starts_with("image/");
    let part = if is_picture { Part::Original } else { Part::Whole };
    Ok(app.media.objects.get(&row.id, row.at, part).await?)
}

/// Deletes these for good, whoever uses them. Where that does not succeed now the worker goes on.
pub async fn forget(app: &App, ids: &[String]) -> Result<(), ReadError> {
    app.store.drop_media(ids, app.clock.now()).await?;
    for id in ids {
        if let Some(row) = app.store.media(id).await? {
            app.media.objects.delete(&row.id, row.at).await?;
            app.store.forget_media(id).await?;
        }
    }
    Ok(())
}

async fn kept(app: &App, id: &str) -> Result<Option<(MediaRow, String)>, StorageError> {
    let row = app.store.media(id).await?.filter(|row| row.stage == MediaStage::Kept);
    Ok(row.and_then(|row| row.media_type.clone().map(|media_type| (row, media_type))))
}
