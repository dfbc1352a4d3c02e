//! Photos on pages: shown to whoever may read the ticket, and taken in with a result.

use super::{
    door::{Door, Side, broken, nothing},
    sheet,
    stop::Stop,
    ticket::told,
};
use crate::{
    media::{self, Kept, Size, TakeInError},
    ticket::Media,
};
use actix_web::{
    HttpResponse,
    http::header::{self, HeaderValue},
    web::{Path, Query},
};
use serde::Deserialize;

/// It may be looked at, and that is all.
const POLICY: &str = "default-src 'none'; img-src 'self'; frame-ancestors 'none'; sandbox";

#[derive(Deserialize)]
pub(super) struct Asked {
    /// The whole picture, and not a small one.
    whole: Option<String>,
}

/// A photo of one's own matter.
pub(super) async fn of_ticket(
    door: Door,
    path: Path<(String, usize)>,
    asked: Query<Asked>,
) -> Result<HttpResponse, Stop> {
    shown(&door, path.into_inner(), asked.whole.is_some(), Side::Reporter).await
}

/// A photo of a task.
pub(super) async fn of_task(
    door: Door,
    path: Path<(String, usize)>,
    asked: Query<Asked>,
) -> Result<HttpResponse, Stop> {
    shown(&door, path.into_inner(), asked.whole.is_some(), Side::Worker).await
}

async fn shown(
    door: &Door,
    (key, index): (String, usize),
    whole: bool,
    side: Side,
) -> Result<HttpResponse, Stop> {
    let opened = door.opens(&key, side).await?;
    let is_of_result = index >= opened.ticket.report.media.len();
    let may = if is_of_result { sheet::shows_result(&opened) } else { sheet::may_read(&opened) };
    let one = sheet::media(&opened.ticket).nth(index).filter(|_| may).ok_or_else(nothing)?;
    let size = if whole { Size::Whole } else { Size::Thumbnail };
    let kept = media::read(&door.app, &one.id, size).await.map_err(|error| broken(&error))?;
    let is_picture = |kept: &Kept| kept.media_type.starts_with("image/");
    let Kept { media_type, bytes } = kept.filter(is_picture).ok_or_else(nothing)?;
    Ok(HttpResponse::Ok()
        .content_type(media_type)
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((header::REFERRER_POLICY, "no-referrer"))
        .insert_header((header::CONTENT_DISPOSITION, "inline; filename=\"photo.jpg\""))
        // What is small already is not made smaller by packing.
        .insert_header((header::CONTENT_ENCODING, HeaderValue::from_static("identity")))
        .body(bytes))
}

/// Keeps a photo that a browser sent.
pub(super) async fn take_in(
    door: &Door,
    account: &str,
    key: &str,
    bytes: Vec<u8>,
) -> Result<Media, Stop> {
    match media::take_in(&door.app, account, bytes, door.now).await {
        Ok(kept) => Ok(kept),
        Err(TakeInError::Unfit(_) | TakeInError::NoPicture) => {
            let what = "选的文件里有一个不是照片，或者打不开，没有交上去。请重新选一下。";
            Err(told(key, "task", "有一张照片打不开", what))
        }
        Err(error) => Err(broken(&error)),
    }
}
