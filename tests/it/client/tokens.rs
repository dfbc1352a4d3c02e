//! Access tokens: fetched once, renewed early, replaced when refused, never in a circle.

use super::*;
use crate::harness::{platform::Platform, redis::RedisServer};
use chrono::TimeDelta;
use futures_util::future::join_all;
use lianxin::{
    shared::keys::{AccessToken, RefreshLock, StoredToken},
    wechat::client::{Class, ClientError, ConfigReason, TokenError},
};
use std::sync::{
    Mutex,
    atomic::{AtomicU32, Ordering},
};

/// A platform that keeps the rules: one good token; asking gives the current one, forcing makes
/// a new one; calls with another token are refused.
#[derive(Default)]
struct Rules {
    issued: AtomicU32,
    /// The platform itself forgot the current token, but goes on handing it out.
    dead: Mutex<bool>,
}

impl Rules {
    fn answer(&self, asked: &Asked) -> Answer {
        let mut dead = self.dead.lock().unwrap();
        if asked.path == TOKEN && is_forced(asked) {
            *dead = false;
            self.issued.fetch_add(1, Ordering::SeqCst);
        }
        let current = format!("t{}", self.issued.load(Ordering::SeqCst));
        match asked.path.as_str() {
            TOKEN => token(&current),
            _ if *dead || asked.token.as_ref() != Some(&current) => code(40001),
            _ => done(),
        }
    }

    fn kill(&self) {
        *self.dead.lock().unwrap() = true;
    }

    fn expire(&self) {
        self.issued.fetch_add(1, Ordering::SeqCst);
    }
}

fn platform(rules: &Arc<Rules>) -> Platform {
    let rules = rules.clone();
    Platform::answering(move |asked| rules.answer(asked))
}

fn forced(platform: &Platform) -> usize {
    platform.asked().iter().filter(|asked| is_forced(asked)).count()
}

async fn text(client: &Client) -> Result<(), ClientError> {
    client.send_text("main", OPENID, "您好").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_refused_twice_is_nobodys_circle() {
    for refusal in [40001, 40014, 42001] {
        let issued = AtomicU32::new(0);
        let platform = Platform::answering(move |asked| match asked.path.as_str() {
            TOKEN => token(&format!("t{}", issued.fetch_add(1, Ordering::SeqCst))),
            _ => code(refusal),
        });
        let clock = clock();
        let client = client(platform.address(), memory(&clock), &clock);
        let error = text(&client).await.unwrap_err();
        let again = TokenError::RefusedAgain {
            code: refusal,
            rid: Some("65f0a1b2-0c1d2e3f-4a5b6c7d".to_owned()),
        };
        assert_eq!(format!("{error:?}"), format!("{:?}", ClientError::Token(again)));
        assert_eq!(error.class(), Class::Config(ConfigReason::Token));
        assert_eq!((platform.count(TOKEN), platform.count(SEND)), (2, 2));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_secret_is_asked_about_once() {
    for (refusal, reason) in [
        (40001, ConfigReason::Secret),
        (40125, ConfigReason::Secret),
        (40164, ConfigReason::Ip),
        (61004, ConfigReason::Account),
    ] {
        let platform = Platform::answering(move |_| code(refusal));
        let clock = clock();
        let client = client(platform.address(), memory(&clock), &clock);
        let error = text(&client).await.unwrap_err();
        assert_eq!(error.class(), Class::Config(reason), "{refusal}");
        assert_eq!(platform.asked().len(), 1);
        assert!(!shown(&error).contains("open-sesame"), "{}", shown(&error));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_cannot_be_fetched_leaves_the_message_unsent_and_repeatable() {
    for answer in ["<html>", "{}", "{\"access_token\":1}"] {
        let platform = Platform::answering(move |_| Answer::Text(200, answer.to_owned()));
        let clock = clock();
        let client = client(platform.address(), memory(&clock), &clock);
        let error = text(&client).await.unwrap_err();
        assert_eq!(error.class(), Class::Retry { after: None }, "{answer}");
        assert_eq!(platform.count(SEND), 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_token_is_replaced_and_the_message_arrives() {
    let rules = Arc::new(Rules::default());
    let platform = platform(&rules);
    let clock = clock();
    let client = client(platform.address(), memory(&clock), &clock);
    text(&client).await.unwrap();
    rules.expire();
    text(&client).await.unwrap();
    let sent: Vec<_> =
        platform.asked().into_iter().filter(|a| a.path == SEND).map(|a| a.token.unwrap()).collect();
    assert_eq!(sent, ["t0", "t0", "t1"]);
    assert_eq!((platform.count(TOKEN), forced(&platform)), (2, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_token_handed_back_is_forced_once_and_not_again_within_thirty_seconds() {
    let rules = Arc::new(Rules::default());
    let platform = platform(&rules);
    let clock = clock();
    let client = client(platform.address(), memory(&clock), &clock);
    text(&client).await.unwrap();
    rules.kill();
    text(&client).await.unwrap();
    assert_eq!(forced(&platform), 1);

    rules.kill();
    let error = text(&client).await.unwrap_err();
    assert!(matches!(error, ClientError::Token(TokenError::Dead)), "{error:?}");
    assert_eq!(error.class(), Class::Config(ConfigReason::Token));
    assert_eq!(forced(&platform), 1);

    clock.advance(TimeDelta::seconds(31));
    text(&client).await.unwrap();
    assert_eq!(forced(&platform), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_has_twenty_forced_tokens_for_all_instances_and_tomorrow_twenty_more() {
    let rules = Arc::new(Rules::default());
    let platform = platform(&rules);
    let clock = clock();
    let shared = memory(&clock);
    let instances = [
        client(platform.address(), shared.clone(), &clock),
        client(platform.address(), shared, &clock),
    ];
    for n in 0..30 {
        if n < 20 {
            // Takes over what its sibling forced.
            text(&instances[n % 2]).await.unwrap();
        }
        rules.kill();
        let result = text(&instances[n % 2]).await;
        assert_eq!(result.is_ok(), n < 20, "{n} {result:?}");
        clock.advance(TimeDelta::seconds(31));
    }
    assert_eq!(forced(&platform), 20);
    // From nine in the morning to midnight in Beijing.
    clock.advance(TimeDelta::hours(15));
    text(&instances[0]).await.unwrap();
    assert_eq!(forced(&platform), 21);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forced_token_that_is_the_dead_one_again_is_an_error() {
    let platform = Platform::answering(with_a_token(|_| code(42001)));
    let clock = clock();
    let client = client(platform.address(), memory(&clock), &clock);
    let error = text(&client).await.unwrap_err();
    assert!(matches!(error, ClientError::Token(TokenError::Dead)), "{error:?}");
    assert_eq!((platform.count(TOKEN), platform.count(SEND)), (3, 1));
}

async fn many_at_once_fetch_once(shared: Shared) {
    let rules = Arc::new(Rules::default());
    let platform = platform(&rules);
    let clock = clock();
    let instances: Vec<Client> =
        (0..3).map(|_| client(platform.address(), shared.clone(), &clock)).collect();
    let sent = join_all((0..30).map(|n| text(&instances[n % 3]))).await;
    assert!(sent.iter().all(Result::is_ok), "{sent:?}");
    assert_eq!(platform.count(TOKEN), 1);

    // All of them meet the refusal of the same token; one fetches, none throws the new one away.
    rules.expire();
    let sent = join_all((0..30).map(|n| text(&instances[n % 3]))).await;
    assert!(sent.iter().all(Result::is_ok), "{sent:?}");
    assert_eq!((platform.count(TOKEN), forced(&platform)), (2, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn thirty_callers_on_three_instances_fetch_once_in_memory() {
    many_at_once_fetch_once(memory(&clock())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn thirty_callers_on_three_instances_fetch_once_over_redis() {
    let server = RedisServer::start();
    many_at_once_fetch_once(server.shared()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_redis_each_instance_goes_on_with_its_own_copy() {
    let rules = Arc::new(Rules::default());
    let platform = platform(&rules);
    let clock = clock();
    let mut server = RedisServer::start();
    let shared = server.shared();
    let client = client(platform.address(), shared, &clock);
    text(&client).await.unwrap();
    server.stop();
    text(&client).await.unwrap();
    assert_eq!(platform.count(TOKEN), 1);
    rules.kill();
    text(&client).await.unwrap();
    rules.expire();
    text(&client).await.unwrap();
    assert_eq!((platform.count(TOKEN), forced(&platform)), (4, 1));
    // Also the limits are kept without it.
    rules.kill();
    let error = text(&client).await.unwrap_err();
    assert!(matches!(error, ClientError::Token(TokenError::Dead)), "{error:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_renewed_early_and_the_old_one_used_while_that_fails() {
    let answers = Arc::new(Mutex::new(vec![code(-1), code(-1), token("t1")]));
    let platform = Platform::answering(move |asked| match asked.path.as_str() {
        TOKEN => answers.lock().unwrap().pop().unwrap(),
        _ => done(),
    });
    let clock = clock();
    let client = client(platform.address(), memory(&clock), &clock);
    text(&client).await.unwrap();
    clock.advance(TimeDelta::seconds(7200 - 601));
    text(&client).await.unwrap();
    assert_eq!(platform.count(TOKEN), 1);
    clock.advance(TimeDelta::seconds(302));
    text(&client).await.unwrap();
    assert_eq!(platform.count(TOKEN), 2);
    assert_eq!(platform.asked().pop().unwrap().token.as_deref(), Some("t1"));
    clock.advance(TimeDelta::seconds(299));
    let error = text(&client).await.unwrap_err();
    assert_eq!(error.class(), Class::Retry { after: None });
}

#[tokio::test(flavor = "multi_thread")]
async fn an_instance_waits_for_its_sibling_and_takes_what_that_one_fetched() {
    let platform = Platform::answering(|asked| match asked.path.as_str() {
        TOKEN => token("fetched twice"),
        _ => done(),
    });
    let clock = clock();
    let shared = memory(&clock);
    let client = client(platform.address(), shared.clone(), &clock);
    let lock = RefreshLock { account: "main" };
    assert!(shared.put_if_absent(&lock, &"a sibling".to_owned()).await.unwrap());
    let sibling = async {
        // Not before the other one waits; `text` is polled first.
        tokio::task::yield_now().await;
        let stored = StoredToken {
            token: "from a sibling".to_owned(),
            renew_at: morning() + TimeDelta::seconds(6000),
            expires_at: morning() + TimeDelta::seconds(7200),
        };
        let key = AccessToken { account: "main" };
        shared.put(&key, &stored, Duration::from_hours(2)).await.unwrap();
    };
    let (sent, ()) = futures_util::future::join(text(&client), sibling).await;
    sent.unwrap();
    assert_eq!(platform.count(TOKEN), 0);
    assert_eq!(platform.asked().pop().unwrap().token.as_deref(), Some("from a sibling"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sibling_that_died_with_the_lock_holds_nobody_up_for_long() {
    let rules = Arc::new(Rules::default());
    let platform = platform(&rules);
    let clock = clock();
    let shared = memory(&clock);
    let lock = RefreshLock { account: "main" };
    assert!(shared.put_if_absent(&lock, &"a ghost".to_owned()).await.unwrap());
    let client = client(platform.address(), shared, &clock);
    // The clock stands still, so the lock never runs out by itself.
    tokio::time::timeout(Duration::from_secs(20), text(&client)).await.unwrap().unwrap();
    assert_eq!(platform.count(TOKEN), 1);
}
