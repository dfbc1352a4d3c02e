//! Who visits a page of ours, and the ticket that signs pages.

use super::*;
use crate::harness::platform::Platform;
use chrono::TimeDelta;
use lianxin::{
    shared::keys::PageTicket,
    wechat::client::{Class, ConfigReason, UserReason},
};

const VISITOR: &str = "/sns/oauth2/access_token";
const TICKET: &str = "/cgi-bin/ticket/getticket";

fn known(is_snapshot: bool) -> Answer {
    let mut answer = json!({
        "access_token": "of-the-visitor", "expires_in": 7200, "refresh_token": "r",
        "openid": OPENID, "scope": "snsapi_base",
    });
    if is_snapshot {
        answer["is_snapshotuser"] = json!(1);
    }
    Answer::Json(answer)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_exchanged_by_the_secret_and_without_our_token() {
    let platform = Platform::answering(|_| known(false));
    let clock = clock();
    let client = client(platform.address(), memory(&clock), &clock);
    let visitor = client.visitor("main", "c0de").await.unwrap();
    assert_eq!((visitor.openid.as_str(), visitor.is_snapshot), (OPENID, false));
    assert!(!format!("{visitor:?}").contains(OPENID));
    let asked = platform.asked();
    assert_eq!(asked.len(), 1, "no token is fetched for it");
    let query = &asked[0].query;
    assert_eq!((asked[0].path.as_str(), asked[0].method.as_str()), (VISITOR, "GET"));
    assert_eq!(query["appid"], "wxdemo");
    assert_eq!(query["secret"], "open-sesame");
    assert_eq!(query["code"], "c0de");
    assert_eq!(query["grant_type"], "authorization_code");
    assert_eq!(asked[0].token, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_snapshot_s_visitor_is_told_apart() {
    let platform = Platform::answering(|_| known(true));
    let clock = clock();
    let client = client(platform.address(), memory(&clock), &clock);
    assert!(client.visitor("main", "c0de").await.unwrap().is_snapshot);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_refused_code_means() {
    for (errcode, class) in [
        (40029, Class::User(UserReason::AuthoriseAgain)),
        (40163, Class::User(UserReason::AuthoriseAgain)),
        (42003, Class::User(UserReason::AuthoriseAgain)),
        (40030, Class::User(UserReason::AuthoriseAgain)),
        (42002, Class::User(UserReason::AuthoriseAgain)),
        (42007, Class::User(UserReason::AuthoriseAgain)),
        (40013, Class::Config(ConfigReason::Account)),
        (40125, Class::Config(ConfigReason::Secret)),
        (-1, Class::Retry { after: None }),
    ] {
        let platform = Platform::answering(move |_| code(errcode));
        let clock = clock();
        let client = client(platform.address(), memory(&clock), &clock);
        let error = client.visitor("main", "c0de").await.unwrap_err();
        assert_eq!(error.class(), class, "{errcode}");
        assert_eq!(platform.count(VISITOR), 1, "a code is tried once");
        assert!(!shown(&error).contains("open-sesame"), "{}", shown(&error));
        assert!(!shown(&error).contains("c0de"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_platform_s_pages_are_its_own_unless_it_is_this_machine() {
    let clock = clock();
    let here = Url::parse("http://127.0.0.1:9").unwrap();
    let hosts = client(here.clone(), memory(&clock), &clock).page_hosts();
    assert_eq!((&hosts.authorise, &hosts.script), (&here, &here));
    let there = Url::parse("https://api.weixin.qq.com").unwrap();
    let hosts = client(there, memory(&clock), &clock).page_hosts();
    assert_eq!(hosts.authorise.as_str(), "https://open.weixin.qq.com/");
    assert_eq!(hosts.script.as_str(), "https://res.wx.qq.com/");
}

fn ticket(text: &str) -> Answer {
    Answer::Json(json!({ "errcode": 0, "errmsg": "ok", "ticket": text, "expires_in": 7200 }))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_is_fetched_once_for_all_and_anew_before_its_end() {
    let platform = Platform::answering(with_a_token(|_| ticket("T1")));
    let clock = clock();
    let shared = memory(&clock);
    let one = client(platform.address(), shared.clone(), &clock);
    let other = client(platform.address(), shared.clone(), &clock);
    let all = tokio::join!(
        one.page_ticket("main"),
        one.page_ticket("main"),
        other.page_ticket("main"),
        other.page_ticket("main"),
    );
    for known in [all.0, all.1, all.2, all.3] {
        assert_eq!(known.unwrap(), "T1");
    }
    assert_eq!(platform.count(TICKET), 1);
    let asked = platform.asked().into_iter().find(|asked| asked.path == TICKET).unwrap();
    assert_eq!((asked.method.as_str(), asked.query["type"].as_str()), ("GET", "jsapi"));
    assert_eq!(asked.token.as_deref(), Some("t1"));
    let stored = shared.get(&PageTicket { account: "main" }).await.unwrap().unwrap();
    assert!(!format!("{stored:?}").contains("T1"));
    clock.advance(TimeDelta::seconds(6901));
    one.page_ticket("main").await.unwrap();
    assert_eq!(platform.count(TICKET), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_that_is_refused_is_asked_for_again_by_the_next_page() {
    let platform = Platform::answering(with_a_token(|_| code(48001)));
    let clock = clock();
    let client = client(platform.address(), memory(&clock), &clock);
    for tries in 1..=2 {
        let error = client.page_ticket("main").await.unwrap_err();
        assert_eq!(error.class(), Class::Config(ConfigReason::Permission));
        assert_eq!(platform.count(TICKET), tries);
    }
}
