//! Photos, voices and films of a ticket, for somebody who may see the ticket.
//!
//! An answer is kept by nobody in between, is what it says it is, and can run nothing. The
//! original, which tells where somebody stood, is for administrators and leaves a line in the
//! audit log.
//!
//! Deliberately absent: anything that is shown without a ticket's number.

use super::{
    desk::Desk,
    form::Posted,
    stop::{Stop, Why},
};
use crate::{
    access::Permission,
    media::{self, Kept, Size},
    storage::Incoming,
    ticket::{Media, MediaKind},
};
use actix_web::{
    HttpResponse,
    http::header::{
        ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_ENCODING,
        CONTENT_SECURITY_POLICY, HeaderValue,
    },
    web::{Path, Query, ServiceConfig, get, post},
};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

pub(super) const WHOLE: &str = "whole";
pub(super) const THUMBNAIL: &str = "thumbnail";
pub(super) const ORIGINAL: &str = "original";

/// It may be looked at, and that is all.
const POLICY: &str = "default-src 'none'; img-src 'self'; media-src 'self'; \
                      style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox";

/// The addresses of what was sent.
pub(super) fn routes(config: &mut ServiceConfig) {
    config.route("/media/{id}", get().to(show)).route("/media/{id}/again", post().to(fetch_again));
}

/// Where something of a ticket is.
pub(super) fn address(id: &str, number: &str, size: &str) -> String {
    let id = utf8_percent_encode(id, NON_ALPHANUMERIC);
    format!("/console/media/{id}?ticket={number}&size={size}")
}

/// Where to have something fetched at once.
pub(super) fn again(id: &str) -> String {
    format!("/console/media/{}/again", utf8_percent_encode(id, NON_ALPHANUMERIC))
}

/// How a page shows what is of this type.
pub(super) fn shown_as(media_type: &str) -> &'static str {
    match media_type {
        "audio/mpeg" => "voice",
        "video/mp4" => "video",
        picture if picture.starts_with("image/") => "photo",
        // No browser plays the voices of telephones.
        _ => "file",
    }
}

#[derive(Deserialize)]
struct Asked {
    ticket: String,
    #[serde(default)]
    size: String,
}

async fn show(desk: Desk, id: Path<String>, asked: Query<Asked>) -> Result<HttpResponse, Stop> {
    let media = of_ticket(&desk, &asked.ticket, &id).await?;
    let kept = match asked.size.as_str() {
        ORIGINAL => {
            desk.needs(Permission::Originals)?;
            let bytes = media::original(&desk.app, &media.id).await;
            let bytes = bytes.map_err(|error| desk.broken(&error))?;
            if bytes.is_some() {
                desk.note("original_seen", Some(&asked.ticket), "").await?;
            }
            // Whatever it is, it is only to be saved.
            bytes.map(|bytes| Kept { media_type: "application/octet-stream".to_owned(), bytes })
        }
        size => {
            let size = if size == THUMBNAIL { Size::Thumbnail } else { Size::Whole };
            let kept = media::read(&desk.app, &media.id, size).await;
            kept.map_err(|error| desk.broken(&error))?
        }
    };
    let Kept { media_type, bytes } = kept.ok_or_else(|| desk.stop(Why::Nothing))?;
    let disposition = disposition(&asked.ticket, &media_type);
    Ok(HttpResponse::Ok()
        .content_type(media_type)
        .insert_header((CACHE_CONTROL, "private, no-store"))
        .insert_header((CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((CONTENT_DISPOSITION, disposition))
        .insert_header((ACCEPT_RANGES, "none"))
        // What is small already is not made smaller by packing.
        .insert_header((CONTENT_ENCODING, HeaderValue::from_static("identity")))
        .body(bytes))
}

/// Shown where a browser can show it, saved otherwise; the name holds nothing of anybody.
fn disposition(number: &str, media_type: &str) -> String {
    let ending = match media_type {
        "image/jpeg" => "jpg",
        "image/png" => "png",
        "audio/mpeg" => "mp3",
        "audio/amr" => "amr",
        "audio/ogg" => "spx",
        "video/mp4" => "mp4",
        _ => "bin",
    };
    let how = if matches!(shown_as(media_type), "file") { "attachment" } else { "inline" };
    format!("{how}; filename=\"{number}.{ending}\"")
}

#[derive(Deserialize)]
struct Again {
    ticket: String,
}

async fn fetch_again(id: Path<String>, posted: Posted<Again>) -> Result<HttpResponse, Stop> {
    let Posted { desk, form: Again { ticket: number } } = posted;
    let media = of_ticket(&desk, &number, &id).await?;
    desk.needs(Permission::Triage)?;
    if !desk.app.store.fetch_media_again(&media.id, desk.now).await.map_err(|e| desk.broken(&e))? {
        expect(&desk, &number, media).await?;
    }
    let said = "已经排上，几秒钟以后再看。";
    Ok(desk.go_on(&format!("/console/tickets/{number}"), said))
}

/// It was never waited for: it is from now on, unless it is here.
async fn expect(desk: &Desk, number: &str, media: Media) -> Result<(), Stop> {
    let ticket = desk.ticket(number).await?;
    let incoming = Incoming {
        id: media.id,
        account: ticket.reporter.account.clone(),
        openid: None,
        kind: media.kind,
    };
    let expected = async {
        let tx = desk.app.store.begin().await?;
        tx.expect_media(&incoming, media.at).await?;
        tx.commit().await
    };
    expected.await.map_err(|error: crate::storage::StorageError| desk.broken(&error))
}

/// What is of this ticket, if the ticket may be seen: everything else is not there.
async fn of_ticket(desk: &Desk, number: &str, id: &str) -> Result<Media, Stop> {
    let ticket = desk.ticket(number).await?;
    let mut media = ticket.media().filter(|one| one.kind != MediaKind::Link);
    media.find(|one| one.id == id).cloned().ok_or_else(|| desk.stop(Why::Nothing))
}
