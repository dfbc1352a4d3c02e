//! Migrations: up, down, up again, and by several instances at once.

use crate::harness::{TestDatabase, empty_postgresql, empty_sqlite, fresh, on_both};
use futures_util::future::join_all;
use lianxin::{
    county::{Hours, Limits},
    storage::{Migrations, Store},
};
use sea_orm::{ConnectionTrait, Statement};

async fn up_down_up(database: &TestDatabase) {
    let store = &database.store;
    let Migrations { applied, pending } = store.migration_status().await.unwrap();
    assert!(applied.is_empty() && !pending.is_empty());
    store.migrate_up().await.unwrap();
    let up = store.migration_status().await.unwrap();
    assert_eq!((&up.applied, up.pending.len()), (&pending, 0));
    for _ in &pending {
        store.migrate_down(1).await.unwrap();
    }
    let down = store.migration_status().await.unwrap();
    assert_eq!((down.applied.len(), &down.pending), (0, &pending));
    store.migrate_up().await.unwrap();
    assert_eq!(store.migration_status().await.unwrap(), up);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_migration_can_be_taken_back_and_applied_again_on_sqlite() {
    up_down_up(&empty_sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_migration_can_be_taken_back_and_applied_again_on_postgresql() {
    up_down_up(&empty_postgresql().await).await;
}

async fn at_once(database: &TestDatabase) {
    let instances = join_all((0..8).map(|_| async {
        let store = Store::open(&database.url).await.unwrap();
        let done = store.migrate_up().await;
        store.close().await.unwrap();
        done
    }));
    for done in instances.await {
        done.unwrap();
    }
    assert_eq!(database.store.migration_status().await.unwrap().pending, [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn eight_instances_may_migrate_at_once_on_sqlite() {
    at_once(&empty_sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn eight_instances_may_migrate_at_once_on_postgresql() {
    at_once(&empty_postgresql().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_connection_to_sqlite_is_durable_patient_and_strict() {
    let database = empty_sqlite().await;
    let connection = database.store.connection();
    // 2 is FULL; the patience is in milliseconds.
    for (pragma, expected) in [
        ("journal_mode", "wal"),
        ("synchronous", "2"),
        ("busy_timeout", "5000"),
        ("foreign_keys", "1"),
    ] {
        let query =
            Statement::from_string(connection.get_database_backend(), format!("PRAGMA {pragma}"));
        let row = connection.query_one_raw(query).await.unwrap().unwrap();
        let value = row
            .try_get_by_index::<String>(0)
            .or_else(|_| row.try_get_by_index::<i32>(0).map(|number| number.to_string()))
            .unwrap();
        assert_eq!(value, expected, "{pragma}");
    }
}

on_both![
    a_migrated_database_answers,
    a_county_stored_before_its_register_grew_has_the_usual_limits,
];

async fn a_county_stored_before_its_register_grew_has_the_usual_limits(database: &TestDatabase) {
    let store = &database.store;
    let is_new = |name: &String| name.ends_with("_register");
    while store.migration_status().await.unwrap().applied.iter().any(is_new) {
        store.migrate_down(1).await.unwrap();
    }
    let on = store.connection();
    let old = [
        "INSERT INTO county (id, version, imported_at) VALUES ($1, 1, '2026-03-02 01:00:00+00:00')",
        "INSERT INTO category (position, code, name, hint, keywords, confidential, enabled, auto, \
         checker, four_order, needs_photo) \
         VALUES ($1, 'road', '', '', '[]', false, true, false, true, false, false)",
        "INSERT INTO member (position, id, name, role, active) \
         VALUES ($1, $2, '张建国', 'member', true)",
    ];
    for sql in old {
        let mut values = vec![1.into()];
        if sql.contains("$2") {
            values.push(fresh().into());
        }
        let insert = Statement::from_sql_and_values(on.get_database_backend(), sql, values);
        on.execute_raw(insert).await.unwrap();
    }
    for name in [
        "county_name",
        "hotline",
        "office_hours",
        "privacy_contact",
        "emergency.police",
        "emergency.fire",
        "emergency.medical",
        "emergency.traffic",
        "emergency.gas",
        "emergency.electricity",
        "emergency.counselling",
    ] {
        let sql = "INSERT INTO setting (name, value) VALUES ($1, '')";
        let insert = Statement::from_sql_and_values(on.get_database_backend(), sql, [name.into()]);
        on.execute_raw(insert).await.unwrap();
    }
    store.migrate_up().await.unwrap();
    let (_, county) = store.county().await.unwrap().unwrap();
    assert_eq!(county.category("road").unwrap().limits, Limits::default());
    let member = county.member("张建国").unwrap();
    assert_eq!((&member.skills, member.leave, member.max_load), (&vec![], None, None));
    assert_eq!(county.settings().quiet, Hours::default());
}

async fn a_migrated_database_answers(database: &TestDatabase) {
    database.store.ping().await.unwrap();
    assert_eq!(database.store.migration_status().await.unwrap().pending, [""; 0]);
}
