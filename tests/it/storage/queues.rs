//! The desk's lists: a number never promises what its list does not show, and neither costs more
//! than what is live.

use super::{follower, path, person, report, save};
use crate::harness::{TestDatabase, fresh, monday, on_both};
use chrono::{DateTime, TimeDelta, Utc};
use lianxin::{
    access::{Operator, Role, Scope},
    county::{County, demo},
    storage::{Mark, Months, Page, Sight, Store, Wanted},
    ticket::{
        ClosedKind, Lamp, Person, Queue, Rating, Rejection, Resume, Status, Ticket, clock,
        lifecycle::{self, Rules},
        queue,
    },
};
use regex::Regex;
use sea_orm::{ConnectionTrait, DbBackend, Statement, Values};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex},
};

on_both![
    a_list_shows_as_many_as_its_count_says_and_none_that_its_reader_may_not_see,
    a_month_shows_everything_that_came_in_then_once_and_newest_first,
    a_migration_files_what_was_there_before,
    no_list_and_no_count_walks_through_the_tickets,
];

pub(super) const PLACES: [&[&str]; 6] = [
    &[],
    &["130699"],
    &["130699", "130699201", "130699201201"],
    &["130699", "130699201", "130699201202"],
    &["130699", "130699102", "1306991021", "130699102101"],
    &["130699", "130699102", "1306991021", "130699102101", "130699102101001"],
];

/// Numbers that look like chance and are the same each time.
pub(super) struct Dice(pub(super) u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % most
    }

    fn of<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())].clone()
    }
}

/// A ticket that may stand anywhere.
pub(super) fn any_ticket(dice: &mut Dice, clerk: &Person, now: DateTime<Utc>) -> Ticket {
    let area_path = path(dice.of(&PLACES));
    let mut said = report("路灯坏了");
    said.place.area = area_path.last().cloned();
    dice.of(&["lighting", "road", "water"]).clone_into(&mut said.category);
    said.confidential = dice.below(5) == 0;
    said.urgent = dice.below(5) == 0;
    let long_ago = TimeDelta::minutes(i64::try_from(dice.below(60 * 24 * 40)).unwrap());
    // Some come in at the same moment.
    let at = if dice.below(3) == 0 { now - TimeDelta::days(3) } else { now - long_ago };
    let by = follower("anybody");
    let mut ticket = lifecycle::open(fresh(), by, said, area_path, Rules::default(), at).after;
    let bad = [None, Some(Rating::Satisfied), Some(Rating::VeryDissatisfied)];
    ticket.status = match dice.below(12) {
        0 => Status::Submitted { rejection: None },
        1 => Status::Submitted {
            rejection: Some(Rejection { reason: "重复".to_owned(), proposed_by: clerk.id }),
        },
        2 => {
            Status::NeedInfo {
                question: "哪盏".to_owned(), asked_at: at, resume: Resume::Accepted
            }
        }
        3 => Status::Accepted,
        4 => Status::Dispatched { since: at, binding: false },
        5 => Status::Returned { reason: "不归我管".to_owned() },
        6 => Status::InProgress { called_at: at, by_silence: false },
        7 => Status::Suspended { until: now, since: None, clock_stands: true },
        8 => Status::ResultSubmitted,
        9 => Status::AwaitingSignoff {
            untold: false,
            asked_at: at,
            remind_at: None,
            lapse_at: None,
            reminded: false,
            objected_at: dice.of(&[None, Some(now)]),
        },
        10 => Status::Withdrawn,
        _ => {
            ticket.closed_at = Some(at);
            ticket.rating = dice.of(&bad);
            Status::Closed { kind: ClosedKind::Signed }
        }
    };
    if dice.below(4) == 0 {
        ticket.round = 2;
    }
    if dice.below(4) == 0 {
        ticket.accountable = Some(clerk.clone());
    }
    if dice.below(6) == 0 {
        ticket.course.extension = Some(lianxin::ticket::course::ExtensionWish {
            by: clerk.clone(),
            at,
            minutes: 60,
            reason: "等材料".to_owned(),
        });
    }
    ticket
}

pub(super) async fn put(store: &Store, ticket: &Ticket) {
    let by = follower("anybody");
    let mut done = lifecycle::open(
        ticket.id.0,
        by,
        ticket.report.clone(),
        ticket.area_path.clone(),
        Rules::default(),
        ticket.submitted_at,
    );
    done.after = ticket.clone();
    save(store, &done).await;
}

/// Whether a ticket belongs to a list, judged by the ticket alone.
fn belongs(queue: Queue, ticket: &Ticket, clerk: &Person, now: DateTime<Utc>) -> bool {
    let lamp = clock::lamp(ticket, now);
    let is_live = !ticket.is_ended();
    match queue {
        Queue::Live => is_live,
        Queue::Late => is_live && lamp == Lamp::Red,
        Queue::DueSoon => is_live && lamp == Lamp::Yellow,
        Queue::Wishes => is_live && ticket.course.extension.is_some(),
        Queue::Mine => is_live && ticket.accountable.as_ref() == Some(clerk),
        Queue::Dissatisfied => queue::dissatisfied_until(ticket).is_some_and(|until| until > now),
        Queue::Undeliverable => false,
        waiting => queue::waits_in(ticket) == Some(waiting),
    }
}

pub(super) fn somebody(
    clerk: &Person,
    role: Role,
    area: Option<&str>,
    categories: &[&str],
) -> Operator {
    let scope = Scope {
        area: area.map(str::to_owned),
        categories: categories.iter().map(|&code| code.to_owned()).collect::<BTreeSet<_>>(),
    };
    Operator { id: fresh(), person: clerk.clone(), role, scope }
}

fn readers(clerk: &Person) -> Vec<Operator> {
    let mut readers = Vec::new();
    for role in [Role::Dispatcher, Role::Viewer] {
        for area in [
            None,
            Some("130699"),
            Some("130699201"),
            Some("130699102"),
            Some("1306991021"),
            Some("130699201201"),
            Some("nowhere"),
        ] {
            readers.push(somebody(clerk, role, area, &[]));
        }
        readers.push(somebody(clerk, role, Some("130699102"), &["road", "water"]));
    }
    readers
}

async fn whole_list(
    store: &Store,
    county: &County,
    sight: &Sight,
    queue: Queue,
    wanted: &Wanted,
) -> Vec<Ticket> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let page = store
            .queue_page(county, sight, queue, wanted, Page { after, limit: 3 }, monday())
            .await
            .unwrap();
        all.extend(page.tickets);
        let Some(next) = page.next else { return all };
        assert_ne!(after, Some(next), "the list does not go on");
        after = Some(next);
    }
}

async fn a_list_shows_as_many_as_its_count_says_and_none_that_its_reader_may_not_see(
    database: &TestDatabase,
) {
    let (store, county, now) = (&database.store, demo::county(), monday());
    let (clerk, mut dice) = (person("值班员"), Dice(20_260_302));
    let mut tickets = Vec::new();
    for _ in 0..120 {
        let ticket = any_ticket(&mut dice, &clerk, now);
        put(store, &ticket).await;
        tickets.push(ticket);
    }
    let mut seen = BTreeMap::new();
    for reader in readers(&clerk) {
        let sight = Sight::of(&reader, &county);
        let counted = store.queue_counts(&sight, now).await.unwrap();
        for queue in Queue::ALL {
            let listed = whole_list(store, &county, &sight, queue, &Wanted::default()).await;
            let ranks: Vec<_> =
                listed.iter().map(|t| (queue::rank(t), t.submitted_at, t.id)).collect();
            assert!(ranks.is_sorted(), "{queue:?}");
            let mut listed: Vec<_> = listed.into_iter().map(|ticket| ticket.id).collect();
            listed.sort_unstable();
            let mut meant: Vec<_> = tickets
                .iter()
                .filter(|ticket| reader.sees(ticket) && belongs(queue, ticket, &clerk, now))
                .map(|ticket| ticket.id)
                .collect();
            meant.sort_unstable();
            assert_eq!(listed, meant, "{queue:?} {reader:?}");
            let count = usize::try_from(counted.of(queue)).unwrap();
            assert_eq!(count, meant.len(), "{queue:?} {reader:?}");
            *seen.entry(queue).or_insert(0) += meant.len();
        }
    }
    seen.remove(&Queue::Undeliverable);
    assert!(seen.values().all(|many| *many > 0), "a list that was always empty: {seen:?}");
    let reader = Sight::of(&somebody(&clerk, Role::Admin, None, &[]), &county);
    let wanted = Wanted {
        area: Some("130699102".to_owned()),
        category: Some("road".to_owned()),
        ..Wanted::default()
    };
    let listed = whole_list(store, &county, &reader, Queue::Live, &wanted).await;
    assert!(!listed.is_empty());
    let fits = |t: &Ticket| t.report.category == "road" && t.area_path[1] == "130699102";
    assert!(listed.iter().all(fits));
}

async fn a_month_shows_everything_that_came_in_then_once_and_newest_first(database: &TestDatabase) {
    let (store, county, now) = (&database.store, demo::county(), monday());
    let (clerk, mut dice) = (person("值班员"), Dice(7));
    let mut tickets = Vec::new();
    for _ in 0..40 {
        let ticket = any_ticket(&mut dice, &clerk, now);
        put(store, &ticket).await;
        tickets.push(ticket);
    }
    let months = Months { from: now - TimeDelta::days(20), until: now };
    for reader in readers(&clerk) {
        let sight = Sight::of(&reader, &county);
        let (mut listed, mut after): (Vec<Ticket>, Option<Mark>) = (Vec::new(), None);
        loop {
            let wanted = Wanted::default();
            let page =
                store.submitted_page(&county, &sight, months, &wanted, Page { after, limit: 3 });
            let page = page.await.unwrap();
            listed.extend(page.tickets);
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        let mut meant: Vec<&Ticket> =
            tickets.iter().filter(|t| reader.sees(t) && t.submitted_at >= months.from).collect();
        // The databases need not agree on the order of identities, only on that of moments.
        meant.sort_by_key(|t| (std::cmp::Reverse(t.submitted_at), t.id));
        let moments = |of: &[Ticket]| of.iter().map(|t| t.submitted_at).collect::<Vec<_>>();
        assert!(moments(&listed).is_sorted_by(|a, b| a >= b));
        let mut ids: Vec<_> = listed.iter().map(|t| t.id).collect();
        ids.sort_unstable();
        let mut wanted: Vec<_> = meant.iter().map(|t| t.id).collect();
        wanted.sort_unstable();
        assert_eq!(ids, wanted, "{reader:?}");
    }
}

async fn a_migration_files_what_was_there_before(database: &TestDatabase) {
    let (store, county, now) = (&database.store, demo::county(), monday());
    let clerk = person("值班员");
    let mut dice = Dice(3);
    for _ in 0..30 {
        put(store, &any_ticket(&mut dice, &clerk, now)).await;
    }
    let sight = Sight::of(&somebody(&clerk, Role::Admin, None, &[]), &county);
    let township = Sight::of(&somebody(&clerk, Role::Admin, Some("130699201"), &[]), &county);
    let before = store.queue_counts(&sight, now).await.unwrap();
    let before_there = store.queue_counts(&township, now).await.unwrap();
    assert!(before_there.of(Queue::Live) > 0);
    let applied = store.migration_status().await.unwrap().applied;
    let from = applied.iter().position(|name| name.ends_with("queues")).unwrap();
    let steps = u32::try_from(applied.len() - from).unwrap();
    store.migrate_down(steps).await.unwrap();
    store.migrate_up().await.unwrap();
    assert_eq!(store.queue_counts(&sight, now).await.unwrap(), before);
    assert_eq!(store.queue_counts(&township, now).await.unwrap(), before_there);
    let listed = whole_list(store, &county, &sight, Queue::Live, &Wanted::default()).await;
    let ranks: Vec<_> = listed.iter().map(|t| (queue::rank(t), t.submitted_at, t.id)).collect();
    assert!(ranks.is_sorted() && ranks.len() as u64 == before.of(Queue::Live));
}

async fn no_list_and_no_count_walks_through_the_tickets(database: &TestDatabase) {
    let told: Arc<Mutex<Vec<Statement>>> = Arc::default();
    let heard = told.clone();
    let store = Store::open(&database.url)
        .await
        .unwrap()
        .overheard(move |asked| heard.lock().unwrap().push(asked.clone()));
    let (county, now, clerk) = (demo::county(), monday(), person("值班员"));
    let months = Months { from: now - TimeDelta::days(20), until: now };
    let mark = Mark { rank: 1, submitted_at: now, id: lianxin::ticket::TicketId(fresh()) };
    let filtered = Wanted {
        area: Some("130699102".to_owned()),
        category: Some("road".to_owned()),
        unit: Some("power_supply".to_owned()),
        ..Wanted::default()
    };
    for reader in readers(&clerk) {
        let sight = Sight::of(&reader, &county);
        store.queue_counts(&sight, now).await.unwrap();
        store.came_in_after(&sight, now).await.unwrap();
        for wanted in [&Wanted::default(), &filtered] {
            for after in [None, Some(mark)] {
                for queue in Queue::ALL {
                    let page = store.queue_page(
                        &county,
                        &sight,
                        queue,
                        wanted,
                        Page { after, limit: 50 },
                        now,
                    );
                    page.await.unwrap();
                }
                let page = store.submitted_page(
                    &county,
                    &sight,
                    months,
                    wanted,
                    Page { after, limit: 50 },
                );
                page.await.unwrap();
            }
        }
    }
    store.left_drafts(now, 0, 50).await.unwrap();
    store.left_draft_count(now).await.unwrap();
    for reader in readers(&clerk) {
        let sight = Sight::of(&reader, &county);
        store.tickets_with_words(&sight, "路灯 灯", 50).await.unwrap();
        store.tickets_numbered_like(&sight, "4321", 50).await.unwrap();
        store.tickets_of_phone(&sight, "19900001234", 50).await.unwrap();
    }
    let told = told.lock().unwrap().clone();
    assert!(told.len() > 100);
    let tx = database.store.begin().await.unwrap();
    for asked in told {
        is_answered_by_an_index(tx.connection(), &asked).await;
    }
}

/// The plan of a question names no walk through tickets or residents.
pub(crate) async fn is_answered_by_an_index(connection: &impl ConnectionTrait, asked: &Statement) {
    let backend = connection.get_database_backend();
    let (explain, column) = match backend {
        DbBackend::Postgres => ("EXPLAIN", 0),
        _ => ("EXPLAIN QUERY PLAN", 3),
    };
    if backend == DbBackend::Postgres {
        // On an empty table a walk is the cheapest plan; without it the index shows.
        connection.execute_unprepared("SET LOCAL enable_seqscan = off").await.unwrap();
    }
    let walk = Regex::new(r"Seq Scan on (ticket|resident)\b|SCAN (ticket|resident)\b").unwrap();
    let sql = format!("{explain} {}", asked.sql);
    let values = asked.values.clone().unwrap_or(Values(Vec::new()));
    let asking = Statement::from_sql_and_values(backend, sql, values.0);
    let mut plan = String::new();
    for row in connection.query_all_raw(asking).await.unwrap() {
        let line: String = row.try_get_by_index(column).unwrap();
        plan.push_str(&line);
        plan.push('\n');
    }
    assert!(!plan.is_empty());
    assert!(!walk.is_match(&plan), "{}\n{plan}", asked.sql);
    // An index that is read from end to end is a walk as well.
    let by_index = Regex::new(r"Index (Only )?Scan using \w+ on (ticket|resident)\b").unwrap();
    let lines: Vec<&str> = plan.lines().collect();
    for pair in lines.windows(2).filter(|pair| by_index.is_match(pair[0])) {
        assert!(pair[1].contains("Index Cond"), "{}\n{plan}", asked.sql);
    }
}
