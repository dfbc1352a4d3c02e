//! Who somebody is that opened a page, looked up without beginning anything.

use super::follower;
use crate::harness::{TestDatabase, monday, on_both};
use lianxin::ids::RandomIds;

on_both![looking_somebody_up_begins_nothing_and_finds_their_duty];

async fn looking_somebody_up_begins_nothing_and_finds_their_duty(database: &TestDatabase) {
    let (store, who) = (&database.store, follower("zhang"));
    assert_eq!(store.speaker(&who).await.unwrap(), None);
    assert_eq!(store.reach(&who).await.unwrap(), None, "no conversation was begun");
    let county = lianxin::county::demo::county();
    let tx = store.begin().await.unwrap();
    tx.replace_county(&county, &RandomIds, monday()).await.unwrap();
    tx.open_conversation(&who, monday()).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.speaker(&who).await.unwrap().unwrap().duty, None);
    let members = store.members().await.unwrap();
    let zhang = members.into_iter().find(|known| known.person.name == "张建国").unwrap().person;
    let tx = store.begin().await.unwrap();
    tx.bind(&who, zhang.id).await.unwrap();
    tx.commit().await.unwrap();
    let known = store.speaker(&who).await.unwrap().unwrap();
    assert_eq!(known.duty.unwrap().person, zhang);
    assert_eq!(
        store.phones_to_try(std::slice::from_ref(&zhang)).await.unwrap().as_slice(),
        std::slice::from_ref(&who)
    );
    assert!(store.phones_to_try(&[]).await.unwrap().is_empty());
    assert!(store.tasks_of(zhang.id).await.unwrap().is_empty());
    assert!(store.tickets_of(&who, monday()).await.unwrap().is_empty());
}
