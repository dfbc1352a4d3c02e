//! What is known of photos: who comes first has one in hand, and what nobody uses goes.

use super::{follower, opened, save};
use crate::harness::{TestDatabase, monday, on_both};
use chrono::TimeDelta;
use lianxin::{
    storage::{Fetched, Incoming, MediaStage, Store},
    ticket::{Media, MediaKind},
};

on_both![
    the_same_photo_is_expected_once,
    two_workers_never_hold_one_photo,
    what_a_ticket_uses_is_not_looked_at_again,
    what_was_let_go_is_not_kept_after_all,
    what_did_not_come_is_counted,
    a_photo_of_a_draft_is_known_as_such,
];

fn incoming(id: &str) -> Incoming {
    Incoming {
        id: id.to_owned(),
        account: "main".to_owned(),
        openid: Some("wang".to_owned()),
        kind: MediaKind::Photo,
    }
}

async fn expect(store: &Store, id: &str) {
    let tx = store.begin().await.unwrap();
    tx.expect_media(&incoming(id), monday()).await.unwrap();
    tx.commit().await.unwrap();
}

fn kept() -> Fetched {
    Fetched::Kept { media_type: "image/jpeg".to_owned() }
}

async fn the_same_photo_is_expected_once(database: &TestDatabase) {
    let store = &database.store;
    expect(store, "m1").await;
    let row = store.media("m1").await.unwrap().unwrap();
    assert_eq!((row.stage, row.attempts, row.due_at), (MediaStage::Waiting, 0, Some(monday())));
    assert!(store.finish_media(&row, &kept()).await.unwrap());
    expect(store, "m1").await;
    let row = store.media("m1").await.unwrap().unwrap();
    assert_eq!((row.stage, row.media_type.as_deref()), (MediaStage::Kept, Some("image/jpeg")));
    assert_eq!(store.media_of(&follower("wang")).await.unwrap(), ["m1"]);
    assert!(store.media_of(&follower("li")).await.unwrap().is_empty());
    assert!(!store.fetch_media_again("m1", monday()).await.unwrap());
}

async fn two_workers_never_hold_one_photo(database: &TestDatabase) {
    let store = &database.store;
    expect(store, "m1").await;
    assert_eq!(store.next_media_due().await.unwrap(), Some(monday()));
    assert!(store.due_media(monday() - TimeDelta::seconds(1), 9).await.unwrap().is_empty());
    let seen = store.due_media(monday(), 9).await.unwrap().pop().unwrap();
    let until = monday() + TimeDelta::minutes(4);
    assert!(store.lease_media(&seen, until).await.unwrap());
    assert!(!store.lease_media(&seen, until + TimeDelta::minutes(1)).await.unwrap());
    assert!(store.due_media(monday(), 9).await.unwrap().is_empty());
    // Whoever held it died: it is due again when the lease is over.
    let again = store.due_media(until, 9).await.unwrap().pop().unwrap();
    assert_eq!((again.attempts, again.stage), (1, MediaStage::Waiting));
}

async fn what_a_ticket_uses_is_not_looked_at_again(database: &TestDatabase) {
    let store = &database.store;
    for id in ["used", "late", "unused"] {
        expect(store, id).await;
    }
    for id in ["used", "unused"] {
        let row = store.media(id).await.unwrap().unwrap();
        store.finish_media(&row, &kept()).await.unwrap();
    }
    let mut done = opened(&follower("wang"));
    let media = |id: &str| Media { kind: MediaKind::Photo, id: id.to_owned(), at: monday() };
    done.after.report.media = vec![media("used"), media("late")];
    save(store, &done).await;
    let due = async |id: &str| store.media(id).await.unwrap().unwrap().due_at;
    assert_eq!(due("used").await, None);
    assert_eq!(due("late").await, Some(monday()));
    assert_eq!(due("unused").await, Some(monday() + TimeDelta::days(8)));
    // What is fetched after the ticket stays as well.
    let late = store.media("late").await.unwrap().unwrap();
    assert!(late.used);
    store.finish_media(&late, &kept()).await.unwrap();
    assert_eq!(due("late").await, None);
    // A draft's end takes only what no ticket uses.
    let tx = store.begin().await.unwrap();
    let all = ["used", "late", "unused"].map(str::to_owned);
    tx.drop_unused_media(&all, monday()).await.unwrap();
    tx.commit().await.unwrap();
    let stage = async |id: &str| store.media(id).await.unwrap().unwrap().stage;
    assert_eq!(stage("used").await, MediaStage::Kept);
    assert_eq!(stage("unused").await, MediaStage::Dropped);
    store.forget_media("used").await.unwrap();
    store.forget_media("unused").await.unwrap();
    assert!(store.media("unused").await.unwrap().is_none());
    assert_eq!(store.media_among(&["used", "late", "unused"]).await.unwrap().len(), 2);
}

async fn what_was_let_go_is_not_kept_after_all(database: &TestDatabase) {
    let store = &database.store;
    expect(store, "m1").await;
    let row = store.media("m1").await.unwrap().unwrap();
    store.drop_media(&["m1".to_owned()], monday()).await.unwrap();
    assert!(!store.finish_media(&row, &kept()).await.unwrap());
    assert_eq!(store.media("m1").await.unwrap().unwrap().stage, MediaStage::Dropped);
    let arriving = store.begin_media(&incoming("up-1"), TimeDelta::hours(1), monday()).await;
    assert!(store.finish_media(&arriving.unwrap(), &kept()).await.unwrap());
    assert_eq!(store.media("up-1").await.unwrap().unwrap().stage, MediaStage::Kept);
}

async fn what_did_not_come_is_counted(database: &TestDatabase) {
    let store = &database.store;
    for id in ["fine", "later", "lost", "untried"] {
        expect(store, id).await;
    }
    let finish = async |id: &str, fetched: Fetched| {
        let row = store.media(id).await.unwrap().unwrap();
        store.finish_media(&row, &fetched).await.unwrap();
    };
    let why = || "platform".to_owned();
    let at = monday() + TimeDelta::minutes(1);
    finish("later", Fetched::Again { at, why: why() }).await;
    finish("lost", Fetched::Lost { why: why() }).await;
    finish("fine", Fetched::Again { at, why: why() }).await;
    finish("fine", kept()).await;
    assert_eq!(store.missing_media(monday(), 100).await.unwrap(), 2);
    assert_eq!(store.missing_media(at, 100).await.unwrap(), 0);
    assert!(store.fetch_media_again("lost", monday()).await.unwrap());
    let lost = store.media("lost").await.unwrap().unwrap();
    assert_eq!((lost.stage, lost.due_at), (MediaStage::Waiting, Some(monday())));
}

async fn a_photo_of_a_draft_is_known_as_such(database: &TestDatabase) {
    let store = &database.store;
    expect(store, "m1").await;
    assert!(!store.is_media_in_a_draft("m1").await.unwrap());
    let tx = store.begin().await.unwrap();
    let mut conversation = tx.open_conversation(&follower("wang"), monday()).await.unwrap();
    let mut draft = lianxin::dialogue::state::Draft::default();
    draft.media.push(Media { kind: MediaKind::Photo, id: "m1".to_owned(), at: monday() });
    conversation.state.draft = Some(draft);
    tx.put_conversation(&conversation, monday()).await.unwrap();
    tx.commit().await.unwrap();
    assert!(store.is_media_in_a_draft("m1").await.unwrap());
    assert!(!store.is_media_in_a_draft("m2").await.unwrap());
}
