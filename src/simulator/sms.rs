//! A gateway for short messages, and everybody's telephone behind it.
//!
//! It takes what any gateway is asked for: to whom, which words, and an id by which a repeat is
//! told. Deliberately absent: telephones that are switched off.

use super::{phones, state::Platform};
use actix_web::{
    HttpRequest, HttpResponse,
    http::header::AUTHORIZATION,
    web::{self, Data, Json},
};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::json;

/// What the gateway wants to see.
const BEARER: &str = "Bearer simulated";

/// Every short message.
#[derive(Debug, Default)]
pub(super) struct SmsInbox(Vec<Sms>);

/// A short message on somebody's telephone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sms {
    pub(super) at: DateTime<Utc>,
    pub(super) to: String,
    pub(super) text: String,
    id: String,
}

impl SmsInbox {
    pub(super) fn messages(&self) -> impl Iterator<Item = &Sms> {
        self.0.iter()
    }
}

impl Platform {
    /// The short messages on a telephone, oldest first.
    pub fn short_messages(&self, to: &str) -> Vec<String> {
        let state = self.state();
        state.sms.0.iter().filter(|sms| sms.to == to).map(|sms| sms.text.clone()).collect()
    }
}

/// Adds the gateway to a site.
pub(super) fn routes(site: &mut web::ServiceConfig) {
    site.service(
        web::resource("/sms/send")
            .guard(actix_web::guard::fn_guard(phones::is_asked_by_a_loopback_name))
            .route(web::post().to(send)),
    );
}

#[derive(Deserialize)]
struct Wanted {
    to: String,
    text: String,
    id: String,
}

async fn send(
    platform: Data<Platform>,
    request: HttpRequest,
    wanted: Json<Wanted>,
) -> HttpResponse {
    let given = request.headers().get(AUTHORIZATION).and_then(|given| given.to_str().ok());
    if given != Some(BEARER) {
        return HttpResponse::Unauthorized().finish();
    }
    let Wanted { to, text, id } = wanted.into_inner();
    if to.is_empty() || text.is_empty() || text.chars().count() > 70 {
        return HttpResponse::UnprocessableEntity().finish();
    }
    let at = platform.now();
    let mut state = platform.state();
    if !state.sms.0.iter().any(|sms| sms.id == id) {
        state.sms.0.push(Sms { at, to, text, id });
    }
    HttpResponse::Ok().json(json!({}))
}
