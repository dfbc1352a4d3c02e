//! Two official accounts in one process: everything that belongs to an account stays with it, and
//! what belongs to the county or to a person does not.

use crate::harness::{
    TestDatabase, monday, on_both,
    rehearsal::{of_accounts, said},
};
use actix_web::dev::ServerHandle;
use chrono::TimeDelta;
use lianxin::{
    app::App,
    clock::{Clock, StoppedClock},
    county,
    ids::{Ids, RandomIds, SeededIds},
    intake,
    life::{self, Watch},
    outbox, people,
    replay::account::{Pretended, account_called},
    shared::Shared,
    simulator::{self, Fault, PersonKind, Said, SimulatedPerson, Simulator},
    storage::Store,
    ticket::{Follower, Ticket},
    web::{self, Site},
    wechat::{account::Mode, answer::Answer, push},
};
use std::sync::Arc;
use tokio_util::task::TaskTracker;
use uuid::Uuid;

const WEST: &str = "west";
const EAST: &str = "east";

/// A county with an account for the west, in safe mode, and one for the east, in plain mode, with
/// words and templates of its own.
struct Two {
    clock: Arc<StoppedClock>,
    simulator: Simulator,
    app: App,
    web: ServerHandle,
    worker: Uuid,
    words: tempfile::TempDir,
}

impl Drop for Two {
    fn drop(&mut self) {
        drop(self.web.stop(false));
    }
}

fn east_and_west(words: &std::path::Path) -> [Pretended; 2] {
    let ids = SeededIds::from_seed(7);
    let county = county::demo::county();
    let west = account_called(WEST, &ids, &county).unwrap();
    let mut east = account_called(EAST, &ids, &county).unwrap();
    east.account.mode = Mode::Plain;
    east.account.trusts_chat = false;
    east.registered.mode = Mode::Plain;
    east.account.wording = Some(words.to_owned());
    for template in east.account.templates.values_mut() {
        template.id = format!("EAST-{}", template.id);
    }
    for template in &mut east.templates {
        template.id = format!("EAST-{}", template.id);
        template.title = format!("东城{}", template.title);
    }
    [west, east]
}

impl Two {
    async fn on(database: &TestDatabase) -> Self {
        let words = tempfile::tempdir().unwrap();
        let file = words.path().join("replies/zh/dropped.txt");
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, "东城：好，不报了。").unwrap();
        let clock = Arc::new(StoppedClock::at(monday()));
        let [west, east] = east_and_west(words.path());
        let simulator = Simulator::start(simulator::Options {
            accounts: vec![west.registered, east.registered],
            templates: [west.templates.clone(), east.templates.clone()].concat(),
            ..simulator::Options::new(clock.clone(), Arc::new(SeededIds::from_seed(8)))
        })
        .unwrap();
        for (slug, templates) in [(WEST, &west.templates), (EAST, &east.templates)] {
            for template in templates {
                simulator.platform().grant(slug, &template.id);
            }
        }
        let accounts = vec![west.account, east.account];
        let shared = Shared::memory(clock.clone());
        let app =
            of_accounts(&database.url, &clock, accounts, &simulator, shared, words.path()).await;
        let site = Site {
            app: app.on(Store::open(&database.url).await.unwrap()),
            trusted_proxies: Vec::new(),
        };
        let (server, listens) = web::serve(&site, ([127, 0, 0, 1], 0).into()).unwrap();
        let (web, tasks) = (server.handle(), TaskTracker::new());
        tasks.spawn(server);
        tasks.close();
        for slug in [WEST, EAST] {
            simulator.platform().set_webhook(slug, format!("http://{listens}/wechat/{slug}"));
        }
        let tx = app.store.begin().await.unwrap();
        tx.replace_county(&county::demo::county(), &RandomIds, clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        let worker = RandomIds.fresh();
        Self { clock, simulator, app, web, worker, words }
    }

    /// Somebody who follows this account.
    fn follower(&self, name: &str, account: &str) -> Follower {
        let person = SimulatedPerson::named(name, PersonKind::Resident, account);
        let openid = person.openid.clone();
        self.simulator.platform().admit(person);
        Follower { account: account.to_owned(), openid }
    }

    async fn says(&self, who: &Follower, text: &str) -> String {
        let delivery = self.simulator.platform().push(&who.openid, said(text)).await.unwrap();
        delivery.text().unwrap_or_else(|| panic!("{text}: {:?}", delivery.answers))
    }

    async fn reports(&self, who: &Follower, text: &str) -> Ticket {
        let asked = self.says(who, text).await;
        if asked.ends_with("0 不是") {
            self.says(who, "0").await;
        }
        self.says(who, "1").await;
        let all = self.app.store.submitted_between(None, None, None, 1000).await.unwrap();
        all.into_iter().find(|ticket| ticket.reporter == *who).unwrap()
    }

    async fn settle(&self) {
        for _ in 0..1000 {
            let tick = outbox::tick(&self.app, self.worker).await.unwrap();
            let events = self.simulator.platform().deliver_events().await;
            if tick.is_idle() && events == 0 {
                return;
            }
        }
        panic!("there is always something more to do");
    }

    fn notices(&self, who: &Follower) -> Vec<String> {
        let lines = self.simulator.platform().lines(&who.openid);
        let notice = |line: simulator::Line| match line.said {
            Said::Notice(notice) => Some(notice.text()),
            Said::Person(_) | Said::Answer(_) => None,
        };
        lines.into_iter().filter_map(notice).collect()
    }

    async fn accept(&self, ticket: &Ticket) -> Ticket {
        let members = self.app.store.members().await.unwrap();
        let by = members.into_iter().find(|m| m.person.name == "值班员").unwrap().person;
        let action = lianxin::ticket::lifecycle::Action::Accept;
        lianxin::desk::act(&self.app, &by, &ticket.number, None, action).await.unwrap()
    }

    /// Both are one person, by the platform's word, and the worker has asked.
    async fn joined(&self, one: &Follower, other: &Follower) {
        self.simulator.platform().is_one_person(&[&one.openid, &other.openid], "oUnion1");
        for _ in 0..3 {
            people::ask(&self.app, self.clock.now()).await.unwrap();
        }
    }
}

on_both![
    each_account_is_spoken_to_in_its_own_mode_and_speaks_with_its_own_token_words_and_templates,
    the_same_openid_on_two_accounts_is_two_people,
    one_account_that_is_refused_does_not_stop_the_other,
    one_person_on_two_accounts_has_one_list_and_reads_where_they_wrote_last,
    a_member_is_known_on_the_other_account_without_a_second_invitation,
    without_the_platforms_word_nobody_is_joined,
];

async fn each_account_is_spoken_to_in_its_own_mode_and_speaks_with_its_own_token_words_and_templates(
    database: &TestDatabase,
) {
    let two = Two::on(database).await;
    let [west, east] = [WEST, EAST].map(|slug| two.follower("王大娘", slug));
    for who in [&west, &east] {
        two.says(who, "王庄村东头路灯坏了三天").await;
    }
    assert!(!two.says(&west, "2").await.contains("东城"));
    two.says(&east, "不报了").await;
    let own = two.app.words_of(EAST).replies(&[lianxin::dialogue::Reply::Dropped]);
    assert_eq!(own, "东城：好，不报了。");
    assert_ne!(two.app.words_of(WEST).replies(&[lianxin::dialogue::Reply::Dropped]), own);
    two.says(&west, "不报了").await;

    let tickets = [
        two.reports(&west, "王庄村东头路灯坏了三天").await,
        two.reports(&east, "王庄村东头路灯坏了三天").await,
    ];
    // Both windows close, so that templates are used: each of its own account, by its own token.
    two.clock.advance(TimeDelta::hours(49));
    for ticket in &tickets {
        two.accept(ticket).await;
    }
    two.clock.advance(TimeDelta::seconds(11));
    two.settle().await;
    let last = |who: &Follower| two.notices(who).pop().unwrap();
    assert!(last(&west).starts_with("诉求办理进度通知"), "{}", last(&west));
    assert!(last(&east).starts_with("东城诉求办理进度通知"), "{}", last(&east));
}

async fn the_same_openid_on_two_accounts_is_two_people(database: &TestDatabase) {
    let two = Two::on(database).await;
    for (nth, slug) in [WEST, EAST].into_iter().enumerate() {
        let account = two.app.accounts.get(slug).unwrap();
        let mut said = Vec::new();
        for (text, id) in [("王庄村东头路灯坏了三天", 1), ("1", 2)] {
            let xml = format!(
                "<xml><ToUserName><![CDATA[{}]]></ToUserName><FromUserName><![CDATA[oSame]]>\
                 </FromUserName><CreateTime>1772413200</CreateTime><MsgType><![CDATA[text]]>\
                 </MsgType><Content><![CDATA[{text}]]></Content><MsgId>{id}</MsgId></xml>",
                account.original_id,
            );
            let push = push::parse(xml.as_bytes()).unwrap();
            // The same id of a message, too: it is another account's.
            let answer = intake::handle(&two.app, account, push).await.unwrap();
            assert_ne!(answer, Answer::Silence);
            said.push(answer);
        }
        let mine = two.app.store.submitted_between(None, None, None, 10).await.unwrap();
        let here = mine.iter().filter(|ticket| ticket.reporter.account == slug).count();
        assert!(here <= 1 && mine.len() <= nth + 1, "{said:?}");
        let tx = two.app.store.begin().await.unwrap();
        let whose = Follower { account: slug.to_owned(), openid: "oSame".to_owned() };
        assert_eq!(tx.same_person(&whose).await.unwrap(), []);
    }
}

async fn one_account_that_is_refused_does_not_stop_the_other(database: &TestDatabase) {
    let two = Two::on(database).await;
    let [west, east] = [WEST, EAST].map(|slug| two.follower("王大娘", slug));
    let first = two.reports(&west, "王庄村东头路灯坏了三天").await;
    let second = two.reports(&east, "王庄村东头路灯坏了三天").await;
    two.settle().await;
    two.clock.advance(TimeDelta::hours(49));
    // The day's quota of the west is used up.
    two.simulator.platform().fault(Fault::Code(45009), 1);
    two.accept(&first).await;
    two.clock.advance(TimeDelta::seconds(11));
    two.settle().await;
    let told = two.notices(&west).len();
    two.accept(&second).await;
    two.clock.advance(TimeDelta::seconds(11));
    two.settle().await;
    assert!(two.notices(&east).pop().unwrap().starts_with("东城诉求办理进度通知"));
    assert_eq!(two.notices(&west).len(), told);

    // Every process hears of it, and one that begins now does not ask again.
    life::run(&two.app, &mut Watch::default()).await.unwrap();
    let alarms = two.app.store.alarms().await.unwrap();
    let known: Vec<_> =
        alarms.iter().map(|state| (&*state.alarm.account, &*state.alarm.kind)).collect();
    assert_eq!(known, [(WEST, "quota_of_day")]);
    let accounts: Vec<_> = two.app.accounts.iter().cloned().collect();
    let shared = Shared::memory(two.clock.clone());
    let next =
        of_accounts(&database.url, &two.clock, accounts, &two.simulator, shared, two.words.path())
            .await;
    assert!(next.client.circuits().open().is_empty());
    life::run(&next, &mut Watch::default()).await.unwrap();
    let open = next.client.circuits().open();
    assert_eq!(open.iter().map(|open| &*open.account).collect::<Vec<_>>(), [WEST]);
}

async fn one_person_on_two_accounts_has_one_list_and_reads_where_they_wrote_last(
    database: &TestDatabase,
) {
    let two = Two::on(database).await;
    let [west, east] = [WEST, EAST].map(|slug| two.follower("王大娘", slug));
    let ticket = two.reports(&west, "王庄村东头路灯坏了三天").await;
    let number = ticket.number.as_str();
    let before = two.says(&east, "我的诉求").await;
    assert!(!before.contains(number), "{before}");
    two.joined(&west, &east).await;
    two.clock.advance(TimeDelta::minutes(5));
    let after = two.says(&east, "我的诉求").await;
    assert!(after.contains(number), "{after}");

    two.settle().await;
    let (there, here) = (two.notices(&west).len(), two.notices(&east).len());
    two.accept(&ticket).await;
    two.clock.advance(TimeDelta::seconds(11));
    two.settle().await;
    // They wrote to the east last, though the ticket is the west's.
    assert_eq!(two.notices(&west).len(), there);
    assert_eq!(two.notices(&east).len(), here + 1);
}

async fn a_member_is_known_on_the_other_account_without_a_second_invitation(
    database: &TestDatabase,
) {
    let two = Two::on(database).await;
    let [west, east] = [WEST, EAST].map(|slug| two.follower("张建国", slug));
    for who in [&west, &east] {
        two.says(who, "你好").await;
    }
    let members = two.app.store.members().await.unwrap();
    let zhang = members.into_iter().find(|m| m.person.name == "张建国").unwrap().person;
    let tx = two.app.store.begin().await.unwrap();
    tx.bind(&west, zhang.id).await.unwrap();
    tx.commit().await.unwrap();
    let bound = |phones: &[(_, Follower)]| {
        phones.iter().map(|(_, phone)| phone.account.clone()).collect::<Vec<_>>()
    };
    let tx = two.app.store.look().await.unwrap();
    assert_eq!(bound(&tx.phones_of(&[zhang.id]).await.unwrap()), [WEST]);
    drop(tx);
    two.joined(&west, &east).await;
    let tx = two.app.store.look().await.unwrap();
    assert_eq!(bound(&tx.phones_of(&[zhang.id]).await.unwrap()), [EAST, WEST]);
}

async fn without_the_platforms_word_nobody_is_joined(database: &TestDatabase) {
    let two = Two::on(database).await;
    // One name, one number, one house.
    let [west, east] = [WEST, EAST].map(|slug| two.follower("王大娘", slug));
    for who in [&west, &east] {
        two.says(who, "我的电话是19900001234").await;
        two.says(who, "你好").await;
    }
    assert_eq!(people::ask(&two.app, two.clock.now()).await.unwrap(), 2);
    assert_eq!(people::ask(&two.app, two.clock.now()).await.unwrap(), 0);
    let tx = two.app.store.look().await.unwrap();
    assert_eq!(tx.same_person(&west).await.unwrap(), []);
    assert_eq!(tx.nearest(&west).await.unwrap(), west);
}
