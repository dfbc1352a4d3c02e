//! The outbox: nothing is sent twice at once, nothing is lost, order is kept.

use super::follower;
use crate::harness::{TestDatabase, fresh, monday, on_both};
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::join_all;
use lianxin::{
    storage::{Envelope, Finished, Leased, Store},
    ticket::TicketId,
};
use serde_json::json;
use std::collections::HashSet;
use uuid::Uuid;

const LEASE: TimeDelta = TimeDelta::minutes(1);

fn envelope(kind: &str) -> Envelope {
    Envelope {
        id: fresh(),
        to: follower("wang"),
        kind: kind.to_owned(),
        topic: None,
        passing: false,
        payload: json!({"v": 1}),
        due_at: monday(),
        gathered: false,
    }
}

async fn enqueue(store: &Store, envelopes: &[Envelope]) {
    let tx = store.begin().await.unwrap();
    for envelope in envelopes {
        tx.enqueue(envelope, monday()).await.unwrap();
    }
    tx.commit().await.unwrap();
}

async fn lease(store: &Store, now: DateTime<Utc>) -> Vec<Leased> {
    store.lease_due(fresh(), now, LEASE, 99).await.unwrap()
}

fn kinds(leased: &[Leased]) -> Vec<&str> {
    leased.iter().map(|leased| leased.kind.as_str()).collect()
}

on_both![
    ten_workers_lease_no_message_twice,
    messages_leave_in_the_order_they_were_put_in,
    a_leased_message_comes_whole_and_counts_its_attempts,
    a_worker_whose_lease_went_to_another_finishes_nothing,
    the_only_worker_need_not_wait_for_a_dead_one,
    what_is_tried_again_comes_back_at_its_time,
    the_next_due_moment_is_a_message_or_the_end_of_a_lease,
    a_newer_word_replaces_a_passing_one_that_nobody_is_sending,
    what_was_enqueued_in_vain_does_not_leave,
];

async fn ten_workers_lease_no_message_twice(database: &TestDatabase) {
    let store = &database.store;
    let envelopes: Vec<Envelope> = (0..50).map(|_| envelope("task")).collect();
    enqueue(store, &envelopes).await;
    let workers = (0..10).map(|_| store.lease_due(fresh(), monday(), LEASE, 7));
    let mut ids: Vec<Uuid> = join_all(workers)
        .await
        .into_iter()
        .flat_map(Result::unwrap)
        .map(|leased| leased.id)
        .collect();
    assert_eq!(ids.len(), ids.iter().collect::<HashSet<_>>().len());
    ids.extend(lease(store, monday()).await.iter().map(|leased| leased.id));
    let all: HashSet<Uuid> = envelopes.iter().map(|envelope| envelope.id).collect();
    assert_eq!(ids.into_iter().collect::<HashSet<_>>(), all);
}

async fn messages_leave_in_the_order_they_were_put_in(database: &TestDatabase) {
    let store = &database.store;
    let mut early = envelope("early");
    early.due_at -= TimeDelta::minutes(1);
    let mut later = envelope("later");
    later.due_at += TimeDelta::minutes(1);
    let numbered: Vec<String> = (0..9).map(|n| format!("part {n}")).collect();
    let parts: Vec<Envelope> = numbered.iter().map(|kind| envelope(kind)).collect();
    enqueue(store, &[later]).await;
    enqueue(store, &parts).await;
    enqueue(store, &[early]).await;
    let first = store.lease_due(fresh(), monday(), LEASE, 4).await.unwrap();
    assert_eq!(kinds(&first), ["early", "part 0", "part 1", "part 2"]);
    assert_eq!(kinds(&lease(store, monday()).await), &numbered[3..]);
}

async fn a_leased_message_comes_whole_and_counts_its_attempts(database: &TestDatabase) {
    let store = &database.store;
    let mut sent = envelope("result");
    sent.topic = Some(TicketId(fresh()));
    enqueue(store, std::slice::from_ref(&sent)).await;
    for (attempt, after) in [(1, TimeDelta::zero()), (2, LEASE)] {
        let leased = lease(store, monday() + after).await;
        let expected = Leased {
            announced: None,
            id: sent.id,
            to: sent.to.clone(),
            kind: sent.kind.clone(),
            topic: sent.topic,
            payload: sent.payload.clone(),
            attempt,
            created_at: monday(),
            repeat_id: sent.id,
            tried_at: monday(),
            hops: Vec::new(),
            gathered: false,
        };
        assert_eq!(leased, [expected]);
        assert_eq!(lease(store, monday() + after).await, [], "it is leased");
    }
}

async fn a_worker_whose_lease_went_to_another_finishes_nothing(database: &TestDatabase) {
    let store = &database.store;
    enqueue(store, &[envelope("task")]).await;
    let (slow, quick) = (fresh(), fresh());
    let id = store.lease_due(slow, monday(), LEASE, 1).await.unwrap()[0].id;
    let later = monday() + LEASE;
    assert_eq!(store.lease_due(quick, later, LEASE, 1).await.unwrap().len(), 1);
    let dead = Finished::Dead { reason: "late".to_owned() };
    let sent = Finished::Sent { channel: "template".to_owned(), msgid: Some(7) };
    assert!(!store.finish(id, slow, &dead, later).await.unwrap());
    assert!(!store.finish(id, slow, &sent, later).await.unwrap());
    assert!(store.finish(id, quick, &sent, later).await.unwrap());
    assert!(!store.finish(id, quick, &dead, later).await.unwrap(), "finished once");
    assert_eq!(store.next_outbox_due().await.unwrap(), None);
}

async fn the_only_worker_need_not_wait_for_a_dead_one(database: &TestDatabase) {
    let store = &database.store;
    let (dead, done) = (fresh(), Finished::Sent { channel: "template".to_owned(), msgid: Some(7) });
    enqueue(store, &[envelope("task"), envelope("result")]).await;
    let begun = store.lease_due(dead, monday(), LEASE, 99).await.unwrap();
    assert!(store.finish(begun[0].id, dead, &done, monday()).await.unwrap());
    assert_eq!(store.end_leases().await.unwrap(), 1, "what is done stays done");
    let again = lease(store, monday()).await;
    assert_eq!(kinds(&again), ["result"]);
    assert_eq!(again[0].repeat_id, begun[1].repeat_id, "the platform can tell the repeat");
}

async fn what_is_tried_again_comes_back_at_its_time(database: &TestDatabase) {
    let store = &database.store;
    enqueue(store, &[envelope("task")]).await;
    let (worker, at) = (fresh(), monday() + TimeDelta::minutes(5));
    let again = Finished::RetryAt { at, reason: "45009".to_owned() };
    let put_off = Finished::PutOff { until: at + TimeDelta::minutes(5) };
    let id = store.lease_due(worker, monday(), LEASE, 1).await.unwrap()[0].id;
    assert!(store.finish(id, worker, &again, monday()).await.unwrap());
    assert_eq!(store.next_outbox_due().await.unwrap(), Some(at));
    assert_eq!(lease(store, at - TimeDelta::milliseconds(1)).await, []);
    assert_eq!(store.lease_due(worker, at, LEASE, 1).await.unwrap()[0].attempt, 2);
    assert!(store.finish(id, worker, &put_off, at).await.unwrap());
    let third = lease(store, at + TimeDelta::minutes(5)).await;
    assert_eq!(third[0].attempt, 2, "what was put off was not tried");
}

async fn the_next_due_moment_is_a_message_or_the_end_of_a_lease(database: &TestDatabase) {
    let store = &database.store;
    assert_eq!(store.next_outbox_due().await.unwrap(), None);
    let mut later = envelope("later");
    later.due_at += TimeDelta::minutes(2);
    enqueue(store, &[envelope("now"), later]).await;
    assert_eq!(store.next_outbox_due().await.unwrap(), Some(monday()));
    lease(store, monday()).await;
    assert_eq!(store.next_outbox_due().await.unwrap(), Some(monday() + LEASE));
}

async fn a_newer_word_replaces_a_passing_one_that_nobody_is_sending(database: &TestDatabase) {
    let store = &database.store;
    let topic = Some(TicketId(fresh()));
    let about = |kind: &str, passing| Envelope { topic, passing, ..envelope(kind) };
    enqueue(store, &[about("leased", true)]).await;
    lease(store, monday()).await;
    let mut to_another = about("to another", true);
    to_another.to = follower("li");
    let mut on_another_account = about("on another account", true);
    on_another_account.to.account = String::from("second");
    let elsewhere = Envelope { topic: Some(TicketId(fresh())), ..about("another ticket", true) };
    enqueue(store, &[about("accepted", true), about("question", false), to_another]).await;
    enqueue(store, &[on_another_account, elsewhere, about("taken", false)]).await;
    let left = lease(store, monday()).await;
    let expected = ["question", "to another", "on another account", "another ticket", "taken"];
    assert_eq!(kinds(&left), expected);
    assert_eq!(kinds(&lease(store, monday() + LEASE).await)[0], "leased");
}

async fn what_was_enqueued_in_vain_does_not_leave(database: &TestDatabase) {
    let tx = database.store.begin().await.unwrap();
    tx.enqueue(&envelope("task"), monday()).await.unwrap();
    drop(tx);
    assert_eq!(lease(&database.store, monday()).await, []);
}
