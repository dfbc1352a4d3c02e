//! The platform's HTTP interface, as far as the service uses it.
//!
//! As on the real platform the status is 200 whatever happens and `errcode` tells. Parts with a
//! file of their own stand in [`FURTHER`]. Deliberately absent: what the service does not use; it
//! answers 40066 like any unknown path.

use super::{
    codes,
    errors::Refusal,
    faults::Fault,
    media, menus, robots, sends,
    state::{Platform, State, fresh_token},
    subscriptions, tags,
    tokens::Worth,
};
use actix_web::{
    HttpRequest, HttpResponse,
    http::{Method, header::ContentType},
    web::{self, Bytes, Data, Path, Query},
};
use futures_util::stream;
use serde_json::{Value, json};
use std::{collections::HashMap, future::pending, io, time::Duration};

/// How long an answer that never comes keeps its connection: longer than any caller waits.
const NEVER: Duration = Duration::from_mins(1);
pub(super) type Asked = HashMap<String, String>;

/// Adds the interface to a site.
pub(super) fn routes(site: &mut web::ServiceConfig) {
    site.service(web::resource("/cgi-bin/{path:.*}").to(call));
}

async fn call(
    platform: Data<Platform>,
    request: HttpRequest,
    path: Path<String>,
    asked: Query<Asked>,
    body: Bytes,
) -> HttpResponse {
    let path = path.into_inner();
    let posted = request.method() == Method::POST;
    match (path.as_str(), posted) {
        (
            "message/custom/send"
            | "message/template/send"
            | "message/subscribe/bizsend"
            | "webhook/send",
            true,
        ) => send(&platform, &path, &asked, &body).await,
        ("media/get", false) => media::get(&platform, &request, &asked),
        ("showqrcode", false) => {
            match asked.get("ticket").and_then(|ticket| codes::picture(&platform, ticket)) {
                Some(picture) => HttpResponse::Ok().content_type("image/jpg").body(picture),
                None => HttpResponse::NotFound().finish(),
            }
        }
        _ => answered(&platform, other(&platform, &path, posted, &asked, &body)),
    }
}

/// A send, with the fault that is due.
async fn send(platform: &Platform, path: &str, asked: &Asked, body: &[u8]) -> HttpResponse {
    let fault = platform.state().faults.next_send();
    match fault {
        Some(Fault::Code(errcode)) => return answered(platform, Err(Refusal::of(errcode))),
        Some(Fault::Html) => {
            return HttpResponse::BadGateway()
                .content_type(ContentType::html())
                .body("<html><body><h1>502 Bad Gateway</h1></body></html>");
        }
        _ => {}
    }
    let outcome = match path {
        "webhook/send" => robots::say(platform, asked, body),
        "message/subscribe/bizsend" => with_body(platform, asked, body, subscriptions::send),
        "message/custom/send" => with_body(platform, asked, body, sends::custom),
        _ => with_body(platform, asked, body, sends::template),
    };
    platform.inner.event_queued.notify_one();
    let answer = answered(platform, outcome);
    match fault {
        Some(Fault::Cut) => {
            let broken = stream::iter([
                Ok(Bytes::from_static(b"{\"errcode\"")),
                Err(io::Error::from(io::ErrorKind::ConnectionReset)),
            ]);
            return HttpResponse::Ok().content_type(ContentType::json()).streaming(broken);
        }
        Some(Fault::Silence) => wait(NEVER).await,
        Some(Fault::Slow(late)) => wait(late).await,
        _ => {}
    }
    answer
}

async fn wait(how_long: Duration) {
    // Nothing is awaited: the time that passes is the fault.
    let _ = tokio::time::timeout(how_long, pending::<()>()).await;
}

fn other(
    platform: &Platform,
    path: &str,
    posted: bool,
    asked: &Asked,
    body: &[u8],
) -> Result<Value, Refusal> {
    match (path, posted) {
        ("token", false) => plain_token(platform, asked),
        ("stable_token", true) => stable_token(platform, body),
        ("message/custom/typing", true) => with_body(platform, asked, body, sends::typing),
        ("callback/check", true) => with_body(platform, asked, body, |_, _, _, _| {
            let ip = "127.0.0.1";
            Ok(json!({
                "dns": [{ "ip": ip, "real_operator": "DEFAULT" }],
                "ping": [{ "ip": ip, "from_operator": "DEFAULT", "package_loss": "0%", "time": "1.0ms" }],
            }))
        }),
        ("template/get_all_private_template", false) => {
            with_token(platform, asked, |state, account| Ok(sends::all_templates(state, account)))
        }
        ("user/info", false) => with_token(platform, asked, |state, account| {
            let openid = asked.get("openid").map(String::as_str).unwrap_or_default();
            sends::user(state, account, openid)
        }),
        ("getcallbackip" | "get_api_domain_ip", false) => {
            with_token(platform, asked, |_, _| Ok(json!({ "ip_list": ["127.0.0.1"] })))
        }
        (
            "stable_token"
            | "message/custom/typing"
            | "message/custom/send"
            | "message/template/send"
            | "message/subscribe/bizsend"
            | "webhook/send"
            | "callback/check",
            false,
        ) => Err(Refusal::of(43002)),
        (
            "token"
            | "template/get_all_private_template"
            | "user/info"
            | "getcallbackip"
            | "get_api_domain_ip"
            | "media/get",
            true,
        ) => Err(Refusal::of(43001)),
        _ => {
            let call = Call { platform, path, posted, asked, body };
            let known = FURTHER.iter().find_map(|answers| answers(&call));
            known.unwrap_or_else(|| Err(Refusal::of(40066)))
        }
    }
}

/// One call of the interface, for the parts of the platform that have a file of their own.
pub(super) struct Call<'a> {
    pub(super) platform: &'a Platform,
    /// Without `/cgi-bin/`.
    pub(super) path: &'a str,
    pub(super) posted: bool,
    pub(super) asked: &'a Asked,
    pub(super) body: &'a [u8],
}

/// Parts of the platform that have a file of their own: each answers what it knows.
const FURTHER: &[Part] = &[codes::call, media::call, menus::call, super::pages::call, tags::call];

type Part = fn(&Call<'_>) -> Option<Result<Value, Refusal>>;

fn plain_token(platform: &Platform, asked: &Asked) -> Result<Value, Refusal> {
    let part = |name: &str| asked.get(name).map(String::as_str);
    let account = customer(platform, part("grant_type"), part("appid"), part("secret"))?;
    let (now, fresh) = (platform.now(), fresh_token(platform.inner.ids.as_ref()));
    let mut state = platform.state();
    let registered = state.accounts.iter_mut().find(|a| a.given.slug == account);
    let registered = registered.ok_or_else(|| Refusal::of(40013))?;
    let (token, left) = registered.tokens.plain(now, fresh);
    Ok(json!({ "access_token": token, "expires_in": left }))
}

fn stable_token(platform: &Platform, body: &[u8]) -> Result<Value, Refusal> {
    let body = parsed(body)?;
    let part = |name: &str| body.get(name).and_then(Value::as_str);
    let account = customer(platform, part("grant_type"), part("appid"), part("secret"))?;
    let force = body.get("force_refresh").and_then(Value::as_bool).unwrap_or(false);
    let (now, fresh) = (platform.now(), fresh_token(platform.inner.ids.as_ref()));
    let mut state = platform.state();
    let registered = state.accounts.iter_mut().find(|a| a.given.slug == account);
    let registered = registered.ok_or_else(|| Refusal::of(40013))?;
    let (token, left) =
        registered.tokens.stable(now, force, fresh).map_err(|_| Refusal::of(45009))?;
    Ok(json!({ "access_token": token, "expires_in": left }))
}

/// The slug of the account that appid and secret belong to.
fn customer(
    platform: &Platform,
    grant_type: Option<&str>,
    app_id: Option<&str>,
    secret: Option<&str>,
) -> Result<String, Refusal> {
    let app_id = app_id.filter(|id| !id.is_empty()).ok_or_else(|| Refusal::of(41002))?;
    let secret = secret.filter(|s| !s.is_empty()).ok_or_else(|| Refusal::of(41004))?;
    if grant_type != Some("client_credential") {
        return Err(Refusal::of(40002));
    }
    let state = platform.state();
    let account = state.accounts.iter().find(|a| a.given.app_id == app_id);
    let account = account.ok_or_else(|| Refusal::of(40013))?;
    if account.given.app_secret.expose() != secret {
        return Err(Refusal::of(40125));
    }
    Ok(account.given.slug.clone())
}

pub(super) fn with_token(
    platform: &Platform,
    asked: &Asked,
    act: impl FnOnce(&mut State, &str) -> Result<Value, Refusal>,
) -> Result<Value, Refusal> {
    let token = asked.get("access_token").filter(|token| !token.is_empty());
    let token = token.ok_or_else(|| Refusal::of(41001))?;
    let now = platform.now();
    let mut state = platform.state();
    let mut best = (Worth::Unknown, String::new());
    for account in &state.accounts {
        let worth = account.tokens.worth(token, now);
        if worth != Worth::Unknown {
            best = (worth, account.given.slug.clone());
        }
    }
    match best {
        (Worth::Good, account) => act(&mut state, &account),
        (Worth::Superseded, _) => Err(Refusal::of(40001)),
        (Worth::Expired, _) => Err(Refusal::of(42001)),
        (Worth::Unknown, _) => Err(Refusal::of(40014)),
    }
}

pub(super) fn with_body(
    platform: &Platform,
    asked: &Asked,
    body: &[u8],
    act: impl FnOnce(&mut State, &str, &Value, chrono::DateTime<chrono::Utc>) -> Result<Value, Refusal>,
) -> Result<Value, Refusal> {
    let now = platform.now();
    with_token(platform, asked, |state, account| act(state, account, &parsed(body)?, now))
}

pub(super) fn parsed(body: &[u8]) -> Result<Value, Refusal> {
    if body.is_empty() {
        return Err(Refusal::of(44002));
    }
    let value: Value = serde_json::from_slice(body).map_err(|_| Refusal::of(47001))?;
    if value.is_object() { Ok(value) } else { Err(Refusal::of(47001)) }
}

fn answered(platform: &Platform, outcome: Result<Value, Refusal>) -> HttpResponse {
    HttpResponse::Ok().json(outcome.unwrap_or_else(|refusal| refusal.body(&request_id(platform))))
}

fn request_id(platform: &Platform) -> String {
    let id = platform.inner.ids.fresh().simple().to_string();
    let parts = [id.get(..8), id.get(8..16), id.get(16..24)];
    parts.into_iter().flatten().collect::<Vec<_>>().join("-")
}

/// Errors of files come as JSON with a text type, as the platform's do.
pub(super) fn answered_as_text(platform: &Platform, refusal: &Refusal) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(ContentType::plaintext())
        .body(refusal.body(&request_id(platform)).to_string())
}
