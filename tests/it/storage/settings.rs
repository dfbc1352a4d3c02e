//! What the desk changes about the county: over what it was made from, and in whose name.

use crate::harness::{TestDatabase, fresh, monday, on_both};
use chrono::TimeDelta;
use lianxin::{
    access::{Operator, Role, Scope},
    county::{
        County, demo,
        forms::SheetForm,
        revision::{self, Edit},
    },
    ids::RandomIds,
    storage::{OperatorAccount, PENDING_FOR, PendingImport, Store},
    ticket::{MemberId, Person},
};
use uuid::Uuid;

on_both![
    a_workbook_waits_an_hour_for_its_operator_and_a_newer_one_takes_its_place,
    a_county_is_known_by_its_version_until_somebody_changes_it,
    whoever_moves_stays_who_they_are,
    one_row_is_changed_and_everything_else_comes_back_as_it_was,
];

async fn operator(store: &Store) -> Uuid {
    let id = fresh();
    let person = Person { id: MemberId(id), name: id.to_string() };
    let account = OperatorAccount {
        operator: Operator { id, person, role: Role::Admin, scope: Scope::default() },
        name: id.to_string(),
        password_hash: String::new(),
        must_change: false,
        totp_secret: None,
        totp_step: None,
        disabled_at: None,
        created_at: monday(),
    };
    let tx = store.begin().await.unwrap();
    assert!(tx.add_operator(&account).await.unwrap());
    tx.commit().await.unwrap();
    id
}

async fn put(store: &Store, operator: Uuid, pending: &PendingImport) {
    let tx = store.begin().await.unwrap();
    tx.put_pending_import(operator, pending).await.unwrap();
    tx.commit().await.unwrap();
}

async fn a_workbook_waits_an_hour_for_its_operator_and_a_newer_one_takes_its_place(
    database: &TestDatabase,
) {
    let store = &database.store;
    let (one, other) = (operator(store).await, operator(store).await);
    let pending = |name: &str, at| PendingImport {
        at,
        name: name.to_owned(),
        content: (0..=255).cycle().take(300_000).collect(),
    };
    let first = pending("一.xlsx", monday());
    put(store, one, &first).await;
    assert_eq!(store.pending_import(one, monday()).await.unwrap(), Some(first.clone()));
    assert_eq!(store.pending_import(other, monday()).await.unwrap(), None);
    let second = PendingImport { content: vec![7], ..pending("二.xlsx", monday()) };
    put(store, one, &second).await;
    let late = monday() + PENDING_FOR;
    let just = late - TimeDelta::milliseconds(1);
    assert_eq!(store.pending_import(one, just).await.unwrap(), Some(second));
    assert_eq!(store.pending_import(one, late).await.unwrap(), None);
    // Whoever comes next clears away what waited too long.
    put(store, other, &pending("三.xlsx", late)).await;
    assert_eq!(store.pending_import(one, monday()).await.unwrap(), None);
    let tx = store.begin().await.unwrap();
    tx.drop_pending_import(other).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.pending_import(other, late).await.unwrap(), None);
}

async fn import(store: &Store, county: &County) -> i64 {
    let tx = store.begin().await.unwrap();
    let version = tx.replace_county(county, &RandomIds, monday()).await.unwrap();
    tx.commit().await.unwrap();
    version
}

fn revised(county: &County, sheet: &str, key: &str, column: &str, cell: &str) -> County {
    let form = SheetForm::named(sheet).unwrap();
    let mut cells = revision::row(county, form, key).unwrap();
    let place = form.columns.iter().position(|known| known.english == column).unwrap();
    cell.clone_into(&mut cells[place]);
    let edit = Edit::Put { key: Some(key.to_owned()), cells };
    revision::revised(county, form, &edit).unwrap()
}

async fn a_county_is_known_by_its_version_until_somebody_changes_it(database: &TestDatabase) {
    let store = &database.store;
    let tx = store.begin().await.unwrap();
    assert!(tx.county_is(0, monday()).await.unwrap(), "there is none yet");
    drop(tx);
    let version = import(store, &demo::county()).await;
    let tx = store.begin().await.unwrap();
    assert!(tx.county_is(version, monday()).await.unwrap());
    drop(tx);
    let next = revised(&demo::county(), "settings", "值班电话", "value", "0312-5550199");
    assert_eq!(import(store, &next).await, version + 1);
    let tx = store.begin().await.unwrap();
    assert!(!tx.county_is(version, monday()).await.unwrap());
}

async fn whoever_moves_stays_who_they_are(database: &TestDatabase) {
    let store = &database.store;
    let county = demo::county();
    let version = import(store, &county).await;
    let who = county.members().iter().find(|one| one.unit.is_none() && one.area.is_some()).unwrap();
    let id = |name: String| async move {
        let members = store.members().await.unwrap();
        members.into_iter().find(|one| one.person.name == name).unwrap().person.id
    };
    let before = id(who.name.clone()).await;
    let unit = county.units().iter().find(|unit| unit.leader.is_some()).unwrap();
    let next = revised(&county, "members", &who.name, "area", &county.code().unwrap().0);
    let next = revised(&next, "members", &who.name, "unit", &unit.code);
    let next = revised(&next, "members", &who.name, "name", "改了名");
    let tx = store.begin().await.unwrap();
    tx.move_member(&who.name, next.member("改了名").unwrap()).await.unwrap();
    let later = tx.replace_county(&next, &RandomIds, monday()).await.unwrap();
    tx.commit().await.unwrap();
    assert!(later > version, "whoever holds the county has to read it again");
    assert_eq!(id("改了名".to_owned()).await, before);
    assert_eq!(store.members().await.unwrap().len(), county.members().len());
    assert_eq!(store.county().await.unwrap().unwrap().1, next);
}

async fn one_row_is_changed_and_everything_else_comes_back_as_it_was(database: &TestDatabase) {
    let store = &database.store;
    let county = demo::county();
    import(store, &county).await;
    let mut next = revised(&county, "areas", "130699201", "aliases", "新叫法");
    next = revised(&next, "categories", "lighting", "result_limit", "7天");
    next = revised(&next, "units", &county.units()[0].code, "name", "改了名的单位");
    next = revised(&next, "handbook", &county.handbook()[0].code, "checked_on", "2026-03-02");
    next = revised(&next, "routes", &county.rules()[0].name, "hours", "1:00-2:00");
    next = revised(&next, "members", &county.members()[0].name, "max_load", "9");
    import(store, &next).await;
    assert_eq!(store.county().await.unwrap().unwrap().1, next);
}
