//! Every code of the platform for everything that sends: what then becomes of the message.
//!
//! The lists are written from the platform's documents and not from our table, so that each checks
//! the other.

use super::sender::{CUSTOM, Sender, TEMPLATE, code};
use crate::harness::{fresh, platform::Answer, sqlite};
use chrono::{DateTime, TimeDelta, Utc};
use entities::{group_post, outbox};
use lianxin::{
    clock::Clock,
    storage::{GroupRobot, NewPost},
    ticket::Follower,
    wechat::account::{Secret, Template},
};
use sea_orm::EntityTrait;
use serde_json::json;
use std::collections::BTreeMap;

const BIZSEND: &str = "/cgi-bin/message/subscribe/bizsend";
const SUBSCRIPTION: &str = "SUB-TASK";

/// The message counts as sent.
const DONE: &[i64] = &[45065, 45080, 45081];
/// The token is replaced, and the message is sent.
const TOKEN: &[i64] = &[40001, 40014, 42001];
/// The same message, a little later.
const SOON: &[i64] = &[-1, 45033];
/// The same message, not before a minute.
const IN_A_MINUTE: &[i64] = &[45011, 45066, 42010];
/// This person, this way: another way.
const PERSON: &[i64] = &[40003, 43005, 43019, 43101, 48002, 49003];
/// They left.
const LEFT: &[i64] = &[43004, 50005];
/// The way rests.
const ACCOUNT: &[i64] = &[
    40013, 40125, 40243, 40164, 89501, 89503, 89506, 89507, 48001, 48003, 48004, 48006, 48008,
    50001, 50002, 45009, 45028, 40036, 40037, 43116, 40200,
];
/// Never again, and an alarm. The last one is in no list.
const PAYLOAD: &[i64] = &[
    41001, 40002, 41002, 41004, 40066, 43001, 43002, 43003, 45067, 45072, 40031, 40032, 40249,
    40246, 40247, 47003, 47001, 40008, 40033, 40035, 40039, 40048, 41030, 44002, 44003, 44004,
    45002, 45003, 45004, 45005, 45006, 45007, 45008, 45162, 87014, 41028, 41029, 40007, 40004,
    40006, 40011, 40012, 41005, 41006, 49999,
];

/// What became of one message.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Fate {
    /// It left by this channel.
    Sent(&'static str),
    /// Its words wait for the person.
    Held,
    /// It is tried again, not before so many seconds.
    Again(i64),
    /// Nothing was lost, and the way rests.
    Rests,
    /// It is a dead letter.
    Dead,
    /// Nothing reaches the person.
    Unreachable,
}

fn fate(m: &outbox::Model, now: DateTime<Utc>) -> Fate {
    match (m.outcome.as_deref(), m.channel.as_deref()) {
        (Some("sent"), Some("custom")) => Fate::Sent("custom"),
        (Some("sent"), Some("template")) => Fate::Sent("template"),
        (Some("sent"), Some("subscription")) => Fate::Sent("subscription"),
        (Some("dead"), _) => Fate::Dead,
        (Some("unreachable"), _) => Fate::Unreachable,
        (None, Some("held")) => Fate::Held,
        (None, None) if m.attempts == 0 => Fate::Rests,
        (None, None) => Fate::Again((m.due_at - now).num_seconds()),
        other => panic!("{other:?}"),
    }
}

/// One message that is answered with this code, on a sender whose ways are all open again.
async fn sent_with(sender: &Sender, to: &Follower, answered: i64) -> (Fate, Vec<String>, bool) {
    let asked = sender.platform.asked().len();
    // What was done before comes with the number that it was given then.
    let body = json!({ "errcode": answered, "errmsg": "as ordered", "msgid": 7 });
    sender.will_answer([Answer::Json(body)]);
    sender.put(to).await;
    sender.tick().await;
    let rows = sender.rows().await;
    assert_eq!(rows.len(), 1, "{answered}");
    let ways = [CUSTOM, TEMPLATE, BIZSEND];
    let sends = sender.platform.asked().into_iter().skip(asked).map(|asked| asked.path);
    let sends = sends.filter(|path| ways.contains(&path.as_str())).collect();
    let rests = !sender.app.client.circuits().open().is_empty();
    (fate(&rows[0], sender.clock.now()), sends, rests)
}

/// Two days later whatever rested is tried again, and works.
async fn mend(sender: &Sender, to: &Follower) {
    let rows = outbox::Entity::delete_many();
    rows.exec(sender.app.store.connection()).await.unwrap();
    sender.answers.lock().unwrap().clear();
    sender.clock.advance(TimeDelta::days(2));
    sender.person(&to.openid, true).await;
    for _ in 0..2 {
        sender.put(to).await;
        sender.tick().await;
        sender.clock.advance(TimeDelta::minutes(2));
    }
    let rows = outbox::Entity::delete_many();
    rows.exec(sender.app.store.connection()).await.unwrap();
}

fn codes() -> impl Iterator<Item = (&'static str, i64)> {
    [
        ("done", DONE),
        ("token", TOKEN),
        ("soon", SOON),
        ("in a minute", IN_A_MINUTE),
        ("person", PERSON),
        ("left", LEFT),
        ("account", ACCOUNT),
        ("payload", PAYLOAD),
    ]
    .into_iter()
    .flat_map(|(name, codes)| codes.iter().map(move |code| (name, *code)))
}

#[tokio::test(flavor = "multi_thread")]
async fn every_code_of_a_customer_service_message_and_what_the_sender_then_does() {
    let database = sqlite().await;
    let sender = Sender::on(&database);
    let all = codes().chain([("closed", 45015), ("closed", 45047)]);
    for (n, (kind, answered)) in all.enumerate() {
        let to = sender.person(&format!("o-{n}"), true).await;
        let (fate, sends, rests) = sent_with(&sender, &to, answered).await;
        match kind {
            "done" | "token" => assert_eq!(fate, Fate::Sent("custom"), "{answered}"),
            "soon" => assert!(matches!(fate, Fate::Again(2..60)), "{answered} {fate:?}"),
            "in a minute" => assert!(matches!(fate, Fate::Again(60..)), "{answered} {fate:?}"),
            "left" => {
                assert_eq!(fate, Fate::Unreachable, "{answered}");
                assert_eq!(sends, [CUSTOM], "{answered}");
            }
            "payload" => {
                assert_eq!(fate, Fate::Dead, "{answered}");
                assert_eq!(sends, [CUSTOM], "{answered}");
            }
            _ => {
                assert_eq!(fate, Fate::Sent("template"), "{answered}");
                assert_eq!(sends, [CUSTOM, TEMPLATE], "{answered}");
            }
        }
        assert_eq!(rests, kind == "account", "{answered}");
        mend(&sender, &to).await;
        assert!(sender.app.client.circuits().open().is_empty(), "{answered}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_code_of_a_template_message_and_what_the_sender_then_does() {
    let database = sqlite().await;
    let sender = Sender::on(&database);
    for (n, (kind, answered)) in codes().enumerate() {
        let to = sender.person(&format!("o-{n}"), false).await;
        let (fate, sends, rests) = sent_with(&sender, &to, answered).await;
        match kind {
            "done" | "token" => assert_eq!(fate, Fate::Sent("template"), "{answered}"),
            "soon" => assert!(matches!(fate, Fate::Again(2..60)), "{answered} {fate:?}"),
            "in a minute" => assert!(matches!(fate, Fate::Again(60..)), "{answered} {fate:?}"),
            "left" => assert_eq!(fate, Fate::Unreachable, "{answered}"),
            // Nothing else reaches them: their next message does.
            "person" => assert_eq!(fate, Fate::Held, "{answered}"),
            "account" => assert_eq!(fate, Fate::Rests, "{answered}"),
            _ => assert_eq!(fate, Fate::Dead, "{answered}"),
        }
        assert!(sends.iter().all(|path| path == TEMPLATE), "{answered} {sends:?}");
        assert_eq!(rests, kind == "account", "{answered}");
        let rows = outbox::Entity::delete_many();
        rows.exec(sender.app.store.connection()).await.unwrap();
        sender.answers.lock().unwrap().clear();
        sender.clock.advance(TimeDelta::days(2));
        let other = sender.person("o-probe", false).await;
        sender.put(&other).await;
        sender.tick().await;
        let rows = outbox::Entity::delete_many();
        rows.exec(sender.app.store.connection()).await.unwrap();
        assert!(sender.app.client.circuits().open().is_empty(), "{answered}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_code_of_a_notification_and_what_the_sender_then_does() {
    let database = sqlite().await;
    let keywords = [("character_string1", "number"), ("thing2", "category")];
    let keywords: BTreeMap<String, String> =
        keywords.iter().map(|(key, name)| ((*key).to_owned(), (*name).to_owned())).collect();
    let sender = Sender::of(&database, |account| {
        account.templates.clear();
        let template = Template { id: SUBSCRIPTION.to_owned(), keywords };
        account.subscriptions.insert("task".to_owned(), template);
    });
    for (n, (kind, answered)) in codes().enumerate() {
        let to = sender.person(&format!("o-{n}"), false).await;
        consents(&sender, &to).await;
        let (fate, sends, rests) = sent_with(&sender, &to, answered).await;
        match kind {
            "done" | "token" => assert_eq!(fate, Fate::Sent("subscription"), "{answered}"),
            "soon" => assert!(matches!(fate, Fate::Again(2..60)), "{answered} {fate:?}"),
            "in a minute" => assert!(matches!(fate, Fate::Again(60..)), "{answered} {fate:?}"),
            "person" | "left" => assert_eq!(fate, Fate::Held, "{answered}"),
            "account" => assert_eq!(fate, Fate::Rests, "{answered}"),
            _ => assert_eq!(fate, Fate::Dead, "{answered}"),
        }
        assert!(sends.iter().all(|path| path == BIZSEND), "{answered} {sends:?}");
        assert_eq!(rests, kind == "account", "{answered}");
        let has = sender.app.store.has_consent(&to, SUBSCRIPTION).await.unwrap();
        assert_eq!(has, answered != 43101, "only that one says that there is no consent");
        let rows = outbox::Entity::delete_many();
        rows.exec(sender.app.store.connection()).await.unwrap();
        sender.answers.lock().unwrap().clear();
        sender.clock.advance(TimeDelta::days(2));
        let other = sender.person("o-probe", false).await;
        consents(&sender, &other).await;
        sender.put(&other).await;
        sender.tick().await;
        let rows = outbox::Entity::delete_many();
        rows.exec(sender.app.store.connection()).await.unwrap();
        assert!(sender.app.client.circuits().open().is_empty(), "{answered}");
    }
}

async fn consents(sender: &Sender, to: &Follower) {
    let tx = sender.app.store.begin().await.unwrap();
    tx.keep_consent(to, SUBSCRIPTION, true, sender.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn every_code_of_a_groups_robot_and_what_becomes_of_it() {
    let database = sqlite().await;
    let sender = Sender::on(&database);
    let store = &sender.app.store;
    for (answered, outcome, broken) in [
        (0, Some("sent"), false),
        (-1, None, false),
        (45009, None, false),
        (45011, None, false),
        (93000, Some("failed"), true),
        (40058, Some("failed"), false),
        (44004, Some("failed"), false),
        (40008, Some("failed"), false),
        (49999, Some("failed"), false),
    ] {
        let now = sender.clock.now();
        let robot = GroupRobot {
            id: fresh(),
            area: "130699".to_owned(),
            name: "县工作群".to_owned(),
            key: Secret::new("key-of-a-robot"),
            active: true,
            broken: false,
            paused_until: None,
            last_at: None,
            last_result: None,
        };
        let post = NewPost {
            id: fresh(),
            robot: robot.id,
            broadcast: None,
            outbox: None,
            topic: None,
            kind: "test".to_owned(),
            text: "测试".to_owned(),
        };
        let tx = store.begin().await.unwrap();
        tx.put_robot(&robot).await.unwrap();
        tx.put_posts(std::slice::from_ref(&post), now).await.unwrap();
        tx.commit().await.unwrap();
        sender.will_answer([code(answered)]);
        sender.tick().await;
        let row = group_post::Entity::find_by_id(post.id).one(store.connection()).await;
        let row = row.unwrap().unwrap();
        assert_eq!(row.outcome.as_deref(), outcome, "{answered}");
        if outcome.is_none() {
            assert!(row.due_at >= now + TimeDelta::seconds(60), "{answered}");
            assert_eq!(row.begun_at, None, "{answered}");
        }
        let robot = store.robot(robot.id).await.unwrap().unwrap();
        assert_eq!(robot.broken, broken, "{answered}");
        assert_eq!(robot.paused_until.is_some(), outcome.is_none(), "{answered}");
        // A minute later it is said, where it waited.
        sender.clock.advance(TimeDelta::seconds(90));
        sender.tick().await;
        let row = group_post::Entity::find_by_id(post.id).one(store.connection()).await;
        let after = row.unwrap().unwrap().outcome;
        assert_eq!(after.as_deref(), outcome.or(Some("sent")), "{answered}");
    }
}
