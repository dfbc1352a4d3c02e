//! `serve` and `work`: the service itself, until somebody stops it.
//!
//! The first signal is a request: nothing new is accepted, requests and the current round of the
//! worker end. The second one, or half a minute, ends whatever is left.
//!
//! Deliberately absent: the simulator, and any way to move the clock.

use super::output::say;
use super::{Verdict, lock, opening};
use crate::{
    app::App,
    clock::SystemClock,
    config::{Config, ConfigError, Problem},
    ids::RandomIds,
    outbox,
    replies::BadTemplate,
    telemetry,
    web::{self, Site},
};
use anyhow::{Context, anyhow, bail};
use clap::Args;
use std::{future::Future, sync::Arc, time::Duration};
use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    task::JoinHandle,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// How long whatever runs may take to end.
const ENDING: Duration = Duration::from_secs(30);

#[derive(Debug, Args)]
pub(super) struct Serve {
    /// Apply pending migrations first.
    #[arg(long)]
    migrate: bool,
    /// Only the web; another process runs `work`.
    #[arg(long)]
    no_worker: bool,
}

impl Serve {
    pub(super) async fn run(self, config: &Config) -> anyhow::Result<Verdict> {
        telemetry::figures();
        let mut signals = Signals::listen()?;
        let app = app(config, self.migrate).await?;
        let _lock = app.lock;
        // Two pools: a connection belongs to the runtime that opened it, and the web server's
        // threads have runtimes of their own, which end before the worker has.
        let site = Site {
            app: app.app.on(opening::open(&config.database).await?),
            trusted_proxies: config.web.trusted_proxies.clone(),
        };
        let (server, address) = web::serve(&site, config.web.listen)
            .with_context(|| format!("could not listen on {}", config.web.listen))?;
        tracing::info!(%address, public_url = %config.web.public_url, "serving");
        say!("listening on http://{address}");

        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        let web = server.handle();
        let mut accepting = tasks.spawn(server);
        let working = (!self.no_worker).then(|| tasks.spawn(worker(app.app, stop.clone())));
        tasks.close();
        tokio::select! {
            () = signals.next() => {}
            ended = &mut accepting => match ended {
                Ok(Ok(())) => bail!("the web server ended by itself"),
                Ok(Err(error)) => return Err(error).context("the web server failed"),
                Err(error) => return Err(error).context("the web server broke down"),
            },
            why = broken_down(working) => return Err(why),
        }
        stop.cancel();
        let ending = async { tokio::join!(web.stop(true), tasks.wait()) };
        end(ending, &mut signals).await
    }
}

/// The worker alone.
pub(super) async fn work(config: &Config) -> anyhow::Result<Verdict> {
    telemetry::figures();
    let mut signals = Signals::listen()?;
    let Locked { app, lock: _lock } = app(config, false).await?;
    let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
    let mut worked = tasks.spawn(worker(app, stop.clone()));
    tasks.close();
    say!("working");
    tokio::select! {
        () = signals.next() => {}
        ended = &mut worked => {
            ended.context("the worker broke down")?;
            bail!("the worker ended by itself");
        }
    }
    stop.cancel();
    end(tasks.wait(), &mut signals).await
}

/// Why the worker ended before it was told to; never, where there is none.
async fn broken_down(worker: Option<JoinHandle<()>>) -> anyhow::Error {
    match worker {
        None => std::future::pending().await,
        Some(worker) => match worker.await {
            Ok(()) => anyhow!("the worker ended by itself"),
            Err(error) => anyhow::Error::new(error).context("the worker broke down"),
        },
    }
}

async fn worker(app: App, stop: CancellationToken) {
    outbox::run(&app, &stop).await;
}

struct Locked {
    app: App,
    lock: Option<lock::Lock>,
}

async fn app(config: &Config, migrate: bool) -> anyhow::Result<Locked> {
    opening::make_folder(&config.database)?;
    let lock = lock::hold(&config.database)?;
    let store = opening::for_serving(&config.database, migrate).await?;
    if lock.is_some() {
        // Nobody else can be sending: what a dead process had begun need not wait.
        store.end_leases().await?;
    }
    let app = App::configured(config, store, Arc::new(SystemClock), Arc::new(RandomIds))?;
    // A resident must not be the one who finds a text that cannot be written.
    for wording in app.voices.values().chain([&app.wording]) {
        wording.check().map_err(|bad| ConfigError { problems: problems(bad) })?;
    }
    Ok(Locked { app, lock })
}

/// Texts that cannot be used, as mistakes of the variable that names their folder.
pub(super) fn problems(bad: Vec<BadTemplate>) -> Vec<Problem> {
    let problem = |bad: BadTemplate| Problem {
        variable: "LIANXIN_TEMPLATES".to_owned(),
        what: bad.to_string(),
        mend: "mend the file, or remove it to use the one that is compiled in".to_owned(),
    };
    bad.into_iter().map(problem).collect()
}

/// Waits for the end, but not for ever, and not against a second signal.
pub(super) async fn end<T>(
    ending: impl Future<Output = T>,
    signals: &mut Signals,
) -> anyhow::Result<Verdict> {
    tracing::info!("stopping");
    tokio::select! {
        ended = tokio::time::timeout(ENDING, ending) => match ended {
            Ok(_) => {
                tracing::info!("stopped");
                Ok(Verdict::Done)
            }
            Err(_) => Err(anyhow!("stopped hard: something did not end within half a minute")),
        },
        () = signals.next() => Err(anyhow!("stopped hard, as asked")),
    }
}

/// What asks a process to end.
pub(super) struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    pub(super) fn listen() -> anyhow::Result<Self> {
        let listen = |kind| signal(kind).context("could not listen to signals");
        Ok(Self {
            interrupt: listen(SignalKind::interrupt())?,
            terminate: listen(SignalKind::terminate())?,
        })
    }

    pub(super) async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}
