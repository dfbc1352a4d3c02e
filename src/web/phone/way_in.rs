//! The way in by the platform (网页授权, silently): off to it with a state that only this browser
//! has, back with a code that is good once, and on to the page that was asked for.
//!
//! A code that was used or is too old begins the way again, three times at most. Whoever sees a
//! snapshot of the page (快照页) is nobody, is never taken for a person, and is told so kindly.

use super::{
    door::{self, Door},
    stop::{Stop, Why},
};
use crate::{
    links,
    telemetry::Chain,
    ticket::Follower,
    wechat::{
        account::Account,
        client::{Class, UserReason},
        page,
    },
};
use actix_web::{HttpRequest, HttpResponse, cookie::time::Duration, http::header, web::Query};
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

/// How long a way in may take: a code is good for five minutes.
const PATIENCE: TimeDelta = TimeDelta::minutes(10);
/// How often one way in is begun.
const MOST_TRIES: u32 = 3;
/// What the seal of the way's cookie is good for.
const WAY: &str = "way in";

/// What the browser keeps of the way, sealed.
#[derive(Serialize, Deserialize)]
struct Way {
    state: String,
    account: String,
    next: String,
    tries: u32,
    until: i64,
}

/// What the platform sends a visitor back with.
#[derive(Deserialize)]
pub(super) struct Arrived {
    code: Option<String>,
    state: Option<String>,
}

/// Sends a visitor to the platform, and afterwards on to `next`.
pub(super) fn begin(door: &Door, account: &Account, next: &str, tries: u32) -> Stop {
    let state = door.app.ids.fresh().simple().to_string();
    let way = Way {
        state: state.clone(),
        account: account.slug.clone(),
        next: within(next).to_owned(),
        tries,
        until: (door.now + PATIENCE).timestamp(),
    };
    let Ok(key) = door.key() else { return Why::InChat.into() };
    let Some(sealed) = links::sealed(key, WAY, &way) else { return Why::Broken.into() };
    let Ok(back) = door.app.public_url.join("m/in") else { return Why::Broken.into() };
    let host = door.app.client.page_hosts().authorise;
    let to = page::authorise_address(&host, &account.app_id, back.as_str(), &state);
    let age = Duration::seconds(PATIENCE.num_seconds());
    Stop::go_with(to, door::cookie(&door.app, "way", sealed, age))
}

/// Back from the platform.
pub(super) async fn arrives(
    door: Door,
    request: HttpRequest,
    arrived: Query<Arrived>,
) -> Result<HttpResponse, Stop> {
    let lost = || Stop::from(Why::Lost);
    let kept = request.cookie(&door::cookie_name(&door.app, "way")).ok_or_else(lost)?;
    let way: Way = links::opened(door.key()?, WAY, kept.value()).ok_or_else(lost)?;
    let state = arrived.state.as_deref().unwrap_or_default();
    let is_ours = bool::from(state.as_bytes().ct_eq(way.state.as_bytes()));
    if !is_ours || door.now.timestamp() >= way.until {
        return Err(lost());
    }
    let code = arrived.code.as_deref().filter(|code| !code.is_empty()).ok_or_else(lost)?;
    let account = door.app.accounts.get(&way.account).ok_or_else(lost)?;
    let visitor = match door.app.client.visitor(&way.account, code).await {
        Ok(visitor) if visitor.is_snapshot => return Err(Why::Snapshot.into()),
        Ok(visitor) => visitor,
        Err(error) => {
            let is_used = error.class() == Class::User(UserReason::AuthoriseAgain);
            return Err(if is_used && way.tries < MOST_TRIES {
                begin(&door, account, &way.next, way.tries + 1)
            } else {
                tracing::warn!(error = %Chain(&error), "nobody could be told who a visitor is");
                Why::NotNow.into()
            });
        }
    };
    let who = Follower { account: way.account, openid: visitor.openid };
    Ok(HttpResponse::SeeOther()
        .insert_header((header::LOCATION, way.next))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .cookie(door.known_as(&who)?)
        .cookie(door::cookie(&door.app, "way", String::new(), Duration::ZERO))
        .finish())
}

/// A page of these, or else one's own tickets: nobody is sent elsewhere.
fn within(next: &str) -> &str {
    let is_ours = next.starts_with("/m/")
        && next.bytes().all(|b| b.is_ascii_graphic() && b != b'\\')
        && !next.contains("//")
        && !next.contains("..");
    if is_ours { next } else { "/m/mine" }
}

#[cfg(test)]
mod tests {
    use super::within;

    #[test]
    fn nobody_is_sent_to_another_site() {
        for next in
            ["https://evil.example/", "//evil.example", "/m//evil", "/m/\\evil", "/console/"]
        {
            assert_eq!(within(next), "/m/mine", "{next}");
        }
        assert_eq!(within("/m/t/LX260302123456?a=main"), "/m/t/LX260302123456?a=main");
    }
}
