//! The county: replaced as a whole, twice changes nothing, members keep who they are.

use crate::harness::{TestDatabase, monday, on_both};
use chrono::NaiveDate;
use entities::setting;
use futures_util::future::join_all;
use lianxin::{
    calendar::{Special, WorkingHours},
    county::{
        Area, AreaCode, County, Hours, Leave, Level, Member, Register, Role, Rule, Target, demo,
    },
    ids::RandomIds,
    storage::{StorageError, Store},
    ticket::MemberId,
};
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter};
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
        skills: vec![],
        duty: None,
        leave: None,
        max_load: None,
    }
}

fn with_members(members: Vec<Member>) -> County {
    County::new(Register { members, ..Register::default() })
}

on_both![
    a_county_comes_back_as_it_was_and_twice_changes_nothing,
    everything_a_county_can_say_of_itself_is_kept,
    a_county_stored_before_it_could_speak_of_hours_has_the_usual_ones,
    leave_outlasts_an_import_that_says_nothing_of_it,
    an_import_that_speaks_of_leave_has_the_last_word,
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

fn date(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, month, day).unwrap()
}

async fn everything_a_county_can_say_of_itself_is_kept(database: &TestDatabase) {
    let mut register = demo::county().register().clone();
    let mornings = [(8 * 60, 12 * 60)];
    register.settings.hours = WorkingHours::of(&mornings, &mornings, &[]).unwrap();
    register.settings.quiet = Hours::NEVER;
    register.days = [
        (date(2, 17), Special::Holiday("春节".to_owned())),
        (date(2, 28), Special::Working("补班".to_owned())),
    ]
    .into();
    let zhang = register.members.iter_mut().find(|member| member.name == "张建国").unwrap();
    zhang.duty = Some(Hours { from: 1320, until: 360 });
    zhang.leave = Some(Leave { from: date(3, 2), until: date(3, 8) });
    zhang.max_load = Some(5);
    let targets = [
        Target::Grid,
        Target::WholeGrid,
        Target::GridHead,
        Target::Station,
        Target::Upward,
        Target::Unit("red_vest".to_owned()),
        Target::Member("刘芳".to_owned()),
    ];
    register.rules.extend(targets.into_iter().enumerate().map(|(n, target)| Rule {
        name: format!("rule {n}"),
        categories: vec!["road".to_owned(), "housing".to_owned()],
        area: Some("130699201".into()),
        hours: Some(Hours { from: 0, until: 1440 }),
        channel: Some("hotline".to_owned()),
        skill: Some("救援".to_owned()),
        target,
    }));
    let county = County::new(register);
    let store = &database.store;
    assert_eq!(import(store, &county).await.unwrap(), 1);
    assert_eq!(import(store, &county).await.unwrap(), 1, "twice changes nothing");
    assert_eq!(store.county().await.unwrap(), Some((1, county.clone())));

    // Whatever is taken out again is gone.
    import(store, &demo::county()).await.unwrap();
    let (version, stored) = store.county().await.unwrap().unwrap();
    assert_eq!(
        (version, stored.rules(), stored.register().days.len()),
        (2, demo::county().rules(), 0)
    );
}

async fn a_county_stored_before_it_could_speak_of_hours_has_the_usual_ones(
    database: &TestDatabase,
) {
    let store = &database.store;
    import(store, &demo::county()).await.unwrap();
    let of_hours =
        setting::Column::Name.starts_with("hours.").or(setting::Column::Name.eq("quiet"));
    let gone = setting::Entity::delete_many().filter(of_hours).exec(store.connection()).await;
    assert_eq!(gone.unwrap().rows_affected, 4);
    assert_eq!(store.county().await.unwrap(), Some((1, demo::county())));
}

async fn set_leave(store: &Store, name: &str, leave: Option<Leave>) {
    let member = ids(store).await[name];
    let tx = store.begin().await.unwrap();
    tx.set_leave(member, leave).await.unwrap();
    tx.commit().await.unwrap();
}

async fn leave_of(store: &Store, name: &str) -> (i64, Option<Leave>) {
    let (version, county) = store.county().await.unwrap().unwrap();
    (version, county.member(name).unwrap().leave)
}

async fn leave_outlasts_an_import_that_says_nothing_of_it(database: &TestDatabase) {
    let store = &database.store;
    import(store, &demo::county()).await.unwrap();
    let leave = Leave { from: date(3, 2), until: date(3, 8) };
    set_leave(store, "张建国", Some(leave)).await;
    assert_eq!(leave_of(store, "张建国").await, (2, Some(leave)), "whoever has a copy sees it");
    assert_eq!(leave_of(store, "刘芳").await.1, None);

    // The same county once more is no change.
    assert_eq!(import(store, &demo::county()).await.unwrap(), 2);
    assert_eq!(leave_of(store, "张建国").await, (2, Some(leave)));

    // Another county takes the leave along, because the person is the same.
    let mut register = demo::county().register().clone();
    register.settings.hotline = "0312-5550199".to_owned();
    let changed = County::new(register);
    assert_eq!(import(store, &changed).await.unwrap(), 3);
    assert_eq!(leave_of(store, "张建国").await, (3, Some(leave)));

    set_leave(store, "张建国", None).await;
    assert_eq!(leave_of(store, "张建国").await, (4, None));
    assert_eq!(import(store, &changed).await.unwrap(), 4);
}

async fn an_import_that_speaks_of_leave_has_the_last_word(database: &TestDatabase) {
    let store = &database.store;
    import(store, &demo::county()).await.unwrap();
    set_leave(store, "张建国", Some(Leave { from: date(3, 2), until: date(3, 8) })).await;
    let other = Leave { from: date(5, 1), until: date(5, 1) };
    let mut register = demo::county().register().clone();
    let zhang = register.members.iter_mut().find(|member| member.name == "张建国").unwrap();
    zhang.leave = Some(other);
    let county = County::new(register);
    assert_eq!(import(store, &county).await.unwrap(), 3);
    assert_eq!(leave_of(store, "张建国").await, (3, Some(other)));
    assert_eq!(import(store, &county).await.unwrap(), 3);
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
        (0..9_000).map(|n| member(&format!("member {n}"), None, Some("100001"))).collect();
    let areas = (0..8_073).map(area).collect();
    let mut register = Register { areas, members, ..Register::default() };
    let store = &database.store;
    import(store, &County::new(register.clone())).await.unwrap();
    let before = ids(store).await;
    register.members.pop();
    let county = County::new(register);
    import(store, &county).await.unwrap();
    assert_eq!(store.county().await.unwrap(), Some((2, county)));
    let after = ids(store).await;
    assert!(after.len() == 8_999 && after.iter().all(|(name, id)| before.get(name) == Some(id)));
}
