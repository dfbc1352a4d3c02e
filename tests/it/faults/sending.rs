//! Whatever the platform answers to a message: what the sender then does, and what it leaves.

use crate::harness::{
    TestDatabase, fresh, monday, on_both,
    platform::{Answer, Asked, Platform},
};
use chrono::{DateTime, TimeDelta, Utc};
use entities::outbox as row;
use lianxin::{
    app::{App, Parts},
    clock::{Clock, StoppedClock},
    county,
    ids::{RandomIds, SeededIds},
    outbox::{
        self,
        message::{Fields, Message},
    },
    replay::account::{SLUG, demo_account},
    shared::Shared,
    storage::{Allowance, Envelope},
    ticket::{Follower, notice::NoticeKind},
};
use sea_orm::{EntityTrait, QueryOrder};
use serde_json::json;
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};
use url::Url;
use uuid::Uuid;

const CUSTOM: &str = "/cgi-bin/message/custom/send";
const TEMPLATE: &str = "/cgi-bin/message/template/send";
const TOKEN: &str = "/cgi-bin/stable_token";

/// A sender in front of a platform that answers each send as it is told to.
struct Sender {
    app: App,
    clock: Arc<StoppedClock>,
    platform: Platform,
    answers: Arc<Mutex<VecDeque<Answer>>>,
    /// How long each send takes.
    each_takes: Arc<Mutex<TimeDelta>>,
    worker: Uuid,
}

fn code(code: i64) -> Answer {
    Answer::Json(json!({ "errcode": code, "errmsg": "as ordered" }))
}

fn html() -> Answer {
    Answer::Text(502, "<html>Bad Gateway</html>".to_owned())
}

impl Sender {
    fn on(database: &TestDatabase) -> Self {
        let clock = Arc::new(StoppedClock::at(monday()));
        let answers: Arc<Mutex<VecDeque<Answer>>> = Arc::default();
        let each_takes: Arc<Mutex<TimeDelta>> = Arc::default();
        let (told, tokens) = (answers.clone(), Mutex::new(0));
        let (takes, passes) = (each_takes.clone(), clock.clone());
        let platform = Platform::answering(move |asked| {
            if asked.path == TOKEN {
                let mut tokens = tokens.lock().unwrap();
                *tokens += 1;
                return Answer::Json(
                    json!({ "access_token": format!("t{tokens}"), "expires_in": 7200 }),
                );
            }
            passes.advance(*takes.lock().unwrap());
            let sent = || Answer::Json(json!({ "errcode": 0, "errmsg": "ok", "msgid": 7 }));
            told.lock().unwrap().pop_front().unwrap_or_else(sent)
        });
        let pretended = demo_account(&SeededIds::from_seed(7), &county::demo::county()).unwrap();
        let app = App::build(Parts {
            store: database.store.clone(),
            clock: clock.clone(),
            ids: Arc::new(RandomIds),
            accounts: vec![pretended.account],
            shared: Shared::memory(clock.clone()),
            api_url: platform.address(),
            public_url: Url::parse("https://lianxin.example").unwrap(),
            templates: None,
            record: None,
        })
        .unwrap();
        Self { app, clock, platform, answers, each_takes, worker: fresh() }
    }

    fn will_answer(&self, answers: impl IntoIterator<Item = Answer>) {
        self.answers.lock().unwrap().extend(answers);
    }

    /// Somebody who follows, and spoke a moment ago if they did.
    async fn person(&self, openid: &str, spoke: bool) -> Follower {
        let to = Follower { account: SLUG.to_owned(), openid: openid.to_owned() };
        let (tx, now) = (self.app.store.begin().await.unwrap(), self.clock.now());
        let mut conversation = tx.open_conversation(&to, now).await.unwrap();
        if spoke {
            conversation.window.open(Allowance::Message, now);
        }
        tx.put_conversation(&conversation, now).await.unwrap();
        tx.commit().await.unwrap();
        to
    }

    async fn put(&self, to: &Follower) {
        let mut fields = Fields::blank();
        for (name, value) in [
            ("number", "LX260302000001"),
            ("category", "路灯水电"),
            ("place", "王庄村"),
            ("status", "新任务，能去请回“接单”"),
            ("time", "2026-03-02 09:00"),
        ] {
            fields.put(name, value);
        }
        let now = self.clock.now();
        let envelope = Envelope {
            id: fresh(),
            to: to.clone(),
            kind: NoticeKind::Task.code().to_owned(),
            topic: None,
            passing: false,
            payload: serde_json::to_value(Message::new(NoticeKind::Task, fields)).unwrap(),
            due_at: now,
        };
        let tx = self.app.store.begin().await.unwrap();
        tx.enqueue(&envelope, now).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn tick(&self) {
        outbox::tick(&self.app, self.worker).await.unwrap();
    }

    /// One look every so often.
    async fn wait(&self, span: TimeDelta, beat: TimeDelta) {
        let end = self.clock.now() + span;
        while self.clock.now() < end {
            self.clock.advance(beat);
            self.tick().await;
        }
    }

    /// The sends so far, by path.
    fn sends(&self) -> Vec<&'static str> {
        let path = |asked: &Asked| [CUSTOM, TEMPLATE].into_iter().find(|path| asked.path == *path);
        self.platform.asked().iter().filter_map(path).collect()
    }

    /// The ids by which the platform tells repeats.
    fn repeat_ids(&self) -> Vec<String> {
        let asked = self.platform.asked();
        let templates = asked.iter().filter(|asked| asked.path == TEMPLATE);
        templates.map(|asked| asked.body["client_msg_id"].as_str().unwrap().to_owned()).collect()
    }

    async fn rows(&self) -> Vec<row::Model> {
        let find = row::Entity::find().order_by_asc(row::Column::Position);
        find.all(self.app.store.connection()).await.unwrap()
    }

    /// What became of each message, and on which channel.
    async fn outcomes(&self) -> Vec<(Option<String>, Option<String>)> {
        self.rows().await.into_iter().map(|m| (m.outcome, m.channel)).collect()
    }
}

fn outcome(outcome: &str, channel: Option<&str>) -> (Option<String>, Option<String>) {
    (Some(outcome.to_owned()), channel.map(str::to_owned))
}

fn waits() -> (Option<String>, Option<String>) {
    (None, None)
}

on_both![
    a_closed_or_used_up_window_is_left_for_a_template_at_once_and_for_good,
    somebody_who_left_is_not_written_to_until_they_come_back,
    a_message_that_is_refused_as_wrong_is_never_tried_again,
    a_busy_platform_is_tried_again_with_the_same_message,
    a_used_up_quota_rests_the_channel_until_midnight,
    a_template_that_is_gone_rests_and_the_others_go_on,
    a_refused_token_is_replaced_once_and_then_the_channel_rests,
    where_nobody_knows_a_template_is_repeated_and_a_chat_text_is_not,
    nobody_waits_for_ever_for_a_platform_that_never_answers,
    a_message_is_given_up_in_the_end_and_can_be_sent_again,
    what_a_slow_platform_holds_up_goes_back_before_the_lease_is_over,
];

async fn a_closed_or_used_up_window_is_left_for_a_template_at_once_and_for_good(
    database: &TestDatabase,
) {
    let sender = Sender::on(database);
    for refusal in [45015, 45047] {
        let to = sender.person(&format!("o-{refusal}"), true).await;
        let before = sender.sends().len();
        sender.will_answer([code(refusal)]);
        sender.put(&to).await;
        sender.tick().await;
        assert_eq!(sender.sends()[before..], [CUSTOM, TEMPLATE]);
        sender.put(&to).await;
        sender.tick().await;
        assert_eq!(sender.sends()[before..], [CUSTOM, TEMPLATE, TEMPLATE], "never that way again");
    }
    assert!(sender.outcomes().await.iter().all(|m| *m == outcome("sent", Some("template"))));
}

async fn somebody_who_left_is_not_written_to_until_they_come_back(database: &TestDatabase) {
    let sender = Sender::on(database);
    for (spoke, way) in [(true, CUSTOM), (false, TEMPLATE)] {
        let to = sender.person(way, spoke).await;
        let before = sender.sends().len();
        sender.will_answer([code(43004)]);
        sender.put(&to).await;
        sender.put(&to).await;
        sender.tick().await;
        sender.wait(TimeDelta::hours(24), TimeDelta::hours(1)).await;
        assert_eq!(sender.sends()[before..], [way], "one refusal is enough");
    }
    assert!(sender.outcomes().await.iter().all(|m| *m == outcome("unreachable", None)));
}

async fn a_message_that_is_refused_as_wrong_is_never_tried_again(database: &TestDatabase) {
    let sender = Sender::on(database);
    for (n, (spoke, refusal)) in
        [(true, 47003), (false, 47003), (true, 45002), (false, 40249), (false, 49999)]
            .into_iter()
            .enumerate()
    {
        let to = sender.person(&format!("o-{n}"), spoke).await;
        sender.will_answer([code(refusal)]);
        sender.put(&to).await;
        sender.tick().await;
        sender.wait(TimeDelta::hours(24), TimeDelta::hours(1)).await;
        assert_eq!(sender.sends().len(), n + 1, "{refusal}");
    }
    assert!(sender.outcomes().await.iter().all(|m| *m == outcome("dead", None)));
    // Nor does it keep others from being written to.
    let other = sender.person("o-other", false).await;
    sender.put(&other).await;
    sender.tick().await;
    assert_eq!(sender.outcomes().await.pop(), Some(outcome("sent", Some("template"))));
}

async fn a_busy_platform_is_tried_again_with_the_same_message(database: &TestDatabase) {
    let sender = Sender::on(database);
    let to = sender.person("o-resident", false).await;
    sender.will_answer([code(-1), code(45011)]);
    sender.put(&to).await;
    sender.tick().await;
    assert_eq!(sender.outcomes().await, [waits()]);
    sender.wait(TimeDelta::seconds(4), TimeDelta::seconds(1)).await;
    assert_eq!(sender.sends().len(), 2);
    // "Slower", said the platform the second time: a minute.
    sender.wait(TimeDelta::seconds(55), TimeDelta::seconds(1)).await;
    assert_eq!(sender.sends().len(), 2);
    sender.wait(TimeDelta::seconds(10), TimeDelta::seconds(1)).await;
    assert_eq!(sender.outcomes().await, [outcome("sent", Some("template"))]);
    let ids = sender.repeat_ids();
    assert!(ids.len() == 3 && ids.iter().all(|id| *id == ids[0]), "{ids:?}");
}

async fn a_used_up_quota_rests_the_channel_until_midnight(database: &TestDatabase) {
    let sender = Sender::on(database);
    let quiet = sender.person("o-quiet", false).await;
    let talker = sender.person("o-talker", true).await;
    // Chat texts are used up: templates carry on.
    sender.will_answer([code(45009)]);
    sender.put(&talker).await;
    sender.tick().await;
    assert_eq!(sender.sends(), [CUSTOM, TEMPLATE]);
    // Templates too: everything waits for the next day, and costs nothing meanwhile.
    sender.will_answer([code(45009)]);
    for _ in 0..3 {
        sender.put(&quiet).await;
    }
    sender.tick().await;
    sender.put(&talker).await;
    sender.tick().await;
    let midnight: DateTime<Utc> = crate::harness::moment("2026-03-03T00:00:00+08:00");
    let rest = midnight - sender.clock.now();
    sender.wait(rest - TimeDelta::minutes(5), TimeDelta::minutes(3)).await;
    assert_eq!(sender.sends(), [CUSTOM, TEMPLATE, TEMPLATE]);
    sender.wait(TimeDelta::minutes(20), TimeDelta::minutes(1)).await;
    assert!(sender.outcomes().await.iter().all(|m| m.0.as_deref() == Some("sent")));
}

async fn a_template_that_is_gone_rests_and_the_others_go_on(database: &TestDatabase) {
    let sender = Sender::on(database);
    let to = sender.person("o-resident", false).await;
    sender.will_answer([code(40037)]);
    sender.put(&to).await;
    sender.put(&to).await;
    sender.tick().await;
    sender.wait(TimeDelta::minutes(29), TimeDelta::minutes(1)).await;
    assert_eq!(sender.sends(), [TEMPLATE]);
    assert_eq!(sender.outcomes().await, [waits(), waits()]);
    let circuits = sender.app.client.circuits().open();
    assert_eq!(circuits.len(), 1);
    assert!(circuits[0].template.is_some(), "only the one template rests: {circuits:?}");
    sender.wait(TimeDelta::minutes(10), TimeDelta::minutes(1)).await;
    assert!(sender.outcomes().await.iter().all(|m| *m == outcome("sent", Some("template"))));
}

async fn a_refused_token_is_replaced_once_and_then_the_channel_rests(database: &TestDatabase) {
    let sender = Sender::on(database);
    for refusal in [40001, 42001, 40014] {
        let to = sender.person(&format!("o-{refusal}"), true).await;
        sender.will_answer([code(refusal)]);
        sender.put(&to).await;
        sender.tick().await;
        assert_eq!(sender.outcomes().await.pop(), Some(outcome("sent", Some("custom"))));
    }
    let before = sender.sends().len();
    let to = sender.person("o-resident", false).await;
    sender.will_answer((0..9).map(|_| code(40001)));
    sender.put(&to).await;
    sender.tick().await;
    assert_eq!(sender.sends().len() - before, 2, "the call, and once more with another token");
    assert_eq!(sender.outcomes().await.pop(), Some(waits()));
    sender.wait(TimeDelta::minutes(4), TimeDelta::minutes(1)).await;
    assert_eq!(sender.sends().len() - before, 2);
    sender.answers.lock().unwrap().clear();
    sender.wait(TimeDelta::minutes(10), TimeDelta::minutes(1)).await;
    assert_eq!(sender.outcomes().await.pop(), Some(outcome("sent", Some("template"))));
}

async fn where_nobody_knows_a_template_is_repeated_and_a_chat_text_is_not(database: &TestDatabase) {
    let sender = Sender::on(database);
    let talker = sender.person("o-talker", true).await;
    sender.will_answer([html()]);
    sender.put(&talker).await;
    sender.tick().await;
    sender.wait(TimeDelta::hours(1), TimeDelta::minutes(1)).await;
    assert_eq!(sender.sends(), [CUSTOM], "a doubled sentence is worse than an unsaid one");

    let quiet = sender.person("o-quiet", false).await;
    sender.put(&quiet).await;
    // It waits for a good while before it is tried at all; that does not count.
    sender.clock.advance(TimeDelta::minutes(30));
    sender.will_answer((0..99).map(|_| html()));
    sender.tick().await;
    sender.wait(TimeDelta::hours(1), TimeDelta::seconds(30)).await;
    let ids = sender.repeat_ids();
    assert!((3..9).contains(&ids.len()), "{ids:?}");
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    // After ten minutes the platform would not know it for a repeat: it counts as sent, and as
    // not confirmed.
    let last = sender.rows().await.pop().unwrap();
    assert_eq!((last.outcome.as_deref(), last.msgid), (Some("sent"), None));
    assert!(last.done_at.unwrap() < last.tried_at.unwrap() + TimeDelta::minutes(20));
}

async fn nobody_waits_for_ever_for_a_platform_that_never_answers(database: &TestDatabase) {
    let sender = Sender::on(database);
    let talker = sender.person("o-talker", true).await;
    let quiet = sender.person("o-quiet", false).await;
    sender.will_answer([Answer::Never, Answer::Never]);
    sender.put(&talker).await;
    sender.put(&quiet).await;
    sender.tick().await;
    assert_eq!(sender.outcomes().await, [outcome("sent", Some("custom")), waits()]);
    sender.wait(TimeDelta::seconds(5), TimeDelta::seconds(1)).await;
    assert_eq!(sender.outcomes().await[1], outcome("sent", Some("template")));
    let ids = sender.repeat_ids();
    assert!(ids.len() == 2 && ids[0] == ids[1], "{ids:?}");
}

async fn a_message_is_given_up_in_the_end_and_can_be_sent_again(database: &TestDatabase) {
    let sender = Sender::on(database);
    let to = sender.person("o-resident", false).await;
    sender.will_answer((0..99).map(|_| code(-1)));
    sender.put(&to).await;
    sender.wait(TimeDelta::hours(24), TimeDelta::minutes(5)).await;
    assert_eq!(sender.sends().len(), 9);
    assert_eq!(sender.outcomes().await, [outcome("dead", None)]);
    sender.answers.lock().unwrap().clear();
    let letter = sender.app.store.dead_letters(9).await.unwrap().remove(0);
    assert!(letter.reason.contains("9 attempts"), "{}", letter.reason);
    assert!(sender.app.store.send_again(letter.id, sender.clock.now()).await.unwrap());
    sender.tick().await;
    assert_eq!(sender.outcomes().await, [outcome("sent", Some("template"))]);
    let ids = sender.repeat_ids();
    assert_ne!(ids[0], ids[9], "the platform must not take it for a repeat");
}

async fn what_a_slow_platform_holds_up_goes_back_before_the_lease_is_over(database: &TestDatabase) {
    let sender = Sender::on(database);
    let to = sender.person("o-resident", false).await;
    for _ in 0..4 {
        sender.put(&to).await;
    }
    // Two of them end within the time in which a delivery may begin.
    *sender.each_takes.lock().unwrap() = TimeDelta::seconds(20);
    sender.tick().await;
    let rows = sender.rows().await;
    let left: Vec<_> = rows.iter().filter(|m| m.outcome.is_none()).collect();
    assert_eq!(left.len(), 2, "{rows:?}");
    for m in left {
        assert_eq!((m.attempts, m.leased_until, m.tried_at), (0, None, None));
    }
    sender.tick().await;
    assert!(sender.outcomes().await.iter().all(|m| *m == outcome("sent", Some("template"))));
}
