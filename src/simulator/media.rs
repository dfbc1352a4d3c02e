//! What people sent and what accounts put up: kept for three days, with the platform's limits.
//!
//! A film is answered with an address, everything else with its bytes; errors are JSON that calls
//! itself text. Deliberately absent: permanent material, and pictures of articles.

use super::{
    api::{Asked, Call, answered_as_text, with_token},
    errors::Refusal,
    message::Message,
    photo,
    state::{Platform, fresh_token},
};
use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{CONTENT_DISPOSITION, CONTENT_TYPE},
    web::{self, Data, Path},
};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

/// Media are kept this long.
const LIFE: TimeDelta = TimeDelta::days(3);
const MEGABYTE: usize = 1024 * 1024;

/// What the platform has for three days.
#[derive(Debug, Default)]
pub(super) struct Media(Vec<Kept>);

#[derive(Debug, Clone)]
struct Kept {
    id: String,
    at: DateTime<Utc>,
    kind: Kind,
    bytes: Vec<u8>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Image,
    Voice,
    Video,
    Thumb,
}

impl Media {
    /// Keeps what came with a message of a person.
    pub(super) fn keep(&mut self, id: String, message: &Message, at: DateTime<Utc>) {
        let (kind, bytes) = match message {
            Message::Photo => (Kind::Image, photo::lamp()),
            Message::Picture { bytes } => (Kind::Image, bytes.clone()),
            Message::Voice { .. } => (Kind::Voice, photo::voice()),
            Message::Video => (Kind::Video, photo::film()),
            _ => return,
        };
        self.0.push(Kept { id, at, kind, bytes });
    }

    fn find(&self, id: &str, now: DateTime<Utc>) -> Option<&Kept> {
        self.0.iter().find(|kept| kept.id == id && now - kept.at < LIFE)
    }
}

/// Where films are.
pub(super) fn routes(site: &mut web::ServiceConfig) {
    site.route("/films/{id}", web::get().to(film));
}

/// What the interface of calls answers.
pub(super) fn call(call: &Call<'_>) -> Option<Result<Value, Refusal>> {
    match (call.path, call.posted) {
        ("media/upload", true) => Some(upload(call)),
        ("media/upload", false) => Some(Err(Refusal::of(43002))),
        _ => None,
    }
}

/// Answers a file, the address of a film, or an error.
pub(super) fn get(platform: &Platform, request: &HttpRequest, asked: &Asked) -> HttpResponse {
    let now = platform.now();
    let wanted = asked.get("media_id").map(String::as_str).unwrap_or_default();
    let mut found = None;
    let outcome = with_token(platform, asked, |state, _| {
        if wanted.is_empty() {
            return Err(Refusal::of(41006));
        }
        found = state.media.find(wanted, now).cloned();
        if found.is_some() { Ok(Value::Null) } else { Err(Refusal::of(40007)) }
    });
    match (outcome, found) {
        (Ok(_), Some(Kept { id, kind: Kind::Video, .. })) => {
            let host = request.connection_info().host().to_owned();
            HttpResponse::Ok()
                .insert_header((CONTENT_TYPE, "text/plain"))
                .body(json!({ "video_url": format!("http://{host}/films/{id}") }).to_string())
        }
        (Ok(_), Some(kept)) => {
            let (media_type, ending) = match kept.kind {
                Kind::Voice => ("audio/amr", "amr"),
                _ => ("image/jpeg", "jpg"),
            };
            let name = format!("attachment; filename=\"{wanted}.{ending}\"");
            HttpResponse::Ok()
                .insert_header((CONTENT_TYPE, media_type))
                .insert_header((CONTENT_DISPOSITION, name))
                .body(kept.bytes)
        }
        (Err(refusal), _) => answered_as_text(platform, &refusal),
        (Ok(_), None) => answered_as_text(platform, &Refusal::of(40007)),
    }
}

async fn film(platform: Data<Platform>, id: Path<String>) -> HttpResponse {
    let now = platform.now();
    match platform.state().media.find(&id, now) {
        Some(kept) => HttpResponse::Ok().content_type("video/mp4").body(kept.bytes.clone()),
        None => HttpResponse::NotFound().finish(),
    }
}

fn upload(call: &Call<'_>) -> Result<Value, Refusal> {
    let (now, fresh) = (call.platform.now(), fresh_token(call.platform.inner.ids.as_ref()));
    with_token(call.platform, call.asked, |state, _| {
        let kind = match call.asked.get("type").map(String::as_str) {
            Some("image") => Kind::Image,
            Some("voice") => Kind::Voice,
            Some("video") => Kind::Video,
            Some("thumb") => Kind::Thumb,
            _ => return Err(Refusal::of(40004)),
        };
        let bytes = part(call.body, "media").ok_or_else(|| Refusal::of(41005))?;
        permitted(kind, bytes)?;
        let id: String = fresh.chars().skip(3).take(64).collect();
        state.media.0.push(Kept { id: id.clone(), at: now, kind, bytes: bytes.to_vec() });
        let (name, of) = match kind {
            Kind::Image => ("media_id", "image"),
            Kind::Voice => ("media_id", "voice"),
            Kind::Video => ("media_id", "video"),
            Kind::Thumb => ("thumb_media_id", "thumb"),
        };
        Ok(json!({ "type": of, name: id, "created_at": now.timestamp() }))
    })
}

/// The published limits.
fn permitted(kind: Kind, bytes: &[u8]) -> Result<(), Refusal> {
    let begins = |with: &[u8]| bytes.starts_with(with);
    let is_jpeg = begins(b"\xFF\xD8");
    let (known, most, too_large) = match kind {
        Kind::Image => (is_jpeg || begins(b"\x89PNG") || begins(b"GIF8"), 10 * MEGABYTE, 40009),
        Kind::Voice => {
            (begins(b"#!AMR") || begins(b"ID3") || begins(b"\xFF\xFB"), 2 * MEGABYTE, 40010)
        }
        Kind::Video => (bytes.get(4..8) == Some(b"ftyp"), 10 * MEGABYTE, 40011),
        Kind::Thumb => (is_jpeg, 64 * 1024, 40012),
    };
    if !known {
        return Err(Refusal::of(40005));
    }
    if bytes.len() > most {
        return Err(Refusal::of(too_large));
    }
    Ok(())
}

/// The bytes of a part of a form, if it has a file's name in plain letters: without one the
/// platform takes the file for missing.
fn part<'a>(body: &'a [u8], name: &str) -> Option<&'a [u8]> {
    let line = body.iter().position(|byte| *byte == b'\r')?;
    let boundary = body.get(..line)?;
    let mut rest = body;
    while let Some(at) = find(rest, boundary) {
        let after = rest.get(at + boundary.len()..)?;
        let head = find(after, b"\r\n\r\n")?;
        let words = std::str::from_utf8(after.get(..head)?).ok()?;
        let content = after.get(head + 4..)?;
        let end = find(content, &[b"\r\n", boundary].concat())?;
        let is_it = words.contains(&format!("name=\"{name}\""));
        let file = words.split("filename=\"").nth(1).and_then(|rest| rest.split('"').next());
        if is_it {
            let is_plain = file.is_some_and(|file| !file.is_empty() && file.is_ascii());
            return content.get(..end).filter(|_| is_plain);
        }
        rest = content.get(end + 2..)?;
    }
    None
}

fn find(within: &[u8], wanted: &[u8]) -> Option<usize> {
    within.windows(wanted.len()).position(|window| window == wanted)
}
