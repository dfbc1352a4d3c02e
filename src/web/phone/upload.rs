//! What a phone sends: short forms, and results with up to nine photos.
//!
//! A form brings along a token that follows from the visitor's cookie, and is refused without it or
//! where the browser says that another site sent it. It promises to hold no more than [`LARGEST`]
//! bytes of a form, and to take in nothing before the token was seen.

use super::{
    door::Door,
    stop::{Stop, Why},
    ticket::told,
};
use crate::ticket::{Media, MediaKind};
use actix_multipart::Multipart;
use actix_web::{HttpRequest, web::Payload};
use futures_util::StreamExt as _;
use serde::{Deserialize, de::DeserializeOwned};
use subtle::ConstantTimeEq;

/// More photos of one result say nothing more.
pub(super) const MOST_PHOTOS: usize = 9;
/// A photo of a phone, as large as it comes.
const LARGEST_PHOTO: usize = 15 << 20;
/// All of them.
const LARGEST: usize = 60 << 20;
/// Words and a token.
const LARGEST_FIELD: usize = 16 << 10;
/// More fields than any form of ours has.
const MOST_FIELDS: usize = 40;
/// Forms of one person in ten minutes.
const MOST_FORMS: u64 = 60;

/// What is said of a result.
#[derive(Default)]
pub(super) struct Sent {
    pub(super) version: i64,
    pub(super) text: String,
    pub(super) place: String,
    /// Files that the browser sent.
    pub(super) photos: Vec<Vec<u8>>,
    /// What the phone's own camera gave to the platform: media ids.
    pub(super) from_camera: Vec<String>,
}

#[derive(Deserialize)]
struct Guard {
    #[serde(default)]
    csrf: String,
}

/// The values of a short form.
pub(super) async fn form<T: DeserializeOwned>(
    door: &Door,
    request: &HttpRequest,
    mut payload: Payload,
) -> Result<T, Stop> {
    came_from_here(door, request).await?;
    let unreadable = || Stop::from(Why::Unreadable);
    let mut body = Vec::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| unreadable())?;
        if body.len() + chunk.len() > LARGEST_FIELD {
            return Err(unreadable());
        }
        body.extend_from_slice(&chunk);
    }
    let guard: Guard = serde_html_form::from_bytes(&body).map_err(|_| unreadable())?;
    is_own(door, &guard.csrf)?;
    serde_html_form::from_bytes(&body).map_err(|_| unreadable())
}

/// A result, with its photos still as they came.
pub(super) async fn result(
    door: &Door,
    request: &HttpRequest,
    payload: Payload,
) -> Result<Sent, Stop> {
    came_from_here(door, request).await?;
    let unreadable = || Stop::from(Why::Unreadable);
    let mut form = Multipart::new(request.headers(), payload);
    let mut sent = Sent::default();
    let (mut fields, mut seen, mut is_ours) = (0, 0_usize, false);
    while let Some(field) = form.next().await {
        let mut field = field.map_err(|_| unreadable())?;
        fields += 1;
        let name = field.name().unwrap_or_default().to_owned();
        let is_photo = name == "photo";
        // The token stands first in our forms: nothing is read for anybody else.
        if fields > MOST_FIELDS || is_photo && !is_ours {
            return Err(unreadable());
        }
        let most = if is_photo { LARGEST_PHOTO } else { LARGEST_FIELD };
        let mut bytes = Vec::new();
        while let Some(chunk) = field.next().await {
            let chunk = chunk.map_err(|_| unreadable())?;
            seen = seen.saturating_add(chunk.len());
            if seen > LARGEST || bytes.len() + chunk.len() > most {
                return Err(unreadable());
            }
            bytes.extend_from_slice(&chunk);
        }
        if is_photo {
            // A field without a file is sent all the same.
            if !bytes.is_empty() {
                sent.photos.push(bytes);
            }
            continue;
        }
        let words = String::from_utf8(bytes).map_err(|_| unreadable())?;
        match name.as_str() {
            "csrf" => {
                is_own(door, &words)?;
                is_ours = true;
            }
            "version" => sent.version = words.trim().parse().map_err(|_| unreadable())?,
            "text" => sent.text = words,
            "place" => sent.place = words,
            "camera" => sent.from_camera.extend(words.split(',').filter_map(media_id)),
            _ => {}
        }
    }
    if is_ours { Ok(sent) } else { Err(Why::Foreign.into()) }
}

/// The photos of a result, kept: files are taken in now, what the platform has is fetched later.
pub(super) async fn kept(
    door: &Door,
    account: &str,
    key: &str,
    photos: Vec<Vec<u8>>,
    from_camera: Vec<String>,
) -> Result<Vec<Media>, Stop> {
    if photos.len() + from_camera.len() > MOST_PHOTOS {
        return Err(told(key, "task", "照片太多", "一次最多交九张照片，请少选几张。"));
    }
    let mut kept = Vec::new();
    for photo in photos {
        kept.push(super::photo::take_in(door, account, key, photo).await?);
    }
    let of_platform = |id| Media { kind: MediaKind::Photo, id, at: door.now };
    kept.extend(from_camera.into_iter().map(of_platform));
    Ok(kept)
}

/// An id as the platform gives them.
fn media_id(text: &str) -> Option<String> {
    let text = text.trim();
    let is_sign = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
    let is_one = (8..=128).contains(&text.len()) && text.bytes().all(is_sign);
    is_one.then(|| text.to_owned())
}

/// What browsers say of themselves: a form of another site is refused before it is read.
async fn came_from_here(door: &Door, request: &HttpRequest) -> Result<(), Stop> {
    let site = request.headers().get("sec-fetch-site").and_then(|value| value.to_str().ok());
    if !matches!(site, None | Some("same-origin" | "none")) {
        return Err(Why::Foreign.into());
    }
    let sender = door.sender()?;
    let person = format!("{}\n{}", sender.account, sender.openid);
    door.not_too_often("forms", &person, MOST_FORMS).await
}

fn is_own(door: &Door, csrf: &str) -> Result<(), Stop> {
    if bool::from(csrf.as_bytes().ct_eq(door.form_token().as_bytes())) {
        return Ok(());
    }
    Err(Why::Foreign.into())
}
