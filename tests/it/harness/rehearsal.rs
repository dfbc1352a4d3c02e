//! The whole service between a pretended platform and a database: pushes come in over HTTP,
//! messages leave over HTTP, and the clock stands until it is moved.

use super::TestDatabase;
use actix_web::dev::ServerHandle;
use chrono::TimeDelta;
use lianxin::{
    app::{App, Parts},
    clock::{Clock, StoppedClock},
    config::MediaPlace,
    county,
    ids::{Ids, RandomIds, SeededIds},
    outbox,
    replay::account::{SLUG, demo_account},
    shared::Shared,
    simulator::{self, Delivery, Message, Platform, Simulator},
    storage::Store,
    ticket::{Follower, Person, Ticket, lifecycle::Action},
    web::{self, Site},
    wechat::account::Account,
};
use std::{path::Path, sync::Arc};
use tempfile::TempDir;
use tokio_util::task::TaskTracker;
use url::Url;
use uuid::Uuid;

/// Where photos are kept, in a folder of their own.
pub(crate) const PHOTOS: &str = "photos";

/// The service with the demo county, whose members and operators are bound.
pub(crate) struct Rehearsal {
    pub(crate) clock: Arc<StoppedClock>,
    pub(crate) simulator: Simulator,
    pub(crate) account: Account,
    pub(crate) app: App,
    url: String,
    web: ServerHandle,
    port: u16,
    tasks: TaskTracker,
    worker: Uuid,
    /// Where photos are kept.
    pub(crate) media: TempDir,
}

impl Rehearsal {
    /// On a migrated database, with what it shares in memory.
    pub(crate) async fn on(database: &TestDatabase) -> Self {
        Self::at(&database.url, None).await
    }

    /// On the database at this address.
    pub(crate) async fn at(url: &str, shared: Option<Shared>) -> Self {
        let clock = Arc::new(StoppedClock::at(super::monday()));
        let county = county::demo::county();
        let pretended = demo_account(&SeededIds::from_seed(7), &county).unwrap();
        let simulator = Simulator::start(simulator::Options {
            accounts: vec![pretended.registered],
            templates: pretended.templates,
            ..simulator::Options::new(clock.clone(), Arc::new(SeededIds::from_seed(8)))
        })
        .unwrap();
        let account = pretended.account;
        let shared = shared.unwrap_or_else(|| Shared::memory(clock.clone()));
        let media = tempfile::tempdir().unwrap();
        let app = build(url, &clock, &account, &simulator, shared, media.path()).await;
        let (web, tasks, port) = open(&app, url, &simulator, 0).await;
        let worker = RandomIds.fresh();
        let rehearsal = Self {
            clock,
            simulator,
            account,
            app,
            url: url.to_owned(),
            web,
            port,
            tasks,
            worker,
            media,
        };
        rehearsal.load(&county).await;
        rehearsal
    }

    async fn load(&self, county: &county::County) {
        let (store, now) = (&self.app.store, self.clock.now());
        let tx = store.begin().await.unwrap();
        tx.replace_county(county, &RandomIds, now).await.unwrap();
        tx.commit().await.unwrap();
        let members = store.members().await.unwrap();
        let tx = store.begin().await.unwrap();
        for member in members {
            let follower = self.follower(&member.person.name);
            tx.open_conversation(&follower, now).await.unwrap();
            tx.bind(&follower, member.person.id).await.unwrap();
        }
        tx.commit().await.unwrap();
        self.app.county.forget();
    }

    /// Where the service listens.
    pub(crate) fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub(crate) fn platform(&self) -> &Platform {
        self.simulator.platform()
    }

    /// A person as the service knows them; they follow the account from now on.
    pub(crate) fn follower(&self, name: &str) -> Follower {
        Follower { account: SLUG.to_owned(), openid: self.platform().admit_resident(name) }
    }

    /// The person does something; what came back.
    pub(crate) async fn does(&self, name: &str, message: Message) -> Delivery {
        let openid = self.follower(name).openid;
        self.platform().push(&openid, message).await.unwrap()
    }

    /// The person writes; what they read as the answer. On a busy machine the platform may have
    /// to push it more than once.
    pub(crate) async fn says(&self, name: &str, text: &str) -> String {
        let delivery = self.does(name, said(text)).await;
        delivery.text().unwrap_or_else(|| panic!("{text}: {:?}", delivery.answers))
    }

    /// A resident reports something with everything that it takes, and it is nothing that others
    /// reported; the ticket.
    pub(crate) async fn reports(&self, name: &str, text: &str) -> Ticket {
        let asked = self.says(name, text).await;
        if asked.ends_with("0 不是") {
            self.says(name, "0").await;
        }
        self.says(name, "1").await;
        let by = self.follower(name);
        self.tickets().await.into_iter().find(|ticket| ticket.reporter == by).unwrap()
    }

    pub(crate) fn clock_now(&self) -> chrono::DateTime<chrono::Utc> {
        self.clock.now()
    }

    /// All tickets.
    pub(crate) async fn tickets(&self) -> Vec<Ticket> {
        self.app.store.submitted_between(None, None, None, 1000).await.unwrap()
    }

    /// An operator does something at the desk.
    pub(crate) async fn desk(
        &self,
        ticket: &Ticket,
        action: Action,
    ) -> Result<Ticket, lianxin::desk::DeskError> {
        let by = self.member("值班员").await;
        lianxin::desk::act(&self.app, &by, &ticket.number, None, action).await
    }

    pub(crate) async fn member(&self, name: &str) -> Person {
        let members = self.app.store.members().await.unwrap();
        members.into_iter().find(|m| m.person.name == name).unwrap().person
    }

    /// Everything that is due is done, and everything that may leave leaves.
    pub(crate) async fn settle(&self) {
        for _ in 0..1000 {
            let tick = outbox::tick(&self.app, self.worker).await.unwrap();
            if tick.is_idle() & (self.platform().deliver_events().await == 0) {
                return;
            }
        }
        panic!("there is always something more to do");
    }

    /// Moves the clock and settles.
    pub(crate) async fn later(&self, span: TimeDelta) {
        self.clock.advance(span);
        self.settle().await;
    }

    /// What the account wrote to the person of its own accord.
    pub(crate) fn notices(&self, name: &str) -> Vec<String> {
        let lines = self.platform().lines(&self.follower(name).openid);
        lines
            .into_iter()
            .filter_map(|line| match line.said {
                simulator::Said::Notice(notice) => Some(notice.text()),
                simulator::Said::Person(_) | simulator::Said::Answer(_) => None,
            })
            .collect()
    }

    /// The process ends and another one starts on the same database.
    pub(crate) async fn restart(&mut self) {
        self.web.stop(false).await;
        self.tasks.wait().await;
        let shared = Shared::memory(self.clock.clone());
        let (clock, account, media) = (&self.clock, &self.account, self.media.path());
        self.app = build(&self.url, clock, account, &self.simulator, shared, media).await;
        (self.web, self.tasks, self.port) =
            open(&self.app, &self.url, &self.simulator, self.port).await;
        self.worker = RandomIds.fresh();
    }
}

impl Drop for Rehearsal {
    fn drop(&mut self) {
        // The order to stop leaves at once; only its end would have to be awaited.
        drop(self.web.stop(false));
    }
}

/// A text as a phone sends it.
pub(crate) fn said(text: &str) -> Message {
    Message::Text { text: text.to_owned() }
}

async fn build(
    url: &str,
    clock: &Arc<StoppedClock>,
    account: &Account,
    simulator: &Simulator,
    shared: Shared,
    media: &Path,
) -> App {
    of_accounts(url, clock, vec![account.clone()], simulator, shared).await
}

/// The service for these accounts.
pub(crate) async fn of_accounts(
    url: &str,
    clock: &Arc<StoppedClock>,
    accounts: Vec<Account>,
    simulator: &Simulator,
    shared: Shared,
) -> App {
    App::build(Parts {
        store: Store::open(url).await.unwrap(),
        clock: clock.clone(),
        ids: Arc::new(RandomIds),
        accounts,
        shared,
        media: MediaPlace::Folder(media.join(PHOTOS)),
        api_url: Url::parse(&simulator.api_url()).unwrap(),
        public_url: Url::parse("https://lianxin.example").unwrap(),
        signing_key: Some(lianxin::wechat::account::Secret::new("signs links")),
        templates: None,
        record: None,
    })
    .unwrap()
}

async fn open(
    app: &App,
    url: &str,
    simulator: &Simulator,
    port: u16,
) -> (ServerHandle, TaskTracker, u16) {
    // A pool of its own, as in production.
    let app = app.on(Store::open(url).await.unwrap());
    let site = Site { app, trusted_proxies: Vec::new() };
    let (server, listens) = web::serve(&site, ([127, 0, 0, 1], port).into()).unwrap();
    let (handle, tasks) = (server.handle(), TaskTracker::new());
    tasks.spawn(server);
    tasks.close();
    simulator.platform().set_web_domain(SLUG, "lianxin.example");
    simulator.platform().set_webhook(SLUG, format!("http://{listens}/wechat/{SLUG}"));
    (handle, tasks, listens.port())
}
