//! The stage: the real service and the pretended platform on one machine, with one clock that
//! stands until it is moved.
//!
//! It promises that nothing passes unnoticed between two moments: moving the clock stops at every
//! moment at which something is due, and after each step the outbox is empty of what may leave.
//!
//! Deliberately absent: what a script wants.

use super::{
    Trouble,
    account::{Pretended, SLUG},
    database::Database,
};
use crate::{
    app::{App, Parts},
    clock::{Clock, StoppedClock},
    config::MediaPlace,
    county::County,
    due,
    ids::{Ids, SeededIds},
    outbox,
    shared::Shared,
    simulator::{self, Platform, Simulator},
    storage::Store,
    ticket::{Follower, MemberId},
    web::{self, Site},
    wechat::account::Account,
};
use actix_web::dev::ServerHandle;
use chrono::{DateTime, TimeDelta, Utc};
use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
};
use tempfile::TempDir;
use tokio_util::task::TaskTracker;
use url::Url;
use uuid::Uuid;

/// More rounds than any step leads to: what goes on for longer feeds itself.
const ROUNDS: usize = 1000;

/// Between two pushes.
const BREATH: TimeDelta = TimeDelta::seconds(1);

/// Where pushes come in: any free port of this machine.
const HERE: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 0);

/// The service, the platform, and what both stand on.
pub(super) struct Stage {
    clock: Arc<StoppedClock>,
    ids: Arc<SeededIds>,
    account: Account,
    database: Database,
    simulator: Simulator,
    record: Option<PathBuf>,
    media: TempDir,
    running: Running,
}

/// How a play begins.
pub(super) struct Scene {
    /// The moment.
    pub(super) now: DateTime<Utc>,
    /// From which all that is random follows.
    pub(super) seed: u64,
    /// Where pushes are recorded, if they are.
    pub(super) record: Option<PathBuf>,
}

/// One life of the service: from start to stop.
struct Running {
    app: App,
    web: ServerHandle,
    tasks: TaskTracker,
    worker: Uuid,
}

impl Stage {
    /// Starts everything.
    pub(super) async fn set(
        database: Database,
        pretended: Pretended,
        scene: Scene,
    ) -> Result<Self, Trouble> {
        let Scene { now, seed, record } = scene;
        let clock = Arc::new(StoppedClock::at(now));
        // The platform draws from a sequence of its own: how often the service draws must not
        // change who is who.
        let theirs = Arc::new(SeededIds::from_seed(!seed));
        let ids = Arc::new(SeededIds::from_seed(seed));
        let simulator = Simulator::start(simulator::Options {
            accounts: vec![pretended.registered],
            templates: pretended.templates,
            ..simulator::Options::new(clock.clone(), theirs)
        })
        .map_err(Trouble::Platform)?;
        let account = pretended.account;
        let media = tempfile::tempdir().map_err(Trouble::Folder)?;
        let folder = media.path();
        let running =
            run(&clock, &ids, &account, &database, &simulator, record.clone(), folder).await?;
        Ok(Self { clock, ids, account, database, simulator, record, media, running })
    }

    /// The service.
    pub(super) fn app(&self) -> &App {
        &self.running.app
    }

    /// The platform.
    pub(super) fn platform(&self) -> &Platform {
        self.simulator.platform()
    }

    /// The moment.
    pub(super) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// A person as the service knows them; they follow the account from now on.
    pub(super) fn follower(&self, name: &str) -> Follower {
        let openid = self.platform().admit_resident(name);
        Follower { account: SLUG.to_owned(), openid }
    }

    /// Loads a county; its members and operators are bound at once.
    pub(super) async fn load(&self, county: &County) -> Result<(), Trouble> {
        let (app, now) = (self.app(), self.now());
        let tx = app.store.begin().await?;
        tx.replace_county(county, self.ids.as_ref(), now).await?;
        tx.commit().await?;
        let members = app.store.members().await?;
        let tx = app.store.begin().await?;
        for member in members {
            self.bind(&tx, &member.person.name, member.person.id).await?;
        }
        tx.commit().await?;
        app.county.forget();
        Ok(())
    }

    async fn bind(
        &self,
        tx: &crate::storage::Tx,
        name: &str,
        member: MemberId,
    ) -> Result<(), Trouble> {
        let follower = self.follower(name);
        tx.open_conversation(&follower, self.now()).await?;
        Ok(tx.bind(&follower, member).await?)
    }

    /// Moves the clock; what falls due on the way happens in order, each at its own time.
    pub(super) async fn move_to(&self, target: DateTime<Utc>) -> Result<(), Trouble> {
        for _ in 0..ROUNDS {
            let Some(next) = due::next(self.app()).await?.filter(|next| *next <= target) else {
                self.clock.set(target);
                return self.settle().await;
            };
            self.clock.set(next.max(self.now()));
            self.settle().await?;
        }
        Err(Trouble::Restless)
    }

    /// Moves the clock by a span.
    pub(super) async fn move_by(&self, span: TimeDelta) -> Result<(), Trouble> {
        self.move_to(self.now() + span).await
    }

    /// A push comes a moment after what was before it.
    pub(super) async fn breathe(&self) -> Result<(), Trouble> {
        self.move_by(BREATH).await
    }

    /// Lets time pass until the next message leaves, if one is to leave within `patience`.
    pub(super) async fn look(&self, patience: TimeDelta) -> Result<(), Trouble> {
        let next = self.app().store.next_outbox_due().await?;
        match next.filter(|next| *next <= self.now() + patience) {
            Some(next) => self.move_to(next.max(self.now())).await,
            None => Ok(()),
        }
    }

    /// Everything that is due now is done, and everything that may leave now leaves.
    pub(super) async fn settle(&self) -> Result<(), Trouble> {
        for _ in 0..ROUNDS {
            let tick = outbox::tick(self.app(), self.running.worker).await?;
            let events = self.platform().deliver_events().await;
            if tick.is_idle() && events == 0 {
                return Ok(());
            }
        }
        Err(Trouble::Restless)
    }

    /// The process stops hard and starts again on the same database.
    pub(super) async fn restart(&mut self) -> Result<(), Trouble> {
        self.running.stop().await;
        self.running = run(
            &self.clock,
            &self.ids,
            &self.account,
            &self.database,
            &self.simulator,
            self.record.clone(),
            self.media.path(),
        )
        .await?;
        Ok(())
    }

    /// Stops everything and removes the database.
    pub(super) async fn strike(self) -> Result<(), Trouble> {
        self.running.stop().await;
        self.simulator.stop().await;
        drop(self.running);
        self.database.drop().await
    }
}

impl Running {
    async fn stop(&self) {
        self.web.stop(false).await;
        self.tasks.wait().await;
    }
}

async fn run(
    clock: &Arc<StoppedClock>,
    ids: &Arc<SeededIds>,
    account: &Account,
    database: &Database,
    simulator: &Simulator,
    record: Option<PathBuf>,
    media: &Path,
) -> Result<Running, Trouble> {
    let address = |url: String| Url::parse(&url).map_err(|_| Trouble::Address);
    let app = App::build(Parts {
        store: Store::open(&database.url).await?,
        clock: clock.clone(),
        ids: ids.clone(),
        accounts: vec![account.clone()],
        shared: Shared::memory(clock.clone()),
        media: MediaPlace::Folder(media.to_owned()),
        api_url: address(simulator.api_url())?,
        public_url: address("https://lianxin.example".to_owned())?,
        // The same after a restart.
        signing_key: Some(account.app_secret.clone()),
        templates: None,
        record,
    })
    .map_err(Trouble::Build)?;
    // A pool of its own, as in production: the server's threads have runtimes of their own.
    let site = Site { app: app.on(Store::open(&database.url).await?), trusted_proxies: Vec::new() };
    let (server, listens) = web::serve(&site, HERE).map_err(Trouble::Listen)?;
    let (web, tasks) = (server.handle(), TaskTracker::new());
    tasks.spawn(server);
    tasks.close();
    simulator.platform().set_web_domain(&account.slug, "lianxin.example");
    simulator.platform().set_webhook(&account.slug, format!("http://{listens}/wechat/{SLUG}"));
    let worker = ids.fresh();
    Ok(Running { app, web, tasks, worker })
}
