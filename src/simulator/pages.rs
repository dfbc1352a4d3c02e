//! Pages that use the phone (JS-SDK): the ticket that signs them, and a stand-in for the
//! platform's script, which works in any browser.
//!
//! The script asks here whether the page's signature is right, and refuses the phone's camera and
//! place where it is not, as the real one does. A chosen picture is one that the phone has.
//!
//! Deliberately absent: everything that our pages do not use.

use super::{
    api::{Call, with_token},
    errors::Refusal,
    message::Message,
    state::{Platform, fresh_token},
};
use actix_web::{
    HttpResponse,
    web::{self, Data, Query},
};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::{Value, json};
use sha1::{Digest, Sha1};
use std::{collections::HashMap, fmt::Write as _};

const LIFE: TimeDelta = TimeDelta::seconds(7200);

/// The tickets that were given out, by account.
#[derive(Debug, Default)]
pub(super) struct Pages {
    tickets: HashMap<String, (String, DateTime<Utc>)>,
}

/// What this part of the interface knows.
pub(super) fn call(call: &Call<'_>) -> Option<Result<Value, Refusal>> {
    match (call.path, call.posted) {
        ("ticket/getticket", true) => Some(Err(Refusal::of(43001))),
        ("ticket/getticket", false) => {
            if call.asked.get("type").map(String::as_str) != Some("jsapi") {
                return Some(Err(Refusal::of(40035)));
            }
            let (now, fresh) = (call.platform.now(), fresh_token(call.platform.inner.ids.as_ref()));
            Some(with_token(call.platform, call.asked, |state, account| {
                let tickets = &mut state.pages.tickets;
                let known = tickets.get(account).filter(|(_, end)| *end > now).cloned();
                let (ticket, end) = known.unwrap_or_else(|| (fresh, now + LIFE));
                tickets.insert(account.to_owned(), (ticket.clone(), end));
                let left = (end - now).num_seconds();
                Ok(json!({ "errcode": 0, "errmsg": "ok", "ticket": ticket, "expires_in": left }))
            }))
        }
        _ => None,
    }
}

/// Adds the script and what it asks.
pub(super) fn routes(site: &mut web::ServiceConfig) {
    site.route("/open/js/jweixin-1.6.0.js", web::get().to(script))
        .route("/open/js/check", web::get().to(check))
        .route("/open/js/upload", web::get().to(upload));
}

async fn script() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/javascript; charset=utf-8")
        .body(include_str!("../../templates/simulator/jweixin.js"))
}

#[derive(Deserialize)]
struct Signed {
    app: String,
    timestamp: String,
    nonce: String,
    signature: String,
    url: String,
}

/// A page of another host asks, as every page does that uses the script.
fn to_anybody(answer: &Value) -> HttpResponse {
    HttpResponse::Ok().insert_header(("access-control-allow-origin", "*")).json(answer)
}

/// Whether a page is signed with a ticket of its account that still holds.
async fn check(platform: Data<Platform>, signed: Query<Signed>) -> HttpResponse {
    let now = platform.now();
    let state = platform.state();
    let account = state.accounts.iter().find(|known| known.given.app_id == signed.app);
    let ticket = account.and_then(|known| state.pages.tickets.get(&known.given.slug));
    let is_right = ticket.filter(|(_, end)| *end > now).is_some_and(|(ticket, _)| {
        let Signed { nonce, timestamp, url, .. } = &*signed;
        let text =
            format!("jsapi_ticket={ticket}&noncestr={nonce}&timestamp={timestamp}&url={url}");
        let digest = Sha1::digest(text).iter().fold(String::new(), |mut hex, byte| {
            // Writing into a string cannot fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        });
        digest == signed.signature
    });
    let said = if is_right { "config:ok" } else { "config:invalid signature" };
    to_anybody(&json!({ "errMsg": said }))
}

/// The phone hands a picture to the platform.
async fn upload(platform: Data<Platform>) -> HttpResponse {
    let id = fresh_token(platform.inner.ids.as_ref());
    let id: String = id.chars().filter(|sign| *sign != '_').take(64).collect();
    let now = platform.now();
    platform.state().media.keep(id.clone(), &Message::Photo, now);
    to_anybody(&json!({ "serverId": id, "errMsg": "uploadImage:ok" }))
}
