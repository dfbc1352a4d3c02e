//! The web: bytes in, bytes out.
//!
//! [`routes`] is the whole site. It promises that no answer tells what went wrong inside, that
//! every answer carries the headers that keep a page to itself, and that a request is bounded in
//! size and in time.
//!
//! Deliberately absent: rules. A push goes to [`crate::intake`]; pages show what they are given.

mod console;
mod figures;
mod health;
mod pages;
mod phone;
mod webhook;

use crate::{app::App, config::Network, telemetry::QuietSpan};
use actix_web::{
    HttpRequest, HttpServer,
    dev::Server,
    http::header,
    middleware::DefaultHeaders,
    web::{Data, ServiceConfig, get, post, resource, to},
};
use std::{
    io,
    net::{IpAddr, SocketAddr, TcpListener},
    time::Duration,
};
use tracing_actix_web::TracingLogger;

/// Two cores, and nearly all of the time is spent waiting for the database.
const WORKERS: usize = 2;
/// How long requests may take to end after the server was told to stop.
const LAST_REQUESTS: u64 = 20;

/// What the site consists of.
#[derive(Clone)]
pub struct Site {
    /// Everything that requests use.
    pub app: App,
    /// Who may read the figures, besides this machine.
    pub trusted_proxies: Vec<Network>,
}

impl Site {
    /// Whether this machine asks, or a gateway that was named as ours.
    fn trusts(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        address.is_loopback()
            || self.trusted_proxies.iter().any(|network| network.contains(address))
    }

    /// Whose request it is, as far as it can be known: a trusted gateway's word for it is the last
    /// one in its header, because the others may have been written by anybody.
    fn client_of(&self, request: &HttpRequest) -> Option<IpAddr> {
        let peer = request.peer_addr()?.ip();
        let told = request.headers().get_all("x-forwarded-for").last();
        let told =
            told.and_then(|told| told.to_str().ok()?.rsplit(',').next()?.trim().parse().ok());
        Some(if self.trusts(peer) { told.unwrap_or(peer) } else { peer })
    }
}

/// The whole site.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(
            resource("/wechat/{slug}")
                .route(get().to(webhook::register))
                .route(post().to(webhook::receive)),
        )
        .route("/health/live", get().to(health::live))
        .route("/health/ready", get().to(health::ready))
        .route("/metrics", get().to(figures::figures))
        .configure(phone::routes)
        .configure(console::routes)
        .default_service(to(pages::not_found));
}

/// A server for the site that does not listen to signals, and where it listens.
pub fn serve(site: &Site, listen: SocketAddr) -> io::Result<(Server, SocketAddr)> {
    let listener = TcpListener::bind(listen)?;
    let address = listener.local_addr()?;
    Ok((serve_on(site, listener)?, address))
}

/// The same on a port that was taken before.
pub fn serve_on(site: &Site, listener: TcpListener) -> io::Result<Server> {
    let site = Data::new(site.clone());
    let server = HttpServer::new(move || {
        actix_web::App::new()
            .app_data(site.clone())
            .wrap(headers())
            .wrap(TracingLogger::<QuietSpan>::new())
            .configure(routes)
    })
    .workers(WORKERS)
    .client_request_timeout(Duration::from_secs(5))
    .shutdown_timeout(LAST_REQUESTS)
    .disable_signals()
    .listen(listener)?
    .run();
    Ok(server)
}

/// A page may use what this server serves, and nobody may put it into another page.
fn headers() -> DefaultHeaders {
    const POLICY: &str = "default-src 'self'; object-src 'none'; base-uri 'none'; \
                          form-action 'self'; frame-ancestors 'none'";
    DefaultHeaders::new()
        .add((header::CONTENT_SECURITY_POLICY, POLICY))
        .add((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .add((header::X_FRAME_OPTIONS, "DENY"))
        .add((header::REFERRER_POLICY, "no-referrer"))
}
