//! `kill -9` at any moment: the service dies, starts again on its file, and the platform repeats
//! the push that it is in doubt about.
//!
//! The platform is the pretended one, which outlives the service. What a chat text cannot promise
//! is not asked of it: the platform tells repeated template messages apart, but not repeated chat
//! texts, so a service that dies between saying one and writing that down says it again.

use crate::harness::process::{Process, command};
use lianxin::{
    clock::{Clock, SystemClock},
    county,
    ids::RandomIds,
    replay::account::{Pretended, SLUG, demo_account},
    simulator::{
        Answer, Message, Notice, Options, PersonKind, Said, SimulatedAccount, SimulatedPerson,
        Simulator,
    },
    storage::Store,
    ticket::Follower,
    wechat::account::Template,
};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
    fs,
    future::pending,
    path::Path,
    process::Command,
    sync::Arc,
    time::Duration,
};
use tempfile::TempDir;
use tokio::time::{interval, timeout};

const PEOPLE: [(&str, PersonKind); 3] = [
    ("王大娘", PersonKind::Resident),
    ("值班员", PersonKind::Operator),
    ("张建国", PersonKind::Volunteer),
];
/// Longer than anything takes on a machine that is busy with other tests.
const LIMIT: Duration = Duration::from_secs(30);

/// One message, words of its answer, and who reads which words because of it.
struct Step {
    who: &'static str,
    /// A photo where nothing is said.
    says: Option<&'static str>,
    answer: &'static str,
    notice: Option<(&'static str, &'static str)>,
}

const fn step(who: &'static str, says: &'static str, answer: &'static str) -> Step {
    Step { who, says: Some(says), answer, notice: None }
}

impl Step {
    const fn then(self, who: &'static str, reads: &'static str) -> Self {
        Self { notice: Some((who, reads)), ..self }
    }

    fn message(&self) -> Message {
        self.says.map_or(Message::Photo, |text| Message::Text { text: text.to_owned() })
    }
}

const LOOP: [Step; 9] = [
    step("王大娘", "我家门口路灯坏了三天了，王庄村东头", "1 提交"),
    step("王大娘", "1", "您的编号是 LX").then("值班员", "王庄村"),
    step("值班员", "受理", "已受理"),
    step("值班员", "派 张建国", "已派给 张建国").then("张建国", "新任务"),
    step("张建国", "接单", "接单成功").then("王大娘", "张建国已经接单"),
    Step { who: "张建国", says: None, answer: "照片收到", notice: None },
    step("张建国", "办结 灯泡换好了", "记下了").then("王大娘", "灯泡换好了"),
    step("王大娘", "1", "非常满意").then("张建国", "居民已确认"),
    step("王大娘", "1", "谢谢"),
];

/// A service on a SQLite file, and the platform that it serves.
struct Stage {
    simulator: Simulator,
    folder: TempDir,
    variables: BTreeMap<&'static str, String>,
    service: Process,
    store: Store,
}

impl Stage {
    async fn set() -> Self {
        let county = county::demo::county();
        let Pretended { account, registered, templates } =
            demo_account(&RandomIds, &county).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let simulator = Simulator::start(Options {
            accounts: vec![registered.clone()],
            people: PEOPLE.map(|(name, kind)| SimulatedPerson::named(name, kind, SLUG)).into(),
            templates,
            ..Options::new(Arc::new(SystemClock), Arc::new(RandomIds))
        })
        .unwrap();
        fs::write(folder.path().join("notices.toml"), sheet(&account.templates)).unwrap();
        let variables = variables(&registered, &simulator.api_url());
        let imported = Command::new(env!("CARGO_BIN_EXE_lianxin"))
            .env_clear()
            .current_dir(folder.path())
            .args(["import", "demo"])
            .output()
            .unwrap();
        assert!(imported.status.success());
        let url = format!("sqlite://{}/data/lianxin.db", folder.path().display());
        let store = Store::open(&url).await.unwrap();
        let members = store.members().await.unwrap();
        let tx = store.begin().await.unwrap();
        for (name, _) in PEOPLE {
            let Some(member) = members.iter().find(|m| m.person.name == name) else { continue };
            let openid = simulator.platform().openid_of(name).unwrap();
            let phone = Follower { account: SLUG.to_owned(), openid };
            tx.open_conversation(&phone, SystemClock.now()).await.unwrap();
            tx.bind(&phone, member.person.id).await.unwrap();
        }
        tx.commit().await.unwrap();
        let service = serve(folder.path(), &variables, &simulator);
        Self { simulator, folder, variables, service, store }
    }

    fn openid(&self, who: &str) -> String {
        self.simulator.platform().openid_of(who).unwrap()
    }

    fn kill_and_start_again(&mut self) {
        self.service.kill();
        self.service = serve(self.folder.path(), &self.variables, &self.simulator);
    }

    /// The answer to a person's latest push, delivered once more.
    async fn again(&self, who: &str) -> Answer {
        self.simulator.platform().deliver_again(&self.openid(who)).await.unwrap()
    }

    /// What the account wrote to a person of its own accord.
    fn notices(&self, who: &str) -> Vec<Notice> {
        let lines = self.simulator.platform().lines(&self.openid(who));
        let notice = |said| match said {
            Said::Notice(notice) => Some(notice),
            Said::Person(_) | Said::Answer(_) => None,
        };
        lines.into_iter().filter_map(|line| notice(line.said)).collect()
    }

    /// Waits until a person has read these words.
    async fn reads(&self, (who, words): (&str, &str)) {
        let read = || self.notices(who).iter().any(|notice| notice.text().contains(words));
        let waiting = async {
            let mut look = interval(Duration::from_millis(10));
            while !read() {
                look.tick().await;
            }
        };
        let waited = timeout(LIMIT, waiting).await;
        assert!(waited.is_ok(), "{who} does not read “{words}”: {:?}", self.notices(who));
    }

    /// Waits until no message is in the worker's hands.
    async fn rests(&self) {
        let held = Statement::from_string(
            DbBackend::Sqlite,
            "SELECT 1 FROM outbox WHERE leased_until IS NOT NULL AND done_at IS NULL",
        );
        let waiting = async {
            let mut look = interval(Duration::from_millis(10));
            while self.store.connection().query_one_raw(held.clone()).await.unwrap().is_some() {
                look.tick().await;
            }
        };
        timeout(LIMIT, waiting).await.expect("the outbox comes to rest");
    }

    /// One closed ticket with its photo, and nothing that was said is missing.
    async fn came_to_one_good_end(&self) {
        for notice in LOOP.iter().filter_map(|step| step.notice) {
            self.reads(notice).await;
        }
        let exported = Command::new(env!("CARGO_BIN_EXE_lianxin"))
            .env_clear()
            .current_dir(self.folder.path())
            .args(["export", "tickets", "--format", "jsonl"])
            .output()
            .unwrap();
        let tickets = String::from_utf8(exported.stdout).unwrap();
        assert_eq!(tickets.lines().count(), 1, "{tickets}");
        assert!(tickets.contains("\"rating\":\"very_satisfied\""), "{tickets}");
    }

    /// Whoever got a message twice is named.
    fn assert_nothing_twice(&self, counts: impl Fn(&Notice) -> bool) {
        for (who, _) in PEOPLE {
            let mut seen = BTreeSet::new();
            for notice in self.notices(who).iter().filter(|notice| counts(notice)) {
                let text = notice.text();
                assert!(seen.insert(text.clone()), "{who} reads twice: {text}");
            }
        }
    }
}

fn variables(registered: &SimulatedAccount, api_url: &str) -> BTreeMap<&'static str, String> {
    let secret = |secret: &lianxin::wechat::account::Secret| secret.expose().to_owned();
    BTreeMap::from([
        ("LIANXIN_SECRET_KEY", "f00dcafe".repeat(8)),
        ("LIANXIN_LISTEN", "127.0.0.1:0".to_owned()),
        ("LIANXIN_PUBLIC_URL", "http://127.0.0.1:1".to_owned()),
        ("LIANXIN_WECHAT_API_URL", api_url.to_owned()),
        ("LIANXIN_ACCOUNT_MAIN_APP_ID", registered.app_id.clone()),
        ("LIANXIN_ACCOUNT_MAIN_APP_SECRET", secret(&registered.app_secret)),
        ("LIANXIN_ACCOUNT_MAIN_TOKEN", secret(&registered.token)),
        ("LIANXIN_ACCOUNT_MAIN_AES_KEY", secret(&registered.aes_key)),
        ("LIANXIN_ACCOUNT_MAIN_ORIGINAL_ID", registered.original_id.clone()),
        ("LIANXIN_ACCOUNT_MAIN_TEMPLATES", "notices.toml".to_owned()),
    ])
}

/// The templates as an operator writes them down.
fn sheet(templates: &BTreeMap<String, Template>) -> String {
    let mut sheet = String::new();
    for (kind, template) in templates {
        writeln!(sheet, "[{kind}]\nid = {:?}\n[{kind}.keywords]", template.id).unwrap();
        for (key, field) in &template.keywords {
            writeln!(sheet, "{key} = {field:?}").unwrap();
        }
    }
    sheet
}

fn serve(
    folder: &Path,
    variables: &BTreeMap<&'static str, String>,
    simulator: &Simulator,
) -> Process {
    let mut serve = command(env!("CARGO_BIN_EXE_lianxin"));
    serve.env_clear().envs(variables).current_dir(folder).arg("serve");
    let mut service = Process::start(serve, &folder.join("errors"));
    let address = service.says("listening on ");
    simulator.platform().set_webhook(SLUG, format!("{address}/wechat/{SLUG}"));
    service
}

#[track_caller]
fn assert_holds(answer: &Answer, words: &str) {
    assert!(answer.text().is_some_and(|text| text.contains(words)), "“{words}” in {answer:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_between_any_two_messages_it_loses_nothing_and_doubles_nothing() {
    let mut stage = Stage::set().await;
    for step in &LOOP {
        let openid = stage.openid(step.who);
        let delivery = stage.simulator.platform().push(&openid, step.message()).await.unwrap();
        assert_holds(&delivery.answers[0], step.answer);
        if let Some(notice) = step.notice {
            stage.reads(notice).await;
        }
        stage.rests().await;
        stage.kill_and_start_again();
        assert_eq!(stage.again(step.who).await, delivery.answers[0]);
    }
    stage.came_to_one_good_end().await;
    stage.assert_nothing_twice(|_| true);
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_right_after_an_answer_it_still_says_what_follows_from_it() {
    let mut stage = Stage::set().await;
    for step in &LOOP {
        let openid = stage.openid(step.who);
        let delivery = stage.simulator.platform().push(&openid, step.message()).await.unwrap();
        stage.kill_and_start_again();
        assert_holds(&delivery.answers[0], step.answer);
        assert_eq!(stage.again(step.who).await, delivery.answers[0]);
    }
    stage.came_to_one_good_end().await;
    stage.assert_nothing_twice(|notice| matches!(notice, Notice::Card { .. }));
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_while_it_handles_a_push_it_answers_the_repeat_as_if_nothing_had_happened() {
    for after in [0, 2, 5, 12].map(Duration::from_millis) {
        let mut stage = Stage::set().await;
        for step in &LOOP {
            let openid = stage.openid(step.who);
            let platform = stage.simulator.platform().clone();
            let service = &mut stage.service;
            let killing = async {
                // The moment itself is what is tried.
                let _ = timeout(after, pending::<()>()).await;
                service.kill();
            };
            let (delivery, ()) = tokio::join!(platform.push(&openid, step.message()), killing);
            stage.kill_and_start_again();
            let before = delivery.unwrap().answers.remove(0);
            let answer = stage.again(step.who).await;
            assert_holds(&answer, step.answer);
            if before.text().is_some() {
                assert_eq!(answer, before, "after {after:?}");
            }
            assert_eq!(stage.again(step.who).await, answer, "after {after:?}");
        }
        stage.came_to_one_good_end().await;
        stage.assert_nothing_twice(|notice| matches!(notice, Notice::Card { .. }));
    }
}
