//! Who opens a page (网页授权): the platform's page that asks, and the exchange of codes.
//!
//! A link that is tapped on a phone opens the page as that phone's person: a cookie of this host
//! says whose phone it is. Codes are good for five minutes and once. Somebody to whom the platform
//! shows a snapshot of the page (快照页) gets a placeholder for an openid.
//!
//! Deliberately absent: asking for consent, names and faces.

use super::{
    cast::{PersonKind, SimulatedPerson},
    errors::Refusal,
    state::{Platform, State, fresh_token},
};
use actix_web::{
    HttpRequest, HttpResponse,
    cookie::{Cookie, time::Duration},
    http::header,
    web::{self, Data, Query},
};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::{HashMap, HashSet};
use url::Url;

/// Whose phone a browser is.
const PHONE: &str = "phone";
/// Whoever sits at this machine stays signed in at the desk, whichever phone they hold.
const OF_THE_DESK: &str = "sid";
const CODE_LIFE: TimeDelta = TimeDelta::minutes(5);
/// In this order; the platform's page fails with another one.
const PARAMETERS: [&str; 5] = ["appid", "redirect_uri", "response_type", "scope", "state"];

/// What is remembered of visits.
#[derive(Debug, Default)]
pub(super) struct Oauth {
    domains: HashMap<String, String>,
    snapshots: HashSet<String>,
    codes: Vec<Given>,
}

#[derive(Debug)]
struct Given {
    code: String,
    account: String,
    openid: String,
    is_snapshot: bool,
    at: DateTime<Utc>,
    used: bool,
}

/// Adds the page that asks, and the exchange.
pub(super) fn routes(site: &mut web::ServiceConfig) {
    site.route("/connect/oauth2/authorize", web::get().to(authorise))
        .route("/sns/oauth2/access_token", web::get().to(exchange));
}

impl Platform {
    /// 网页授权域名: the host whose pages may ask who visits them.
    pub fn set_web_domain(&self, slug: &str, host: &str) {
        self.state().oauth.domains.insert(slug.to_owned(), host.to_owned());
    }

    /// Whether the person sees snapshots of pages only.
    pub fn set_snapshots(&self, openid: &str, only: bool) {
        let snapshots = &mut self.state().oauth.snapshots;
        if only {
            snapshots.insert(openid.to_owned());
        } else {
            snapshots.remove(openid);
        }
    }
}

#[derive(Deserialize)]
pub(super) struct Tapped {
    person: String,
    url: String,
}

/// Opens a link on somebody's phone.
pub(super) async fn open(
    platform: Data<Platform>,
    request: HttpRequest,
    tapped: Query<Tapped>,
) -> HttpResponse {
    let is_known = platform.state().people.iter().any(|p| p.given.key == tapped.person);
    let is_page = Url::parse(&tapped.url).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
    if !is_known || !is_page {
        return page("链接打不开");
    }
    let mut answer = HttpResponse::Found();
    let before = request.cookie(PHONE);
    if before.is_none_or(|before| before.value() != tapped.person) {
        // Each phone has a browser of its own, which knows nothing of the others'.
        for other in request.cookies().iter().flat_map(|all| all.iter()) {
            if ![PHONE, OF_THE_DESK].contains(&other.name()) {
                let gone = Cookie::build(other.name().to_owned(), "").path("/");
                answer.cookie(gone.max_age(Duration::ZERO).finish());
            }
        }
    }
    let phone = Cookie::build(PHONE, tapped.person.clone()).path("/").http_only(true).finish();
    answer.cookie(phone).insert_header((header::LOCATION, tapped.url.clone())).finish()
}

/// The page that a visitor is sent to, and that sends them back at once.
async fn authorise(platform: Data<Platform>, request: HttpRequest) -> HttpResponse {
    let asked: Vec<(String, String)> =
        url::form_urlencoded::parse(request.query_string().as_bytes()).into_owned().collect();
    let names: Vec<&str> = asked.iter().map(|(name, _)| name.as_str()).collect();
    if names != PARAMETERS {
        return page("参数错误");
    }
    let part = |name: &str| {
        asked.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str())
    };
    let (back, state_word) = (part("redirect_uri"), part("state"));
    let is_plain = state_word.bytes().all(|b| b.is_ascii_alphanumeric());
    if part("response_type") != "code" || state_word.len() > 128 || !is_plain {
        return page("参数错误");
    }
    if !matches!(part("scope"), "snsapi_base" | "snsapi_userinfo") {
        return page("Scope 参数错误或没有 Scope 权限（10005）");
    }
    let phone = request.cookie(PHONE);
    let now = platform.now();
    let code = platform.inner.ids.fresh().simple().to_string();
    let mut state = platform.state();
    let account = state.accounts.iter().find(|known| known.given.app_id == part("appid"));
    let Some(account) = account.map(|known| known.given.slug.clone()) else {
        return page("AppID 参数错误（10013）");
    };
    let domain = state.oauth.domains.get(&account);
    let host = Url::parse(back).ok().and_then(|url| url.host_str().map(str::to_owned));
    if domain.is_none() || domain != host.as_ref() {
        return page("redirect_uri 域名与后台配置不一致（10003）");
    }
    let visitor = phone.and_then(|phone| openid_at(&state, phone.value(), &account));
    let Some(visitor) = visitor else { return page("请在微信客户端打开链接") };
    let is_snapshot = state.oauth.snapshots.contains(&visitor);
    let openid =
        if is_snapshot { format!("o{}", code.get(..27).unwrap_or(&code)) } else { visitor };
    let to = format!(
        "{back}{}code={code}&state={state_word}",
        if back.contains('?') { '&' } else { '?' }
    );
    state.oauth.codes.push(Given { code, account, openid, is_snapshot, at: now, used: false });
    HttpResponse::Found().insert_header((header::LOCATION, to)).finish()
}

/// The openid of the phone's owner at an account, whichever account the phone shows.
fn openid_at(state: &State, key: &str, account: &str) -> Option<String> {
    let owner = &state.people.iter().find(|person| person.given.key == key)?.given;
    if owner.account == account {
        return Some(owner.openid.clone());
    }
    let same = |person: &&super::state::Person| {
        person.given.account == account && person.given.name == owner.name
    };
    let known = state.people.iter().find(same).map(|person| person.given.openid.clone());
    let fresh = || SimulatedPerson::named(&owner.name, PersonKind::Resident, account).openid;
    Some(known.unwrap_or_else(fresh))
}

async fn exchange(platform: Data<Platform>, asked: Query<HashMap<String, String>>) -> HttpResponse {
    let answer = exchanged(&platform, &asked);
    HttpResponse::Ok().json(answer.unwrap_or_else(|refusal| refusal.body("0-0-0")))
}

fn exchanged(platform: &Platform, asked: &HashMap<String, String>) -> Result<Value, Refusal> {
    let part = |name: &str, missing: i64| {
        let given = asked.get(name).filter(|value| !value.is_empty());
        given.ok_or_else(|| Refusal::of(missing))
    };
    let (app_id, secret) = (part("appid", 41002)?, part("secret", 41004)?);
    let code = part("code", 41008)?;
    if asked.get("grant_type").map(String::as_str) != Some("authorization_code") {
        return Err(Refusal::of(40002));
    }
    let now = platform.now();
    let token = fresh_token(platform.inner.ids.as_ref());
    let mut state = platform.state();
    let account = state.accounts.iter().find(|known| known.given.app_id == *app_id);
    let account = account.ok_or_else(|| Refusal::of(40013))?;
    if account.given.app_secret.expose() != secret {
        return Err(Refusal::of(40125));
    }
    let slug = account.given.slug.clone();
    let known = state.oauth.codes.iter_mut().find(|known| known.code == *code);
    let known = known.filter(|known| known.account == slug).ok_or_else(|| Refusal::of(40029))?;
    if known.used {
        return Err(Refusal::of(40163));
    }
    if now - known.at >= CODE_LIFE {
        return Err(Refusal::of(42003));
    }
    known.used = true;
    let mut answer = json!({
        "access_token": token,
        "expires_in": 7200,
        "refresh_token": token.chars().rev().collect::<String>(),
        "openid": known.openid,
        "scope": "snsapi_base",
    });
    if let Some(answer) = answer.as_object_mut().filter(|_| known.is_snapshot) {
        answer.insert("is_snapshotuser".to_owned(), json!(1));
    }
    Ok(answer)
}

/// What the app shows instead of a page.
fn page(words: &str) -> HttpResponse {
    HttpResponse::Ok().content_type("text/html; charset=utf-8").body(format!(
        "<!doctype html><html lang=\"zh-CN\"><title>微信</title><h1>{words}</h1></html>"
    ))
}
