//! Deliveries: confirmed in either order of arrival, and dead letters that can be sent again.

use super::follower;
use crate::harness::{TestDatabase, fresh, monday, on_both};
use chrono::TimeDelta;
use futures_util::future::join_all;
use lianxin::storage::{DeliveryStatus, Envelope, Finished, Hop, StorageError, Store};
use uuid::Uuid;

const LEASE: TimeDelta = TimeDelta::minutes(1);

/// Enqueues a message, leases it, and says by whom.
async fn leased(store: &Store) -> (Uuid, Uuid) {
    let (id, worker) = (fresh(), fresh());
    let tx = store.begin().await.unwrap();
    let envelope = Envelope {
        id,
        to: follower("wang"),
        kind: "result".to_owned(),
        topic: None,
        passing: false,
        payload: serde_json::json!({}),
        due_at: monday(),
        gathered: false,
    };
    tx.enqueue(&envelope, monday()).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.lease_due(worker, monday(), LEASE, 1).await.unwrap().len(), 1);
    (id, worker)
}

async fn confirm(store: &Store, msgid: i64, status: DeliveryStatus) -> Result<bool, StorageError> {
    let tx = store.begin().await?;
    let known = tx.confirm("main", msgid, status, monday()).await?;
    tx.commit().await?;
    Ok(known)
}

fn sent(msgid: i64) -> Finished {
    Finished::Sent { channel: "template".to_owned(), msgid: Some(msgid) }
}

async fn unconfirmed(store: &Store) -> usize {
    store.unconfirmed(monday() + LEASE, 99).await.unwrap().len()
}

on_both![
    the_platforms_word_counts_in_either_order,
    the_platforms_word_counts_when_both_come_at_once,
    a_word_about_another_accounts_message_is_not_ours,
    a_word_that_is_repeated_changes_nothing,
    a_dead_letter_is_sent_again_from_the_start_and_once,
    what_will_never_be_confirmed_is_not_waited_for,
    what_failed_on_the_platform_is_sent_once_more_in_either_order,
];

async fn the_platforms_word_counts_in_either_order(database: &TestDatabase) {
    let store = &database.store;
    let (id, worker) = leased(store).await;
    assert!(store.finish(id, worker, &sent(1), monday()).await.unwrap());
    assert_eq!(unconfirmed(store).await, 1);
    assert!(confirm(store, 1, DeliveryStatus::Delivered).await.unwrap());
    assert_eq!(unconfirmed(store).await, 0);

    let (id, worker) = leased(store).await;
    assert!(!confirm(store, 2, DeliveryStatus::Blocked).await.unwrap(), "not known yet");
    assert!(store.finish(id, worker, &sent(2), monday()).await.unwrap());
    assert_eq!(unconfirmed(store).await, 0);
    // What the person refuses goes on at once on the ways that are left, and remembers this one.
    let again = store.lease_due(worker, monday(), LEASE, 9).await.unwrap();
    assert_eq!(again.iter().map(|letter| letter.id).collect::<Vec<_>>(), [id]);
    let hops: Vec<_> = again[0].hops.iter().map(|hop| (&*hop.channel, &*hop.why)).collect();
    assert_eq!(hops, [("template", Hop::BLOCKED)]);
}

async fn the_platforms_word_counts_when_both_come_at_once(database: &TestDatabase) {
    let store = &database.store;
    let mut messages = Vec::new();
    for msgid in 1..=10 {
        messages.push((leased(store).await, sent(msgid), msgid));
    }
    let finishes = join_all(
        messages.iter().map(|((id, worker), sent, _)| store.finish(*id, *worker, sent, monday())),
    );
    let words = join_all(
        messages.iter().map(|(_, _, msgid)| confirm(store, *msgid, DeliveryStatus::Delivered)),
    );
    let (finishes, words) = futures_util::join!(finishes, words);
    assert!(finishes.into_iter().all(Result::unwrap));
    assert!(words.iter().all(Result::is_ok));
    assert_eq!(unconfirmed(store).await, 0);
    assert_eq!(store.dead_letters(9).await.unwrap(), []);
}

async fn a_word_about_another_accounts_message_is_not_ours(database: &TestDatabase) {
    let store = &database.store;
    let (id, worker) = leased(store).await;
    assert!(store.finish(id, worker, &sent(1), monday()).await.unwrap());
    let tx = store.begin().await.unwrap();
    let known = tx.confirm("second", 1, DeliveryStatus::Delivered, monday()).await.unwrap();
    tx.commit().await.unwrap();
    assert!(!known);
    assert_eq!(unconfirmed(store).await, 1);
}

async fn a_word_that_is_repeated_changes_nothing(database: &TestDatabase) {
    let store = &database.store;
    let (id, worker) = leased(store).await;
    assert!(store.finish(id, worker, &sent(1), monday()).await.unwrap());
    assert!(confirm(store, 1, DeliveryStatus::Delivered).await.unwrap());
    assert!(!confirm(store, 1, DeliveryStatus::Failed).await.unwrap());
    assert_eq!(store.dead_letters(9).await.unwrap(), []);
}

async fn a_dead_letter_is_sent_again_from_the_start_and_once(database: &TestDatabase) {
    let store = &database.store;
    let (id, worker) = leased(store).await;
    assert!(!store.send_again(id, monday()).await.unwrap(), "it is not dead");
    let dead = Finished::Dead { reason: "40037".to_owned() };
    assert!(store.finish(id, worker, &dead, monday()).await.unwrap());
    let letters = store.dead_letters(9).await.unwrap();
    assert_eq!((letters[0].reason.as_str(), letters[0].attempts), ("40037", 1));

    assert!(store.send_again(id, monday()).await.unwrap());
    assert!(!store.send_again(id, monday()).await.unwrap());
    assert_eq!(store.dead_letters(9).await.unwrap(), []);
    let again = store.lease_due(worker, monday(), LEASE, 9).await.unwrap();
    assert_eq!((again[0].id, again[0].attempt), (id, 1));
    let unreachable = Finished::Unreachable { reason: "unfollowed".to_owned() };
    assert!(store.finish(id, worker, &unreachable, monday()).await.unwrap());
    assert_eq!(store.dead_letters(9).await.unwrap()[0].reason, "unfollowed");
}

async fn what_will_never_be_confirmed_is_not_waited_for(database: &TestDatabase) {
    let store = &database.store;
    let (id, worker) = leased(store).await;
    let by_chat = Finished::Sent { channel: "custom".to_owned(), msgid: None };
    assert!(store.finish(id, worker, &by_chat, monday()).await.unwrap());
    assert_eq!(unconfirmed(store).await, 0);
    assert_eq!(store.next_outbox_due().await.unwrap(), None);
}

async fn what_failed_on_the_platform_is_sent_once_more_in_either_order(database: &TestDatabase) {
    let store = &database.store;
    for (early, late) in [(1, 2), (4, 3)] {
        let (id, worker) = leased(store).await;
        if early > late {
            assert!(!confirm(store, early, DeliveryStatus::Failed).await.unwrap());
        }
        assert!(store.finish(id, worker, &sent(early), monday()).await.unwrap());
        if early < late {
            assert!(confirm(store, early, DeliveryStatus::Failed).await.unwrap());
        }
        assert_eq!(store.dead_letters(9).await.unwrap(), []);
        let soon = monday() + TimeDelta::seconds(59);
        assert_eq!(store.lease_due(worker, soon, LEASE, 9).await.unwrap(), []);
        let again = store.lease_due(worker, monday() + LEASE, LEASE, 9).await.unwrap();
        assert_eq!((again.len(), again[0].id, again[0].attempt), (1, id, 1));
        assert_ne!(again[0].repeat_id, id, "the platform must not take it for a repeat");
        assert_eq!(again[0].tried_at, monday() + LEASE);

        // The word on the first one comes once more, then the second one fails as well.
        assert!(!confirm(store, early, DeliveryStatus::Failed).await.unwrap());
        assert!(store.finish(id, worker, &sent(late), monday()).await.unwrap());
        assert!(confirm(store, late, DeliveryStatus::Failed).await.unwrap());
        let letters = store.dead_letters(9).await.unwrap();
        assert_eq!((letters.len(), letters[0].id), (1, id));
        assert!(letters[0].reason.contains("failed on the platform"), "{}", letters[0].reason);
        assert!(store.send_again(id, monday()).await.unwrap());
        let third = store.lease_due(worker, monday(), LEASE, 9).await.unwrap();
        assert_ne!(third[0].repeat_id, again[0].repeat_id);
        let done = Finished::Sent { channel: "custom".to_owned(), msgid: None };
        assert!(store.finish(id, worker, &done, monday()).await.unwrap());
    }
}
