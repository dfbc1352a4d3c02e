//! Codes of areas, and wishes for tags.

use super::*;
use crate::harness::{TestDatabase, moment, on_both};
use lianxin::{
    county::{self, AreaCode, Role},
    ids::RandomIds,
    storage::{KeptCode, TagCounts},
};

on_both![
    a_code_is_kept_once_and_for_good,
    followers_are_counted_where_they_scanned,
    whoever_is_bound_is_wished_a_tag_and_whoever_is_not_any_more_none,
    an_import_that_changes_who_heads_a_grid_wishes_other_tags,
    what_was_wished_meanwhile_is_not_settled,
    whoever_follows_again_is_wished_their_tag_anew,
];

fn code(area: &str, ticket: &str) -> KeptCode {
    KeptCode {
        area: area.into(),
        ticket: ticket.to_owned(),
        url: format!("http://weixin.qq.com/q/{ticket}"),
        created_at: monday(),
    }
}

async fn a_code_is_kept_once_and_for_good(database: &TestDatabase) {
    let store = &database.store;
    store.keep_area_code("main", &code("1306", "first")).await.unwrap();
    store.keep_area_code("main", &code("1306", "second")).await.unwrap();
    store.keep_area_code("other", &code("1306", "third")).await.unwrap();
    let areas: Vec<AreaCode> = vec!["1306".into(), "1307".into()];
    let kept = store.area_codes("main", &areas).await.unwrap();
    assert_eq!(kept.into_values().collect::<Vec<_>>(), [code("1306", "first")]);
    assert_eq!(store.count_area_codes("main").await.unwrap(), 1);
}

async fn followers_are_counted_where_they_scanned(database: &TestDatabase) {
    let store = &database.store;
    for (openid, home, following) in [
        ("o1", Some("1306"), true),
        ("o2", Some("1306"), true),
        ("o3", Some("1306"), false),
        ("o4", None, true),
    ] {
        let tx = store.begin().await.unwrap();
        let mut one = tx.open_conversation(&follower(openid), monday()).await.unwrap();
        one.speaker.home = home.map(str::to_owned);
        one.following = following;
        tx.put_conversation(&one, monday()).await.unwrap();
        tx.commit().await.unwrap();
    }
    let areas: Vec<AreaCode> = vec!["1306".into(), "1307".into()];
    let counts = store.followers_at("main", &areas).await.unwrap();
    assert_eq!(counts.into_iter().collect::<Vec<_>>(), [(AreaCode::from("1306"), 2)]);
}

/// The demo county with one member's phone bound.
async fn with_a_phone(database: &TestDatabase, name: &str) -> (Follower, MemberId) {
    let store = &database.store;
    let tx = store.begin().await.unwrap();
    tx.replace_county(&county::demo::county(), &RandomIds, monday()).await.unwrap();
    tx.commit().await.unwrap();
    let members = store.members().await.unwrap();
    let id = members.iter().find(|member| member.person.name == name).unwrap().person.id;
    let phone = follower("oBound");
    let tx = store.begin().await.unwrap();
    tx.open_conversation(&phone, monday()).await.unwrap();
    tx.bind(&phone, id).await.unwrap();
    tx.commit().await.unwrap();
    (phone, id)
}

async fn due(database: &TestDatabase) -> Vec<(Option<String>, Option<String>)> {
    let wishes = database.store.due_tag_wishes(monday(), 10).await.unwrap();
    wishes.into_iter().map(|wish| (wish.wanted, wish.perhaps)).collect()
}

async fn whoever_is_bound_is_wished_a_tag_and_whoever_is_not_any_more_none(
    database: &TestDatabase,
) {
    let store = &database.store;
    let (phone, id) = with_a_phone(database, "张建国").await;
    assert_eq!(due(database).await, [(Some("member".to_owned()), None)]);
    let openids = [phone.openid.clone()];
    store.tags_are_perhaps("main", &openids, Some("member")).await.unwrap();
    store.tags_are_settled("main", &openids, Some("member"), None).await.unwrap();
    assert_eq!(due(database).await, []);
    let tx = store.begin().await.unwrap();
    assert_eq!(tx.unbind(id).await.unwrap(), 1);
    tx.commit().await.unwrap();
    assert_eq!(due(database).await, [(None, Some("member".to_owned()))]);
    // Not settled while it may still be there.
    assert_eq!(store.settle_untagged("main", &openids).await.unwrap(), 0);
    store.tags_are_perhaps("main", &openids, None).await.unwrap();
    assert_eq!(store.settle_untagged("main", &openids).await.unwrap(), 1);
    assert_eq!(store.tag_counts("main").await.unwrap(), TagCounts::default());
}

async fn an_import_that_changes_who_heads_a_grid_wishes_other_tags(database: &TestDatabase) {
    let store = &database.store;
    let (phone, _) = with_a_phone(database, "张建国").await;
    let openids = [phone.openid.clone()];
    store.tags_are_perhaps("main", &openids, Some("member")).await.unwrap();
    store.tags_are_settled("main", &openids, Some("member"), None).await.unwrap();
    for (role, expected) in [
        (Some(Role::GridHead), Some("grid_head".to_owned())),
        (Some(Role::Supervisor), Some("operator".to_owned())),
        (None, None),
    ] {
        let mut register = county::demo::county().register().clone();
        match role {
            Some(role) => {
                let of_him = register.members.iter_mut().filter(|one| one.name == "张建国");
                of_him.for_each(|one| one.role = role);
            }
            None => register.members.retain(|one| one.name != "张建国"),
        }
        let tx = store.begin().await.unwrap();
        tx.replace_county(&county::County::new(register), &RandomIds, monday()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(due(database).await, [(expected, Some("member".to_owned()))]);
    }
}

async fn what_was_wished_meanwhile_is_not_settled(database: &TestDatabase) {
    let store = &database.store;
    let (phone, id) = with_a_phone(database, "张建国").await;
    let openids = [phone.openid.clone()];
    store.tags_are_perhaps("main", &openids, Some("member")).await.unwrap();
    let tx = store.begin().await.unwrap();
    tx.unbind(id).await.unwrap();
    tx.commit().await.unwrap();
    // The worker comes back from the platform.
    store.tags_are_settled("main", &openids, Some("member"), None).await.unwrap();
    assert_eq!(due(database).await, [(None, Some("member".to_owned()))]);
    store.tags_wait("main", &openids, moment("2026-03-02T10:00:00+08:00"), true).await.unwrap();
    assert_eq!(due(database).await, []);
    store.wake_tag_wishes("main", monday()).await.unwrap();
    assert_eq!(due(database).await, [(None, Some("member".to_owned()))]);
}

async fn whoever_follows_again_is_wished_their_tag_anew(database: &TestDatabase) {
    let store = &database.store;
    let (phone, _) = with_a_phone(database, "张建国").await;
    let openids = [phone.openid.clone()];
    store.tags_are_perhaps("main", &openids, Some("member")).await.unwrap();
    store.tags_are_settled("main", &openids, Some("member"), Some("45059")).await.unwrap();
    assert_eq!(store.tag_counts("main").await.unwrap(), TagCounts { waiting: 0, refused: 1 });
    let tx = store.begin().await.unwrap();
    tx.tags_are_gone(&phone).await.unwrap();
    tx.tags_are_gone(&follower("oResident")).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(due(database).await, [(Some("member".to_owned()), None)]);
}
