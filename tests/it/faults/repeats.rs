//! The same push again and again: one effect, and the same answer each time.

use crate::harness::{
    TestDatabase, on_both,
    rehearsal::{Rehearsal, said},
};
use chrono::TimeDelta;
use lianxin::simulator::Answer;
use std::time::Instant;

on_both![
    thirty_copies_at_once_have_one_effect,
    a_repeat_after_a_restart_hears_what_the_first_one_heard,
    what_takes_too_long_is_undone_and_the_repeat_is_answered,
    what_is_held_up_often_leaves_nothing_locked,
];

async fn thirty_copies_at_once_have_one_effect(database: &TestDatabase) {
    let rehearsal = Rehearsal::on(database).await;
    let openid = rehearsal.follower("王大娘").openid;
    for text in ["我家门口路灯坏了三天了，王庄村东头", "1", "1"] {
        let delivery = rehearsal.platform().push_times(&openid, said(text), 30).await.unwrap();
        assert!(delivery.answers_agree(), "{:?}", delivery.answers);
        assert_eq!(delivery.answers.len(), 30);
        assert_eq!(delivery.posted, 30, "{text}: {:?}", delivery.answers);
        assert!(delivery.text().is_some_and(|text| !text.is_empty()), "{:?}", delivery.answers);
    }
    let tickets = rehearsal.tickets().await;
    assert_eq!(tickets.len(), 1);
    let history = rehearsal.app.store.history(tickets[0].id).await.unwrap();
    let submitted = history.iter().filter(|event| event.what.code() == "submitted");
    assert_eq!(submitted.count(), 1, "{history:?}");
    // And the two dates that a submission sets.
    assert_eq!(history.len(), 3, "{history:?}");
    rehearsal.settle().await;
    assert_eq!(rehearsal.notices("值班员").len(), 1);
}

async fn a_repeat_after_a_restart_hears_what_the_first_one_heard(database: &TestDatabase) {
    let mut rehearsal = Rehearsal::on(database).await;
    rehearsal.says("王大娘", "我家门口路灯坏了三天了，王庄村东头").await;
    let first = rehearsal.does("王大娘", said("1")).await.answers.remove(0);
    let openid = rehearsal.follower("王大娘").openid;
    for n in 1..4 {
        rehearsal.clock.advance(TimeDelta::seconds(5));
        if n == 2 {
            rehearsal.restart().await;
        }
        assert_eq!(rehearsal.platform().deliver_again(&openid).await.as_ref(), Some(&first));
    }
    assert_eq!(rehearsal.tickets().await.len(), 1);
    rehearsal.settle().await;
    assert_eq!(rehearsal.notices("值班员").len(), 1);
}

async fn what_takes_too_long_is_undone_and_the_repeat_is_answered(database: &TestDatabase) {
    let rehearsal = Rehearsal::on(database).await;
    rehearsal.says("王大娘", "我家门口路灯坏了三天了，王庄村东头").await;
    let follower = rehearsal.follower("王大娘");
    // Somebody holds the conversation for longer than the platform waits.
    let held = rehearsal.app.store.begin().await.unwrap();
    held.open_conversation(&follower, crate::harness::monday()).await.unwrap();
    let begun = Instant::now();
    let delivery = rehearsal.does("王大娘", said("1"));
    let release = async {
        // The platform's first delivery is given up and its repeat is on the way.
        while begun.elapsed().as_secs() < 6 {
            tokio::task::yield_now().await;
            rehearsal.app.bell.heard(std::time::Duration::from_millis(50)).await;
        }
        drop(held);
    };
    let (delivery, ()) = futures_util::future::join(delivery, release).await;
    assert_eq!(delivery.posted, 2, "one in vain, one answered: {:?}", delivery.answers);
    let Answer::Text(answer) = &delivery.answers[0] else { panic!("{:?}", delivery.answers) };
    assert!(answer.contains("LX"), "{answer}");
    assert_eq!(rehearsal.tickets().await.len(), 1);
}

async fn what_is_held_up_often_leaves_nothing_locked(database: &TestDatabase) {
    let rehearsal = Rehearsal::on(database).await;
    let names: Vec<String> = (0..40).map(|n| format!("居民{n}")).collect();
    let follower = rehearsal.follower("王大娘");
    let held = rehearsal.app.store.begin().await.unwrap();
    held.open_conversation(&follower, crate::harness::monday()).await.unwrap();
    let mine = rehearsal.platform().push_times(&follower.openid, said("你好"), 40);
    let others =
        futures_util::future::join_all(names.iter().map(|n| rehearsal.does(n, said("你好"))));
    let begun = Instant::now();
    let release = async {
        while begun.elapsed().as_secs() < 6 {
            rehearsal.app.bell.heard(std::time::Duration::from_millis(50)).await;
        }
        drop(held);
    };
    let (mine, others, ()) = futures_util::future::join3(mine, others, release).await;
    assert!(mine.unwrap().answers_agree());
    for delivery in others {
        assert!(delivery.text().is_some(), "{:?}", delivery.answers);
    }
    // Every connection is good for another push.
    for name in &names {
        assert!(!rehearsal.says(name, "帮助").await.is_empty());
    }
}
