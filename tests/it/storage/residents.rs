//! Pushes, conversations, reply windows, followers.

use super::follower;
use crate::harness::{TestDatabase, fresh, monday, on_both};
use chrono::TimeDelta;
use entities::{inbox, resident};
use futures_util::future::join_all;
use lianxin::{
    dialogue::state::{Draft, Restored, State},
    storage::{Allowance, Claim, Envelope, FollowCount, StorageError, Store},
};
use sea_orm::{ActiveValue::Set, EntityTrait, PaginatorTrait, QueryFilter, sea_query::Expr};

/// One push as the intake does it: claim, converse, say something, answer.
async fn push(store: &Store, key: &str) -> Result<String, StorageError> {
    let (who, now) = (follower("wang"), monday());
    let tx = store.begin().await?;
    if let Claim::Again { answer } = tx.claim_push("main", key, now).await? {
        return Ok(answer.unwrap_or_default());
    }
    let mut conversation = tx.open_conversation(&who, now).await?;
    conversation.state.misses += 1;
    let answer = format!("answer {}", conversation.state.misses);
    let envelope = Envelope {
        id: fresh(),
        to: who,
        kind: "continuation".to_owned(),
        topic: None,
        passing: false,
        payload: serde_json::json!({}),
        due_at: now,
        gathered: false,
    };
    tx.enqueue(&envelope, now).await?;
    tx.put_conversation(&conversation, now).await?;
    tx.record_answer("main", key, &answer).await?;
    tx.commit().await?;
    Ok(answer)
}

on_both![
    thirty_copies_of_one_push_are_answered_once_and_alike,
    thirty_messages_of_one_person_are_handled_one_after_the_other,
    a_push_that_was_undone_can_be_claimed_again,
    the_same_key_on_another_account_is_another_push,
    an_answer_goes_after_a_day_and_its_key_after_ninety,
    an_answer_without_a_claim_is_refused,
    what_was_put_into_a_conversation_comes_out_of_it,
    one_person_on_two_accounts_has_two_conversations,
    a_state_of_another_schema_is_set_aside_and_kept,
    due_drafts_come_earliest_first,
    ten_workers_spend_five_replies_and_not_a_sixth,
    followers_are_counted_by_account_and_day,
    a_demo_marks_its_database,
    a_count_below_zero_is_inconsistent_and_names_nobody,
];

async fn thirty_copies_of_one_push_are_answered_once_and_alike(database: &TestDatabase) {
    let store = &database.store;
    let answers = join_all((0..30).map(|_| push(store, "one"))).await;
    for answer in answers {
        assert_eq!(answer.unwrap(), "answer 1");
    }
    let left = store.lease_due(fresh(), monday(), TimeDelta::minutes(1), 99).await.unwrap();
    assert_eq!(left.len(), 1);
}

async fn thirty_messages_of_one_person_are_handled_one_after_the_other(database: &TestDatabase) {
    let store = &database.store;
    let keys: Vec<String> = (0..30).map(|n| format!("push {n}")).collect();
    let mut answers: Vec<String> = join_all(keys.iter().map(|key| push(store, key)))
        .await
        .into_iter()
        .map(Result::unwrap)
        .collect();
    answers.sort();
    answers.dedup();
    assert_eq!(
        answers.len(),
        30,
        "an answer was given from a state that somebody else had changed"
    );
}

async fn a_push_that_was_undone_can_be_claimed_again(database: &TestDatabase) {
    let tx = database.store.begin().await.unwrap();
    assert_eq!(tx.claim_push("main", "k", monday()).await.unwrap(), Claim::First);
    drop(tx);
    let tx = database.store.begin().await.unwrap();
    assert_eq!(tx.claim_push("main", "k", monday()).await.unwrap(), Claim::First);
}

async fn the_same_key_on_another_account_is_another_push(database: &TestDatabase) {
    let tx = database.store.begin().await.unwrap();
    assert_eq!(tx.claim_push("main", "k", monday()).await.unwrap(), Claim::First);
    assert_eq!(tx.claim_push("second", "k", monday()).await.unwrap(), Claim::First);
    assert_eq!(tx.claim_push("main", "k", monday()).await.unwrap(), Claim::Again { answer: None });
}

async fn an_answer_goes_after_a_day_and_its_key_after_ninety(database: &TestDatabase) {
    let store = &database.store;
    push(store, "k").await.unwrap();
    let day = TimeDelta::days(1);
    for (after, answer) in [(day, Some("answer 1")), (day + TimeDelta::seconds(1), None)] {
        store.clear_old_answers(monday() + after).await.unwrap();
        let tx = store.begin().await.unwrap();
        let again = tx.claim_push("main", "k", monday() + after).await.unwrap();
        assert_eq!(again, Claim::Again { answer: answer.map(str::to_owned) });
    }
    store.clear_old_answers(monday() + TimeDelta::days(91)).await.unwrap();
    assert_eq!(inbox::Entity::find().count(store.connection()).await.unwrap(), 0);
}

async fn an_answer_without_a_claim_is_refused(database: &TestDatabase) {
    let tx = database.store.begin().await.unwrap();
    let refused = tx.record_answer("main", "never seen", "hello").await.unwrap_err();
    assert!(refused.is_transient());
}

async fn what_was_put_into_a_conversation_comes_out_of_it(database: &TestDatabase) {
    let store = &database.store;
    let now = monday();
    let tx = store.begin().await.unwrap();
    let mut conversation = tx.open_conversation(&follower("wang"), now).await.unwrap();
    assert_eq!(conversation.state, State::default());
    assert!(conversation.following && !conversation.speaker.told_privacy);
    let mut draft = Draft::default();
    draft.text.put("路灯坏了".to_owned(), now);
    conversation.state.draft = Some(draft);
    conversation.speaker.phone = Some("19900001234".to_owned());
    conversation.speaker.home = Some("130699201201".to_owned());
    conversation.speaker.told_privacy = true;
    conversation.following = false;
    conversation.followed_at = Some(now);
    conversation.due_at = Some(now + TimeDelta::hours(2));
    conversation.window.open(Allowance::Message, now);
    tx.put_conversation(&conversation, now).await.unwrap();
    tx.commit().await.unwrap();

    let later = now + TimeDelta::minutes(1);
    let tx = store.begin().await.unwrap();
    let again = tx.open_conversation(&follower("wang"), later).await.unwrap();
    assert_eq!(again, conversation);
    tx.put_conversation(&again, later).await.unwrap();
    tx.commit().await.unwrap();
    let row = resident::Entity::find().one(store.connection()).await.unwrap().unwrap();
    assert_eq!(row.told_privacy_at, Some(now), "the first time counts");
    assert_eq!(row.version, 2);
}

async fn one_person_on_two_accounts_has_two_conversations(database: &TestDatabase) {
    let tx = database.store.begin().await.unwrap();
    let mut conversation = tx.open_conversation(&follower("wang"), monday()).await.unwrap();
    conversation.state.misses = 2;
    tx.put_conversation(&conversation, monday()).await.unwrap();
    let mut elsewhere = follower("wang");
    elsewhere.account = String::from("second");
    assert_eq!(tx.open_conversation(&elsewhere, monday()).await.unwrap().state.misses, 0);
}

async fn a_state_of_another_schema_is_set_aside_and_kept(database: &TestDatabase) {
    let store = &database.store;
    push(store, "k").await.unwrap();
    let newer = serde_json::json!({"schema": 999, "draft": "something new"});
    resident::Entity::update_many()
        .col_expr(resident::Column::State, Expr::value(newer.clone()))
        .exec(store.connection())
        .await
        .unwrap();
    let tx = store.begin().await.unwrap();
    let opened = tx.open_conversation(&follower("wang"), monday()).await.unwrap();
    assert_eq!((opened.restored, &opened.state), (Restored::SetAside, &State::default()));
    tx.put_conversation(&opened, monday()).await.unwrap();
    tx.commit().await.unwrap();
    let row = resident::Entity::find().one(store.connection()).await.unwrap().unwrap();
    assert_eq!(row.parked, Some(newer));
}

async fn due_drafts_come_earliest_first(database: &TestDatabase) {
    let store = &database.store;
    let now = monday();
    assert_eq!(store.next_draft_due().await.unwrap(), None);
    for (openid, minutes) in [("late", 20), ("early", 10), ("not yet", 60)] {
        let tx = store.begin().await.unwrap();
        let mut conversation = tx.open_conversation(&follower(openid), now).await.unwrap();
        conversation.due_at = Some(now + TimeDelta::minutes(minutes));
        tx.put_conversation(&conversation, now).await.unwrap();
        tx.commit().await.unwrap();
    }
    let due = store.due_drafts(now + TimeDelta::minutes(30), 9).await.unwrap();
    let expected =
        [("early", 10), ("late", 20)].map(|(who, m)| (now + TimeDelta::minutes(m), follower(who)));
    assert_eq!(due, expected);
    assert_eq!(store.next_draft_due().await.unwrap(), Some(now + TimeDelta::minutes(10)));
}

async fn ten_workers_spend_five_replies_and_not_a_sixth(database: &TestDatabase) {
    let store = &database.store;
    let (who, now) = (follower("wang"), monday());
    assert_eq!(store.reach(&who).await.unwrap(), None);
    let tx = store.begin().await.unwrap();
    let mut conversation = tx.open_conversation(&who, now).await.unwrap();
    conversation.window.open(Allowance::Message, now);
    tx.put_conversation(&conversation, now).await.unwrap();
    tx.commit().await.unwrap();

    let spent = join_all((0..10).map(|_| store.spend(&who, Allowance::Message, now, 5))).await;
    assert_eq!(spent.into_iter().filter(|spent| *spent.as_ref().unwrap()).count(), 5);
    assert_eq!(store.reach(&who).await.unwrap().unwrap().window.message_used, 5);
    assert!(!store.spend(&who, Allowance::Brief, now, 3).await.unwrap(), "never opened");
    let other = now + TimeDelta::seconds(1);
    assert!(!store.spend(&who, Allowance::Message, other, 99).await.unwrap(), "another opening");
    store.close_window(&who, Allowance::Message, now).await.unwrap();
    assert!(!store.spend(&who, Allowance::Message, now, 99).await.unwrap(), "closed");
}

async fn followers_are_counted_by_account_and_day(database: &TestDatabase) {
    let tx = database.store.begin().await.unwrap();
    for (day, came) in
        [("2026-03-01", true), ("2026-03-02", true), ("2026-03-02", true), ("2026-03-02", false)]
    {
        tx.count_follow("main", day, came).await.unwrap();
    }
    tx.count_follow("second", "2026-03-02", true).await.unwrap();
    tx.commit().await.unwrap();
    let counts = database.store.follow_counts("main", "2026-03-02", "2026-03-31").await.unwrap();
    assert_eq!(counts, [FollowCount { day: "2026-03-02".to_owned(), follows: 2, unfollows: 1 }]);
}

async fn a_demo_marks_its_database(database: &TestDatabase) {
    assert!(!database.store.is_demo().await.unwrap());
    database.store.mark_as_demo().await.unwrap();
    database.store.mark_as_demo().await.unwrap();
    assert!(database.store.is_demo().await.unwrap());
    assert_eq!(database.store.demo_clock().await.unwrap(), TimeDelta::zero());
    for ahead in [TimeDelta::milliseconds(1), TimeDelta::days(400)] {
        database.store.set_demo_clock(ahead).await.unwrap();
        assert_eq!(database.store.demo_clock().await.unwrap(), ahead);
    }
}

async fn a_count_below_zero_is_inconsistent_and_names_nobody(database: &TestDatabase) {
    let store = &database.store;
    push(store, "k").await.unwrap();
    resident::Entity::update_many()
        .set(resident::ActiveModel { window_used: Set(-1), ..Default::default() })
        .filter(Expr::cust("1 = 1"))
        .exec(store.connection())
        .await
        .unwrap();
    let error = store.reach(&follower("wang")).await.unwrap_err();
    assert_eq!(error.to_string(), "`resident` row main is inconsistent");
    assert!(!error.is_transient());
}
