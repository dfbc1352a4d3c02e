//! A pretended official-account platform (微信公众平台) with phones in the browser.
//!
//! It stands in for the real one in tests, in `replay`, in `demo` and in rehearsals: it issues
//! tokens, takes customer-service and template messages, and pushes what people do, by the
//! platform's published rules. It is deterministic: clock and ids are given, and a fault happens
//! when it was ordered. It speaks to the rest only over HTTP, as the real platform does, and
//! shares neither validators nor error table with it, so that each side checks the other.
//!
//! Its handlers listen on a loopback address only.
//!
//! Deliberately absent: mass messages, daily quotas of sending.

mod api;
mod cast;
mod codes;
mod errors;
mod faults;
mod fields;
mod life;
mod lines;
mod media;
mod menus;
mod message;
mod oauth;
mod pages;
mod people;
mod phones;
mod photo;
mod push;
mod reply;
mod robots;
mod screen;
mod sealing;
mod seats;
mod sends;
mod sms;
mod state;
mod subscriptions;
mod tags;
mod tokens;
mod windows;

pub use cast::{
    PersonKind, SimulatedAccount, SimulatedCode, SimulatedKeyword, SimulatedPerson, SimulatedPlace,
    SimulatedTemplate,
};
pub use faults::Fault;
pub use life::{AccountEvent, PersonEvent};
pub use lines::{Line, Notice, Said};
pub use message::Message;
pub use photo::photograph;
pub use push::{Delivery, NotPushed};
pub use reply::{Answer, Article};
pub use state::{Advance, Platform};

use crate::{clock::Clock, ids::Ids};
use actix_web::{
    App, HttpServer,
    dev::ServerHandle,
    web::{Data, PayloadConfig},
};
use std::{io, net::SocketAddr, sync::Arc, time::Duration};
use tokio_util::task::TaskTracker;

/// The platform waits this long for a webhook.
const PATIENCE: Duration = Duration::from_secs(5);

/// Films and photos are put up in one piece.
const LARGEST: usize = 20 << 20;

/// What a simulation begins with.
#[derive(Clone)]
pub struct Options {
    /// Where to listen: a loopback address; port 0 takes any free one.
    pub listen: SocketAddr,
    /// Tells the platform's time; the service should be given the same one.
    pub clock: Arc<dyn Clock>,
    /// Tokens, nonces and media ids come from here.
    pub ids: Arc<dyn Ids>,
    /// The accounts; the first is that of people who are added later.
    pub accounts: Vec<SimulatedAccount>,
    /// Who has a phone from the beginning.
    pub people: Vec<SimulatedPerson>,
    /// The templates that every account was granted.
    pub templates: Vec<SimulatedTemplate>,
    /// Places that the phones offer to send.
    pub places: Vec<SimulatedPlace>,
    /// Codes that the phones offer to scan.
    pub codes: Vec<SimulatedCode>,
    /// Moves time when somebody presses "3天后"; without it the buttons are not shown.
    pub advance: Option<Advance>,
    /// How long to wait for a webhook: five seconds, unless a test is in a hurry.
    pub patience: Duration,
}

impl Options {
    /// A platform on any free port of 127.0.0.1, without accounts and people.
    pub fn new(clock: Arc<dyn Clock>, ids: Arc<dyn Ids>) -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            clock,
            ids,
            accounts: Vec::new(),
            people: Vec::new(),
            templates: Vec::new(),
            places: Vec::new(),
            codes: Vec::new(),
            advance: None,
            patience: PATIENCE,
        }
    }
}

/// Why a simulation did not start.
#[derive(Debug, thiserror::Error)]
pub enum NotStarted {
    /// Anybody who reaches it can act as anybody.
    #[error("the simulator listens on loopback addresses only, not on {0}")]
    NotLoopback(SocketAddr),
    /// The port is taken, or similar.
    #[error("could not listen")]
    Listen(#[source] io::Error),
    /// The HTTP client could not be built.
    #[error("could not build the HTTP client")]
    Client(#[source] reqwest::Error),
}

/// A running simulation; it ends when this is dropped.
pub struct Simulator {
    platform: Platform,
    address: SocketAddr,
    server: ServerHandle,
    running: TaskTracker,
}

impl Simulator {
    /// Starts listening. Needs a Tokio runtime.
    ///
    /// # Errors
    /// See [`NotStarted`].
    pub fn start(options: Options) -> Result<Self, NotStarted> {
        if !options.listen.ip().is_loopback() {
            return Err(NotStarted::NotLoopback(options.listen));
        }
        let platform = Platform::new(state::Beginning {
            clock: options.clock,
            ids: options.ids,
            http: http().map_err(NotStarted::Client)?,
            patience: options.patience,
            advance: options.advance,
            accounts: options.accounts,
            people: options.people,
            templates: options.templates,
        });
        let site = Data::new(platform.clone());
        let offers = Data::new(phones::Offers { places: options.places, codes: options.codes });
        let server = HttpServer::new(move || {
            App::new()
                .app_data(site.clone())
                .app_data(offers.clone())
                .app_data(PayloadConfig::new(LARGEST))
                .configure(api::routes)
                .configure(media::routes)
                .configure(sms::routes)
                .configure(robots::routes)
                .configure(oauth::routes)
                .configure(pages::routes)
                .configure(phones::routes)
                .configure(seats::routes)
        })
        .workers(1)
        .disable_signals()
        .bind(options.listen)
        .map_err(NotStarted::Listen)?;
        let address = server.addrs().first().copied().unwrap_or(options.listen);
        let server = server.run();
        let handle = server.handle();
        let running = TaskTracker::new();
        running.spawn(server);
        running.close();
        Ok(Self { platform, address, server: handle, running })
    }

    /// The platform itself, to act on it from inside the process.
    pub fn platform(&self) -> &Platform {
        &self.platform
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What the service is given as the platform's address.
    pub fn api_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Where the phones are.
    pub fn phones_url(&self) -> String {
        format!("http://{}/simulator/", self.address)
    }

    /// Stops listening and waits for the end.
    pub async fn stop(self) {
        self.server.stop(false).await;
        self.running.wait().await;
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        // The request to stop leaves at once; only its confirmation would have to be awaited.
        drop(self.server.stop(false));
    }
}

/// No redirects, no proxy of the machine, no kept connections: a push is one exchange.
fn http() -> Result<reqwest::Client, reqwest::Error> {
    // Fails only if a provider was chosen before, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .tls_certs_only([])
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .pool_max_idle_per_host(0)
        .build()
}
