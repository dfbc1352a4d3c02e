//! Members: found by name, unit and desk; phones bound by invitations that are good once.

use super::follower;
use crate::harness::{TestDatabase, fresh, monday, on_both};
use chrono::TimeDelta;
use futures_util::future::join_all;
use lianxin::{
    county::{AreaCode, County, Register, Role, demo},
    dialogue::facts::{Duty, Invitation},
    ids::RandomIds,
    storage::{StorageError, Store},
    ticket::{Follower, MemberId, Person},
};
use uuid::Uuid;

async fn import(store: &Store, county: &County) {
    let tx = store.begin().await.unwrap();
    tx.replace_county(county, &RandomIds, monday()).await.unwrap();
    tx.commit().await.unwrap();
}

async fn id_of(store: &Store, name: &str) -> MemberId {
    let members = store.members().await.unwrap();
    members.into_iter().find(|listed| listed.person.name == name).unwrap().person.id
}

async fn duty(store: &Store, who: &Follower) -> Option<Duty> {
    let tx = store.begin().await.unwrap();
    let conversation = tx.open_conversation(who, monday()).await.unwrap();
    tx.commit().await.unwrap();
    conversation.speaker.duty
}

async fn invite(store: &Store, hash: &str, member: MemberId) -> Uuid {
    let (id, until) = (fresh(), monday() + TimeDelta::days(7));
    let tx = store.begin().await.unwrap();
    tx.invite(id, hash, member, monday(), until).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn accept(store: &Store, id: Uuid, who: &Follower) -> Result<bool, StorageError> {
    let tx = store.begin().await?;
    tx.open_conversation(who, monday()).await?;
    let good = tx.use_invitation(id, who, monday()).await?;
    tx.commit().await?;
    Ok(good)
}

async fn bind(store: &Store, who: &Follower, member: MemberId) {
    let id = invite(store, &fresh().to_string(), member).await;
    assert!(accept(store, id, who).await.unwrap());
}

fn names(people: &[Person]) -> Vec<&str> {
    people.iter().map(|person| person.name.as_str()).collect()
}

on_both![
    people_are_found_by_their_name_and_by_their_units,
    a_desk_sees_its_own_area_and_an_operator_without_one_sees_all,
    a_code_binds_one_of_ten_phones_that_use_it_at_once,
    a_code_is_not_good_when_used_late_replaced_or_wrong,
    a_new_phone_ends_the_old_one_on_that_account_alone,
    whoever_is_retired_has_no_duty_and_no_name,
];

async fn people_are_found_by_their_name_and_by_their_units(database: &TestDatabase) {
    let store = &database.store;
    let county = demo::county();
    import(store, &county).await;
    let team = county.unit_named("红马甲志愿服务队").unwrap();
    let tx = store.begin().await.unwrap();
    let asked = ["张建国", &team.name, "没有这个人"].map(str::to_owned);
    let found = tx.find_members_by_name(&asked).await.unwrap();
    let own: Vec<_> = found.iter().filter(|named| named.asked == "张建国").collect();
    assert_eq!(own.len(), 1);
    assert_eq!(own[0].area.as_deref(), Some("130699201201001"));
    let of_team: Vec<_> = found.iter().filter(|named| named.asked == team.name).collect();
    assert_eq!(Some(&of_team[0].person.name), team.leader.as_ref(), "the leader comes first");
    let people = county.members().iter().filter(|member| member.unit.as_ref() == Some(&team.code));
    assert!(of_team.len() >= people.count().max(2));
    assert_eq!(own.len() + of_team.len(), found.len());
    assert_eq!(tx.members_of_unit(&team.code).await.unwrap().len(), of_team.len());
    assert_eq!(tx.members_of_unit("no such unit").await.unwrap(), []);
    assert_eq!(tx.find_members_by_name(&[]).await.unwrap(), []);
}

async fn a_desk_sees_its_own_area_and_an_operator_without_one_sees_all(database: &TestDatabase) {
    let store = &database.store;
    let mut members = vec![demo::county().member("张建国").unwrap().clone()];
    for (name, role, area) in [
        ("county desk", Role::Supervisor, None),
        ("township desk", Role::Dispatcher, Some("12")),
        ("another township", Role::Dispatcher, Some("13")),
    ] {
        let area = area.map(AreaCode::from);
        members.push(lianxin::county::Member {
            name: name.to_owned(),
            role,
            area,
            unit: None,
            phone: None,
            skills: vec![],
            duty: None,
            leave: None,
            max_load: None,
        });
    }
    import(store, &County::new(Register { members, ..Register::default() })).await;
    let tx = store.begin().await.unwrap();
    let path = ["1", "12", "123"].map(str::to_owned);
    assert_eq!(names(&tx.desk_operators(&path).await.unwrap()), ["county desk", "township desk"]);
    assert_eq!(names(&tx.desk_operators(&[]).await.unwrap()), ["county desk"]);
}

async fn a_code_binds_one_of_ten_phones_that_use_it_at_once(database: &TestDatabase) {
    let store = &database.store;
    import(store, &demo::county()).await;
    let zhang = id_of(store, "张建国").await;
    let id = invite(store, "hash", zhang).await;
    let phones: Vec<Follower> = (0..10).map(|n| follower(&format!("phone {n}"))).collect();
    let results = join_all(phones.iter().map(|phone| accept(store, id, phone))).await;
    let good: Vec<&Follower> = phones
        .iter()
        .zip(&results)
        .filter(|(_, result)| *result.as_ref().unwrap())
        .map(|(phone, _)| phone)
        .collect();
    assert_eq!(good.len(), 1);
    assert_eq!(duty(store, good[0]).await.unwrap().person.name, "张建国");
    let tx = store.begin().await.unwrap();
    let bound = tx.phones_of(&[zhang]).await.unwrap();
    assert_eq!(bound, [(zhang, good[0].clone())]);
}

async fn a_code_is_not_good_when_used_late_replaced_or_wrong(database: &TestDatabase) {
    let store = &database.store;
    import(store, &demo::county()).await;
    let zhang = id_of(store, "张建国").await;
    let first = invite(store, "first", zhang).await;
    let second = invite(store, "second", zhang).await;
    let tx = store.begin().await.unwrap();
    let until = monday() + TimeDelta::days(7);
    let open = Invitation::Open { id: second, name: "张建国".to_owned(), until };
    assert_eq!(tx.find_invitation("second", monday()).await.unwrap(), open);
    for (hash, now) in [("first", monday()), ("second", until), ("wrong", monday())] {
        assert_eq!(tx.find_invitation(hash, now).await.unwrap(), Invitation::NotGood, "{hash}");
    }
    drop(tx);
    assert!(!accept(store, first, &follower("zhang")).await.unwrap());
    assert!(accept(store, second, &follower("zhang")).await.unwrap());
    assert!(!accept(store, second, &follower("thief")).await.unwrap());
    assert_eq!(duty(store, &follower("thief")).await, None);
}

async fn a_new_phone_ends_the_old_one_on_that_account_alone(database: &TestDatabase) {
    let store = &database.store;
    import(store, &demo::county()).await;
    let zhang = id_of(store, "张建国").await;
    let elsewhere = Follower { account: "second".to_owned(), openid: "zhang".to_owned() };
    for phone in [follower("old"), elsewhere.clone(), follower("new")] {
        bind(store, &phone, zhang).await;
    }
    assert_eq!(duty(store, &follower("old")).await, None);
    let expected = Duty {
        person: Person { id: zhang, name: "张建国".to_owned() },
        role: Role::Member,
        area: Some("130699201201001".to_owned()),
        unit: duty(store, &elsewhere).await.unwrap().unit,
    };
    assert_eq!(duty(store, &follower("new")).await, Some(expected));
    let listed = store.members().await.unwrap();
    assert_eq!(listed.iter().find(|listed| listed.person.id == zhang).unwrap().bound, 2);

    let tx = store.begin().await.unwrap();
    assert_eq!(tx.unbind(zhang).await.unwrap(), 2);
    tx.commit().await.unwrap();
    assert_eq!(duty(store, &follower("new")).await, None);
}

async fn whoever_is_retired_has_no_duty_and_no_name(database: &TestDatabase) {
    let store = &database.store;
    import(store, &demo::county()).await;
    let zhang = id_of(store, "张建国").await;
    let unused = invite(store, "hash", zhang).await;
    bind(store, &follower("zhang"), zhang).await;
    let again = invite(store, "again", zhang).await;
    import(store, &County::new(Register::default())).await;
    assert_eq!(duty(store, &follower("zhang")).await, None);
    for id in [unused, again] {
        assert!(!accept(store, id, &follower("new")).await.unwrap());
    }
    let tx = store.begin().await.unwrap();
    assert_eq!(tx.find_members_by_name(&["张建国".to_owned()]).await.unwrap(), []);
    assert_eq!(tx.find_invitation("again", monday()).await.unwrap(), Invitation::NotGood);
}
