//! How the database answers the console: by an index, never by walking through the tickets.
//!
//! A clerk of the county and one of a township follow every link that the console offers; whatever
//! the database is asked meanwhile is overheard, and its plan is read. On an empty table a walk is
//! the cheapest plan of PostgreSQL, so it is told not to walk where it can help it.

use super::Clerk;
use crate::harness::{TestDatabase, on_both, rehearsal::Rehearsal};
use lianxin::{
    access::Role,
    storage::Store,
    ticket::lifecycle::Action,
    web::{self, Site},
};
use regex::Regex;
use sea_orm::{ConnectionTrait, DbBackend, Statement, TransactionTrait};
use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::{Arc, Mutex},
};
use tokio_util::task::TaskTracker;

on_both![no_page_walks_through_what_grows_with_the_years];

/// Tables that grow with every ticket.
const GROWING: &str =
    "ticket|ticket_event|ticket_called|outbox|inbox|figure_ticket|audit_entry|chat_line";
/// Pages that differ by a number or a code only are one page; so many of them are looked at.
const ALIKE: usize = 3;

async fn no_page_walks_through_what_grows_with_the_years(database: &TestDatabase) {
    let service = Rehearsal::on(database).await;
    lived_in(&service).await;
    let heard: Arc<Mutex<BTreeMap<String, Statement>>> = Arc::default();
    let ear = heard.clone();
    let store = Store::open(&database.url).await.unwrap().overheard(move |statement| {
        ear.lock().unwrap().entry(statement.sql.clone()).or_insert_with(|| statement.clone());
    });
    let site = Site { app: service.app.on(store), trusted_proxies: Vec::new() };
    let (server, address) = web::serve(&site, ([127, 0, 0, 1], 0).into()).unwrap();
    let handle = server.handle();
    TaskTracker::new().spawn(server);
    let base = format!("http://{address}");
    let county = Clerk::at(&service, "管理员", Role::Admin).await.visiting(&base);
    let township = Clerk::of_area(&service, "王庄站", Role::Admin, "130699201").await;
    let mut pages = BTreeSet::new();
    for clerk in [county, township.visiting(&base)] {
        pages.extend(walk(&clerk).await);
    }
    drop(handle.stop(false));
    for section in [
        "queues",
        "tickets/",
        "search",
        "callbacks",
        "conversations",
        "lamps",
        "figures",
        "members",
        "settings",
        "health",
        "audit",
        "handbook",
    ] {
        let is_of = |page: &&String| page.contains(&format!("/console/{section}"));
        assert!(pages.iter().any(|page| is_of(&page)), "no link leads to {section}: {pages:#?}");
    }
    let statements: Vec<Statement> = heard.lock().unwrap().values().cloned().collect();
    assert!(statements.len() > 40, "{} statements", statements.len());
    let mut walks = Vec::new();
    for statement in statements {
        if let Some(walk) = walk_in(&service.app.store, &statement).await {
            walks.push(walk);
        }
    }
    assert!(walks.is_empty(), "{} walks:\n\n{}", walks.len(), walks.join("\n\n"));
}

/// Some tickets in several states, so that pages have something to show and to lead to.
async fn lived_in(service: &Rehearsal) {
    for (name, text) in [
        ("王大娘", "我家门口路灯坏了三天了，王庄村东头"),
        ("李大爷", "李家村的下水道堵了"),
        ("赵大山", "东关村垃圾没人拉"),
    ] {
        let ticket = service.reports(name, text).await;
        if name == "王大娘" {
            service.desk(&ticket, Action::Accept).await.unwrap();
        }
    }
    service.says("李大爷", "人工").await;
    service.settle().await;
}

/// Every page that links lead to, from the first one on.
async fn walk(clerk: &Clerk) -> BTreeSet<String> {
    let link = Regex::new(r#"(?:href|hx-get)="([^"]+)""#).unwrap();
    let mut waiting = VecDeque::from(["/console/".to_owned(), "/console/search?q=路灯".to_owned()]);
    let mut seen: BTreeSet<String> = waiting.iter().cloned().collect();
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    while let Some(path) = waiting.pop_front() {
        let page = clerk.get(&path).await;
        // What is the whole county's is not a township's, and tells so.
        let is_told = page.status == 403 && page.body.contains("没有权限");
        assert!(
            is_told || matches!(page.status, 200 | 303),
            "{path}: {} {}",
            page.status,
            page.body
        );
        for found in link.captures_iter(&page.body) {
            let next = found[1].replace("&#x2f;", "/").replace("&amp;", "&");
            let next = next.split('#').next().unwrap().to_owned();
            let is_page = next.starts_with("/console/") && !next.contains("/static/");
            if !is_page || seen.contains(&next) {
                continue;
            }
            let alike = kinds.entry(kind_of(&next)).or_default();
            if *alike < ALIKE {
                *alike += 1;
                seen.insert(next.clone());
                waiting.push_back(next);
            }
        }
    }
    seen
}

/// A page without the numbers and codes in its address.
fn kind_of(path: &str) -> String {
    Regex::new(r"[0-9][0-9A-Za-z.:%-]*").unwrap().replace_all(path, "…").into_owned()
}

/// The plan of a statement that walks through a table that grows; none where it does not.
async fn walk_in(store: &Store, statement: &Statement) -> Option<String> {
    let table = Regex::new(&format!(r#""?\b({GROWING})\b"?"#)).unwrap();
    if !table.is_match(&statement.sql) {
        return None;
    }
    let connection = store.connection();
    let backend = connection.get_database_backend();
    let (explain, column) = match backend {
        DbBackend::Postgres => ("EXPLAIN", 0),
        _ => ("EXPLAIN QUERY PLAN", 3),
    };
    let values = statement.values.clone().unwrap_or(sea_orm::Values(Vec::new()));
    let asked =
        Statement::from_sql_and_values(backend, format!("{explain} {}", statement.sql), values.0);
    let tx = connection.begin().await.unwrap();
    if backend == DbBackend::Postgres {
        tx.execute_unprepared("SET LOCAL enable_seqscan = off").await.unwrap();
    }
    let rows = tx.query_all_raw(asked).await.ok()?;
    let plan: Vec<String> = rows.iter().map(|row| row.try_get_by_index(column).unwrap()).collect();
    tx.rollback().await.unwrap();
    let through = Regex::new(&format!(r"Seq Scan on ({GROWING})\b|SCAN ({GROWING})\b")).unwrap();
    // Whoever reads an index in its order and stops after a page does not walk.
    let is_page = Regex::new(r"(?i)\bLIMIT\b").unwrap().is_match(&statement.sql);
    let sorts = plan.iter().any(|line| line.contains("TEMP B-TREE FOR ORDER BY"));
    let walks = plan.iter().any(|line| {
        let in_order = line.contains("USING INDEX") || line.contains("USING COVERING INDEX");
        through.is_match(line) && !(in_order && is_page && !sorts)
    });
    walks.then(|| format!("{}\n  {}", statement.sql, plan.join("\n  ")))
}
