//! How a county of real size behaves: 13 townships, 1,054 villages, 8,073 grids, 9,000 members.
//!
//! `cargo bench --bench county` prints how long it takes to read the workbook, to import it, to
//! decide a route, and what a look for due work costs with 10,000 open tickets – before and after a
//! million closed ones lie beside them. `-- --closed N` asks for another number, and `--database-url
//! URL` for an empty database of yours instead of a SQLite file of its own.
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
use entities::ticket as row;
use lianxin::{
    app::{App, Parts},
    clock::StoppedClock,
    county::{
        County,
        route::{self, Available, Matter},
    },
    dialogue::rules_of,
    due,
    ids::{Ids, SeededIds},
    shared::Shared,
    storage::Store,
    ticket::{
        Call, ClosedKind, Follower, Person, Place, Report, Ticket,
        event::Actor,
        lifecycle::{self, Action},
    },
    wechat::client::install_tls,
    workbook::{self, Book, sample, write},
};
use sea_orm::{EntityTrait, IntoActiveModel};
use std::{sync::Arc, time::Instant};
use url::Url;

const VILLAGES: usize = 1054;
const OPEN: usize = 10_000;
const ROUTES: usize = 20_000;
const LOOKS: usize = 500;
/// Below the least number of bound values that a database takes.
const CHUNK: usize = 500;

fn option(name: &str) -> Option<String> {
    let mut arguments = std::env::args().skip_while(|argument| argument != name);
    arguments.nth(1)
}

fn told(what: &str, since: Instant) {
    println!("{what:<58} {:>10.1} ms", since.elapsed().as_secs_f64() * 1000.0);
}

fn each(what: &str, since: Instant, times: usize) {
    let micros = since.elapsed().as_secs_f64() * 1e6 / f64::from(u32::try_from(times).unwrap());
    println!("{what:<58} {micros:>10.1} µs");
}

#[tokio::main]
async fn main() {
    install_tls();
    let closed = option("--closed").map_or(1_000_000, |count| count.parse().expect("a number"));
    let folder = tempfile::tempdir().unwrap();
    let url = option("--database-url")
        .unwrap_or_else(|| format!("sqlite://{}/bench.db", folder.path().display()));
    let now = DateTime::parse_from_rfc3339("2026-03-02T09:00:00+08:00").unwrap().to_utc();

    let since = Instant::now();
    let file = write::of(&sample::county(VILLAGES)).unwrap();
    told("make the workbook", since);
    let since = Instant::now();
    let county = workbook::county(vec![Book::of_file("county.xlsx", &file)]).unwrap();
    told("read and check the workbook (.xlsx)", since);
    println!(
        "{} areas, {} members, {:.1} MB",
        county.areas().len(),
        county.members().len(),
        f64::from(u32::try_from(file.len()).unwrap()) / 1e6
    );

    let store = Store::open(&url).await.unwrap();
    store.migrate_up().await.unwrap();
    let ids = SeededIds::from_seed(1);
    let since = Instant::now();
    let tx = store.begin().await.unwrap();
    tx.replace_county(&county, &ids, now).await.unwrap();
    tx.commit().await.unwrap();
    told("import it", since);
    let since = Instant::now();
    let (_, county) = store.county().await.unwrap().unwrap();
    told("read it from the database and index it", since);

    decide_routes(&county);

    let clock = Arc::new(StoppedClock::at(now));
    let app = App::build(Parts {
        store: store.clone(),
        clock: clock.clone(),
        ids: Arc::new(SeededIds::from_seed(2)),
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
    fill(&store, &ids, &dispatched(&county, &ids, now), OPEN, now).await;
    look(&app, &format!("{OPEN} open")).await;
    let since = Instant::now();
    fill(&store, &ids, &ended(&county, &ids, now), closed, now).await;
    told(&format!("insert {closed} closed tickets"), since);
    look(&app, &format!("{OPEN} open, {closed} closed")).await;
}

fn decide_routes(county: &County) {
    let grids: Vec<_> = county.areas().iter().filter(|area| area.is_precise()).collect();
    let categories = county.categories();
    let since = Instant::now();
    let mut suggested = 0;
    for turn in 0..ROUTES {
        let matter = Matter {
            category: &categories[turn % categories.len()].code,
            area: Some(grids[turn * 31 % grids.len()].code.clone()),
            channel: "wechat",
            day: chrono::NaiveDate::from_ymd_opt(2026, 3, 2).unwrap(),
            minute: u16::try_from(turn % 1440).unwrap(),
            urgent: false,
        };
        let known = |_: &str| Some(Available { load: 0, reachable: true });
        suggested += route::decide(county, &matter, &known).suggestions.len();
    }
    each(&format!("decide a route ({ROUTES} times, {suggested} suggestions)"), since, ROUTES);
}

fn submitted(county: &County, ids: &SeededIds, now: DateTime<Utc>) -> Ticket {
    let report = Report {
        text: "路灯坏了三天了".to_owned(),
        place: Place::default(),
        category: "lighting".to_owned(),
        contact: None,
        confidential: false,
        urgent: false,
        media: Vec::new(),
    };
    let reporter = Follower { account: "main".to_owned(), openid: "bench".to_owned() };
    let path = county.path(&county.areas()[county.areas().len() - 1].code);
    let path = path.iter().map(|area| area.code.as_str().to_owned()).collect();
    let rules = rules_of(county, "lighting");
    lifecycle::open(ids.fresh(), reporter, report, path, rules, now).after
}

fn dispatched(county: &County, ids: &SeededIds, now: DateTime<Utc>) -> Ticket {
    let desk = Actor::Operator(Person {
        id: lianxin::ticket::MemberId(ids.fresh()),
        name: "值班员".into(),
    });
    let to = vec![Person { id: lianxin::ticket::MemberId(ids.fresh()), name: "网格员".into() }];
    let call = Call { to, ..Call::default() };
    let rules = rules_of(county, "lighting");
    let steps = [Action::Accept, Action::Dispatch { call }];
    steps.into_iter().fold(submitted(county, ids, now), |ticket, action| {
        lifecycle::act(&ticket, action, &desk, rules, now).unwrap().after
    })
}

fn ended(county: &County, ids: &SeededIds, now: DateTime<Utc>) -> Ticket {
    let ticket = submitted(county, ids, now);
    let desk = Actor::Operator(Person {
        id: lianxin::ticket::MemberId(ids.fresh()),
        name: "值班员".into(),
    });
    let rules = rules_of(county, "lighting");
    let steps = [Action::Accept, Action::AnswerAtOnce { text: "已答复".to_owned() }];
    let ticket = steps.into_iter().fold(ticket, |ticket, action| {
        lifecycle::act(&ticket, action, &desk, rules, now).unwrap().after
    });
    assert_eq!(ticket.status, lianxin::ticket::Status::Closed { kind: ClosedKind::Unsigned });
    ticket
}

/// Many tickets like this one, over the last year.
async fn fill(store: &Store, ids: &SeededIds, like: &Ticket, count: usize, now: DateTime<Utc>) {
    let opened = lifecycle::Transition {
        before: None,
        after: like.clone(),
        events: Vec::new(),
        notices: Vec::new(),
    };
    let tx = store.begin().await.unwrap();
    tx.save(&opened).await.unwrap();
    tx.commit().await.unwrap();
    let on = store.connection();
    let model = row::Entity::find_by_id(like.id.0).one(on).await.unwrap().unwrap();
    let mut left = count;
    while left > 0 {
        let tx = store.begin().await.unwrap();
        // Several chunks a commit: a commit waits for the disk.
        for _ in 0..20 {
            let rows = (0..left.min(CHUNK)).map(|_| {
                let id = ids.fresh();
                let minutes = i64::try_from(id.as_u128() % 525_600).unwrap();
                row::Model {
                    id,
                    number: format!("LX{:012}", id.as_u128() % 1_000_000_000_000),
                    submitted_at: now - TimeDelta::minutes(minutes),
                    ..model.clone()
                }
                .into_active_model()
            });
            let rows: Vec<_> = rows.collect();
            left -= rows.len();
            if rows.is_empty() {
                break;
            }
            // Numbers are drawn; one that is taken is left out.
            row::Entity::insert_many(rows)
                .on_conflict_do_nothing()
                .exec_without_returning(tx.connection())
                .await
                .unwrap();
        }
        tx.commit().await.unwrap();
    }
}

async fn look(app: &App, beside: &str) {
    due::run(app).await.unwrap();
    let since = Instant::now();
    for _ in 0..LOOKS {
        assert_eq!(due::run(app).await.unwrap(), 0, "nothing is due");
    }
    each(&format!("look for due work ({beside})"), since, LOOKS);
}
