//! Groups of WeCom (企业微信) with a robot each: who has the key writes there.
//!
//! Written from the platform's published rules alone: twenty messages a minute, texts of at most
//! 2,048 bytes, and a robot that was removed is unknown.
//!
//! Deliberately absent: people in groups, who could not answer a robot anyway; pictures and cards.

use super::{
    api::{Asked, parsed},
    errors::Refusal,
    phones,
    sends::text_at,
    state::Platform,
};
use actix_web::{
    HttpResponse,
    http::header::{CONTENT_SECURITY_POLICY, X_CONTENT_TYPE_OPTIONS},
    web::{self, Data},
};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

/// Messages that a robot may send in a minute.
const A_MINUTE: usize = 20;
const MINUTE: TimeDelta = TimeDelta::seconds(60);
/// The longest text.
const TEXT_BYTES: usize = 2048;
/// People of a county live in one time zone.
const BEIJING: TimeDelta = TimeDelta::hours(8);

/// All groups.
#[derive(Debug, Default)]
pub(super) struct Robots(Vec<Group>);

#[derive(Debug)]
struct Group {
    key: String,
    name: String,
    removed: bool,
    said: Vec<(DateTime<Utc>, String)>,
}

impl Platform {
    /// Founds a group whose robot has this key.
    pub fn found_group(&self, name: &str, key: &str) {
        let (name, key) = (name.to_owned(), key.to_owned());
        let mut state = self.state();
        state.robots.0.push(Group { key, name, removed: false, said: Vec::new() });
    }

    /// Somebody removes the robot from its group.
    pub fn remove_robot(&self, key: &str) {
        for group in self.state().robots.0.iter_mut().filter(|group| group.key == key) {
            group.removed = true;
        }
    }

    /// What stands in a group, oldest first.
    pub fn group_chat(&self, key: &str) -> Vec<String> {
        let state = self.state();
        let group = state.robots.0.iter().find(|group| group.key == key);
        group.map(|g| g.said.iter().map(|(_, text)| text.clone()).collect()).unwrap_or_default()
    }
}

/// `POST /cgi-bin/webhook/send?key=`
pub(super) fn say(platform: &Platform, asked: &Asked, body: &[u8]) -> Result<Value, Refusal> {
    let now = platform.now();
    let body = parsed(body)?;
    let key = asked.get("key").map(String::as_str).unwrap_or_default();
    let mut state = platform.state();
    let group = state.robots.0.iter_mut().find(|group| group.key == key && !group.removed);
    let group = group.ok_or_else(|| Refusal::of(93000))?;
    if text_at(&body, "/msgtype") != Some("text") {
        return Err(Refusal::of(40008));
    }
    let text = match text_at(&body, "/text/content").unwrap_or_default() {
        "" => return Err(Refusal::of(44004)),
        text if text.len() > TEXT_BYTES => return Err(Refusal::of(40058)),
        text => text.to_owned(),
    };
    let lately = group.said.iter().filter(|(at, _)| now - *at < MINUTE).count();
    if lately >= A_MINUTE {
        return Err(Refusal::of(45009));
    }
    group.said.push((now, text));
    Ok(json!({ "errcode": 0, "errmsg": "ok" }))
}

/// Adds the page of groups' chats and of short messages.
pub(super) fn routes(site: &mut web::ServiceConfig) {
    site.service(
        web::resource("/simulator-groups")
            .guard(actix_web::guard::fn_guard(phones::is_asked_by_a_loopback_name))
            .route(web::get().to(page)),
    );
}

async fn page(platform: Data<Platform>) -> HttpResponse {
    let state = platform.state();
    let line = |at: DateTime<Utc>, text: &str| {
        let at = (at + BEIJING).format("%-m月%-d日 %H:%M");
        format!("<li><b>{at}</b> {}</li>", escaped(text))
    };
    let groups = state.robots.0.iter().map(|group| {
        let said: String = group.said.iter().map(|(at, text)| line(*at, text)).collect();
        let gone = if group.removed { "（机器人已移出）" } else { "" };
        format!("<h2>{}{gone}</h2><ul>{said}</ul>", escaped(&group.name))
    });
    let sent: String = state
        .sms
        .messages()
        .map(|sms| line(sms.at, &format!("{}：{}", sms.to, sms.text)))
        .collect();
    let page = format!(
        "<!doctype html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\">\
         <meta http-equiv=\"refresh\" content=\"5\"><title>群聊和短信</title></head>\
         <body><h1>群聊</h1>{}<h1>短信</h1><ul>{sent}</ul></body></html>",
        groups.collect::<String>()
    );
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((CONTENT_SECURITY_POLICY, "default-src 'none'"))
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header(("cache-control", "no-store"))
        .body(page)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('\n', "<br>")
}
