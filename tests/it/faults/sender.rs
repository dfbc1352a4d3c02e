//! A sender in front of a platform that answers each send as a test tells it to.

use crate::harness::{
    TestDatabase, fresh, monday,
    platform::{Answer, Asked, Platform},
};
use chrono::TimeDelta;
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
    wechat::account::Account,
};
use sea_orm::{EntityTrait, QueryOrder};
use serde_json::json;
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};
use url::Url;
use uuid::Uuid;

pub(super) const CUSTOM: &str = "/cgi-bin/message/custom/send";
pub(super) const TEMPLATE: &str = "/cgi-bin/message/template/send";
pub(super) const TOKEN: &str = "/cgi-bin/stable_token";

/// A sender in front of a platform that answers each send as it is told to.
pub(super) struct Sender {
    pub(super) app: App,
    pub(super) clock: Arc<StoppedClock>,
    pub(super) platform: Platform,
    pub(super) answers: Arc<Mutex<VecDeque<Answer>>>,
    /// How long each send takes.
    pub(super) each_takes: Arc<Mutex<TimeDelta>>,
    pub(super) worker: Uuid,
}

pub(super) fn code(code: i64) -> Answer {
    Answer::Json(json!({ "errcode": code, "errmsg": "as ordered" }))
}

pub(super) fn html() -> Answer {
    Answer::Text(502, "<html>Bad Gateway</html>".to_owned())
}

impl Sender {
    pub(super) fn on(database: &TestDatabase) -> Self {
        Self::of(database, |_| {})
    }

    /// The same with another account.
    pub(super) fn of(database: &TestDatabase, change: impl FnOnce(&mut Account)) -> Self {
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
        let mut pretended =
            demo_account(&SeededIds::from_seed(7), &county::demo::county()).unwrap();
        change(&mut pretended.account);
        let app = App::build(Parts {
            store: database.store.clone(),
            clock: clock.clone(),
            ids: Arc::new(RandomIds),
            accounts: vec![pretended.account],
            shared: Shared::memory(clock.clone()),
            media: crate::harness::no_media(),
            api_url: platform.address(),
            public_url: Url::parse("https://lianxin.example").unwrap(),
            signing_key: Some(lianxin::wechat::account::Secret::new("signs links")),
            templates: None,
            record: None,
        })
        .unwrap();
        Self { app, clock, platform, answers, each_takes, worker: fresh() }
    }

    pub(super) fn will_answer(&self, answers: impl IntoIterator<Item = Answer>) {
        self.answers.lock().unwrap().extend(answers);
    }

    /// Somebody who follows, and spoke a moment ago if they did.
    pub(super) async fn person(&self, openid: &str, spoke: bool) -> Follower {
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

    pub(super) async fn put(&self, to: &Follower) {
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
            gathered: false,
        };
        let tx = self.app.store.begin().await.unwrap();
        tx.enqueue(&envelope, now).await.unwrap();
        tx.commit().await.unwrap();
    }

    pub(super) async fn tick(&self) {
        outbox::tick(&self.app, self.worker).await.unwrap();
    }

    /// One look every so often.
    pub(super) async fn wait(&self, span: TimeDelta, beat: TimeDelta) {
        let end = self.clock.now() + span;
        while self.clock.now() < end {
            self.clock.advance(beat);
            self.tick().await;
        }
    }

    /// The sends so far, by path.
    pub(super) fn sends(&self) -> Vec<&'static str> {
        let path = |asked: &Asked| [CUSTOM, TEMPLATE].into_iter().find(|path| asked.path == *path);
        self.platform.asked().iter().filter_map(path).collect()
    }

    /// The ids by which the platform tells repeats.
    pub(super) fn repeat_ids(&self) -> Vec<String> {
        let asked = self.platform.asked();
        let templates = asked.iter().filter(|asked| asked.path == TEMPLATE);
        templates.map(|asked| asked.body["client_msg_id"].as_str().unwrap().to_owned()).collect()
    }

    pub(super) async fn rows(&self) -> Vec<row::Model> {
        let find = row::Entity::find().order_by_asc(row::Column::Position);
        find.all(self.app.store.connection()).await.unwrap()
    }

    /// What became of each message, and on which channel.
    pub(super) async fn outcomes(&self) -> Vec<(Option<String>, Option<String>)> {
        self.rows().await.into_iter().map(|m| (m.outcome, m.channel)).collect()
    }
}

pub(super) fn outcome(outcome: &str, channel: Option<&str>) -> (Option<String>, Option<String>) {
    (Some(outcome.to_owned()), channel.map(str::to_owned))
}

pub(super) fn waits() -> (Option<String>, Option<String>) {
    (None, None)
}
