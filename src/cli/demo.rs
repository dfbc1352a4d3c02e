//! `demo`: everything on this machine, with nothing to configure: the service, a pretended
//! platform, and phones in the browser.
//!
//! It is the real service: the platform speaks to it over HTTP only, sealed as in earnest. It
//! promises that nothing reaches it from outside of this machine, and that nothing of it can be
//! taken for the real thing: secrets are drawn at every start and kept nowhere, the environment
//! is ignored, and its database is marked, which `serve` refuses.
//!
//! Deliberately absent: what was said on the phones before the latest start. Conversations and
//! tickets are kept; the phones are the platform's, which keeps nothing.

mod cast;
mod desk;
mod groups;
mod time;

use super::{
    Verdict, lock, opening,
    serve::{Signals, end},
};
use crate::{
    app::{App, Parts},
    clock::{Clock, ShiftedClock},
    config::{Database, MediaPlace},
    county,
    ids::RandomIds,
    menus,
    replay::account::{Pretended, SLUG, demo_account},
    shared::Shared,
    simulator::{self, NotStarted, Simulator},
    storage::Store,
    telemetry,
    web::{self, Site},
    wechat::account::{Account, Mode},
};
use anyhow::{Context, anyhow, bail};
use clap::Args;
use std::{
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
    sync::Arc,
};
use tokio::sync::mpsc::unbounded_channel;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use url::Url;

#[derive(Debug, Args)]
pub(super) struct Demo {
    /// Where the service listens: this machine only. The phones are on the next port.
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDRESS", value_parser = loopback)]
    listen: SocketAddr,
    /// Where the demo keeps its database.
    #[arg(long, default_value = "data-demo", value_name = "FOLDER")]
    data: PathBuf,
    /// Pushes are signed but not sealed (明文模式).
    #[arg(long)]
    plain: bool,
}

impl Demo {
    pub(super) async fn run(self) -> anyhow::Result<Verdict> {
        telemetry::figures();
        let mut signals = Signals::listen()?;
        let listener = TcpListener::bind(self.listen).with_context(|| {
            format!("could not listen on {}; choose another port with --listen", self.listen)
        })?;
        let address = listener.local_addr()?;
        let database = Database::Sqlite(self.data.join("lianxin.db"));
        opening::make_folder(&database)?;
        let _lock = lock::hold(&database)
            .context("the demo's folder is in use; choose another one with --data")?;
        let store = open(&database, &self.data).await?;
        // Nobody else can be sending: what a dead process had begun need not wait.
        store.end_leases().await?;
        let ahead = store.demo_clock().await?;
        let clock = Arc::new(ShiftedClock::ahead_by(ahead));
        let county = county::demo::county();
        let tx = store.begin().await?;
        tx.replace_county(&county, &RandomIds, clock.now()).await?;
        tx.commit().await?;
        cast::bind(&store, clock.now()).await?;
        let desk = desk::open(&store).await?;

        let Pretended { account, registered, templates } = self.account(&county)?;
        let (wish, wishes) = unbounded_channel();
        let simulator = self.simulator(&simulator::Options {
            accounts: vec![registered],
            templates,
            people: cast::people(),
            places: cast::places(&county),
            codes: cast::codes(&county),
            // Whoever moves time may be gone already: then the demo is ending.
            advance: Some(Arc::new(move |step| {
                let _ = wish.send(step);
            })),
            ..simulator::Options::new(clock.clone(), Arc::new(RandomIds))
        })?;
        cast::recall(&store, simulator.platform()).await?;
        groups::found(&store, &simulator).await?;
        let app = build(store, clock.clone(), account, &simulator, address, &self.data)?;
        // A pool of its own, as in production: the server's threads have runtimes of their own.
        let site = Site {
            app: app.on(Store::open(&database.address()).await?),
            trusted_proxies: Vec::new(),
        };
        let server = web::serve_on(&site, listener)?;
        let webhook = format!("http://{address}/wechat/{SLUG}");
        simulator.platform().set_webhook(SLUG, &webhook);
        simulator.platform().set_web_domain(SLUG, &address.ip().to_string());
        set_menus(&app).await?;
        self.tell(&simulator, &webhook, ahead.num_days());
        tell_of_the_console(address, &desk);

        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        let web = server.handle();
        let mut accepting = tasks.spawn(server);
        tasks.spawn(time::Time { app, clock, ahead, wishes }.run(stop.clone()));
        let platform = simulator.platform().clone();
        tasks.spawn(stop.clone().run_until_cancelled_owned(async move {
            platform.keep_delivering_events().await;
        }));
        tasks.close();
        tokio::select! {
            () = signals.next() => {}
            ended = &mut accepting => {
                ended.context("the web server broke down")?.context("the web server failed")?;
                bail!("the web server ended by itself");
            }
        }
        println!("\n  再见 Stopping. 下次启动接着来 Next time it goes on where it stopped.");
        stop.cancel();
        // The phones first: they ask for news every second and would keep the service awake.
        simulator.stop().await;
        end(async { tokio::join!(web.stop(true), tasks.wait()) }, &mut signals).await
    }

    fn account(&self, county: &county::County) -> anyhow::Result<Pretended> {
        let mut pretended = demo_account(&RandomIds, county)
            .map_err(|_| anyhow!("could not make up an official account"))?;
        let mode = if self.plain { Mode::Plain } else { Mode::Safe };
        pretended.account.mode = mode;
        pretended.registered.mode = mode;
        Ok(pretended)
    }

    /// The platform on the next port, or on any free one where that is taken.
    fn simulator(&self, options: &simulator::Options) -> anyhow::Result<Simulator> {
        let next = match self.listen.port() {
            0 => 0,
            port => port.checked_add(1).unwrap_or(0),
        };
        let on = |port| simulator::Options {
            listen: SocketAddr::new(self.listen.ip(), port),
            ..options.clone()
        };
        match Simulator::start(on(next)) {
            Err(NotStarted::Listen(_)) if next != 0 => Simulator::start(on(0)),
            started => started,
        }
        .context("could not start the pretended platform")
    }

    /// What somebody needs who has never seen it: the phones first.
    fn tell(&self, simulator: &Simulator, webhook: &str, days_ahead: i64) {
        let mode = if self.plain { "明文模式 plain" } else { "安全模式 safe" };
        println!();
        println!("  打开手机 Open the phones:");
        println!();
        println!("      {}", simulator.phones_url());
        println!();
        println!("  在王大娘的手机上说 On 王大娘's phone, say:");
        println!();
        println!("      我家门口路灯坏了三天了，王庄村东头");
        println!();
        println!("  然后 Then:  王大娘 1 → 值班员 受理 → 值班员 派 张建国 → 张建国 接单");
        println!("              → 张建国 发照片 a photo → 张建国 办结 灯泡换好了 → 王大娘 1 → 1");
        println!();
        println!("  回调 Webhook  {webhook} ({mode})");
        println!("  数据 Data     {}", self.data.display());
        if days_ahead > 0 {
            println!("  时钟 Clock    {days_ahead} 天后 days ahead; a new --data begins today");
        }
        println!();
    }
}

/// The platform forgets its menus from one start to the next.
async fn set_menus(app: &App) -> anyhow::Result<()> {
    for account in app.accounts.iter() {
        let plan = menus::plan(app, account).await?;
        menus::apply(app, account, plan, |_| {}).await?;
    }
    Ok(())
}

/// Where operators work, and how to get in.
fn tell_of_the_console(address: SocketAddr, desk: &[desk::Account]) {
    println!("  工作台 Console  http://{address}/console/");
    println!();
    for desk::Account { name, role, password } in desk {
        println!("      {name}  {password}  ({})", role.code());
    }
    println!();
    println!("  停止 Stop     Ctrl-C");
    println!();
}

fn build(
    store: Store,
    clock: Arc<ShiftedClock>,
    account: Account,
    simulator: &Simulator,
    address: SocketAddr,
    data: &Path,
) -> anyhow::Result<App> {
    Ok(App::build(Parts {
        store,
        shared: Shared::memory(clock.clone()),
        media: MediaPlace::Folder(data.join("media")),
        clock,
        ids: Arc::new(RandomIds),
        signing_key: Some(account.app_secret.clone()),
        accounts: vec![account],
        api_url: Url::parse(&simulator.api_url())?,
        public_url: Url::parse(&format!("http://{address}/"))?,
        record: None,
        templates: None,
    })?
    .reaching(&groups::reach(simulator)?)?)
}

/// The demo's database; another one is left as it is.
async fn open(database: &Database, folder: &Path) -> anyhow::Result<Store> {
    let store = opening::open(database).await?;
    let is_new = store.migration_status().await?.applied.is_empty();
    if is_new {
        store.migrate_up().await?;
        store.mark_as_demo().await?;
    } else if !store.is_demo().await? {
        bail!(
            "the database in {} is not a demo's, and its people may be real; choose another \
             folder with --data",
            folder.display()
        );
    } else {
        store.migrate_up().await?;
    }
    Ok(store)
}

/// Whoever reaches the phones may act as anybody: nobody else may reach them.
fn loopback(text: &str) -> Result<SocketAddr, String> {
    let address: SocketAddr =
        text.parse().map_err(|_| "write an address and a port, like 127.0.0.1:8080".to_owned())?;
    if address.ip().is_loopback() {
        Ok(address)
    } else {
        Err("the demo is for this machine only: use a loopback address".to_owned())
    }
}
