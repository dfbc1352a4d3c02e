//! The phones: a web page, and the small interface that it uses.
//!
//! The page asks for the state once a second and posts what people do. Everything is JSON, so a
//! page from elsewhere cannot post here, and only requests to a loopback name are answered, so
//! that no foreign name can be pointed at this machine.
//!
//! Deliberately absent: sign-in. Whoever sits at this machine may act as everybody.

use super::{
    cast::{SimulatedCode, SimulatedPlace},
    faults::Fault,
    life::{AccountEvent, PersonEvent},
    message::Message,
    screen,
    state::Platform,
};
use actix_web::{
    HttpResponse,
    guard::{self, GuardContext},
    http::header::{CONTENT_SECURITY_POLICY, HOST, X_CONTENT_TYPE_OPTIONS},
    web::{self, Data, Json, Path, Query},
};
use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use chrono::TimeDelta;
use serde::Deserialize;
use serde_json::{Value, json};
use std::time::Duration;

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'none'";

/// A year: further the calendar of a county does not reach.
const LONGEST_STEP: i64 = 366 * 86_400;

/// A picture of ten megabytes as letters and digits.
const LARGEST_PICTURE: usize = 14 << 20;

/// What the phones offer besides the keyboard.
pub(super) struct Offers {
    pub(super) places: Vec<SimulatedPlace>,
    pub(super) codes: Vec<SimulatedCode>,
}

/// Adds the page and its interface to a site.
pub(super) fn routes(site: &mut web::ServiceConfig) {
    site.service(
        web::scope("/simulator")
            .guard(guard::fn_guard(is_asked_by_a_loopback_name))
            .route("", web::get().to(to_the_page))
            .route("/", web::get().to(page))
            .route("/phones.css", web::get().to(style))
            .route("/phones.js", web::get().to(script))
            .route("/open", web::get().to(super::oauth::open))
            .route("/api/state", web::get().to(state))
            .route("/api/advance", web::post().to(advance))
            .route("/api/fault", web::post().to(fault))
            .route("/api/people", web::post().to(add_resident))
            .route("/api/block", web::post().to(block))
            .route("/api/account-event", web::post().to(account_event))
            .route("/api/person-event", web::post().to(person_event))
            .service(
                web::resource("/api/picture")
                    .app_data(web::JsonConfig::default().limit(LARGEST_PICTURE))
                    .route(web::post().to(picture)),
            )
            .route("/api/{act}", web::post().to(act)),
    );
}

pub(super) fn is_asked_by_a_loopback_name(asked: &GuardContext<'_>) -> bool {
    let host = asked.head().headers().get(HOST).and_then(|host| host.to_str().ok());
    let Some(host) = host else { return false };
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    matches!(name, "127.0.0.1" | "localhost" | "[::1]")
}

async fn to_the_page() -> HttpResponse {
    HttpResponse::PermanentRedirect().insert_header(("location", "/simulator/")).finish()
}

async fn page() -> HttpResponse {
    file("text/html; charset=utf-8", include_str!("../../templates/simulator/index.html"))
}

async fn style() -> HttpResponse {
    file("text/css; charset=utf-8", include_str!("../../templates/simulator/phones.css"))
}

async fn script() -> HttpResponse {
    file("text/javascript; charset=utf-8", include_str!("../../templates/simulator/phones.js"))
}

fn file(content_type: &str, content: &'static str) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(content_type)
        .insert_header((CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header(("cache-control", "no-store"))
        .body(content)
}

#[derive(Deserialize)]
struct Seen {
    changes: Option<u64>,
}

async fn state(platform: Data<Platform>, offers: Data<Offers>, seen: Query<Seen>) -> Json<Value> {
    Json(screen::state(&platform, &offers, seen.changes))
}

/// Everything that some act may need; which parts it does need is [`message_of`].
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Act {
    person: String,
    text: Option<String>,
    id: Option<String>,
    key: Option<String>,
    scene: Option<String>,
    latitude: Option<f64>,
    longitude: Option<f64>,
    label: Option<String>,
}

async fn act(platform: Data<Platform>, verb: Path<String>, act: Json<Act>) -> HttpResponse {
    let act = act.into_inner();
    let Some(openid) = openid_of(&platform, &act.person) else {
        return problem("没有这个人");
    };
    let act = Act { scene: act.scene.map(|scene| platform.scene_behind(&openid, scene)), ..act };
    let Some(message) = message_of(&verb, act) else {
        return problem("没有这个动作，或者缺了内容");
    };
    match platform.push(&openid, message).await {
        Ok(delivery) => {
            HttpResponse::Ok().json(json!({ "answer": delivery.text(), "posted": delivery.posted }))
        }
        Err(why) => problem(&why.to_string()),
    }
}

fn message_of(verb: &str, act: Act) -> Option<Message> {
    let text = act.text.filter(|text| !text.trim().is_empty());
    let scene = act.scene.filter(|scene| !scene.is_empty());
    Some(match verb {
        "say" => Message::Text { text: text? },
        "choose" => Message::MenuChoice { id: act.id?, text: text? },
        "photo" => Message::Photo,
        "voice" => Message::Voice { recognition: text },
        "video" => Message::Video,
        "link" => Message::Link { title: text? },
        "sticker" => Message::Sticker,
        "file" => Message::File { title: text? },
        "location" => Message::Location {
            latitude: act.latitude.filter(|degrees| (-90.0..=90.0).contains(degrees))?,
            longitude: act.longitude.filter(|degrees| (-180.0..=180.0).contains(degrees))?,
            label: act.label.unwrap_or_default(),
        },
        "click" => Message::Click { key: act.key? },
        "view" => Message::View { url: text? },
        "follow" => Message::Follow { scene },
        "scan" => Message::Scan { scene: scene? },
        "unfollow" => Message::Unfollow,
        "subscribe" => Message::Consent { template: act.key?, accepted: true, later: false },
        "refuse" => Message::Consent { template: act.key?, accepted: false, later: true },
        _ => return None,
    })
}

#[derive(Deserialize)]
struct Chosen {
    person: String,
    /// In base64.
    file: String,
}

/// A picture from the computer, as if the phone had it.
async fn picture(platform: Data<Platform>, chosen: Json<Chosen>) -> HttpResponse {
    let Some(openid) = openid_of(&platform, &chosen.person) else {
        return problem("没有这个人");
    };
    let Ok(bytes) = BASE64.decode(&chosen.file) else {
        return problem("这个文件读不出来");
    };
    match platform.push(&openid, Message::Picture { bytes }).await {
        Ok(delivery) => {
            HttpResponse::Ok().json(json!({ "answer": delivery.text(), "posted": delivery.posted }))
        }
        Err(why) => problem(&why.to_string()),
    }
}

#[derive(Deserialize)]
struct Step {
    seconds: i64,
}

async fn advance(platform: Data<Platform>, step: Json<Step>) -> HttpResponse {
    let Some(advance) = &platform.inner.advance else {
        return problem("这里的时间不能拨动");
    };
    if !(1..=LONGEST_STEP).contains(&step.seconds) {
        return problem("一次只能往后拨一秒到一年");
    }
    advance(TimeDelta::seconds(step.seconds));
    platform.state().changes += 1;
    done()
}

#[derive(Deserialize)]
struct Ordering {
    fault: String,
    errcode: Option<i64>,
    seconds: Option<u64>,
    times: Option<usize>,
}

async fn fault(platform: Data<Platform>, ordered: Json<Ordering>) -> HttpResponse {
    let fault = match (ordered.fault.as_str(), ordered.errcode) {
        ("code", Some(errcode)) => Fault::Code(errcode),
        ("silence", _) => Fault::Silence,
        ("cut", _) => Fault::Cut,
        ("html", _) => Fault::Html,
        ("slow", _) => Fault::Slow(Duration::from_secs(ordered.seconds.unwrap_or(4).min(60))),
        ("system_failed", _) => Fault::SystemFailed,
        ("event_lost", _) => Fault::EventLost,
        ("token", _) => Fault::Token,
        ("none", _) => {
            platform.clear_faults();
            return done();
        }
        _ => return problem("没有这种故障"),
    };
    platform.fault(fault, ordered.times.unwrap_or(1).min(1000));
    done()
}

#[derive(Deserialize)]
struct Newcomer {
    name: String,
}

async fn add_resident(platform: Data<Platform>, newcomer: Json<Newcomer>) -> HttpResponse {
    let name = newcomer.name.trim();
    if name.is_empty() || name.chars().count() > 20 {
        return problem("名字要有一到二十个字");
    }
    platform.admit_resident(name);
    done()
}

#[derive(Deserialize)]
struct Block {
    person: String,
    blocked: bool,
}

async fn block(platform: Data<Platform>, wish: Json<Block>) -> HttpResponse {
    let Some(openid) = openid_of(&platform, &wish.person) else {
        return problem("没有这个人");
    };
    platform.set_blocked(&openid, wish.blocked);
    done()
}

#[derive(Deserialize)]
struct AboutAccount {
    account: String,
    event: String,
    /// In how many days it ends.
    #[serde(default)]
    days: i64,
}

async fn account_event(platform: Data<Platform>, about: Json<AboutAccount>) -> HttpResponse {
    let days = TimeDelta::days(about.days.clamp(-3660, 3660));
    let at = (platform.now() + days).timestamp();
    let event = match about.event.as_str() {
        "annual_renew" => AccountEvent::RenewalDue(at),
        "verify_expired" => AccountEvent::Expired(at),
        "qualification_verify_success" => AccountEvent::QualificationPassed(at),
        "qualification_verify_fail" => AccountEvent::QualificationFailed,
        "naming_verify_success" => AccountEvent::NamingPassed(at),
        "naming_verify_fail" => AccountEvent::NamingFailed,
        _ => return problem("没有这种通知"),
    };
    match platform.tell(&about.account, event).await {
        Ok(_) => done(),
        Err(why) => problem(&why.to_string()),
    }
}

#[derive(Deserialize)]
struct AboutPerson {
    person: String,
    event: String,
}

async fn person_event(platform: Data<Platform>, about: Json<AboutPerson>) -> HttpResponse {
    let Some(openid) = openid_of(&platform, &about.person) else {
        return problem("没有这个人");
    };
    let event = match about.event.as_str() {
        "modified" => PersonEvent::Modified,
        "cancelled" => PersonEvent::Cancelled,
        code if code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_digit()) => {
            PersonEvent::Revoked(code.to_owned())
        }
        _ => return problem("没有这种通知"),
    };
    match platform.tell_of(&openid, event).await {
        Ok(_) => done(),
        Err(why) => problem(&why.to_string()),
    }
}

fn openid_of(platform: &Platform, key: &str) -> Option<String> {
    let state = platform.state();
    state.people.iter().find(|person| person.given.key == key).map(|p| p.given.openid.clone())
}

fn done() -> HttpResponse {
    HttpResponse::Ok().json(json!({}))
}

fn problem(what: &str) -> HttpResponse {
    HttpResponse::UnprocessableEntity().json(json!({ "problem": what }))
}

impl Platform {
    /// A scanned address of a code that was made here is its scene; anything else is one itself.
    fn scene_behind(&self, openid: &str, said: String) -> String {
        let now = self.now();
        let state = self.state();
        let account = state.person(openid).map(|person| person.given.account.clone());
        let scene = account.and_then(|account| state.codes.scene(&account, &said, now));
        scene.map_or(said, str::to_owned)
    }
}
