//! Shared state: one suite over memory and a real Redis server, then what only Redis can suffer.

use crate::harness::redis::RedisServer;
use chrono::{DateTime, TimeDelta, Utc};
use lianxin::{
    clock::{Clock, StoppedClock, SystemClock},
    shared::{
        Counter, Key, Shared, SharedError,
        keys::{AccessToken, RefreshLock, SignInAttempts, StoredToken},
    },
};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// Lives so briefly that a test can see it end.
struct Brief;
impl Key for Brief {
    type Value = String;
    const LIFETIME: Duration = Duration::from_secs(1);
    fn name(&self) -> String {
        "brief".to_owned()
    }
}

struct BriefCounter;
impl Counter for BriefCounter {
    const WINDOW: Duration = Duration::from_secs(1);
    fn name(&self) -> String {
        "brief".to_owned()
    }
}

/// Says that time passes on both: the clock of the one moves, the other's is waited for.
enum Passing {
    Stopped(Arc<StoppedClock>),
    Real,
}

impl Passing {
    async fn pass(&self, span: Duration) {
        match self {
            Self::Stopped(clock) => clock.advance(TimeDelta::from_std(span).unwrap()),
            Self::Real => {
                let mut beat = tokio::time::interval(span);
                beat.tick().await;
                beat.tick().await;
            }
        }
    }
}

fn memory() -> (Shared, Passing) {
    let clock = Arc::new(StoppedClock::at(DateTime::UNIX_EPOCH));
    (Shared::memory(clock.clone()), Passing::Stopped(clock))
}

/// Each promise on both backends.
macro_rules! on_both {
    ($($promise:ident),* $(,)?) => {
        mod memory {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $promise() {
                let (shared, passing) = super::memory();
                super::$promise(&shared, &passing).await;
            })*
        }
        mod redis {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $promise() {
                let server = super::RedisServer::start();
                let shared = server.shared();
                super::$promise(&shared, &super::Passing::Real).await;
            })*
        }
    };
}

on_both!(
    a_value_is_gone_when_its_lifetime_is_over,
    a_lifetime_is_never_longer_than_the_key_allows,
    no_lifetime_at_all_puts_nothing,
    the_first_of_many_takes_an_absent_value,
    an_absent_value_can_be_taken_again_when_it_is_over,
    only_the_value_that_was_seen_is_removed,
    a_token_survives_the_way_there_and_back,
    a_counter_begins_anew_when_its_window_is_over,
    counting_does_not_prolong_the_window,
    counters_of_different_people_are_apart,
    fifty_counts_at_once_are_fifty,
);

async fn a_value_is_gone_when_its_lifetime_is_over(shared: &Shared, passing: &Passing) {
    shared.put(&Brief, &"there".to_owned(), Duration::from_millis(900)).await.unwrap();
    assert_eq!(shared.get(&Brief).await.unwrap().as_deref(), Some("there"));
    passing.pass(Duration::from_millis(901)).await;
    assert_eq!(shared.get(&Brief).await.unwrap(), None);
    assert!(!shared.remove_if_equals(&Brief, &"there".to_owned()).await.unwrap());
}

async fn a_lifetime_is_never_longer_than_the_key_allows(shared: &Shared, passing: &Passing) {
    shared.put(&Brief, &"there".to_owned(), Duration::from_hours(1)).await.unwrap();
    passing.pass(Duration::from_millis(1001)).await;
    assert_eq!(shared.get(&Brief).await.unwrap(), None);
}

async fn no_lifetime_at_all_puts_nothing(shared: &Shared, _: &Passing) {
    shared.put(&Brief, &"there".to_owned(), Duration::ZERO).await.unwrap();
    assert_eq!(shared.get(&Brief).await.unwrap(), None);
}

async fn the_first_of_many_takes_an_absent_value(shared: &Shared, _: &Passing) {
    let lock = RefreshLock { account: "main" };
    let names: Vec<String> = (0..20).map(|n| format!("instance {n}")).collect();
    let tries = names.iter().map(|name| shared.put_if_absent(&lock, name));
    let taken = futures_util::future::join_all(tries).await;
    assert_eq!(taken.into_iter().filter(|took| *took.as_ref().unwrap()).count(), 1);
    assert!(names.contains(&shared.get(&lock).await.unwrap().unwrap()));
}

async fn an_absent_value_can_be_taken_again_when_it_is_over(shared: &Shared, passing: &Passing) {
    assert!(shared.put_if_absent(&Brief, &"first".to_owned()).await.unwrap());
    assert!(!shared.put_if_absent(&Brief, &"second".to_owned()).await.unwrap());
    passing.pass(Duration::from_millis(1001)).await;
    assert!(shared.put_if_absent(&Brief, &"third".to_owned()).await.unwrap());
}

async fn only_the_value_that_was_seen_is_removed(shared: &Shared, _: &Passing) {
    let lock = RefreshLock { account: "main" };
    assert!(!shared.remove_if_equals(&lock, &"mine".to_owned()).await.unwrap());
    shared.put_if_absent(&lock, &"theirs".to_owned()).await.unwrap();
    assert!(!shared.remove_if_equals(&lock, &"mine".to_owned()).await.unwrap());
    assert!(shared.remove_if_equals(&lock, &"theirs".to_owned()).await.unwrap());
    assert_eq!(shared.get(&lock).await.unwrap(), None);
}

async fn a_token_survives_the_way_there_and_back(shared: &Shared, _: &Passing) {
    let now: DateTime<Utc> = SystemClock.now();
    let key = AccessToken { account: "main" };
    let token = StoredToken {
        token: "令牌 \"quoted\" \u{0}".to_owned(),
        renew_at: now,
        expires_at: now + TimeDelta::seconds(7200),
    };
    shared.put(&key, &token, Duration::from_hours(2)).await.unwrap();
    assert_eq!(shared.get(&key).await.unwrap(), Some(token.clone()));
    assert_eq!(shared.get(&AccessToken { account: "other" }).await.unwrap(), None);
    assert!(shared.remove_if_equals(&key, &token).await.unwrap());
}

async fn a_counter_begins_anew_when_its_window_is_over(shared: &Shared, passing: &Passing) {
    assert_eq!(shared.count(&BriefCounter).await.unwrap(), 1);
    assert_eq!(shared.count(&BriefCounter).await.unwrap(), 2);
    passing.pass(Duration::from_millis(1001)).await;
    assert_eq!(shared.count(&BriefCounter).await.unwrap(), 1);
}

async fn counting_does_not_prolong_the_window(shared: &Shared, passing: &Passing) {
    shared.count(&BriefCounter).await.unwrap();
    passing.pass(Duration::from_millis(900)).await;
    shared.count(&BriefCounter).await.unwrap();
    passing.pass(Duration::from_millis(101)).await;
    assert_eq!(shared.count(&BriefCounter).await.unwrap(), 1);
}

async fn counters_of_different_people_are_apart(shared: &Shared, _: &Passing) {
    let one = SignInAttempts { from: "127.0.0.1" };
    let other = SignInAttempts { from: "127.0.0.2" };
    assert_eq!(shared.count(&one).await.unwrap(), 1);
    assert_eq!(shared.count(&one).await.unwrap(), 2);
    assert_eq!(shared.count(&other).await.unwrap(), 1);
}

async fn fifty_counts_at_once_are_fifty(shared: &Shared, _: &Passing) {
    let counter = SignInAttempts { from: "127.0.0.1" };
    let counts = futures_util::future::join_all((0..50).map(|_| shared.count(&counter))).await;
    let mut counts: Vec<u64> = counts.into_iter().map(Result::unwrap).collect();
    counts.sort_unstable();
    assert_eq!(counts, (1..=50).collect::<Vec<u64>>());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_away_is_an_error_soon_and_works_again_when_it_is_back() {
    let mut server = RedisServer::start();
    let shared = Shared::redis(&server.address()).unwrap();
    shared.ping().await.unwrap();
    server.stop();
    let begin = Instant::now();
    let lock = RefreshLock { account: "main" };
    assert!(shared.put_if_absent(&lock, &"mine".to_owned()).await.is_err());
    assert!(shared.get(&lock).await.is_err());
    assert!(begin.elapsed() < Duration::from_secs(2), "{:?}", begin.elapsed());
    server.start_again();
    let begin = Instant::now();
    while shared.ping().await.is_err() {
        assert!(begin.elapsed() < Duration::from_secs(10), "never came back");
    }
    assert!(shared.put_if_absent(&lock, &"mine".to_owned()).await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_never_answers_costs_less_than_a_second() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let shared = Shared::redis(&format!("redis://{}", silent.local_addr().unwrap())).unwrap();
    let begin = Instant::now();
    assert!(shared.ping().await.is_err());
    assert!(begin.elapsed() < Duration::from_secs(1), "{:?}", begin.elapsed());
}

#[test]
fn an_address_is_refused_without_being_repeated_and_needs_no_runtime() {
    let error = Shared::redis("http://:sesame@nowhere").err().unwrap();
    assert!(matches!(error, SharedError::BadAddress));
    assert!(!format!("{error:?} {error}").contains("sesame"));
    assert!(Shared::redis("redis://127.0.0.1:1").is_ok());
}
