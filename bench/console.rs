//! What the console's pages cost with a county's tickets of years behind them.
//!
//! `cargo bench --bench console` makes up a county of real size and a million tickets over five
//! years, each with the history of a real course, lets the worker count them, serves the site and
//! asks for every page that can be reached by links from the first one – as an operator of the
//! whole county and as one of a township. It prints the median, the 95th percentile and the
//! longest answer of each, over HTTP, with what the browser would wait for.
//!
//! `-- --tickets N` asks for another number, `--database-url URL` for a database of yours instead
//! of a SQLite file of its own; one that was filled before is used as it is.
//!
//! It measures and prints; it judges nothing and is no test.
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a program that prints figures, on data that it made itself"
)]

use chrono::{DateTime, TimeDelta, Utc};
use lianxin::{
    access::{Operator, Role, Scope},
    app::{App, Parts},
    clock::StoppedClock,
    county::County,
    dialogue::rules_of,
    figures,
    ids::{Ids, RandomIds, SeededIds},
    shared::Shared,
    sign_in,
    storage::{OperatorAccount, StorageError, Store},
    ticket::{
        Call, Follower, MemberId, Outcome, Person, Place, Rating, Report, Ticket,
        event::{Actor, Event},
        lifecycle::{self, Action, Transition},
    },
    web::{self, Site},
    wechat::client::{http, install_tls},
    workbook::sample,
    workbook::{self, Book, write},
};
use regex::Regex;
use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::Arc,
    time::{Duration, Instant},
};
use url::Url;

const VILLAGES: usize = 1054;
const PASSWORD: &str = "a password of the bench";
/// So many of the tickets are still open: three weeks' worth of a large county.
const OPEN: usize = 10_000;
const YEARS: i64 = 5;
/// How often each page is asked for.
const TIMES: usize = 40;
/// Pages that differ by a number or a code only are one page; so many of a kind are enough.
const ALIKE: usize = 2;
const SAVED_AT_ONCE: usize = 5_000;

fn option(name: &str) -> Option<String> {
    let mut arguments = std::env::args().skip_while(|argument| argument != name);
    arguments.nth(1)
}

#[tokio::main]
async fn main() {
    install_tls();
    let count = option("--tickets").map_or(1_000_000, |count| count.parse().expect("a number"));
    let folder = tempfile::tempdir().unwrap();
    let url = option("--database-url")
        .unwrap_or_else(|| format!("sqlite://{}/bench.db", folder.path().display()));
    let now = DateTime::parse_from_rfc3339("2026-03-02T09:00:00+08:00").unwrap().to_utc();
    let store = Store::open(&url).await.unwrap();
    store.migrate_up().await.unwrap();
    let clock = Arc::new(StoppedClock::at(now));
    let app = App::build(Parts {
        store: store.clone(),
        clock: clock.clone(),
        ids: Arc::new(RandomIds),
        accounts: Vec::new(),
        shared: Shared::memory(clock.clone()),
        media: lianxin::config::MediaPlace::Folder(std::env::temp_dir().join("lianxin-no-photos")),
        api_url: Url::parse("http://127.0.0.1:9").unwrap(),
        public_url: Url::parse("http://127.0.0.1:9").unwrap(),
        signing_key: Some(lianxin::wechat::account::Secret::new("signs links")),
        templates: None,
        record: None,
    })
    .unwrap();
    if store.operators().await.unwrap().is_empty() {
        prepare(&store, count, now).await;
    }
    let since = Instant::now();
    let mut counted = 0;
    loop {
        let done = figures::run(&app).await.unwrap();
        if done == 0 {
            break;
        }
        counted += done;
        if counted % 50_000 < done {
            println!("  counted {counted} tickets, {:.0} s", since.elapsed().as_secs_f64());
        }
    }

    let site = Site { app, trusted_proxies: Vec::new() };
    let (server, address) = web::serve(&site, "127.0.0.1:0".parse().unwrap()).unwrap();
    let handle = server.handle();
    tokio_util::task::TaskTracker::new().spawn(server);
    println!("{count} tickets, {TIMES} times each page; milliseconds");
    for name in ["county", "township"] {
        walk(&format!("http://{address}"), name).await;
    }
    handle.stop(false).await;
}

/// A county, two operators, and tickets over five years.
async fn prepare(store: &Store, count: usize, now: DateTime<Utc>) {
    let file = write::of(&sample::county(VILLAGES)).unwrap();
    let county = workbook::county(vec![Book::of_file("county.xlsx", &file)]).unwrap();
    let ids = SeededIds::from_seed(1);
    let tx = store.begin().await.unwrap();
    tx.replace_county(&county, &ids, now).await.unwrap();
    let villages: Vec<_> = county.areas().iter().filter(|area| area.is_precise()).collect();
    let township = county.path(&villages[0].code)[1].code.as_str().to_owned();
    let hash = sign_in::password_hash("bench", PASSWORD, ids.fresh()).await.unwrap();
    for (name, area) in [("county", None), ("township", Some(township))] {
        let id = ids.fresh();
        let person = Person { id: MemberId(id), name: name.to_owned() };
        let scope = Scope { area, ..Scope::default() };
        let account = OperatorAccount {
            operator: Operator { id, person, role: Role::Admin, scope },
            name: name.to_owned(),
            password_hash: hash.clone(),
            must_change: false,
            totp_secret: None,
            totp_step: None,
            disabled_at: None,
            created_at: now,
        };
        tx.add_operator(&account).await.unwrap();
    }
    tx.commit().await.unwrap();
    let (_, county) = store.county().await.unwrap().unwrap();
    let people = people(store).await;
    let since = Instant::now();
    let mut made = 0;
    while made < count {
        let tx = store.begin().await.unwrap();
        for _ in 0..SAVED_AT_ONCE.min(count - made) {
            let turn = made;
            made += 1;
            let age = if turn < OPEN {
                TimeDelta::minutes(i64::try_from(turn).unwrap() * 3)
            } else {
                // Spread evenly over the years before.
                let seconds = 86_400 * 365 * YEARS;
                let turn = i64::try_from(turn).unwrap();
                TimeDelta::days(21)
                    + TimeDelta::seconds(turn * seconds / i64::try_from(count).unwrap())
            };
            // Numbers are drawn; one that is taken is drawn again.
            while let Err(error) =
                tx.save(&life(&county, &people, &ids, turn, now - age, now)).await
            {
                assert!(matches!(error, StorageError::Stale { .. }), "{error}");
            }
        }
        tx.commit().await.unwrap();
        if made % 50_000 == 0 {
            println!("  saved {made} tickets, {:.0} s", since.elapsed().as_secs_f64());
        }
    }
}

async fn people(store: &Store) -> Vec<Person> {
    store.members().await.unwrap().into_iter().map(|member| member.person).collect()
}

const WORDS: [&str; 8] = [
    "门口路灯坏了三天了，晚上老人不敢出门",
    "下水道堵了，污水流到路上",
    "自来水从昨天起就没有了",
    "路上有个大坑，孩子骑车摔了一跤",
    "垃圾堆了一个星期没人拉",
    "邻居家的狗没有拴",
    "想问一下养老金认证怎么办",
    "村口的健身器材断了一根杆子",
];

/// The whole course of one ticket as one change: what it is in the end, and all that happened.
fn life(
    county: &County,
    people: &[Person],
    ids: &SeededIds,
    turn: usize,
    at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Transition {
    let categories = county.categories();
    // Some matters are commoner than others.
    let category = &categories[(turn % 7) * (turn % 11) % categories.len()].code;
    let areas = county.areas();
    let area = &areas[areas.len() - 1 - turn * 31 % (areas.len() / 2)];
    let report = Report {
        text: WORDS[turn % WORDS.len()].to_owned(),
        place: Place { text: None, point: None, area: Some(area.code.as_str().to_owned()) },
        category: category.clone(),
        contact: None,
        confidential: turn.is_multiple_of(97),
        urgent: turn.is_multiple_of(211),
        media: Vec::new(),
    };
    let openid = format!("bench-{}", turn % 300_000);
    let reporter = Follower { account: "main".to_owned(), openid };
    let path = county.path(&area.code).iter().map(|area| area.code.as_str().to_owned()).collect();
    let rules = rules_of(county, category);
    let mut whole = lifecycle::open(ids.fresh(), reporter, report, path, rules, at);
    let desk = Actor::Operator(people[0].clone());
    let worker = people[turn * 7 % people.len()].clone();
    let unit = county.units().get(turn % county.units().len().max(1)).map(|unit| unit.code.clone());
    let call = Call { to: vec![worker.clone()], unit, ..Call::default() };
    let worker = Actor::Member(worker);
    let outcome = Outcome::Solved;
    let finish = Action::Finish { text: "办好了".into(), outcome, media: Vec::new() };
    let rating = [Rating::VerySatisfied, Rating::Satisfied, Rating::Dissatisfied][turn % 3];
    let course = [
        (30, &desk, Action::Accept),
        (60, &desk, Action::Dispatch { call }),
        (240, &worker, Action::Take),
        (60 * 24 * i64::try_from(turn % 9).unwrap() + 600, &worker, finish),
        (700, &desk, Action::Pass),
        (900, &Actor::Resident, Action::Confirm { fully: true }),
        (5, &Actor::Resident, Action::Rate { rating }),
    ];
    let reached = if turn < OPEN { turn % 6 } else { course.len() };
    let mut moment = at;
    for (minutes, by, action) in course.into_iter().take(reached) {
        moment += TimeDelta::minutes(minutes);
        if moment > now {
            break;
        }
        // A check that nobody asks for is no move.
        if let Ok(next) = lifecycle::act(&whole.after, action, by, rules, moment) {
            follow(&mut whole, next);
        }
    }
    whole
}

fn follow(whole: &mut Transition, next: Transition) {
    let mut events: Vec<Event> = std::mem::take(&mut whole.events);
    events.extend(next.events);
    *whole = Transition {
        before: None,
        after: Ticket { version: 1, ..next.after },
        events,
        notices: Vec::new(),
    };
}

/// Asks for every page that links lead to.
async fn walk(address: &str, name: &str) {
    let http = http().unwrap();
    let form = [("name", name), ("password", PASSWORD)];
    let signed_in =
        http.post(format!("{address}/console/sign-in")).form(&form).send().await.unwrap();
    let cookie = signed_in.headers()["set-cookie"].to_str().unwrap();
    let cookie = cookie.split(';').next().unwrap().to_owned();
    let get = |path: String| {
        let request = http.get(format!("{address}{path}")).header("cookie", &cookie);
        async move {
            let since = Instant::now();
            let response = request.send().await.unwrap();
            let status = response.status().as_u16();
            let body = response.bytes().await.unwrap();
            (status, body, since.elapsed())
        }
    };
    let link = Regex::new(r#"href="([^"]+)""#).unwrap();
    let (mut waiting, mut seen) = (VecDeque::from(["/console/".to_owned()]), BTreeSet::new());
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    println!(
        "\n{:<70} {:>5} {:>8} {:>8} {:>8}",
        format!("as {name}"),
        "kB",
        "median",
        "p95",
        "max"
    );
    while let Some(path) = waiting.pop_front() {
        let (status, body, _) = get(path.clone()).await;
        let html = String::from_utf8_lossy(&body).into_owned();
        for found in link.captures_iter(&html) {
            let next = found[1].replace("&#x2f;", "/").replace("&amp;", "&");
            let next = next.split('#').next().unwrap().to_owned();
            let kind = kind_of(&next);
            let is_page = next.starts_with("/console/") && !next.contains("/static/");
            if is_page && *kinds.get(&kind).unwrap_or(&0) < ALIKE && seen.insert(next.clone()) {
                *kinds.entry(kind).or_default() += 1;
                waiting.push_back(next);
            }
        }
        let mut times = Vec::with_capacity(TIMES);
        for _ in 0..TIMES {
            times.push(get(path.clone()).await.2);
        }
        times.sort();
        let ms = |time: Duration| time.as_secs_f64() * 1000.0;
        println!(
            "{:<70} {:>5} {:>8.1} {:>8.1} {:>8.1}{}",
            path.chars().take(70).collect::<String>(),
            html.len() / 1024,
            ms(times[TIMES / 2]),
            ms(times[TIMES * 95 / 100]),
            ms(times[TIMES - 1]),
            if status == 200 { String::new() } else { format!("  ({status})") },
        );
    }
}

/// Pages that differ by a number, a code or a value only.
fn kind_of(path: &str) -> String {
    let (place, query) = path.split_once('?').unwrap_or((path, ""));
    let mut kind: String = place
        .split('/')
        .map(|part| if part.contains(char::is_numeric) { "…/" } else { part })
        .collect();
    for pair in query.split('&') {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        kind.push_str(key);
        // The few words that choose a page, and not the many codes that fill it.
        if key != "unit" && value.chars().all(|sign| sign.is_ascii_lowercase() || sign == '_') {
            kind.push_str(value);
        }
    }
    kind
}
