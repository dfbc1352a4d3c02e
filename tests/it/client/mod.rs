//! The platform client against servers that answer as they please.

mod calls;
mod further;
mod media;
mod menus;
mod pages;
mod tokens;
mod users;

use crate::harness::platform::{Answer, Asked};
use chrono::{DateTime, Utc};
use lianxin::{
    clock::{Clock, StoppedClock},
    ids::RandomIds,
    shared::Shared,
    wechat::{
        account::{Account, Mode, Seats, Secret},
        client::{Client, http_within},
    },
};
use serde_json::{Value, json};
use std::{error::Error, sync::Arc, time::Duration};
use url::Url;

const TOKEN: &str = "/cgi-bin/stable_token";
const SEND: &str = "/cgi-bin/message/custom/send";
const OPENID: &str = "oDemo0000000000000000000001";

fn morning() -> DateTime<Utc> {
    DateTime::parse_from_rfc3339("2026-03-02T09:00:00+08:00").unwrap().to_utc()
}

fn clock() -> Arc<StoppedClock> {
    Arc::new(StoppedClock::at(morning()))
}

fn account() -> Account {
    Account {
        slug: "main".to_owned(),
        app_id: "wxdemo".to_owned(),
        app_secret: Secret::new("open-sesame"),
        tokens: vec![Secret::new("signs")],
        aes_keys: vec![],
        original_id: "gh_demo".to_owned(),
        mode: Mode::Plain,
        trusts_chat: false,
        templates: std::collections::BTreeMap::new(),
        subscriptions: std::collections::BTreeMap::new(),
        name: "云溪连心".to_owned(),
        has_web_auth: false,
        domain_proof: None,
        menu: None,
        wording: None,
        seats: Seats::Console,
    }
}

fn client(base: Url, shared: Shared, clock: &Arc<StoppedClock>) -> Client {
    let clock: Arc<dyn Clock> = clock.clone();
    let http = http_within(Duration::from_secs(2), Duration::from_secs(5)).unwrap();
    Client::new(http, base, shared, clock, &RandomIds, [account()])
}

fn memory(clock: &Arc<StoppedClock>) -> Shared {
    Shared::memory(clock.clone())
}

fn token(token: &str) -> Answer {
    Answer::Json(json!({ "access_token": token, "expires_in": 7200 }))
}

fn code(code: i64) -> Answer {
    let message = "王大娘 says no rid: 65f0a1b2-0c1d2e3f-4a5b6c7d";
    Answer::Json(json!({ "errcode": code, "errmsg": message }))
}

fn done() -> Answer {
    Answer::Json(json!({ "errcode": 0, "errmsg": "ok" }))
}

/// A platform whose token is always `t1`; everything else is answered by `rest`.
fn with_a_token(
    rest: impl Fn(&Asked) -> Answer + Send + Sync + 'static,
) -> impl Fn(&Asked) -> Answer + Send + Sync + 'static {
    move |asked| if asked.path == TOKEN { token("t1") } else { rest(asked) }
}

fn is_forced(asked: &Asked) -> bool {
    asked.body.get("force_refresh") == Some(&Value::Bool(true))
}

/// Everything that the error and its sources show.
fn shown(error: &dyn Error) -> String {
    let mut shown = vec![format!("{error:?}")];
    let mut next = Some(error);
    while let Some(error) = next {
        shown.push(error.to_string());
        next = error.source();
    }
    shown.join(" | ")
}
