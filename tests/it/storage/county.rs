//! The county: replaced as a whole, twice changes nothing, members keep who they are.

use crate::harness::{TestDatabase, monday, on_both};
use futures_util::future::join_all;
use lianxin::{
    county::{Area, AreaCode, County, Level, Member, Register, Role, demo},
    ids::RandomIds,
    storage::{StorageError, Store},
    ticket::MemberId,
};
use std::collections::HashMap;

async fn import(store: &Store, county: &County) -> Result<i64, StorageError> {
    let tx = store.begin().await?;
    let version = tx.replace_county(county, &RandomIds, monday()).await?;
    tx.commit().await?;
    Ok(version)
}

async fn ids(store: &Store) -> HashMap<String, MemberId> {
    let members = store.members().await.unwrap();
    members.into_iter().map(|listed| (listed.person.name, listed.person.id)).collect()
}

fn member(name: &str, unit: Option<&str>, area: Option<&str>) -> Member {
    Member {
        name: name.to_owned(),
        role: Role::Member,
        area: area.map(AreaCode::from),
        unit: unit.map(str::to_owned),
        phone: None,
    }
}

fn with_members(members: Vec<Member>) -> County {
    County::new(Register { members, ..Register::default() })
}

on_both![
    a_county_comes_back_as_it_was_and_twice_changes_nothing,
    ten_imports_at_once_are_one,
    a_member_keeps_their_identity_but_a_namesake_elsewhere_does_not_get_it,
    a_large_county_goes_in_whole,
];

async fn a_county_comes_back_as_it_was_and_twice_changes_nothing(database: &TestDatabase) {
    let store = &database.store;
    assert_eq!(store.county().await.unwrap(), None);
    let county = demo::county();
    assert_eq!(import(store, &county).await.unwrap(), 1);
    let before = ids(store).await;
    assert_eq!(import(store, &county).await.unwrap(), 1);
    assert_eq!(store.county().await.unwrap(), Some((1, county)));
    assert_eq!(store.county_version().await.unwrap(), Some(1));
    assert_eq!(ids(store).await, before);
}

async fn ten_imports_at_once_are_one(database: &TestDatabase) {
    let county = demo::county();
    let versions = join_all((0..10).map(|_| import(&database.store, &county))).await;
    assert!(versions.into_iter().all(|version| version.unwrap() == 1));
    assert_eq!(database.store.members().await.unwrap().len(), county.members().len());
}

async fn a_member_keeps_their_identity_but_a_namesake_elsewhere_does_not_get_it(
    database: &TestDatabase,
) {
    let store = &database.store;
    let first = with_members(vec![
        member("张建国", Some("team"), Some("11")),
        member("刘芳", Some("team"), None),
        member("王伟", Some("police"), Some("12")),
        member("赵大山", None, None),
    ]);
    import(store, &first).await.unwrap();
    let before = ids(store).await;
    let second = with_members(vec![
        member("王伟", Some("station"), Some("13")),
        member("张建国", Some("other"), Some("11")),
        member("刘芳", Some("team"), Some("11")),
    ]);
    assert_eq!(import(store, &second).await.unwrap(), 2);
    let after = ids(store).await;
    assert_eq!(after["张建国"], before["张建国"], "the same area");
    assert_eq!(after["刘芳"], before["刘芳"], "the same unit");
    assert_ne!(after["王伟"], before["王伟"], "neither");
    assert!(!after.contains_key("赵大山"), "retired");

    // Whoever comes back is who they were.
    assert_eq!(import(store, &first).await.unwrap(), 3);
    assert_eq!(ids(store).await, before);
}

async fn a_large_county_goes_in_whole(database: &TestDatabase) {
    let area = |n: usize| Area {
        code: AreaCode(format!("1{n:05}")),
        name: format!("第{n}网格"),
        parent: None,
        level: Level::Grid,
        point: None,
        aliases: vec![],
    };
    let members =
        (0..1_201).map(|n| member(&format!("member {n}"), None, Some("100001"))).collect();
    let areas = (0..8_073).map(area).collect();
    let county = County::new(Register { areas, members, ..Register::default() });
    import(&database.store, &county).await.unwrap();
    assert_eq!(database.store.county().await.unwrap(), Some((1, county)));
}
